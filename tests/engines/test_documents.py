"""Documents that cite every key of the seeds' exports: they compile, and no citation stays undefined."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from documents import biblatex_document, bibtex_document, compile_document

from bibkit import pipeline
from bibkit.config import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
WORKS = 183


@pytest.fixture(scope="module")
def settings() -> Settings:
    project = load_settings(ROOT, {})
    return replace(
        project, sources=(ROOT / "seeds",), to=("bibtex", "biblatex", "csljson", "ris"), folder=ROOT
    )


@pytest.fixture(scope="module", params=["unicode", "ascii"])
def exports(request, settings, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    chosen = replace(settings, output=folder, ledger=None, ascii=request.param == "ascii")
    report = pipeline.export(chosen.sources, chosen, pipeline.ExportOptions(strict=True))
    assert (report.exit_code(), report.works) == (0, WORKS)
    return folder


def keys(exports: Path) -> list[str]:
    found = re.findall(r"^@\w+\{(.+),$", (exports / "library.bib").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == WORKS
    return found


@pytest.mark.parametrize("style", ["plain", "alpha", "plainnat"])
def test_a_document_under_bibtex_has_every_citation(latexmk, exports, style):
    log = compile_document(latexmk, exports, bibtex_document(keys(exports), style), name=style)
    assert "undefined" not in log
    bibliography = (exports / f"{style}.bbl").read_text(encoding="utf-8")
    assert bibliography.count(r"\bibitem") == WORKS
    assert "Warning" not in (exports / f"{style}.blg").read_text(encoding="utf-8")


@pytest.mark.parametrize("exports", ["ascii"], indirect=True)
def test_ascii_exports_compile_under_pdflatex(latexmk, exports):
    text = bibtex_document(keys(exports), "plain", r"\usepackage[T1]{fontenc}")
    assert (exports / "library.bib").read_bytes().isascii()
    assert "undefined" not in compile_document(latexmk, exports, text, "-pdf", name="pdf")


def test_a_document_under_biblatex_has_every_citation_and_prints_abstracts(latexmk, exports):
    text = biblatex_document(keys(exports), "library.biblatex.bib")
    log = compile_document(latexmk, exports, text, name="biblatex")
    assert "undefined" not in log
    assert "Missing character" not in log
    biber_log = (exports / "biblatex.blg").read_text(encoding="utf-8")
    assert not re.findall(r"^.*(?:WARN|ERROR) - .*$", biber_log, re.MULTILINE)
