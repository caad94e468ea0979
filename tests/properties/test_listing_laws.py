"""Listings: nothing vanishes, nothing is raised, and the order of the pages decides nothing."""

import unicodedata
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from bibkit.diagnostics import Severity
from bibkit.formats.base import BlockKind
from bibkit.formats.listing import ListingText, read_listing, read_listings
from bibkit.formats.listing.authors import read_tail
from bibkit.formats.listing.evidence import Corpus
from bibkit.formats.listing.header import match_header
from bibkit.formats.listing.split import split_title
from bibkit.model.dates import PartialDate
from bibkit.model.display_names import parse_display_name
from bibkit.model.names import Body

HEADERS = st.builds(
    "{}{}{} {}{}{}".format,
    st.sampled_from(["", "85.1", "7"]),
    st.sampled_from(["CV", "LG", "NA", "XY", "quant-ph"]),
    st.sampled_from(["Jan", "Feb", "May"]),
    st.integers(0, 32),
    st.sampled_from(["", ", 2022"]),
    st.sampled_from(["", "Code"]),
)
TITLES = st.sampled_from(
    [
        "Vision Transformer with Convolutions Architecture Search",
        "MobiZO: Fine-Tuning at the Edge",
        "Applications, Challenges, and Opportunities",
        "Frozen LLMs",
        "Is It On?",
        "object detection in images",
        "Always Have a Plan B",
        "Q · K",
    ]
)
NAMES = st.sampled_from(
    [
        "Lei Gao",
        "H. T. Kung",
        "LuLu Yu",
        "Liu ying",
        "E Weinan",
        "Jan van der Berg",
        "Mausam",
        "王伟",
        "Иван Петров",
    ]
)
AUTHORS = st.builds(
    "{}{}{}".format,
    st.lists(NAMES, min_size=1, max_size=3).map(", ".join),
    st.sampled_from(["", " et al."]),
    st.sampled_from(["", " · pku, tsinghua"]),
)
ABSTRACTS = st.sampled_from(
    ["We study plans. They are good.", "A short one", "Text " * 80 + "ends.", "One, Two, Three", "Withdrawn."]
)
COMPACT = st.builds("{}\n{}{}\n{}\n".format, HEADERS, TITLES, AUTHORS, ABSTRACTS)
SPACED = st.builds("{}\n{}\n\n{}\n\n{}\n\n".format, HEADERS, TITLES, AUTHORS, ABSTRACTS)
PROFILE = st.sampled_from(["h-index44\n155papers\n\n", "8,939citations\nAI Score61\n", "Zheng Lin\n", ""])
PAGES = st.one_of(
    st.builds("{}{}".format, PROFILE, st.lists(COMPACT, max_size=5).map("".join)),
    st.builds("{}{}".format, PROFILE, st.lists(SPACED, max_size=5).map("".join)),
    st.builds("{}{}".format, PROFILE, st.lists(SPACED | COMPACT, max_size=4).map("".join)),
)
AS_OF = st.sampled_from([None, PartialDate(2026), PartialDate(2026, 2), PartialDate(2026, 2, 1)])
STRANGE = st.sampled_from(
    ["", "\u2028", "\x00", "h-index44", "155 Papers", "x", "et al.", " · ", ", ", "\ufeff", "\x85"]
)


@st.composite
def mutated(draw):
    """A page some of whose lines are gone, doubled, moved, or other lines."""
    lines = draw(PAGES).split("\n")
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(st.sampled_from(["drop", "double", "move", "head", "strange", "join", "inside"])):
            case "drop":
                del lines[place : place + 1]
            case "double":
                lines[place:place] = lines[place : place + 1]
            case "move":
                lines = lines[place:] + lines[:place]
            case "head":
                lines.insert(place, draw(HEADERS))
            case "strange":
                lines.insert(place, draw(STRANGE))
            case "join":
                lines[place : place + 2] = ["".join(lines[place : place + 2])]
            case "inside":
                lines[place : place + 1] = [line + draw(STRANGE) for line in lines[place : place + 1]]
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)


def _letters(*parts):
    """Return how often each letter and digit stands in some texts, however their words are ordered."""
    text = unicodedata.normalize("NFC", "".join(part for part in parts if part))
    return Counter(char for char in text if char.isalnum())


def _of_record(record):
    """Return the letters of all that a record has from the lines below its header."""
    names = [
        (creator.literal,)
        if isinstance(creator, Body)
        else (creator.given, creator.particle, creator.family, creator.suffix)
        for creator in record.creators
    ]
    parts = [part for name in names for part in name]
    return _letters(
        record.title, record.abstract, *parts, *record.affiliations, "etal" * record.creators_truncated
    )


@given(page=mutated(), as_of=AS_OF)
def test_every_line_ends_in_a_record_or_in_a_block(page, as_of):
    result = read_listing(page, "x", as_of)
    lines = page.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    taken = dict.fromkeys(range(1, len(lines) + 1))
    for block in result.blocks:
        for offset, line in enumerate(block.text.split("\n")):
            assert line == lines[block.source.line + offset - 1]
            taken[block.source.line + offset] = block
    for record in result.records:
        taken[record.source.line] = record
    owner = None
    below = {record.source.line: [] for record in result.records}
    for number, line in enumerate(lines, 1):
        if taken[number] is not None:
            owner = taken[number]
        elif line.strip():
            # Under no header that was read, and in no block: that line would have vanished.
            assert owner in result.records
            below[owner.source.line].append(line)
    for record in result.records:
        header = match_header(lines[record.source.line - 1])
        facts = record.listing
        assert (facts.score, facts.code, facts.date) == (header.score, header.code, header.date)
        assert record.categories[0].endswith(header.category)
        assert _of_record(record) == _letters(*below[record.source.line])


@given(page=mutated(), as_of=AS_OF)
def test_what_is_wrong_is_told_where_it_is(page, as_of):
    result = read_listing(page, "x", as_of)
    said = {(what.code, what.source.line) for what in result.diagnostics}
    for block in result.blocks:
        code = "rejected-block" if block.kind is BlockKind.REJECTED else "profile"
        assert (code, block.source.line) in said
        assert (block.reason is not None) == (block.kind is BlockKind.REJECTED)
    for record in result.records:
        assert record.issued is not None or any(
            line == record.source.line and code in ("unknown-year", "date-after-retrieval", "no-such-year")
            for code, line in said
        )
        assert record.creators or any(code == "no-authors" for code, _ in said)
    doubtful = sum(record.listing.uncertain for record in result.records)
    assert doubtful == sum(what.code == "uncertain-split" for what in result.diagnostics)
    assert all(what.severity is not Severity.ERROR for what in result.diagnostics)


@given(pages=st.lists(mutated(), min_size=2, max_size=4), data=st.data())
def test_the_order_of_the_pages_decides_nothing(pages, data):
    listings = [ListingText(str(number), page, PartialDate(2026)) for number, page in enumerate(pages)]
    order = data.draw(st.permutations(range(len(listings))))
    results = read_listings(listings)
    shuffled = read_listings([listings[place] for place in order])
    assert [results[place] for place in order] == list(shuffled)


@given(text=st.lists(texts() | HEADERS, max_size=12).map("\n".join))
def test_no_text_is_refused(text):
    result = read_listing(text, "x")
    headers = [
        line
        for line in text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if match_header(line)
    ]
    rejected = sum(
        block.kind is BlockKind.REJECTED and match_header(block.text.split("\n")[0]) is not None
        for block in result.blocks
    )
    assert len(result.records) + rejected == len(headers)


@given(line=texts(), abstract=texts(min_size=0))
def test_a_split_loses_no_character(line, abstract):
    tail = read_tail(line)
    split = split_title(tail, abstract, Corpus((), (), ()))
    for reading in filter(None, (split.best, split.second)):
        first, *others = reading.names or [""]
        assert ", ".join([reading.title + first, *others]) == ", ".join(tail.pieces)


@given(text=texts().filter(str.strip))
def test_a_name_loses_no_letter(text):
    creator = parse_display_name(text)
    match creator:
        case Body():
            words = creator.literal.split()
        case _:
            parts = (creator.given, creator.particle, creator.family, creator.suffix)
            words = [word for part in parts if part for word in part.split()]
            assert creator.family
    assert Counter(words) in (Counter(text.split()), Counter(text.replace(",", " ").split())) or "," in text
