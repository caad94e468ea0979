"""`bibkit export` as its users meet it: files, exit codes, what is said, and what is left on the disk."""

import json
import os
import resource
import shutil
import signal
import time
from pathlib import Path

import pytest
from processes import contents, finish, start, state

from bibkit import pipeline

ROOT = Path(__file__).resolve().parents[2]
FILES = ("citekeys.jsonl", "library.bib", "library.json", "library.ris")


def test_seeds_to_exports_and_a_second_run_touches_nothing(bibkit, project, page):
    first = bibkit("export", "--as-of", "2026")
    assert (first.code, first.out) == (0, "")
    assert "1 file, 2 records, 2 works" in first.err
    assert "citation keys: 2 new, 0 kept" in first.err
    assert tuple(sorted(path.name for path in (project / "exports").iterdir())) == FILES
    before = state(project / "exports")
    second = bibkit("export", "--as-of", "2026")
    assert second.code == 0
    assert "citation keys: 0 new, 2 kept" in second.err
    assert state(project / "exports") == before


def test_the_seeds_of_the_project_give_its_exports(bibkit, project):
    shutil.copytree(ROOT / "seeds", project / "seeds")
    shutil.copy(ROOT / "bibkit.toml", project)
    shutil.copytree(ROOT / "exports", project / "exports")
    assert bibkit("export", "--check", "--strict").code == 0
    shutil.rmtree(project / "exports")
    ran = bibkit("export", "--strict", "--json")
    report = json.loads(ran.out)
    assert (ran.code, report["files"], report["records"], report["works"]) == (0, 5, 184, 183)
    assert not report["counts"]["warning"]
    assert contents(project / "exports") == contents(ROOT / "exports")


def test_only_what_is_asked_for_is_written(bibkit, project, page):
    assert bibkit("export", str(page), "-o", "out", "--to", "biblatex,ris").code == 0
    assert sorted(path.name for path in (project / "out").iterdir()) == [
        "citekeys.jsonl",
        "library.biblatex.bib",
        "library.ris",
    ]


def test_check_writes_nothing_and_says_what_would_change(bibkit, project, page):
    ran = bibkit("export", "--check", "--as-of", "2026")
    assert ran.code == 1
    assert "exports/library.bib: would change" in ran.err
    assert not (project / "exports").exists()
    bibkit("export", "--as-of", "2026")
    before = state(project / "exports")
    assert bibkit("export", "--check", "--as-of", "2026").code == 0
    page.write_text(page.read_text().replace("MobiZO", "MobiZOO"))
    assert bibkit("export", "--check", "--as-of", "2026").code == 1
    assert state(project / "exports") == before


def test_formats_that_are_asked_for_one_by_one_are_all_written(bibkit, project, page):
    assert bibkit("export", "--to", "bibtex", "--to", "ris").code == 0
    names = {path.name for path in (project / "exports").iterdir()}
    assert names == {"citekeys.jsonl", "library.bib", "library.ris"}


def test_a_rejected_block_is_shown_without_the_blank_lines_that_end_it(bibkit, project):
    (project / "refs.bib").write_text("@misc{a, title={b\n\n\n@misc{c, title={d}}\n")
    ran = bibkit("convert", "refs.bib", "-o", "out.bib")
    assert "    | @misc{a, title={b\n" in ran.err
    assert "    | \n" not in ran.err


def test_standard_input_is_a_source(bibkit, project, page):
    ran = bibkit("export", "-", "--as-of", "2026", "--json", stdin=page.read_bytes())
    assert (ran.code, json.loads(ran.out)["records"]) == (0, 2)


def test_the_report_for_programs_has_everything(bibkit, project, page):
    ran = bibkit("export", "--json")
    report = json.loads(ran.out)
    assert report["keys"] == {"new": 2, "kept": 0}
    assert report["counts"]["warning"] == {"unknown-year": 1}
    unknown = next(said for said in report["diagnostics"] if said["code"] == "unknown-year")
    assert "(as-of)" in unknown["message"]
    assert "warning: 1 x unknown-year: as-of in bibkit.toml, or `bibkit export --as-of YEAR`, says" in ran.err
    assert (unknown["path"], unknown["line"], unknown["severity"]) == ("seeds/page.txt", 4, "warning")
    assert report["changed"] == [f"exports/{name}" for name in FILES]


def test_quiet_says_nothing_when_all_is_well(bibkit, page):
    assert bibkit("export", "--as-of", "2026", "--quiet").err == ""


def test_strict_writes_nothing_not_even_the_ledger(bibkit, project, page):
    ran = bibkit("export", "--strict")
    assert ran.code == 65
    assert "seeds/page.txt:4: warning:" in ran.err
    assert "nothing was written: --strict" in ran.err
    assert not (project / "exports").exists()


def test_a_rejected_block_is_shown_with_its_place_and_text(bibkit, page):
    page.write_text(page.read_text() + "CVMar 1, 2020\n")
    ran = bibkit("export", "--as-of", "2026")
    assert ran.code == 0
    assert "seeds/page.txt:7: warning:" in ran.err
    assert "    | CVMar 1, 2020" in ran.err


@pytest.mark.parametrize("data", [b"\xff\xfeL\x00G\x00", b"LG\xe9Sep", bytes(range(256))])
def test_a_source_that_cannot_be_read_stops_the_run_unless_it_keeps_going(bibkit, project, page, data):
    (page.parent / "bad.txt").write_bytes(data)
    ran = bibkit("export")
    assert ran.code == 65
    assert "seeds/bad.txt" in ran.err
    assert "--keep-going" in ran.err
    assert not (project / "exports").exists()
    ran = bibkit("export", "--keep-going")
    assert ran.code == 65
    assert "2 records" in ran.err
    assert (project / "exports" / "library.bib").exists()


@pytest.mark.parametrize("make", [lambda _: None, Path.mkdir, Path.touch])
def test_nothing_to_read_is_said_and_the_last_export_stays(bibkit, project, page, make):
    bibkit("export")
    before = state(project / "exports")
    make(project / "other.txt")
    ran = bibkit("export", "other.txt")
    assert ran.code == 65
    assert "nothing was written" in ran.err
    assert state(project / "exports") == before


def test_exports_without_their_ledger_are_not_written_over(bibkit, project, page):
    bibkit("export", "--as-of", "2026")
    ledger = project / "exports" / "citekeys.jsonl"
    kept = ledger.read_bytes()
    for lost in (ledger.unlink, lambda: ledger.write_bytes(b"")):
        lost()
        before = contents(project / "exports")
        ran = bibkit("export", "--as-of", "2026")
        assert ran.code == 65
        assert "--new-ledger" in ran.err
        assert "--ledger" in ran.err
        assert contents(project / "exports") == before
    assert bibkit("export", "--as-of", "2026", "--new-ledger").code == 0
    assert ledger.read_bytes() == kept


def test_new_ledger_never_throws_a_ledger_away(bibkit, project, page):
    bibkit("export", "--as-of", "2026")
    page.write_text(page.read_text().split("78.4AI")[0])
    assert bibkit("export", "--as-of", "2026", "--new-ledger").code == 0
    assert "li2026lipoagent" in (project / "exports" / "citekeys.jsonl").read_text()


@pytest.mark.parametrize("spoil", [lambda text: text[: len(text) - 9], lambda text: "<<<<<<< HEAD\n" + text])
def test_a_damaged_ledger_is_named_and_nothing_is_written(bibkit, project, page, spoil):
    bibkit("export")
    ledger = project / "exports" / "citekeys.jsonl"
    ledger.write_text(spoil(ledger.read_text()))
    before = state(project / "exports")
    ran = bibkit("export")
    assert ran.code == 65
    assert "citekeys.jsonl:" in ran.err
    assert "Traceback" not in ran.err
    assert state(project / "exports") == before


def test_two_papers_share_a_ledger(bibkit, project, page):
    for folder in ("one", "two"):
        assert bibkit("export", "-o", folder, "--ledger", "keys.jsonl").code == 0
    assert not (project / "one" / "citekeys.jsonl").exists()
    assert contents(project / "one") == contents(project / "two")


def test_an_output_that_cannot_be_is_exit_73(bibkit, project, page):
    (project / "exports").touch()
    ran = bibkit("export")
    assert ran.code == 73
    assert "exports: is a file, not a folder" in ran.err
    (project / "exports").unlink()
    (project / "exports" / "library.bib").mkdir(parents=True)
    assert bibkit("export", "--new-ledger").code == 73
    assert os.listdir(project / "exports") == ["library.bib"]


def test_a_bug_of_ours_shows_no_traceback(bibkit, page, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("boom")

    monkeypatch.setattr(pipeline, "export", broken)
    ran = bibkit("export")
    assert ran.code == 70
    assert "internal error: RuntimeError: boom" in ran.err
    assert "Traceback" not in ran.err


# What only a process of its own can show.


def big_page(records: int) -> str:
    words = (
        "adaptive",
        "robust",
        "sparse",
        "neural",
        "optimal",
        "latent",
        "causal",
        "fast",
        "quantum",
        "deep",
    )
    lines = []
    for number in range(records):
        lines.append(f"LGSep {number % 28 + 1}, {2000 + number % 25}")
        title = f"On {words[number % 10]} {words[number // 10 % 10]} Methods for Problem {number}"
        lines.append(f"{title}Lei Gao, Amir Ziashahabi, Yue Niu et al.")
        lines.append(f"We study problem {number}. " * 40)
    return "\n".join(lines)


def test_a_disk_that_fills_up_leaves_every_old_file(project, page):
    assert finish(start("export", cwd=project))[0] == 0
    before = state(project / "exports")
    page.write_text(big_page(50))
    process = start(
        "export",
        cwd=project,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    code, _, err = finish(process)
    assert code == 74, err
    assert b"Traceback" not in err
    assert state(project / "exports") == before


def test_two_at_once_end_as_one_after_the_other(project, page):
    page.write_text(big_page(300))
    processes = [start("export", cwd=project) for _ in range(3)]
    for process in processes:
        code, _, err = finish(process)
        assert code == 0, err
    together = contents(project / "exports")
    shutil.rmtree(project / "exports")
    assert finish(start("export", cwd=project))[0] == 0
    assert contents(project / "exports") == together


def test_killed_at_any_moment_every_file_is_whole_and_the_next_run_heals(project, page):
    small, large = page.read_text(), big_page(400)
    clean = {}
    for text in (small, small + large):
        page.write_text(text)
        assert finish(start("export", cwd=project))[0] == 0
        clean[text] = contents(project / "exports")
    begun = time.monotonic()
    assert finish(start("export", cwd=project))[0] == 0
    whole_run = time.monotonic() - begun
    whole = {name: {files[name] for files in clean.values()} for name in FILES}
    kills = int(os.environ.get("BIBKIT_KILLS", "12"))
    for number in range(kills):
        shutil.rmtree(project / "exports")
        page.write_text(small)
        assert finish(start("export", cwd=project))[0] == 0
        page.write_text(small + large)
        process = start("export", cwd=project)
        time.sleep(whole_run * (0.3 + 0.8 * number / kills))
        process.send_signal(signal.SIGKILL)
        finish(process)
        for name in FILES:
            assert (project / "exports" / name).read_bytes() in whole[name]
    assert finish(start("export", cwd=project))[0] == 0
    assert contents(project / "exports") == clean[small + large]


@pytest.mark.parametrize("locale", ["C", "tr_TR.UTF-8", "tr_TR.ISO8859-9"])
def test_data_is_utf8_in_every_locale(project, page, locale):
    page.write_text(PAGE_WITH_ACCENTS, encoding="utf-8")
    process = start(
        "parse", "seeds", cwd=project, env={"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    )
    code, out, err = finish(process)
    assert code == 0, err
    assert json.loads(out)["title"] == "MARché: İstanbul'da 机器学习"


PAGE_WITH_ACCENTS = """\
LGSep 23, 2024
MARché: İstanbul'da 机器学习

Müge Özgür

Nothing more.
"""


def test_a_reader_that_goes_away_is_no_trouble(project, page):
    page.write_text(big_page(300))
    process = start("parse", "seeds", cwd=project)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait() == 0
    assert b"Traceback" not in err
    process.stderr.close()
