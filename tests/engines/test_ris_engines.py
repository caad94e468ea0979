"""Reference managers' readers on RIS: rispy, bibutils and citation-js read what is written."""

import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from engines_support import Engine, absent, drawn, find_engine
from strategies import dates, entries, extended_dates, records

from bibkit.formats.listing import ListingText, read_listings
from bibkit.formats.ris import write_ris
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

ROOT = Path(__file__).resolve().parents[2]
MODS = {"m": "http://www.loc.gov/mods/v3"}

# What bibutils has no place for: a type of the specification, dates of access and seasons.
UNKNOWN_TO_BIBUTILS = {"DATA"}
UNUSED_BY_BIBUTILS = {"DATE:MONTH", "DATE:OTHER"}

NAMES = Record(
    type=ItemType.CHAPTER,
    title="Names",
    creators=(
        Person("Berg", "Jan", "van der", "Jr."),
        Body("World Health Organization"),
        Person("Plato"),
        Person("Ó Súilleabháin", "Seán"),
        Person("村上", "春樹"),
        Person("de", "X.", role=Role.EDITOR),
    ),
    issued=PartialDate(2020, 5),
)


@pytest.fixture(scope="module")
def ris2xml() -> Engine:
    return find_engine("ris2xml")


@pytest.fixture(scope="module")
def seeds() -> list[Entry]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    pages = [ListingText(path.name, path.read_text(encoding="utf-8"), PartialDate(2026)) for path in paths]
    found = [record for result in read_listings(pages) for record in result.records]
    assert len(found) == 184
    return [Entry(f"seed{number}", record) for number, record in enumerate([*found, NAMES])]


@pytest.fixture(scope="module")
def hostile() -> list[Entry]:
    several = drawn(entries(records(date=dates() | extended_dates()), max_size=3), 150)
    return [
        replace(entry, key=f"k{number}")
        for number, entry in enumerate(entry for one in several for entry in one)
    ]


def authors(record: Record) -> list[str]:
    """Return the names as they are read out: given names, particle, family name, suffix."""
    return [
        one.literal
        if isinstance(one, Body)
        else " ".join(filter(None, (one.given, one.particle, one.family, one.suffix)))
        for one in record.creators
        if one.role is Role.AUTHOR
    ]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def in_ris(entry: Entry) -> dict[str, str]:
    """Return the first value of each tag of an entry, cut from the text by hand."""
    lines = write_ris([entry]).text.split("\r\n")
    return {line[:2]: line[6:] for line in reversed(lines) if line}


def test_rispy_reads_every_record(seeds):
    if find_spec("rispy") is None:
        absent("rispy is not installed")
    import rispy

    read = rispy.loads(write_ris(seeds).text)
    assert [one["id"] for one in read] == [entry.key for entry in seeds]
    for one, entry in zip(read, seeds, strict=True):
        record = entry.record
        assert one["title"] == record.title
        assert one.get("abstract") == record.abstract
        assert int(one["year"]) == record.issued.year
        assert one["date"].split("/")[:2] == [f"{record.issued.year}", f"{record.issued.month:02}"]
        assert one.get("keywords", []) == list(record.categories)
        names = [" ".join(reversed(name.split(", ")[:2])).strip() for name in one["authors"]]
        assert [words(name) for name in names] == [
            words(name.removesuffix(" Jr.")) for name in authors(record)
        ]
        assert (
            "Author list truncated in the source (et al.)" in one.get("notes", [])
        ) is record.creators_truncated


def test_rispy_reads_any_text_line_by_line(hostile):
    if find_spec("rispy") is None:
        absent("rispy is not installed")
    import rispy

    read = rispy.loads(write_ris(hostile).text)
    assert [one["id"] for one in read] == [entry.key for entry in hostile]
    for one, entry in zip(read, hostile, strict=True):
        assert one.get("title", "") == in_ris(entry).get("TI", "")
        assert one.get("abstract", "") == in_ris(entry).get("AB", "")


def test_bibutils_reads_every_record(ris2xml, seeds, tmp_path):
    read = read_mods(ris2xml, write_ris(seeds).text, tmp_path)
    assert [one.get("ID") for one in read] == [entry.key for entry in seeds]
    for one, entry in zip(read, seeds, strict=True):
        record = entry.record
        assert words(title_of(one)) == words(record.title)
        names, expected = [*map(words, names_of(one))], [*map(words, authors(record))]
        if record is NAMES:  # it puts names of one word after the others
            names, expected = sorted(names), sorted(expected)
        assert names == expected
        assert one.find(".//m:dateIssued", MODS).text == record.issued.isoformat()


def test_bibutils_reads_any_text(ris2xml, hostile, tmp_path):
    read = read_mods(ris2xml, write_ris(hostile).text, tmp_path)
    assert [one.get("ID") for one in read] == [entry.key for entry in hostile]


def test_citation_js_reads_every_record(citation_js, seeds):
    read = citation_js(write_ris(seeds).text)
    assert [one["id"] for one in read] == [entry.key for entry in seeds]
    for one, entry in zip(read, seeds, strict=True):
        record = entry.record
        assert one["title"] == record.title
        names = [
            name.get("literal")
            or " ".join(filter(None, (name.get("given"), name.get("family"), name.get("suffix"))))
            for name in one["author"]
        ]
        assert names == authors(record)
        parts = [int(part) for part in one["issued"]["date-parts"][0]]
        # It reads a date with no day as a year.
        known = record.issued.isoformat() if record.issued.day else f"{record.issued.year}"
        assert parts == [int(part) for part in known.split("-")]


def test_citation_js_reads_any_text(citation_js, hostile):
    read = citation_js(write_ris(hostile).text)
    assert [one["id"] for one in read] == [entry.key for entry in hostile]


def read_mods(ris2xml: Engine, text: str, folder: Path) -> list[ET.Element]:
    """Return the records that bibutils reads, as MODS."""
    (folder / "in.ris").write_bytes(text.encode())
    done = ris2xml.run("-i", "utf8", "-o", "utf8", "in.ris", cwd=folder)
    assert done.returncode == 0
    assert set(re.findall(r"Did not recognize type '(\w+)'", done.stderr)) <= UNKNOWN_TO_BIBUTILS
    assert set(re.findall(r"^ris2xml: +'([A-Z0-9:]+)', ", done.stderr, re.MULTILINE)) <= UNUSED_BY_BIBUTILS
    return list(ET.fromstring(done.stdout.removeprefix("\ufeff").encode()))  # noqa: S314 - made here and now


def title_of(record: ET.Element) -> str:
    return " ".join(part.text or "" for part in record.find("m:titleInfo", MODS))


def names_of(record: ET.Element) -> list[str]:
    found = []
    for name in record.findall("m:name", MODS):
        if name.find("m:role/m:roleTerm", MODS).text != "author":
            continue
        parts = {part.get("type"): [] for part in name.findall("m:namePart", MODS)}
        for part in name.findall("m:namePart", MODS):
            parts[part.get("type")].append(part.text or "")
        order = ("given", "family", None, "suffix")
        found.append(" ".join(text for kind in order for text in parts.get(kind, [])))
    return found
