"""Entries as Zotero's items, case by case."""

import re
from functools import cache

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
    ("arxiv_id", "lines"),
    [
        ("2409.15520", {"arXiv:": "arXiv:2409.15520 [cs.LG]"}),
        ("2409.15520v3", {"arXiv:": "arXiv:2409.15520 [cs.LG]", "version:": "version: 3"}),
        ("astro-ph/0603274", {"arXiv:": "arXiv:astro-ph/0603274"}),
    ],
)
def test_an_arxiv_id_is_written_as_the_translator_does(arxiv_id, lines):
    bare = arxiv_id.removesuffix("v3")
    item = values(Record(type=ItemType.PREPRINT, arxiv_id=arxiv_id, arxiv_class="cs.LG"))
    assert item.fields == {
        "citationKey": "key2024",
        "archiveID": f"arXiv:{bare}",
        "repository": "arXiv",
        "DOI": f"10.48550/arXiv.{bare}",
        "url": f"http://arxiv.org/abs/{bare}",
    }
    assert item.lines == lines


def test_a_version_of_arxivs_is_no_version_of_a_program():
    record = Record(type=ItemType.SOFTWARE, arxiv_id="2409.15520v3")
    assert values(record).lines == {"arXiv:": "arXiv:2409.15520"}
    assert not_carried(record) == ("version",)


@pytest.mark.parametrize("kind", ItemType)
def test_nothing_is_called_arxivs_without_an_arxiv_id(kind):
    record = Record(type=kind, title="T", url="https://example.org", doi="10.1000/x", categories=("cs.LG",))
    item = values(record)
    assert "arxiv" not in repr((item.fields, item.lines)).lower()


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


# What CSL calls things (1.0.2), as far as no item type calls them so; and its names for creators.
CSL = """
annote archive archive_collection archive-place author authority available-date call-number chair
chapter-number citation-key citation-label citation-number collection-editor collection-number
collection-title compiler composer container container-author container-title container-title-short
contributor curator custom
dimensions director division editor editor-translator editorial-director event event-date event-place
event-title executive-producer first-reference-note-number genre guest host illustrator interviewer
issued jurisdiction keyword locator medium narrator note number number-of-pages number-of-volumes organizer
original-author original-date original-publisher original-publisher-place original-title page page-first
part-number part-title performer PMCID PMID printing-number producer publisher publisher-place recipient
references reviewed-author reviewed-genre reviewed-title scale script-writer section series-creator source
status submitted supplement-number title title-short translator version volume volume-title year-suffix
"""


def moved_key(line: str) -> str | None:
    """The name under which Zotero looks whether a line of `extra` is a field, a creator or a type.

    It takes what stands before the last colon of a line that begins with a letter, and does not tell spaces,
    hyphens, underscores and humps apart.
    """
    found = re.match(r"([a-zA-Z][a-zA-Z -_]+):(.+)", line)
    if found is None or not found[2].strip():
        return None
    spaced = re.sub(r"([a-z])([A-Z])", r"\1-\2", found[1].strip())
    return re.sub(r"[\s_-]", "-", spaced.lower())


@cache
def moved_names(kind: str) -> set[str]:
    """The names whose lines Zotero moves out of `extra` of an item of a type."""
    names = {"type", *CSL.split()}
    for each in item_types().values():
        names |= {*each.fields, *each.bases.values(), *each.creator_types}
    moved = {moved_key(f"{name}: x") for name in names}
    # CSL's `version` is this field and no other, and stays where it is with a type that has none.
    return moved - (set() if item_types()[kind].field_for("versionNumber") else {"version"})


def test_lines_that_zotero_moves_are_known_here():
    moved = moved_names("preprint")
    for line in (
        "Citation Key: x",
        "DOI: 10.1/x",
        "original-date: 1999",
        "abstractNote: x",
        "Editor: A || B",
    ):
        assert moved_key(line) in moved
    assert moved_key("version: 3") in moved_names("dataset")


@pytest.mark.parametrize("kind", ItemType)
@pytest.mark.parametrize("text", ["x", "type: book", "2: Citation Key: x", "DOI:10.1/x\nVolume: 3"])
def test_zotero_moves_no_line_of_bibkits(kind, text):
    record = Record(
        type=kind,
        creators_truncated=True,
        arxiv_id="2409.15520v2",
        arxiv_class="cs.LG",
        listing=ListingFacts(score=1, code=True, date=text),
        affiliations=(text,),
        note=text,
    )
    for item_type in item_types():
        lines = values(record, item_type, aliases=(CitationKey("x"),)).lines
        assert len(lines) >= 8
        for line in lines.values():
            assert "\n" not in line
            assert moved_key(line) not in moved_names(item_type), line


ALL = (
    "title", "abstract", "container_title", "volume", "issue", "pages", "publisher", "place", "edition",
    "number", "genre", "isbn", "issn", "url", "language",
)  # fmt: skip
EVERYWHERE = {
    "title": "title", "abstractNote": "abstract", "url": "url", "DOI": "10.1000/x", "citationKey": "key2024",
    "accessDate": "2024-05-07",
}  # fmt: skip
# A record's type, the item's, what its author is called, and its fields beside those that all have.
EACH_TYPE = """
preprint preprint author repository=publisher archiveID=number genre place language date
article journalArticle author publicationTitle=container_title publisher place volume issue pages ISSN=issn \
    language date
conference-paper conferencePaper author proceedingsTitle=container_title publisher place volume issue pages \
    ISBN=isbn ISSN=issn language date
book book author volume edition publisher place ISBN=isbn ISSN=issn language date
chapter bookSection author bookTitle=container_title volume edition publisher place pages ISBN=isbn \
    ISSN=issn language date
thesis thesis author thesisType=genre university=publisher place ISBN=isbn ISSN=issn language date
report report author reportNumber=number reportType=genre institution=publisher place pages ISBN=isbn \
    ISSN=issn language date
webpage webpage author websiteTitle=container_title websiteType=genre publisher place language date
document document author type=genre publisher place language date
software computerProgram programmer company=publisher place versionNumber=edition ISBN=isbn date
dataset dataset author identifier=number type=genre versionNumber=edition repository=publisher \
    repositoryLocation=place language date
patent patent inventor place patentNumber=number pages language issueDate=date
manuscript manuscript author manuscriptType=genre institution=publisher place number language date
"""


@pytest.mark.parametrize("line", EACH_TYPE.strip().split("\n"), ids=lambda line: line.split()[1])
def test_each_type_says_what_it_has_a_field_for(line):
    kind, item_type, creator, *fields = line.split()
    record = Record(
        type=ItemType(kind),
        **{name: name for name in ALL},
        doi="10.1000/x",
        issued=PartialDate(2024, 5, 6),
        accessed=PartialDate(2024, 5, 7),
        creators=(Person("Family", "Given"),),
    )
    pairs = [pair.partition("=") for pair in fields]
    expected = {name: value or name for name, _, value in pairs}
    expected = {name: "2024-05-06" if value == "date" else value for name, value in expected.items()}
    item = values(record)
    assert item.type == item_type
    assert item.fields == {**EVERYWHERE, **expected}
    assert item.creators == (ItemCreator(creator, "Family", "Given"),)
    said = {*item.fields.values(), *not_carried(record)}
    assert said >= set(ALL)


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
