"""Entries into the emulated server and back: planned, written in batches, planned again."""

from dataclasses import replace

from emulator import Emulator
from strategies import HOSTILE

from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.library import BATCH, NEW, CollectionKey, NewCollection, Written
from bibkit.sync.plan import ActionKind, Adoption, Plan, Wanted, plan_sync
from bibkit.sync.state import Known, SyncState
from bibkit.zotero.client import ZoteroLibrary
from bibkit.zotero.evidence import evidence_of_entry, evidence_of_item
from bibkit.zotero.item import values_as

SHELF = CollectionKey("SHELF234")


def entry(number: int) -> Entry:
    """One of many entries: of every type, with text that breaks programs in every field that takes text."""
    piece = HOSTILE[number % len(HOSTILE)]
    record = Record(
        type=list(ItemType)[number % len(ItemType)],
        title=f"{piece} {number} {piece}",
        abstract=f"{piece}\n{piece}",
        creators=(Person(f"Family{number}", piece, suffix="Jr."), Body(f"{piece}x")),
        creators_truncated=number % 2 == 0,
        issued=PartialDate(2000 + number % 25, 1 + number % 12),
        container_title=piece,
        publisher=piece,
        arxiv_id=f"2401.{number:05}" if number % 3 else None,
        arxiv_class="cs.LG",
        categories=("cs.LG", f"t{piece}"),
        affiliations=(piece,),
        note=piece,
        listing=ListingFacts(score=number / 10, code=True, date="May 24"),
    )
    return Entry(CitationKey(f"family{number}"), record)


def wanted(one: Entry) -> Wanted:
    return Wanted(one.key, one.key, evidence_of_entry(one), lambda kind: values_as(one, kind))


def plan(library: ZoteroLibrary, entries: list[Entry], state: SyncState) -> Plan:
    return plan_sync(
        [wanted(one) for one in entries],
        library.read_all(),
        state,
        deletions=library.read_deletions(NEW),
        evidence=evidence_of_item,
        adoption=Adoption.LIBRARY,
    )


def write(library: ZoteroLibrary, decided: Plan, state: SyncState) -> SyncState:
    """Write what a plan says, fifty at a time."""
    actions = [action for action in decided.actions if action.write is not None]
    for start in range(0, len(actions), BATCH):
        some = actions[start : start + BATCH]
        report = library.write_items([action.write for action in some if action.write])
        assert all(isinstance(result, Written) for result in report.results), report
    known = {
        action.origin: Known(action.item, action.wanted)
        for action in decided.actions
        if action.item and action.wanted
    }
    return state.remember(known)


def test_183_works_take_four_writes_and_then_none(emulator: Emulator, zotero: ZoteroLibrary):
    entries = [entry(number) for number in range(183)]
    zotero.create_collections([NewCollection(SHELF, "Reading list")])
    state = SyncState(library=zotero.id, collection=SHELF)
    first = plan(zotero, entries, state)
    assert first.counts == {ActionKind.CREATE: 183}
    known = write(zotero, first, state)
    assert len([each for each in emulator.writes if each.path.endswith("/items")]) == 4

    second = plan(zotero, entries, known)
    assert second.counts == {ActionKind.NOOP: 183}
    lost = plan(zotero, entries, state)
    assert lost.counts == {ActionKind.ADOPT: 183}
    assert not any(action.write or action.kept for action in lost.actions)


def test_what_the_arxiv_translator_saved_is_adopted_and_filled(emulator: Emulator, zotero: ZoteroLibrary):
    one = replace(entry(1), record=replace(entry(1).record, type=ItemType.PREPRINT))
    key = emulator.library.add(
        itemType="preprint",
        title="Their own title",
        archiveID="arXiv:2401.00001",
        repository="arXiv",
        DOI="10.48550/arXiv.2401.00001",
        extra="arXiv:2401.00001 [cs.LG]\nmine",
        tags=[{"tag": "to read"}],
    )
    state = SyncState(library=zotero.id)
    decided = plan(zotero, [one], state)
    assert decided.counts == {ActionKind.ADOPT: 1}
    assert [kept.name for kept in decided.actions[0].kept] == ["title"]
    write(zotero, decided, state)
    data = emulator.library.items[key].data
    assert data["title"] == "Their own title"
    assert data["citationKey"] == "family1"
    assert data["extra"].startswith("arXiv:2401.00001 [cs.LG]\nmine\nbibkit ")
    assert {tag["tag"] for tag in data["tags"]} >= {"to read", "cs.LG"}


def test_an_item_of_another_type_is_said_in_that_type(emulator: Emulator, zotero: ZoteroLibrary):
    one = Entry(
        CitationKey("k"), Record(type=ItemType.PREPRINT, title="T", publisher="Press", arxiv_id="2401.00001")
    )
    state = SyncState(library=zotero.id)
    known = write(zotero, plan(zotero, [one], state), state)
    (key,) = emulator.library.items
    emulator.library.edit(key, itemType="journalArticle", publicationTitle="Journal")
    decided = plan(zotero, [one], known)
    known = write(zotero, decided, known)
    data = emulator.library.items[key].data
    assert (data["itemType"], data["publicationTitle"], data["title"]) == ("journalArticle", "Journal", "T")
    assert plan(zotero, [one], known).actions[0].write is None


def test_a_citation_key_in_extra_is_not_given_a_rival(emulator: Emulator, zotero: ZoteroLibrary):
    one = entry(1)
    creators = [{"creatorType": "author", "firstName": "x", "lastName": "Family1"}]
    theirs = {"itemType": "book", "title": one.record.title, "creators": creators, "date": "2001"}
    first = emulator.library.add(**theirs, extra="Citation Key: theirs2001")
    state = SyncState(library=zotero.id)
    decided = plan(zotero, [one], state)
    assert ("citationKey", "theirs2001") in [(kept.name, kept.held) for kept in decided.actions[0].kept]
    write(zotero, decided, state)
    data = emulator.library.items[first].data
    assert data["citationKey"] == ""
    assert data["extra"].startswith("Citation Key: theirs2001\n")
    emulator.library.edit(first, citationKey="theirs2001", extra=data["extra"].partition("\n")[2])
    assert "citationKey" not in [c.name for c in plan(zotero, [one], state).actions[0].changes]


def test_an_item_of_a_type_that_is_not_known_is_left_alone(emulator: Emulator, zotero: ZoteroLibrary):
    one, state = entry(1), SyncState(library=zotero.id)
    known = write(zotero, plan(zotero, [one], state), state)
    (stored,) = emulator.library.items.values()
    stored.data["itemType"] = "hologram"
    emulator.library.version += 1
    stored.version = emulator.library.version
    later = Entry(one.key, replace(one.record, title="Another title"))
    for before in (known, state):
        (action,) = plan(zotero, [later], before).actions
        assert (action.kind, action.write) == (ActionKind.NOOP, None)
        assert "hologram" in action.reason
