"""Across formats nothing vanishes in silence: what a file says, another says too, or its loss is reported.

A record is written in one format and read back: that is what the first file says. It is then written in a
second format and read back from there. What is not the same must be named by a loss, and what a loss names as
not carried must not be there any more.
"""

import re
import unicodedata
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dates, entries, extended_dates, records, texts

from bibkit.formats import FORMATS
from bibkit.formats.listing import ListingText
from bibkit.model.dates import ExtendedDate
from bibkit.model.identity import printed_name
from bibkit.model.names import Role
from bibkit.model.record import Record
from bibkit.model.work import Entry

KEYED = [format_ for format_ in FORMATS.values() if format_.writer and format_.reader]
NAMED = re.compile(r"`([^`]+)`")
BLANKS = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
ELIDED = re.compile("(?<=['’-]) ")
TAG = re.compile(r"[A-Z][A-Z0-9]")

#: Names of unmapped fields: of CSL, of biblatex, tags of RIS, and some that no format knows.
NAMES = [
    *("collection-title", "event-title", "event-place", "number-of-pages", "PMID", "version", "title-short"),
    *("call-number", "archive", "original-date", "director", "howpublished", "pubstate", "series"),
    *("custom", "foo", "C7", "T3", "L1", "KW", "title", "type", "id"),
]
RECORDS = records(
    date=dates() | extended_dates(texts()),
    unmapped=st.lists(st.tuples(st.sampled_from(NAMES), texts()), max_size=3).map(tuple),
)

#: By which names and codes a loss may speak of a field of a record, besides its own.
SPOKEN_OF = {
    "type": {"type-not-carried"},
    "creators": {*map(str, Role), "creators", "name-changed"},
    "listing": {"score", "code", "date", "uncertain"},
    "keywords": {"categories"},
    "categories": {"keywords"},
}
FIELD_OF = {name: field for field, names in SPOKEN_OF.items() for name in names} | {
    "keywords": "keywords",
    "categories": "categories",
}


def read(format_, text):
    return format_.reader([ListingText("file", text)])[0]


def rewritten(format_, entries_):
    rendered = format_.writer(entries_)
    result = read(format_, rendered.text)
    assert [record.brought_key for record in result.records] == [entry.key for entry in entries_]
    return rendered, result.records


def named(rendered, key):
    """Return the names and codes of what is lost of an entry, and of these the fields not carried at all."""
    lost = [loss for loss in rendered.losses if any(entry.key == key for entry in loss.entries)]
    names = {name for loss in lost for name in NAMED.findall(loss.what)}
    return names | {loss.code for loss in lost}


@pytest.mark.parametrize("second", KEYED, ids=lambda format_: f"to-{format_.name}")
@pytest.mark.parametrize("first", KEYED, ids=lambda format_: format_.name)
@settings(max_examples=settings.default.max_examples // 3)
@given(drawn=entries(RECORDS, max_size=2))
def test_what_one_file_says_another_says_or_reports(first, second, drawn):
    _, said = rewritten(first, drawn)
    again = [Entry(entry.key, record) for entry, record in zip(drawn, said, strict=True)]
    rendered, got = rewritten(second, again)
    for entry, before, after in zip(again, said, got, strict=True):
        spoken = named(rendered, entry.key)
        for name, value in changed(before, after):
            assert spoken & {name, *SPOKEN_OF.get(name, ())}, (name, value, getattr(after, name, None))


def changed(before, after):
    """Yield the fields that said something, and say it no more; an unmapped one by its own name."""
    for field in fields(Record):
        one, other = clean(getattr(before, field.name)), clean(getattr(after, field.name))
        if field.name == "unmapped":
            yield from ((name, text) for name, text in one if not still_said(name, text, after))
        elif isinstance(one, str) and one in {*after.categories, *dict(after.unmapped).values()}:
            continue  # said still, by another name; the class of an arXiv id as one of the subjects
        elif field.name == "publisher" and one == "arXiv" and before.arxiv_id:
            continue  # the arXiv id says who publishes a preprint
        elif field.name == "creators" and all(of_role(one, role) == of_role(other, role) for role in Role):
            continue  # by role: their order among all is the file's; as printed: RIS has no particles
        elif field.compare and one not in (None, (), False) and one != other:
            yield field.name, one


def still_said(name, text, after):
    """Return whether the text of an unmapped field stands elsewhere: where its name or tag belongs."""
    texts_ = {clean(getattr(after, field)) for field in TEXTS} | {other for _, other in clean(after.unmapped)}
    return text in texts_ or (TAG.fullmatch(name) and text in clean((*after.keywords, *after.categories)))


TEXTS = [field.name for field in fields(Record) if field.type == "str | None" and field.compare]


def clean(value):
    """Return a value with its texts composed and blanks single, and without texts that are nothing else."""
    if isinstance(value, str):
        return BLANKS.sub(" ", unicodedata.normalize("NFC", value)).strip() or None
    if isinstance(value, ExtendedDate) and value.literal:
        return clean(value.literal)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return tuple((name, text) for name, one in value if (text := clean(one)) is not None)
    if isinstance(value, tuple):
        return tuple(found for one in value if (found := clean(one)) is not None)
    return value


def of_role(creators, role):
    """Return the names of a role as printed; a dollar in one is escaped by some readers, as in a title."""
    names = [ELIDED.sub("", printed_name(creator)) for creator in creators if creator.role is role]
    return [name.replace("\\$", "$") for name in names if name]
