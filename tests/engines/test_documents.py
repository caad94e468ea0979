"""Documents that cite every key of the seeds' exports: they compile, and no citation stays undefined."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bibkit import pipeline
from bibkit.config import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
WORKS = 183

BIBTEX_DOCUMENT = r"""
\documentclass{article}
\usepackage{amsmath,amssymb}
%s
\begin{document}
%s
\bibliographystyle{%s}
\bibliography{library}
\end{document}
"""

BIBLATEX_DOCUMENT = r"""
\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage[backend=biber,maxbibnames=99]{biblatex}
\addbibresource{library.biblatex.bib}
\renewbibmacro*{finentry}{\printfield{abstract}\printfield{keywords}\finentry}
\begin{document}
%s
\printbibliography
\end{document}
"""


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


def compile_document(latexmk, exports: Path, name: str, text: str, engine: str) -> str:
    """Compile with latexmk, and return the LaTeX log with its broken lines joined."""
    (exports / f"{name}.tex").write_text(text, encoding="utf-8")
    done = latexmk.run(engine, "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex", cwd=exports)
    log = (exports / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    return re.sub(r"(?<=.{79})\n", "", log)


@pytest.mark.parametrize("style", ["plain", "alpha", "plainnat"])
def test_a_document_under_bibtex_has_every_citation(latexmk, exports, style):
    natbib = r"\usepackage{natbib}" if style == "plainnat" else ""
    cites = "\n".join(rf"\cite{{{key}}}" for key in keys(exports))
    log = compile_document(latexmk, exports, style, BIBTEX_DOCUMENT % (natbib, cites, style), "-lualatex")
    assert "undefined" not in log
    bibliography = (exports / f"{style}.bbl").read_text(encoding="utf-8")
    assert bibliography.count(r"\bibitem") == WORKS
    assert "Warning" not in (exports / f"{style}.blg").read_text(encoding="utf-8")


@pytest.mark.parametrize("exports", ["ascii"], indirect=True)
def test_ascii_exports_compile_under_pdflatex(latexmk, exports):
    cites = "\n".join(rf"\cite{{{key}}}" for key in keys(exports))
    text = BIBTEX_DOCUMENT % (r"\usepackage[T1]{fontenc}", cites, "plain")
    assert (exports / "library.bib").read_bytes().isascii()
    assert "undefined" not in compile_document(latexmk, exports, "pdf", text, "-pdf")


def test_a_document_under_biblatex_has_every_citation_and_prints_abstracts(latexmk, exports):
    cites = "\n".join(rf"\cite{{{key}}}" for key in keys(exports))
    log = compile_document(latexmk, exports, "biblatex", BIBLATEX_DOCUMENT % cites, "-lualatex")
    assert "undefined" not in log
    assert "Missing character" not in log
    biber_log = (exports / "biblatex.blg").read_text(encoding="utf-8")
    assert not re.findall(r"^.*(?:WARN|ERROR) - .*$", biber_log, re.MULTILINE)
