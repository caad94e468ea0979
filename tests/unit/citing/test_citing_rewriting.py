import pytest

from bibkit.citing import is_citable, read_macros, read_tex, render_diff, rewrite_tex
from bibkit.citing.rewriting import Change

RENAMED = {"old": "new", "older": "new", "was": "is", "key": "a-much-longer-key"}


def rewritten(text, own_keys=()):
    return rewrite_tex(text, read_tex(text, read_macros(text)), RENAMED, own_keys).text


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (r"\cite{old}", r"\cite{new}"),
        (r"\cite[see][p. 3]{old} old", r"\cite[see][p. 3]{new} old"),
        (r"\cite{ old ,was}", r"\cite{ new ,is}"),
        (r"\cites{old}[x]{older}", r"\cites{new}[x]{new}"),
        (r"\cite{unknown}", r"\cite{unknown}"),
        (r"\cite{Old}", r"\cite{Old}"),
        (r"\cite[\cite{was}]{old}", r"\cite[\cite{is}]{new}"),
        ("\\cite{o%\n  ld}", "\\cite{new%\n  }"),
        (r"\nocite{old}\nocite{*}", r"\nocite{new}\nocite{*}"),
        (r"\defbibentryset{old}{was}", r"\defbibentryset{old}{is}"),
        (r"\newcommand{\x}{\cite{old}}", r"\newcommand{\x}{\cite{new}}"),
        (r"\newcommand{\x}[1]{\cite{#1}}\x{old}", r"\newcommand{\x}[1]{\cite{#1}}\x{new}"),
        ("\\iffalse\\cite{old}\\fi% \\cite{old}\r\nx", "\\iffalse\\cite{old}\\fi% \\cite{old}\r\nx"),
        ("% x\r\n\\cite{was}\r\\cite{was}\n", "% x\r\n\\cite{is}\r\\cite{is}\n"),
        ("\udcff\\cite{old}\udce9", "\udcff\\cite{new}\udce9"),
        (r"\label{old}\ref{old}\foocite{old}", r"\label{old}\ref{old}\foocite{old}"),
    ],
)  # fmt: skip
def test_keys_change_and_nothing_else(text, new):
    assert rewritten(text) == new


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (r"\cite{old,older}", r"\cite{new}"),
        (r"\cite{old, a, older, b}", r"\cite{new, a, b}"),
        (r"\cite{new, old}", r"\cite{new}"),
        (r"\cite{old, new, new}", r"\cite{new}"),
        (r"\cite{new, new}", r"\cite{new, new}"),
        (r"\cite{new, new, a}", r"\cite{new, new, a}"),
        ("\\cite{old,\n  older,\n  b}", "\\cite{new,\n  b}"),
        ("\\cite{old,\n  older\n}", "\\cite{new}"),
        ("\\cite{old, % first\n  older, % second\n  b}", "\\cite{new% first\n  , % second\n  b}"),
        ("\\cite{old, % first\n  older % second\n}", "\\cite{new% first\n  % second\n}"),
        ("\\cite{old, % first\n  older\n}", "\\cite{new% first\n  }"),
        (r"\cite[p. 3]{old, older}", r"\cite[p. 3]{new}"),
        (r"\cite[p. 3]{old, b, older}", r"\cite[p. 3]{new, b, new}"),
        (r"\cite[p. 3]{old, older, b}", r"\cite[p. 3]{new, b}"),
        (r"\mcite{old, *older}", r"\mcite{new, *new}"),
        (r"\cites{old}{older}", r"\cites{new}{new}"),
    ],
)
def test_what_becomes_one_key_is_written_once_in_a_list(text, new):
    assert rewritten(text) == new
    assert rewritten(new) == new


@pytest.mark.parametrize(
    "text",
    [
        r"\cite{old}\begin{thebibliography}{9}\bibitem{old} x\end{thebibliography}",
        "\\begin{filecontents}{x.bib}\n@misc{old,\n}\n\\end{filecontents}\\cite{old}",
    ],
)
def test_an_entry_of_the_papers_own_keeps_its_key(text):
    assert rewritten(text) == text
    assert rewritten(r"\cite{old,was}", {"old"}) == r"\cite{old,is}"


def test_changes_say_what_became_what_and_where():
    text = "x\n  \\cite[a]{was,old,\nolder}"
    assert rewrite_tex(text, read_tex(text), RENAMED).changes == (
        Change(2, 12, "cite", "was", "is"),
        Change(2, 16, "cite", "old", "new"),
        Change(3, 1, "cite", "older", "new", joined=True),
    )


@pytest.mark.parametrize("key", ["gao2024ethos", "Müller:2020", "a/b.c+d", "10.1/x_y&z", "a*"])
def test_keys_that_can_be_cited(key):
    assert is_citable(key)
    assert [one.text for one in next(read_tex(rf"\cite{{{key}}}").citations()).keys] == [key]


@pytest.mark.parametrize("key", ["", "a b", "a,b", "50%", "a{b", "a}b", r"a\b", "a#b", "a~b", "*a", "a\nb"])
def test_keys_that_cannot_be_cited(key):
    assert not is_citable(key)


def diff(text):
    result = rewrite_tex(text, read_tex(text), RENAMED)
    return render_diff("p.tex", text, result.edits)


def test_a_diff_shows_three_lines_around_what_changes():
    text = "".join(f"line {n}\n" for n in range(1, 30)).replace("line 8\n", "\\cite{old}\n")
    text = text.replace("line 14", "\\cite{was} \\cite{key}").replace("line 25", "\\cite{old,\nolder}")
    assert (
        diff(text)
        == """\
--- p.tex
+++ p.tex
@@ -5,13 +5,13 @@
 line 5
 line 6
 line 7
-\\cite{old}
+\\cite{new}
 line 9
 line 10
 line 11
 line 12
 line 13
-\\cite{was} \\cite{key}
+\\cite{is} \\cite{a-much-longer-key}
 line 15
 line 16
 line 17
@@ -22,8 +22,7 @@
 line 22
 line 23
 line 24
-\\cite{old,
-older}
+\\cite{new}
 line 26
 line 27
 line 28
"""
    )


def test_a_diff_keeps_carriage_returns_and_says_where_the_last_line_has_no_end():
    assert diff("a\r\n\\cite{old}\r\nb\\cite{was}") == (
        "--- p.tex\n+++ p.tex\n@@ -1,3 +1,3 @@\n a\r\n-\\cite{old}\r\n+\\cite{new}\r\n"
        "-b\\cite{was}\n\\ No newline at end of file\n+b\\cite{is}\n\\ No newline at end of file\n"
    )
    assert diff("\\cite{old}") == (
        "--- p.tex\n+++ p.tex\n@@ -1 +1 @@\n-\\cite{old}\n\\ No newline at end of file\n+\\cite{new}\n"
        "\\ No newline at end of file\n"
    )
    assert diff("x") == ""
