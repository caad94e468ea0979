r"""A paper is written, its bibliography grows, works are merged and renamed: its old `\cite`s stay.

Compiled by latexmk, under BibTeX and under biblatex; compared is what the PDF says.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from engines_support import Engine, find_engine

PAGE = """\
LGSep 23, 2024
MobiZO: Enabling Efficient LLM Fine-Tuning via Inference EnginesLei Gao, Amir Ziashahabi, Yue Niu et al.
We introduce MobiZO, a fine-tuning framework for LLMs on edge devices. Lei Gao wrote it.
"""
BIB = """\
@book{Knuth:1984, title = {Literate Programming}, author = {Knuth, Donald}, year = 1984, publisher = {P}}
@misc{smith-pre, title = {Deep Things}, author = {Smith, Jane}, year = 2019, eprint = {1901.00001},
  archiveprefix = {arXiv}}
@article{smith-jour, title = {Deep Things, Revisited}, author = {Smith, Jane}, journal = {J}, year = 2020,
  doi = {10.1000/deep}}
"""
NEWCOMERS = """\
@misc{Gao:other, title = {{MobiZO} Again, and Another One}, author = {Gao, Lara}, year = 2024}
@book{aaa, title = {A First Book}, author = {Aaron, A.}, year = 1900, publisher = {P}}
"""
CITED = ("gao2024mobizo", "Knuth:1984", "smith-pre", "smith-jour")
HEAD = r"""\documentclass{article}
\usepackage[paperwidth=40cm]{geometry}
\pagestyle{empty}\raggedright\hyphenpenalty=10000\exhyphenpenalty=10000
"""
BODY = (
    "".join(f"Q{number} \\cite{{{key}}} ;\n\n" for number, key in enumerate(CITED))
    + r"""
Q4 \cite[p.~3]{smith-pre,% old
  gao2024mobizo} ;

\begin{verbatim}
\cite{gao2024mobizo}
\end{verbatim}
"""
)
PAPERS = {
    "bibtex": HEAD
    + f"\\begin{{document}}\n{BODY}\\bibliographystyle{{plain}}\\bibliography{{library}}\\end{{document}}\n",
    "biblatex": HEAD
    + "\\usepackage[backend=biber,style=numeric]{biblatex}\n\\addbibresource{library.bib}\n"
    + f"\\begin{{document}}\n{BODY}\\printbibliography\n\\end{{document}}\n",
}


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "page.txt").write_text(PAGE)
    (tmp_path / "seeds" / "refs.bib").write_text(BIB)
    return tmp_path


@pytest.fixture(scope="session")
def pdftotext() -> Engine:
    return find_engine("pdftotext")


def bibkit(project: Path, *arguments: str) -> str:
    """Run the command line in a project; it has to succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "bibkit", *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Paper:
    """A paper in a folder of its own, and what its PDF says."""

    def __init__(self, project: Path, dialect: str, latexmk: Engine, pdftotext: Engine) -> None:
        self.dialect, self.latexmk, self.pdftotext = dialect, latexmk, pdftotext
        self.folder = project / "paper"
        self.folder.mkdir()
        self.source = self.folder / "paper.tex"
        self.source.write_text(PAPERS[dialect])
        self.exported = (
            project / "exports" / ("library.bib" if dialect == "bibtex" else "library.biblatex.bib")
        )

    def references(self, bib: str | None = None) -> list[list[str]]:
        """Compile with the export, or with another bibliography; return what each citation refers to."""
        (self.folder / "library.bib").write_text(self.exported.read_text() if bib is None else bib)
        done = self.latexmk.run("-pdf", "-interaction=nonstopmode", "paper.tex", cwd=self.folder)
        log = (self.folder / "paper.log").read_text(errors="replace")
        assert done.returncode == 0, done.stdout[-3000:]
        assert "undefined" not in log
        assert "Warning--" not in (self.folder / "paper.blg").read_text()
        text = self.pdftotext.run("-raw", "paper.pdf", "-", cwd=self.folder).stdout
        body, _, rest = " ".join(text.split()).lower().partition("references ")
        entries = dict(re.findall(r"\[(\d+)\] (.*?)(?= \[\d+\] |$)", rest))
        found = []
        for number in range(len(CITED) + 1):
            labels = re.search(rf"q{number} \[(.*?)\] ;", body)
            assert labels is not None, body
            found.append([entries[label] for label in re.findall(r"\d+", labels[1].partition("p.")[0])])
        return found


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_old_citations_refer_to_what_they_did(project, latexmk, pdftotext, dialect):
    export = ("export", "-q", "--to", dialect, *(("--aliases", "entries") if dialect == "bibtex" else ()))
    bibkit(project, *export)
    paper = Paper(project, dialect, latexmk, pdftotext)
    before = paper.references()
    mobizo, knuth, preprint, article = (entries[0] for entries in before[:4])
    assert "mobizo: enabling" in mobizo
    assert "revisited" not in preprint
    assert "revisited" in article
    assert before[4] in ([preprint, mobizo], [mobizo, preprint])

    (project / "seeds" / "new.bib").write_text(NEWCOMERS)
    bibkit(project, *export)
    bibkit(project, "keys", "merge", "smith-jour", "smith-pre")
    bibkit(project, "keys", "rename", "gao2024mobizo", "gao-mobizo")
    bibkit(project, *export)
    after = paper.references()
    assert [set(entries) for entries in after[:2]] == [{mobizo}, {knuth}]
    (merged,) = set(after[2])
    assert set(after[3]) == {merged}  # of two works that are one, both keys refer to that
    assert "deep things" in merged
    assert set(after[4]) == {merged, mobizo}

    suffix = {"bibtex": "aux", "biblatex": "bcf"}[dialect]
    part = bibkit(project, "cited", "-q", f"paper/paper.{suffix}")
    assert "First Book" not in part
    assert [set(entries) for entries in paper.references(part)] == [set(entries) for entries in after]
    from_source = bibkit(project, "cited", "-q", "paper/paper.tex")
    assert sorted(from_source.split("\n\n")) == sorted(part.split("\n\n"))

    bibkit(project, "rewrite", "--yes", "paper/paper.tex")
    text = paper.source.read_text()
    assert text.count("gao-mobizo") == 2
    assert text.count("gao2024mobizo") == 1  # verbatim
    assert text.count("smith-jour") == 0 or text.count("smith-pre") == 0
    bibkit(project, "export", "-q", "--to", dialect, "--aliases", "ids")
    rewritten = paper.references()
    assert [set(entries) for entries in rewritten] == [set(entries) for entries in after]
    assert len(rewritten[2]) == 1
    assert bibkit(project, "rewrite", "--check", "paper/paper.tex") == ""
