"""RIS: no value ends its line whatever the records hold, and reading what was written gives them back."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    HOSTILE,
    blocks,
    bodies,
    dates,
    entries,
    extended_dates,
    one_line,
    records,
    texts,
)

from bibkit.formats.base import BlockKind
from bibkit.formats.ris import read_ris, write_ris
from bibkit.formats.ris.tables import BOOK_ROLES, BOOKS, KINDS, PREPRINT_TYPES, ROLES, TYPES
from bibkit.model.dates import ExtendedDate, PartialDate, Season
from bibkit.model.names import Person, Role
from bibkit.model.record import ItemType
from bibkit.model.work import Entry

LINE = re.compile(r"[A-Z][A-Z0-9]  - [^\n\r]*", re.ASCII)
BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

# What a line and a name of RIS can hold.
TEXT = one_line(texts(surrogates=False))
NAME_TEXT = TEXT.map(lambda text: text.replace(",", "").replace("*", "").strip())
PART = NAME_TEXT.filter(
    lambda text: text and not text[0].islower() and not text.lower().endswith(("al", "al."))
)
PEOPLE = st.builds(
    Person,
    family=PART,
    given=PART,
    particle=st.none() | st.sampled_from(["van der", "de la", "von"]),
    suffix=st.none() | st.sampled_from(["Jr.", "III"]),
)
BODIES = bodies(PART.map("The {} Group".format))
CREATORS = st.one_of(PEOPLE, BODIES)
CARRIED = [Role.AUTHOR, Role.EDITOR, Role.TRANSLATOR, Role.SERIES_EDITOR]
SEASONS = st.builds(
    ExtendedDate, start=st.integers(1, 9999).map(PartialDate), season=st.sampled_from(list(Season))
)
WORDS = st.sampled_from(["in press", "n.d.", "forthcoming"]).map(lambda text: ExtendedDate(literal=text))
UNMAPPED = st.dictionaries(
    st.sampled_from(
        ["container-title-short", "title-short", "collection-title", "call-number", "C8", "L1", "RN"]
    ),
    TEXT,
    max_size=3,
).map(lambda found: tuple(found.items()))


@st.composite
def carried(draw):
    """Draw a record of which RIS can carry everything but aliases."""
    record = draw(records(TEXT, unmapped=UNMAPPED, date=dates() | SEASONS))
    creators = draw(st.lists(CREATORS, max_size=3))
    roles = draw(st.lists(st.sampled_from(CARRIED), min_size=3, max_size=3))
    others = dict(record.unmapped)
    typed = {}
    if record.container_title in {None, others.get("container-title-short")}:
        others.pop("container-title-short", None)
    if record.type in KINDS:
        typed["genre"] = None
    if record.type in BOOKS:
        typed["container_title"] = None
    keeps_arxiv = TYPES[record.type] not in PREPRINT_TYPES or record.type is ItemType.PREPRINT
    if not keeps_arxiv:
        typed["arxiv_id"] = None
    if record.genre is not None and record.genre.lower() in KINDS.values():
        typed["genre"] = None
    numbered = record.type in {ItemType.REPORT, ItemType.PATENT}
    has_number = record.number is not None and numbered
    standard = draw(st.sampled_from(["isbn", "issn"]))
    return replace(
        record,
        **typed,
        creators=tuple(replace(one, role=role) for one, role in zip(creators, roles, strict=False)),
        isbn=record.isbn if standard == "isbn" and not has_number else None,
        issn=record.issn if standard == "issn" and not has_number else None,
        arxiv_class=None,
        affiliations=(),
        listing=None,
        issued=draw(st.just(record.issued) | WORDS),
        unmapped=tuple(others.items()),
    )


def as_carried(record):
    """Return what a record is once it went through RIS: tags in RIS's order, arXiv's own facts told."""
    roles = BOOK_ROLES if record.type in BOOKS else ROLES
    tags = ["AU", *sorted(set(roles.values()) - {"AU"})]
    creators = sorted(record.creators, key=lambda one: tags.index(roles[one.role]))
    others = sorted(record.unmapped, key=lambda pair: pair[0] != "collection-title")
    told = {}
    if record.type is ItemType.PREPRINT and record.arxiv_id:
        told = {
            "publisher": record.publisher or "arXiv",
            "doi": record.doi or f"10.48550/arXiv.{record.arxiv_id}",
            "url": record.url or f"https://arxiv.org/abs/{record.arxiv_id}",
        }
    return replace(record, creators=tuple(creators), unmapped=tuple(others), **told)


@given(entries(records(date=dates() | extended_dates()), max_size=2))
def test_every_line_is_a_tag_and_a_value(several):
    text = write_ris(several).text
    text.encode()
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert text.splitlines() == lines
    assert all(not line or LINE.fullmatch(line) for line in lines)
    assert [line[6:] for line in lines if line.startswith("ID  - ")] == [entry.key for entry in several]
    assert sum(line.startswith("TY  - ") for line in lines) == len(several)
    assert lines.count("ER  - ") == len(several)
    assert not [line for line in lines if line.startswith("AU  - ") and "*" in line]


@given(st.lists(carried(), max_size=2))
def test_reading_what_was_written_gives_the_records_back(several):
    written = write_ris([Entry(f"key{n}", record) for n, record in enumerate(several)])
    assert not written.diagnostics
    result = read_ris(written.text, "out.ris")
    assert not result.blocks
    assert list(result.records) == [as_carried(record) for record in several]
    assert [record.brought_key for record in result.records] == [f"key{n}" for n in range(len(several))]


def copy(result):
    keyed = [Entry(f"k{n}", record) for n, record in enumerate(result.records)]
    return write_ris(keyed, result.blocks).text


@given(entries(records(date=dates() | extended_dates()), max_size=2))
def test_writing_what_was_read_gives_the_same_bytes(several):
    once = copy(read_ris(write_ris(several).text, "out.ris"))
    assert copy(read_ris(once, "out.ris")) == once


TAGS = "TY ER AU A2 T2 PY DA N1 KW SP EP SN M3 XX ID AN C1 JO J2 T3 BT EF Y1 Y2 TI UR DO"
VALUES = """JOUR|GEN|BOOK|CONF|2020|2020/05/13/|2020///Spring|et al.|Smith, J|preprint
|arXiv:2401.00001 [cs.LG]||Smith, J., et al.|0000-0000|cs.LG|1-10|,|x y|x\u2028y|x\x01|x\x02|x\ufffd|\x1cx
|Author list truncated in the source (et al.)|Author list truncated in the source"""
LINES = st.one_of(
    st.builds("{}  - {}".format, st.sampled_from(TAGS.split()), st.sampled_from(VALUES.split("|")) | texts()),
    st.sampled_from(
        ["", "TY - BOOK", "ER  -", "SP  -", "ER - ", "text", "  AU  - x", "1.", "(et al.)", "y", "\x01"]
    ),
    texts(),
)


@given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_any_lines_are_read_and_their_copy_is_stable(lines, end, mark):
    result = read_ris(mark + end.join(lines), "in.ris")

    once = copy(result)
    again = read_ris(once, "in.ris")
    assert len(again.records) == len(result.records)
    assert [block.kind for block in again.blocks] == [block.kind for block in result.blocks]
    assert copy(again) == once


@given(st.lists(LINES, max_size=25), st.data())
def test_every_line_is_in_a_field_a_block_or_a_diagnostic(lines, data):
    """Each line has a word of its own, somewhere behind its tag; raw sources do not count."""
    marked = []
    for number, line in enumerate("\n".join(lines).split("\n")):
        place = data.draw(st.integers(min(len(line), 6), len(line)))
        marked.append(f"{line[:place]} q{number}z {line[place:]}" if line.strip() else line)
    result = read_ris("\n".join(marked), "in.ris")
    said = " ".join([*map(repr, result.records), *(block.text for block in result.blocks)])
    said += " ".join(record.brought_key or "" for record in result.records)
    reported = " ".join(diagnostic.message for diagnostic in result.diagnostics)
    tag = ""
    for line in marked:
        tag = line[:2] if re.match(r"[A-Z][A-Z0-9] {1,2}-( |$)", line) else tag
        for word in re.findall(r"q\d+z", line):
            assert word in said or f"`{tag}`" in reported or word in reported, line


@given(blocks())
def test_blocks_of_other_formats_are_reported_not_written(several):
    written = write_ris([], several)
    assert written.text == ""
    assert {diagnostic.code for diagnostic in written.diagnostics} <= {"block-not-carried"}
    assert len(written.diagnostics) == len({block.kind for block in several})


@pytest.mark.parametrize(
    "piece",
    [*sorted(HOSTILE, key=repr)[::9], "TY  - JOUR\n", "\n", "x\n", "KW  - x\n", "a, ", "et al ", " ", "al"],
)
def test_any_text_takes_linear_time(piece):
    read_ris("TY  - JOUR\nAU  - " + piece * 20_000, "in.ris")
    read_ris(piece * 20_000, "in.ris")


def test_a_copy_keeps_what_stands_between_entries_where_it_stood():
    text = "Exported today\n\nTY  - JOUR\nER  - \nAU  - Nobody, A.\n\nTY  - BOOK\nER  - \n"
    result = read_ris(text, "in.ris")
    assert [block.kind for block in result.blocks] == [BlockKind.COMMENT, BlockKind.REJECTED]
    copy = write_ris([Entry(f"k{n}", record) for n, record in enumerate(result.records)], result.blocks)
    assert copy.text == (
        "Exported today\r\n\r\nTY  - JOUR\r\nID  - k0\r\nER  - \r\n\r\n"
        "AU  - Nobody, A.\r\n\r\nTY  - BOOK\r\nID  - k1\r\nER  - \r\n\r\n"
    )
    assert [diagnostic.code for diagnostic in copy.diagnostics] == ["unsafe-block-kept"]
