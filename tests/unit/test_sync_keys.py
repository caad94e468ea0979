"""Keys that are functions of what they stand for."""

import re

from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from bibkit.sync.keys import derive_collection_key, derive_item_key
from bibkit.sync.library import LibraryId

HERE, THERE = LibraryId("https://api.zotero.org/users/1"), LibraryId("https://api.zotero.org/users/2")


@given(texts(min_size=0), st.integers(0, 3))
def test_a_key_is_one_that_the_library_takes(origin, attempt):
    key = derive_item_key(HERE, origin, attempt)
    assert re.fullmatch("[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}", key)
    assert derive_item_key(HERE, origin, attempt) == key


def test_keys_never_change():
    # Known by heart: another key for the same work would be another item in somebody's library.
    assert derive_item_key(HERE, "origin") == "TMIADCIR"
    assert derive_collection_key(HERE, "Lab/Reading list") == "8VZ74NTY"


def test_keys_differ_where_anything_does():
    keys = {
        derive_item_key(library, origin, n) for library in (HERE, THERE) for origin in "ab" for n in range(3)
    }
    assert len(keys | {derive_collection_key(HERE, "a")}) == 13


def test_the_way_to_a_library_does_not_matter():
    there = LibraryId("http://localhost:23119/api/users/1")
    assert derive_item_key(there, "origin") == derive_item_key(HERE, "origin")


def test_ten_thousand_works_have_as_many_keys():
    assert len({derive_item_key(HERE, str(number)) for number in range(10_000)}) == 10_000
