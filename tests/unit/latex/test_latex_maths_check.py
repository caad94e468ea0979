"""What the check of maths refuses, why, and what it makes of characters beyond ASCII."""

import unicodedata

import pytest

from bibkit.latex import Accepted, Refused, check_maths
from bibkit.latex import maths as maths_module
from bibkit.latex.maths_tables import MATHS_ARITY, MATHS_ATOMS, MATHS_PHRASES, MATHS_SPACES, MATHS_TEXT

# Formulas that TeX stops at, though every macro in them is known.
_STOPPING = (
    "$x^a^b$", "$x_a_b$", "$x^a'$", "$x'_a'$", "$x^$", "$x^'$", "$x'^\\text{a}$", "$x\\limits_a$",
    "$\\left($", "$\\right)$", "$\\left(x$", "$\\left x\\right)$", "$\\left({x\\right)}$", "$\\big x$",
    "$\\middle|$", "$a\\over b\\over c$", "$\\hat\\mathbf{x}$", "$\\sqrt\\hat x$", "$x^\\hat x$",
    "$x^\\sum$", "$x^\\quad$", "$\\frac a$", "$\\sqrt$", "$\\frac{a}^b$", "$a & b$", "$a # b$",
    "$\\text{a_b}$", "$\\text{a^b}$", "$x^\\mbox{a}$", "$x\\foo$", "$\\bm{x}$", "${x$", "$x}$", "$\\hat{x$",
    "$é$",
)  # fmt: skip


# Found by making formulas at random and running TeX on what the check accepted.
_FOUND = (
    "$x'^\\text{a}$", "$\\dots \\boldsymbol{\\mathsf{V}}$", "$x'\\ensuremath{'}$",
    "$\\tfrac{a}{b\\atop c}$", "$x^\\mbox{}$",
)  # fmt: skip


@pytest.mark.parametrize("maths", [*_STOPPING, *_FOUND])
def test_what_tex_stops_at_is_refused(maths):
    assert isinstance(check_maths(maths), Refused)


@pytest.mark.parametrize(
    "body",
    [
        "\\input{x}", "\\def\\x{}", "\\write18{x}", "\\catcode`x", "\\csname x\\endcsname",
        "\\begin{array}{c}x\\end{array}", "\\label{x}", "\\tag{1}", "\\hbox{x}", "\\rm x", "\\bm{x}",
        "\\special{x}", "\\openin1", "\\par", "\\end", "x % y", "x # y", "x & y", "x \\\\ y", "x ^^5cpar",
        "x\n\ny\\", "\x00", "\x01", "\\text{a\n\nb}", "x$y", "\\é",
        "\\sqrt[\\x]{y}", "\\middle|x", "\\left(\\frac{a\\middle|}{b}\\right)", "{\\over}\\over\\over",
    ],
)  # fmt: skip
def test_what_has_no_place_in_maths_is_refused(body):
    assert isinstance(check_maths(f"${body}$"), Refused)


@pytest.mark.parametrize("maths", ["", "$", "$$", "$$$", "$$$$", "x", "$x", "x$", "$$x$"])
def test_what_does_not_stand_between_dollars_is_refused(maths):
    assert check_maths(maths) == Refused("it does not stand between dollars")


@pytest.mark.parametrize(
    "maths", ["$\\{$", "$\\}\\{$", "$\\left\\{x\\right.$", "$\\{}$", "${\\}$", "$\\lbrace{$"]
)
def test_braces_balance_for_bibtex_and_for_tex(maths):
    assert isinstance(check_maths(maths), Refused)


@pytest.mark.parametrize(
    ("maths", "source"),
    [
        ("$ε= 8/255$", "$\\varepsilon= 8/255$"),
        ("$εx$", "$\\varepsilon x$"),
        ("$\\sim𝑥α𝑦$", "$\\sim x\\alpha y$"),
        ("$x²³₁$", "$x^{23}_{1}$"),
        ("$5×10⁻³$", "$5\\times10^{-3}$"),
        ("$𝔼_{𝐱∼𝒩}$", "$\\mathbb{E}_{\\mathbf{x}\\sim\\mathcal{N}}$"),
        ("$x′≤∞$", "$x'\\leq\\infty$"),
        ("$5°$", "$5^{\\circ}$"),
        ("$a⪯̸b$", "$a\\npreceq b$"),
        ("$a∉b≰̸c$", "$a\\notin b\\not\\nleq c$"),
        ("$\\text{für ε}ε$", "$\\text{für ε}\\varepsilon$"),
        ("$−1…n$", "$-1\\ldots n$"),
    ],
)
def test_characters_beyond_ascii_become_macros(maths, source):
    assert check_maths(unicodedata.normalize("NFC", maths)) == Accepted(source)
    assert check_maths(source) == Accepted(source)


@pytest.mark.parametrize(
    "maths",
    [
        "$\\operatorname*{arg\\,max}_\\theta$", "$\\mathop{\\arg\\min}\\limits_x$", "$\\sum\\limits_i x'^2$",
        "$\\left\\{x\\middle|y\\right\\}$", "$\\bigl(\\|x\\|\\bigr)$", "$\\sqrt[3]{x}\\sqrt 2$",
        "$f''(x)~\\text{ if }$",
        "$x^\\mathrm{T}_\\text{max}$", "$\\frac12{a\\over b}$", "$\\mathcal{O}(n \\log n)$", "$$x\\quad y$$",
    ],
)  # fmt: skip
def test_maths_that_tex_takes_is_as_it_was(maths):
    assert check_maths(maths) == Accepted(maths)


def test_long_and_deep_maths_is_refused():
    assert isinstance(check_maths(f"${'x_' * 100_000}$"), Refused)
    assert isinstance(check_maths(f"${'{' * 1000}x{'}' * 1000}$"), Refused)
    assert isinstance(check_maths(f"${'{' * 20}x{'}' * 20}$"), Accepted)


def test_a_macro_has_one_place():
    tables = [MATHS_ATOMS, MATHS_PHRASES, frozenset(MATHS_ARITY), MATHS_SPACES, MATHS_TEXT]
    assert sum(map(len, tables)) == len(frozenset().union(*tables))


def test_common_maths_takes_the_short_way_and_the_long_one_alike():
    for maths in ("$3.5\\times$", "$n=10$", "$\\sim$", "$64.8\\%$", "$a|b$", "$x, y$"):
        assert check_maths(maths) == Accepted(maths)
        maths_module._Check(maths[1:-1]).run()
