"""Reading LaTeX markup: what each kind of it means, and that nothing stops the reader."""

import pytest

from bibkit.latex import LatexText, read_latex


@pytest.mark.parametrize(
    ("source", "text"),
    [
        # Accents, in every spelling.
        ("\\'e\\'{e}{\\'e}\\' e{\\'{e}}", "ééééé"),
        ("\\'{\\i}\\'\\i\\'i{\\'\\i}\\^{\\i}\\\"\\i", "ííííîï"),
        ('\\`a\\^a\\~a\\"a\\=a\\.z\\u a\\v{s}\\H{o}\\k a\\r u\\d{a}\\b{d}\\c{c}\\c S', "àâãäāżăšőąůạḏçŞ"),
        ("\\.{I}\\.I\\i\\v{\\j}\\u{\\i}", "İİıǰĭ"),
        ("\\d{\\^e}\\'{\\^e}\\~{\\u{a}}\\'{\\u a}\\'\\^o", "ệếẵắố"),
        ("\\'{\\ae}\\'\\o{}\\'{\\o}", "ǽǿǿ"),
        ("\\'{ea}u\\v Cech\\c cx", "éauČechçx"),
        ("\\t{oo}\\h{a}\\textcommabelow{s}", "o͡oảș"),
        ("\\~{}a\\^{}\\\"{}\\'{ }x\\d{}", "~a^¨´ x"),
        ("\\'$x$\\'\\%\\'", "´$x$´%´"),
        # Letters and symbols; TeX takes the space after a macro away.
        ("\\aa\\AA\\ae\\AE\\oe\\OE\\o\\O\\l\\L\\ss\\dh\\DH\\th\\TH\\dj\\ng", "åÅæÆœŒøØłŁßðÐþÞđŋ"),
        ("Stra\\ss e, \\O re, \\l{}\\'od\\'z, {\\L}ukasz", "Straße, Øre, łódź, Łukasz"),
        ("\\% \\& \\# \\_ \\$ \\{ \\}", "% & # _ $ { }"),
        ("{\\textbackslash}\\textbraceleft\\textbraceright{}\\textasciitilde{}\\textasciicircum", "\\{}~^"),
        ("\\S 3, \\copyright{} 2020, \\texteuro 5, 3\\textdegree C", "§3, © 2020, €5, 3°C"),
        ("\\LaTeX{} and \\TeX\\ and \\BibTeX.", "LaTeX and TeX and BibTeX."),
        ("a\\ldots b \\dots{} c", "a…b … c"),
        ("\\textsuperscript{2}\\textsubscript{10}5\\textsuperscript{th}", "²₁₀5th"),
        ('\\symbol{20013}\\symbol{"4E2D}\\char20013 \\char"4E2D x', "中中中中x"),
        ("\\CYRD\\cyro\\textalpha", "Доα"),
        # Maths symbols that stand in text, with the space that their author meant.
        (
            "2 \\times 3, \\alpha-helix, \\ensuremath{\\leq} 5, \\ensuremath{x^2}",
            "2 × 3, α-helix, ≤ 5, $x^2$",
        ),
        # Quotes, dashes, spaces.
        ("``a'' `b' d''", "“a” `b' d”"),
        ("?`a? !`b!", "¿a? ¡b!"),
        ("a--b---c-d ---- e", "a–b—c-d —- e"),
        ("a~b\\ c\\,d\\;e\\:f\\quad g\\\\h\\\\[2pt]i\\newline j", "a b c d e f g h i j"),
        ("a  b\n\nc\t d~ e", "a b c d e"),
        ("a\\-b\\/c\\!d\\@e", "abcde"),
        # Macros that only style.
        ("\\textbf{X} \\emph{y}\\textit z {\\bf X}{\\em y} {\\Large\\bfseries Z}", "X yz Xy Z"),
        ("{GPT} {{A}}{} \\mbox{x}", "GPT A x"),
        ("\\texttt{--x ``y''} --x", "--x ``y'' –x"),
        ("\\texttt{a {--} b} --", "a -- b –"),
        ("\\textcolor{red}{X} \\foreignlanguage{french}{Y} \\enquote{Z} \\enquote*{W}", "X Y “Z” “W”"),
        # Links.
        ("\\href{http://a.b/c}{here}", "here (http://a.b/c)"),
        ("\\href{http://a.b/c}{http://a.b/c} \\href{u}{}", "http://a.b/c u"),
        ("\\href{http://a.b/c\\_d\\%20\\#e}{\\textbf{T}}", "T (http://a.b/c_d%20#e)"),
        ("\\url{http://a.b/~c--d_e%20}", "http://a.b/~c--d_e%20"),
        ("see https://a.b/~c/d--e, a--b", "see https://a.b/~c/d--e, a–b"),
        # What is no LaTeX for a value.
        ("50% of it, a_b^c & #1", "50% of it, a_b^c & #1"),
    ],
)
def test_plain_meaning(source, text):
    assert read_latex(source) == LatexText(text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a $x_i<y^2$ b", "a $x_i<y^2$ b"),
        ("$\\textbf{x} -- ``y'' {z}~\\'e$", "$\\textbf{x} -- ``y'' {z}~\\'e$"),
        ("\\(x\\) \\[ y \\] $$z$$ $$ w $$", "$x$ $$y$$ $$z$$ $$w$$"),
        ("$ x $ and $ \\alpha+1$ and $\\beta $", "$x$ and $\\alpha+1$ and $\\beta$"),
        ("3$\\times$4, $\\sim$10, $k$5", "3$\\times$4, $\\sim$10, $k$5"),
        ("\\(n+k\\)5", "${n+k}$5"),
        ("$5--$10 and 5 $", "$5–$10 and 5 $"),
        ("costs \\$5--\\$10 at", "costs $5–$10 at"),
        ("US\\$5-US\\$ x", "US\\$5-US\\$ x"),
        ("\\$x$ 5", "\\$x\\$ 5"),
        ("{\\textdollar}x{\\textdollar}", "$x$"),
        ("\\$\\/x\\$\\/", "$x$"),
        ("$ \\textbf{many words} in $ x", "$ many words in $ x"),
        ("\\textbf{$x$ y}", "$x$ y"),
        ("$x\\ $", "$x $"),
    ],
)
def test_maths_and_dollars(source, text):
    assert read_latex(source).text == text


@pytest.mark.parametrize(
    ("source", "text", "unknown"),
    [
        ("BiSeNet~\\cite{bisenet} uses", "BiSeNet \\cite{bisenet} uses", ("\\cite",)),
        ("our \\method{} is", "our \\method{} is", ("\\method",)),
        ("\\foo[a]{b}{\\'e}c \\foo d", "\\foo[a]{b}{\\'e}c \\foo d", ("\\foo",)),
        ("\\foo*{x} \\bar* x", "\\foo*{x} \\bar* x", ("\\foo", "\\bar")),
        ("C:\\Users\\1 \\<", "C:\\Users\\1 \\<", ("\\Users", "\\1", "\\<")),
        ("\\href{u} x", "\\href{u} x", ("\\href",)),
        (
            '\\url x \\symbol{0}\\symbol{"D800}\\char',
            '\\url x \\symbol{0}\\symbol{"D800}\\char',
            ("\\url", "\\symbol", "\\char"),
        ),
        ("\\t and \\h", "\\t and \\h", ("\\t", "\\h")),
        ("\\( x", "\\( x", ("\\(",)),
        ("\\ensuremath{$x$}", "\\ensuremath{$x$}", ("\\ensuremath",)),
    ],
)
def test_unknown_macros_stay_and_are_named(source, text, unknown):
    assert read_latex(source) == LatexText(text, unknown)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a {\\bf b", "a b"),
        ("\\textbf{a \\emph{b}", "a b"),
        ("\\foo{a \\textbf{b}", "\\foo{a b"),
        ("\\'{e", "é"),
        ("\\href{u}{t", "t (u)"),
        ("\\url{u", "\\url{u"),
        ("\\texttt{--", "--"),
    ],
)
def test_a_group_that_is_open_closes_at_the_end(source, text):
    read = read_latex(source)
    assert read.text == text
    assert read.unclosed


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a}b}", "a}b}"),
        ("a\\", "a\\"),
        ("", ""),
        ("}{", "}"),
        ("\\\\", " "),
        ("\x00\ud800", "\x00\ud800"),
        ("\ufdd0$", "\ufffd$"),
    ],
)
def test_damaged_sources_are_read(source, text):
    assert read_latex(source).text == text


def test_text_without_markup_comes_back_as_it_is():
    plain = "A plain abstract, with 3.5 points, a-b, it's (x) [y] <z> 50% a_b."
    assert read_latex(plain) == LatexText(plain)
    assert read_latex("e\u0301 中") == LatexText("é 中")


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "{}",
        "\\",
        "$",
        "$x ",
        "$ x",
        "\\$",
        "\\$5",
        "\\'{",
        "\\'",
        "\\href{u}{",
        "\\url{",
        "\\foo{",
        "\\foo{x}",
        "\\foo[",
        "\\texttt{",
        "~",
        "--a",
        "''",
        "`",
        "?`",
        " ",
        "\n",
        "\\(",
        "\\[x",
        "\\ensuremath{$",
        "\\symbol{",
        '\\char"',
        "\\textcolor{a}{",
        "e\u0301",
        "$ \\a b ",
        "$x\\$",
        "\x00",
        "\\t",
        "\\textbf{",
    ],
)
def test_long_and_deep_sources_are_read(piece):
    source = piece * 5_000
    assert isinstance(read_latex(source).text, str)
    assert isinstance(read_latex(source + "}" * 5_000).text, str)
    assert isinstance(read_latex("http://" + source).text, str)
