"""Titles: what braces protect, and what they leave to the style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibkit.formats.bibtex.case import write_title


@pytest.mark.parametrize(
    ("title", "source"),
    [
        # Capitals inside a word, and words in capitals.
        ("MobiZO: Enabling Efficient LLM Fine-Tuning", "{MobiZO}: Enabling Efficient {LLM} Fine-Tuning"),
        ("VLMs and iPhones, mRNA or eBay", "{VLMs} and {iPhones}, {mRNA} or {eBay}"),
        ("O'Neill's LLM's, d'Alembert and D’Arcy", "{O'Neill's} {LLM's}, {d'Alembert} and {D’Arcy}"),
        ("GPT", "{GPT}"),
        ("(GANs) “BERT” 'CNN'", "({GANs}) “{BERT}” '{CNN}'"),
        ("基于LLM的方法", "基于{LLM}的方法"),
        ("École ÉCOLE E\u0301COLE Москва МГУ ΔG", "École {ÉCOLE} {ÉCOLE} Москва {МГУ} {ΔG}"),
        # Joined capitals.
        ("I/O-Aware TCP/IP", "{I/O}-Aware {TCP/IP}"),
        ("AT&T R&D in the U.S. and the U.K", r"{AT\&T} {R\&D} in the {U.S.} and the {U.K}"),
        # One capital, with a hyphen or a sign.
        ("Vertical B-matrices and Vitamin-D", "Vertical {B}-matrices and Vitamin-{D}"),
        ("In C++, F# or A* for k-means", r"In {C}++, {F}\# or {A}* for k-means"),
        # Digits with capitals.
        ("3D for 6G on H100, 10K and V2X", "{3D} for {6G} on {H100}, {10K} and {V2X}"),
        ("GPT-4V, GPT-4o, SO(3) and ResNet-50", "{GPT}-{4V}, {GPT}-4o, {SO}(3) and {ResNet}-50"),
        ("Llama2, Qwen2.5, Cas9 and Code-Llama3", "{Llama2}, {Qwen2}.5, {Cas9} and Code-{Llama3}"),
        ("In 2024 word2vec and p53", "In 2024 word2vec and p53"),
        # What only a title's style capitalises.
        ("Self-Attention and Input/Output, Top-1, 2nd", "Self-Attention and Input/Output, Top-1, 2nd"),
        ("Plan B in R: A Study (Un)Supervised", "Plan B in R: A Study (Un)Supervised"),
        ("Don't I'm It's", "Don't I'm It's"),
        ("", ""),
        # A style in capitals says nothing of a word, but of digits.
        ("ATTENTION IS ALL YOU NEED IN 3D", "ATTENTION IS ALL YOU NEED IN {3D}"),
        ("GPT VERSUS BERT", "{GPT} {VERSUS} {BERT}"),
        # Maths; text that looks like it.
        ("The $x_I$ of LLMs", "The {$x_I$} of {LLMs}"),
        ("It costs $5--$10 {at} 50%", r"It costs \$5-\/-\$10 {\textbraceleft}at{\textbraceright} 50\%"),
        # What the record holds as text is text.
        ("{GPT} \\x", r"{\textbraceleft}{GPT}{\textbraceright} {\textbackslash}x"),
    ],
)  # fmt: skip
def test_words_that_change_meaning_in_lower_case_stand_in_braces(title, source):
    assert write_title(title).source == source


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("ÉCOLE d'été", r"{{\'E}COLE} d'{\'e}t{\'e}"),
        ("ΔG", r"{{\ensuremath{\Delta}}G}"),
        ("Łódź 3D", r"{\L}{\'o}d{\'z} {3D}"),
    ],
)
def test_in_ascii_no_group_begins_with_a_macro(title, source):
    assert write_title(title, ascii=True).source == source


def test_maths_that_tex_would_not_take_is_protected_text():
    written = write_title(r"On $\method{}$")
    assert written.refused == (r"$\method{}$",)
    assert written.source == (r"On {{}\$\/{\textbackslash}method{\textbraceleft}{\textbraceright}\$\/}")


@pytest.mark.parametrize("piece", ["a", "A", "A'", "a'", "A/", "A.", "A-", "é", "1", "Aa ", "$x$", "-A", "'"])
def test_time_grows_with_length_alone(piece):
    # A search that goes back would not end in years at this length.
    assert write_title(piece * 50_000 + "é").source


@given(st.text("abzABZ129 -'/&.:,()+#*", max_size=12))
def test_a_title_in_ascii_is_protected_as_any_other(title):
    assert write_title(f"{title} é").source == f"{write_title(f'{title} e').source[:-1]}é"
