from dataclasses import replace

import pytest

from bibkit.citekeys import Claim, How, KeyLedger, Origin, assign_keys, gather, origin_of
from bibkit.citekeys.scheme import content_letters
from bibkit.diagnostics import Severity, Source
from bibkit.model.dates import PartialDate
from bibkit.model.identity import fingerprints
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Work

GAO = (Person("Gao", "Lei"),)
NEW = KeyLedger()


def work(title="Ethos", *, sources=None, key=None, line=1, **values):
    record = Record(
        type=ItemType.PREPRINT,
        title=title,
        creators=values.pop("creators", GAO),
        source=Source("a", line),
        brought_key=key,
        **values,
    )
    return Work(record, (record,) if sources is None else sources, key)


def claim(key, of, **values):
    return Claim(key, values.pop("origin", origin_of(of.record)), fingerprints(of.record), **values)


def keys(ledger, *works, **values):
    """The keys of works, in the order of the works, and the assignment; their order decides nothing."""
    assignment = assign_keys(ledger, works, **values)
    assert assign_keys(ledger, works[::-1], **values) == assignment
    by_record = {id(entry.record): entry.key for entry in assignment.entries}
    return [by_record[id(one.record)] for one in works], assignment


def own(base, one, length=3):
    return f"{base}-{content_letters(origin_of(one.record))[:length]}"


def said(assignment):
    return [(diagnostic.severity, diagnostic.code) for diagnostic in assignment.diagnostics]


def test_nothing_gives_nothing():
    assignment = assign_keys(NEW, [])
    assert (assignment.ledger, assignment.entries, assignment.new_keys, assignment.kept_keys) == (
        NEW,
        (),
        0,
        0,
    )


def test_a_new_work_is_issued_its_key():
    one = work(issued=PartialDate(2024))
    [key], assignment = keys(NEW, one)
    assert key == "gao2024ethos"
    assert assignment.ledger.claims == (
        Claim("gao2024ethos", origin_of(one.record), ("title:ethosleigao",), (), How.MADE, 1, 1),
    )
    assert (assignment.new_keys, assignment.kept_keys) == (1, 0)


def test_two_newcomers_that_want_one_key_both_take_their_suffix():
    one, other = work("Ethos"), work("Ethos, again")
    assert keys(NEW, one, other)[0] == [own("gaondethos", one), own("gaondethos", other)]


def test_a_newcomer_never_moves_the_incumbent():
    one, other = work("Ethos"), work("Ethos, again")
    ledger = keys(NEW, one)[1].ledger
    assert keys(ledger, one, other)[0] == ["gaondethos", own("gaondethos", other)]
    assert keys(ledger, other)[0] == [own("gaondethos", other)]


def test_a_newcomer_takes_no_alias_in_any_case():
    ledger = gather([claim("x", work("Pathos"), aliases=("GAOndEthos",))])
    assert keys(ledger, work("Ethos"))[0] == [own("gaondethos", work("Ethos"))]


def test_hashed_keys_always_have_their_suffix():
    one, other = work("Ethos"), work("Pathos")
    assert keys(NEW, one, other, style="hashed")[0] == [own("gaondethos", one), own("gaondpathos", other)]
    assert keys(keys(NEW, one)[1].ledger, one, style="hashed")[0] == ["gaondethos"]


def test_a_run_issues_one_number():
    ledger = gather([claim("x", work("X"), issued=7)])
    _, assignment = keys(ledger, work("Ethos"), work("Pathos"), work("X"))
    assert [item.issued for item in assignment.ledger.claims] == [8, 8, 7]
    assert (assignment.new_keys, assignment.kept_keys) == (2, 1)


def test_identical_works_are_still_told_apart():
    one, other = work(), work()
    first, assignment = keys(NEW, one, other)
    assert len(set(first)) == 2
    assert sorted(keys(assignment.ledger, one, other)[0]) == sorted(first)


def test_a_claim_learns_from_all_sources():
    one = work(doi="10.1000/a")
    other = work("Pathos", arxiv_id="2401.00001")
    both = replace(one, sources=(one.record, other.record))
    _, assignment = keys(gather([claim("k", work())]), both)
    assert assignment.ledger.claims[0].fingerprints == (
        "arxiv:2401.00001",
        "doi:10.1000/a",
        "title:ethosleigao",
        "title:pathosleigao",
    )


def test_strong_identifiers_come_before_titles():
    by_title, by_id = work("Ethos"), work("Pathos", doi="10.1000/a")
    ledger = gather([claim("t", by_title, how=How.PINNED), claim("i", by_id, issued=2)])
    assert keys(ledger, work("Ethos", doi="10.1000/a"))[0] == ["i"]
    assert keys(ledger, work("Ethos", doi="10.1000/b"))[0] == ["t"]
    assert keys(ledger, work("Ethos"), work("Ethos", doi="10.1000/a"))[0] == ["t", "i"]


def test_identifiers_that_differ_never_match():
    ledger = gather([claim("k", work(doi="10.1000/a"))])
    other = work(doi="10.1000/b")
    assert keys(ledger, other)[0] == ["gaondethos"]


@pytest.mark.parametrize(
    ("values", "others", "leader"),
    [
        ({"how": How.PINNED, "issued": 2}, {"how": How.MADE}, "a"),
        ({"how": How.PINNED, "issued": 2}, {"how": How.PINNED}, "b"),
        ({"issued": 2}, {"issued": 1}, "b"),
        ({}, {}, "a"),
    ],
)
def test_of_two_claims_of_one_work_one_leads_and_the_other_is_an_alias(values, others, leader):
    ledger = gather(
        [claim("a", work(), **values), claim("b", work(issued=PartialDate(2025)), aliases=("z",), **others)]
    )
    [key], assignment = keys(ledger, work(issued=PartialDate(2026)))
    assert key == leader
    written = {assignment.entries[0].key, *assignment.entries[0].aliases}
    assert written == {"a", "b", "z"}
    assert assignment.ledger == ledger


def test_a_claim_that_another_work_has_is_nobodys_alias():
    ledger = gather([claim("a", work(doi="10.1000/a")), claim("b", work(doi="10.1000/b"))])
    _, assignment = keys(ledger, work(doi="10.1000/a"), work(doi="10.1000/b"))
    assert [entry.aliases for entry in assignment.entries] == [(), ()]


def test_a_key_that_a_file_brought_is_no_alias_by_its_title():
    ledger = gather([claim("a", work(), how=How.ADOPTED), claim("b", work(), how=How.ADOPTED, issued=2)])
    assert keys(ledger, work())[1].entries[0].aliases == ()
    by_doi = [claim(key, work(doi="10.1000/a"), how=How.ADOPTED) for key in "ab"]
    assert keys(gather(by_doi), work(doi="10.1000/a"))[1].entries[0].aliases == ("b",)


def test_aliases_do_not_join_what_identifiers_keep_apart():
    plain, one, other = (
        claim("a", work()),
        claim("b", work(doi="10.1000/a")),
        claim("c", work(doi="10.1000/b")),
    )
    _, assignment = keys(gather([plain, one, other]), work())
    assert assignment.entries[0].aliases == ("b",)
    _, assignment = keys(gather([plain, other]), work(doi="10.1000/a"), work("Pathos"))
    assert [(entry.key, entry.aliases) for entry in assignment.entries] == [("a", ()), ("gaondpathos", ())]


def test_of_two_works_the_one_that_looks_as_it_did_has_the_claim():
    old, new = work(issued=PartialDate(2024)), work(issued=PartialDate(2026))
    ledger = gather([claim("k", old)])
    assert keys(ledger, old, new)[0] == ["k", "gao2026ethos"]
    collated = replace(new, sources=(new.record, old.record))
    newest = work(issued=PartialDate(2025))
    assert keys(ledger, newest, collated)[0] == ["gao2025ethos", "k"]


def test_of_two_works_the_one_that_shares_more_has_the_claim():
    ledger = gather([replace(claim("k", work("Logos")), fingerprints=("doi:10.1000/a", "title:ethosleigao"))])
    less, more = work("Pathos", doi="10.1000/a"), work("Ethos", doi="10.1000/a")
    assert keys(ledger, less, more)[0] == ["gaondpathos", "k"]


def test_a_ledger_with_a_clash_is_settled_and_says_so_once():
    one, other = work("Ethos"), work("Pathos")
    ledger = gather([claim("k", one), claim("k", other)])
    first, assignment = keys(ledger, one, other)
    assert first == ["k", own("k", other)]
    assert said(assignment) == [(Severity.ERROR, "key-clash")]
    again, assignment = keys(assignment.ledger, one, other)
    assert (again, said(assignment)) == (first, [])


def test_a_key_that_a_file_brings_is_kept_to_the_letter():
    one, other = work(key="Smith:2020+a"), work("Pathos", key="Ключ")
    found, assignment = keys(NEW, one, other)
    assert found == ["Smith:2020+a", "Ключ"]
    assert [item.how for item in assignment.ledger.claims] == [How.ADOPTED, How.ADOPTED]
    assert said(assignment) == []


@pytest.mark.parametrize("key", ["", "a b", "a,b", "{a}", "a%", "a~b", "a\\b", "a\nb", 'a"', "a#b", "\ud800"])
def test_a_key_that_not_every_format_takes_is_not_adopted(key):
    [found], assignment = keys(NEW, work(key=key))
    assert found == "gaondethos"
    assert said(assignment) == ([(Severity.WARNING, "unusable-key")] if key else [])
    assert assignment.ledger.claims[0].how is How.MADE


def test_case_twins_both_stay_with_a_warning():
    found, assignment = keys(NEW, work(key="Smith"), work("Pathos", key="smith", line=2))
    assert found == ["Smith", "smith"]
    assert [(str(one.source), one.code) for one in assignment.diagnostics] == [("a:2", "case-twins")]


def test_two_works_that_bring_one_key_are_an_error():
    one, other = work("Ethos", key="k"), work("Pathos", key="k", line=2)
    found, assignment = keys(NEW, one, other)
    assert found == ["k", own("gaondpathos", other)]
    assert [(str(item.source), item.severity, item.code) for item in assignment.diagnostics] == [
        ("a:2", Severity.ERROR, "key-clash")
    ]
    assert assignment.diagnostics[0].message == (
        f"the citation key k is that of a:1; this work is given {found[1]}"
    )
    again, assignment = keys(assignment.ledger, one, other)
    assert (again, said(assignment)) == (found, [])


def test_a_brought_key_that_is_another_works_is_an_error():
    other = work("Pathos", creators=(Person("Li"),), key="k")
    found, assignment = keys(gather([claim("k", work())]), other)
    assert found == [own("lindpathos", other)]
    assert said(assignment) == [(Severity.ERROR, "key-clash")]
    assert f"that of another work in the ledger; this work is given {found[0]}" in str(assignment.diagnostics)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Ethos, corrected"},
        {"creators": (Person("Li"),)},
        {"title": "Pathos", "creators": (Person("Li"),), "doi": "10.1000/a"},
    ],
)
def test_an_entry_is_known_by_its_key_while_something_agrees(changed):
    ledger = gather([claim("k", work(doi="10.1000/a" if "doi" in changed else None), how=How.ADOPTED)])
    assert keys(ledger, work(**changed, key="k"))[0] == ["k"]


def test_an_entry_is_known_by_an_alias_that_it_brings():
    ledger = gather([claim("k", work(), aliases=("old",))])
    assert keys(ledger, work("Ethos, corrected", key="old"))[0] == ["k"]


def test_an_identifier_that_differs_contradicts_the_key():
    ledger = gather([claim("k", work(doi="10.1000/a"))])
    other = work(doi="10.1000/b", key="k")
    assert keys(ledger, other)[0] == [own("gaondethos", other)]


def test_the_ledger_comes_before_a_key_that_the_input_brings():
    assert keys(gather([claim("k", work())]), work(key="mine"))[0] == ["k"]


def test_two_yearly_editorials_are_two_works():
    years = [work("Editorial", key=f"e{year}", issued=PartialDate(year)) for year in (2019, 2020)]
    found, assignment = keys(NEW, *years)
    assert found == ["e2019", "e2020"]
    renamed = [work("Editorial", key=f"x{year}", issued=PartialDate(year)) for year in (2021, 2022)]
    assert keys(assignment.ledger, *renamed)[0] == ["x2021", "x2022"]
    assert keys(assignment.ledger, years[0], renamed[0])[0] == ["e2019", "e2020"]
    assert keys(assignment.ledger, years[1])[1].entries[0].aliases == ()


def test_where_origins_are_equal_the_adopted_key_is_part_of_them():
    one, other = work("Editorial", key="a"), work("Editorial", key="b", abstract="Another.")
    found, assignment = keys(NEW, one, other)
    assert found == ["a", "b"]
    assert [item.origin.adopted for item in assignment.ledger.claims] == ["a", "b"]
    later, assignment = keys(assignment.ledger, one, other, work("Editorial", key="c"))
    assert later == ["a", "b", "c"]
    assert Origin(("Lei Gao",), "editorial", "", (), "c") in [
        item.origin for item in assignment.ledger.claims
    ]


def test_a_work_that_was_refused_its_key_keeps_the_one_that_was_made():
    one, other = work("Ethos", key="k"), work("Pathos", key="k")
    found, assignment = keys(NEW, one, other)
    assert keys(assignment.ledger, other)[0] == found[1:]
