"""Matching and deciding, case by case; then whole syncs against a library in memory."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sync.memory import MemoryLibrary

from bibkit.sync.keys import derive_item_key
from bibkit.sync.library import (
    NEW,
    CollectionKey,
    Deletions,
    ItemKey,
    LibraryId,
    LibraryVersion,
    RemoteItem,
    Snapshot,
    Tag,
    Written,
)
from bibkit.sync.plan import Action, ActionKind, Adoption, Plan, Wanted, plan_sync
from bibkit.sync.state import Known, SyncState
from bibkit.sync.values import Evidence, ItemValues

HERE = LibraryId("https://api.zotero.org/users/1")
SHELF = CollectionKey("SHELF234")
A, B, C = (ItemKey(f"{letter}2345678") for letter in "ABC")
NOTHING = Deletions(frozenset(), frozenset())


def work(origin: str = "one", title: str = "t", ids: tuple[str, ...] = (), **fields: str) -> Wanted:
    evidence = Evidence(
        ids=frozenset(ids), keys=frozenset({f"key-{origin}"}), title=title, creator="gao", year="2024"
    )

    def values(kind: str | None) -> ItemValues:
        said = {"title": title, "citationKey": f"key-{origin}", **fields}
        return ItemValues(type=kind or "preprint", fields=said, tags=(Tag("cs.LG", automatic=True),))

    return Wanted(origin, f"key-{origin}", evidence, values)


def item(key: ItemKey, **fields: object) -> RemoteItem:
    attributes = {
        name: fields.pop(name) for name in ("trashed", "collections", "replaces", "regular") if name in fields
    }
    return RemoteItem(key=key, version=LibraryVersion(1), type="preprint", fields=fields, **attributes)  # type: ignore[arg-type]


def said(held: RemoteItem) -> Evidence:
    """Evidence as these tests write it: identifiers in `ids`, the creator in `by`."""
    return Evidence(
        ids=frozenset(held.fields.get("ids", "").split()),
        keys=frozenset(held.fields.get("citationKey", "").split()),
        title=held.fields.get("title", ""),
        creator=held.fields.get("by", ""),
        year=held.fields.get("date", ""),
    )


def plan(
    *works: Wanted,
    items: tuple[RemoteItem, ...] = (),
    state: SyncState | None = None,
    deletions: Deletions = NOTHING,
    adoption: Adoption = Adoption.LIBRARY,
) -> Plan:
    snapshot = Snapshot(LibraryVersion(9), items, ())
    state = state or SyncState(library=HERE, collection=SHELF)
    return plan_sync(works, snapshot, state, deletions=deletions, evidence=said, adoption=adoption)


def only(decided: Plan) -> Action:
    (action,) = decided.actions
    return action


def test_a_work_that_nothing_matches_is_created():
    action = only(plan(work(), items=(item(A, title="other", by="gao", date="2024"),)))
    assert action.kind is ActionKind.CREATE
    assert action.item == derive_item_key(HERE, "one")
    assert action.write is not None
    assert (action.write.version, action.write.type, action.write.collections) == (NEW, "preprint", (SHELF,))


def test_bibkits_lines_are_created_in_extra():
    values = ItemValues(type="book", fields={"title": "t"}, lines={"bibkit a:": "bibkit a: 1", "b:": "b: 2"})
    action = only(plan(replace(work(), values=lambda _: values)))
    assert action.write is not None
    assert action.write.fields == {"title": "t", "extra": "bibkit a: 1\nb: 2"}


def test_what_differs_from_what_was_wanted_is_kept_and_what_does_not_is_changed():
    held = item(A, title="the user's", citationKey="key-one", url="old")
    base = ItemValues(type="preprint", fields={"title": "t", "citationKey": "key-one", "url": "old"})
    state = SyncState(library=HERE, works={"one": Known(A, replace(base, tags=(Tag("cs.LG"),)))})
    action = only(plan(work(url="old"), items=(held,), state=state))
    assert (action.kind, action.write, action.kept[0].held) == (ActionKind.KEEP, None, "the user's")
    action = only(plan(work(url="new"), items=(held,), state=state))
    assert action.kind is ActionKind.UPDATE
    assert action.write is not None
    assert (action.write.fields, action.write.tags) == ({"url": "new"}, None)


@pytest.mark.parametrize(
    ("held", "ids"),
    [
        (item(A, ids="doi:10.1/x"), ("doi:10.1/x",)),
        (item(A, citationKey="key-one", title="t"), ()),
        (item(A, citationKey="key-one", by="gao", date="2024"), ()),
        (item(A, title="t", by="gao", date="2024"), ()),
    ],
)
def test_what_matches_is_adopted(held, ids):
    action = only(plan(work(ids=ids), items=(held,)))
    assert (action.kind, action.item) == (ActionKind.ADOPT, A)


@pytest.mark.parametrize(
    ("held", "ids"),
    [
        (item(A, citationKey="key-one"), ()),
        (item(A, citationKey="key-one", by="gao", date="2023"), ()),
        (item(A, title="t", by="gao"), ()),
        (item(A, title="t", date="2024"), ()),
        (item(A, title="t", by="gao", date="2024", ids="doi:10.1/y"), ("doi:10.1/x",)),
        (item(A, title="t", by="gao", date="2024", regular=False), ()),
    ],
)
def test_what_only_resembles_is_not(held, ids):
    assert only(plan(work(ids=ids), items=(held,))).kind is ActionKind.CREATE


def test_a_strong_identifier_goes_before_a_title():
    by_title = item(A, title="t", by="gao", date="2024")
    by_id = item(B, title="other", ids="arxiv:2401.00001")
    assert only(plan(work(ids=("arxiv:2401.00001",)), items=(by_title, by_id))).item == B


def test_of_several_the_one_in_the_collection_is_taken_then_the_untrashed_then_the_lowest():
    same = {"title": "t", "by": "gao", "date": "2024"}
    low, high = item(A, **same), item(B, **same)
    assert only(plan(work(), items=(low, high))).item == A
    assert only(plan(work(), items=(replace(low, trashed=True), high))).item == B
    action = only(plan(work(), items=(low, replace(high, trashed=True, collections=(SHELF,)))))
    assert (action.item, action.kind) == (B, ActionKind.NOOP)
    assert (
        A in only(plan(work(), items=(low, high))).reason or B in only(plan(work(), items=(low, high))).reason
    )


@pytest.mark.parametrize(
    ("adoption", "collections", "kind"),
    [
        (Adoption.LIBRARY, (), ActionKind.ADOPT),
        (Adoption.COLLECTION, (), ActionKind.CREATE),
        (Adoption.COLLECTION, (SHELF,), ActionKind.ADOPT),
        (Adoption.NEVER, (SHELF,), ActionKind.CREATE),
    ],
)
def test_adoption_goes_as_far_as_it_may(adoption, collections, kind):
    held = item(A, title="t", by="gao", date="2024", collections=collections)
    assert only(plan(work(), items=(held,), adoption=adoption)).kind is kind


def test_two_works_that_match_one_item_are_a_conflict():
    held = item(A, title="t", by="gao", date="2024")
    decided = plan(work("one"), work("two"), items=(held,))
    assert [action.kind for action in decided.actions] == [ActionKind.CONFLICT] * 2
    assert decided.counts == {ActionKind.CONFLICT: 2}
    assert not any(action.write for action in decided.actions)


def test_an_item_that_a_work_has_already_stays_with_it():
    held = item(A, title="t", by="gao", date="2024")
    state = SyncState(library=HERE, works={"one": Known(A, None)})
    kinds = [action.kind for action in plan(work("one"), work("two"), items=(held,), state=state).actions]
    assert kinds == [ActionKind.ADOPT, ActionKind.CONFLICT]


def test_the_state_is_followed_to_the_survivor():
    merged, survivor = item(A, title="t", trashed=True), item(B, title="t", replaces=(A,))
    state = SyncState(library=HERE, works={"one": Known(A, None)})
    for items in ((merged, survivor), (survivor,)):
        assert only(plan(work(), items=items, state=state)).item == B
    again = replace(survivor, trashed=True), item(C, title="t", replaces=(B,))
    assert only(plan(work(), items=again, state=state)).item == C
    restored = replace(merged, trashed=False)
    assert only(plan(work(), items=(restored, survivor), state=state)).item == A


def test_items_that_replace_each_other_end():
    one, two = item(A, trashed=True, replaces=(B,)), item(B, trashed=True, replaces=(A,))
    state = SyncState(library=HERE, works={"one": Known(A, None)})
    assert only(plan(work(), items=(one, two), state=state)).kind is ActionKind.NOOP


def test_what_was_deleted_is_not_made_again():
    state = SyncState(library=HERE, works={"one": Known(A, None)})
    assert only(plan(work(), state=state)).kind is ActionKind.NOOP
    gone = Deletions(frozenset({derive_item_key(HERE, "one")}), frozenset())
    action = only(plan(work(), deletions=gone))
    assert (action.kind, action.write) == (ActionKind.NOOP, None)
    assert "deleted" in action.reason


def test_what_is_in_the_trash_is_left_there():
    held = item(derive_item_key(HERE, "one"), title="t", trashed=True)
    action = only(plan(work(), items=(held,)))
    assert (action.kind, action.write) == (ActionKind.NOOP, None)
    assert "trash" in action.reason


def test_a_note_at_the_derived_key_is_gone_round():
    note = item(derive_item_key(HERE, "one"), regular=False)
    action = only(plan(work(), items=(note,)))
    assert (action.kind, action.item) == (ActionKind.CREATE, derive_item_key(HERE, "one", 1))
    ours = item(derive_item_key(HERE, "one", 1), title="t")
    assert only(plan(work(), items=(note, ours))).item == ours.key


def test_what_was_taken_away_stays_away_though_the_sources_forget_and_remember_it():
    whole = ItemValues(
        type="preprint", fields={"title": "t", "url": "u"}, tags=(Tag("cs.LG"),), collections=(SHELF,)
    )
    forgotten = replace(whole, fields={"title": "t"}, tags=())
    held = item(A, title="t")  # the user emptied the url, took off the tag and took the item out
    known = Known(A, whole)
    for values, collection in ((forgotten, CollectionKey("UTHER234")), (whole, SHELF)):
        state = SyncState(library=HERE, collection=collection, works={"one": known})
        action = only(plan(replace(work(), values=lambda _, said=values: said), items=(held,), state=state))
        if collection != SHELF:
            assert action.write is not None
            assert (action.write.fields, action.write.tags) == ({}, None)
            held = replace(held, collections=action.write.collections)
        known = Known(A, action.wanted)
    assert action.write is None
    assert [kept.name for kept in action.kept] == ["url"]


def test_a_type_that_is_not_known_is_left_alone():
    held = replace(item(derive_item_key(HERE, "one"), title="t"), type="hologram")
    known = work()
    unknown = replace(known, values=lambda kind: None if kind == "hologram" else known.values(kind))
    action = only(plan(unknown, items=(held,)))
    assert (action.kind, action.write) == (ActionKind.NOOP, None)
    assert "'hologram'" in action.reason


@pytest.mark.parametrize("adoption", list(Adoption))
def test_a_work_that_goes_by_another_origin_keeps_its_item_and_what_was_wanted_there(adoption):
    # A ledger that was rebuilt, or united with another, may say another origin.
    base = work("one", ids=("doi:10.1/x",)).values(None)
    assert base is not None
    held = item(A, title="t", ids="doi:10.1/x", citationKey="key-one")
    state = SyncState(
        library=HERE, collection=SHELF, works={"one": Known(A, replace(base, collections=(SHELF,)))}
    )
    decided = plan(work("one again", ids=("doi:10.1/x",)), items=(held,), state=state, adoption=adoption)
    action = only(decided)
    assert (action.item, decided.gone) == (A, ())
    # The user took the tag off and the item out of the collection.
    assert action.write is not None
    assert (action.write.tags, action.write.collections) == (None, None)
    assert action.write.fields == {"citationKey": "key-one again"}
    assert action.wanted is not None
    state = state.remember({action.origin: Known(A, action.wanted)})
    again = plan(work("one again", ids=("doi:10.1/x",)), items=(held,), state=state, adoption=adoption)
    assert (again.gone, only(again).item) == ((), A)


def test_what_was_taken_off_a_survivor_stays_off_also_for_the_work_that_comes_to_it():
    # Items A and B of two works were merged, and one of the works is gone: the other now stands for B.
    base = ItemValues(type="preprint", fields={"title": "t"}, tags=(Tag("other"),), collections=(SHELF,))
    survivor, merged = item(B, title="t", replaces=(A,)), item(A, title="t", trashed=True)
    tag = replace(base, tags=(Tag("mine"),), collections=())
    works = {
        "one": Known(A, base),
        "gone": Known(B, tag),
        "gone too": Known(B, base),
        "gone three": Known(A, None),
    }
    wanted = replace(work(), values=lambda _: replace(base, tags=(Tag("mine"), Tag("other"), Tag("new"))))
    for known in (works, {**works, "one": Known(A, None)}):
        state = SyncState(library=HERE, collection=SHELF, works=known)
        action = only(plan(wanted, items=(merged, survivor), state=state))
        assert action.write is not None
        assert (action.item, action.write.tags) == (B, (Tag("new"),))
        assert action.write.collections is None


def test_two_works_of_one_origin_are_a_conflict_and_never_one_request():
    decided = plan(work("one"), work("one"))
    assert [action.kind for action in decided.actions] == [ActionKind.CONFLICT] * 2
    assert decided.writes == ()
    held = item(derive_item_key(HERE, "one"), title="t")
    assert plan(work("one"), work("one"), items=(held,)).counts == {ActionKind.CONFLICT: 2}


def test_of_two_survivors_the_one_that_is_not_in_the_trash_counts():
    state = SyncState(library=HERE, works={"one": Known(A, None)})
    for trashed, standing in ((B, C), (C, B)):
        items = (
            item(A, trashed=True),
            item(trashed, replaces=(A,), trashed=True),
            item(standing, replaces=(A,)),
        )
        assert only(plan(work(), items=items, state=state)).item == standing


def test_a_work_that_is_gone_is_told_and_left():
    state = SyncState(library=HERE, works={"one": Known(A, None), "old": Known(B, None)})
    decided = plan(work(), items=(item(A), item(B)), state=state)
    assert decided.gone == ("old",)
    assert [action.origin for action in decided.actions] == ["one"]


def sync(
    library: MemoryLibrary, works: list[Wanted], state: SyncState, fail_after: int | None = None
) -> SyncState:
    """Plan and write, one item a request; stop after so many writes, without having noted the last."""
    snapshot = library.read_all()
    decided = plan_sync(
        works,
        snapshot,
        state,
        deletions=library.read_deletions(NEW),
        evidence=said,
        adoption=Adoption.LIBRARY,
    )
    writes = 0
    for action in decided.actions:
        if action.write is not None:
            (result,) = library.write_items([action.write]).results
            writes += 1
            if fail_after is not None and writes > fail_after:
                return state
            if not isinstance(result, Written):
                continue
        if action.item is not None and action.wanted is not None:
            state = state.remember({action.origin: Known(action.item, action.wanted)})
    return state


WORKS = [work("one", "first"), work("two", "second"), work("three", "third")]


@given(st.lists(st.integers(0, 3), max_size=5))
def test_a_sync_that_is_cut_ends_where_a_clean_one_ends(cuts):
    clean, cut = MemoryLibrary(HERE), MemoryLibrary(HERE)
    for library in (clean, cut):
        library.put(item(A, title="first", by="gao", date="2024"))
    state = SyncState(library=HERE)
    sync(clean, WORKS, state)
    for fail_after in cuts:
        state = sync(cut, WORKS, state, fail_after)
    sync(cut, WORKS, state)

    def bare(library: MemoryLibrary) -> list[RemoteItem]:
        return [replace(each, version=NEW) for each in library.read_all().items]

    assert bare(cut) == bare(clean)


def act(data: st.DataObject, library: MemoryLibrary) -> None:
    """Do something that a user does."""
    key, other = (data.draw(st.sampled_from(sorted(library.items))) for _ in range(2))
    match data.draw(st.sampled_from(["edit", "empty", "untag", "trash", "delete", "merge"])):
        case "edit":
            library.edit(key, fields={"title": "the user's"})
        case "empty":
            library.edit(key, fields={"title": ""})
        case "untag":
            library.edit(key, tags=())
        case "trash":
            library.edit(key, trashed=True)
        case "delete":
            library.delete(key)
        case _ if other != key:
            library.edit(key, replaces=(*library.items[key].replaces, other))
            library.edit(other, trashed=True)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_whatever_the_user_does_stays_and_the_second_run_writes_nothing(data):
    library = MemoryLibrary(HERE)
    state = sync(library, WORKS, SyncState(library=HERE))
    for _ in range(data.draw(st.integers(0, 5))):
        if not library.items:
            break
        if data.draw(st.booleans()):
            act(data, library)
        else:
            state = SyncState(library=HERE)  # lost
        before = library.read_all()
        state = sync(library, WORKS, state)
        after = {each.key: each for each in library.read_all().items}
        assert set(after) <= {each.key for each in before.items}  # nothing new
        for each in before.items:
            if each.fields.get("title") == "the user's":
                assert after[each.key].fields["title"] == "the user's"
        version = library.version
        sync(library, WORKS, state)
        assert library.version == version  # not one write
