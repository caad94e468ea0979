"""Across formats nothing vanishes in silence: what a file says, another says too, or its loss is reported.

A record is written in one format and read back: that is what the first file says. It is then written in a
second format and read back from there. Each field that is not the same must be named by a loss.
"""

import re
from dataclasses import fields

import pytest
from hypothesis import given, settings
from strategies import dates, entries, records, words

from bibkit.formats import FORMATS
from bibkit.formats.listing import ListingText
from bibkit.model.identity import printed_name
from bibkit.model.names import Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

# Years of four digits: BibTeX's readers take others for words.
DATES = dates().filter(lambda date: date.year >= 1000)

KEYED = [format_ for format_ in FORMATS.values() if format_.writer and format_.reader]
NAMED = re.compile(r"`([^`]+)`")

#: By which names and codes a loss may speak of a field of a record, besides its own.
SPOKEN_OF = {
    "type": {"type-not-carried"},
    "creators": {"author", "editor", "translator", "contributor", "series-editor", "name-changed"},
    "listing": {"score", "code", "date", "uncertain"},
    "keywords": {"categories"},
    "categories": {"keywords"},
}


def read(format_, text):
    return format_.reader([ListingText("file", text)])[0]


def rewritten(format_, entries_):
    rendered = format_.writer(entries_)
    result = read(format_, rendered.text)
    assert [record.brought_key for record in result.records] == [entry.key for entry in entries_]
    return rendered, result.records


def named(rendered, key):
    lost = [loss for loss in rendered.losses if any(entry.key == key for entry in loss.entries)]
    return {name for loss in lost for name in NAMED.findall(loss.what)} | {loss.code for loss in lost}


@pytest.mark.parametrize("first", KEYED, ids=lambda format_: format_.name)
@settings(deadline=None, max_examples=12)
@given(drawn=entries(records(words(), date=DATES), max_size=2))
def test_what_one_file_says_another_says_or_reports(first, drawn):
    _, said = rewritten(first, drawn)
    again = [Entry(entry.key, record) for entry, record in zip(drawn, said, strict=True)]
    for second in KEYED:
        rendered, got = rewritten(second, again)
        for entry, before, after in zip(again, said, got, strict=True):
            spoken = named(rendered, entry.key)
            for name in changed(before, after):
                known = spoken & {name, *SPOKEN_OF.get(name, ())}
                assert known, (second.name, name, getattr(before, name, None), getattr(after, name, None))


def changed(before, after):
    """Yield the fields that said something, and say it no more; an unmapped one by its own name."""
    for field in fields(Record):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if field.name == "unmapped":
            yield from (name for name, text in one if (name, text) not in other)
        elif isinstance(one, str) and one in {*after.categories, *dict(after.unmapped).values()}:
            continue  # said still, by another name; the class of an arXiv id as one of the subjects
        elif field.name == "type" and before.arxiv_id and other is ItemType.PREPRINT:
            continue  # what has an arXiv id, and a type that says little, is read as a preprint
        elif field.name == "creators" and all(of_role(one, role) == of_role(other, role) for role in Role):
            continue  # by role: their order among all is the file's; as printed: RIS has no particles
        elif field.compare and one not in (None, (), False) and one != other:
            yield field.name


def of_role(creators, role):
    return [printed_name(creator) for creator in creators if creator.role is role]
