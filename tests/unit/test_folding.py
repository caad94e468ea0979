import random
import unicodedata

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from bibkit.model.folding import bare, compose, fold, transliterate

OLD = unicodedata.ucd_3_2_0  # the one Unicode whose data no Python changes
ASSIGNED = [
    character
    for number in range(0x110000)
    if OLD.category(character := chr(number)) not in {"Cn", "Cs", "Co"}
]
CHANGING = [
    character
    for character in ASSIGNED
    if len(unicodedata.normalize("NFD", character)) > 1 or unicodedata.combining(character)
]


def is_old(text):
    return all(OLD.category(character) not in {"Cn", "Cs"} for character in text)


def test_every_character_is_composed_as_unicode_says():
    for character in ASSIGNED:
        for form in ("NFC", "NFD"):
            text = unicodedata.normalize(form, character)
            assert compose(text) == unicodedata.normalize("NFC", character)


def test_letters_and_marks_in_any_order_are_composed_as_unicode_says():
    draw = random.Random(3)
    marks = [character for character in CHANGING if unicodedata.combining(character)]
    jamo = [chr(number) for number in range(0x1100, 0x1200) if is_old(chr(number))]
    alphabet = draw.sample(CHANGING, 400) + draw.choices(marks, k=400) + jamo + list("aeiouAEIOUcn") * 20
    for _ in range(20_000):
        text = "".join(draw.choices(alphabet, k=draw.randint(1, 7)))
        assert compose(text) == unicodedata.normalize("NFC", text)


def test_folding_a_character_twice_folds_it_once():
    for character in ASSIGNED:
        folded = fold(character)
        assert fold(folded) == folded
        assert fold(unicodedata.normalize("NFD", character)) == folded
        assert bare(fold(bare(folded))) == bare(folded)


@given(strategies.texts())
def test_no_text_is_too_odd(text):
    folded = fold(text)
    assert "  " not in folded
    assert folded == folded.strip()
    assert " " not in bare(folded)
    for word in transliterate(folded):
        assert word
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()
    for result in (folded, bare(folded), compose(text)):
        result.encode()


@given(st.text(), st.text())
def test_a_name_behind_a_title_changes_nothing_in_the_title(title, name):
    both = bare(f"{fold(title)} {fold(name)}")
    assert both == bare(fold(title)) + bare(fold(name))


@pytest.mark.parametrize(
    ("text", "folded", "left", "letters"),
    [
        ("MobiZO: Enabling  Efficient--LLMs.", "mobizo enabling efficient llms", None, None),
        ("{G}PT's “Édge” — case", "gpts édge case", "gptsedgecase", "gpts edge case"),
        ("C++ & C# ≠ C", "c++ and c# ≠ c", "c++andc#≠c", "c and c c"),
        ("İstanbul ıssız", "i̇stanbul ıssız", "istanbulissiz", "istanbul issiz"),
        ("Straße ﬁne ＡＢ ²", "strasse fine ab 2", None, None),
        ("Schro¨dinger’s Łódź", "schrodingers łódź", "schrodingerslodz", "schrodingers lodz"),
        ("김치 \u1100\u1175\u11b7", "김치 김", "김치김", "gimchi gim"),
        ("ガ カ\u3099 ｶﾞ カ", "ガ ガ ガ カ", "ガガガカ", "ga ga ga ka"),
        ("Ёлка Й", "ёлка й", "елкаи", "elka y"),
        ("שָׁלוֹם مُحَمَّد", "שָׁלוֹם مُحَمَّد", "שלוםمحمد", "sahlvom muhamad"),
        ("हिन्दी", "हिन्दी", "हिन्दी", "hindi"),
        ("李白 😀™", "李白", "李白", "libai"),
        ("a\u00adb\u200bc\ufeffd\u202ee", "abcde", None, None),
        ("x\u2028y\x00z\x85w", "x y z w", "xyzw", None),
        ("\ud800a\udfff", "a", None, None),
        ("'`´‘’ʼ", "", "", ""),
    ],
)
def test_what_becomes_of_text(text, folded, left, letters):
    assert fold(text) == folded
    assert bare(fold(text)) == (folded.replace(" ", "") if left is None else left)
    assert " ".join(transliterate(fold(text))) == (folded if letters is None else letters)


def test_a_character_that_the_tables_do_not_know_stays():
    unknown = "\U0003ffff"
    assert fold(f"A{unknown}B") == f"a{unknown}b"
    assert bare(f"a{unknown}") == f"a{unknown}"
    assert transliterate(f"a{unknown}b") == ["ab"]


@pytest.mark.parametrize(
    ("text", "composed"),
    [
        ("e\u0301" * 50_000, "é" * 50_000),
        ("x" + "\u0301\u0316" * 50_000, "x" + "\u0316" * 50_000 + "\u0301" * 50_000),
        ("가\u11a8" * 50_000, "각" * 50_000),
    ],
)
def test_long_text_takes_time_in_proportion(text, composed):
    assert compose(text) == composed
    assert fold(text) == composed
    assert fold(" a{" * 100_000) == " ".join("a" * 100_000)
