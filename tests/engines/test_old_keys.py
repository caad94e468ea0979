"""A paper goes on compiling to the same references while its bibliography grows and its keys change."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from engines_support import run_biber, run_bibtex

from bibkit import pipeline
from bibkit.config import Settings
from bibkit.pipeline import keys as issued

SOURCES = """\
@article{gao, author = {Gao, Lei}, title = {Ethos of Machines}, journal = {J}, year = 2024,
  doi = {10.48550/x}}
@article{gao_2, author = {Gao, Lei and Li, Li}, title = {The Ethos of Machines}, journal = {J}, year = 2025,
  doi = {10.1000/1}}
@book{Knuth:1984, author = {Knuth, Donald}, title = {The {\\TeX}book}, publisher = {A-W}, year = 1984}
@book{lee, author = {Lee, Ann}, title = {Words}, publisher = {P}, year = 2001}
"""
GROWTH = "@book{roe, author = {Roe, Bo}, title = {More Words}, publisher = {P}, year = 2002}\n"
CITED = ("gao", "gao_2", "Knuth:1984", "lee")
NOW = {"gao": "gao", "gao_2": "gao", "Knuth:1984": "texbook", "lee": "lee-words"}

BIBTEX = r"""\documentclass{article}
\begin{document}
%s
\bibliographystyle{%s}
\bibliography{exports/library}
\end{document}
"""
BIBLATEX = r"""\documentclass{article}
\usepackage[backend=biber]{biblatex}
\addbibresource{exports/library.biblatex.bib}
\begin{document}
%s
\printbibliography
\end{document}
"""


@pytest.fixture
def paper(tmp_path) -> Settings:
    """A paper's folder with its sources, exported."""
    (tmp_path / "refs.bib").write_text(SOURCES)
    settings = Settings(
        sources=(tmp_path / "refs.bib",),
        output=tmp_path / "exports",
        to=("bibtex", "biblatex"),
        aliases="entries",
        folder=tmp_path,
    )
    export(settings)
    return settings


def export(settings: Settings) -> None:
    options = pipeline.ExportOptions(strict=True)
    assert pipeline.export(settings.sources, settings, options).exit_code() == 0
    check = replace(options, check=True)
    assert pipeline.export(settings.sources, settings, check).exit_code() == 0


def change(settings: Settings) -> None:
    """Let the bibliography grow, merge two of its works, and rename two keys."""
    (settings.folder / "refs.bib").write_text(SOURCES + GROWTH)
    issued.merge_keys(settings, "gao_2", "gao")
    for old, new in (("Knuth:1984", "knuth"), ("knuth", "texbook"), ("lee", "lee-words")):
        issued.rename_key(settings, old, new)
    export(settings)


def compiled(latexmk, folder: Path, text: str) -> tuple[str, str]:
    """Compile a paper with latexmk; return the log of LaTeX and that of BibTeX or biber."""
    (folder / "paper.tex").write_text(text)
    done = latexmk.run("-pdf", "-interaction=nonstopmode", "-halt-on-error", "paper.tex", cwd=folder)
    log = (folder / "paper.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    return re.sub(r"(?<=.{79})\n", "", log), (folder / "paper.blg").read_text()


def bibitems(folder: Path) -> dict[str, str]:
    text = (folder / "paper.bbl").read_text().partition("\n\\end{thebibliography}")[0]
    items = re.split(r"\\bibitem(?:\[[^]]*\])?\{([^}]*)\}", text)[1:]
    return dict(zip(items[::2], map(str.split, items[1::2]), strict=True))


@pytest.mark.parametrize(
    ("style", "cited"), [*(("plain", key) for key in CITED), ("alpha", "Knuth:1984"), ("unsrt", "gao_2")]
)
def test_every_old_key_is_the_same_reference_under_bibtex(latexmk, paper, style, cited):
    text = BIBTEX % (rf"\cite{{{cited}}}", style)
    compiled(latexmk, paper.folder, text)
    before = bibitems(paper.folder)[cited]
    change(paper)
    log, said = compiled(latexmk, paper.folder, text)
    assert "undefined" not in log
    assert "Warning" not in said
    after = bibitems(paper.folder)
    assert list(after) == [cited]
    if NOW[cited] != "gao":  # what two records say of one work is joined
        assert after[cited] == before
    else:
        compiled(latexmk, paper.folder, BIBTEX % (rf"\cite{{{NOW[cited]}}}", style))
        assert bibitems(paper.folder) == {NOW[cited]: after[cited]}


def test_every_old_key_is_the_same_reference_under_biblatex(latexmk, paper):
    change(paper)
    cites = "\n".join(rf"\cite{{{key}}} is \cite{{{NOW[key]}}}" for key in CITED)
    log, said = compiled(latexmk, paper.folder, BIBLATEX % cites)
    assert "undefined" not in log
    assert not re.findall(r"^.*(?:WARN|ERROR) - .*$", said, re.MULTILINE)
    bbl = (paper.folder / "paper.bbl").read_text()
    assert sorted(re.findall(r"\\entry\{([^}]*)\}", bbl)) == ["gao", "lee-words", "texbook"]
    assert sorted(re.findall(r"\\keyalias\{([^}]*)\}\{([^}]*)\}", bbl)) == [
        ("Knuth:1984", "texbook"),
        ("gao_2", "gao"),
        ("lee", "lee-words"),
    ]


def test_a_file_with_entries_for_old_keys_is_taken_by_bibtex_and_biber(bibtex, biber, latexmk, paper):
    change(paper)
    text = (paper.folder / "exports" / "library.bib").read_text()
    for style in ("plain", "alpha", "unsrt", "abbrv"):
        run = run_bibtex(bibtex, paper.folder, text, style)
        assert (run.code, run.trouble) == (0, ())
        assert run.bbl.count("\\bibitem") == 8
    run = run_biber(biber, paper.folder, text)
    assert set(run.entries) == {"gao", "gao_2", "texbook", "knuth", "Knuth:1984", "lee", "lee-words", "roe"}
    # Only who asks biber to check its own data model hears of the field that it does not know.
    assert all("aliasof" in said for said in run.trouble), run.trouble
    paper_of_biblatex = BIBLATEX.replace("library.biblatex", "library") % r"\nocite{*}"
    _, said = compiled(latexmk, paper.folder, paper_of_biblatex)
    assert not re.findall(r"^.*(?:WARN|ERROR) - .*$", said, re.MULTILINE)
