"""Entries as they stand in a file: fields in order, types, dates, blocks; and what is said of the rest."""

from dataclasses import replace

import pytest
from bibtex_grammar import scan

from bibkit.diagnostics import Severity, Source
from bibkit.formats.base import Block, BlockKind
from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.model.dates import ExtendedDate, PartialDate, Season
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import CitationKey, Entry

MOBIZO = Record(
    type=ItemType.PREPRINT,
    title="MobiZO: Enabling Efficient LLM Fine-Tuning at the Edge via Inference Engines",
    creators=(Person("Gao", "Lei"), Person("Ziashahabi", "Amir"), Person("Niu", "Yue")),
    creators_truncated=True,
    issued=PartialDate(2024, 9, 23),
    abstract="Large Language Models (LLMs) are currently ...",
    categories=("cs.LG",),
    source=Source("000.txt", 10),
)


def entry(record, key="k", aliases=()):
    return Entry(CitationKey(key), record, tuple(map(CitationKey, aliases)))


def fields(record, write=write_bibtex, **options):
    """Return the fields that one record is written with."""
    (scanned,) = scan(write([entry(record)], **options).text)
    return scanned.fields


def said(record, write=write_bibtex):
    """Return the codes and messages of what one record could not be written with."""
    return [(found.code, found.message) for found in write([entry(record)]).diagnostics]


def test_a_listings_record_for_bibtex():
    rendered = write_bibtex([entry(MOBIZO, "gao2024mobizo")])
    assert rendered.text == (
        "@misc{gao2024mobizo,\n"
        "  author   = {Gao, Lei and Ziashahabi, Amir and Niu, Yue and others},\n"
        "  title    = {{MobiZO}: Enabling Efficient {LLM} Fine-Tuning at the Edge via Inference Engines},\n"
        "  year     = {2024},\n"
        "  month    = sep,\n"
        "  day      = {23},\n"
        "  keywords = {cs.LG},\n"
        "  abstract = {Large Language Models (LLMs) are currently ...}\n"
        "}\n"
    )


def test_a_listings_record_for_biblatex():
    assert write_biblatex([entry(MOBIZO, "gao2024mobizo")]).text == (
        "@misc{gao2024mobizo,\n"
        "  author   = {Gao, Lei and Ziashahabi, Amir and Niu, Yue and others},\n"
        "  title    = {{MobiZO}: Enabling Efficient {LLM} Fine-Tuning at the Edge via Inference Engines},\n"
        "  date     = {2024-09-23},\n"
        "  keywords = {cs.LG},\n"
        "  abstract = {Large Language Models (LLMs) are currently ...}\n"
        "}\n"
    )


def test_an_abstract_with_maths_and_signs():
    record = Record(
        type=ItemType.PREPRINT,
        abstract="adveRsarial Training (BORT) $\\ell_{\\infty}$ under $ε= 8/255$ is 67.3% é",
    )
    assert fields(record)["abstract"] == (
        r"adveRsarial Training (BORT) $\ell_{\infty}$ under $\varepsilon= 8/255$ is 67.3\% é"
    )
    assert fields(record, ascii=True)["abstract"].endswith(r"67.3\% {\'e}")


def test_entries_keep_their_order_with_a_blank_line_between():
    text = write_bibtex([entry(Record(type=ItemType.BOOK, title=name), name) for name in ("Bb", "Aa")]).text
    assert text == "@book{Bb,\n  title = {Bb}\n}\n\n@book{Aa,\n  title = {Aa}\n}\n"
    assert write_bibtex([]).text == ""


def test_an_entry_with_no_field_has_the_comma_that_biber_wants():
    assert write_bibtex([entry(Record(type=ItemType.DOCUMENT))]).text == "@misc{k,\n}\n"


FULL = Record(
    type=ItemType.ARTICLE,
    title="T",
    creators=(
        Person("A", "X"),
        Person("E", "X", role=Role.EDITOR),
        Person("T", "X", role=Role.TRANSLATOR),
        Person("C", "X", role=Role.CONTRIBUTOR),
        Person("S", "X", role=Role.SERIES_EDITOR),
    ),
    issued=PartialDate(2024, 5),
    abstract="Ab",
    container_title="Co",
    volume="1",
    issue="2",
    pages="3-4",
    publisher="Pu",
    place="Pl",
    edition="Ed",
    number="N7",
    genre="Ge",
    doi="10.1/x_y",
    arxiv_id="2401.00001",
    arxiv_class="cs.LG",
    isbn="9783161484100",
    issn="2049-3630",
    url="https://x.org/a_b%20c",
    accessed=PartialDate(2024, 6, 1),
    language="de-AT",
    categories=("cs.LG",),
    keywords=("k, l", "m"),
    note="No",
    unmapped=(("collection-title", "Se"), ("C4", "x"), ("medium", "Me"), ("title", "again")),
)


def test_every_field_of_an_article_for_bibtex():
    assert fields(FULL) == {
        "author": "A, X",
        "title": "T",
        "journal": "Co",
        "editor": "E, X",
        "translator": "T, X",
        "volume": "1",
        "number": "2",
        "eid": "N7",
        "pages": "3--4",
        "version": "Ed",
        "publisher": "Pu",
        "address": "Pl",
        "entrysubtype": "Ge",
        "year": "2024",
        "month": "may",
        "isbn": "9783161484100",
        "issn": "2049-3630",
        "doi": "10.1/x_y",
        "eprint": "2401.00001",
        "archivePrefix": "arXiv",
        "primaryClass": "cs.LG",
        "url": "https://x.org/a_b%20c",
        "urldate": "2024-06-01",
        "language": "de-AT",
        "note": "No",
        "series": "Se",
        "medium": "Me",
        "keywords": "cs.LG, {k, l}, m",
        "abstract": "Ab",
    }
    assert said(FULL) == [
        ("field-not-carried", f"BibTeX cannot carry `{name}`: 1 entry (k)")
        for name in ("C4", "contributor", "series-editor", "title")
    ]


def test_every_field_of_an_article_for_biblatex():
    found = fields(FULL, write_biblatex)
    assert " ".join(found) == (
        "author title journaltitle editor translator editora editoratype volume number eid pages version "
        "publisher location entrysubtype date isbn issn doi eprint eprinttype eprintclass url urldate "
        "langid note series medium keywords abstract"
    )
    assert found["langid"] == "naustrian"
    assert (found["eprinttype"], found["editoratype"], found["date"]) == ("arxiv", "collaborator", "2024-05")


@pytest.mark.parametrize(
    ("item_type", "bibtex", "biblatex"),
    [
        (ItemType.ARTICLE, ("article", "journal"), ("article", "journaltitle")),
        (ItemType.CONFERENCE_PAPER, ("inproceedings", "booktitle"), ("inproceedings", "booktitle")),
        (ItemType.PROCEEDINGS, ("proceedings", "maintitle"), ("proceedings", "maintitle")),
        (ItemType.BOOK, ("book", "maintitle"), ("book", "maintitle")),
        (ItemType.CHAPTER, ("incollection", "booktitle"), ("inbook", "booktitle")),
        (ItemType.BOOKLET, ("booklet", "howpublished"), ("booklet", "howpublished")),
        (ItemType.MANUAL, ("manual", "organization"), ("manual", "organization")),
        (ItemType.THESIS, ("phdthesis", "school"), ("thesis", "institution")),
        (ItemType.REPORT, ("techreport", "institution"), ("report", "institution")),
        (ItemType.WEBPAGE, ("misc", "organization"), ("online", "organization")),
        (ItemType.DOCUMENT, ("misc", "organization"), ("misc", "organization")),
        (ItemType.PREPRINT, ("misc", "organization"), ("misc", "organization")),
        (ItemType.SOFTWARE, ("misc", "organization"), ("software", "organization")),
        (ItemType.DATASET, ("misc", "organization"), ("dataset", "publisher")),
        (ItemType.PATENT, ("misc", "howpublished"), ("patent", "howpublished")),
        (ItemType.MANUSCRIPT, ("unpublished", "howpublished"), ("unpublished", "howpublished")),
    ],
)
def test_types_and_where_a_work_stands(item_type, bibtex, biblatex):
    record = Record(
        type=item_type, title="T", creators=(Person("A", "X"),), container_title="C", publisher="P"
    )
    for write, (name, field) in ((write_bibtex, bibtex), (write_biblatex, biblatex)):
        (scanned,) = scan(write([entry(record)]).text)
        assert scanned.type == name
        assert scanned.fields[field] in {"C", "P"}


def test_types_that_biblatex_has_several_of():
    def type_of(**facts):
        return scan(write_biblatex([entry(Record(**facts))]).text)[0].type

    editor = (Person("E", "X", role=Role.EDITOR),)
    assert type_of(type=ItemType.PREPRINT, doi="10.1/x") == "online"
    assert type_of(type=ItemType.PREPRINT, arxiv_id="2401.00001") == "online"
    assert type_of(type=ItemType.PREPRINT, url="https://x.org") == "online"
    assert type_of(type=ItemType.BOOK, creators=editor) == "collection"
    assert type_of(type=ItemType.BOOK, creators=(Person("A", "X"), *editor)) == "book"
    assert type_of(type=ItemType.CHAPTER, creators=editor) == "incollection"


@pytest.mark.parametrize(
    ("item_type", "genre", "bibtex", "biblatex"),
    [
        (ItemType.THESIS, "PhD thesis", ("phdthesis", None), "phdthesis"),
        (ItemType.THESIS, "Master's thesis", ("mastersthesis", None), "mathesis"),
        (ItemType.THESIS, "Master of Arts", ("mastersthesis", "Master of Arts"), "Master of Arts"),
        (ItemType.THESIS, "Habilitation", ("phdthesis", "Habilitation"), "Habilitation"),
        (ItemType.THESIS, None, ("phdthesis", "Thesis"), "Thesis"),
        (ItemType.REPORT, "Technical report", ("techreport", None), "techreport"),
        (ItemType.REPORT, None, ("techreport", "Report"), "Report"),
        (ItemType.MANUAL, None, ("manual", None), None),
    ],
)
def test_a_kind_of_thesis_or_report_is_said_and_never_made_up(item_type, genre, bibtex, biblatex):
    record = Record(type=item_type, genre=genre)
    (scanned,) = scan(write_bibtex([entry(record)]).text)
    assert (scanned.type, scanned.fields.get("type")) == bibtex
    assert fields(record, write_biblatex).get("type") == biblatex


def test_a_type_that_the_entry_type_does_not_say_is_reported():
    assert said(Record(type=ItemType.SOFTWARE)) == [
        ("type-not-carried", "BibTeX cannot carry the type `software`, written as @misc: 1 entry (k)")
    ]
    assert said(Record(type=ItemType.PREPRINT, url="u"), write_biblatex) == [
        ("type-not-carried", "biblatex cannot carry the type `preprint`, written as @online: 1 entry (k)")
    ]
    assert said(Record(type=ItemType.PREPRINT, arxiv_id="2401.00001")) == []
    assert said(Record(type=ItemType.DOCUMENT)) == []


@pytest.mark.parametrize(
    ("date", "bibtex", "biblatex", "lost"),
    [
        (PartialDate(800), {"year": "800"}, {"date": "0800"}, 0),
        (PartialDate(2024, 2), {"year": "2024", "month": "feb"}, {"date": "2024-02"}, 0),
        (ExtendedDate(PartialDate(2020, 3, 4), PartialDate(2021)),
         {"year": "2020", "month": "mar", "day": "4"}, {"date": "2020-03-04/2021"}, 1),
        (ExtendedDate(PartialDate(1723), circa=True), {"year": "1723"}, {"date": "1723~"}, 1),
        (ExtendedDate(PartialDate(1723), circa=True, uncertain=True), {"year": "1723"}, {"date": "1723%"}, 1),
        (ExtendedDate(PartialDate(2001), season=Season.AUTUMN),
         {"year": "2001", "month": "Autumn"}, {"date": "2001-23"}, 0),
        (ExtendedDate(end=PartialDate(2001)), {"year": "2001"}, {"date": "../2001"}, 1),
        (ExtendedDate(literal="in press"), {"year": "in press"}, {"year": "in press"}, 0),
    ],
)  # fmt: skip
def test_dates(date, bibtex, biblatex, lost):
    record = Record(type=ItemType.DOCUMENT, issued=date)
    assert fields(record) == bibtex
    assert fields(record, write_biblatex) == biblatex
    assert len(said(record)) == lost
    assert said(record, write_biblatex) == []


def test_a_date_of_access_in_words_is_no_date_to_biblatex():
    record = Record(type=ItemType.DOCUMENT, accessed=ExtendedDate(literal="in May"))
    assert fields(record) == {"urldate": "in May"}
    assert fields(record, write_biblatex) == {}
    assert said(record, write_biblatex) == [
        ("field-not-carried", "biblatex cannot carry `accessed`: 1 entry (k)")
    ]


def test_a_month_is_a_macro_and_a_season_is_not():
    def macros(date):
        return scan(write_bibtex([entry(Record(type=ItemType.BOOK, issued=date))]).text)[0].macros

    assert macros(PartialDate(2024, 5)) == {"month"}
    assert macros(ExtendedDate(PartialDate(2001), season=Season.SPRING)) == frozenset()


@pytest.mark.parametrize(
    ("pages", "source"),
    [
        ("1-10", "1--10"),
        ("1–10", "1--10"),
        ("1--10", "1--10"),
        ("1 - 10, 12", "1--10, 12"),
        ("xi-xv", "xi--xv"),
        ("S12-S19,20–22", "S12--S19, 20--22"),
        ("A-12", "A-12"),
        ("3-1–3-20", "3-1--3-20"),
        ("3-1-20", "3-1-20"),
        ("17", "17"),
        ("1–", "1–"),
        ("50%", r"50\%"),
    ],
)
def test_pages(pages, source):
    assert fields(Record(type=ItemType.ARTICLE, pages=pages)) == {"pages": source}


@pytest.mark.parametrize("pages", [" ", ",", " , "])
def test_pages_that_name_none_are_no_field(pages):
    assert fields(Record(type=ItemType.ARTICLE, pages=pages)) == {}


def test_names_of_every_role_and_et_al_behind_the_first():
    editors = (Person("E", "X", role=Role.EDITOR), Body("B", role=Role.EDITOR))
    record = Record(type=ItemType.BOOK, creators=editors, creators_truncated=True)
    assert fields(record) == {"editor": "E, X and {B} and others"}
    record = replace(record, creators=(*editors, Person("A", "X")))
    assert fields(record) == {"author": "A, X and others", "editor": "E, X and {B}"}


@pytest.mark.parametrize("creators", [(), (Body(" "),), (Person("S", "X", role=Role.SERIES_EDITOR),)])
def test_et_al_of_nobody_is_reported(creators):
    record = Record(type=ItemType.BOOK, creators=creators, creators_truncated=True)
    assert ("field-not-carried", "BibTeX cannot carry `creators_truncated`: 1 entry (k)") in said(record)


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("https://x.org/~a?b=c&d#e_f%20g", "https://x.org/~a?b=c&d#e_f%20g"),
        ("https://x.org/{a}\\b c", "https://x.org/%7Ba%7D%5Cb%20c"),
        ("10.1002/(SICI)1097<1::AID>2.0.CO;2-{", "10.1002/(SICI)1097<1::AID>2.0.CO;2-%7B"),
        ("xdata=foo-title", "xdata%3Dfoo-title"),
        ("https://ö.org", "https://ö.org"),
    ],
)
def test_addresses_stand_to_the_letter_and_cannot_end_their_field(value, source):
    record = Record(type=ItemType.WEBPAGE, url=value, doi=value)
    assert fields(record, write_biblatex) == {"doi": source, "url": source}
    codes = [code for code, _ in said(record, write_biblatex)]
    assert codes == ([] if value == source else ["value-encoded"] * 2)
    assert fields(record, write_biblatex, ascii=True)["url"].isascii()


@pytest.mark.parametrize(
    ("publisher", "source"),
    [
        ("Springer", "Springer"),
        ("Simon and Schuster", "{Simon and Schuster}"),
        ("others", "{others}"),
        ("Sand & Co", r"Sand \& Co"),
    ],
)
def test_a_publisher_is_one_publisher_to_biblatex(publisher, source):
    record = Record(type=ItemType.BOOK, publisher=publisher, place=publisher)
    assert fields(record, write_biblatex) == {"publisher": source, "location": source}


@pytest.mark.parametrize(
    ("text", "source"), [("xdata=a-b", "{x}data=a-b"), ("XData=a", "{X}Data=a"), ("x", "x")]
)
def test_no_text_is_a_reference_to_another_entry(text, source):
    assert fields(Record(type=ItemType.BOOK, note=text, title="T"))["note"] == source


def test_languages_without_a_name_of_biblatex_stand_in_words():
    assert fields(Record(type=ItemType.BOOK, language="Klingon and more"), write_biblatex) == {
        "language": "{Klingon and more}"
    }
    assert fields(Record(type=ItemType.BOOK, language="en")) == {"language": "en"}


def test_blank_values_are_no_fields():
    blank = Record(
        type=ItemType.BOOK, title=" ", note="\n", keywords=("", " "), creators=(Body(" "),), publisher=""
    )
    assert fields(blank) == {}


def test_what_a_listing_prints_is_reported_with_a_count_and_the_first_places():
    facts = ListingFacts(score=78.4, code=True, date="May 24", uncertain=True)
    record = replace(MOBIZO, issued=None, listing=facts, affiliations=("cmu",))
    found = write_bibtex([entry(record, f"k{index}") for index in range(5)]).diagnostics
    places = "k0 at 000.txt:10, k1 at 000.txt:10, k2 at 000.txt:10, ..."
    assert [(one.severity, one.message) for one in found] == [
        *(
            (Severity.INFO, f"BibTeX cannot carry `{name}`: 5 entries ({places})")
            for name in ("affiliations", "code", "date", "score", "uncertain")
        ),
        (Severity.INFO, f"BibTeX cannot carry the type `preprint`, written as @misc: 5 entries ({places})"),
    ]
    assert {one.source for one in found} == {Source("000.txt", 10)}
    dated = replace(record, issued=PartialDate(2026), listing=ListingFacts(date="May 24"), affiliations=())
    assert [code for code, _ in said(dated)] == ["type-not-carried"]


def test_what_changes_in_a_text_is_reported():
    record = Record(type=ItemType.BOOK, title="A\nb", abstract="$\\method{}$ \x00", creators=(Body("x\ny"),))
    assert fields(record)["title"] == "A b"
    assert said(record) == [
        ("character-replaced", "BibTeX: characters in `abstract` that no text has: 1 entry (k)"),
        ("line-breaks-joined", "BibTeX: line breaks in `author` became spaces: 1 entry (k)"),
        ("line-breaks-joined", "BibTeX: line breaks in `title` became spaces: 1 entry (k)"),
        ("maths-escaped", "BibTeX: maths in `abstract` that TeX would not take is text: 1 entry (k)"),
    ]


def test_aliases_that_stand_for_one_entry_alone_are_written():
    several = [
        entry(MOBIZO, "a", ("old", "older")),
        entry(MOBIZO, "b", ("shared", "a")),
        entry(MOBIZO, "c", ("shared", "no key")),
    ]
    for write in (write_bibtex, write_biblatex):
        rendered = write(several)
        scanned = scan(rendered.text)
        assert [one.fields.get("ids") for one in scanned] == ["old, older", None, None]
        assert next(iter(scanned[0].fields)) == "ids"
        places = "2 entries (b at 000.txt:10, c at 000.txt:10)"
        (lost,) = [one.message for one in rendered.diagnostics if "aliases" in one.message]
        assert lost.endswith(f" cannot carry `aliases`: {places}")


def test_a_key_that_cannot_stand_in_the_file_is_the_callers_error():
    with pytest.raises(ValueError, match="'a b' cannot stand"):
        write_bibtex([entry(MOBIZO, "a b")])


def block(kind, text, index):
    return Block(kind, text, Source("in.bib", 1 + index), index, None)


def test_blocks_stand_where_they_stood():
    several = [entry(Record(type=ItemType.BOOK), key) for key in "ab"]
    blocks = [
        block(BlockKind.PREAMBLE, '@preamble{"\\newcommand{\\x}{}"}\n\n', 0),
        block(BlockKind.STRING, "@string{x = {y}}", 0),
        block(BlockKind.COMMENT, "\nJust text", 1),
        block(BlockKind.COMMENT, "  \n", 1),
        block(BlockKind.COMMENT, "at the end", 9),
    ]
    rendered = write_bibtex(several, blocks)
    assert rendered.text == (
        '@preamble{"\\newcommand{\\x}{}"}\n\n@string{x = {y}}\n\n'
        "@book{a,\n}\n\nJust text\n\n@book{b,\n}\n\nat the end\n"
    )
    assert rendered.diagnostics == ()


def test_a_rejected_block_is_kept_with_a_warning_and_a_profile_is_not():
    blocks = [
        block(BlockKind.REJECTED, "@article{x, title={open", 0),
        block(BlockKind.COMMENT, "@comment{ {", 0),
        block(BlockKind.PROFILE, "h-index44", 0),
    ]
    rendered = write_biblatex([entry(Record(type=ItemType.BOOK))], blocks)
    assert rendered.text == "@article{x, title={open\n\n@comment{ {\n\n@book{k,\n}\n"
    assert [(one.severity, one.code) for one in rendered.diagnostics] == [
        (Severity.WARNING, "unsafe-block-kept"),
        (Severity.WARNING, "unsafe-block-kept"),
        (Severity.INFO, "block-not-carried"),
    ]


def test_an_empty_list_of_entries_keeps_its_blocks():
    assert write_bibtex([], [block(BlockKind.COMMENT, "x", 0)]).text == "x\n"
