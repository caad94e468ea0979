"""CSL-JSON: what is written is valid whatever the records hold, and reading it gives them back."""

import itertools
import json
import re
from dataclasses import replace

import pytest
from csl_model import ITEMS
from hypothesis import given
from hypothesis import strategies as st
from strategies import dates, entries, extended_dates, records, texts

from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.formats.csljson.tables import ROLES
from bibkit.model.record import ItemType, ListingFacts
from bibkit.model.work import Entry

DATES = dates() | extended_dates()
TEXT = texts(surrogates=False)

CSL_NAMES = ["collection-title", "event-title", "event-place", "number-of-pages", "PMID", "version"]
UNMAPPED = st.builds(
    lambda csl, own: (*csl.items(), *own),
    st.dictionaries(st.sampled_from(CSL_NAMES), TEXT, max_size=2),
    st.lists(
        st.tuples(st.sampled_from(["howpublished", "C7", "title", "director", "type"]), TEXT), max_size=2
    ),
)


def as_carried(entry):
    """Return what a record is once it went through CSL-JSON: all that it was, in CSL's order."""
    record = entry.record
    creators = tuple(one for role in ROLES for one in record.creators if one.role is role)
    facts = record.listing and replace(record.listing, date=None if record.issued else record.listing.date)
    aliases = (("ids", ", ".join(entry.aliases)),) if entry.aliases else ()
    csl = tuple(pair for pair in record.unmapped if pair[0] in CSL_NAMES)
    own = tuple(pair for pair in record.unmapped if pair[0] not in CSL_NAMES)
    publisher = record.publisher
    if record.type is ItemType.PREPRINT and record.arxiv_id:
        publisher = publisher or "arXiv"
    return replace(
        record,
        creators=creators,
        listing=None if facts == ListingFacts() else facts,
        publisher=publisher,
        unmapped=csl + aliases + own,
    )


@given(entries(records(date=DATES), max_size=2))
def test_every_output_is_a_list_of_csl_items(several):
    text = write_csljson(several).text
    text.encode()
    assert "\u2028" not in text
    assert "\u2029" not in text
    assert text.endswith("]\n")
    assert "\r" not in text
    items = ITEMS.validate_json(text)
    assert [item.id for item in items] == [entry.key for entry in several]
    assert all(item.citation_key == item.id for item in items)


@given(entries(records(TEXT, unmapped=UNMAPPED, date=DATES), max_size=2))
def test_reading_what_was_written_gives_the_records_back(several):
    result = read_csljson(write_csljson(several).text, "out.json")
    assert not result.blocks
    assert not result.diagnostics
    assert list(result.records) == [as_carried(entry) for entry in several]
    assert [record.brought_key for record in result.records] == [entry.key for entry in several]


@given(entries(records(TEXT, unmapped=UNMAPPED, date=DATES), max_size=2))
def test_writing_what_was_read_gives_the_same_bytes(several):
    once = write_csljson(several).text
    again = [Entry(record.brought_key, record) for record in read_csljson(once, "out.json").records]
    assert write_csljson(again).text == once


@given(entries(records(TEXT), max_size=2))
def test_lines_of_records_are_those_of_their_items(several):
    text = write_csljson(several).text
    lines = text.split("\n")
    for record in read_csljson(text, "out.json").records:
        assert lines[record.source.line - 1] == "  {"


MEMBERS = st.sampled_from(
    [
     "id", "type", "title", "author", "editor", "issued", "accessed", "custom", "keyword", "note",
     "DOI", "number", "volume", "genre", "citation-key", "original-date", "director", "event",
     "event-title", "categories", "foo",
    ]
)  # fmt: skip
PARTS = st.sampled_from(
    [
     "family", "given", "literal", "dropping-particle", "suffix", "date-parts", "season", "circa",
     "raw", "unmapped", "literal", "creators_truncated", "score", "type", "keywords",
     "categories", "issued", "aliases",
    ]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["article", "book", "2020", "2020/2021", "arXiv:2401.00001 [cs.LG]", "others", "et al.", "<i>x</i>"]
    ),
    TEXT,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PARTS, inner, max_size=3),
    max_leaves=8,
)
ITEM_LIKE = st.dictionaries(MEMBERS, VALUES, max_size=6)


@given(st.lists(ITEM_LIKE | VALUES, max_size=4))
def test_any_json_is_read_and_its_copy_is_valid_and_stable(values):
    result = read_csljson(json.dumps(values), "in.json")
    rejected = [value for value in values if not isinstance(value, dict)]
    assert len(result.records) == len(values) - len(rejected)
    assert [json.loads(block.text) for block in result.blocks] == rejected
    once = write_csljson([Entry(f"k{n}", record) for n, record in enumerate(result.records)]).text
    ITEMS.validate_json(once)
    again = read_csljson(once, "in.json").records
    assert write_csljson([Entry(f"k{n}", record) for n, record in enumerate(again)]).text == once


def marked(value, counter):
    """Return a JSON value whose texts each have a word of their own."""
    if isinstance(value, dict):
        return {name: marked(inner, counter) for name, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, counter) for inner in value]
    return f"{value} q{next(counter)}z" if isinstance(value, str) else value


def said_of(result):
    """Return what a result says in fields and blocks, and in diagnostics; raw sources do not count."""
    found = [repr(record) for record in result.records]
    found += [record.brought_key or "" for record in result.records]
    found += [block.text for block in result.blocks]
    return "\n".join(found), "\n".join(diagnostic.message for diagnostic in result.diagnostics)


def names_around(value, word):
    """Return the names of the members that a word stands in, from the outermost on, or `None`."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, str) and word in inner.split():
            return [str(name)]
        if isinstance(inner, dict | list) and (names := names_around(inner, word)) is not None:
            return [str(name), *names]
    return None


@given(st.lists(ITEM_LIKE | VALUES, max_size=4))
def test_every_value_is_in_a_field_a_block_or_a_diagnostic(values):
    values = marked(values, itertools.count())
    said, reported = said_of(read_csljson(json.dumps(values), "in.json"))
    for word in re.findall(r"q\d+z", json.dumps(values)):
        if word not in said:
            names = names_around(values, word)
            assert any(f"`{name}`" in reported for name in names), (word, names)


@st.composite
def broken(draw):
    """Draw the text of items, a few stretches of it cut out, doubled or put elsewhere."""
    values = marked(draw(st.lists(ITEM_LIKE, min_size=1, max_size=4)), itertools.count())
    text = json.dumps(values, indent=draw(st.sampled_from([None, 2])))
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
        piece = draw(st.sampled_from([text[start:end], "", *'{}[]",:\n']))
        place = draw(st.integers(0, len(text)))
        text = draw(st.sampled_from([text[:start] + piece + text[end:], text[:place] + piece + text[place:]]))
    return text


@given(broken())
def test_every_word_of_a_broken_file_is_in_a_field_a_block_or_a_diagnostic(text):
    result = read_csljson(text, "in.json")
    said, reported = said_of(result)
    for word in set(re.findall(r"q\d+z", text)) - set(re.findall(r"q\d+z", said + reported)):
        # What stands twice, or is no part of a name or date, is named by a member around it.
        members = re.findall(r'"([^"\\]*)"\s*:', text[: text.rindex(word)])
        assert any(f"`{name}`" in reported for name in members), (word, members)


@given(st.text(st.sampled_from('{}[]",:\\ \n1ae-'), max_size=60) | texts())
def test_any_text_is_records_blocks_or_nothing(text):
    result = read_csljson(text, "in.json")
    accounted = sum(len(block.text.strip()) for block in result.blocks) + len(result.records)
    assert accounted or not text.strip("[]{},\ufeff \t\r\n") or result.diagnostics


@pytest.mark.parametrize(
    "piece", ["[", "{", '{"a":', "[{", "{,", "[1,", '{"id":1,', "]", "}", '"', "x,", "\n{", "<i>"]
)
def test_broken_text_takes_linear_time(piece):
    read_csljson("[" + piece * 30_000, "in.json")
    read_csljson(
        '[{"id": "a", "type": "book", "title": "'
        + piece.replace('"', "'").replace("\n", " ") * 30_000
        + '"}]',
        "in.json",
    )
