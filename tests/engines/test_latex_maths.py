"""Maths that the check accepts, in TeX: every macro of the tables in its place, and formulas made at random.

Each formula is a paragraph of one document, so that an error names the formula by its line.
"""

import re

import pytest
from engines_support import find_engine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bibkit.latex import Accepted, Refused, check_maths
from bibkit.latex import maths_tables as tables

_HEAD = "\\documentclass{article}\\usepackage{amsmath,amssymb}\n\\begin{document}\n"

# Maths as abstracts have it.
_REAL = (
    "$\\mathcal{O}(n\\log n)$", "$\\ell_{\\infty}$", "$\\{0,1\\}^n$", "$\\mathbb{R}^{d\\times d}$", "$\\|x\\|_2$",
    "$p<0.05$", "$\\frac{1}{n}\\sum_{i=1}^n x_i$", "$\\tilde{O}(\\sqrt{T})$", "$10^{-3}$", "$\\Theta(n^{2/3})$",
    "$\\approx\\!3$", "$^{13}$", "$k\\text{-NN}$", "$\\lVert x\\rVert$", "$\\bigl(\\cdot\\bigr)$", "$_2$",
    "$\\lim_{n\\to\\infty}$", "$\\Pr[X>t]$", "$\\mathrm{SE}(3)$", "$\\texttt{abc\\_d}$", "$f''(x)$", "$x'^2$",
    "$\\operatorname*{arg\\,max}_\\theta$", "$\\mathop{\\arg\\min}\\limits_x$", "$\\left(1-ε\\right)/2$",
    "$x^\\mathrm{T}$", "$x_\\text{max}$", "$\\frac12$", "$a\\over b$", "$\\sqrt[3]{x}$", "$x^\\ast$", "$64.8\\%$",
    "$\\underbrace{a+b}_{c}$", "$\\left\\{x \\middle| y\\right\\}$", "$x\\xrightarrow[n]{d}y$", "$\\not\\in$",
    "$ε= 8/255$", "$αx²+β₂≤∞$", "$𝔼_{𝐱∼𝒩(0,𝐈)}$", "$\\sim𝑥$", "$$E=mc^2$$", "$3\\pmod n$", "$\\dot{\\bar{x}}$",
)  # fmt: skip

_ATOM = st.one_of(
    st.sampled_from('abxyN012+-=,.()[]|/<>!;:"`@*?'),
    st.sampled_from(sorted(tables.MATHS_ATOMS)).map(lambda name: f"\\{name} "),
    st.sampled_from(["\\%", "\\&", "\\_", "\\#", "\\$", "f(x)", "x_i", "{a}"]),
    st.sampled_from(sorted(tables.maths_macros())),
)
_NAME = st.sampled_from(
    sorted(
        {*tables.MATHS_PHRASES, *tables.MATHS_OPERATORS, *tables.MATHS_ARITY, *tables.MATHS_SPACES}
        | {*tables.MATHS_INFIX, "limits", "nolimits"}
    )
)
_FENCE = st.tuples(
    st.sampled_from(["left", "right", "middle", *sorted(tables.MATHS_BIG)]),
    st.sampled_from(
        [*"()[]|/.<>", "\\{", "\\}", "\\|", *(f"\\{name} " for name in sorted(tables.MATHS_DELIMITERS))]
    ),
)
_TOKEN = st.one_of(
    _ATOM,
    st.sampled_from(["{", "}", "{", "}", "^", "_", "'", "~", " ", "\\,", "\\!", "\\ ", "\\|"]),
    _NAME.map(lambda name: f"\\{name} "),
    st.tuples(_NAME, _ATOM).map(lambda pair: f"\\{pair[0]}{{{pair[1]}}}"),
    _FENCE.map("\\{0[0]}{0[1]}".format),
    st.sampled_from(sorted(tables.MATHS_TEXT)).map(lambda name: f"\\{name}{{a b\\_c}}"),
    st.sampled_from(["\\sqrt[3]{x}", "\\xrightarrow[a]{b}", "\\operatorname*{a}", "\\mathop{x}\\limits"]),
)
_FORMULAS = st.tuples(
    st.sampled_from(["$", "$$"]), st.lists(_TOKEN, min_size=1, max_size=9).map("".join)
).map(lambda pair: check_maths(f"{pair[0]}{pair[1]}{pair[0]}"))


@pytest.fixture(params=["lualatex", "pdflatex"])
def stopping(request, tmp_path):
    """A function from formulas to those at which an engine stops."""
    engine = find_engine(request.param)

    def stops(formulas: list[str]) -> set[str]:
        first = _HEAD.count("\n") + 1
        body = "\n\n".join(formulas)
        (tmp_path / "maths.tex").write_text(f"{_HEAD}{body}\n\n\\end{{document}}\n", encoding="utf-8")
        done = engine.run("-interaction=nonstopmode", "-file-line-error", "maths.tex", cwd=tmp_path)
        lines = map(int, re.findall(r"^\./maths\.tex:([0-9]+): ", done.stdout, re.MULTILINE))
        assert "Output written" in done.stdout or "no output PDF" in done.stdout, done.stdout[-2000:]
        return {formulas[(line - first) // 2] for line in lines}

    return stops


def _accepted(formulas):
    checked = [check_maths(formula) for formula in formulas]
    assert [result for result in checked if isinstance(result, Refused)] == []
    return [result.source for result in checked]


def _drawn(strategy, count):
    """That many values of a strategy, for one run of an engine on all of them."""
    values = []

    @settings(
        max_examples=count, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def collect(value):
        values.append(value)

    collect()
    return values


def test_every_macro_is_taken_in_its_place(stopping):
    symbols = {*tables.MATHS_ATOMS, *tables.MATHS_PHRASES, *tables.MATHS_OPERATORS, *tables.MATHS_SPACES}
    atoms = [
        *(f"\\{name}" for name in sorted(tables.MATHS_ATOMS)),
        *(f"\\{character}" for character in "%&#_$"),
    ]
    formulas = [
        *(f"$a\\{name} b$" for name in sorted(symbols)),
        *(f"$a^{atom} b_{atom} \\hat{atom} \\frac{atom}{atom} \\sqrt{atom} \\mathbf{atom} c$" for atom in atoms),
        *(f"$\\{name}\\limits_a^b$" for name in sorted(tables.MATHS_OPERATORS)),
        *(f"$\\{name}{{a}}\\limits_b^c$" for name in sorted(tables.MATHS_OPERATOR_MAKERS)),
        *(f"$a\\{name}{'{b}' * count} + \\{name} {'c' * count}$" for name, count in sorted(tables.MATHS_ARITY.items())),
        *(f"$a^\\{name}{{b}}{{c}} d_\\{name}{{b}}{{c}}$" for name in sorted(tables.MATHS_SCRIPTS)),
        *(f"$a\\{name}{{if b, \\_ c}}$" for name in sorted(tables.MATHS_TEXT)),
        *(f"$\\{name}[n]{{a}}$" for name in sorted(tables.MATHS_OPTIONAL)),
        *(f"$a\\{name} b$" for name in sorted(tables.MATHS_INFIX)),
        *(f"$\\left\\{name} a\\middle\\{name} b\\right\\{name}$" for name in sorted(tables.MATHS_DELIMITERS - {"lbrace", "rbrace"})),
        *(f"$\\{name}( a \\{name}\\langle$" for name in sorted(tables.MATHS_BIG)),
        *(f"$a{character}b$" for character in sorted(tables.maths_macros())),
        *(f"${chr(code)}$" for code in range(0x21, 0x7F) if chr(code) not in "\\{}$&%#^_"),
    ]  # fmt: skip
    assert stopping(_accepted(formulas)) == set()


def test_maths_of_real_abstracts_is_taken(stopping):
    assert stopping(_accepted(_REAL)) == set()


@pytest.fixture(scope="module")
def accepted_at_random():
    formulas = {result.source for result in _drawn(_FORMULAS, 3000) if isinstance(result, Accepted)}
    assert len(formulas) > 300
    return sorted(formulas)


def test_whatever_is_accepted_is_taken(stopping, accepted_at_random):
    assert stopping(accepted_at_random) == set()
