"""What BibTeX, biber and LaTeX make of a paper is what `bibkit cited` makes of it.

The part of a bibliography that a paper cites has to give the same references as the whole, to the byte.
"""

import re
from pathlib import Path

import pytest
from engines_support import drawn, find_engine
from hypothesis import strategies as st
from tex_grammar import documents, keys, paragraphs

from bibkit import pipeline
from bibkit.citing import read_aux, read_tex, render_diff, rewrite_tex
from bibkit.config import Settings
from bibkit.pipeline import citing

_PART = "@inproceedings{part%d, title={Part %d}, author={Doe, %s.}, crossref={whole%d}}\n"
_WHOLE = "@proceedings{whole%d, title={Whole %d}, booktitle={Whole %d}, year=2001, editor={%s, R.}}\n"
_ALONE = "@article{Alone:%d, title={Alone %d}, author={%s, Q.}, journal={J}, year=1999}\n"
# Works that only their parts bring in come in no order from biber: no label hangs on who comes first.
SOURCE = (
    "".join(_PART % (number, number, letter, number % 2) for number, letter in enumerate("ABCDEFGH"))
    + "".join(_WHOLE % (number, number, number, name) for number, name in enumerate(("Roe", "Soe")))
    + "".join(_ALONE % (number, number, name) for number, name in enumerate(("Poe", "Quoe")))
)
KEYS = [f"part{number}" for number in range(8)] + ["whole0", "whole1", "Alone:0", "Alone:1"]


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Settings:
    """An export whose works had other keys before: what was `part3` is `renamed` now."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "refs.bib").write_text(SOURCE)
    settings = Settings(sources=(folder / "refs.bib",), output=folder / "exports", to=("bibtex", "biblatex"))
    assert pipeline.export(settings.sources, settings, pipeline.ExportOptions()).exit_code() == 0
    exported = folder / "exports" / "library.bib"
    exported.write_text(exported.read_text().replace("{part3,", "{renamed,"))
    assert pipeline.export(settings.sources, settings, pipeline.ExportOptions()).exit_code() == 0
    return settings


def cited(paper: Path, settings: Settings, to: str | None = None) -> citing.CitedReport:
    """Return what is cited in a paper, written to `cited.bib` beside it."""
    output = paper.with_name("cited.bib")
    return citing.cited([paper], settings.sources, settings, citing.CitedOptions(to=to, output=output))


def entry_keys(bib: str) -> list[str]:
    return re.findall(r"^@\w+\{([^,]+),", bib, re.MULTILINE)


def is_parent(key: str) -> bool:
    return key.startswith("whole")


EVERYTHING = "\\citation{*}"

aux_lines = st.lists(
    st.one_of(
        st.lists(st.sampled_from([key for key in KEYS if key != "part3"]), min_size=1, max_size=4),
        st.just(["renamed"]),
        st.just(["*"]),
    ).map(lambda found: f"\\citation{{{','.join(found)}}}"),
    min_size=1,
    max_size=6,
)


def bbl_of(bibtex, folder, aux, bib, *options):
    (folder / "library.bib").write_text(bib)
    (folder / "job.aux").write_text(f"{aux}\n\\bibdata{{library}}\n\\bibstyle{{unsrt}}\n")
    run = bibtex.run(*options, "job", cwd=folder)
    assert run.returncode == 0, run.stdout
    return (folder / "job.bbl").read_text()


def test_bibtex_cites_the_same_works_in_the_same_order_and_prints_the_same(bibtex, library, tmp_path):
    whole = (library.output / "library.bib").read_text()
    for lines in drawn(aux_lines, 25):
        while lines.count(EVERYTHING) > 1:
            lines.remove(EVERYTHING)  # BibTeX takes a second one for an error
        first, nested = lines[: len(lines) // 2], lines[len(lines) // 2 :]
        (tmp_path / "chapter.aux").write_text("\n".join(nested))
        aux = "\n".join([*first, "\\@input{chapter.aux}"])
        paper = tmp_path / "paper.aux"
        paper.write_text(aux + "\n")
        report = cited(paper, library)
        assert (report.exit_code(), report.to) == (0, "bibtex")
        printed = re.findall(r"\\bibitem\{(.*)\}", bbl_of(bibtex, tmp_path, aux, whole, "-min-crossrefs=99"))
        ours = entry_keys(report.text)
        if EVERYTHING in lines:
            assert set(printed) == set(ours)
            printed = ours
        # A whole stands behind its parts in the file, wherever it is cited, and is there if it is not.
        assert [key for key in ours if not is_parent(key)] == [key for key in printed if not is_parent(key)]
        assert {key for key in printed if is_parent(key)} <= set(ours)
        assert bbl_of(bibtex, tmp_path, aux, report.text) == bbl_of(bibtex, tmp_path, aux, whole)


def test_bibtex_finds_an_old_key_where_the_paper_cites_it(bibtex, library, tmp_path):
    paper = tmp_path / "paper.aux"
    paper.write_text("\\citation{part1,part3}\n")
    report = cited(paper, library)
    assert entry_keys(report.text) == ["part1", "part3", "whole1"]
    assert "\\bibitem{part3}" in bbl_of(bibtex, tmp_path, paper.read_text(), report.text)


BIBLATEX_PAPER = r"""
\documentclass{article}
\usepackage[backend=biber,sorting=none]{biblatex}
\addbibresource{library.bib}
\defbibentryset{both}{Alone:0,Alone:1}
\begin{document}
\cite{part2,part3}\nocite{part1}\textcites[1]{renamed}{part4}\parencite{both}\cite{part2}
\printbibliography
\begin{refsection}\cite{part5,part0}\nocite{*}\printbibliography\end{refsection}
\end{document}
"""


@pytest.fixture(scope="module")
def bcf(pdflatex, tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("bcf")
    (folder / "paper.tex").write_text(BIBLATEX_PAPER)
    pdflatex.run("-interaction=nonstopmode", "paper.tex", cwd=folder)
    return (folder / "paper.bcf").read_text()


def biber_bbl(biber, folder, bcf, bib):
    (folder / "library.bib").write_text(bib)
    (folder / "paper.bcf").write_text(bcf)
    run = biber.run("paper", cwd=folder)
    assert run.returncode == 0, run.stdout
    assert "WARN" not in run.stdout, run.stdout
    return (folder / "paper.bbl").read_text()


def printed_by_biber(bbl):
    """Return what a `.bbl` file says of each section: the order of the works, and all of each of them.

    biber lists works that only their parts bring in, in another order each time.
    """
    order = [[key for key in keys if not is_parent(key)] for keys in sections(bbl)]
    return order, sorted(re.findall(r"\\entry\{.*?\\endentry", bbl, re.DOTALL))


def sections(bbl):
    """Return the keys of each section of a `.bbl` file, in its order."""
    return [re.findall(r"\\entry\{(.*?)\}", part) for part in bbl.split(r"\refsection{")[1:]]


def asks_for(bcf, chosen):
    """Return a `.bcf` text that asks for these keys in its first section, and never for everything."""
    keys = "".join(
        f'<bcf:citekey order="{order}" intorder="1">{key}</bcf:citekey>'
        for order, key in enumerate(chosen, start=1)
    )
    section = re.compile(r"(?<=<bcf:section number=\"0\">).*?(?=</bcf:section>)", re.DOTALL)
    return re.sub(r"<bcf:citekey[^>]*>\*</bcf:citekey>", "", section.sub(keys, bcf, count=1))


def test_biber_cites_the_same_works_in_the_same_order_and_prints_the_same(biber, library, tmp_path, bcf):
    whole = (library.output / "library.biblatex.bib").read_text()
    some_keys = st.lists(
        st.sampled_from(["part1", "part2", "part3", "renamed", "Alone:1"]), min_size=2, max_size=6
    )
    for text in [bcf, *(asks_for(bcf, chosen) for chosen in drawn(some_keys, 2)[1:])]:
        paper = tmp_path / "asked.bcf"
        paper.write_text(text)
        report = cited(paper, library)
        assert (report.exit_code(), report.to) == (0, "biblatex")
        by_whole = biber_bbl(biber, tmp_path, text, whole)
        printed = dict.fromkeys(key for keys in sections(by_whole) for key in keys if key != "both")
        ours = entry_keys(report.text)
        assert set(printed) <= set(ours) <= {*printed, "whole0", "whole1"}
        if text is not bcf:  # which asks for everything
            # biber lists a work last that is cited by an older key, for it is that key which has an order.
            left_out = {"renamed", "whole0", "whole1"}
            assert [key for key in ours if key not in left_out] == [
                key for key in printed if key not in left_out
            ]
        assert printed_by_biber(biber_bbl(biber, tmp_path, text, report.text)) == printed_by_biber(by_whole)


NATBIB_TEX = r"""
\documentclass{article}
\usepackage{natbib}
\newcommand{\mine}[2][]{see \citep[#1]{#2}}
\newcommand{\also}{also \citet}
\let\old\citealp
\newif\ifdraft\let\ifother\iffalse
\begin{document}
\citep[see \citet{part1}][p.~{]}3]{part2,
  part3,% , dead
  Alone:0}
\verb|\cite{dead}| \mine{part4} \mine[x]{part5} \also{part6} \old*{part7}
\begin{verbatim}
\cite{dead}
\end{verbatim}
\iffalse \ifdraft\cite{dead}\else\cite{dead}\fi \cite{dead}\else\citeauthor{whole0}\fi
% \cite{dead}
\citeyearpar [a] {whole1}
\Citet*
{Alone:1} \string\cite{dead} 50\%\citenum{renamed}
\nocite{part1}
\include{chapter}
\end{document}
\cite{dead}
"""
CHAPTER = "\\citealt{part0}\n\\endinput \\citealt{Chapter:2}\n\\cite{dead}"
BIBLATEX_TEX = r"""
\documentclass{article}
\usepackage[backend=biber]{biblatex}
\DeclareCiteCommand{\mine}{}{\printfield{title}}{;}{}
\begin{document}
\cites(a)(b)[1]{part0}
  [2][3]{part1} {part2,part3} text
\volcite[a]{3}[4]{part4}\Pvolcites{1}{part5}{2}[3]{part6}
\textcite*[x]{part7}\citefield{Alone:0}[x]{title}\mine{Alone:1}
\citename{whole0}{author} \footfullcite{whole1}\smartcites{renamed}
\parencite
  % \cite{dead}
  {
  Chapter:3  }
\include{chapter}
\end{document}
"""


@pytest.mark.parametrize(("tex", "chapter"), [(NATBIB_TEX, CHAPTER), (BIBLATEX_TEX, "\\autocite{Chapter:1}")])
def test_latex_cites_what_is_found_in_the_source(pdflatex, tmp_path, tex, chapter):
    (tmp_path / "paper.tex").write_text(tex)
    (tmp_path / "chapter.tex").write_text(chapter)
    pdflatex.run("-interaction=nonstopmode", "paper.tex", cwd=tmp_path)
    by_latex = cited_keys(tmp_path / "paper.aux")
    assert "dead" not in by_latex
    assert cited_keys(tmp_path / "paper.tex") == by_latex
    assert len(by_latex) >= 12


DRAWN_TEX = r"""
\documentclass{article}
\usepackage{listings,verbatim}
\lstnewenvironment{minted}[1]{}{}
\usepackage[backend=biber,natbib=true,mcite=true]{biblatex}
\begin{document}
%s
\end{document}
"""


def test_latex_cites_what_the_grammar_of_papers_says(pdflatex, tmp_path):
    """That is: LaTeX reads documents that are drawn at random as the laws of citations take them."""
    # \mcite cites all of its keys a second time, by itself.
    found = [one for one in drawn(paragraphs(), 60) if all(listed.command != "mcite" for listed in one.lists)]
    (tmp_path / "paper.tex").write_text(DRAWN_TEX % "\n\n".join(one.text for one in found))
    pdflatex.run("-interaction=nonstopmode", "paper.tex", cwd=tmp_path)
    by_latex = [part.key for part in read_aux((tmp_path / "paper.aux").read_text()).parts]
    assert by_latex == [key for one in found for listed in one.lists for _, key in listed.keys]


def cited_keys(path: Path) -> list[str]:
    from bibkit.pipeline.papers import read_papers

    return list(dict.fromkeys(one.key for one in read_papers([path]).cited))


def test_patch_takes_the_diff(tmp_path):
    patch = find_engine("patch")
    renames = st.dictionaries(keys, st.sampled_from(("new1", "new2")), min_size=3)
    for document, renamed in drawn(st.tuples(documents(), renames), 60):
        result = rewrite_tex(document.text, read_tex(document.text), renamed)
        if result.edits:
            (tmp_path / "x.tex").write_bytes(document.text.encode())
            (tmp_path / "x.diff").write_bytes(render_diff("x.tex", document.text, result.edits).encode())
            run = patch.run("--binary", "-p0", "-i", "x.diff", cwd=tmp_path)
            assert run.returncode == 0, run.stdout
            assert (tmp_path / "x.tex").read_bytes() == result.text.encode()
