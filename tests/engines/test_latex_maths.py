"""Maths that the check accepts, in TeX: every macro of the tables in its place, and formulas made at random.

Each formula is a paragraph of one document, so that an error names the formula by its line.
"""

import random
import re

import pytest
from engines_support import find_engine

from bibkit.latex import Accepted, Refused, check_maths
from bibkit.latex import maths_tables as tables

_HEAD = "\\documentclass{article}\\usepackage{amsmath,amssymb}\n\\begin{document}\n"

# Maths as abstracts have it.
_REAL = (
    "$\\mathcal{O}(n\\log n)$", "$\\ell_{\\infty}$", "$\\{0,1\\}^n$", "$\\mathbb{R}^{d\\times d}$",
    "$\\|x\\|_2$", "$p<0.05$", "$\\frac{1}{n}\\sum_{i=1}^n x_i$", "$\\tilde{O}(\\sqrt{T})$", "$10^{-3}$",
    "$\\Theta(n^{2/3})$", "$\\approx\\!3$", "$^{13}$", "$k\\text{-NN}$", "$\\lVert x\\rVert$",
    "$\\bigl(\\cdot\\bigr)$", "$_2$", "$\\lim_{n\\to\\infty}$", "$\\Pr[X>t]$", "$\\mathrm{SE}(3)$",
    "$\\texttt{abc\\_d}$", "$f''(x)$", "$x'^2$", "$\\operatorname*{arg\\,max}_\\theta$",
    "$\\mathop{\\arg\\min}\\limits_x$", "$\\left(1-ε\\right)/2$", "$x^\\mathrm{T}$", "$x_\\text{max}$",
    "$\\frac12$", "$a\\over b$", "$\\sqrt[3]{x}$", "$x^\\ast$", "$64.8\\%$", "$\\underbrace{a+b}_{c}$",
    "$\\left\\{x \\middle| y\\right\\}$", "$x\\xrightarrow[n]{d}y$", "$\\not\\in$", "$ε= 8/255$",
    "$αx²+β₂≤∞$", "$𝔼_{𝐱∼𝒩(0,𝐈)}$", "$\\sim𝑥$", "$$E=mc^2$$", "$3\\pmod n$", "$\\dot{\\bar{x}}$",
)  # fmt: skip

_ATOMS = (
    *'abxyN012+-=,.()[]|/<>!;:"`@*?',
    *(f"\\{name} " for name in sorted(tables.MATHS_ATOMS)),
    *("\\%", "\\&", "\\_", "\\#", "\\$", "f(x)", "x_i", "{a}"),
    *sorted(tables.maths_macros()),
)
_NAMES = sorted(
    {*tables.MATHS_PHRASES, *tables.MATHS_OPERATORS, *tables.MATHS_ARITY, *tables.MATHS_SPACES}
    | {*tables.MATHS_INFIX, "limits", "nolimits"}
)
_FENCES = ("left", "right", "middle", *sorted(tables.MATHS_BIG))
_DELIMITERS = (*"()[]|/.<>", "\\{", "\\}", "\\|", *(f"\\{name} " for name in sorted(tables.MATHS_DELIMITERS)))
_SIGNS = ("{", "}", "{", "}", "^", "_", "'", "~", " ", "\\,", "\\!", "\\ ", "\\|")
_WHOLES = ("\\sqrt[3]{x}", "\\xrightarrow[a]{b}", "\\operatorname*{a}", "\\mathop{x}\\limits")
_TEXTS = tuple(f"\\{name}{{a b\\_c}}" for name in sorted(tables.MATHS_TEXT))


def _token(draw):
    match draw.randrange(7):
        case 0 | 1:
            return draw.choice(_SIGNS)
        case 2:
            return f"\\{draw.choice(_NAMES)} "
        case 3:
            return f"\\{draw.choice(_NAMES)}{{{draw.choice(_ATOMS)}}}"
        case 4:
            return f"\\{draw.choice(_FENCES)}{draw.choice(_DELIMITERS)}"
        case 5:
            return draw.choice((*_WHOLES, *_TEXTS))
        case _:
            return draw.choice(_ATOMS)


def _formula(draw):
    fence = draw.choice(("$", "$$"))
    return f"{fence}{''.join(_token(draw) for _ in range(draw.randint(1, 9)))}{fence}"


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


def test_every_macro_is_taken_in_its_place(stopping):
    symbols = {*tables.MATHS_ATOMS, *tables.MATHS_PHRASES, *tables.MATHS_OPERATORS, *tables.MATHS_SPACES}
    atoms = [
        *(f"\\{name}" for name in sorted(tables.MATHS_ATOMS)),
        *(f"\\{character}" for character in "%&#_$"),
    ]
    arities = sorted(tables.MATHS_ARITY.items())
    delimiters = sorted(tables.MATHS_DELIMITERS)
    formulas = [
        *(f"$a\\{name} b$" for name in sorted(symbols)),
        *(f"$a^{atom} b_{atom} \\hat{atom} \\frac{atom}{atom} \\sqrt{atom}$" for atom in atoms),
        *(f"$\\{name}\\limits_a^b$" for name in sorted(tables.MATHS_OPERATORS)),
        *(f"$\\{name}{{a}}\\limits_b^c$" for name in sorted(tables.MATHS_OPERATOR_MAKERS)),
        *(f"$a\\{name}{'{b}' * count} + \\{name} {'c' * count}$" for name, count in arities),
        *(f"$a^\\{name}{{b}}{{c}} d_\\{name}{{b}}{{c}}$" for name in sorted(tables.MATHS_SCRIPTS)),
        *(f"$a\\{name}{{if b, \\_ c}}$" for name in sorted(tables.MATHS_TEXT)),
        *(f"$\\{name}[n]{{a}}$" for name in sorted(tables.MATHS_OPTIONAL)),
        *(f"$a\\{name} b$" for name in sorted(tables.MATHS_INFIX)),
        *(f"$\\left\\{name} a\\middle\\{name} b\\right\\{name}$" for name in delimiters),
        *(f"$\\{name}( a \\{name}\\langle$" for name in sorted(tables.MATHS_BIG)),
        *(f"$a{character}b$" for character in sorted(tables.maths_macros())),
        *(f"${chr(code)}$" for code in range(0x21, 0x7F) if chr(code) not in "\\{}$&%#^_"),
    ]  # fmt: skip
    assert stopping(_accepted(formulas)) == set()


def test_maths_of_real_abstracts_is_taken(stopping):
    assert stopping(_accepted(_REAL)) == set()


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_accepted_is_taken(stopping, seed):
    draw = random.Random(seed)
    checked = [check_maths(_formula(draw)) for _ in range(12_000)]
    formulas = sorted({result.source for result in checked if isinstance(result, Accepted)})
    assert len(formulas) > 1000
    assert stopping(formulas) == set()
