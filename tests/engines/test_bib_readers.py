"""Programs other than BibTeX and biber that read `.bib` files: pandoc, in two versions, and typst."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
import strategies
from engines_support import Engine, absent, drawn

from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.formats.listing import ListingText, read_listings
from bibkit.latex import clean_text
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry

ROOT = Path(__file__).resolve().parents[2]
MODES = pytest.mark.parametrize("ascii_", [False, True], ids=["unicode", "ascii"])
DIALECTS = pytest.mark.parametrize("write", [write_bibtex, write_biblatex])


@pytest.fixture(scope="module", params=["Debian", "PyPI"])
def any_pandoc(request, pandoc) -> Engine:
    if request.param == "Debian":
        return pandoc
    if find_spec("pypandoc") is None:
        absent("pypandoc_binary is not installed")
    import pypandoc

    return Engine("pandoc", pypandoc.get_pandoc_path())


@pytest.fixture(scope="module")
def typst():
    if find_spec("typst") is None:
        absent("typst is not installed")
    import typst

    return typst


@pytest.fixture(scope="module")
def seeds() -> list[Entry]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    pages = [ListingText(path.name, path.read_text(encoding="utf-8"), PartialDate(2026)) for path in paths]
    found = [record for result in read_listings(pages) for record in result.records]
    return [Entry(CitationKey(f"seed{number}"), record) for number, record in enumerate(found)]


@pytest.fixture(scope="module")
def made_up() -> list[Entry]:
    """Entries of every type, with text that is hostile to every format."""
    records = drawn(strategies.records(), 60)
    return [Entry(CitationKey(f"made{number}"), record) for number, record in enumerate(records)]


@DIALECTS
@MODES
def test_pandoc_reads_names_dates_and_titles(any_pandoc, seeds, tmp_path, write, ascii_):
    items = read_with_pandoc(any_pandoc, write, seeds, tmp_path, ascii_=ascii_)
    assert [item["id"] for item in items] == [entry.key for entry in seeds]
    for item, entry in zip(items, seeds, strict=True):
        record = entry.record
        names = [name.get("family") for name in item["author"]]
        assert names[: len(record.creators)] == [creator.family for creator in record.creators]
        assert len(names) == len(record.creators) + record.creators_truncated
        date = record.issued
        assert item["issued"]["date-parts"][0][:2] == [date.year, date.month]
        assert letters(item["title"]) == letters(record.title)


@DIALECTS
@MODES
def test_pandoc_finds_every_entry_whatever_stands_in_it(any_pandoc, made_up, tmp_path, write, ascii_):
    items = read_with_pandoc(any_pandoc, write, made_up, tmp_path, ascii_=ascii_)
    assert [item["id"] for item in items] == [entry.key for entry in made_up]


@DIALECTS
@MODES
def test_typst_prints_every_entry(typst, seeds, tmp_path, write, ascii_):
    (tmp_path / "library.bib").write_text(write(seeds, ascii=ascii_).text, encoding="utf-8")
    cites = " ".join(f"#cite(<{entry.key}>)" for entry in seeds)
    (tmp_path / "paper.typ").write_text(f'{cites}\n#bibliography("library.bib", style: "ieee")\n')
    pdf, warnings = typst.compile_with_warnings(str(tmp_path / "paper.typ"), root=str(tmp_path))
    assert pdf.startswith(b"%PDF")
    assert warnings == []


# Quotation marks as TeX takes them, and braces, which pandoc drops whatever they are written as.
CHANGED_BY_PANDOC = {"'": "’", "`": "‘", "{": "", "}": ""}


@DIALECTS
def test_pandoc_gives_back_every_character(any_pandoc, tmp_path, write):
    points = [*range(0x10000), *range(0x10000, 0x110000, 997)]
    texts = [
        clean_text("".join(f"x{chr(point)}" for point in points[start : start + 64]) + "x")
        for start in range(0, len(points), 64)
    ]
    entries = [
        Entry(
            CitationKey(f"k{number}"),
            Record(type=ItemType.BOOK, title=text, abstract=text, note=text, creators=(Body(text),)),
        )
        for number, text in enumerate(texts)
    ]
    items = read_with_pandoc(any_pandoc, write, entries, tmp_path)
    for item, text in zip(items, texts, strict=True):
        wanted = " ".join(text.translate(str.maketrans(CHANGED_BY_PANDOC)).split())
        assert " ".join(item["abstract"].split()) == wanted
        assert " ".join(item["note"].split()) == wanted
        assert letters(item["title"]) == letters(wanted)
        assert letters(item["author"][0]["literal"]) == letters(wanted)


def test_pandoc_prints_et_al_for_a_truncated_list(any_pandoc, tmp_path):
    record = Record(
        type=ItemType.PREPRINT, title="Title", creators=(Person("Smith", "Jane"),), creators_truncated=True
    )
    (item,) = read_with_pandoc(any_pandoc, write_bibtex, [Entry(CitationKey("k"), record)], tmp_path)
    assert item["author"][-1] == {"literal": "others"}


def read_with_pandoc(pandoc: Engine, write, entries, folder: Path, *, ascii_: bool = False) -> list[dict]:
    (folder / "library.bib").write_text(write(entries, ascii=ascii_).text, encoding="utf-8")
    dialect = "biblatex" if write is write_biblatex else "bibtex"
    done = pandoc.run("-f", dialect, "-t", "csljson", "library.bib", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def letters(text: str) -> str:
    """Return what a change of case or of markup leaves alone."""
    return "".join(character for character in text.casefold() if character.isalnum())
