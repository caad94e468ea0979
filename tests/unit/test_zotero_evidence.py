"""What records and items say of their identity."""

import pytest

from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.library import ItemCreator, ItemKey, LibraryVersion, RemoteItem
from bibkit.sync.plan import _agree
from bibkit.sync.values import Evidence, contradict
from bibkit.zotero.evidence import evidence_of_entry, evidence_of_item
from bibkit.zotero.item import to_values
from bibkit.zotero.schema import item_types


def of_item(kind: str = "preprint", creators: tuple[ItemCreator, ...] = (), **fields: str) -> Evidence:
    item = RemoteItem(
        key=ItemKey("A2345678"), version=LibraryVersion(1), type=kind, fields=fields, creators=creators
    )
    return evidence_of_item(item)


@pytest.mark.parametrize(
    "fields",
    [
        {"archiveID": "arXiv:2401.00001"},
        {"DOI": "10.48550/arXiv.2401.00001"},
        {"DOI": "https://doi.org/10.48550/arXiv.2401.00001"},
        {"url": "http://arxiv.org/abs/2401.00001v2"},
        {"url": "https://arxiv.org/pdf/2401.00001"},
        {"extra": "arXiv:2401.00001 [cs.CL]"},
        {"extra": "mine\narXiv:2401.00001 [cs.CL]\nversion: 2"},
        {"extra": "DOI: 10.48550/arXiv.2401.00001"},
    ],
)
def test_an_arxiv_id_is_found_in_all_its_places(fields):
    assert of_item(**fields).ids == {"arxiv:2401.00001"}


def test_a_published_paper_has_both_identifiers():
    assert of_item("journalArticle", DOI="10.1000/X", extra="arXiv:2401.00001").ids == {
        "arxiv:2401.00001",
        "doi:10.1000/x",
    }


@pytest.mark.parametrize(
    "fields", [{"citationKey": "k"}, {"extra": "Citation Key: k"}, {"extra": "x\ncitation key: k"}]
)
def test_a_citation_key_is_found_in_both_places(fields):
    assert of_item(**fields).keys == {"k"}


def test_title_and_date_go_by_the_types_own_names():
    evidence = of_item("case", caseName="A v. B", dateDecided="12 May 1999")
    assert (evidence.title, evidence.year) == ("a v b", "1999")
    assert of_item("nothing", title="x") == Evidence()


@pytest.mark.parametrize("kind", sorted(item_types()))
@pytest.mark.parametrize(
    "creator",
    [Person("Berg", "Jan", "van der"), Body("A Team"), Person("Žižek", "Slavoj"), Person("李", "明")],
)
def test_an_entry_finds_itself_again(kind, creator):
    record = Record(
        type=ItemType.PREPRINT,
        title="A *Title*: x",
        creators=(creator,),
        issued=PartialDate(2024, 5),
        doi="10.1000/x",
    )
    entry = Entry(CitationKey("k"), record)
    values = to_values(entry, kind).values
    found = of_item(kind, values.creators, **values.fields)
    wanted = evidence_of_entry(entry)
    assert not contradict(wanted, found)
    assert (found.title, found.creator, found.keys) == (wanted.title, wanted.creator, wanted.keys)
    assert _agree(wanted, found)
    if kind not in {"case", "statute"}:
        assert found.year == wanted.year


def test_two_works_contradict_each_other():
    one, two = Evidence(ids=frozenset({"doi:1", "arxiv:1"})), Evidence(ids=frozenset({"doi:2"}))
    assert contradict(one, two)
    assert not contradict(one, Evidence())
    assert not contradict(one, Evidence(ids=frozenset({"doi:1", "doi:3"})))


def test_an_entry_with_nothing_says_nothing():
    assert evidence_of_entry(Entry(CitationKey("k"), Record(type=ItemType.BOOK))) == Evidence(
        keys=frozenset("k")
    )
