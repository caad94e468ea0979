"""`bibkit export` of files that bring keys: what is kept, what is settled, pins, and a lost ledger."""

import json
from pathlib import Path

import pytest

BIB = """\
@string{jf = "Journal of Foo"}
@comment{by hand}
@article{Knuth:1984, author = {Donald E. Knuth}, title = "{Literate} Programming", journal = jf, year = 1984}
@book{lee, author = {Ann Lee}, title = {A Book}, year = 2001, doi = {10.1000/1}}
"""


@pytest.fixture
def sources(page):
    """A listing and a .bib file in seeds/."""
    page.with_name("refs.bib").write_text(BIB, encoding="utf-8")
    return page.parent


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def keys(project: Path) -> list[str]:
    return [item["id"] for item in json.loads((project / "exports" / "library.json").read_text())]


def claims(project: Path) -> dict[str, dict]:
    lines = (project / "exports" / "citekeys.jsonl").read_text().splitlines()
    return {claim["key"]: claim for claim in map(json.loads, lines)}


def edit(project: Path, old: str, new: str, name: str = "library.bib") -> None:
    path = project / "exports" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_keys_of_a_file_are_adopted_beside_those_of_listings(bibkit, project, sources):
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 0
    assert "2 files, 4 records, 4 works" in ran.err
    assert keys(project) == ["Knuth:1984", "gao2024mobizo", "lee", "li2026lipoagent"]
    assert [claim["how"] for claim in claims(project).values()] == ["adopted", "made", "adopted", "made"]
    bib = (project / "exports" / "library.bib").read_text()
    assert '"{Literate} Programming"' in bib
    assert "{Journal of Foo}" in bib
    before = contents(project / "exports")
    assert "0 new, 4 kept" in bibkit("export", "--as-of", "2026").err
    assert contents(project / "exports") == before


def test_comments_that_no_export_has_are_said(bibkit, project, sources):
    report = json.loads(bibkit("export", "--as-of", "2026", "--json").out)
    said = [one["message"] for one in report["diagnostics"] if one["code"] == "block-not-carried"]
    assert said == ["an export cannot carry comment blocks: 1 (seeds/refs.bib:2)"]


def test_a_record_of_a_listing_and_one_of_a_file_are_one_work(bibkit, project, sources):
    (sources / "more.json").write_text(
        json.dumps(
            [
                {
                    "id": "mine",
                    "type": "article-journal",
                    "title": "MobiZO: Enabling Efficient LLM Fine-Tuning via Inference Engines",
                    "author": [{"family": "Gao", "given": "Lei"}],
                    "DOI": "10.1000/2",
                }
            ]
        )
    )
    assert bibkit("export", "--as-of", "2026").code == 0
    assert keys(project) == ["Knuth:1984", "lee", "li2026lipoagent", "mine"]


def test_a_key_that_was_issued_stays_when_a_file_brings_another(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    refs = sources / "refs.bib"
    refs.write_text(refs.read_text().replace("{lee,", "{LeeBook,"))
    assert "0 new, 4 kept" in bibkit("export", "--as-of", "2026").err
    assert "lee" in keys(project)


def test_two_works_that_bring_one_key_are_an_error_once(bibkit, project, sources):
    (sources / "other.ris").write_text(
        "TY  - BOOK\nID  - lee\nAU  - Roe, Bob\nTI  - Other\nPY  - 2002\nER  - \n"
    )
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 65
    assert "key-clash" in ran.err
    first = keys(project)
    assert len(first) == 5
    assert "lee" in first
    assert bibkit("export", "--as-of", "2026").code == 0
    assert keys(project) == first


def test_case_twins_both_stay(bibkit, project, sources):
    (sources / "other.ris").write_text("TY  - BOOK\nID  - LEE\nAU  - Roe, Bob\nTI  - Other\nER  - \n")
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 0
    assert "case-twins" in ran.err
    assert {"lee", "LEE"} <= set(keys(project))


def test_exports_below_a_source_folder_are_no_sources(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    before = contents(project / "exports")
    report = json.loads(bibkit("export", ".", "--as-of", "2026", "--json").out)
    assert (report["files"], report["records"]) == (2, 4)
    assert [one["path"] for one in report["diagnostics"] if one["code"] == "skipped-file"] == ["exports"]
    assert contents(project / "exports") == before


def test_exports_among_their_sources_are_no_sources(bibkit, project, sources):
    for _ in range(2):
        report = json.loads(bibkit("export", "seeds", "-o", "seeds", "--as-of", "2026", "--json").out)
        assert (report["files"], report["records"]) == (2, 4)


def test_an_export_that_is_named_is_a_source(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    ran = bibkit("export", "exports/library.json", "-o", "out")
    assert ran.code == 0
    assert [item["id"] for item in json.loads((project / "out" / "library.json").read_text())] == keys(
        project
    )


# Pins.


@pytest.mark.parametrize("name", ["library.bib", "library.biblatex.bib"])
def test_a_key_written_into_the_export_is_a_pin(bibkit, project, sources, name):
    to = "bibtex,biblatex,csljson"
    bibkit("export", "--as-of", "2026", "--to", to)
    edit(project, "{gao2024mobizo,", "{MyGao,", name)
    ran = bibkit("export", "--as-of", "2026", "--to", to, "--json")
    report = json.loads(ran.out)
    assert (ran.code, report["keys"]) == (0, {"new": 0, "kept": 4})
    assert keys(project) == ["Knuth:1984", "MyGao", "lee", "li2026lipoagent"]
    claim = claims(project)["MyGao"]
    assert (claim["how"], claim["aliases"]) == ("pinned", ["gao2024mobizo"])
    assert [one["code"] for one in report["diagnostics"]].count("key-pinned") == 1
    assert "ids" in (project / "exports" / "library.biblatex.bib").read_text()
    before = contents(project / "exports")
    assert bibkit("export", "--as-of", "2026", "--to", to).code == 0
    assert contents(project / "exports") == before


def test_an_old_export_is_no_pin(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    old = (project / "exports" / "library.bib").read_bytes()
    edit(project, "{gao2024mobizo,", "{MyGao,")
    bibkit("export", "--as-of", "2026")
    (project / "exports" / "library.bib").write_bytes(old)
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 0
    assert "MyGao" in keys(project)
    assert "key-pinned" not in ran.err


def test_a_key_of_another_work_is_an_error(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    before = contents(project / "exports")
    edit(project, "{gao2024mobizo,", "{lee-was,")
    edit(project, "{lee,", "{gao2024mobizo,")
    edit(project, "{lee-was,", "{lee,")
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 65
    assert ran.err.count("[key-clash]") == 2
    assert contents(project / "exports") == before
    assert bibkit("export", "--as-of", "2026").code == 0


def test_an_entry_that_no_source_has_is_not_kept_in_silence(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    path = project / "exports" / "library.bib"
    path.write_text(path.read_text() + "\n@book{mine, author={Me}, title={Mine}}\n")
    edited = path.read_bytes()
    assert bibkit("export", "--as-of", "2026", "--strict").code == 65
    assert path.read_bytes() == edited
    ran = bibkit("export", "--as-of", "2026")
    line = edited.decode()[: edited.decode().index("@book{mine")].count("\n") + 1
    assert f"exports/library.bib:{line}: warning: mine is an entry of no work of the sources" in ran.err
    assert "mine" not in keys(project)


def test_a_check_says_that_a_pin_would_change_the_files(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    edit(project, "{lee,", "{LeeBook,")
    before = contents(project / "exports")
    assert bibkit("export", "--as-of", "2026", "--check").code == 1
    assert contents(project / "exports") == before


def test_a_torn_export_is_read_as_far_as_it_goes(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    edit(project, "{lee,\n", "{LeeBook,\n  note = {a\n@ sign},\n")
    assert bibkit("export", "--as-of", "2026").code == 0
    assert "LeeBook" in keys(project)


# A lost ledger.


@pytest.mark.parametrize("left", ["library.json", "library.bib", "library.ris"])
def test_a_lost_ledger_is_rebuilt_from_any_export(bibkit, project, sources, left):
    bibkit("export", "--as-of", "2026")
    edit(project, "{gao2024mobizo,", "{MyGao,")
    bibkit("export", "--as-of", "2026")
    before = contents(project / "exports")
    for name in set(before) - {left}:
        (project / "exports" / name).unlink()
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 65
    assert "--rebuild-ledger" in ran.err
    ran = bibkit("export", "--as-of", "2026", "--rebuild-ledger")
    assert ran.code == 0
    assert "4 citation keys were read back" in ran.err
    assert "0 new, 4 kept" in ran.err
    assert keys(project) == ["Knuth:1984", "MyGao", "lee", "li2026lipoagent"]


def test_a_ledger_rebuilt_from_all_exports_gives_the_same_files(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    before = contents(project / "exports")
    (project / "exports" / "citekeys.jsonl").unlink()
    bibkit("export", "--as-of", "2026", "--rebuild-ledger")
    assert contents(project / "exports") == before


def test_a_ledger_that_is_there_is_not_replaced(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    before = contents(project / "exports")
    ran = bibkit("export", "--as-of", "2026", "--rebuild-ledger")
    assert ran.code == 65
    assert "move the ledger away" in ran.err
    assert contents(project / "exports") == before


def test_without_exports_there_is_nothing_to_rebuild_from(bibkit, project, sources):
    ran = bibkit("export", "--rebuild-ledger")
    assert ran.code == 65
    assert "no export with citation keys" in ran.err


def test_old_and_new_exclude_each_other(bibkit, project, sources):
    assert bibkit("export", "--rebuild-ledger", "--new-ledger").code == 2


def test_a_new_ledger_takes_no_pin(bibkit, project, sources):
    bibkit("export", "--as-of", "2026")
    edit(project, "{gao2024mobizo,", "{MyGao,")
    (project / "exports" / "citekeys.jsonl").unlink()
    assert bibkit("export", "--as-of", "2026", "--new-ledger").code == 0
    assert "gao2024mobizo" in keys(project)
