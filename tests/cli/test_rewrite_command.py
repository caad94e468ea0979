"""`bibkit rewrite` as its users meet it: a diff, a question, and nothing else touched."""

import json
import os
import subprocess
import sys

import pytest

LINE = '{{"v": 1, "key": "{key}", "aliases": {aliases}, "how": "made", "issued": 1, "scheme": 1, "origin": {{"creators": [], "title": "{key}", "date": "", "ids": [], "adopted": ""}}, "fingerprints": ["title:{key}"]}}\n'  # noqa: E501


@pytest.fixture
def paper(project):
    """A ledger with old keys and a paper that cites them."""
    ledger = project / "exports" / "citekeys.jsonl"
    ledger.parent.mkdir()
    ledger.write_text(
        LINE.format(key="new", aliases='["old", "older"]')
        + LINE.format(key="50%", aliases='["half"]')
        + LINE.format(key="öl", aliases='["oil"]'),
        encoding="utf-8",
    )
    path = project / "p.tex"
    path.write_bytes(b"\xe9 \\cite{old}\r\n% \\cite{old}\n\\citep[x]{older,b}")
    return path


DIFF = (
    "--- p.tex\n+++ p.tex\n@@ -1,3 +1,3 @@\n-{0} \\cite{{old}}\r\n+{0} \\cite{{new}}\r\n % \\cite{{old}}\n"
    "-\\citep[x]{{older,b}}\n\\ No newline at end of file\n"
    "+\\citep[x]{{new,b}}\n\\ No newline at end of file\n"
)


def test_it_shows_the_diff_and_writes_nothing_unasked(paper):
    before = paper.read_bytes(), paper.stat().st_mtime_ns
    ran = subprocess.run(
        [sys.executable, "-m", "bibkit", "rewrite", "p.tex"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == 1
    assert ran.stdout == DIFF.format("\xe9").encode("latin-1")
    assert b"nothing was written: there is no terminal to ask on (--yes writes" in ran.stderr
    assert (paper.read_bytes(), paper.stat().st_mtime_ns) == before


def test_yes_writes_and_twice_is_once(bibkit, paper):
    paper.chmod(0o640)
    ran = bibkit("rewrite", "--yes", "-q", "p.tex")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert paper.read_bytes() == b"\xe9 \\cite{new}\r\n% \\cite{old}\n\\citep[x]{new,b}"
    before = paper.stat()
    ran = bibkit("rewrite", "--yes", "p.tex")
    assert (ran.code, ran.out) == (0, "")
    assert "1 file, 0 old keys" in ran.err
    assert paper.stat().st_mtime_ns == before.st_mtime_ns
    assert before.st_mode & 0o777 == 0o640


@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_a_check_writes_nothing_and_says_so_with_its_exit_code(bibkit, paper, option):
    before = paper.read_bytes()
    ran = bibkit("rewrite", option, "-q", "p.tex")
    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert paper.read_bytes() == before
    paper.write_text("\\cite{new}")
    assert bibkit("rewrite", option, "p.tex").code == 0


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 1), (b"\n", 1)])
def test_on_a_terminal_it_asks(paper, answer, code):
    pty = pytest.importorskip("pty", reason="a terminal of POSIX")
    main, side = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bibkit", "rewrite", "p.tex"], stdin=side, stdout=subprocess.PIPE, stderr=side
    ) as run:
        os.write(main, answer)
        run.communicate()
    os.close(side)
    os.close(main)
    assert run.returncode == code
    assert (b"\\cite{new}" in paper.read_bytes()) == (code == 0)


def test_the_report_names_every_change(bibkit, paper):
    report = json.loads(bibkit("rewrite", "--check", "--json", "p.tex").out)
    assert report["changes"] == [
        {
            "path": "p.tex",
            "line": 1,
            "column": 9,
            "command": "cite",
            "old": "old",
            "new": "new",
            "joined": False,
        },
        {
            "path": "p.tex",
            "line": 3,
            "column": 11,
            "command": "citep",
            "old": "older",
            "new": "new",
            "joined": False,
        },
    ]
    assert (report["exit_code"], report["written"]) == (1, [])
    assert json.loads(bibkit("rewrite", "--yes", "--json", "p.tex").out)["written"] == ["p.tex"]


def test_files_that_were_not_named_are_named(bibkit, paper):
    paper.write_text("\\newcommand{\\mine}[1]{\\cite{#1}}\n\\input{ch}\\cite{old}")
    chapter = paper.with_name("ch.tex")
    chapter.write_text("\n\\mine{old}")
    ran = bibkit("rewrite", "--yes", "p.tex")
    assert "ch.tex:2: warning: is included, was not named, and has an old key" in ran.err
    assert chapter.read_text() == "\n\\mine{old}"
    assert bibkit("rewrite", "--yes", "p.tex", "ch.tex", "p.tex").code == 0
    assert chapter.read_text() == "\n\\mine{new}"


@pytest.mark.parametrize("order", [("p.tex", "mine.sty"), ("mine.sty", "p.tex")])
def test_a_package_of_the_papers_own_is_rewritten_if_it_is_named(bibkit, paper, order):
    paper.write_text("\\usepackage{mine}\\seek")
    package = paper.with_name("mine.sty")
    package.write_text("\\newcommand{\\seek}{\\cite{old}}")
    ran = bibkit("rewrite", "--yes", "p.tex")
    assert "mine.sty:1: warning: is included, was not named, and has an old key" in ran.err
    assert bibkit("rewrite", "--yes", *order).code == 0
    assert package.read_text() == "\\newcommand{\\seek}{\\cite{new}}"


def test_a_read_only_paper_stays_and_so_does_any_other(bibkit, paper):
    other = paper.with_name("q.tex")
    other.write_text("\\cite{old}")
    paper.chmod(0o444)
    ran = bibkit("rewrite", "--yes", "q.tex", "p.tex")
    assert (ran.code, "p.tex: is read-only" in ran.err) == (73, True)
    assert other.read_text() == "\\cite{old}"


def test_what_speaks_of_a_work_without_citing_it_is_rewritten_and_cites_nothing(bibkit, paper):
    paper.write_text(
        "\\newcommand{\\mark}[1]{\\addtocategory{seen}{#1}}\\addtocategory{old}{old, b}\\mark{older}"
        "\\assignrefcontextentries[labelprefix=A]{old}"
    )
    assert "no citation was found" in bibkit("cited", "p.tex").err
    assert bibkit("rewrite", "--yes", "p.tex").code == 0
    assert paper.read_text().endswith(
        "\\addtocategory{old}{new, b}\\mark{new}\\assignrefcontextentries[labelprefix=A]{new}"
    )


def test_what_it_leaves_it_says(bibkit, paper):
    paper.write_bytes(b"\\foocite{old}\n\\cite{half}\n\\cite{oil}\n\\bibitem{older}\\cite{older}\xff")
    ran = bibkit("rewrite", "--yes", "p.tex")
    assert (ran.code, ran.out) == (0, "")
    assert "p.tex:1: warning: \\foocite has an old key and is no command that is known to cite" in ran.err
    assert "p.tex:2: warning: the present key of half cannot be written there; it stays" in ran.err
    assert "p.tex:3: warning: the present key of oil cannot be written there; it stays" in ran.err
    assert "p.tex:4: info: older is an entry of the paper's own; it stays" in ran.err
    paper.write_bytes("ä\\cite{oil}".encode())
    assert bibkit("rewrite", "--yes", "p.tex").code == 0
    assert paper.read_text(encoding="utf-8") == "ä\\cite{öl}"


def test_what_bibtex_lists_it_will_list_anew(bibkit, paper):
    paper.write_text("\\cite{old}\\input{p.bbl}")
    paper.with_name("p.bbl").write_text("\\bibitem{old} x")
    assert bibkit("rewrite", "--yes", "p.tex").code == 0
    assert paper.read_text() == "\\cite{new}\\input{p.bbl}"


def test_a_paper_that_changed_meanwhile_is_left_alone(paper, monkeypatch):
    from bibkit.config import Settings
    from bibkit.errors import TemporaryError
    from bibkit.pipeline.rewriting import apply_rewriting, plan_rewriting

    plan = plan_rewriting([paper], Settings())
    paper.write_text("\\cite{old} and more")
    with pytest.raises(TemporaryError, match="was changed since"):
        apply_rewriting(plan)
    assert paper.read_text() == "\\cite{old} and more"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["gone.tex"], 65, "gone.tex: cannot be read: no such file"),
        (["-"], 2, "standard input cannot be rewritten"),
        (["--yes", "--check", "p.tex"], 2, "exclude each other"),
        (["--ledger", "gone.jsonl", "p.tex"], 65, "gone.jsonl: there is no ledger of citation keys"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_it_refuses(bibkit, paper, arguments, code, said):
    ran = bibkit("rewrite", *arguments)
    assert ran.code == code
    assert said in ran.err


def test_a_file_of_utf16_and_a_ledger_at_odds_with_itself_are_refused(bibkit, paper):
    paper.write_bytes("\\cite{old}".encode("utf-16"))
    ran = bibkit("rewrite", "--yes", "p.tex")
    assert (ran.code, "p.tex: is UTF-16" in ran.err) == (65, True)
    ledger = paper.parent / "exports" / "citekeys.jsonl"
    ledger.write_text(
        ledger.read_text()
        + LINE.format(key="new", aliases="[]")
        .replace('"title": "new"', '"title": "x"')
        .replace("title:new", "title:x")
    )
    ran = bibkit("rewrite", "--yes", "p.tex")
    assert ran.code == 65
    assert "Run `bibkit export` first: it settles the ledger" in ran.err


def test_a_link_stays_a_link(bibkit, paper):
    target = paper.rename(paper.with_name("real.tex"))
    paper.symlink_to(target)
    assert bibkit("rewrite", "--yes", "p.tex").code == 0
    assert paper.is_symlink()
    assert b"\\cite{new}" in target.read_bytes()
