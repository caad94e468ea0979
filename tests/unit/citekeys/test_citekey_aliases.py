"""Older keys in files: as lists, as entries, and read back from both."""

from dataclasses import replace

from bibkit.citekeys import How, KeyLedger, assign_keys, rebuild_ledger, rename_key, take_pins
from bibkit.citekeys.aliases import key_map, with_alias_entries, without_alias_entries
from bibkit.diagnostics import Source
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry
from bibkit.works import collate


def record(title, key=None, *unmapped, path="refs.bib", line=1, **values):
    return Record(
        type=ItemType.BOOK,
        title=title,
        creators=(Person("Lee", "Ann"),),
        brought_key=key,
        unmapped=unmapped,
        source=Source(path, line),
        **values,
    )


def exported(*records, ledger=None):
    kept, said = without_alias_entries(records)
    assignment = assign_keys(ledger or KeyLedger(), collate(kept).works)
    assert assign_keys(assignment.ledger, collate(kept).works).entries == assignment.entries
    return assignment, [one.code for one in (*said, *assignment.diagnostics)]


def keys(assignment):
    return [(entry.key, entry.aliases) for entry in assignment.entries]


WORDS, OTHERS = record("Words"), record("Others")


def test_each_older_key_has_an_entry_that_says_what_it_stands_for():
    entries = with_alias_entries([Entry("b", WORDS, ("a", "c")), Entry("d", OTHERS)])
    assert [(entry.key, entry.record.unmapped, entry.aliases) for entry in entries] == [
        ("a", (("aliasof", "b"),), ()),
        ("b", (), ()),
        ("c", (("aliasof", "b"),), ()),
        ("d", (), ()),
    ]


def test_an_older_key_that_bibtex_takes_for_another_has_none():
    entries = with_alias_entries(
        [Entry("b", WORDS, ("B", "x", "y", "z")), Entry("X", OTHERS, ("Y",)), Entry("z", OTHERS)]
    )
    assert [(entry.key, entry.aliases) for entry in entries] == [
        ("X", ("Y",)),
        ("b", ("B", "x", "y", "z")),
        ("z", ()),
    ]


def test_entries_for_older_keys_are_read_as_lists():
    entries = with_alias_entries([Entry("b", WORDS, ("a", "c"))])
    records = [replace(entry.record, brought_key=entry.key) for entry in entries]
    assert without_alias_entries(records)[0] == [record("Words", "b", ("ids", "a, c"))]
    assignment, codes = exported(*records)
    assert (keys(assignment), codes) == ([("b", ("a", "c"))], ["alias-entry"])


def test_a_list_that_is_there_goes_on():
    kept, _ = without_alias_entries(
        [record("Words", "b", ("ids", "z")), record("Words", "a", ("ids", "z"), ("aliasof", "b"))]
    )
    assert [one.unmapped for one in kept] == [(("ids", "z, a"),)]


def test_an_entry_whose_other_is_not_there_is_one_like_any_other():
    alone = record("Words", "a", ("aliasof", "b"))
    elsewhere = record("Words", "b", path="other.bib")
    # Nor is one that stands for itself, or for one that itself stands for another.
    itself = record("Others", "c", ("aliasof", "c"))
    kept, said = without_alias_entries([alone, elsewhere, itself])
    assert [(one.brought_key, one.unmapped) for one in kept] == [("a", ()), ("b", ()), ("c", ())]
    assert said == ()


def test_what_an_entry_for_an_older_key_says_otherwise_is_said():
    _, codes = exported(record("Words", "b"), record("Words", "a", ("aliasof", "b"), note="Mine."))
    assert codes == ["alias-differs", "alias-entry"]


def test_older_keys_that_a_file_lists_are_kept():
    assignment, codes = exported(record("Words", "b", ("ids", "a, b, c"), ("x", "y")))
    assert (keys(assignment), codes) == ([("b", ("a", "c"))], [])
    assert assignment.entries[0].record.unmapped == (("x", "y"),)
    assert assignment.ledger.claims[0].aliases == ("a", "c")
    # They stay when the file does not list them any more.
    assert keys(exported(record("Words", "b"), ledger=assignment.ledger)[0]) == [("b", ("a", "c"))]


def test_a_listed_key_of_another_work_is_not_kept():
    assignment, codes = exported(
        record("Words", "b", ("ids", "d, a b, x, Y")), record("Others", "D", ("ids", "y"))
    )
    assert keys(assignment) == [("D", ()), ("b", ("x",))]
    assert sorted(codes) == ["alias-clash", "alias-clash", "alias-clash", "unusable-key"]


def test_a_listed_key_that_is_one_of_the_work_already_is_no_clash():
    # Two claims that turned out to be one work's: the other key is an alias in what is written.
    apart = exported(record("Words", doi="10.1000/1"), record("Others", arxiv_id="2401.00001"))[0].ledger
    both = record("Words", None, ("ids", "leendothers"), doi="10.1000/1", arxiv_id="2401.00001")
    assignment, codes = exported(both, ledger=apart)
    assert (keys(assignment), codes) == ([("leendothers", ("leendwords",))], [])
    assert key_map(assignment.ledger) == {}
    moved = key_map(assignment.ledger, [(entry.key, entry.aliases) for entry in assignment.entries])
    assert moved == {"leendwords": "leendothers"}


def test_the_map_says_what_every_older_key_is_now():
    ledger = rename_key(exported(WORDS, OTHERS)[0].ledger, "leendwords", "words").ledger
    ledger = rename_key(ledger, "words", "a").ledger
    assert list(key_map(ledger).items()) == [("leendwords", "a"), ("words", "a")]


def test_entries_for_older_keys_are_no_pins_and_leave_the_pin_of_their_work():
    ledger = rename_key(exported(WORDS)[0].ledger, "leendwords", "words").ledger
    alias = record("Words", "leendwords", ("aliasof", "words"))
    assert take_pins(ledger, [alias], ()) == replace(take_pins(ledger, [], ()), ledger=ledger)
    for edited, standing in (([alias], ()), ([], ("leendwords",))):
        pinned = take_pins(ledger, [*edited, record("Words", "mine")], standing)
        assert pinned.ledger.claims[0].all_keys() == ("mine", "leendwords", "words")
        assert pinned.ledger.claims[0].how is How.PINNED


def test_a_changed_key_of_an_entry_for_an_older_key_is_not_kept():
    ledger = exported(WORDS)[0].ledger
    pinned = take_pins(ledger, [record("Words", "what", ("aliasof", "leendwords"))], ())
    assert [said.code for said in pinned.diagnostics] == ["entry-not-kept"]
    assert pinned.ledger == ledger


def test_a_ledger_is_rebuilt_with_the_entries_for_older_keys():
    entries = with_alias_entries([Entry("b", WORDS, ("a", "c")), Entry("d", OTHERS)])
    records = [replace(entry.record, brought_key=entry.key) for entry in entries]
    ledger = rebuild_ledger(without_alias_entries(records)[0])
    assert [claim.all_keys() for claim in ledger.claims] == [("b", "a", "c"), ("d",)]
