"""Zotero's JSON and sync's values, into each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibkit.sync.library import (
    CollectionKey,
    ItemCreator,
    ItemKey,
    ItemWrite,
    LibraryVersion,
    NewCollection,
    Refusal,
    Refused,
    RemoteItem,
    Tag,
    Unchanged,
    Written,
)
from bibkit.zotero import wire

URI = "http://zotero.org/users/1/items/"
ENVELOPE = {
    "key": "A2345678",
    "version": 7,
    "data": {
        "key": "A2345678",
        "version": 7,
        "itemType": "preprint",
        "title": "T",
        "url": "",
        "creators": [
            {"creatorType": "author", "firstName": "A", "lastName": "B"},
            {"creatorType": "editor", "name": "C"},
        ],
        "tags": [{"tag": "x"}, {"tag": "y", "type": 1}],
        "collections": ["C2345678"],
        "relations": {"dc:replaces": [f"{URI}B2345678", "http://zotero.org/groups/2/items/C2345678"]},
        "dateAdded": "2020-01-01T00:00:00Z",
        "dateModified": "2020-01-01T00:00:00Z",
        "deleted": 1,
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def changed(**data):
    return {**ENVELOPE, "data": {**ENVELOPE["data"], **data}}


def test_an_item_is_read():
    assert wire.read_item(ENVELOPE, URI) == RemoteItem(
        key=ItemKey("A2345678"),
        version=LibraryVersion(7),
        type="preprint",
        fields={"title": "T"},
        creators=(ItemCreator("author", "B", "A"), ItemCreator("editor", "C")),
        tags=(Tag("x"), Tag("y", automatic=True)),
        collections=(CollectionKey("C2345678"),),
        replaces=(ItemKey("B2345678"),),
        trashed=True,
    )


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"extra": "Citation Key: theirs2020"}, "theirs2020"),
        ({"extra": "mine\ncitation key:theirs2020\nmore"}, "theirs2020"),
        ({"extra": "Citation Key: theirs2020", "citationKey": "field2020"}, "field2020"),
        ({"extra": "Citation Key: two words"}, None),
        ({"extra": "my Citation Key: x\nCitation Key:\nx"}, None),
        ({"itemType": "note", "extra": "Citation Key: x"}, None),
    ],
)
def test_a_citation_key_is_read_from_either_place(data, key):
    assert wire.read_item(changed(**data), URI).fields.get("citationKey") == key


@pytest.mark.parametrize("relations", [[], {}, {"dc:relation": "x"}, None])
def test_no_relations_come_in_several_shapes(relations):
    assert wire.read_item(changed(relations=relations), URI).replaces == ()


def test_one_relation_is_a_text():
    item = wire.read_item(changed(relations={"dc:replaces": f"{URI}B2345678"}), URI)
    assert item.replaces == (ItemKey("B2345678"),)


def test_a_note_keeps_its_text_to_itself():
    note = wire.read_item(changed(itemType="note", note="<p>x</p>", parentItem="B2345678"), URI)
    assert (note.regular, note.fields, note.parent) == (False, {}, "B2345678")


@pytest.mark.parametrize(
    "data",
    [
        {"key": None},
        {"version": "7"},
        {"version": True},
        {"itemType": 1},
        {"creators": {}},
        {"creators": [{"creatorType": "author"}]},
        {"creators": [{"creatorType": "author", "lastName": "B"}]},
        {"tags": [{}]},
        {"tags": ["x"]},
        {"collections": [1]},
        {"relations": "x"},
    ],
)
def test_half_an_item_is_none(data):
    with pytest.raises(wire.WireError):
        wire.read_item(changed(**data), URI)


@given(JSON)
def test_what_is_read_is_whole_or_an_error(sent):
    for read in (lambda: wire.read_item(sent, URI), lambda: wire.read_collection(sent)):
        with pytest.raises(wire.WireError):
            read()


@given(JSON)
def test_a_report_is_whole_or_an_error(report):
    with pytest.raises(wire.WireError):
        wire.read_results(report, ["A2345678"])


def test_a_write_says_only_what_it_sets():
    key = ItemKey("A2345678")
    assert wire.write_item(ItemWrite(key=key, version=LibraryVersion(3))) == {"key": key, "version": 3}
    write = ItemWrite(
        key=key,
        version=LibraryVersion(0),
        type="book",
        fields={"title": "T", "url": ""},
        creators=(ItemCreator("author", "B", ""), ItemCreator("author", "C")),
        tags=(Tag("x"), Tag("y", automatic=True)),
        collections=(),
    )
    assert wire.write_item(write) == {
        "key": key,
        "version": 0,
        "itemType": "book",
        "title": "T",
        "url": "",
        "creators": [
            {"creatorType": "author", "firstName": "", "lastName": "B"},
            {"creatorType": "author", "name": "C"},
        ],
        "tags": [{"tag": "x"}, {"tag": "y", "type": 1}],
        "collections": [],
    }


def test_a_collection_stands_at_the_top_or_in_another():
    sent = wire.write_collection(NewCollection(CollectionKey("C2345678"), "Lab"))
    assert sent == {"key": "C2345678", "version": 0, "name": "Lab", "parentCollection": False}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (400, Refusal.INVALID),
        (404, Refusal.GONE),
        (409, Refusal.DANGLING),
        (412, Refusal.MOVED),
        (413, Refusal.INVALID),
        (428, Refusal.INVALID),
        (500, Refusal.FAILED),
        (999, Refusal.FAILED),
    ],
)
def test_results_come_in_the_order_of_the_request(code, reason):
    report = {
        "successful": {"1": {"key": "B2345678", "version": 9}},
        "success": {"1": "B2345678"},
        "unchanged": {"0": "A2345678"},
        "failed": {"2": {"code": code, "message": "a &lt;b&gt; &quot;c&quot;"}},
    }
    assert wire.read_results(report, ["A2345678", "B2345678", "C2345678"]) == (
        Unchanged("A2345678"),
        Written("B2345678", LibraryVersion(9)),
        Refused("C2345678", reason, 'a <b> "c"'),
    )
