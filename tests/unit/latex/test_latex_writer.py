"""Writing text as LaTeX: every escape, ASCII, what no TeX file can hold, and verbatim text."""

import pytest

from bibkit.latex import (
    Written,
    braces_balance,
    clean_text,
    read_latex,
    unwritable,
    write_latex,
    write_maths,
    write_text,
    write_verbatim,
)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("67.3% & #1 a_b $5", "67.3\\% \\& \\#1 a\\_b \\$5"),
        ("{x}", "{\\textbraceleft}x{\\textbraceright}"),
        ("\\method{}", "{\\textbackslash}method{\\textbraceleft}{\\textbraceright}"),
        ("~4x ^2", "{\\textasciitilde}4x {\\textasciicircum}2"),
        ("p<0.05|x>y", "p{\\textless}0.05|x{\\textgreater}y"),
        ("--x a---b", "-\\/-x a-\\/-\\/-b"),
        ("''a`` ,, ?` !`", "'\\/'a`\\/` ,\\/, ?\\/` !\\/`"),
        ("<<a>>", "{\\textless}\\/{\\textless}a{\\textgreater}\\/{\\textgreater}"),
        ("it's a `quote' – é 中 “x” \u00a0", "it's a `quote' – é 中 “x” \u00a0"),
        ("a\u2028b\r\nc\td  e", "a b c d e"),
        ("e\u0301\x00\x1b[31m\ud800\ufffe", "é[31m\ufffd\ufffd"),
        ("'\x00'", "'\\/'"),
        ("e\x00\u0301", "é"),
        ('say "@x{"', 'say "@x{\\textbraceleft}"'),
    ],
)
def test_text(text, source):
    assert write_text(text) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("é ü ñ ç", "{\\'e} {\\\"u} {\\~n} {\\c{c}}"),
        ("í ı ȷ", "{\\'i} {\\i} {\\j}"),
        ("ế ǽ x̂", "{\\'{\\^e}} {\\'{\\ae}} {\\^x}"),
        ("ß Ł å Ø", "{\\ss} {\\L} {\\aa} {\\O}"),
        (
            "– — “a” ’",
            "{--} {---} {\\textquotedblleft}a{\\textquotedblright} {\\textquoteright}",
        ),
        ("α ≤ ×", "{\\ensuremath{\\alpha}} {\\ensuremath{\\leq}} {\\ensuremath{\\times}}"),
        ("m² H₂", "m{\\textsuperscript{2}} H{\\textsubscript{2}}"),
        ("中 д", "{\\symbol{20013}} {\\symbol{1076}}"),
        ("ı\u0301 e\u0361", "{\\i}{\\symbol{769}} e{\\symbol{865}}"),
        ("≤\u0301", "{\\ensuremath{\\leq}}{\\symbol{769}}"),
        ("\u00a05", "{~}5"),
        ("–-—–a -–", "{--}\\/-\\/{---}\\/{--}a -\\/{--}"),
        ("http://a.b/c–d", "http://a.b/c{--}d"),
        ("¿Qué? −5 ·…", "{?`}Qu{\\'e}? {\\ensuremath{-}}5 {\\ensuremath{\\cdot}}{\\ldots}"),
        ("50% \ud800", "50\\% {\\symbol{65533}}"),
        ("e" + "\u0301" * 7, "{\\'{\\'{\\'{\\'{\\'e}}}}}{\\symbol{769}}{\\symbol{769}}"),
    ],
)
def test_text_in_ascii(text, source):
    assert write_text(text, ascii=True) == source
    assert read_latex(source).text == clean_text(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("of size $ε= 8/255$, 67.3%", Written("of size $\\varepsilon= 8/255$, 67.3\\%")),
        ("2-6$\\times$ – cloud", Written("2-6$\\times$ – cloud")),
        ("costs $5--$10 at", Written("costs \\$5-\\/-\\$10 at")),
        (
            "$a^b^c$ x",
            Written("\\$\\/a{\\textasciicircum}b{\\textasciicircum}c\\$\\/ x", ("$a^b^c$",)),
        ),
        (
            "$\\input{x}$",
            Written(
                "\\$\\/{\\textbackslash}input{\\textbraceleft}x{\\textbraceright}\\$\\/",
                ("$\\input{x}$",),
            ),
        ),
        ("US\\$5-US\\$ $x", Written("US\\$5-US\\$ \\$\\/x")),
        ("\\$5", Written("{\\textbackslash}\\$5")),
        ("", Written("")),
    ],
)
def test_text_with_maths(text, written):
    assert write_latex(text) == written
    assert read_latex(written.source).text == text.replace("ε", "\\varepsilon")


def test_maths_that_ascii_cannot_hold_is_text():
    assert write_maths("$x_\\text{é}$") == Written("$x_\\text{é}$")
    assert write_maths("$x_\\text{é}$", ascii=True).refused == ("$x_\\text{é}$",)


@pytest.mark.parametrize(
    ("text", "source", "ascii_source"),
    [
        ("http://a.b/~c_d%20#e&f", "http://a.b/~c_d%20#e&f", "http://a.b/~c_d%20#e&f"),
        ("a{b}c\\d e\n", "a%7Bb%7Dc%5Cd%20e%0A", "a%7Bb%7Dc%5Cd%20e%0A"),
        ("é\ud800", "é%ED%A0%80", "%C3%A9%ED%A0%80"),
    ],
)
def test_verbatim(text, source, ascii_source):
    assert write_verbatim(text) == source
    assert write_verbatim(text, ascii=True) == ascii_source


def test_what_no_tex_file_can_hold_is_named():
    assert unwritable("a\x00b\x7f\n\t\u2028é\ud800\ufdd0\u200b\x85") == "\x00\x7f\ud800\ufdd0"
    assert unwritable("plain") == ""


@pytest.mark.parametrize(
    ("source", "balance"),
    [("", True), ("{a{b}}", True), ("\\{", False), ("}{", False), ("{\\}", True), ("{}}", False)],
)
def test_braces_are_counted_as_bibtex_counts_them(source, balance):
    assert braces_balance(source) is balance


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize(
    "piece", ["{", "\\", "$", "$x$", "$x\\$", "é", "e\u0301", "\u0301", "--", "`", "  ", "\x00", "中"]
)
def test_long_texts_are_written(piece, ascii):  # noqa: A002 - the parameter's name
    source = write_latex(piece * 5_000, ascii=ascii).source
    assert braces_balance(source)
