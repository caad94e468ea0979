"""The keys that somebody may have meant by one that no work has."""

import difflib

from hypothesis import given
from hypothesis import strategies as st

from bibkit.citekeys.nearest import nearest_keys

KNOWN = ("gao2024ethos", "gao2024mobizo", "knuth1984literate", "Knuth:1984", "wu2020anon")


def test_a_typing_error_finds_the_key_meant():
    assert nearest_keys("gao2024ethoz", KNOWN) == ("gao2024ethos", "gao2024mobizo")


def test_case_does_not_count():
    assert nearest_keys("KNUTH:1984", KNOWN)[0] == "Knuth:1984"


def test_a_key_that_is_like_no_other_finds_none():
    assert nearest_keys("zzzzzz", KNOWN) == ()
    assert nearest_keys("gao2024ethos", ()) == ()
    assert nearest_keys("", KNOWN) == ()


def test_there_are_never_more_than_asked_for():
    assert nearest_keys("gao2024", KNOWN, most=1) == ("gao2024ethos",)


keys = st.text("aAbB1-", max_size=8)


@given(keys, st.lists(keys, max_size=20))
def test_the_order_of_the_known_keys_decides_nothing(key, known):
    assert nearest_keys(key, known) == nearest_keys(key, sorted(known)) == nearest_keys(key, known[::-1])


@given(keys, st.lists(keys, max_size=20))
def test_the_short_way_leaves_out_no_key_that_is_alike(key, known):
    def ratio(other):
        return difflib.SequenceMatcher(None, other.lower(), key.lower(), autojunk=False).ratio()

    alike = sorted(
        {other for other in known if ratio(other) >= 0.6}, key=lambda other: (-ratio(other), other)
    )
    assert list(nearest_keys(key, known, most=100)) == alike
