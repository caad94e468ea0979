"""What `.bib` files that nobody here wrote say, read by us, by BibTeX and by biber: they say the same.

With BIBKIT_EVERY_FILE=1, biber reads every file that BibTeX and it take, which takes minutes: some seconds a
file. Without, it reads some of each kind.
"""

import gzip
import os
import re
import subprocess
import sys
import tarfile
import time
import unicodedata
from pathlib import Path

import pytest
from bibtex_accounts import unaccounted
from engines_support import absent, drawn, find_engine, read_by_bibtex, run_biber, split_by_bibtex
from hypothesis import strategies as st

from bibkit.formats.base import BlockKind
from bibkit.formats.bibtex import is_biblatex, read_bibtex, write_biblatex, write_bibtex
from bibkit.formats.bibtex.mapping import is_bibtex_key
from bibkit.formats.bibtex.namelist import read_names
from bibkit.formats.bibtex.scanner import MONTHS, ScannedEntry, scan_bibtex
from bibkit.latex import read_latex
from bibkit.model.names import Body, Role
from bibkit.model.work import CitationKey, Entry

# Source distributions with `.bib` files among their tests.
SOURCES = ("pybtex==0.25.1", "bibtexparser==2.1.0", "sphinxcontrib-bibtex==2.7.0")
PLACES = ("bibtex/bib", "doc/bibtex", "doc/latex", "source", "tex")
LARGEST = 250_000  # characters that an engine is given: the suite has to be fast
FOR_BIBER = ("biblatex-examples.bib", "xampl.bib", "IEEEexample.bib", "jbtest.bib")
SMALL, SMALL_FOR_BIBER = 12_000, 8

#: Our name for a field -> biblatex's, where biber has changed it.
IN_BIBLATEX = {
    "key": "sortkey",
    "address": "location",
    "annote": "annotation",
    "archiveprefix": "eprinttype",
    "journal": "journaltitle",
    "primaryclass": "eprintclass",
    "school": "institution",
}

FIELD_NAME = re.compile(r"[a-z][a-z0-9_-]*")
TIE = re.compile(r"(?<!\\)~")
DOLLAR = re.compile(r"(?<!\\)\$")
DOTLESS = re.compile("ı(?=[\u0300-\u036f])")
WHITE = re.compile("[ \t\r\n]+")


def corpus_files():
    """The `.bib` files of the TeX installation, and those of Debian's documentation for it."""
    kpsewhich = find_engine("kpsewhich")
    root = Path(kpsewhich.run("-var-value=TEXMFDIST", cwd=Path.cwd()).stdout.strip())
    found = [path for place in PLACES for path in sorted((root / place).rglob("*.bib"))]
    found += sorted(Path("/usr/share/doc/texlive-doc").rglob("*.bib"))
    found += sorted(Path("/usr/share/doc/texlive-doc").rglob("*.bib.gz"))
    return found or absent("the TeX installation has no .bib files")


def text_of(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def sources(folder):
    """A folder with the source distributions, which the first of all workers has downloaded."""
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(600):
            if done.exists():
                return folder
            time.sleep(0.5)
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=:all:"]
    run = subprocess.run([*command, "-d", folder, *SOURCES], capture_output=True, text=True, check=False)
    if run.returncode:
        absent(f"the sources of {', '.join(SOURCES)} cannot be had: {run.stderr.splitlines()[-1:]}")
    done.touch()
    return folder


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Name and text of every file."""
    texts = {}
    for path in corpus_files():
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        texts.setdefault(text_of(data), str(path))
    folder = sources(tmp_path_factory.getbasetemp().parent / "sources")
    for archive in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.endswith(".bib") and (file := tar.extractfile(member)) is not None:
                    texts.setdefault(text_of(file.read()), member.name)
    return {name: text for text, name in texts.items()}


def keyed(result):
    return [
        Entry(CitationKey(key if key and is_bibtex_key(key) else f"key{at}"), record)
        for at, record in enumerate(result.records)
        for key in [record.brought_key]
    ]


def test_every_block_of_every_file_is_accounted_for(corpus):
    assert len(corpus) > 100
    for name, text in corpus.items():
        result = read_bibtex(text, name)
        assert unaccounted(text, result) == {}, name
        heads = len(re.findall(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", text, re.MULTILINE))
        comments = "\n".join(block.text for block in result.blocks if block.kind is BlockKind.COMMENT)
        others = sum(block.kind is not BlockKind.COMMENT for block in result.blocks)
        inside = len(re.findall(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", comments, re.MULTILINE))
        assert len(result.records) + others + inside >= heads, name
        assert [found for found in result.diagnostics if found.code == "rejected-block"] == [], name


def test_a_copy_of_every_file_is_clean(corpus):
    for name, text in corpus.items():
        result = read_bibtex(text, name)
        write = write_biblatex if is_biblatex(result.records) else write_bibtex
        copy = write(keyed(result), result.blocks).text
        again = read_bibtex(copy, name)
        assert list(again.records) == list(result.records), name
        assert [record.raw for record in again.records] == [record.raw for record in result.records], name
        assert write(keyed(again), again.blocks).text == copy, name


def read_by_us(text):
    """Key and fields of every entry, as BibTeX compresses them; macros of months say their names.

    Fields that need a string that is nowhere defined are left out.
    """
    entries = {}
    for block in scan_bibtex(text, {month: month for month in MONTHS}):
        if isinstance(block, ScannedEntry):
            fields = {}
            undefined = [note.message.split()[2] for note in block.notes if note.code == "undefined-string"]
            for (name, source), value in zip(block.fields, block.values, strict=True):
                if not any(macro in source for macro in undefined):
                    fields.setdefault(name.lower(), WHITE.sub(" ", value).strip(" "))
            entries.setdefault(block.key, fields)
    return entries


def asked_of_bibtex(text, ours):
    """The fields to ask BibTeX for; none where it reads what is a comment to us, or has too much to read."""
    if len(text) > LARGEST or "commented-entry" in read_codes(text):
        return set()
    names = {field for fields in ours.values() for field in fields if FIELD_NAME.fullmatch(field)}
    return names - {"crossref"}


def taken_by_bibtex(bibtex, folder, text, names):
    """What BibTeX reads, or None if it complains."""
    try:
        return read_by_bibtex(bibtex, folder, text, names)
    except AssertionError:
        return None


def test_bibtex_reads_the_same_fields(corpus, bibtex, tmp_path):
    compared = 0
    for name, text in corpus.items():
        ours = read_by_us(text)
        names = asked_of_bibtex(text, ours)
        theirs = taken_by_bibtex(bibtex, tmp_path, text, names) if names else None
        if theirs is None:
            continue
        compared += len(theirs)
        assert list(theirs) == list(ours), name
        for key, fields in ours.items():
            for field in fields.keys() & names:
                assert theirs[key].get(field, "") == fields[field], (name, key, field)
    assert compared > 300


def read_codes(text):
    return {note.code for block in scan_bibtex(text) for note in block.notes}


def plain(text):
    """Text without markup, for comparing.

    Biber has decoded some of it, also letters in maths, but no accents on a dotless i.
    """
    read = read_latex(DOLLAR.sub("", TIE.sub(" ", text))).text.replace("{", "").replace("}", "")
    return WHITE.sub(" ", unicodedata.normalize("NFC", DOTLESS.sub("i", read))).strip()


def chosen_for_biber(corpus, bibtex, folder):
    """Names of files that BibTeX takes: the ones named above, and some small ones, spread over all."""
    named = [name for name in corpus if Path(name).name.removesuffix(".gz") in FOR_BIBER]
    every = os.environ.get("BIBKIT_EVERY_FILE") == "1"
    small = []
    for name, text in sorted(corpus.items()):
        ours = read_by_us(text)
        names = asked_of_bibtex(text, ours)
        wanted = name not in named and names and (every or len(text) <= SMALL)
        if wanted and taken_by_bibtex(bibtex, folder, text, names) is not None:
            small.append(name)
    return named + (small if every else small[:: max(1, len(small) // SMALL_FOR_BIBER)])


def test_biber_reads_the_same_values(corpus, bibtex, biber, tmp_path):
    compared = entries = 0
    for name in chosen_for_biber(corpus, bibtex, tmp_path):
        run = run_biber(biber, tmp_path, corpus[name])
        if run.entries and not any("subsystem" in line or line.startswith("ERROR") for line in run.trouble):
            compared += 1
            entries += len(run.entries)
            assert_biber_agrees(name, corpus[name], run)
    assert compared > 8
    assert entries > 100


def assert_biber_agrees(file, text, run):
    """The same keys, fields and values; an exception has its reason where it stands."""
    ours = read_by_us(text)
    records = {record.brought_key: record for record in read_bibtex(text, file).records}
    assert set(run.entries) == set(ours), file
    for key, element in run.entries.items():
        fields = {IN_BIBLATEX.get(name, name): value for name, value in ours[key].items()}
        place = (file, key)
        seen = {
            *fields_that_biber_dropped(run, key),
            *UNWRITTEN,
            *(name for name in fields if "+an" in name),  # annotations have elements of their own
        }
        for child in element:
            name = child.tag.partition("}")[2]
            if name == "date":
                kind = child.get("type") or ""
                seen |= {f"{kind}{part}" for part in ("date", "year", "month", "day")}
                if key in records and kind in {"", "url"}:
                    assert_same_date(child, records[key], fields, kind, place)
            elif name == "names":
                seen.add(role := child.get("type"))
                if BRACED_LETTER.search(fields[role]):
                    continue  # `{U}nited` is a small word to BibTeX, whose rules are ours, and not to biber
                assert names_of_biber(run, key, role) == names_of_ours(fields[role]), (*place, role)
            elif name not in UNWRITTEN and (name not in MADE_BY_BIBER or name in fields):
                seen.add(name)
                assert letters_of(child, name) == letters_of_ours(fields[name], name), (*place, name)
        left = {name for name in fields.keys() - seen if fields[name].strip("{} ")}
        assert left == set(), place


BRACED_LETTER = re.compile(r"\{[^\\{}]*\}[a-z]")
#: What biblatexml has no place for, or biber reads in a language of its own.
UNWRITTEN = {"entryset", "keywords", "options", "related"}
#: What biber adds: for `@phdthesis` and the like the type, and annotations from the fields that make them.
MADE_BY_BIBER = {"annotation", "presort", "type"}
DROPPED = re.compile(
    r"Entry '(.*)' \(.*Field '(.*)' invalid in data model|Entry '(.*)' \(.*Invalid .*field '(.*?)'"
)


def fields_that_biber_dropped(run, key):
    """Fields that its data model does not have, or has for numbers alone: biber says so for each."""
    found = [match.groups() for match in map(DROPPED.search, run.trouble) if match is not None]
    return {one or other for entry, one, entry_too, other in found if key in {entry, entry_too}}


def assert_same_date(child, record, fields, kind, place):
    """A date, by what our record says; of BibTeX's months biber reads a number and nothing else."""
    date = record.accessed if kind == "url" else record.issued
    assert date is not None, place
    theirs = "/".join(text.strip() for text in child.itertext() if text.strip())
    assert theirs == date.isoformat() or ("month" in fields and theirs == str(date.year)), place


def letters_of(child, name):
    """The text of an element; of lists, ranges and keys, whose separators are elements, the letters alone."""
    if len(child):
        return re.findall(r"[^\W_]+", plain(" ".join(child.itertext())))
    text = plain(child.text or "")
    return re.findall(r"[^\W_]+", text) if name in SEVERAL else text


def letters_of_ours(value, name):
    if name in SEVERAL:
        parts = re.split(r" and (?=[^{}]*(?:[{]|$))", value) if name in LISTS else [value]
        return re.findall(r"[^\W_]+", plain(" ".join(part for part in parts if part != "others")))
    return plain(value)


LISTS = {"institution", "language", "location", "organization", "origlanguage", "origlocation",
         "origpublisher", "publisher"}  # fmt: skip
SEVERAL = LISTS | {"crossref", "entryset", "ids", "pages", "related", "xdata", "xref", "pageref"}


def names_of_biber(run, key, role):
    wanted = ("given", "prefix", "family", "suffix")
    return [tuple(plain(name.get(part, "")) for part in wanted) for name in run.names(key, role)]


def names_of_ours(value):
    return [
        tuple(map(plain, ("", "", one.literal, "")))
        if isinstance(one, Body)
        else tuple(plain(part or "") for part in (one.given, one.particle, one.family, one.suffix))
        for one in read_names(value, Role.AUTHOR).creators
    ]


PARENTS = ("book", "collection", "misc", "mvbook", "mvcollection", "mvproceedings", "mvreference",
           "periodical", "proceedings", "reference")  # fmt: skip
CHILDREN = ("article", "book", "bookinbook", "collection", "inbook", "incollection", "inproceedings",
            "inreference", "misc", "proceedings", "suppbook", "suppcollection", "suppperiodical")  # fmt: skip
LENT = ("author", "editor", "note", "publisher", "series", "subtitle", "title", "volume")
OF_REFERENCE = {"reference", "mvreference", "inreference"}
OF_COLLECTION = {"collection", "mvcollection", "incollection", "suppcollection"}


def test_biber_lends_the_same_fields(biber, tmp_path):
    """Every type of parent to every type of child, by `crossref`; a child has a title of its own, or none.

    Left out is what biber's own rules, which `--tool` goes by, lack of biblatex's, which are ours: works
    of reference in collections, additions to titles of periodicals, short titles and those for sorting.
    """
    pairs = [
        (parent, child, own)
        for parent in PARENTS
        for child in CHILDREN
        for own in (True, False)
        if not ({parent, child} & OF_REFERENCE and {parent, child} & OF_COLLECTION)
    ]
    lent = ", ".join(f"{name} = {{{name} of p}}" for name in LENT)
    text = "".join(f"@{parent}{{p{parent}, {lent}}}\n" for parent in PARENTS)
    for at, (parent, child, own) in enumerate(pairs):
        text += f"@{child}{{c{at}, {'title = {own}, ' if own else ''}crossref = {{p{parent}}}}}\n"
    (tmp_path / "in.bib").write_text(text)
    command = ("--tool", "--output-resolve-crossrefs", "--output-format=bibtex", "-O", "out.bib", "in.bib")
    assert biber.run(*command, cwd=tmp_path).returncode == 0
    theirs = read_by_us((tmp_path / "out.bib").read_text())
    ours = {record.brought_key: record for record in read_bibtex(text, "in.bib").records}
    for at, pair in enumerate(pairs):
        fields = {name.removeprefix(","): value for name, value in ours[f"c{at}"].raw if name != "@"}
        fields = {name: value.strip("{}") for name, value in fields.items() if name != "crossref"}
        found = {name: value for name, value in theirs[f"c{at}"].items() if name != "crossref"}
        assert fields == found, pair


WORDS = ("Ana", "Bo", "O'Neil", "de", "van", "der", "{de}", "{D}e", "{d}e", "{\\'e}a", "{\\'E}a", "{\\o}x",
         "{A b}", "{a, b}", "X.", "x.", "1a", "{}", "{and}", "Jr.")  # fmt: skip
PART = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).flatmap(
    lambda found: st.lists(st.sampled_from([" ", "~", "  "]), min_size=len(found), max_size=len(found)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(found, gaps, strict=True)).strip()
    )
)
NAMES = st.lists(PART, min_size=1, max_size=3).map(", ".join).filter(lambda name: name.strip("{} ,~"))


def test_bibtex_gives_names_the_same_parts(bibtex, tmp_path):
    """As far as it can: a name in one group is a body to us, and an empty part takes another's place."""
    names = sorted(set(drawn(NAMES, 400)))
    bib = "\n".join(f"@misc{{k{at},\n author = {{{name}}}}}" for at, name in enumerate(names))
    theirs = split_by_bibtex(bibtex, tmp_path, bib)
    compared = 0
    for at, name in enumerate(names):
        (found,) = theirs[f"k{at}"].names
        parts = tuple(plain(part) for part in found)
        creators = read_names(name, Role.AUTHOR).creators
        if not parts[2] or not creators or isinstance(creators[0], Body):
            continue
        person = creators[0]
        ours = (person.given, person.particle, person.family, person.suffix)
        assert tuple(plain(part or "") for part in ours) == parts, name
        compared += 1
    assert compared > 150
