"""What it costs to read and to rewrite a `.tex` file grows with its length alone, whatever it is made of."""

import pytest
from timing import FACTOR, assert_linear

from bibkit.citing import read_macros, read_tex, rewrite_tex

# Shape -> the text of a file of that many pieces, and how many the smaller of two sizes has.
LONG = {
    "citations": (lambda n: "\\cite{old}\n" * n, 1_000),
    "a long list": (lambda n: f"\\cite{{{'old, ' * n}x}}", 2_000),
    "multicites": (lambda n: f"\\cites{'{old}' * n}", 2_000),
    "options in parentheses": (lambda n: "\\cites({}" * n, 300),
    "options that never end": (lambda n: "\\cite[" * n, 2_000),
    "citations in citations": (lambda n: "\\cite{" * n + "}" * n, 4_000),
    "a definition, then blanks": (lambda n: "\\def" + " " * n, 2_500),
    "a definition, then comments": (lambda n: "\\newcommand" + "% no\n" * n, 500),
    "a name for another, then blanks": (lambda n: "\\let\\a" + " " * n, 10_000),
    "definitions": (lambda n: "\\def\\a#1{\\cite{#1}}" * n, 500),
    "definitions in definitions": (lambda n: "\\def\\a#1{\\cite{#1}" * n + "}" * n, 500),
    "a long definition": (lambda n: "\\newcommand\\a[1]{" + "x, \\cite{old} " * n + "}", 500),
    "packages": (lambda n: "\\usepackage[" * n, 2_000),
    "a package list that never ends": (lambda n: "\\usepackage{" + "biblatex," * n, 2_000),
    "environments": (lambda n: "\\newminted[" * n, 2_000),
    "short verbatim": (lambda n: "\\MakeShortVerb[" * n, 1_500),
    "addresses with options": (lambda n: "\\url[" * n, 4_000),
    "the end of the input": (lambda n: "\\endinput " * n, 5_000),
    "comments in a list": (lambda n: "\\cite{a%\n%\n}" * n, 500),
}  # fmt: skip

PIECES = (
    r"\cite{a,b}", r"\cite(", r"\cite{", "{", "}", "[", r"\verb|", r"\verb|x|", "%\n", "% x", r"\iffalse",
    r"\iffalse\fi ", r"\begin{verbatim}\end{verbatim}", r"\newcommand{\x}{", r"\url{", "\n ", r"\input a ",
    r"\let\x\cite ", "\\cite{a}%\n\n", "\\cite[x]%\n", r"\href{", r"\def\x#1", r"\MakeShortVerb{\|}|",
    r"\cite<", "\x00", " ", ",",
)  # fmt: skip


@pytest.mark.parametrize("shape", LONG)
def test_rewriting_takes_linear_time(shape):
    make, size = LONG[shape]
    assert_linear(rewriting(make(size)), rewriting(make(FACTOR * size)))


@pytest.mark.parametrize("piece", PIECES)
def test_no_piece_of_text_takes_more_than_linear_time(piece):
    assert_linear(rewriting(piece * 1_000), rewriting(piece * FACTOR * 1_000))


def rewriting(text):
    return lambda: rewrite_tex(text, read_tex(text, read_macros(text)), {"old": "new"})
