from dataclasses import replace

import pytest

from bibkit.diagnostics import Severity, Source
from bibkit.formats.base import BlockKind
from bibkit.formats.listing import ListingText, read_listing, read_listings
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, ListingFacts, Record

YEAR = PartialDate(2026)
COMPACT = """\
CVMar 20, 2022Code
Transformers with Architecture SearchHaichao Zhang, Kuangrong Hao, Witold Pedrycz et al. · pku
Transformers exhibit great advantages in handling vision tasks.
85.1LGMay 30
A New Bound for B-matricesLei Gao, Ling Guan
A new bound is presented.
"""
SPACED = """\
h-index44
155papers

155 Papers

CVMar 14, 2023Code
Co-Salient Object Detection

Ziyue Zhu, Zhao Zhang, Zheng Lin et al. · tencent-ai

Co-salient object detection aims at discovering objects.

13.6NIApr 8
Optimizing Split Learning

Wei Wei, Zheng Lin

To enable training, we split.
"""


def read(text, as_of=YEAR):
    return read_listing(text, "page.txt", as_of)


def codes(result, severity=None):
    return [said.code for said in result.diagnostics if severity in (None, said.severity)]


def names(record):
    return [
        creator.literal if isinstance(creator, Body) else f"{creator.given or ''} {creator.family}".strip()
        for creator in record.creators
    ]


def test_a_compact_record():
    result = read(COMPACT)
    assert result.records[0] == Record(
        type=ItemType.PREPRINT,
        title="Transformers with Architecture Search",
        creators=(Person("Zhang", "Haichao"), Person("Hao", "Kuangrong"), Person("Pedrycz", "Witold")),
        creators_truncated=True,
        issued=PartialDate(2022, 3, 20),
        abstract="Transformers exhibit great advantages in handling vision tasks.",
        categories=("cs.CV",),
        affiliations=("pku",),
        listing=ListingFacts(score=None, code=True, date="Mar 20, 2022"),
    )
    assert result.records[1].listing == ListingFacts(score=85.1, code=False, date="May 30")
    assert result.records[1].issued == PartialDate(2026, 5, 30)
    assert [record.source for record in result.records] == [Source("page.txt", 1), Source("page.txt", 4)]
    assert result.blocks == ()
    assert codes(result) == ["inferred-type"]


def test_a_spaced_page_with_a_profile():
    result = read(SPACED)
    first, second = result.records
    assert first.title == "Co-Salient Object Detection"
    assert names(first) == ["Ziyue Zhu", "Zhao Zhang", "Zheng Lin"]
    assert first.creators_truncated
    assert first.affiliations == ("tencent-ai",)
    assert first.abstract == "Co-salient object detection aims at discovering objects."
    assert (names(second), second.creators_truncated) == (["Wei Wei", "Zheng Lin"], False)
    (block,) = result.blocks
    assert (block.kind, block.text, block.index) == (
        BlockKind.PROFILE,
        "h-index44\n155papers\n\n155 Papers",
        0,
    )
    assert codes(result) == ["profile", "page-count", "inferred-type"]
    assert "155" in result.diagnostics[1].message
    assert "2" in result.diagnostics[1].message


def test_a_long_profile_is_told_in_short():
    result = read("h-index44\n" * 100)
    assert result.blocks[0].text.count("h-index44") == 100
    assert result.diagnostics[0].message.count("h-index44") == 12
    assert "88 lines more" in result.diagnostics[0].message


def test_a_page_that_shows_all_its_papers_says_nothing_of_it():
    assert "page-count" not in codes(read(SPACED.replace("155", "2")))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_nothing(end):
    for text in (COMPACT, SPACED):
        assert read(text.replace("\n", end)).records == read(text).records
        assert read(text.rstrip("\n")).records == read(text).records
        assert read("\ufeff" + text).records == read(text).records


def test_both_layouts_say_the_same():
    spaced = read("LGMay 30\nDeep Learning of Things\n\nLei Gao, Ling Guan\n\nText of it.\n")
    compact = read("LGMay 30\nDeep Learning of ThingsLei Gao, Ling Guan\nText of it.\n")
    assert spaced.records == compact.records


def test_a_compact_page_with_blank_lines_is_compact():
    text = COMPACT.replace("\n", "\n\n")
    assert read(text).records == read(COMPACT).records


def test_a_spaced_page_without_its_blank_lines_is_spaced():
    text = "".join(f"{line}\n" for line in SPACED.splitlines() if line)
    assert read(text).records == read(SPACED).records


def test_an_abstract_of_several_lines_is_one_text():
    result = read(COMPACT.replace("handling vision", "handling\n\nvision"))
    assert result.records == read(COMPACT).records


def test_a_record_without_an_abstract():
    compact = read(
        "LGMay 30\nDeep Learning of ThingsLei Gao, Ling Guan\nLGMay 30\nA Study of PlantsLing Guan"
    )
    assert [record.abstract for record in compact.records] == [None, None]
    assert [names(record) for record in compact.records] == [["Lei Gao", "Ling Guan"], ["Ling Guan"]]
    spaced = read("LGMay 30\n\nDeep Learning of Things\n\nLei Gao, Ling Guan\n")
    assert spaced.records[0] == compact.records[0]


def test_a_title_without_authors_is_a_record_and_a_warning():
    spaced = read(SPACED.replace("Wei Wei, Zheng Lin\n\n", "") + "x" * 400)
    assert spaced.records[1].title == "Optimizing Split Learning"
    assert spaced.records[1].creators == ()
    assert codes(spaced, Severity.WARNING) == ["no-authors"]
    compact = read("LGMay 30\nIncremental object keypoint learning\nText.")
    assert compact.records[0].title == "Incremental object keypoint learning"
    assert compact.records[0].listing.uncertain
    assert codes(compact, Severity.WARNING) == ["no-authors", "uncertain-split"]


def test_an_uncertain_split_is_told_with_both_readings():
    result = read("LGMay 30\nAlways Have a Plan BAJ Piergiovanni\nWe plan.")
    (said,) = [said for said in result.diagnostics if said.code == "uncertain-split"]
    assert said.severity is Severity.WARNING
    assert said.source == Source("page.txt", 2)
    assert "“Always Have a Plan B” by AJ Piergiovanni" in said.message
    assert "“Always Have a Plan BA” by J Piergiovanni" in said.message
    assert result.records[0].listing.uncertain


REJECTED = {
    "two headers in a row": ("LGMay 1\nLGMay 2\nA StudyLei Gao, Ling Guan\nText.", "LGMay 1", 1, "nothing"),
    "a header at the end": (COMPACT + "LGMay 2\n\n", "LGMay 2", 7, "nothing"),
    "text with no header": ("Once upon\n\na time\n" + COMPACT, "Once upon\n\na time", 1, "no header"),
    "no listing": ("Once upon a time", "Once upon a time", 1, "no header"),
    "a title as long as an abstract": (
        "LGMay 1\n" + "word " * 300,
        "LGMay 1\n" + "word " * 300,
        1,
        "no title",
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_what_cannot_be_read_is_kept(case):
    text, kept, line, reason = REJECTED[case]
    result = read(text)
    (block,) = result.blocks
    assert (block.kind, block.text, block.source) == (BlockKind.REJECTED, kept, Source("page.txt", line))
    assert reason in (block.reason or "")
    assert codes(result, Severity.WARNING) == ["rejected-block"]
    assert next(said for said in result.diagnostics if said.code == "rejected-block").source == block.source


def test_a_block_knows_how_many_records_stand_before_it():
    result = read(f"{COMPACT}LGMay 2\n{COMPACT}LGMay 3\n")
    assert [(block.index, len(result.records)) for block in result.blocks] == [(2, 4), (4, 4)]


@pytest.mark.parametrize("text", ["", "\n \r\n", "\ufeff"])
def test_an_empty_page_is_told(text):
    result = read(text)
    assert (result.records, result.blocks) == ((), ())
    assert codes(result, Severity.WARNING) == ["no-records"]


def test_ten_megabytes_in_one_line():
    (block,) = read("x" * 10_000_000).blocks
    assert len(block.text) == 10_000_000
    result = read("LGMay 1\n" + "Ab c" * 2_500_000)
    assert len(result.blocks[0].text) == 10_000_008
    (record,) = read("LGMay 1\nA Study of PlantsLei Gao\n" + "a b" * 3_000_000).records
    assert len(record.abstract) == 9_000_000


DATES = [
    ("LGMay 30", None, None, "unknown-year"),
    ("LGMay 30", PartialDate(2026, 5, 29), None, "date-after-retrieval"),
    ("LGMay 30", PartialDate(2026, 5, 30), PartialDate(2026, 5, 30), None),
    ("LGFeb 29", PartialDate(2026), PartialDate(2026, 2), "no-such-day"),
    ("LGMay 30, 0000", None, None, "no-such-year"),
]


@pytest.mark.parametrize(("header", "as_of", "issued", "code"), DATES)
def test_dates(header, as_of, issued, code):
    result = read(f"{header}\nA Study of PlantsLei Gao\nText.", as_of)
    (record,) = result.records
    assert record.issued == issued
    assert record.listing.date == header.removeprefix("LG")
    assert codes(result, Severity.WARNING) == [code] * (code is not None)


def test_what_is_said_once_a_file_is_said_with_a_count():
    page = "NAMay 30\nA Study of PlantsLei Gao\nText \\foo{} and \\foo.\n"
    page += "XYMay 30\nA Study of TreesLei Gao\nText.\n"
    result = read(page * 2)
    assert codes(result) == ["inferred-type", "ambiguous-category", "unknown-macro", "unknown-category"]
    messages = [said.message for said in result.diagnostics]
    assert "4 records" in messages[0]
    assert "math.NA" in messages[1]
    assert "2 records" in messages[1]
    assert "\\foo" in messages[2]
    assert "XY" in messages[3]
    assert [record.categories for record in result.records] == [("math.NA",), ("XY",)] * 2


def test_markup_is_read():
    fused = "On \\emph{Deep} $\\ell_1$ LearningJos\\'e Garc\\'ia, Lei Gao"
    result = read(f"LGMay 30\n{fused}\nIt is \\textbf{{good}} by 5\\% \\emph{{here\n")
    (record,) = result.records
    assert record.title == "On Deep $\\ell_1$ Learning"
    assert names(record) == ["José García", "Lei Gao"]
    assert record.abstract == "It is good by 5% here"
    assert "unclosed-group" in codes(result, Severity.INFO)


def test_other_pages_are_evidence_and_their_order_is_none():
    doubtful = ListingText("b", "LGMay 30\nOn XyzzyXiaoBo Quux\nText.", YEAR)
    helping = ListingText("a", "LGMay 30\nA Study of Plants\n\nXiaoBo Quux, Lei Gao\n\nText.", YEAR)
    alone = read_listings([doubtful])[0]
    first, second = read_listings([doubtful, helping]), read_listings([helping, doubtful])
    assert first[0] == second[1]
    assert first[1] == second[0]
    assert names(first[0].records[0]) == ["XiaoBo Quux"]
    assert not first[0].records[0].listing.uncertain
    assert replace(alone.records[0], listing=None) == replace(first[0].records[0], listing=None)


def test_collectives_and_single_names():
    result = read("LGMay 30\nA Technical Report of SpeechGemini Team, Mausam\nText.\n")
    assert result.records[0].creators == (Body("Gemini Team"), Person("Mausam"))
