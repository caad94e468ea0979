"""Keys for one file alone: what is kept, what is made, what is settled."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import records, words

from bibkit.citekeys import keep_keys, leave_keys, make_keys
from bibkit.diagnostics import Severity, Source
from bibkit.formats.bibtex import is_bibtex_key
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record


def book(title: str, key: str | None = None, family: str = "Lee", line: int = 1) -> Record:
    return Record(
        type=ItemType.BOOK,
        title=title,
        creators=(Person(family, "Ann"),),
        issued=PartialDate(2001),
        brought_key=key,
        source=Source("a.bib", line),
    )


def codes(kept):
    return [(said.severity.value, said.code) for said in kept.diagnostics]


def test_a_brought_key_is_kept_to_the_letter():
    kept = keep_keys([book("A", "Lee:2001/α")], bool)
    assert (kept.keys, kept.made, kept.diagnostics) == (("Lee:2001/α",), 0, ())


def test_a_missing_key_is_made_and_said():
    kept = keep_keys([book(f"{word} things", line=number) for number, word in enumerate("abcde", 1)], bool)
    assert kept.made == 5
    assert len(set(kept.keys)) == 5
    assert codes(kept) == [("info", "key-made")]
    assert "5 entries bring no citation key; one is made (a.bib:1, a.bib:2, a.bib:3, ...)" in str(kept)
    assert "1 entry brings no citation key; one is made (a.bib:1)" in str(keep_keys([book("A")], bool))


def test_a_made_key_gives_way_to_a_brought_one():
    kept = keep_keys([book("Words"), book("Other", "LEE2001words")], bool)
    assert kept.keys[1] == "LEE2001words"
    assert kept.keys[0].startswith("lee2001words-")


def test_an_unusable_key_is_replaced_with_a_warning():
    kept = keep_keys([book("Words", "a,b")], is_bibtex_key)
    assert (kept.keys, codes(kept)) == (("lee2001words",), [("warning", "unusable-key")])


def test_of_two_works_with_one_key_one_keeps_it():
    both = [book("Words", "k"), book("Others", "k", "Roe", line=2)]
    kept = keep_keys(both, bool)
    assert kept.keys[0] == "k"
    assert kept.keys[1].startswith("k-")
    assert codes(kept) == [("error", "key-clash")]
    assert keep_keys(both[::-1], bool).keys == kept.keys[::-1]


def test_one_work_that_stands_twice_is_a_warning():
    kept = keep_keys([book("Words", "k"), book("Words", "k"), book("Words", "k")], bool)
    assert len(set(kept.keys)) == 3
    assert codes(kept) == [("warning", "duplicate-key")] * 2


def test_case_twins_stay_with_a_warning():
    kept = keep_keys([book("A", "Key"), book("B", "key")], bool)
    assert (kept.keys, codes(kept)) == (("Key", "key"), [("warning", "case-twins")])


def test_a_copy_leaves_what_stands_twice():
    kept = leave_keys([book("A", "k"), book("B", "k"), book("C")], bool)
    assert kept.keys == ("k", "k", "lee2001c")
    assert codes(kept) == [("info", "key-made")]


def test_all_keys_may_be_made():
    kept = make_keys([book("Words", "k"), book("More words", "k")])
    assert (kept.keys, kept.made, kept.diagnostics) == (("lee2001words", "lee2001more"), 2, ())


@pytest.mark.parametrize("make", [keep_keys, leave_keys])
def test_the_hashed_style_has_a_suffix_always(make):
    kept = make([book("Words")], bool, style="hashed")
    assert kept.keys[0].startswith("lee2001words-")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(records(words()), st.none() | st.sampled_from("abAB,")), max_size=8), st.randoms())
def test_keys_are_unique_usable_and_do_not_depend_on_the_order(pairs, random):
    drawn = [replace(record, brought_key=key) for record, key in pairs]
    kept = keep_keys(drawn, is_bibtex_key)
    assert len(set(kept.keys)) == len(drawn)
    assert all(map(is_bibtex_key, kept.keys))
    turned = list(range(len(drawn)))
    random.shuffle(turned)
    again = keep_keys([drawn[number] for number in turned], is_bibtex_key)
    assert sorted(again.keys) == sorted(kept.keys)
    bad = [said for said in kept.diagnostics if said.severity is Severity.ERROR]
    assert len(bad) <= len(drawn)
