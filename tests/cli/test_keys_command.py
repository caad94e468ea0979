"""`bibkit keys` as its users meet it: what is found, said and written, and a hook in a real repository."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bibkit import files

GAO, LI = "gao2024mobizo", "li2026lipoagent"


@pytest.fixture
def issued(bibkit, project, page):
    """A folder with sources, exports and a ledger of two keys."""
    (project / "bibkit.toml").write_text("[listing]\nas-of = 2026\n")
    assert bibkit("export").code == 0
    return project


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (folder / "exports").iterdir()
    }


def lines(folder: Path) -> dict[str, dict]:
    text = (folder / "exports" / "citekeys.jsonl").read_text(encoding="utf-8")
    return {line["key"]: line for line in map(json.loads, text.splitlines())}


# Finding.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [GAO, LI]),
        (("FINE-TUN",), [GAO, LI]),
        (("gao",), [GAO]),
        (("yue", "2024"), [GAO]),
        (("niu", "2026"), []),
        (("lipoagent",), [LI]),
        (("et", "al"), [GAO, LI]),
        (("???",), []),
    ],
)
def test_works_are_found_by_words(bibkit, issued, words, found):
    ran = bibkit("keys", "list", *words)
    assert (ran.code, [line.split()[0] for line in ran.out.splitlines()]) == (0, found)
    assert [work["key"] for work in json.loads(bibkit("keys", "list", *words, "--json").out)] == found
    assert ("no work has" in ran.err) == (not found)


def test_a_list_shows_key_year_name_and_title_in_columns(bibkit, issued):
    assert bibkit("keys", "list").out == (
        "gao2024mobizo    2024  Lei Gao  MobiZO: Enabling Efficient LLM Fine-Tuning via Inference ...\n"
        "li2026lipoagent  2026  Leshu Li  LipoAgent: Coordinating Fine-Tuned LLM Agents for Safer L...\n"
    )


def test_a_work_is_listed_for_programs_with_all_that_is_known(bibkit, issued):
    [work] = json.loads(bibkit("keys", "list", "mobizo", "--json").out)
    assert work == {
        "key": GAO,
        "aliases": [],
        "title": "MobiZO: Enabling Efficient LLM Fine-Tuning via Inference Engines",
        "creators": ["Lei Gao", "Amir Ziashahabi", "Yue Niu", "et al."],
        "year": "2024",
        "how": "made",
        "issued": 1,
        "merged": [],
        "sources": [{"path": "seeds/page.txt", "line": 1}],
    }
    assert json.loads(bibkit("keys", "show", GAO, "--json").out) == work


def test_works_that_no_source_has_any_more_are_still_there(bibkit, issued, page):
    page.write_text(page.read_text().partition("78.4AI")[0])
    ran = bibkit("keys", "list", "leshu")
    assert ran.out.startswith("li2026lipoagent  2026  Leshu Li  lipoagent coordinating")
    assert ran.out.endswith("(in no source)\n")
    shown = bibkit("keys", "show", LI).out
    assert "source     none of the `sources` of bibkit.toml (by default seeds); shown as the ledger" in shown
    assert "date       2026-05-24" in shown
    assert "None of the `sources` of bibkit.toml (by default seeds) has it." in bibkit("keys", "why", LI).out


def test_works_without_a_key_are_counted_and_not_shown(bibkit, issued, page):
    page.write_text(page.read_text() + "LGJan 1, 2020\nEthos\nJan Smith\nText.\n")
    ran = bibkit("keys", "list")
    assert len(ran.out.splitlines()) == 2
    assert "1 work of the sources has no key yet: `bibkit export` issues it." in ran.err


def test_a_work_is_shown_with_its_places_and_older_keys(bibkit, issued):
    bibkit("keys", "rename", GAO, "mine")
    for key in (GAO, "mine"):
        ran = bibkit("keys", "show", key)
        assert ran.out.splitlines() == [
            "key        mine (chosen by a person; issued in run 1)",
            "aliases    gao2024mobizo",
            "title      MobiZO: Enabling Efficient LLM Fine-Tuning via Inference Engines",
            "by         Lei Gao, Amir Ziashahabi, Yue Niu, et al.",
            "date       2024-09-23",
            "source     seeds/page.txt:1",
        ]


def test_a_key_is_explained(bibkit, issued):
    (issued / "seeds" / "refs.bib").write_text(
        "@book{Lee:1, author={Ann Lee}, title={Words}, doi={10.1000/1}}\n"
    )
    bibkit("export")
    assert bibkit("keys", "why", "Lee:1").out == (
        "A file brought it: its key in run 2 was kept to the letter.\nseeds/refs.bib:1 has it, as Lee:1.\n"
    )
    assert "doi        10.1000/1" in bibkit("keys", "show", "Lee:1").out
    explained = json.loads(bibkit("keys", "why", GAO, "--json").out)
    assert (explained["key"], explained["present"], explained["how"], explained["issued"]) == (
        GAO,
        GAO,
        "made",
        1,
    )
    assert explained["origin"]["date"] == "2024-09-23"
    assert explained["rivals"] == []
    assert explained["reasons"][0].startswith("It was made from the first creator's family name")
    assert explained["sources"] == [{"path": "seeds/page.txt", "line": 1}]


def test_works_that_turned_out_to_be_one_are_one_to_look_at(bibkit, project):
    refs = project / "refs.bib"
    refs.write_text(
        "@misc{a, title={A}, doi={10.1000/1}}\n@misc{b, title={B}, eprint={2401.00001}}\n".replace(
            "eprint=", "archivePrefix={arXiv}, eprint="
        )
    )
    (project / "bibkit.toml").write_text('[export]\nsources = ["refs.bib"]\n')
    bibkit("export")
    refs.write_text("@misc{a, title={A}, doi={10.1000/1}, archivePrefix={arXiv}, eprint={2401.00001}}\n")
    bibkit("export")
    assert [line.split()[0] for line in bibkit("keys", "list").out.splitlines()] == ["a"]
    assert bibkit("keys", "map").out == "b\ta\n"
    assert bibkit("keys", "show", "b").out.startswith("key        a (")
    why = bibkit("keys", "why", "b").out
    assert "The sources show that the work is that of a, which has b as an alias now." in why
    # To merge them says so for good, whatever the sources come to say.
    assert bibkit("keys", "merge", "a", "b").code == 0
    assert "b is an older key of this work" in bibkit("keys", "why", "b").out


# Trouble.


@pytest.mark.parametrize(
    "command",
    [
        ("show", "goa2024mobizo"),
        ("why", "goa2024mobizo"),
        ("pin", "goa2024mobizo"),
        ("rename", "goa2024mobizo", "x"),
        ("merge", LI, "goa2024mobizo"),
    ],
)
def test_an_unknown_key_is_refused_with_those_that_are_like_it(bibkit, issued, command):
    before = state(issued)
    ran = bibkit("keys", *command)
    assert (ran.code, ran.out) == (65, "")
    assert (
        "bibkit: goa2024mobizo: no work has or had this citation key\nDid you mean gao2024mobizo?" in ran.err
    )
    assert state(issued) == before


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("show", "a"),
        ("why", "a"),
        ("pin", "a"),
        ("rename", "a", "b"),
        ("merge", "a", "b"),
        ("map",),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_without_a_ledger_it_says_how_to_begin_one_and_writes_nothing(bibkit, project, command, there):
    if there:
        (project / "exports").mkdir()
        (project / "exports" / "citekeys.jsonl").touch()
    before = sorted(project.rglob("*"))
    ran = bibkit("keys", *command)
    assert (ran.code, ran.out) == (65, "")
    assert (
        "exports/citekeys.jsonl: there is no ledger of citation keys\n`bibkit export` issues keys" in ran.err
    )
    assert sorted(project.rglob("*")) == before


def test_a_ledger_alone_is_enough(bibkit, issued):
    (issued / "elsewhere").mkdir()
    ledger = issued / "elsewhere" / "keys.jsonl"
    ledger.write_bytes((issued / "exports" / "citekeys.jsonl").read_bytes())
    (issued / "seeds" / "page.txt").unlink()
    (issued / "seeds").rmdir()
    ran = bibkit("keys", "list", "--ledger", ledger)
    assert (ran.code, len(ran.out.splitlines())) == (0, 2)
    assert bibkit("keys", "pin", GAO, "--ledger", ledger).code == 0
    assert '"pinned"' in ledger.read_text()
    assert '"pinned"' not in (issued / "exports" / "citekeys.jsonl").read_text()


def test_sources_that_cannot_be_read_are_named_and_the_rest_is_shown(bibkit, issued):
    (issued / "seeds" / "bad.txt").write_bytes(b"\xff\xfeL\x00")
    ran = bibkit("keys", "list", "gao")
    assert (ran.code, ran.out.split()[0]) == (65, GAO)
    assert "seeds/bad.txt: error: is UTF-16" in ran.err


def test_a_damaged_ledger_is_refused(bibkit, issued):
    (issued / "exports" / "citekeys.jsonl").write_text("<<<<<<< HEAD\n")
    ran = bibkit("keys", "pin", GAO)
    assert ran.code == 65
    assert "citekeys.jsonl:1: git left a conflict here" in ran.err


# Changing.


def test_a_key_is_renamed_and_the_exports_follow(bibkit, issued):
    ran = bibkit("keys", "rename", GAO, "mine")
    assert ran.code == 0
    assert ran.out.startswith('gao2024mobizo -> mine: renamed, "mobizo enabling')
    assert "exports/citekeys.jsonl: written. `bibkit export` brings the exports up to date." in ran.err
    assert bibkit("export", "--check").code == 1
    assert bibkit("export", "--to", "bibtex,biblatex,csljson,ris").code == 0
    text = (issued / "exports" / "library.biblatex.bib").read_text()
    assert "{mine," in text
    assert "ids       = {gao2024mobizo}" in text or "{gao2024mobizo}" in text
    assert (lines(issued)["mine"]["how"], lines(issued)["mine"]["aliases"]) == ("pinned", [GAO])
    # What a source brings, or an old export says, does not undo it.
    assert bibkit("export", "--check", "--to", "bibtex,biblatex,csljson,ris").code == 0
    assert bibkit("keys", "rename", "mine", GAO).code == 0
    assert (lines(issued)[GAO]["aliases"]) == ["mine"]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (LI, 'li2026lipoagent: is the key of another work, "lipoagent'),
        (LI.upper(), "LI2026LIPOAGENT: differs only in case from li2026lipoagent, the key of another work"),
        ("a b", "'a b' cannot be a citation key in all formats"),
    ],
)
def test_a_new_key_that_cannot_be_had_is_refused(bibkit, issued, new, said):
    before = state(issued)
    ran = bibkit("keys", "rename", GAO, new)
    assert (ran.code, ran.out) == (65, "")
    assert said in ran.err
    assert state(issued) == before


def test_a_pin_marks_a_key_once(bibkit, issued):
    first = json.loads(bibkit("keys", "pin", GAO, "--json").out)
    assert first == {
        "exit_code": 0,
        "ledger": "exports/citekeys.jsonl",
        "dry_run": False,
        "written": True,
        "change": "pinned",
        "before": [{"key": GAO, "aliases": []}],
        "after": {"key": GAO, "aliases": [], "how": "pinned"},
    }
    before = state(issued)
    ran = bibkit("keys", "pin", GAO)
    assert ran.out == f"{GAO}: nothing to do; it is so already\n"
    assert "citekeys.jsonl: up to date" in ran.err
    assert state(issued) == before
    assert bibkit("export", "--check").code == 0


def test_works_are_merged_into_one_entry(bibkit, issued):
    ran = bibkit("keys", "merge", LI, GAO)
    assert ran.code == 0
    assert ran.out.splitlines()[0].startswith(f'{LI} -> {GAO}: merged, "lipoagent')
    assert ran.out.splitlines()[2] == f"{GAO} has the aliases {LI}"
    report = json.loads(bibkit("export", "--json").out)
    assert (report["works"], report["keys"]) == (1, {"new": 0, "kept": 1})
    [item] = json.loads((issued / "exports" / "library.json").read_text())
    assert (item["id"], item["custom"]["aliases"]) == (GAO, [LI])
    assert bibkit("export", "--check").code == 0
    shown = bibkit("keys", "show", LI).out
    assert 'merged     "lipoagent' in shown
    assert shown.count("source     seeds/page.txt:") == 2
    again = json.loads(bibkit("keys", "merge", GAO, LI, "--json").out)
    assert (again["change"], again["written"]) == ("nothing", False)
    assert "merged into this one" in bibkit("keys", "why", LI).out


def test_merged_entries_of_a_file_are_one_and_no_duplicate(bibkit, project):
    (project / "refs.bib").write_text(
        "@book{a, author={Ann Lee}, title={Words}, crossref={c}}\n"
        "@book{b, author={Ann Lee}, title={Words}, doi={10.1000/1}, note={See \\cite{a}}}\n"
        "@inbook{child, author={Bo Roe}, title={In Words}, related={b}}\n"
        "@book{c, editor={Cy Poe}, publisher={Pub}, title={C}}\n"
    )
    run = ("export", "refs.bib", "-o", "exports", "--json")
    assert json.loads(bibkit(*run).out)["counts"]["info"]["possible-duplicate"] == 1
    assert bibkit("keys", "merge", "a", "b").code == 0
    report = json.loads(bibkit(*run).out)
    assert (report["exit_code"], report["works"]) == (0, 3)
    assert "possible-duplicate" not in report["counts"]["info"]
    text = (project / "exports" / "library.bib").read_text()
    assert "{b," not in text
    assert "related" in text
    assert "{a}" in text.partition("related")[2].splitlines()[0]
    assert bibkit("export", "refs.bib", "-o", "exports", "--check").code == 0


@pytest.mark.parametrize("command", [("pin", GAO), ("rename", GAO, "mine"), ("merge", GAO, LI)])
def test_a_dry_run_says_the_same_and_writes_nothing(bibkit, issued, command):
    before = state(issued)
    dry = bibkit("keys", *command, "--dry-run")
    assert dry.code == 0
    assert "nothing was written (--dry-run)" in dry.err
    assert state(issued) == before
    assert bibkit("keys", *command).out == dry.out
    assert state(issued) != before


def test_a_ledger_with_a_clash_is_settled_with_an_error_that_once(bibkit, issued):
    path = issued / "exports" / "citekeys.jsonl"
    path.write_text(path.read_text().replace(f'"{LI}"', f'"{GAO}"'))
    ran = bibkit("keys", "pin", GAO)
    assert ran.code == 65
    assert "[key-clash]" in ran.err
    assert bibkit("keys", "pin", GAO).code == 0


def test_two_at_once_both_do_their_work(issued):
    program = "import sys; from bibkit.cli import main; sys.argv[0] = 'bibkit'; main()"
    runs = [("rename", GAO, "one"), ("rename", LI, "two"), ("pin", GAO)]
    with files.lock(issued / "exports"):
        processes = [
            subprocess.Popen([sys.executable, "-c", program, "keys", *run], stderr=subprocess.PIPE)
            for run in runs
        ]
    assert [process.communicate() and process.returncode for process in processes] == [0, 0, 0]
    assert set(lines(issued)) == {"one", "two"}


# Older keys.


def test_the_map_is_printed_for_people_and_programs(bibkit, issued):
    assert bibkit("keys", "map").out == ""
    assert bibkit("keys", "map", "--format", "json").out == "{}\n"
    bibkit("keys", "rename", GAO, "a.b+c")
    bibkit("keys", "merge", "a.b+c", LI)
    assert bibkit("keys", "map").out == f"{GAO}\ta.b+c\n{LI}\ta.b+c\n"
    assert json.loads(bibkit("keys", "map", "--format", "json").out) == {GAO: "a.b+c", LI: "a.b+c"}


def test_the_sed_script_changes_keys_and_nothing_that_only_holds_one(bibkit, issued):
    for old, new in ((GAO, "a/b&c"), ("a/b&c", "x*[y]"), ("x*[y]", "x.y"), ("x.y", "new:1")):
        assert bibkit("keys", "rename", old, new).code == 0
    script = bibkit("keys", "map", "--format", "sed").out
    (issued / "keys.sed").write_text(script)
    text = (
        f"\\cite{{{GAO},{GAO}, {GAO}}} x.y and xzy, \\citep[see][p.~1]{{a/b&c}} [@x*[y]; @{GAO}]\n"
        f"{GAO}-2 not{GAO} {GAO}.x \\label{{{GAO}x}} xx*[y]\n"
    )
    ran = subprocess.run(
        ["sed", "-E", "-f", "keys.sed"], input=text, capture_output=True, text=True, check=True
    )
    assert ran.stdout == (
        "\\cite{new:1,new:1, new:1} new:1 and xzy, \\citep[see][p.~1]{new:1} [@new:1; @new:1]\n"
        f"{GAO}-2 not{GAO} {GAO}.x \\label{{{GAO}x}} xx*[y]\n"
    )
    again = subprocess.run(
        ["sed", "-E", "-f", "keys.sed"], input=ran.stdout, capture_output=True, text=True, check=True
    )
    assert again.stdout == ran.stdout


def test_older_keys_become_entries_when_asked(bibkit, issued):
    bibkit("keys", "rename", GAO, "mine")
    bibkit("export")
    plain = (issued / "exports" / "library.bib").read_text()
    ran = bibkit("export", "--aliases", "entries", "--to", "bibtex,biblatex,csljson")
    assert ran.code == 0
    text = (issued / "exports" / "library.bib").read_text()
    assert text.count("@misc{") == plain.count("@misc{") + 1
    assert "@misc{gao2024mobizo,\n" in text
    assert "aliasof" in text
    assert "ids " not in text
    assert "aliasof" not in (issued / "exports" / "library.biblatex.bib").read_text()
    before = state(issued)
    assert bibkit("export", "--aliases", "entries", "--to", "bibtex,biblatex,csljson", "--strict").code == 0
    assert state(issued) == before
    (issued / "bibkit.toml").write_text('[listing]\nas-of = 2026\n[export]\naliases = "entries"\n')
    assert bibkit("export", "--strict").code == 0
    assert bibkit("export", "--aliases", "ids").code == 0
    assert (issued / "exports" / "library.bib").read_text() == plain


def test_a_key_can_be_pinned_in_an_export_with_older_keys(bibkit, issued):
    bibkit("keys", "rename", GAO, "mine")
    bibkit("export", "--aliases", "entries")
    path = issued / "exports" / "library.bib"
    path.write_text(path.read_text().replace("@misc{mine,", "@misc{yours,"))
    ran = bibkit("export", "--aliases", "entries", "--strict")
    assert ran.code == 0
    assert lines(issued)["yours"]["aliases"] == [GAO, "mine"]
    text = path.read_text()
    assert all(f"@misc{{{key},\n" in text for key in (GAO, "mine", "yours"))
    assert bibkit("export", "--aliases", "entries", "--check").code == 0


def test_a_ledger_is_rebuilt_from_an_export_with_older_keys(bibkit, issued):
    bibkit("keys", "rename", GAO, "mine")
    bibkit("export", "--aliases", "entries", "--to", "bibtex")
    for name in ("citekeys.jsonl", "library.json", "library.ris"):
        (issued / "exports" / name).unlink()
    assert bibkit("export", "--rebuild-ledger", "--aliases", "entries").code == 0
    assert lines(issued)["mine"]["aliases"] == [GAO]
    assert set(lines(issued)) == {"mine", LI}


def test_an_export_with_older_keys_is_a_source_of_one_work_each(bibkit, issued):
    bibkit("keys", "rename", GAO, "mine")
    bibkit("export", "--aliases", "entries", "--to", "bibtex")
    ran = bibkit("export", "exports/library.bib", "-o", "out", "--strict", "--json")
    report = json.loads(ran.out)
    assert (ran.code, report["records"], report["works"]) == (0, 3, 2)
    assert report["counts"]["info"]["alias-entry"] == 1
    claims = [json.loads(line) for line in (issued / "out" / "citekeys.jsonl").read_text().splitlines()]
    assert [(claim["key"], claim["aliases"]) for claim in claims] == [(LI, []), ("mine", [GAO])]
    again = bibkit("export", "exports/library.bib", "-o", "out", "--check", "--strict")
    assert again.code == 0


def test_a_copy_of_an_export_with_older_keys_has_them(bibkit, issued):
    bibkit("keys", "rename", GAO, "mine")
    bibkit("export", "--aliases", "entries", "--to", "bibtex")
    copied = bibkit("convert", "exports/library.bib", "-t", "bibtex").out
    assert copied == (issued / "exports" / "library.bib").read_text()


def test_older_keys_that_a_file_lists_are_written_once(bibkit, project):
    (project / "refs.bib").write_text("@book{lee, author={Ann Lee}, title={Words}, ids={a_b, old}}\n")
    bibkit("export", "refs.bib", "-o", "exports", "--to", "biblatex,csljson")
    bibkit("keys", "rename", "lee", "Lee:1")
    assert bibkit("export", "refs.bib", "-o", "exports", "--to", "biblatex,csljson").code == 0
    text = (project / "exports" / "library.biblatex.bib").read_text()
    assert text.count("ids") == 1
    assert "{a_b, lee, old}" in text


@pytest.mark.parametrize("text", ["x", "Ids"])
def test_a_wrong_setting_of_older_keys_is_refused(bibkit, issued, monkeypatch, text):
    monkeypatch.setenv("BIBKIT_ALIASES", text)
    ran = bibkit("export")
    assert ran.code == 78
    assert "is neither ids nor entries" in ran.err
    monkeypatch.setenv("BIBKIT_ALIASES", "entries")
    assert bibkit("export").code == 0


# The hook.


def git(*arguments, check=True, **values):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=check, **values)


@pytest.fixture
def repository(issued, monkeypatch):
    """The folder as a repository with one commit, and git's own settings out of the way."""
    for name, value in (("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")):
        monkeypatch.setenv(name, value)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "Begin")
    return issued


def drop(folder, key):
    path = folder / "exports" / "citekeys.jsonl"
    kept = [line for line in path.read_text().splitlines(keepends=True) if f'"key": "{key}"' not in line]
    path.write_text("".join(kept))


def test_a_ledger_that_lost_nothing_passes(bibkit, repository):
    ran = bibkit("keys", "check")
    assert (ran.code, ran.out) == (0, "")
    assert "exports/citekeys.jsonl: all 2 keys of the last commit stand in it" in ran.err
    bibkit("keys", "rename", GAO, "mine")
    bibkit("keys", "merge", "mine", LI)
    assert bibkit("keys", "check", "-q").err == ""
    assert bibkit("keys", "check", "--staged", "--json").code == 0


def test_a_lost_and_a_moved_key_fail(bibkit, repository):
    path = repository / "exports" / "citekeys.jsonl"
    path.write_text(path.read_text().replace("ipoagent", "ipoid").replace(f'"{GAO}"', f'"{LI}"'))
    ran = bibkit("keys", "check", "--json")
    assert ran.code == 1
    report = json.loads(ran.out)
    assert (report["outcome"], report["missing"]) == ("lost", [GAO])
    assert [moved["key"] for moved in report["moved"]] == [LI]
    assert "exports/citekeys.jsonl: gao2024mobizo is missing; it was issued to" in ran.err
    path.unlink()
    assert bibkit("keys", "check").code == 1


def test_the_staged_ledger_is_what_counts_in_a_hook(bibkit, repository):
    drop(repository, GAO)
    assert bibkit("keys", "check").code == 1
    assert bibkit("keys", "check", "--staged").code == 0
    git("add", ".")
    git("checkout", "-q", "HEAD", "--", "seeds")
    assert bibkit("keys", "check", "--staged", "-q").code == 1
    git("rm", "-q", "-f", "exports/citekeys.jsonl")
    assert bibkit("keys", "check", "--staged").code == 1


def test_where_there_is_nothing_to_compare_with_it_says_so(bibkit, issued, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(issued.parent))
    ran = bibkit("keys", "check")
    assert ran.code == 65
    assert "exports/citekeys.jsonl: is in no work tree of git: not a git repository" in ran.err
    git("init", "-q")
    ran = bibkit("keys", "check")
    assert (ran.code, "git has no commit yet" in ran.err) == (0, True)
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "Begin")
    ran = bibkit("keys", "check", "--json")
    assert (ran.code, json.loads(ran.out)["outcome"]) == (0, "not-committed")
    monkeypatch.setenv("PATH", "")
    ran = bibkit("keys", "check")
    assert ran.code == 65
    assert "git cannot be run: No such file or directory" in ran.err


def test_a_committed_ledger_that_is_no_text_is_an_error(bibkit, repository):
    path = repository / "exports" / "citekeys.jsonl"
    whole = path.read_bytes()
    path.write_bytes(b"\xff\xfe")
    git("commit", "-q", "-a", "-m", "Break")
    path.write_bytes(whole)
    ran = bibkit("keys", "check")
    assert ran.code == 65
    assert "what HEAD has of it is not UTF-8" in ran.err


def hook_of_the_readme() -> str:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    return readme.partition("`.git/hooks/pre-commit`")[2].partition("```sh\n")[2].partition("```")[0]


@pytest.fixture
def hooked(repository, monkeypatch):
    """The repository with the README's hook, and a `bibkit` for it to find."""
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(hook_of_the_readme())
    hook.chmod(0o755)
    program = repository / ".git" / "bin" / "bibkit"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom bibkit.cli import main\nmain()\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{Path('/usr/bin')}:{Path('/bin')}")
    return repository


@pytest.mark.parametrize("how", [("-a",), ("exports/citekeys.jsonl",), ()])
def test_the_readmes_hook_lets_no_key_be_lost(bibkit, hooked, how):
    bibkit("keys", "rename", GAO, "mine")
    git("commit", "-q", "-a", "-m", "Rename")
    drop(hooked, "mine")
    if not how:
        git("add", ".")
    ran = git("commit", "-m", "Lose", *how, check=False)
    assert ran.returncode == 1
    assert "gao2024mobizo is missing" in ran.stderr
    assert "mine is missing" in ran.stderr
    assert git("log", "--format=%s").stdout.split() == ["Rename", "Begin"]
    (hooked / "other.txt").write_text("x")
    git("restore", "--staged", "--worktree", "exports")
    git("add", "other.txt")
    git("commit", "-q", "-m", "Other")


def test_the_readmes_hook_works_in_another_work_tree_and_from_a_folder_below(bibkit, hooked):
    git("worktree", "add", "-q", "../tree", "-b", "tree")
    tree = hooked.parent / "tree"
    drop(tree, GAO)
    ran = git("commit", "-a", "-m", "Lose", cwd=tree / "exports", check=False)
    assert (ran.returncode, "gao2024mobizo is missing" in ran.stderr) == (1, True)
    git("checkout", "-q", "--", ".", cwd=tree)
    (tree / "seeds" / "page.txt").write_text("x")
    git("commit", "-q", "-a", "-m", "Go on", cwd=tree / "seeds")


def test_branches_in_which_people_did_different_things_are_united_by_git(bibkit, repository):
    (repository / ".gitattributes").write_text("exports/citekeys.jsonl merge=union\n")
    git("add", ".")
    git("commit", "-q", "-m", "Unite")
    git("checkout", "-q", "-b", "other")
    bibkit("keys", "rename", LI, "agents")
    (repository / "seeds" / "refs.bib").write_text("@book{lee, author={Ann Lee}, title={Words}}\n")
    bibkit("export")
    git("add", ".")
    git("commit", "-q", "-a", "-m", "Grow")
    git("checkout", "-q", "main")
    bibkit("keys", "merge", GAO, LI)
    git("commit", "-q", "-a", "-m", "Merge works")
    before = len(lines(repository))
    git("merge", "-q", "other", "-m", "Merge")
    assert (before, set(lines(repository))) == (1, {GAO, "agents", "lee"})
    assert bibkit("keys", "check", "-q").code == 0
    report = json.loads(bibkit("export", "--strict", "--json").out)
    assert (report["exit_code"], report["works"]) == (0, 2)
    assert json.loads(bibkit("keys", "map", "--format", "json").out) == {GAO: "agents", LI: "agents"}
    assert set(lines(repository)) == {"agents", "lee"}
    assert bibkit("export", "--check", "--strict").code == 0


def bib(*entries):
    return "".join(
        f"@misc{{{key}, author = {{{author}}}, title = {{{title}}}, year = 2020{more}}}\n"
        for key, author, title, more in entries
    )


def test_where_two_bibliographies_become_one_the_keys_of_both_go_on_working(bibkit, project):
    (project / "mine.bib").write_text(bib(("mine", "Doe, Jane", "Ethos", ", doi = {10.1/x}")))
    (project / "hers.bib").write_text(bib(("hers", "Doe, J.", "Ethos", ", doi = {10.1/x}")))
    (project / "p.tex").write_text(r"\cite{mine}\cite{hers}")
    assert bibkit("export", "mine.bib", "hers.bib").code == 0
    assert bibkit("export", "--check", "hers.bib", "mine.bib").code == 0
    keys = dict(line.split("\t") for line in bibkit("keys", "map").out.splitlines())
    assert {*keys.keys(), *keys.values()} == {"mine", "hers"}
    ran = bibkit("cited", "p.tex", "-s", "mine.bib", "-s", "hers.bib", "-t", "biblatex")
    assert (ran.code, ran.out.count("@")) == (0, 1)


def test_a_key_that_was_changed_in_a_source_goes_on_working_with_the_one_before_it(bibkit, project):
    source = project / "mine.bib"
    source.write_text(bib(("doe", "Doe, Jane", "Ethos", "")))
    assert bibkit("export", "mine.bib").code == 0
    source.write_text(bib(("Doe:2020", "Doe, Jane", "Ethos", "")))
    assert bibkit("export", "mine.bib").code == 0
    assert bibkit("keys", "map").out == "Doe:2020\tdoe\n"
    source.write_text(bib(("Doe:2020", "Doe, Jane", "Quite another title", "")))
    assert bibkit("export", "mine.bib").code == 0
    assert bibkit("keys", "show", "doe").out.splitlines()[1] == "aliases    Doe:2020"


def test_a_key_that_another_work_has_is_not_kept_and_that_is_said(bibkit, project):
    one, other = ("mine", "Doe, Jane", "Ethos", ", doi = {10.1/x}"), ("hers", "Roe, Jo", "Pathos", "")
    (project / "mine.bib").write_text(bib(one, other))
    (project / "hers.bib").write_text(bib(("hers", "Doe, Jane and Roe, Jo", "Ethos", ", doi = {10.1/x}")))
    assert bibkit("export", "mine.bib").code == 0
    ran = bibkit("export", "mine.bib", "hers.bib")
    assert ran.code == 0
    assert "'hers', in a file for the work whose key is mine, is a key of another work" in ran.err
    found = json.loads(bibkit("keys", "show", "hers", "--json").out)
    assert found["title"].lower() == "pathos"


def test_an_entry_keeps_its_key_though_another_comes_that_says_the_same(bibkit, project):
    source = project / "mine.bib"
    source.write_text(bib(("b", "Doe, Jane", "Editorial", ", note = {b}")))
    assert bibkit("export", "mine.bib").code == 0
    source.write_text(
        bib(("b", "Doe, Jane", "Editorial", ", note = {b}"), ("a", "Doe, Jane", "Editorial", ", note = {a}"))
    )
    ran = bibkit("export", "mine.bib")
    assert (ran.code, "1 new, 1 kept" in ran.err) == (0, True)
    exported = (project / "exports" / "library.bib").read_text(encoding="utf-8")
    found = re.findall(r"\{(\w+),[^@]*note\s*= \{(\w)\}", exported)
    assert found == [("a", "a"), ("b", "b")]


def test_a_key_that_was_changed_in_a_source_is_that_of_the_merged_work_it_was_changed_for(bibkit, project):
    source = project / "mine.bib"
    source.write_text(bib(("a", "Doe, Jane", "Ethos", ""), ("b", "Doe, Jane", "Pathos", "")))
    assert bibkit("export", "mine.bib").code == 0
    assert bibkit("keys", "merge", "a", "b").code == 0
    source.write_text(bib(("a", "Doe, Jane", "Ethos", ""), ("c", "Doe, Jane", "Pathos", "")))
    assert bibkit("export", "mine.bib").code == 0
    assert bibkit("export", "--check", "mine.bib").code == 0
    assert bibkit("keys", "map").out == "b\ta\nc\ta\n"


@pytest.mark.parametrize("stays", ["a", "b"])
def test_a_merged_work_says_what_the_one_says_whose_key_stays(bibkit, project, stays):
    source = project / "mine.bib"
    text = bib(("a", "Doe, Jane", "Ethos", ""), ("b", "Doe, Jane", "Pathos", ", month = 3, doi = {10.1/b}"))
    source.write_text(text.replace("2020, month", "2019, month"))
    assert bibkit("export", "mine.bib").code == 0
    assert bibkit("keys", "pin", stays).code == 0
    assert bibkit("keys", "merge", "a", "b").code == 0
    assert bibkit("export", "mine.bib").code == 0
    exported = (project / "exports" / "library.bib").read_text(encoding="utf-8")
    title = {"a": "Ethos", "b": "Pathos"}[stays]
    assert (f"@misc{{{stays}," in exported, f"{{{title}}}" in exported, "10.1/b" in exported) == (True,) * 3
    assert exported.count("title") == 1
    assert re.search(r"year *= (\S+),", exported)[1] == {"a": "2020", "b": "2019"}[stays]
