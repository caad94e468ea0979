"""The tables: complete, unambiguous, and in BibTeX's grammar."""

import re
from dataclasses import fields

import pytest

from bibkit.formats.bibtex.mapping import (
    ALIASES,
    ENTRY_TYPES,
    FIELDS,
    LANGIDS,
    NAMES_BY_TYPE,
    OTHER_FIELDS,
    OTHER_NAME,
    Dialect,
    Kind,
    fields_of,
    is_bibtex_key,
)
from bibkit.model.names import Role
from bibkit.model.record import ItemType, Record

# Facts that are no field, or several: types, creators by role, and what is counted by name.
ELSEWHERE = {"type", "creators", "creators_truncated", "listing", "unmapped", "brought_key", "raw", "source"}
BIBTEX_TYPES = {
    "article", "book", "booklet", "conference", "inbook", "incollection", "inproceedings", "manual",
    "mastersthesis", "misc", "phdthesis", "proceedings", "techreport", "unpublished",
}  # fmt: skip


def test_every_fact_of_a_record_has_a_row():
    facts = {field.name for field in fields(Record)} - ELSEWHERE
    assert {row.fact for row in FIELDS} == facts | set(Role)


def test_every_type_has_entry_types_and_bibtex_knows_its_own():
    assert set(ENTRY_TYPES) == set(ItemType)
    assert {bibtex for bibtex, _ in ENTRY_TYPES.values()} <= BIBTEX_TYPES


def test_rows_have_names_by_type_only_where_they_have_names():
    assert set(NAMES_BY_TYPE) <= {row.fact for row in FIELDS if row.bibtex and row.biblatex}


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("item_type", ItemType)
def test_no_two_facts_share_a_field(dialect, item_type):
    rows = fields_of(dialect, item_type)
    names = [row.name(dialect) for row in rows if row.name(dialect) and row.kind is not Kind.KEYWORDS]
    assert len(names) == len(set(map(str.lower, names)))
    assert ALIASES not in names
    assert all(re.fullmatch("[A-Za-z]+", name) for name in names)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("item_type", ItemType)
def test_a_row_without_a_name_is_a_fact_that_is_not_carried(dialect, item_type):
    lost = {row.fact for row in fields_of(dialect, item_type) if row.name(dialect) is None}
    series_editor = {Role.SERIES_EDITOR, "affiliations"}
    assert lost == (series_editor | {Role.CONTRIBUTOR} if dialect is Dialect.BIBTEX else series_editor)


def test_languages_are_known_by_one_name_each():
    assert len(set(LANGIDS.values())) == len(LANGIDS)


def test_unmapped_fields_have_names_of_the_grammar():
    assert all(OTHER_NAME.fullmatch(name) for name in OTHER_FIELDS.values())


@pytest.mark.parametrize(
    "key", ["gao2024mobizo", "DBLP:conf/nips/X", "müller_2020", "李2020", "a+b", "1.2&3"]
)
def test_a_key_that_every_program_takes(key):
    assert is_bibtex_key(key)


@pytest.mark.parametrize(
    "key", ["", "a b", "a,b", "a}b", "a{b", 'a"b', "a#b", "a%b", "a'b", "a(b", "a)b", "a=b", "a\\b", "a~b",
            "a\nb", "a\u2028b", "a\u00a0b", "a\x01b", "a\ud800b"]
)  # fmt: skip
def test_a_key_that_some_program_refuses(key):
    assert not is_bibtex_key(key)
