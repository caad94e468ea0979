"""`bibkit parse`, `bibkit formats`, and the help texts."""

import json
import os
import subprocess
import sys

import pytest

from bibkit import __version__


def test_parse_prints_each_record_as_it_was_read(bibkit, page):
    ran = bibkit("parse", str(page), "--as-of", "2026")
    first, second = map(json.loads, ran.out.splitlines())
    assert ran.code == 0
    assert first["title"] == "MobiZO: Enabling Efficient LLM Fine-Tuning via Inference Engines"
    assert first["creators"] == [
        {"given": "Lei", "family": "Gao"},
        {"given": "Amir", "family": "Ziashahabi"},
        {"given": "Yue", "family": "Niu"},
    ]
    assert first["creators_truncated"] is True
    assert first["issued"] == {"year": 2024, "month": 9, "day": 23}
    assert first["categories"] == ["cs.LG"]
    assert first["affiliations"] == []
    assert first["source"] == {"path": str(page), "line": 1}
    assert second["issued"] == {"year": 2026, "month": 5, "day": 24}
    assert second["listing"] == {"score": 78.4, "code": True, "date": "May 24", "uncertain": False}


def test_parse_without_a_year_gives_no_date(bibkit, page):
    ran = bibkit("parse", str(page))
    second = json.loads(ran.out.splitlines()[1])
    assert second["issued"] is None
    assert second["listing"]["date"] == "May 24"
    assert "unknown-year" in ran.err


def test_parse_keeps_the_order_of_its_inputs(bibkit, page):
    other = page.with_name("a-later-one.txt")
    other.write_text(page.read_text().replace("MobiZO", "Other").replace("LipoAgent", "Another"))
    titles = [
        json.loads(line)["title"][:7] for line in bibkit("parse", str(page), str(other)).out.splitlines()
    ]
    assert titles == ["MobiZO:", "LipoAge", "Other: ", "Another"]


def test_parse_says_what_it_cannot_read(bibkit, page):
    ran = bibkit("parse", "gone.txt", str(page))
    assert ran.code == 65
    assert len(ran.out.splitlines()) == 2
    assert "gone.txt" in ran.err


def test_parse_says_that_a_folder_holds_no_source(bibkit, project):
    (project / "pages").mkdir()
    ran = bibkit("parse", "pages")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "pages: info: no file in it is a source [empty-folder]\n"
    (project / "pages" / "page.txt").write_text("", encoding="utf-8")
    assert "empty-folder" not in bibkit("parse", "pages").err


def test_formats_are_listed(bibkit):
    out = bibkit("formats").out
    for name in ("listing", "bibtex", "biblatex", "csljson", "ris"):
        assert f"\n{name} " in out


@pytest.mark.parametrize("arguments", [[], ["export"], ["parse"], ["formats"]])
def test_every_help_text_has_an_example(bibkit, arguments):
    ran = bibkit(*arguments, "--help")
    assert ran.code == 0
    assert "Example" in ran.out


def test_the_version(bibkit):
    assert bibkit("--version").out == f"bibkit, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exprot"], "Did you mean 'export'?"),
        (["export", "--jsn"], "Did you mean '--json'?"),
        (["export", "--to", "bibtx"], "'bibtx' is not one of bibtex, biblatex, csljson, ris"),
        (["export", "--as-of", "tomorrow"], "'tomorrow' is not a date"),
        (["parse"], "Missing argument"),
    ],
)
def test_a_typo_is_exit_2_with_what_to_do(bibkit, arguments, said):
    ran = bibkit(*arguments)
    assert ran.code == 2
    assert said in ran.err


def test_a_wrong_setting_is_exit_78(bibkit, project):
    (project / "bibkit.toml").write_text("[export]\nsuorces = []")
    ran = bibkit("export")
    assert ran.code == 78
    assert "export.suorces: is no setting" in ran.err


def test_help_imports_no_command():
    code = (
        "import sys; from bibkit.cli import main; sys.argv = ['bibkit', '--help']\n"
        "try:\n    main()\nfinally:\n"
        "    print(sorted(name for name in sys.modules if name.startswith('bibkit')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout.endswith("['bibkit', 'bibkit.cli', 'bibkit.errors']\n")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["ex"], ["plain,export"]),
        (["s"], ["plain,status", "plain,sync"]),
        (["sync", "--dr"], ["plain,--dry-run"]),
        (["export", "--to", "bibtex,bib"], ["plain,bibtex,bibtex", "plain,bibtex,biblatex"]),
        (["convert", "--keys", "a"], ["plain,assign"]),
    ],
)
def test_a_shell_completes_commands_options_and_values(words, completed):
    environment = os.environ | {
        "_BIBKIT_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["bibkit", *words]),
        "COMP_CWORD": str(len(words)),
    }
    code = "from bibkit.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.splitlines(), ran.stderr) == (0, completed, "")
