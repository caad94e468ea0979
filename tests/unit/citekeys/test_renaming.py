"""What a person does to keys, and what becomes of works that were merged."""

from dataclasses import replace

import pytest

from bibkit.citekeys import (
    Act,
    Claim,
    How,
    KeyLedger,
    Origin,
    Part,
    assign_keys,
    gather,
    merge_keys,
    pin_key,
    rename_key,
    resolve,
    settle,
    take_pins,
    unite,
)
from bibkit.diagnostics import Source
from bibkit.errors import KeyTakenError, UnknownKeyError, UnusableKeyError
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate


def claim(key, title, **values):
    origin = Origin(("Lei Gao",), title, "2024", ())
    prints = values.pop("prints", (f"title:{title}leigao",))
    return Claim(key, origin, prints, **values)


def record(title, key=None, path="refs.bib", line=1, **values):
    return Record(
        type=ItemType.ARTICLE,
        title=title,
        creators=(Person("Gao", "Lei"),),
        brought_key=key,
        source=Source(path if key else "page.txt", line),
        **values,
    )


def exported(ledger, *records):
    """The assignment of records, which a second run does not change."""
    works = collate(records).works
    assignment = assign_keys(ledger, works)
    assert assign_keys(ledger, works[::-1]) == assignment
    again = assign_keys(assignment.ledger, works)
    assert (again.ledger, again.entries) == (assignment.ledger, assignment.entries)
    return assignment


def issued(*records):
    return exported(KeyLedger(), *records).ledger


def written(assignment):
    return [(entry.key, entry.aliases) for entry in assignment.entries]


ETHOS, PATHOS = claim("ethos", "ethos"), claim("pathos", "pathos", issued=2, aliases=("old",))
LEDGER = gather([ETHOS, PATHOS])


def test_a_pin_marks_the_present_key_even_by_an_alias():
    for key in ("pathos", "old"):
        change = pin_key(LEDGER, key)
        assert (change.act, change.before, change.after) == (
            Act.PINNED,
            (PATHOS,),
            replace(PATHOS, how=How.PINNED),
        )
        assert pin_key(change.ledger, key).act is Act.NOTHING
        assert pin_key(change.ledger, key).ledger is change.ledger


def test_a_renamed_key_is_pinned_and_the_old_one_an_alias():
    change = rename_key(LEDGER, "pathos", "mine")
    assert change.after == replace(PATHOS, key="mine", aliases=("old", "pathos"), how=How.PINNED)
    assert change.ledger == gather([ETHOS, change.after])
    assert change.act is Act.RENAMED


def test_a_key_and_its_alias_change_places():
    there = rename_key(LEDGER, "pathos", "old")
    assert (there.after.key, there.after.aliases) == ("old", ("pathos",))
    back = rename_key(there.ledger, "old", "pathos")
    assert back.after == replace(PATHOS, how=How.PINNED)


def test_to_rename_a_key_to_itself_is_to_pin_it():
    assert rename_key(LEDGER, "old", "pathos") == pin_key(LEDGER, "pathos")


def test_a_key_may_change_its_case():
    change = rename_key(LEDGER, "ethos", "Ethos")
    assert (change.after.key, change.after.aliases) == ("Ethos", ("ethos",))


@pytest.mark.parametrize("new", ["ethos", "ETHOS"])
def test_a_key_of_another_work_cannot_be_had(new):
    with pytest.raises(KeyTakenError, match=r'another work, "ethos" \(Lei Gao, 2024\)') as trouble:
        rename_key(LEDGER, "pathos", new)
    assert (trouble.value.taken, trouble.value.exit_code) == ("ethos", 65)


def test_an_old_key_of_another_work_cannot_be_had_and_its_present_key_is_named():
    with pytest.raises(KeyTakenError, match=r"an old key of another work, .*, now pathos\n"):
        rename_key(LEDGER, "ethos", "old")


@pytest.mark.parametrize("new", ["", "a b", "a,b", "{a}", "a%", "a\\b", "a\nb"])
def test_a_key_that_not_every_format_takes_is_refused(new):
    with pytest.raises(UnusableKeyError, match="cannot be a citation key in all formats"):
        rename_key(LEDGER, "ethos", new)


def test_an_unknown_key_is_named_with_those_that_may_be_meant():
    with pytest.raises(UnknownKeyError, match=r"Did you mean ethos or pathos\?") as trouble:
        pin_key(LEDGER, "pethos")
    assert (trouble.value.key, trouble.value.nearest) == ("pethos", ("ethos", "pathos"))
    with pytest.raises(UnknownKeyError) as trouble:
        merge_keys(LEDGER, "ethos", "zzz")
    assert str(trouble.value).endswith(
        "\n`bibkit keys list WORD...` finds keys by words of title, names and year."
    )
    with pytest.raises(UnknownKeyError):
        rename_key(LEDGER, "zzz", "ethos")


@pytest.mark.parametrize(
    ("one", "other", "leader"),
    [
        ({}, {}, "a"),
        ({"issued": 2}, {"issued": 1}, "b"),
        ({"issued": 1}, {"issued": 2, "how": How.ADOPTED}, "b"),
        ({"issued": 1, "how": How.ADOPTED}, {"issued": 2, "how": How.PINNED}, "b"),
        ({"issued": 2, "how": How.PINNED}, {"issued": 1, "how": How.PINNED}, "b"),
    ],
)
def test_of_two_works_that_are_one_the_chosen_then_the_older_key_stays(one, other, leader):
    ledger = gather([claim("a", "ethos", **one), claim("b", "pathos", aliases=("z",), **other)])
    change = merge_keys(ledger, "a", "z")
    assert merge_keys(ledger, "b", "a").ledger == change.ledger
    assert change.after.key == change.before[0].key == leader
    assert sorted(change.after.all_keys()) == ["a", "b", "z"]
    assert change.after.issued == 1
    assert change.after.all_fingerprints() == ("title:ethosleigao", "title:pathosleigao")


def test_what_is_one_already_is_left_alone():
    assert merge_keys(LEDGER, "pathos", "old").act is Act.NOTHING
    merged = merge_keys(LEDGER, "ethos", "pathos").ledger
    assert merge_keys(merged, "old", "ethos").ledger is merged


def test_a_merged_claim_keeps_what_the_other_said():
    merged = merge_keys(LEDGER, "pathos", "ethos").after
    assert merged == replace(
        ETHOS,
        aliases=("old", "pathos"),
        merged=(Part(PATHOS.origin, ("old", "pathos"), PATHOS.fingerprints),),
    )
    assert [part.keys for part in merged.parts()] == [("ethos",), ("old", "pathos")]


def test_merges_of_merges_have_all_parts():
    ledger = gather([ETHOS, PATHOS, claim("logos", "logos", issued=3)])
    one = merge_keys(merge_keys(ledger, "pathos", "logos").ledger, "logos", "ethos").ledger
    other = merge_keys(merge_keys(ledger, "ethos", "pathos").ledger, "logos", "pathos").ledger
    assert one == other
    assert [part.origin.title for part in one.claims[0].parts()] == ["ethos", "logos", "pathos"]


def test_old_lines_of_merged_works_say_nothing_new():
    merged = merge_keys(LEDGER, "ethos", "pathos").ledger
    for old in (gather([PATHOS]), gather([ETHOS]), LEDGER):
        assert settle(unite(merged, old)) == settle(merged)


def test_an_old_line_that_learned_something_teaches_its_part():
    merged = merge_keys(LEDGER, "ethos", "pathos").ledger
    wiser = replace(PATHOS, fingerprints=("doi:10.1000/p", "title:pathosleigao"))
    part = settle(unite(merged, gather([wiser]))).ledger.claims[0].merged[0]
    assert part.fingerprints == wiser.fingerprints


def test_an_old_line_is_known_by_how_its_work_first_looked():
    merged = merge_keys(LEDGER, "ethos", "pathos").ledger
    old = replace(PATHOS, fingerprints=("doi:10.1000/p",))
    settled = settle(unite(merged, gather([old])))
    assert settled.diagnostics == ()
    assert settled.ledger.claims[0].merged[0].fingerprints == ("doi:10.1000/p", "title:pathosleigao")


def test_an_old_line_is_taken_in_though_its_identifiers_differ():
    ethos = replace(ETHOS, fingerprints=("doi:10.1000/e", *ETHOS.fingerprints))
    merged = merge_keys(gather([ethos, PATHOS]), "ethos", "pathos").ledger
    wiser = replace(PATHOS, fingerprints=("doi:10.1000/p", *PATHOS.fingerprints))
    settled = settle(unite(merged, gather([wiser])))
    assert settled.diagnostics == ()
    assert [one.key for one in settled.ledger.claims] == ["ethos"]


def test_a_line_that_another_branch_issued_for_one_of_the_works_is_taken_in():
    # It has a key of the merged works, and of each of them an identifier that the other would contradict.
    ethos = replace(ETHOS, fingerprints=("arxiv:1", "doi:1"))
    pathos = replace(PATHOS, fingerprints=("arxiv:2", "doi:2"))
    logos = claim("logos", "logos", aliases=("pathos",), prints=("arxiv:1", "doi:2"), issued=3)
    merged = merge_keys(gather([ethos, pathos]), "ethos", "pathos").ledger
    settled = settle(unite(merged, gather([logos])))
    assert settled.diagnostics == ()
    assert settled.ledger.claims[0].all_keys() == ("ethos", "logos", "old", "pathos")


def test_merges_of_two_branches_meet_in_one_work():
    logos = claim("logos", "logos", issued=3)
    ledger = gather([ETHOS, PATHOS, logos])
    one, other = merge_keys(ledger, "ethos", "pathos").ledger, merge_keys(ledger, "pathos", "logos").ledger
    settled = settle(unite(one, other))
    assert settled.diagnostics == ()
    assert settled.ledger == merge_keys(one, "ethos", "logos").ledger


def test_a_renamed_key_stays_renamed_when_its_old_line_comes_back():
    pinned = pin_key(LEDGER, "ethos").ledger
    renamed = rename_key(pinned, "ethos", "zeta").ledger
    settled = settle(unite(renamed, pinned))
    assert settled == settle(renamed)
    merged = merge_keys(renamed, "zeta", "pathos").ledger
    assert settle(unite(merged, pinned, LEDGER)) == settle(merged)


def test_of_two_names_that_branches_gave_one_key_the_first_stays():
    one, other = (rename_key(LEDGER, "ethos", new).ledger for new in ("x", "y"))
    settled = settle(unite(one, other))
    assert settled.ledger.claims[-1].all_keys() == ("x", "ethos", "y")
    assert settled.diagnostics == ()


def test_a_merged_work_that_loses_an_alias_to_an_older_one_resolves_without_it():
    other = claim("pathos", "logos", issued=1)
    merged = merge_keys(gather([replace(ETHOS, issued=2), PATHOS]), "ethos", "pathos").ledger
    settled = settle(unite(merged, gather([other])))
    found = resolve(settled.ledger)
    assert (found["pathos"], found["ethos"].aliases) == (other, ("old",))
    assert [part.keys for part in found["ethos"].parts()] == [("ethos",), ("old",)]
    assert len(settled.diagnostics) == 1


def test_a_merged_work_that_loses_its_key_is_given_a_suffix():
    merged = merge_keys(gather([replace(ETHOS, issued=2), PATHOS]), "ethos", "pathos").ledger
    other = claim("ethos", "logos", issued=1)
    settled = settle(unite(merged, gather([other])))
    [mine] = [one for one in settled.ledger.claims if one.merged]
    assert mine.key.startswith("ethos-")
    assert mine.aliases == ("old", "pathos")


def test_merged_entries_of_a_file_are_one_entry():
    first = record("Ethos", "a", note="First.")
    second = record("Pathos", "b", line=2, doi="10.1000/b")
    ledger = merge_keys(issued(first, second), "a", "b").ledger
    assignment = exported(ledger, first, second)
    assert written(assignment) == [("a", ("b",))]
    assert (assignment.entries[0].record.note, assignment.entries[0].record.doi) == ("First.", "10.1000/b")
    assert [said.code for said in assignment.diagnostics] == ["sources-differ"]
    assert (assignment.new_keys, assignment.kept_keys) == (0, 1)


def test_merged_works_may_have_identifiers_that_differ():
    preprint = record("Ethos", doi="10.48550/x", arxiv_id="2401.00001")
    article = record("Ethos", "gao24", doi="10.1000/1")
    ledger = issued(preprint, article)
    assert len(ledger.claims) == 2
    merged = merge_keys(ledger, *[one.key for one in ledger.claims]).ledger
    assert written(exported(merged, preprint, article)) == [("gao24", ("gaondethos",))]
    assert written(exported(merged, article)) == [("gao24", ("gaondethos",))]
    assert written(exported(merged, preprint)) == [("gao24", ("gaondethos",))]
    # One that has the identifiers of both is the same work, too.
    both = replace(article, brought_key=None, arxiv_id="2401.00001", doi="10.1000/1")
    assert written(exported(merged, both)) == [("gao24", ("gaondethos",))]


def test_a_work_with_identifiers_of_both_merged_works_is_theirs():
    one = record("Ethos", "a", doi="10.1000/1", arxiv_id="2401.00001")
    other = record("Pathos", "b", doi="10.1000/2", arxiv_id="2401.00002")
    ledger = merge_keys(issued(one, other), "a", "b").ledger
    mixed = record("Logos", doi="10.1000/2", arxiv_id="2401.00001")
    assert written(exported(ledger, mixed)) == [("a", ("b",))]
    neither = record("Ethos", doi="10.1000/3")
    assert written(exported(ledger, neither)) == [("gaondethos", ())]


def test_twins_of_a_file_are_merged():
    twins = [record("Ethos", "a"), record("Ethos", "b", line=2)]
    ledger = merge_keys(issued(*twins), "a", "b").ledger
    assert written(exported(ledger, *twins)) == [("a", ("b",))]
    assert written(exported(ledger, twins[1])) == [("a", ("b",))]
    third = record("Ethos", "c", line=3)
    assert written(exported(ledger, *twins, third)) == [("a", ("b",)), ("c", ())]


def test_a_work_of_which_the_person_said_nothing_is_not_drawn_in():
    # The same title as one of the merged works, and an identifier of its own.
    merged = merge_keys(
        issued(record("Ethos", doi="10.1000/1"), record("Pathos", doi="10.1000/2")),
        "gaondethos",
        "gaondpathos",
    ).ledger
    both = [record("Ethos", doi="10.1000/1"), record("Pathos", doi="10.1000/2")]
    erratum = record("Pathos", doi="10.1000/3")
    assert len(written(exported(merged, *both, erratum))) == 2
    # The same key in another file, on another work of the same author.
    keyed = issued(record("Ethos", "a"), record("Pathos", "b"))
    ledger = merge_keys(keyed, "a", "b").ledger
    other = record("Logos", "a", path="other.bib")
    assert written(exported(ledger, record("Ethos", "a"), other))[0] == ("a", ("b",))
    assert len(written(exported(ledger, record("Ethos", "a"), other))) == 2


def test_a_merged_work_learns_part_by_part():
    ledger = merge_keys(issued(record("Ethos"), record("Pathos")), "gaondethos", "gaondpathos").ledger
    learned = exported(ledger, record("Ethos"), record("Pathos", doi="10.1000/p")).ledger
    assert [part.fingerprints for part in learned.claims[0].parts()] == [
        ("title:ethosleigao",),
        ("doi:10.1000/p", "title:pathosleigao"),
    ]
    learned = exported(learned, record("Ethos", doi="10.1000/e"), record("Pathos")).ledger
    assert learned.claims[0].fingerprints == ("doi:10.1000/e", "title:ethosleigao")


def test_old_entries_of_a_merged_work_in_an_export_are_no_pins():
    ledger = merge_keys(issued(record("Ethos"), record("Pathos")), "gaondethos", "gaondpathos").ledger
    old = [record("Ethos", "gaondethos"), record("Pathos", "gaondpathos")]
    pinned = take_pins(ledger, old, ())
    assert (pinned.ledger, pinned.diagnostics) == (ledger, ())
    mine = take_pins(ledger, [record("Pathos", "mine")], ())
    assert mine.ledger.claims[0].all_keys() == ("mine", "gaondethos", "gaondpathos")
