import os
from pathlib import Path

import pytest

from bibkit.config import Settings, load_settings, parse_as_of
from bibkit.errors import ConfigError, ParseError
from bibkit.model.dates import PartialDate


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, text: str, name: str = "bibkit.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_stand(project):
    settings = load_settings(project, {})
    assert (settings.sources, settings.output) == ((Path("seeds"),), Path("exports"))
    assert settings.to == ("bibtex", "csljson", "ris")
    assert settings.ledger_path() == Path("exports/citekeys.jsonl")
    assert settings.retrieved_on("seeds/a.txt") is None


def test_the_nearest_file_upwards_counts_and_its_paths_are_its_own(project, monkeypatch):
    configure(project, '[export]\nsources = ["pages"]\noutput = "out"\nledger = "keys.jsonl"\nascii = true')
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    settings = load_settings(deep, {})
    assert settings.sources == (Path("../../pages"),)
    assert settings.ledger_path() == Path("../../keys.jsonl")
    assert settings.ascii
    configure(project / "a", "[tool.bibkit.export]\noutput = 'near'", "pyproject.toml")
    assert load_settings(deep, {}).output == Path("../near")


def test_a_pyproject_without_our_table_is_passed_over(project):
    configure(project, "[tool.other]\nx = 1", "pyproject.toml")
    assert load_settings(project, {}) == Settings()


def test_the_year_of_a_listing_is_the_first_pattern_that_fits(project):
    configure(
        project,
        '[listing]\nas-of = 2020\n[listing.retrieved]\n"pages/new-*.txt" = 2026-03-01\n"old.txt" = 2019\n',
    )
    settings = load_settings(project, {})
    assert settings.retrieved_on("pages/new-1.txt") == PartialDate(2026, 3, 1)
    assert settings.retrieved_on(str(project / "pages" / "new-2.txt")) == PartialDate(2026, 3, 1)
    assert settings.retrieved_on("elsewhere/old.txt") == PartialDate(2019)
    assert settings.retrieved_on("pages/other.txt") == PartialDate(2020)
    assert settings.retrieved_on("-") == PartialDate(2020)


def test_the_environment_wins_over_the_file(project):
    configure(project, '[export]\noutput = "file"\n[listing.retrieved]\n"*.txt" = 2019')
    settings = load_settings(
        project,
        {
            "BIBKIT_SOURCES": f"a{os.pathsep}b",
            "BIBKIT_OUTPUT": "env",
            "BIBKIT_LEDGER": "keys",
            "BIBKIT_TO": "ris, biblatex,ris",
            "BIBKIT_KEY_STYLE": "hashed",
            "BIBKIT_ASCII": "1",
            "BIBKIT_AS_OF": "2026-03-31",
        },
    )
    assert settings.sources == (Path("a"), Path("b"))
    assert (settings.output, settings.ledger_path()) == (Path("env"), Path("keys"))
    assert (settings.to, settings.key_style, settings.ascii) == (("ris", "biblatex"), "hashed", True)
    assert settings.retrieved_on("x.txt") == PartialDate(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x =", "is not TOML"),
        ('[export]\nsource = ["a"]', "export.source: is no setting\nDid you mean sources?"),
        ("[export]\nkey_style = 1", "export.key_style: is no setting\nDid you mean key-style?"),
        ("[listing]\nfoo = 1", "listing.foo: is no setting\n[listing] takes as-of, retrieved."),
        ('sources = ["a"]', "toml: sources: is no setting\nIt belongs below [export]."),
        ("as_of = 2026", "toml: as_of: is no setting\nIt belongs below [listing]."),
        ("[exports]", "exports: is no setting\nA setting stands in one of the tables [export], [listing], "),
        ('[export]\nsources = "a"', "export.sources: should be a list\nWrite it as"),
        ("[export]\nto = []", "export.to: should not be empty"),
        ("[zotero]\nlibrary = 1", "zotero.library: should be a text in quotes"),
        ('[zotero]\nadopt = "x"', "zotero.adopt: should be 'library', 'collection' or 'never'"),
        ("[listing]\nas-of = 20261", "listing.as-of: '20261' is not a date"),
        ('[listing.retrieved]\n"a.txt" = "2026-03"', "'2026-03' is a month"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(project, text, said):
    configure(project, text)
    with pytest.raises(ConfigError) as trouble:
        load_settings(project, {})
    assert said in str(trouble.value)
    assert "bibkit.toml" in str(trouble.value)


def test_a_file_that_is_no_text_is_named_once(project):
    (project / "bibkit.toml").write_bytes(b"\xff\xfea\0")
    with pytest.raises(ConfigError, match="toml: is UTF-16\nSave it as UTF-8") as trouble:
        load_settings(project, {})
    assert str(trouble.value).count("bibkit.toml") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("BIBKIT_TO", "bibtx"), ("BIBKIT_KEY_STYLE", "x"), ("BIBKIT_ASCII", "x"), ("BIBKIT_AS_OF", "now")],
)
def test_a_wrong_variable_is_named(project, name, value):
    with pytest.raises(ConfigError, match=name):
        load_settings(project, {name: value})


@pytest.mark.parametrize("text", ["", "26", "2026-02-30", "2026-13", "2026-03", "yesterday", "0000"])
def test_as_of_takes_years_and_whole_dates_only(text):
    with pytest.raises(ParseError):
        parse_as_of(text)


def test_the_zotero_table_is_read_and_the_environment_wins(project):
    configure(
        project,
        '[zotero]\nlibrary = "group/7"\ncollection-key = "ABCD2345"\napi-key-file = "key"\nstate = "s"',
    )
    zotero = load_settings(project, {}).zotero
    assert (zotero.library_parts(), zotero.adoption()) == (("group", 7), "collection")
    assert (zotero.collection_key, zotero.api_key_file, zotero.state) == ("ABCD2345", Path("key"), Path("s"))
    given = {
        "LIBRARY": "user/1",
        "COLLECTION": "Lab/List",
        "ADOPT": "never",
        "API_KEY_COMMAND": "pass",
        "STATE": "t",
        "ENDPOINT": "http://localhost:1",
    }
    zotero = load_settings(project, {f"BIBKIT_ZOTERO_{name}": value for name, value in given.items()}).zotero
    assert (zotero.library_parts(), zotero.adoption()) == (("user", 1), "never")
    assert (zotero.collection, zotero.collection_key) == ("Lab/List", "")
    assert (zotero.api_key_file, zotero.api_key_command) == (None, "pass")
    assert (zotero.state, zotero.endpoint) == (Path("t"), "http://localhost:1")
    zotero = load_settings(project, {"BIBKIT_ZOTERO_COLLECTION_KEY": "WXYZ2345"}).zotero
    assert zotero.collection_key == "WXYZ2345"


@pytest.mark.parametrize("library", ["", "7", "user/", "user/x", "users/7", "user/07", "user/7/8"])
def test_a_library_is_named_by_its_kind_and_number(project, library):
    zotero = load_settings(project, {"BIBKIT_ZOTERO_LIBRARY": library}).zotero
    with pytest.raises(ConfigError, match=r"zotero\.library"):
        zotero.library_parts()


@pytest.mark.parametrize("text", ['api-key = "x"', 'collection-key = "x"', 'adopt = "all"', "library = 7"])
def test_a_wrong_zotero_setting_is_named(project, text):
    configure(project, f"[zotero]\n{text}")
    with pytest.raises(ConfigError, match=r"zotero\."):
        load_settings(project, {})


@pytest.mark.parametrize("name", ["COLLECTION_KEY", "ADOPT"])
def test_a_wrong_zotero_variable_is_named(project, name):
    with pytest.raises(ConfigError, match=name):
        load_settings(project, {f"BIBKIT_ZOTERO_{name}": "x"})
