"""What holds for every `.bib` text that is read, and for every record that is written and read again."""

from dataclasses import fields, replace

import pytest
from bibtex_accounts import unaccounted
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import dates, extended_dates, records, texts, words

from bibkit.formats.base import BlockKind
from bibkit.formats.bibtex import is_biblatex, is_bibtex_key, read_bibtex, write_biblatex, write_bibtex
from bibkit.formats.bibtex.mapping import Dialect
from bibkit.formats.bibtex.reader import EXPANDED, GIVEN, TYPE
from bibkit.formats.bibtex.scanner import scan_bibtex
from bibkit.latex import read_latex, write_latex
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry

WRITE = {Dialect.BIBTEX: write_bibtex, Dialect.BIBLATEX: write_biblatex}
DIALECTS = pytest.mark.parametrize("dialect", Dialect)

PIECES = (
    "@misc{k,\n", "@article{key,", "@book(b,", "@inproceedings{c, crossref={p},", "@proceedings{p,",
    "@xdata{x,", "xdata = {x},", "crossref = {k},", '@string{s = "t"}\n', "@string{jan = {Januar}}\n",
    "@preamble{{x}}", "@comment{c}", "@comment", "@", "author = {A, B and {C} and others},", "title = {T}",
    "title = {{GPT} \\emph{x} $y$},", "year = 2020,", "month = jan,", "month = {May 3},",
    "date = {2020-05/},",
    "note = s # { x} # 3,", "journal = {J},", "eprint = {2401.00001}, archivePrefix = {arXiv},",
    "keywords = {a, {b, c}; cs.LG},", "keywords = {d},", "howpublished = {\\url{http://x.y/z}},",
    "series = {S}, number = 3,", "type = {phdthesis},", "langid = {english},", "pages = {1--2},", "a = {},",
    "% note\n", "}", "{", "}}", '"', ",", "=", "#", ")", "\n", "\n\n", " ", "\\", "{\\'e}", "s",
)  # fmt: skip


def bib_like():
    return st.lists(st.one_of(st.sampled_from(PIECES), texts(surrogates=False)), max_size=25).map("".join)


def keyed(result):
    """Entries under their own keys where those will do."""
    return [
        Entry(CitationKey(key if key and is_bibtex_key(key) else f"key{at}"), record)
        for at, record in enumerate(result.records)
        for key in [record.brought_key]
    ]


def own_fields(record):
    return [pair for pair in record.raw if pair[0] != EXPANDED and not pair[0].startswith(GIVEN)]


@given(bib_like())
def test_every_letter_of_a_file_is_accounted_for(text):
    assert unaccounted(text, read_bibtex(text, "x.bib")) == {}


@given(bib_like())
def test_nothing_of_a_file_is_lost(text):
    """Every block that is scanned is a record or a block, and every rejected one is said."""
    result = read_bibtex(text, "x.bib")
    scanned = [block for block in scan_bibtex(text) if text[block.begin : block.end].strip()]
    kept = [block.text.strip() for block in result.blocks]
    records_ = iter(result.records)
    for block in scanned:
        whole = text[block.start : block.end].strip()
        if whole in kept:
            continue
        record = next(records_)
        assert record.source.line == block.line
        assert record.raw[0] == (TYPE, block.type)
        assert own_fields(record)[1:] == list(block.fields)
    assert next(records_, None) is None
    rejected = [block for block in result.blocks if block.kind is BlockKind.REJECTED]
    assert [found.code for found in result.diagnostics].count("rejected-block") == len(rejected)
    assert all(block.reason for block in rejected)


@DIALECTS
@given(text=bib_like())
def test_a_copy_is_what_it_copies_and_stays_so(dialect, text):
    result = read_bibtex(text, "x.bib")
    copy = WRITE[dialect](keyed(result), result.blocks)
    again = read_bibtex(copy.text, "x.bib")
    assert WRITE[dialect](keyed(again), again.blocks).text == copy.text
    kinds = [block.kind for block in result.blocks]
    comments = "".join(block.text for block in result.blocks if block.kind is BlockKind.COMMENT)
    if BlockKind.REJECTED in kinds or "@" in comments:
        return  # what does not end may end otherwise where it stands now
    assert [block.kind for block in again.blocks] == kinds
    if dialect is Dialect.BIBLATEX or not is_biblatex(result.records):
        assert list(again.records) == list(result.records)
        assert list(map(own_fields, again.records)) == list(map(own_fields, result.records))


@given(text=bib_like())
def test_an_export_says_what_the_file_said(text):
    """Without the file's blocks strings and inherited fields are written out."""
    result = read_bibtex(text, "x.bib")
    again = read_bibtex(write_biblatex(keyed(result)).text, "x.bib")
    assert [without_references(record) for record in again.records] == [
        without_references(record) for record in result.records
    ]


def without_references(record):
    return replace(
        record, unmapped=tuple(pair for pair in record.unmapped if pair[0] not in {"crossref", "xdata"})
    )


def as_latex_has_it(text):
    """The text without what no LaTeX has: line breaks, runs of blanks, forms other than NFC."""
    return read_latex(write_latex(text).source).text.strip(" ")


# What one dialect or another cannot carry without saying so is not drawn; the rest is.
def whole_records(text):
    capital = words(max_size=5).map(str.capitalize)
    given_ = st.lists(capital, min_size=1, max_size=3).map(" ".join)
    roles = st.sampled_from([Role.AUTHOR, Role.AUTHOR, Role.EDITOR, Role.TRANSLATOR])
    person = st.builds(
        Person,
        family=capital,
        given=given_,
        particle=st.none() | st.sampled_from(["van der", "de", "von"]),
        suffix=st.none() | st.sampled_from(["Jr.", "III"]),
        role=roles,
    )
    single = st.builds(Person, family=capital, role=roles)
    body = st.builds(Body, literal=text.filter(lambda found: "$" not in found), role=roles)
    names = st.lists(person | person | single | body, max_size=4)
    in_order = names.map(lambda found: tuple(sorted(found, key=lambda one: list(Role).index(one.role))))
    return st.builds(
        replace,
        records(text, date=dates() | extended_dates()).map(
            lambda record: replace(record, affiliations=(), listing=None)
        ),
        creators=in_order,
        creators_truncated=st.just(False) | st.booleans(),
        arxiv_class=st.none(),
    )


@DIALECTS
@settings(max_examples=300)
@given(record=whole_records(words()))
def test_a_record_of_plain_text_comes_back(dialect, record):
    assert_it_comes_back(record, dialect)


@DIALECTS
@settings(max_examples=300)
@given(record=whole_records(texts(surrogates=False).map(as_latex_has_it).filter(str.strip)))
def test_a_record_of_any_text_comes_back(dialect, record):
    assert_it_comes_back(record, dialect)


def assert_it_comes_back(record, dialect):
    """What is written without a word of loss is read as it was."""
    rendered = WRITE[dialect]([Entry(CitationKey("k"), record)])
    assume(not rendered.diagnostics)
    assume(record.type not in {ItemType.DOCUMENT, ItemType.WEBPAGE} or record.arxiv_id is None)
    (again,) = read_bibtex(rendered.text, "x.bib").records
    assert difference(record, again) == {}


def difference(one, other):
    """What two records say differently; that they are equal is left to the last."""
    found = {
        field.name: (getattr(one, field.name), getattr(other, field.name))
        for field in fields(Record)
        if field.compare and getattr(one, field.name) != getattr(other, field.name)
    }
    assert found or one == other
    return found
