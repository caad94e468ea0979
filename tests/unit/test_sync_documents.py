"""Plans and states as text, and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from bibkit.errors import SyncFileError
from bibkit.sync.documents import parse_plan, parse_state, render_plan, render_state
from bibkit.sync.library import CollectionKey, ItemCreator, ItemKey, ItemWrite, LibraryId, LibraryVersion, Tag
from bibkit.sync.merge import Change, Kept
from bibkit.sync.plan import Action, ActionKind, Plan
from bibkit.sync.state import Known, SyncState
from bibkit.sync.values import ItemValues

HERE = LibraryId("https://api.zotero.org/users/1")
KEY = ItemKey("A2345678")
text = texts(min_size=0, surrogates=False)
fields = st.dictionaries(st.sampled_from(["title", "date"]), text)
creators = st.lists(st.builds(ItemCreator, st.just("author"), text, st.none() | text), max_size=2).map(tuple)
tags = st.lists(st.builds(Tag, text, st.booleans()), max_size=2).map(tuple)
values = st.builds(ItemValues, type=text, fields=fields, creators=creators, tags=tags, lines=fields)
states = st.builds(
    SyncState,
    library=st.just(HERE),
    serial=st.integers(0),
    version=st.integers(0).map(LibraryVersion),
    collection=st.none() | st.just(CollectionKey("SHELF234")),
    works=st.dictionaries(text, st.builds(Known, st.just(KEY), st.none() | values), max_size=3),
)
writes = st.builds(
    ItemWrite,
    key=st.just(KEY),
    version=st.integers(1).map(LibraryVersion),
    fields=fields,
    creators=st.none() | creators,
    tags=st.none() | tags,
)
actions = st.builds(
    Action,
    kind=st.sampled_from(list(ActionKind)),
    origin=text,
    citation_key=text,
    item=st.none() | st.just(KEY),
    write=st.none() | writes,
    wanted=st.none() | values,
    changes=st.lists(st.builds(Change, text, text, text), max_size=2).map(tuple),
    kept=st.lists(st.builds(Kept, text, text, text), max_size=2).map(tuple),
    reason=text,
)
plans = st.builds(
    Plan,
    st.just(HERE),
    st.integers(0).map(LibraryVersion),
    st.integers(0),
    st.lists(actions, max_size=2).map(tuple),
    st.lists(text, max_size=2).map(tuple),
)


@given(states)
def test_a_state_comes_back(state):
    assert parse_state(render_state(state), "state.json") == state


@given(plans)
def test_a_plan_comes_back(plan):
    assert parse_plan(render_plan(plan), "plan.json") == plan


def document(**changes):
    return {**json.loads(render_state(SyncState(library=HERE))), **changes}


CONTENT = document()["content"]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        "null",
        json.dumps(document(kind="plan")),
        json.dumps(document(version="1")),
        json.dumps(document(version=None)),
        json.dumps(document(content=None)),
        json.dumps(document(content={**CONTENT, "more": 1})),
        json.dumps(document(content={name: CONTENT[name] for name in CONTENT if name != "serial"})),
        json.dumps(document(content={**CONTENT, "serial": "0"})),
        json.dumps(document(content={**CONTENT, "library": 1})),
        json.dumps(document(content={**CONTENT, "works": {"x": {"item": "A2345678"}}})),
    ],
)
def test_a_damaged_state_is_refused(broken):
    with pytest.raises(SyncFileError, match=r"state\.json") as caught:
        parse_state(broken, "state.json")
    assert caught.value.exit_code == 65


def test_a_newer_state_is_refused_by_name():
    with pytest.raises(SyncFileError, match="newer bibkit"):
        parse_state(json.dumps(document(version=2)), "state.json")


def test_a_plan_cannot_change_a_type():
    write = ItemWrite(key=KEY, version=LibraryVersion(1))
    action = Action(kind=ActionKind.UPDATE, origin="x", citation_key="x", write=write)
    forged = json.loads(render_plan(Plan(HERE, LibraryVersion(1), 0, (action,))))
    forged["content"]["actions"][0]["write"]["type"] = "book"
    with pytest.raises(SyncFileError, match="write"):
        parse_plan(json.dumps(forged), "plan.json")
