"""Keys read back from exports: pins, and a lost ledger."""

from dataclasses import replace

from bibkit.citekeys import How, KeyLedger, assign_keys, rebuild_ledger, take_pins
from bibkit.diagnostics import Source
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Work


def book(title: str, key: str | None = None, family: str = "Lee", **more) -> Record:
    return Record(
        type=ItemType.BOOK,
        title=title,
        creators=(Person(family, "Ann"),),
        issued=PartialDate(2001),
        brought_key=key,
        source=Source("library.bib", 1),
        **more,
    )


def ledger_of(*records: Record) -> KeyLedger:
    works = [Work(record, (record,), record.brought_key) for record in records]
    return assign_keys(KeyLedger(), works).ledger


def codes(pinned):
    return [(said.severity.value, said.code) for said in pinned.diagnostics]


LEDGER = ledger_of(book("Words"), book("Others", family="Roe"))


def test_an_unknown_key_on_a_known_work_is_a_pin():
    pinned = take_pins(LEDGER, [book("Words", "Mine")], ())
    claim = next(claim for claim in pinned.ledger.claims if claim.key == "Mine")
    assert (claim.how, claim.aliases, pinned.pins) == (How.PINNED, ("lee2001words",), 1)
    assert codes(pinned) == [("info", "key-pinned")]
    assert len(pinned.ledger.claims) == 2


def test_a_pin_is_found_by_a_strong_identifier_too():
    ledger = ledger_of(book("Words", doi="10.1000/1"))
    pinned = take_pins(ledger, [book("A new title", "Mine", doi="10.1000/1")], ())
    assert [claim.key for claim in pinned.ledger.claims] == ["Mine"]


def test_a_known_key_and_an_alias_are_old_output():
    first = take_pins(LEDGER, [book("Words", "Mine")], ()).ledger
    again = take_pins(first, [book("Words", "lee2001words"), book("Others", "roe2001others", "Roe")], ())
    assert (again.ledger, again.pins, again.diagnostics) == (first, 0, ())


def test_an_entry_that_was_rewritten_whole_under_its_key_is_old_output():
    pinned = take_pins(LEDGER, [book("Nothing like it", "lee2001words", "Doe")], ())
    assert (pinned.pins, pinned.diagnostics) == (0, ())


def test_a_key_of_another_work_is_an_error():
    pinned = take_pins(LEDGER, [book("Words", "roe2001others")], ())
    assert (pinned.ledger, codes(pinned)) == (LEDGER, [("error", "key-clash")])


def test_an_entry_of_no_work_is_a_warning():
    pinned = take_pins(LEDGER, [book("Unheard of", "Mine"), book("Without a key")], ())
    assert (pinned.ledger, codes(pinned)) == (LEDGER, [("warning", "entry-not-kept")])


def test_a_second_entry_of_one_work_is_no_pin():
    pinned = take_pins(LEDGER, [book("Words", "One"), book("Words", "Two")], ())
    assert (pinned.pins, codes(pinned)) == (1, [("info", "key-pinned"), ("warning", "entry-not-kept")])
    assert take_pins(LEDGER, [book("Words", "Mine")], {"lee2001words", "gone"}).pins == 0


def test_works_that_look_alike_are_told_apart_by_those_that_stand():
    ledger = ledger_of(book("Editorial", "a"), book("Editorial", "b"))
    doubtful = take_pins(ledger, [book("Editorial", "Mine")], ())
    assert codes(doubtful) == [("warning", "entry-not-kept")]
    pinned = take_pins(ledger, [book("Editorial", "Mine")], {"a"})
    assert [claim.aliases for claim in pinned.ledger.claims if claim.key == "Mine"] == [("b",)]


def test_a_key_that_cannot_be_one_is_no_pin():
    assert codes(take_pins(LEDGER, [book("Words", "a b")], ())) == [("warning", "unusable-key")]
    assert codes(take_pins(LEDGER, [book("Words", "ROE2001others")], ())) == [("warning", "unusable-key")]


def test_a_ledger_is_rebuilt_with_how_its_keys_came():
    ledger = rebuild_ledger(
        [
            book("Words", "lee2001words"),
            book("Words", "again"),
            book("B", "x"),
            book("B", "x"),
            book("No key"),
        ]
    )
    assert [(claim.key, claim.how) for claim in ledger.claims] == [
        ("again", How.ADOPTED),
        ("lee2001words", How.MADE),
        ("x", How.ADOPTED),
    ]
    assert [claim.origin.adopted for claim in ledger.claims] == ["again", "", ""]


def test_aliases_that_an_export_has_are_read_back():
    record = book("Words", "k", unmapped=(("ids", "old, older,, b,a b"),))
    ledger = rebuild_ledger([record, book("Others", "b")])
    assert {claim.key: claim.aliases for claim in ledger.claims} == {"b": (), "k": ("old", "older")}


def test_what_was_issued_is_what_is_rebuilt():
    records = [
        book("Words"),
        book("Words of"),
        book("Others", "Mine"),
        book("Editorial", "a"),
        book("Editorial", "b"),
    ]
    works = [Work(record, (record,), record.brought_key) for record in records]
    assigned = assign_keys(KeyLedger(), works)
    exported = [replace(entry.record, brought_key=entry.key) for entry in assigned.entries]
    assert rebuild_ledger(exported) == assigned.ledger
