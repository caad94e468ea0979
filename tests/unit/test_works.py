from dataclasses import replace

import pytest

from bibkit.diagnostics import Severity, Source
from bibkit.model.dates import ExtendedDate, PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.works import collate

LEI, AMIR = Person("Gao", "Lei"), Person("Ziashahabi", "Amir")


def record(line=1, path="a.txt", **values):
    values = {"title": "Ethos", "creators": (LEI,)} | values
    return Record(type=ItemType.PREPRINT, source=Source(path, line), **values)


def lines(collation):
    return [[source.source.line for source in work.sources] for work in collation.works]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {"title": "ETHOS."}, True),
        ({}, {"creators": (LEI, AMIR)}, True),
        ({}, {"creators": (AMIR, LEI)}, False),
        ({}, {"title": "Pathos"}, False),
        ({}, {"issued": PartialDate(2025)}, True),
        ({"doi": "10.1000/a"}, {"doi": "10.1000/A", "title": "Pathos"}, True),
        ({"doi": "10.1000/a"}, {"doi": "10.1000/b"}, False),
        ({"doi": "10.1000/a"}, {"arxiv_id": "2401.00001"}, True),
        ({"arxiv_id": "2401.00001v1"}, {"arxiv_id": "2401.00001v2", "title": "Pathos"}, True),
        (
            {"arxiv_id": "2401.00001", "doi": "10.1000/a"},
            {"arxiv_id": "2401.00001", "doi": "10.1000/b"},
            False,
        ),
        ({"title": None, "abstract": "One."}, {"title": None, "abstract": "Two."}, False),
        ({"title": None, "doi": "10.1000/a"}, {"title": None, "arxiv_id": "2401.00001"}, False),
    ],
)
def test_which_records_are_one_work(one, other, same):
    collation = collate([record(1, **one), record(2, **other)])
    assert lines(collation) == ([[1, 2]] if same else [[1], [2]])


def test_works_come_in_the_order_of_their_sources():
    records = [
        record(3, title="C"),
        record(1, "b.txt", title="A"),
        record(2, title="B"),
        record(9, title="C"),
    ]
    assert lines(collate(records)) == [[2], [3, 9], [1]]
    nowhere = [replace(one, source=None) for one in records]
    assert [work.record.title for work in collate(nowhere[::-1]).works] == ["A", "B", "C"]


def test_a_lone_record_is_the_work_itself():
    one = record()
    collation = collate([one])
    assert collation.works[0].record is one
    assert collation.works[0].sources == (one,)
    assert collation.diagnostics == ()
    assert collate([]).works == ()


def merged(*records):
    collation = collate(records)
    assert len(collation.works) == 1
    assert collate(records[::-1]) == collation
    return collation.works[0].record, [str(diagnostic) for diagnostic in collation.diagnostics]


def test_sources_that_agree_say_nothing():
    result, said = merged(record(1), record(2))
    assert result == record(1)
    assert said == []


def test_a_whole_list_of_authors_beats_a_truncated_one():
    a, b, c = Person("A"), Person("B"), Person("C")
    result, said = merged(
        record(1, creators=(a, b, c), creators_truncated=True),
        record(2, creators=(a, b)),
    )
    assert result.creators == (a, b)
    assert not result.creators_truncated
    assert said == [
        'a.txt:2: info: creators: "A, B" here, "A, B, C" at a.txt:1; the first is kept [sources-differ]',
        'a.txt:2: info: creators_truncated: "no" here, "yes" at a.txt:1; the first is kept [sources-differ]',
    ]


def test_a_longer_list_beats_a_shorter_one():
    result, _ = merged(
        record(1, creators=(LEI,), creators_truncated=True),
        record(2, creators=(LEI, Body("OpenAI")), creators_truncated=True),
    )
    assert result.creators == (LEI, Body("OpenAI"))


def test_a_certain_split_beats_an_uncertain_one():
    doubtful = record(
        1, title="Embodied A", creators=(Person("Yang", "IQingqian"),), listing=ListingFacts(uncertain=True)
    )
    certain = record(2, title="Embodied AI", creators=(Person("Yang", "Qingqian"),), listing=ListingFacts())
    result, said = merged(doubtful, certain)
    assert (result.title, result.creators) == (certain.title, certain.creators)
    assert result.listing == ListingFacts()
    assert [line.split(": ")[2] for line in said] == ["creators", "title"]


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (None, PartialDate(2024), PartialDate(2024)),
        (PartialDate(2024), PartialDate(2024, 9), PartialDate(2024, 9)),
        (PartialDate(2024, 9, 23), PartialDate(2025, 1), PartialDate(2024, 9, 23)),
        (ExtendedDate(literal="spring"), PartialDate(2024), PartialDate(2024)),
        (None, ExtendedDate(literal="spring"), ExtendedDate(literal="spring")),
    ],
)
def test_the_most_precise_date_is_kept(one, other, kept):
    result, said = merged(record(1, issued=one), record(2, issued=other))
    assert result.issued == kept
    assert len(said) == (one is not None)


def test_facts_of_listings_are_put_together():
    one = record(1, listing=ListingFacts(code=True, date="May 24"))
    other = record(2, listing=ListingFacts(score=78.4, date="May 25"))
    result, said = merged(one, other)
    assert result.listing == ListingFacts(score=78.4, code=True, date="May 25")
    assert [line.split(": ")[2] for line in said] == ["code", "date"]
    dated = replace(other, issued=PartialDate(2026, 5, 25))
    result, said = merged(one, dated)
    assert (result.issued, result.listing.date) == (PartialDate(2026, 5, 25), "May 25")
    assert [line.split(": ")[2] for line in said] == ["code"]


def test_what_one_source_lacks_the_other_gives():
    result, said = merged(
        record(1, abstract="Text.", categories=("cs.LG",), affiliations=("mit",), unmapped=(("a", "b"),)),
        record(2, doi="10.1000/a", categories=("cs.AI", "cs.LG"), keywords=("x",)),
    )
    assert (result.abstract, result.doi, result.keywords) == ("Text.", "10.1000/a", ("x",))
    assert (result.affiliations, result.unmapped) == (("mit",), (("a", "b"),))
    assert set(result.categories) == {"cs.LG", "cs.AI"}
    assert len(said) == 1
    assert said[0].endswith("; both are kept [sources-differ]")


def test_a_long_text_is_quoted_where_it_differs():
    text = "word " * 100
    _, said = merged(record(1, abstract=f"{text}one {text}"), record(2, abstract=f"{text}two {text}"))
    assert len(said) == 1
    assert '"...word word word word one word word' in said[0]
    assert len(said[0]) < 250
    _, said = merged(record(1, abstract=text), record(2, abstract=text + "more"))
    assert '"...' in said[0]


def test_conflicting_identifiers_are_never_joined_by_a_third():
    plain, one, other = record(1), record(2, doi="10.1000/a"), record(3, doi="10.1000/b")
    collation = collate([plain, one, other])
    assert sorted(map(len, (work.sources for work in collation.works))) == [1, 2]
    assert collate([other, one, plain]) == collation


def entry(key, line=1, path="a.bib", **values):
    return record(line, path, brought_key=key, **values)


def test_entries_of_one_file_are_never_merged():
    records = [entry("a", 1), entry("b", 2), entry("c", 3, doi="10.1000/a"), entry("d", 4, doi="10.1000/a")]
    collation = collate(records)
    assert lines(collation) == [[1], [2], [3], [4]]
    assert [work.brought_key for work in collation.works] == ["a", "b", "c", "d"]
    assert [(str(said.source), said.severity, said.code) for said in collation.diagnostics] == [
        (f"a.bib:{line}", Severity.INFO, "possible-duplicate") for line in (2, 3, 4)
    ]
    assert collation.diagnostics[0].message == "b may be the same work as a; both stay"
    nowhere = collate([replace(record, source=None) for record in records])
    assert len(nowhere.works) == 4


def test_entries_of_two_files_are_one_by_identifier_or_by_key_and_title():
    assert lines(collate([entry("a", 1), entry("a", 2, "b.bib")])) == [[1, 2]]
    assert lines(collate([entry("a", 1), entry("b", 2, "b.bib")])) == [[1], [2]]
    assert lines(collate([entry("a", 1), entry("a", 2, "b.bib", title="Pathos")])) == [[1], [2]]
    by_doi = [entry("a", 1, doi="10.1000/a"), entry("b", 2, "b.bib", doi="10.1000/a", title="Pathos")]
    collation = collate(by_doi)
    assert lines(collation) == [[1, 2]]
    assert collation.works[0].brought_key in {"a", "b"}


def test_an_entry_takes_a_listings_record_in_unless_another_has_its_title():
    listed = record(9, abstract="Text.", creators=(LEI, AMIR), listing=ListingFacts(score=1.0))
    collation = collate([listed, entry("a", 1)])
    assert lines(collation) == [[1, 9]]
    work = collation.works[0]
    assert (work.brought_key, work.record.abstract, work.record.creators) == ("a", "Text.", (LEI,))
    assert lines(collate([listed, entry("a", 1), entry("b", 2)])) == [[1], [2], [9]]


def keyed(*records):
    return collate(records, {"a.bib", "b.bib"})


def test_entries_without_a_key_are_entries_of_their_file():
    alike = [entry(None, 1), entry(None, 2), entry("a", 3)]
    assert lines(keyed(*alike)) == [[1], [2], [3]]
    assert [said.message for said in keyed(*alike).diagnostics] == [
        "an entry without a key may be the same work as the entry at a.bib:1; both stay",
        "a may be the same work as the entry at a.bib:1; both stay",
    ]
    same_doi = [entry(None, 1, doi="10.1000/a"), entry(None, 2, doi="10.1000/a")]
    assert lines(keyed(*same_doi)) == [[1], [2]]
    assert lines(collate(alike[:2])) == [[1, 2]]  # of a file that has no keys at all


def test_entries_without_a_key_of_two_files_are_one_by_identifier_alone():
    assert lines(keyed(entry(None, 1), entry(None, 2, "b.bib"))) == [[1], [2]]
    assert lines(keyed(entry("a", 1), entry(None, 2, "b.bib"))) == [[1], [2]]
    by_doi = keyed(entry(None, 1, doi="10.1000/a"), entry("b", 2, "b.bib", doi="10.1000/a", title="Pathos"))
    assert lines(by_doi) == [[1, 2]]
    assert by_doi.works[0].record.title == "Pathos"
    assert by_doi.works[0].brought_key == "b"


def test_an_entry_without_a_key_takes_a_listings_record_in():
    listed = record(9, creators=(LEI, AMIR), listing=ListingFacts(score=1.0))
    collation = keyed(listed, entry(None, 1))
    assert lines(collation) == [[1, 9]]
    assert collation.works[0].record.creators == (LEI,)
    assert lines(keyed(listed, entry(None, 1), entry(None, 2))) == [[1], [2], [9]]
