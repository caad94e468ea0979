"""CSL-JSON writer: three records as they were worked out by hand, every type, what CSL cannot say."""

import json

import pytest
from csl_model import ITEMS

from bibkit.diagnostics import Source
from bibkit.formats.base import Block, BlockKind
from bibkit.formats.csljson import write_csljson
from bibkit.model.dates import ExtendedDate, PartialDate, parse_date
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import Entry


def item(record, key="k", aliases=()):
    return json.loads(write_csljson([Entry(key, record, aliases)]).text)[0]


def test_a_truncated_preprint_is_laid_out_as_decided():
    record = Record(
        type=ItemType.PREPRINT,
        title="MobiZO: Enabling Efficient LLM Fine-Tuning",
        creators=(Person("Gao", "Lei"), Person("Ziashahabi", "Amir"), Person("Niu", "Yue")),
        creators_truncated=True,
        issued=PartialDate(2024, 9, 23),
        abstract="Large Language Models ...",
        categories=("cs.LG",),
        listing=ListingFacts(date="Sep 23, 2024"),
    )
    assert write_csljson([Entry("gao2024mobizo", record)]).text == (
        "[\n"
        "  {\n"
        '    "id": "gao2024mobizo",\n'
        '    "citation-key": "gao2024mobizo",\n'
        '    "type": "article",\n'
        '    "genre": "preprint",\n'
        '    "title": "MobiZO: Enabling Efficient LLM Fine-Tuning",\n'
        '    "author": [\n'
        '      {"family": "Gao", "given": "Lei"},\n'
        '      {"family": "Ziashahabi", "given": "Amir"},\n'
        '      {"family": "Niu", "given": "Yue"},\n'
        '      {"literal": "others"}\n'
        "    ],\n"
        '    "issued": {"date-parts": [[2024, 9, 23]]},\n'
        '    "keyword": "cs.LG",\n'
        '    "abstract": "Large Language Models ...",\n'
        '    "custom": {"creators_truncated": true}\n'
        "  }\n"
        "]\n"
    )


def test_what_a_listing_prints_is_custom():
    facts = ListingFacts(score=78.4, code=True, date="May 24")
    record = Record(
        type=ItemType.PREPRINT,
        creators=(Person("Li", "Leshu"),),
        creators_truncated=True,
        issued=PartialDate(2026, 5, 24),
        affiliations=("cmu",),
        listing=facts,
    )
    assert item(record)["custom"] == {
        "creators_truncated": True,
        "score": 78.4,
        "code": True,
        "affiliations": ["cmu"],
    }
    undated = Record(type=ItemType.PREPRINT, listing=ListingFacts(date="May 24", uncertain=True))
    assert item(undated)["custom"] == {"date": "May 24", "uncertain": True}
    assert "issued" not in item(undated)


@pytest.mark.parametrize(
    ("type_", "csl"),
    [
        (ItemType.ARTICLE, "article-journal"),
        (ItemType.CONFERENCE_PAPER, "paper-conference"),
        (ItemType.PROCEEDINGS, "book"),
        (ItemType.BOOK, "book"),
        (ItemType.CHAPTER, "chapter"),
        (ItemType.BOOKLET, "pamphlet"),
        (ItemType.MANUAL, "book"),
        (ItemType.THESIS, "thesis"),
        (ItemType.REPORT, "report"),
        (ItemType.WEBPAGE, "webpage"),
        (ItemType.DOCUMENT, "document"),
        (ItemType.PREPRINT, "article"),
        (ItemType.SOFTWARE, "software"),
        (ItemType.DATASET, "dataset"),
        (ItemType.PATENT, "patent"),
        (ItemType.MANUSCRIPT, "manuscript"),
    ],
)
def test_every_type_has_its_csl_type(type_, csl):
    assert item(Record(type=type_))["type"] == csl


def test_a_preprint_is_arxivs_only_with_an_arxiv_id():
    plain = item(Record(type=ItemType.PREPRINT, title="T"))
    assert plain["genre"] == "preprint"
    assert not {"publisher", "number"} & plain.keys()
    known = item(Record(type=ItemType.PREPRINT, arxiv_id="2401.00001", arxiv_class="cs.CL"))
    assert (known["publisher"], known["number"]) == ("arXiv", "arXiv:2401.00001")
    assert known["custom"] == {"arxiv_class": "cs.CL"}
    numbered = item(Record(type=ItemType.PREPRINT, arxiv_id="2401.00001", number="7"))
    assert numbered["number"] == "7"
    assert numbered["custom"] == {"arxiv_id": "2401.00001"}
    published = item(Record(type=ItemType.ARTICLE, arxiv_id="2401.00001"))
    assert published["custom"] == {"arxiv_id": "2401.00001"}
    assert "publisher" not in published


def test_names_keep_their_parts_and_their_lists():
    record = Record(
        type=ItemType.CHAPTER,
        creators=(
            Person("Berg", "Jan", "van der", "Jr.", Role.EDITOR),
            Person("Plato"),
            Body("The LIGO Scientific Collaboration and Virgo"),
            Person("Knuth", "D.", role=Role.TRANSLATOR),
            Person("Roe", "R.", role=Role.CONTRIBUTOR),
            Person("Doe", "J.", role=Role.SERIES_EDITOR),
        ),
        creators_truncated=True,
    )
    written = item(record)
    assert written["author"] == [
        {"family": "Plato"},
        {"literal": "The LIGO Scientific Collaboration and Virgo"},
        {"literal": "others"},
    ]
    assert written["editor"] == [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der", "suffix": "Jr."}
    ]
    assert written["translator"] == [{"family": "Knuth", "given": "D."}]
    assert written["contributor"] == [{"family": "Roe", "given": "R."}]
    assert written["collection-editor"] == [{"family": "Doe", "given": "J."}]


def test_only_editors_that_are_truncated_say_so_themselves():
    record = Record(
        type=ItemType.BOOK, creators=(Person("Doe", "J.", role=Role.EDITOR),), creators_truncated=True
    )
    assert item(record)["editor"] == [{"family": "Doe", "given": "J."}, {"literal": "others"}]
    nobody = item(Record(type=ItemType.BOOK, creators_truncated=True))
    assert "author" not in nobody
    assert nobody["custom"] == {"creators_truncated": True}


def test_a_body_named_others_is_no_truncation():
    record = Record(type=ItemType.BOOK, creators=(Person("Doe", "J."), Body("Others")))
    assert item(record)["custom"] == {"creators_truncated": False}


@pytest.mark.parametrize(
    ("date", "csl", "edtf"),
    [
        (PartialDate(2020), {"date-parts": [[2020]]}, None),
        (PartialDate(2020, 5), {"date-parts": [[2020, 5]]}, None),
        (parse_date("2020-05/2020-06"), {"date-parts": [[2020, 5], [2020, 6]]}, None),
        (parse_date("2020-05-13/2020-06"), {"date-parts": [[2020, 5], [2020, 6]]}, "2020-05-13/2020-06"),
        (parse_date("2020/.."), {"literal": "2020\u2013"}, "2020/.."),
        (parse_date("../2020"), {"literal": "\u20132020"}, "../2020"),
        (parse_date("1723~"), {"date-parts": [[1723]], "circa": True}, None),
        (parse_date("1723?"), {"date-parts": [[1723]], "circa": True}, "1723?"),
        (parse_date("2001-23"), {"date-parts": [[2001]], "season": 3}, None),
        (ExtendedDate(literal="in press"), {"literal": "in press"}, None),
    ],
)
def test_dates_are_said_as_far_as_csl_can(date, csl, edtf):
    written = item(Record(type=ItemType.BOOK, issued=date, accessed=date))
    assert written["issued"] == written["accessed"] == csl
    assert written.get("custom") == ({"issued": edtf, "accessed": edtf} if edtf else None)


def test_text_that_looks_like_markup_is_kept_apart_and_reported():
    record = Record(
        type=ItemType.ARTICLE,
        title="Using <i>tags</i> & a<b>c",
        note="DOI: 10.1/x\nplain: text\n{:publisher: EVIL}",
        url="https://x.org/<i>",
        source=Source("in.bib", 3),
    )
    rendered = write_csljson([Entry("k", record)])
    written = json.loads(rendered.text)[0]
    assert written["title"] == "Using <\u2060i>tags<\u2060/i> & a<\u2060b>c"
    assert written["note"] == "DOI\u2060: 10.1/x\nplain: text\n{:publisher\u2060: EVIL}"
    assert written["URL"] == "https://x.org/<i>"
    assert [str(one) for one in rendered.diagnostics] == [
        f"in.bib:3: info: CSL-JSON: what a citation processor would take for markup in `{name}` is kept "
        "apart: 1 entry (k at in.bib:3) [markup-kept-apart]"
        for name in ("note", "title")
    ]


def test_what_utf8_or_javascript_would_not_take_is_escaped_or_replaced():
    record = Record(type=ItemType.BOOK, title='a\u2028b\u2029c\x00d\ud800e"\\\n\x7f', note="\udfff")
    rendered = write_csljson([Entry("k", record)])
    assert '"title": "a\\u2028b\\u2029c\\u0000d\ufffde\\"\\\\\\n\x7f"' in rendered.text
    rendered.text.encode()
    assert [one.code for one in rendered.diagnostics] == ["character-replaced"]


def test_unmapped_fields_are_variables_or_custom():
    record = Record(
        type=ItemType.CHAPTER,
        unmapped=(
            ("collection-title", "LNCS"),
            ("original-date", "1999~"),
            ("howpublished", "Talk"),
            ("director", '[{"family": "Lynch"}]'),
            ("composer", "no JSON"),
            ("host", "[" * 100_000),
            ("collection-title", "twice"),
            ("custom", '{"theirs": [1]}'),
            ("ids", "old, older"),
        ),
    )
    written = item(record, aliases=("oldest", "old"))
    assert written["collection-title"] == "LNCS"
    assert written["original-date"] == {"date-parts": [[1999]], "circa": True}
    assert written["director"] == [{"family": "Lynch"}]
    assert written["custom"] == {
        "aliases": ["oldest", "old", "older"],
        "theirs": [1],
        "unmapped": [
            ["howpublished", "Talk"],
            ["composer", "no JSON"],
            ["host", "[" * 100_000],
            ["collection-title", "twice"],
        ],
    }


def test_categories_and_keywords_are_told_apart_where_the_string_cannot():
    plain = item(Record(type=ItemType.BOOK, categories=("cs.LG",), keywords=("edge", "zeroth order")))
    assert plain["keyword"] == "cs.LG, edge, zeroth order"
    assert "custom" not in plain
    commas = item(Record(type=ItemType.BOOK, keywords=("a, b", "cs.LG")))
    assert commas["keyword"] == "a, b, cs.LG"
    assert commas["custom"] == {"categories": [], "keywords": ["a, b", "cs.LG"]}


def test_shared_types_are_told_in_custom_and_pages_have_one_hyphen():
    written = item(Record(type=ItemType.PROCEEDINGS, pages="1--10"))
    assert (written["type"], written["custom"], written["page"]) == ("book", {"type": "proceedings"}, "1-10")
    assert item(Record(type=ItemType.MANUAL, pages="3 \u2013 9"))["page"] == "3-9"


def test_no_entries_are_an_empty_list_and_blocks_are_reported():
    blocks = [Block(BlockKind.COMMENT, "x", Source("in.bib", n), n) for n in (1, 2, 3, 4)]
    rendered = write_csljson([], blocks)
    assert rendered.text == "[]\n"
    (said,) = rendered.diagnostics
    assert str(said) == (
        "in.bib:1: info: CSL-JSON cannot carry comment blocks: 4 (in.bib:1, in.bib:2, in.bib:3, ...) "
        "[block-not-carried]"
    )


def test_a_full_record_has_its_members_in_a_fixed_order_and_is_valid():
    record = Record(
        type=ItemType.CONFERENCE_PAPER,
        title="T",
        creators=(Person("Berg", "Jan", "van der", "Jr."), Body("WHO", Role.EDITOR)),
        creators_truncated=True,
        issued=parse_date("2020/2021"),
        abstract="A",
        container_title="Proc.",
        volume="1",
        issue="2",
        pages="3-4",
        publisher="P",
        place="Q",
        edition="2",
        number="7",
        genre="g",
        doi="10.1/x",
        arxiv_id="2401.00001",
        arxiv_class="cs.CL",
        isbn="978",
        issn="1234-5678",
        url="https://x.org",
        accessed=PartialDate(2021),
        language="en",
        categories=("cs.CL",),
        keywords=("k",),
        affiliations=("a",),
        note="n",
        listing=ListingFacts(1.5, True, "May 24", True),
        unmapped=(("event-title", "ICML"), ("x", "y")),
    )
    text = write_csljson([Entry("k", record, ("old",))]).text
    ITEMS.validate_json(text)
    assert " ".join(json.loads(text)[0]) == (
        "id citation-key type genre title author editor container-title volume issue page edition number "
        "publisher publisher-place issued accessed DOI ISBN ISSN URL language event-title keyword abstract "
        "note custom"
    )
