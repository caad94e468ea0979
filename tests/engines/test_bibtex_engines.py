"""BibTeX and biber on records of every kind: they read what was meant, and complain of nothing.

One run of an engine takes hundreds of records; the records are the same in every run.
"""

import re
import unicodedata
from itertools import pairwise

import pytest
import strategies
from bibtex_grammar import scan
from engines_support import (
    drawn,
    find_tex_file,
    read_by_bibtex,
    run_biber,
    run_bibtex,
    split_by_bibtex,
)
from whole_records import TEXT, whole_records, with_keys

from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.formats.bibtex.names import write_name
from bibkit.latex import read_latex, write_text
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Creator, Person, Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry

WAYS = ("ba", "bu", "la", "lu")
STYLES = ["plain", "alpha", "abbrv", "unsrt", "plainnat", "IEEEtran"]
MODES = pytest.mark.parametrize("ascii_", [False, True], ids=["unicode", "ascii"])
WRITERS = pytest.mark.parametrize("write", [write_bibtex, write_biblatex])


def in_every_way(records) -> str:
    """Return one file with the records in both dialects, in ASCII and in UTF-8; the keys say which."""
    return "\n".join(
        write(with_keys(records, prefix), ascii=prefix[1] == "a").text
        for prefix, write in zip(
            WAYS, (write_bibtex, write_bibtex, write_biblatex, write_biblatex), strict=True
        )
    )


@pytest.fixture(scope="module")
def whole() -> list[Record]:
    return drawn(whole_records(), 100)


@pytest.fixture(scope="module")
def hostile() -> list[Record]:
    return drawn(strategies.records(), 40)


@MODES
@pytest.mark.parametrize("style", STYLES)
def test_styles_say_nothing_of_whole_records(bibtex, tmp_path, whole, style, ascii_):
    find_tex_file(f"{style}.bst")
    run = run_bibtex(bibtex, tmp_path, write_bibtex(with_keys(whole), ascii=ascii_).text, style)
    assert (run.code, run.trouble) == (0, ())
    assert run.bbl.count("\\bibitem") == len(whole)
    assert run.bbl.count("{") == run.bbl.count("}")


def test_biber_says_nothing_of_whole_records(biber, tmp_path, whole):
    run = run_biber(biber, tmp_path, in_every_way(whole))
    assert run.code == 0
    assert len(run.entries) == len(WAYS) * len(whole)
    # BibTeX has no patents; biblatex's @misc has no number.
    patents = {index for index, record in enumerate(whole) if record.type is ItemType.PATENT}
    assert sorted(run.trouble) == sorted(
        f"WARN - Datamodel: Entry '{way}{index}' (library.bib): Invalid field 'number' for entrytype 'misc'"
        for way in ("ba", "bu")
        for index in patents
    )


def test_biber_takes_the_aliases_of_keys(biber, tmp_path):
    record = Record(type=ItemType.BOOK, title="T", creators=(Person("A", "X"),), issued=PartialDate(2024))
    aliases = (CitationKey("old"), CitationKey("older"))
    run = run_biber(biber, tmp_path, write_biblatex([Entry(CitationKey("k"), record, aliases)]).text)
    assert (run.code, run.trouble, list(run.entries)) == (0, (), ["k"])
    assert (run.field("k", "ids") or "").split() == ["old", "older"]


LACKING = [
    Record(type=ItemType.PREPRINT, title="No year", creators=(Person("Gao", "Lei"),)),
    Record(type=ItemType.PREPRINT, title="Nobody", issued=PartialDate(2024)),
    Record(type=ItemType.PREPRINT, title="Neither"),
]
TO_SORT = tuple(f"Warning--to sort, need author or key in k{index}" for index in (1, 2))
NO_YEAR = tuple(f"Warning--empty year in k{index}" for index in (2, 0))
COMPLAINTS = {
    "plain": TO_SORT,
    "alpha": TO_SORT,
    "abbrv": TO_SORT,
    "unsrt": (),
    "plainnat": (*TO_SORT, *NO_YEAR),
    "IEEEtran": (),
}


@pytest.mark.parametrize("style", STYLES)
def test_styles_say_what_a_record_lacks_and_no_more(bibtex, tmp_path, style):
    run = run_bibtex(bibtex, tmp_path, write_bibtex(with_keys(LACKING)).text, style)
    assert (run.code, sorted(set(run.trouble))) == (0, sorted(COMPLAINTS[style]))


@WRITERS
def test_biber_says_what_a_record_lacks_and_no_more(biber, tmp_path, write):
    run = run_biber(biber, tmp_path, write(with_keys(LACKING)).text)
    assert run.code == 0
    assert [re.sub(r" \(.*?\)", "", line) for line in sorted(run.trouble)] == [
        f"WARN - Datamodel: Entry '{key}': Missing mandatory field - one of 'date, year' must be defined"
        for key in ("k0", "k2")
    ]


@MODES
def test_bibtex_reads_every_field_of_hostile_records(bibtex, tmp_path, hostile, ascii_):
    text = write_bibtex(with_keys(hostile), ascii=ascii_).text
    scanned = {one.key: one.fields for one in scan(text)}
    names = {name.lower() for fields in scanned.values() for name in fields}
    read = read_by_bibtex(bibtex, tmp_path, text, names)
    assert list(read) == list(scanned)
    for key, fields in scanned.items():
        assert read[key] == {name.lower(): value for name, value in fields.items()}


def test_biber_keeps_every_hostile_record(biber, tmp_path, hostile):
    run = run_biber(biber, tmp_path, in_every_way(hostile))
    assert run.code == 0
    assert len(run.entries) == len(WAYS) * len(hostile)
    data = r"Missing mandatory field|Invalid field|Invalid value of field|Invalid IS[BS]N|ISBN .* is invalid"
    expected = rf"{data}|legacy (?:year|month) field|Invalid format .* of date field 'urldate'"
    assert [line for line in run.trouble if not re.search(expected, line)] == []


NAMES = [
    Person("Gao", "Lei"),
    Person("Berg", "Jan", "van der"),
    Person("Cruz", "María", "de la", "Jr."),
    Person("ying", "Liu"),
    Person("doe", "jane"),
    Person("Mausam"),
    Person("mausam"),
    Person("al-Khwarizmi"),
    Person("El-Sayed"),
    Person("Gogh", None, "van"),
    Person("Entezari Zarch", None, "van der"),
    Person("Entezari Zarch"),
    Person("others"),
    Person("Others", "Ann"),
    Person("0"),
    Person("and", "and"),
    Person("Álvarez García", "José"),
    Person("Ó Súilleabháin", "Donncha"),
    Person("o'Neill Brady", "Tim"),
    Person("van Berg", "Jan", "van"),
    Person("Rfou", "Rami", "al-"),
    Person("Ben-Sasson", "Eli"),
    Person("Ben-sasson Cohen", "Eli"),
    Person("李", "明"),
    Person("李 明"),
    Person("سينا", "علي", "ibn"),
    Person("Достоевский", "Фёдор"),
    Person("Acme, Inc.", "Bob"),
    Person("Foo", "A and B"),
    Person("Foo", "given=x, family = y"),
    Person("Foo", "-x-"),
    Person("O’Hara—Smith", "J.-P."),
    Body("The LIGO Collaboration and the Virgo Collaboration"),
    Body("Barnes, Noble, Inc., and others"),
    Body("others"),
    Body("useprefix=true"),
    Body("van der Company"),
]  # fmt: skip


@pytest.fixture(scope="module")
def people() -> list[Creator]:
    return [*NAMES, *drawn(strategies.creators(roles=(Role.AUTHOR,)), 250)]


def meant(creator: Creator) -> tuple[str, ...] | None:
    """Return given names, particle, family name, suffix; `None` where the writer says that they blur."""
    written = write_name(creator, write_text)
    if not written.text or written.blurred:
        return None
    if isinstance(creator, Body):
        return "", "", plain(write_text(creator.literal)), ""
    parts = (creator.given or "", creator.particle or "", creator.family, creator.suffix or "")
    if not plain(write_text(creator.family)):
        return None
    return tuple(plain(write_text(part)) for part in parts)


def plain(source: str) -> str:
    """Return the text of a name's part, whatever joins its words."""
    text = read_latex(unicodedata.normalize("NFC", source)).text
    return " ".join(text.replace("\u00a0", " ").split())


@MODES
def test_bibtex_reads_the_parts_of_names(bibtex, tmp_path, people, ascii_):
    entries = with_keys(Record(type=ItemType.BOOK, creators=(one,)) for one in people)
    split = split_by_bibtex(bibtex, tmp_path, write_bibtex(entries, ascii=ascii_).text)
    for entry, creator in zip(entries, people, strict=True):
        wanted = meant(creator)
        if wanted is not None:
            assert [tuple(map(plain, parts)) for parts in split[entry.key].names] == [wanted]


def test_biber_reads_the_parts_of_names(biber, tmp_path, people):
    entries = with_keys(Record(type=ItemType.BOOK, creators=(one,)) for one in people)
    run = run_biber(biber, tmp_path, write_biblatex(entries).text)
    assert set(run.entries) == {entry.key for entry in entries}
    seen = 0
    for entry, creator in zip(entries, people, strict=True):
        wanted = meant(creator)
        names = run.names(entry.key)
        if wanted is None or any("empty" in name for name in names):
            continue  # biblatexml leaves out the type of a part whose initial is 0 or nothing
        seen += 1
        parts = ("given", "prefix", "family", "suffix")
        assert [tuple(plain(name.get(part, "")) for part in parts) for name in names] == [wanted]
    assert seen > len(people) * 0.6


def test_names_of_one_entry_stay_apart(bibtex, biber, tmp_path, people):
    lists = [tuple(people[start : start + 4]) for start in range(0, len(people), 4)]
    entries = with_keys(Record(type=ItemType.BOOK, creators=one, creators_truncated=True) for one in lists)
    text = write_bibtex(entries).text
    counts = {
        entry.key: sum(bool(write_name(one, write_text).text) for one in creators)
        for entry, creators in zip(entries, lists, strict=True)
    }
    run = run_biber(biber, tmp_path, text)
    assert {key: len(run.names(key)) for key in run.entries} == counts
    assert all(run.truncated(key) for key in run.entries)
    split = split_by_bibtex(bibtex, tmp_path, text)
    assert {key: len(entry.names) - 1 for key, entry in split.items()} == counts
    assert {entry.names[-1] for entry in split.values()} == {("", "", "others", "")}


def test_biber_writes_initials_whose_braces_balance(biber, pdflatex, tmp_path, people):
    records = [Record(type=ItemType.BOOK, title="T", creators=(one,)) for one in people[:150]]
    text = write_biblatex(with_keys(records, "u")).text
    text += "\n" + write_biblatex(with_keys(records, "a"), ascii=True).text
    (tmp_path / "library.bib").write_bytes(text.encode())
    (tmp_path / "d.tex").write_text(
        "\\documentclass{article}\\usepackage[backend=biber]{biblatex}\\addbibresource{library.bib}"
        "\\begin{document}\\nocite{*}\\end{document}"
    )
    pdflatex.run("-interaction=batchmode", "-draftmode", "d.tex", cwd=tmp_path)
    biber.run("d", cwd=tmp_path)
    bbl = (tmp_path / "d.bbl").read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer(r"^ *\\entry\{", bbl, re.MULTILINE)]
    assert len(starts) == 2 * len(records)
    for start, end in pairwise([*starts, len(bbl)]):
        entry = bbl[start : bbl.index("\\endentry", start, end)]
        assert entry.count("{") == entry.count("}")


@MODES
def test_styles_lower_no_more_than_letters_outside_braces(bibtex, tmp_path, ascii_):
    titles = drawn(TEXT, 300)
    entries = with_keys(Record(type=ItemType.BOOK, title=title) for title in titles)
    text = write_bibtex(entries, ascii=ascii_).text
    sources = {one.key: one.fields["title"] for one in scan(text)}
    for key, entry in split_by_bibtex(bibtex, tmp_path, text).items():
        source = sources[key]
        assert read_latex(entry.title).text.casefold() == read_latex(source).text.casefold()
        for word in re.findall(r"\{(?!\\)[^{}$\\]+\}", source):
            assert word in entry.title


# bibtexparser takes the first of two words for a given name, in lower case too, and finds no particle before
# a family name in a script without cases.
KNOWN_DIFFERENCES = {"van Gogh", "ibn سينا, علي"}


def test_bibtexparser_splits_names_alike():
    from bibtexparser.customization import InvalidName, splitname

    differing = set()
    for creator in NAMES:
        wanted = meant(creator)
        text = write_name(creator, write_text).text
        if wanted is None:
            continue
        try:
            found = splitname(text)
        except InvalidName:
            differing.add(text)
            continue
        parts = tuple(plain(" ".join(found[part])) for part in ("first", "von", "last", "jr"))
        if parts != wanted:
            differing.add(text)
    assert differing == KNOWN_DIFFERENCES
