"""Entries as Zotero's items, case by case."""

import pytest

from bibkit.model.dates import ExtendedDate, PartialDate
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.library import ItemCreator, Tag
from bibkit.zotero.item import TYPES, to_values
from bibkit.zotero.schema import item_types

MOBIZO = Record(
    type=ItemType.PREPRINT,
    title="MobiZO: Enabling Efficient LLM Fine-Tuning at the Edge via Inference Engines",
    creators=(Person("Gao", "Lei"), Person("Ziashahabi", "Amir"), Person("Niu", "Yue")),
    creators_truncated=True,
    issued=PartialDate(2024, 9, 23),
    abstract="Large Language Models (LLMs) are currently ...",
    categories=("cs.LG",),
)


def values(record: Record, item_type: str | None = None, **entry):
    return to_values(Entry(CitationKey("key2024"), record, **entry), item_type).values


def not_carried(record: Record, item_type: str | None = None):
    return to_values(Entry(CitationKey("key2024"), record), item_type).not_carried


def test_a_listing_record_is_a_preprint_with_no_repository():
    item = values(MOBIZO)
    assert item.type == "preprint"
    assert item.fields == {
        "citationKey": "key2024",
        "title": MOBIZO.title,
        "abstractNote": MOBIZO.abstract,
        "date": "2024-09-23",
    }
    assert item.creators == (
        ItemCreator("author", "Gao", "Lei"),
        ItemCreator("author", "Ziashahabi", "Amir"),
        ItemCreator("author", "Niu", "Yue"),
    )
    assert item.tags == (Tag("cs.LG", automatic=True),)
    assert item.lines == {"bibkit authors:": "bibkit authors: the source's list of authors ends in et al."}


@pytest.mark.parametrize(
    ("arxiv_id", "line"),
    [
        ("2409.15520", "arXiv:2409.15520 [cs.LG]"),
        ("2409.15520v3", "arXiv:2409.15520 [cs.LG]"),
        ("astro-ph/0603274", "arXiv:astro-ph/0603274"),
    ],
)
def test_an_arxiv_id_is_written_as_the_translator_does(arxiv_id, line):
    bare = arxiv_id.removesuffix("v3")
    item = values(Record(type=ItemType.PREPRINT, arxiv_id=arxiv_id, arxiv_class="cs.LG"))
    assert item.fields == {
        "citationKey": "key2024",
        "archiveID": f"arXiv:{bare}",
        "repository": "arXiv",
        "DOI": f"10.48550/arXiv.{bare}",
        "url": f"http://arxiv.org/abs/{bare}",
    }
    assert item.lines == {"arXiv:": line}


def test_what_is_published_elsewhere_names_arxiv_in_extra_only():
    record = Record(type=ItemType.ARTICLE, arxiv_id="2409.15520", doi="10.1000/x", container_title="Journal")
    item = values(record)
    assert item.fields == {"citationKey": "key2024", "publicationTitle": "Journal", "DOI": "10.1000/x"}
    assert item.lines == {"arXiv:": "arXiv:2409.15520"}


def test_fields_are_those_of_the_type_that_the_user_chose():
    record = Record(type=ItemType.PREPRINT, publisher="arXiv", number="7", genre="preprint", volume="3")
    assert values(record).fields == {
        "citationKey": "key2024",
        "repository": "arXiv",
        "archiveID": "7",
        "genre": "preprint",
    }
    assert not_carried(record) == ("volume",)
    assert values(record, "journalArticle").fields == {
        "citationKey": "key2024",
        "publisher": "arXiv",
        "volume": "3",
    }
    assert not_carried(record, "journalArticle") == ("number", "genre")
    assert values(record, "thesis").fields == {
        "citationKey": "key2024",
        "university": "arXiv",
        "thesisType": "preprint",
    }


@pytest.mark.parametrize(
    ("creator", "kind", "written"),
    [
        (Person("Berg", "Jan", "van der"), "preprint", ItemCreator("author", "van der Berg", "Jan")),
        (
            Person("King", "Martin Luther", suffix="Jr."),
            "book",
            ItemCreator("author", "King", "Martin Luther, Jr."),
        ),
        (Person("Plato"), "book", ItemCreator("author", "Plato", "")),
        (Person("Plato", suffix="III"), "book", ItemCreator("author", "Plato", "III")),
        (Body("The Team"), "report", ItemCreator("author", "The Team")),
        (Person("Ada"), "computerProgram", ItemCreator("programmer", "Ada", "")),
        (Person("Ada"), "patent", ItemCreator("inventor", "Ada", "")),
        (Person("Ed", role=Role.EDITOR), "book", ItemCreator("editor", "Ed", "")),
        (Person("Ed", role=Role.EDITOR), "dataset", ItemCreator("contributor", "Ed", "")),
        (Person("Ed", role=Role.SERIES_EDITOR), "book", ItemCreator("seriesEditor", "Ed", "")),
    ],
)
def test_creators_are_those_of_the_type(creator, kind, written):
    assert values(Record(type=ItemType.BOOK, creators=(creator,)), kind).creators == (written,)


def test_what_is_no_name_is_told():
    record = Record(type=ItemType.BOOK, creators=(Person("x" * 256), Body("\x00"), Person("A")))
    assert values(record).creators == (ItemCreator("author", "A", ""),)
    assert not_carried(record) == ("creators",)


def test_a_listing_speaks_in_labelled_lines():
    record = Record(
        type=ItemType.PREPRINT,
        listing=ListingFacts(score=78.4, code=True, date="May 24"),
        affiliations=("cmu", "mit"),
        note="two\nlines",
    )
    item = values(record, aliases=(CitationKey("old"), CitationKey("older")))
    assert list(item.lines.values()) == [
        "bibkit aliases: old, older",
        "bibkit affiliations: cmu; mit",
        "bibkit score: 78.4",
        "bibkit code: available",
        "bibkit printed date: May 24",
        "bibkit note: two lines",
    ]


def test_labels_are_no_fields_of_zotero():
    # Zotero moves `Field: value` lines of `extra` into fields, by names without spaces and case.
    names = {
        field.lower() for kind in item_types().values() for field in (*kind.fields, *kind.bases.values())
    }
    record = Record(
        type=ItemType.PREPRINT,
        creators_truncated=True,
        arxiv_id="2409.15520",
        listing=ListingFacts(score=1, code=True, date="x"),
        affiliations=("x",),
        note="x",
    )
    for label in values(record, aliases=(CitationKey("x"),)).lines:
        assert label.rstrip(":").replace(" ", "").lower() not in names


@pytest.mark.parametrize(
    ("accessed", "written"),
    [
        (PartialDate(2024, 1, 2), "2024-01-02"),
        (PartialDate(2024, 1), None),
        (ExtendedDate(literal="now"), None),
    ],
)
def test_only_a_day_is_a_date_of_access(accessed, written):
    record = Record(type=ItemType.WEBPAGE, accessed=accessed)
    assert values(record).fields.get("accessDate") == written
    assert not_carried(record) == (() if written else ("accessed",))


def test_dates_are_written_as_far_as_they_are_known():
    for date, text in [
        (PartialDate(987), "0987"),
        (PartialDate(2024, 5), "2024-05"),
        (ExtendedDate(start=PartialDate(2020), end=PartialDate(2021)), "2020/2021"),
        (ExtendedDate(literal="in press"), "in press"),
    ]:
        assert values(Record(type=ItemType.BOOK, issued=date)).fields["date"] == text
    assert values(Record(type=ItemType.PATENT, issued=PartialDate(2024))).fields["issueDate"] == "2024"


def test_unmapped_fields_go_where_csl_has_a_name_for_them():
    record = Record(
        type=ItemType.CONFERENCE_PAPER,
        unmapped=(
            ("event-title", "Conf"),
            ("collection-title", "LNCS"),
            ("number-of-pages", "9"),
            ("x", "y"),
            ("z", ""),
        ),
    )
    assert values(record).fields == {"citationKey": "key2024", "conferenceName": "Conf", "series": "LNCS"}
    assert not_carried(record) == ("number-of-pages", "x")


def test_what_is_too_long_for_the_server_is_told():
    record = Record(type=ItemType.BOOK, abstract="x" * 70_000, keywords=("k" * 256, "ok"), note="n" * 70_000)
    item = values(record)
    assert item.fields == {"citationKey": "key2024"}
    assert item.tags == (Tag("ok", automatic=True),)
    assert item.lines == {}
    assert not_carried(record) == ("abstract", "keywords", "note")


def test_every_type_of_record_has_an_item_type():
    assert set(TYPES) == set(ItemType)
    assert set(TYPES.values()) <= set(item_types())
