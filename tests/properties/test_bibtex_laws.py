"""A `.bib` file has the entries and fields that were meant and nothing else, whatever the records hold."""

import re
import unicodedata
from functools import partial

import pytest
from bibtex_grammar import scan
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import blocks, dates, entries, extended_dates, records, texts, words

from bibkit.formats.base import BlockKind
from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.formats.bibtex.case import write_title
from bibkit.formats.bibtex.mapping import ALIASES, Dialect, Kind, fields_of
from bibkit.formats.bibtex.values import entry_type
from bibkit.latex import braces_balance, clean_text, read_latex, write_latex
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry

OTHER_NAMES = {
    "collection-title": "series",
    "event-title": "eventtitle",
    "medium": "medium",
    "month": "month",
    "abstract": "abstract",
    "crossref": None,
    "C7": None,
    "x y": None,
}
UNMAPPED = st.lists(st.tuples(st.sampled_from(sorted(OTHER_NAMES)), texts()), max_size=2).map(tuple)
RECORDS = records(date=dates() | extended_dates(texts()), unmapped=UNMAPPED)
WRITE = {Dialect.BIBTEX: write_bibtex, Dialect.BIBLATEX: write_biblatex}
DIALECTS = pytest.mark.parametrize("dialect", Dialect)
WHITE = re.compile("[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
ONE_TEXT = {Kind.TEXT, Kind.TITLE, Kind.LIST, Kind.PAGES, Kind.VERBATIM}


@DIALECTS
@settings(max_examples=25)
@given(several=entries(RECORDS, max_size=3), ascii_=st.booleans())
def test_every_file_holds_the_entries_and_fields_that_were_meant(dialect, several, ascii_):
    text = WRITE[dialect](several, ascii=ascii_).text
    text.encode("ascii" if ascii_ else "utf-8")
    scanned = scan(text)
    assert [(one.type, one.key) for one in scanned] == [
        (entry_type(entry.record, dialect), entry.key) for entry in several
    ]
    for one, entry in zip(scanned, several, strict=True):
        rows = fields_of(dialect, entry.record.type)
        assert set(one.fields) <= {row.name(dialect) for row in rows} | set(OTHER_NAMES.values()) | {ALIASES}
        for value in one.fields.values():
            assert braces_balance(value)
            assert len(value.splitlines()) == 1
            assert value == value.strip(" ") != ""


@DIALECTS
@given(record=RECORDS)
def test_every_fact_is_written_or_reported(dialect, record):
    rendered = WRITE[dialect]([Entry(CitationKey("k"), record)])
    (one,) = scan(rendered.text)
    reported = " ".join(found.message for found in rendered.diagnostics)
    for row in fields_of(dialect, record.type):
        value = getattr(record, row.fact, None)
        if row.kind in ONE_TEXT and isinstance(value, str) and clean_text(value).strip(" "):
            assert row.name(dialect) in one.fields or f"`{row.fact}`" in reported
    for fact, value in record.unmapped:
        if clean_text(value).strip(" "):
            assert OTHER_NAMES[fact] in one.fields or f"`{fact}`" in reported
    if record.affiliations:
        assert "`affiliations`" in reported


@DIALECTS
@given(text=texts(), ascii_=st.booleans())
def test_text_is_read_back_from_its_field(dialect, text, ascii_):
    record = Record(type=ItemType.ARTICLE, title=text, abstract=text, note=text, container_title=text)
    rendered = WRITE[dialect]([Entry(CitationKey("k"), record)], ascii=ascii_)
    (one,) = scan(rendered.text)
    wanted = read_latex(write_latex(text, ascii=ascii_).source).text.strip(" ")
    assert {read_latex(value).text for value in one.fields.values()} == ({wanted} if wanted else set())
    changed = {found.code for found in rendered.diagnostics}
    if not changed and "$" not in text:
        assert wanted == WHITE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


@given(texts(min_size=0), st.booleans())
def test_braces_in_a_title_change_nothing_but_case(title, ascii_):
    written = write_title(title, ascii=ascii_)
    plain = write_latex(title, ascii=ascii_)
    assert read_latex(written.source).text == read_latex(plain.source).text
    assert written.refused == plain.refused


@DIALECTS
@settings(max_examples=25)
@given(first=entries(RECORDS, max_size=2), second=entries(RECORDS, max_size=2))
def test_an_entry_is_written_the_same_whatever_stands_beside_it(dialect, first, second):
    write = partial(WRITE[dialect])
    first, second = ([Entry(one.key, one.record) for one in part] for part in (first, second))
    texts_ = [write(part).text for part in (first, second) if part]
    assert write([*first, *second]).text == "\n".join(texts_)


@DIALECTS
@settings(max_examples=40)
@given(several=entries(records(words()), max_size=3), between=blocks())
def test_blocks_stand_between_entries_to_the_letter(dialect, several, between):
    rendered = WRITE[dialect](several, between)
    kept = [one for one in between if one.kind is not BlockKind.PROFILE and one.text.strip()]
    kept.sort(key=lambda one: min(one.index, len(several)))
    texts_ = [WRITE[dialect]([Entry(one.key, one.record)]).text for one in several]
    for done, one in enumerate(kept):
        texts_.insert(min(one.index, len(several)) + done, one.text.strip("\r\n") + "\n")
    plain = [Entry(one.key, one.record) for one in several]
    if not any("as a comment" in found.message for found in rendered.diagnostics):
        assert WRITE[dialect](plain, between).text == "\n".join(texts_)
    warned = [found for found in rendered.diagnostics if found.code == "unsafe-block-kept"]
    assert len(warned) >= sum(one.kind is BlockKind.REJECTED for one in kept)


@DIALECTS
@settings(max_examples=15, deadline=None)
@given(several=entries(RECORDS, max_size=2))
def test_another_parser_reads_what_was_written(dialect, several):
    from bibtexparser import loads
    from bibtexparser.bparser import BibTexParser

    text = WRITE[dialect](several).text
    parser = BibTexParser(
        common_strings=True,
        ignore_nonstandard_types=False,
        homogenize_fields=False,
        interpolate_strings=False,
    )
    read = {one["ID"]: one for one in loads(text, parser).entries}
    scanned = [one for one in scan(text) if one.fields]  # it finds no entry that has none
    assert set(read) == {one.key for one in scanned}
    for one in scanned:
        found = read[one.key]
        assert found["ENTRYTYPE"] == one.type
        assert {name.lower() for name in one.fields} == set(found) - {"ID", "ENTRYTYPE"}
        assert {
            name.lower(): value for name, value in one.fields.items() if name not in one.macros
        }.items() <= found.items()


@pytest.mark.parametrize("text", ["{" * 100_000, "}" * 100_000, "\\" * 100_000, "$" * 100_000, "é{" * 50_000])
def test_a_hundred_thousand_braces_are_text(text):
    record = Record(type=ItemType.BOOK, title=text, abstract=text)
    (one,) = scan(write_bibtex([Entry(CitationKey("k"), record)]).text)
    assert read_latex(one.fields["abstract"]).text == text
