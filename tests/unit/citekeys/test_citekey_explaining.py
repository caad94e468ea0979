"""Why a key is what it is, in sentences."""

import pytest

from bibkit.citekeys import KeyLedger, assign_keys, gather, merge_keys, pin_key, rename_key
from bibkit.citekeys.explaining import explain_key
from bibkit.errors import UnknownKeyError
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate


def record(title, key=None):
    return Record(
        type=ItemType.PREPRINT,
        title=title,
        creators=(Person("Gao", "Lei"),),
        issued=PartialDate(2024),
        brought_key=key,
    )


def ledger_of(*batches, style="short"):
    ledger, records = KeyLedger(), []
    for batch in batches:
        records += batch
        ledger = assign_keys(ledger, collate(records).works, style=style).ledger
    return ledger


def why(ledger, key):
    explained = explain_key(ledger, key)
    return explained, " ".join(explained.reasons)


def test_a_made_key_says_what_it_was_made_from():
    explained, text = why(ledger_of([record("Ethos: a study")]), "gao2024ethos")
    assert 'as run 1 saw them: Lei Gao; 2024; "ethos a study".' in text
    assert (explained.rivals, len(explained.reasons)) == ((), 1)


def test_works_that_wanted_one_key_in_one_run_are_named():
    ledger = ledger_of([record("Ethos one"), record("Ethos two")])
    one, other = (claim.key for claim in ledger.claims)
    explained, text = why(ledger, one)
    assert [rival.key for rival in explained.rivals] == [other]
    assert f"The candidate gao2024ethos was wanted in the same run by {other}" in text
    assert f"-{one.partition('-')[2]} are letters of the hash" in text


def test_a_work_that_came_later_names_the_one_that_had_the_key_and_the_other_way_round():
    ledger = ledger_of([record("Ethos one")], [record("Ethos two")])
    [late] = [claim.key for claim in ledger.claims if claim.issued == 2]
    assert "The candidate gao2024ethos was gone: run 1 had issued gao2024ethos" in why(ledger, late)[1]
    assert f'{late}, "ethos two" (Lei Gao, 2024), wanted it in run 2' in why(ledger, "gao2024ethos")[1]


def test_a_key_of_the_hashed_style_had_no_rival():
    ledger = ledger_of([record("Ethos")], style="hashed")
    assert "the key style was `hashed`" in why(ledger, ledger.claims[0].key)[1]


def test_a_key_that_only_begins_alike_is_no_collision():
    ledger = ledger_of([record("Ethos")])
    ledger = gather([*ledger.claims, *ledger_of([record("Pathos", "gao2024ethos-mine")]).claims])
    assert "begins alike, and does not collide" in why(ledger, "gao2024ethos")[1]


def test_brought_and_chosen_keys_say_so():
    ledger = ledger_of([record("Ethos", "Gao:24"), record("Pathos")])
    assert why(ledger, "Gao:24")[1] == "A file brought it: its key in run 1 was kept to the letter."
    assert "A person chose it" in why(pin_key(ledger, "Gao:24").ledger, "Gao:24")[1]
    renamed = rename_key(rename_key(ledger, "gao2024pathos", "Mine").ledger, "Mine", "Yours").ledger
    assert "A person chose it" in why(renamed, "Yours")[1]
    assert why(renamed, "Mine")[1] == (
        "Mine is an older key of this work, whose key is Yours; it stays an alias."
        ' The work, as it was first seen: Lei Gao; 2024; "pathos".'
    )
    older = why(renamed, "gao2024pathos")[1]
    assert "It was made from" in older
    assert "whose key is Yours" in older


def test_an_older_key_with_a_suffix_is_known_by_its_hash():
    ledger = ledger_of([record("Ethos one"), record("Ethos two")])
    one = ledger.claims[0].key
    assert "wanted in the same run by" in why(rename_key(ledger, one, "mine").ledger, one)[1]
    assert (
        "It was made" not in why(rename_key(ledger_of([record("X", "a-bc")]), "a-bc", "y").ledger, "a-bc")[1]
    )


def test_an_older_key_that_a_file_brought_is_not_said_to_be_made():
    ledger = ledger_of([record("Ethos", "gao24"), record("Pathos", "gao2024pathos")])
    for key in ("gao24", "gao2024pathos"):
        assert why(ledger, key)[1].startswith("A file brought it")
    assert "It was made" not in why(rename_key(ledger, "gao24", "mine").ledger, "gao24")[1]


def test_a_merged_key_names_the_work_that_had_it():
    ledger = merge_keys(
        ledger_of([record("Ethos"), record("Pathos")]), "gao2024ethos", "gao2024pathos"
    ).ledger
    text = why(ledger, "gao2024pathos")[1]
    assert 'It was the key of a work that a person merged into this one: Lei Gao; 2024; "pathos".' in text
    assert "It was made from" in text


def test_a_work_of_nobody_is_explained():
    ledger = ledger_of([Record(type=ItemType.BOOK, title="Alone")])
    assert 'no creator; no date; "alone"' in why(ledger, "anonndalone")[1]


def test_an_unknown_key_is_refused():
    with pytest.raises(UnknownKeyError):
        explain_key(ledger_of([record("Ethos")]), "nothing")
