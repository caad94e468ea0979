"""Every character of the Basic Multilingual Plane, and some beyond, comes back from CSL-JSON and RIS."""

import json

import pytest

from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.formats.ris import read_ris, write_ris
from bibkit.model.names import Body
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
REPLACED_IN_RIS = {*map(chr, range(32)), "\x7f", "\ufffe", "\uffff", *map(chr, range(0xD800, 0xE000))} - {
    *LINE_BREAKS,
    "\t",
}
POINTS = [*range(0x10000), *range(0x10000, 0x110000, 997), 0x10FFFF]


def words(size):
    """Return every character between letters, so many a text that no blank stands at its ends."""
    return [
        "".join(f"x{chr(point)}" for point in POINTS[start : start + size]) + "x"
        for start in range(0, len(POINTS), size)
    ]


@pytest.fixture(scope="module")
def entries():
    return [
        Entry(
            f"k{number}",
            Record(type=ItemType.BOOK, title=text, creators=(Body(f"The {text}"),), keywords=(text,)),
        )
        for number, text in enumerate(words(64))
    ]


def test_csl_json_gives_back_all_but_lone_surrogates(entries):
    text = write_csljson(entries).text
    items = json.loads(text.encode().decode())
    records = read_csljson(text, "out.json").records
    for entry, item, record in zip(entries, items, records, strict=True):
        expected = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in entry.record.title)
        assert item["title"] == record.title == expected
        assert record.creators == (Body(f"The {expected}"),)
        assert record.keywords == (expected,)


def test_ris_gives_back_all_but_controls_and_line_breaks(entries):
    text = write_ris(entries).text
    records = read_ris(text.encode().decode(), "out.ris").records
    for entry, record in zip(entries, records, strict=True):
        written = entry.record.title
        expected = "".join(
            "\ufffd" if one in REPLACED_IN_RIS else " " if one in LINE_BREAKS else one for one in written
        )
        assert record.title == expected
        assert record.keywords == (expected,)
        assert record.creators[0].literal == "The " + expected.replace(",", " ").replace("*", " ")
