"""Zotero's item types, as bibkit knows them offline."""

import pytest

from bibkit.zotero.schema import CHILD_TYPES, complaints, item_types

WRITTEN = (
    "preprint", "journalArticle", "conferencePaper", "book", "bookSection", "thesis", "report", "webpage",
    "document", "computerProgram", "dataset", "patent", "manuscript",
)  # fmt: skip


def test_every_type_is_there_but_the_children():
    assert len(item_types()) == 37
    assert set(WRITTEN) <= set(item_types())
    assert not set(CHILD_TYPES) & set(item_types())


@pytest.mark.parametrize("name", sorted(item_types()))
def test_every_type_has_what_all_have(name):
    kind = item_types()[name]
    assert {"citationKey", "url", "extra", "accessDate", "abstractNote", "rights"} <= set(kind.fields)
    assert kind.field_for("title") == kind.fields[0]
    assert len(set(kind.fields)) == len(kind.fields)
    assert set(kind.bases) <= set(kind.fields)
    assert kind.principal_creator == kind.creator_types[0]


def test_a_preprint_has_the_fields_that_the_server_knows():
    assert " ".join(item_types()["preprint"].fields) == (
        "title abstractNote genre repository archiveID place date series seriesNumber DOI citationKey url"
        " accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra"
    )


@pytest.mark.parametrize(
    ("kind", "base", "field"),
    [
        ("preprint", "publisher", "repository"),
        ("preprint", "number", "archiveID"),
        ("preprint", "type", "genre"),
        ("preprint", "volume", None),
        ("journalArticle", "publicationTitle", "publicationTitle"),
        ("conferencePaper", "publicationTitle", "proceedingsTitle"),
        ("bookSection", "publicationTitle", "bookTitle"),
        ("thesis", "publisher", "university"),
        ("report", "publisher", "institution"),
        ("report", "number", "reportNumber"),
        ("computerProgram", "publisher", "company"),
        ("dataset", "number", "identifier"),
        ("patent", "date", "issueDate"),
        ("manuscript", "number", "number"),
        ("case", "title", "caseName"),
    ],
)
def test_a_field_has_a_name_in_each_type(kind, base, field):
    assert item_types()[kind].field_for(base) == field


def test_what_the_server_would_refuse_is_said():
    assert complaints("preprint", {"title": "t", "citationKey": "k"}, ["author", "editor"]) == ()
    assert complaints("nothing", {}) == ("'nothing' is not an item type",)
    assert complaints("preprint", {"publisher": "x", "number": "1"}) == (
        "'publisher' is not a field of preprint",
        "'number' is not a field of preprint",
    )
    assert complaints("patent", {}, ["author", "editor", "editor"]) == (
        "'editor' is not a creator type of patent",
    )
