"""RIS writer: a record as it was worked out by hand, every type, and what RIS cannot say."""

import pytest

from bibkit.diagnostics import Source
from bibkit.formats.base import Block, BlockKind
from bibkit.formats.ris import read_ris, write_ris
from bibkit.model.dates import ExtendedDate, PartialDate, parse_date
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import Entry


def lines(record, aliases=()):
    return write_ris([Entry("k", record, aliases)]).text.split("\r\n")[2:-3]


def said(record, aliases=()):
    return [(one.code, one.message) for one in write_ris([Entry("k", record, aliases)]).diagnostics]


def test_a_truncated_preprint_is_laid_out_as_decided():
    record = Record(
        type=ItemType.PREPRINT,
        title="MobiZO: Enabling Efficient LLM Fine-Tuning",
        creators=(Person("Gao", "Lei"), Person("Ziashahabi", "Amir"), Person("Niu", "Yue")),
        creators_truncated=True,
        issued=PartialDate(2024, 9, 23),
        abstract="Large Language Models (LLMs) are currently ...",
        categories=("cs.LG",),
        listing=ListingFacts(date="Sep 23, 2024"),
    )
    rendered = write_ris([Entry("gao2024mobizo", record)])
    assert rendered.diagnostics == ()
    assert rendered.text == (
        "TY  - GEN\r\n"
        "ID  - gao2024mobizo\r\n"
        "AU  - Gao, Lei\r\n"
        "AU  - Ziashahabi, Amir\r\n"
        "AU  - Niu, Yue\r\n"
        "TI  - MobiZO: Enabling Efficient LLM Fine-Tuning\r\n"
        "PY  - 2024\r\n"
        "DA  - 2024/09/23/\r\n"
        "AB  - Large Language Models (LLMs) are currently ...\r\n"
        "KW  - cs.LG\r\n"
        "M3  - preprint\r\n"
        "N1  - Author list truncated in the source (et al.)\r\n"
        "ER  - \r\n"
        "\r\n"
    )


@pytest.mark.parametrize(
    ("type_", "ris", "kind"),
    [
        (ItemType.ARTICLE, "JOUR", None),
        (ItemType.CONFERENCE_PAPER, "CONF", None),
        (ItemType.PROCEEDINGS, "BOOK", "proceedings"),
        (ItemType.BOOK, "BOOK", None),
        (ItemType.CHAPTER, "CHAP", None),
        (ItemType.BOOKLET, "PAMP", None),
        (ItemType.MANUAL, "BOOK", "manual"),
        (ItemType.THESIS, "THES", None),
        (ItemType.REPORT, "RPRT", None),
        (ItemType.WEBPAGE, "ELEC", None),
        (ItemType.DOCUMENT, "GEN", None),
        (ItemType.PREPRINT, "GEN", "preprint"),
        (ItemType.SOFTWARE, "COMP", None),
        (ItemType.DATASET, "DATA", None),
        (ItemType.PATENT, "PAT", None),
        (ItemType.MANUSCRIPT, "UNPB", None),
    ],
)
def test_every_type_has_its_reference_type(type_, ris, kind):
    text = write_ris([Entry("k", Record(type=type_))]).text
    kinds = f"M3  - {kind}\r\n" if kind else ""
    assert text == f"TY  - {ris}\r\nID  - k\r\n{kinds}ER  - \r\n\r\n"


def test_a_preprint_is_arxivs_only_with_an_arxiv_id():
    assert lines(Record(type=ItemType.PREPRINT, arxiv_id="2401.00001")) == [
        "PB  - arXiv",
        "DO  - 10.48550/arXiv.2401.00001",
        "UR  - https://arxiv.org/abs/2401.00001",
        "AN  - arXiv:2401.00001",
        "M3  - preprint",
    ]
    own = Record(
        type=ItemType.PREPRINT, arxiv_id="2401.00001", doi="10.1/x", url="https://x.org", publisher="P"
    )
    assert lines(own)[:3] == ["PB  - P", "DO  - 10.1/x", "UR  - https://x.org"]
    assert lines(Record(type=ItemType.ARTICLE, arxiv_id="2401.00001")) == ["AN  - arXiv:2401.00001"]


def test_names_have_their_particle_first_and_bodies_no_comma():
    record = Record(
        type=ItemType.CHAPTER,
        creators=(
            Person("Berg", "Jan", "van der", "Jr."),
            Person("Doe", "J.", role=Role.SERIES_EDITOR),
            Person("Plato"),
            Person("Alembert", "J.", "d'"),
            Person("King", suffix="Jr."),
            Person(" ", "Ann", suffix="Jr."),
            Body("University of California, Los Angeles"),
            Body("A*STAR"),
            Person("Roe", "R.", role=Role.EDITOR),
            Person("Knuth", "D.", role=Role.TRANSLATOR),
            Person("Poe", "E.", role=Role.CONTRIBUTOR),
        ),
    )
    assert lines(record) == [
        "AU  - van der Berg, Jan, Jr.",
        "AU  - Plato",
        "AU  - d'Alembert, J.",
        "AU  - King, , Jr.",
        "AU  - Ann Jr.",
        "AU  - University of California Los Angeles",
        "AU  - A STAR",
        "A2  - Roe, R.",
        "A3  - Doe, J.",
        "A4  - Knuth, D.",
    ]
    assert said(record) == [
        ("field-not-carried", "RIS cannot carry `contributor`: 1 entry (k)"),
        ("name-changed", "RIS: commas and asterisks left out of names: 1 entry (k)"),
    ]
    book = Record(type=ItemType.BOOK, creators=record.creators[1:2] + record.creators[8:9])
    assert lines(book) == ["A2  - Doe, J.", "A3  - Roe, R."]


@pytest.mark.parametrize("name", ["others", "et al.", "Et al"])
def test_no_body_is_written_that_every_program_takes_for_et_al(name):
    record = Record(type=ItemType.BOOK, creators=(Person("Doe", "J."), Body(name)))
    assert lines(record) == ["AU  - Doe, J."]
    assert said(record) == [("field-not-carried", "RIS cannot carry `author`: 1 entry (k)")]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (PartialDate(2020), ["PY  - 2020", "DA  - 2020///"]),
        (PartialDate(2024, 9), ["PY  - 2024", "DA  - 2024/09//"]),
        (PartialDate(476, 9, 4), ["PY  - 0476", "DA  - 0476/09/04/"]),
        (parse_date("2001-23"), ["PY  - 2001", "DA  - 2001///Autumn"]),
        (ExtendedDate(literal="in press"), ["PY  - in press"]),
    ],
)
def test_dates_keep_their_empty_slots(date, expected):
    record = Record(type=ItemType.BOOK, issued=date)
    assert lines(record) == expected
    assert said(record) == []


@pytest.mark.parametrize("date", ["2020/2021", "2020/..", "../2020", "1723~", "2001-23?"])
def test_of_a_range_or_a_guess_the_first_date_is_said_and_the_rest_reported(date):
    record = Record(type=ItemType.BOOK, issued=parse_date(date))
    assert lines(record)[0] == f"PY  - {parse_date(date).year}"
    assert said(record) == [("field-not-carried", "RIS cannot carry `issued`: 1 entry (k)")]


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\n \n"]
)
def test_no_line_break_of_any_kind_gets_into_a_value(end):
    record = Record(
        type=ItemType.BOOK, abstract=f"One.{end}ER  - {end}TY  - JOUR{end}", source=Source("in.bib", 3)
    )
    (line,) = lines(record)
    assert line.split() == ["AB", "-", "One.", "ER", "-", "TY", "-", "JOUR"]
    (one,) = write_ris([Entry("k", record)]).diagnostics
    assert str(one) == (
        "in.bib:3: info: RIS: line breaks in `abstract` became spaces: 1 entry (k at in.bib:3) "
        "[line-breaks-joined]"
    )


def test_what_no_text_has_is_replaced_and_blank_values_are_left_out():
    record = Record(
        type=ItemType.BOOK, title=" a\x00b\x1a\ud800\uffff\tc ", note=" \u2028 ", keywords=("", " ", "x")
    )
    assert lines(record) == ["TI  - a\ufffdb\ufffd\ufffd\ufffd\tc", "KW  - x"]
    assert ("character-replaced", "RIS: controls in `title` became U+FFFD: 1 entry (k)") in said(record)


def test_values_that_look_like_tags_stay_values():
    record = Record(type=ItemType.BOOK, title="ER  - ", abstract="TY  - JOUR", keywords=("AU  - X, Y",))
    assert lines(record) == ["TI  - ER  -", "AB  - TY  - JOUR", "KW  - AU  - X, Y"]


@pytest.mark.parametrize("value", ["vT vN]'*?IW, x", "a' b,c*D, e", "d'*Artagnan, C.", "x*, *", "A*b*C"])
def test_a_name_that_lost_an_asterisk_is_written_as_it_is_read(value):
    once = write_ris([Entry("k", read_ris(f"TY  - JOUR\nAU  - {value}\nER  - \n", "in").records[0])]).text
    assert write_ris([Entry("k", read_ris(once, "in").records[0])]).text == once


@pytest.mark.parametrize("piece", [" ", "\n", "*", ",", "-", "\u2013 ", "a ", "\x85 "])
def test_any_value_takes_linear_time(piece):
    text = "a" + piece * 50_000 + "b, c"
    write_ris(
        [Entry("k", Record(type=ItemType.BOOK, title=text, pages=text, creators=(Person(text, text),)))]
    )


def test_long_values_are_never_wrapped():
    assert lines(Record(type=ItemType.BOOK, abstract="word " * 100_000))[0].endswith("word word")


def test_what_a_work_stands_in_has_the_tags_of_its_type():
    series = (("collection-title", "LNCS"), ("event-title", "ICML 2020"), ("event-place", "Vienna"))
    journal = Record(type=ItemType.ARTICLE, container_title="J", number="e7", issue="2", unmapped=series[:1])
    assert lines(journal) == ["T2  - J", "T3  - LNCS", "IS  - 2", "C7  - e7"]
    paper = Record(type=ItemType.CONFERENCE_PAPER, container_title="Proc.", place="New York", unmapped=series)
    assert lines(paper) == [
        "T2  - ICML 2020",
        "C3  - Proc.",
        "T3  - LNCS",
        "C1  - New York",
        "CY  - Vienna",
    ]
    alone = Record(type=ItemType.CONFERENCE_PAPER, container_title="Proc.", place="New York")
    assert lines(alone) == ["T2  - Proc.", "C3  - Proc.", "C1  - New York", "CY  - New York"]
    book = Record(type=ItemType.BOOK, container_title="odd", unmapped=series[:2])
    assert lines(book) == ["T2  - LNCS"]
    assert [message for _, message in said(book)] == [
        "RIS cannot carry `container_title`: 1 entry (k)",
        "RIS cannot carry `event-title`: 1 entry (k)",
    ]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("1-10", ["SP  - 1", "EP  - 10"]),
        ("1--10", ["SP  - 1", "EP  - 10"]),
        ("A1 \u2013 A9", ["SP  - A1", "EP  - A9"]),
        ("350", ["SP  - 350"]),
        ("1-3, 7-9", ["SP  - 1-3, 7-9"]),
        ("e1-e2-e3", ["SP  - e1-e2-e3"]),
    ],
)
def test_pages_are_first_and_last_where_they_are_a_range(pages, expected):
    assert lines(Record(type=ItemType.ARTICLE, pages=pages)) == expected


def test_one_standard_number_has_room_and_the_others_are_reported():
    both = {"isbn": "9780000000000", "issn": "1234-5678"}
    assert lines(Record(type=ItemType.ARTICLE, **both)) == ["SN  - 1234-5678"]
    assert lines(Record(type=ItemType.BOOK, **both)) == ["SN  - 9780000000000"]
    report = Record(type=ItemType.REPORT, number="TR-7", **both)
    assert lines(report) == ["SN  - TR-7"]
    assert [message for _, message in said(report)] == [
        "RIS cannot carry `isbn`: 1 entry (k)",
        "RIS cannot carry `issn`: 1 entry (k)",
    ]
    assert lines(Record(type=ItemType.WEBPAGE, number="7", accessed=PartialDate(2020, 1))) == [
        "M1  - 7",
        "Y2  - 2020/01//",
    ]


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (ExtendedDate(literal="last week"), []),
        (ExtendedDate(start=PartialDate(2020), circa=True), ["Y2  - 2020///"]),
        (ExtendedDate(start=PartialDate(2020, 5), end=PartialDate(2021)), ["Y2  - 2020/05//"]),
    ],
)
def test_a_date_of_access_that_is_more_than_a_date_is_reported(date, written):
    record = Record(type=ItemType.WEBPAGE, accessed=date)
    assert lines(record) == written
    assert [message for _, message in said(record)] == ["RIS cannot carry `accessed`: 1 entry (k)"]


def test_what_ris_cannot_carry_is_reported_once_a_field_with_the_first_entries():
    facts = ListingFacts(score=1.0, code=True)
    entries = [
        Entry(
            f"k{n}",
            Record(
                type=ItemType.PREPRINT,
                affiliations=("cmu",),
                listing=facts,
                arxiv_class="cs.CL",
                genre="poem",
                unmapped=(("howpublished", "x"), ("TY", "JOUR"), ("C8", "kept"), ("title-short", "S")),
                source=Source("seeds/a.txt", n),
            ),
            ("old",),
        )
        for n in range(1, 6)
    ]
    rendered = write_ris(entries)
    places = "5 entries (k1 at seeds/a.txt:1, k2 at seeds/a.txt:2, k3 at seeds/a.txt:3, ...)"
    assert [one.message for one in rendered.diagnostics] == [
        f"RIS cannot carry `{name}`: {places}"
        for name in ("TY", "affiliations", "aliases", "arxiv_class", "code", "genre", "howpublished", "score")
    ]
    assert {(one.severity, one.code) for one in rendered.diagnostics} == {("info", "field-not-carried")}
    assert rendered.text.count("C8  - kept\r\nST  - S\r\n") == 5


def test_nothing_is_an_empty_file_and_blocks_of_other_formats_are_reported():
    assert write_ris([]).text == ""
    block = Block(BlockKind.PREAMBLE, "@preamble{}", Source("in.bib", 1))
    assert [one.code for one in write_ris([], [block]).diagnostics] == ["block-not-carried"]
