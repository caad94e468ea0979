"""What `.bib` files that nobody here wrote say, read by us, by BibTeX and by biber: they say the same."""

import gzip
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
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
SOURCES = ("pybtex==0.25.1", "bibtexparser==2.1.0")
PLACES = ("bibtex/bib", "doc/bibtex", "doc/latex")
LARGEST = 250_000  # characters: the suite has to be fast
FOR_BIBER = ("biblatex-examples.bib", "xampl.bib", "IEEEexample.bib", "jbtest.bib")

#: Our name for a field -> biblatex's, where biber has changed it.
IN_BIBLATEX = {
    "address": "location",
    "annote": "annotation",
    "archiveprefix": "eprinttype",
    "journal": "journaltitle",
    "primaryclass": "eprintclass",
    "school": "institution",
}

FIELD_NAME = re.compile(r"[a-z][a-z0-9_-]*")
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


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Name and text of every file."""
    texts = {}
    for path in corpus_files():
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        texts.setdefault(text_of(data), str(path))
    folder = tmp_path_factory.mktemp("sources")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary=:all:",
        "-d",
        folder,
        *SOURCES,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        absent(f"the sources of {', '.join(SOURCES)} cannot be had: {done.stderr.splitlines()[-1:]}")
    for archive in sorted(folder.iterdir()):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.endswith(".bib") and (file := tar.extractfile(member)) is not None:
                    texts.setdefault(text_of(file.read()), member.name)
    return {name: text for text, name in texts.items() if len(text) <= LARGEST}


def keyed(result):
    return [
        Entry(CitationKey(key if key and is_bibtex_key(key) else f"key{at}"), record)
        for at, record in enumerate(result.records)
        for key in [record.brought_key]
    ]


def test_every_block_of_every_file_is_accounted_for(corpus):
    assert len(corpus) > 30
    for name, text in corpus.items():
        result = read_bibtex(text, name)
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
            for field in block.fields:
                if not any(macro in field.source for macro in undefined):
                    fields.setdefault(field.name.lower(), WHITE.sub(" ", field.value).strip(" "))
            entries.setdefault(block.key, fields)
    return entries


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
        names = {field for fields in ours.values() for field in fields if FIELD_NAME.fullmatch(field)}
        names.discard("crossref")
        if not ours or not names or "commented-entry" in read_codes(text):
            continue
        theirs = taken_by_bibtex(bibtex, tmp_path, text, names)
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
    """Text without markup, for comparing; biber has decoded some of it already."""
    return WHITE.sub(" ", read_latex(text.replace("~", " ")).text.replace("{", "").replace("}", "")).strip()


@pytest.mark.parametrize("file", FOR_BIBER)
def test_biber_reads_the_same_values(file, corpus, biber, tmp_path):
    text = next(text for name, text in corpus.items() if Path(name).name.removesuffix(".gz") == file)
    run = run_biber(biber, tmp_path, text)
    assert run.entries
    ours = read_by_us(text)
    records = {record.brought_key: record for record in read_bibtex(text, file).records}
    assert set(run.entries) == set(ours)
    for key, element in run.entries.items():
        fields = {IN_BIBLATEX.get(name, name): value for name, value in ours[key].items()}
        for child in element:
            name = child.tag.partition("}")[2]
            if name == "date" and child.get("type", "url") == "url" and key in records:
                date = records[key].issued if child.get("type") is None else records[key].accessed
                assert date is not None, key
                theirs = "/".join(text.strip() for text in child.itertext() if text.strip())
                # Of months, biber reads a number and nothing else.
                assert theirs == date.isoformat() or ("month" in fields and theirs == str(date.year)), key
            elif not len(child) and name in fields and name not in {"date", "options", "year"}:
                assert plain(child.text or "") == plain(fields[name]), (key, name)
        for role in (Role.AUTHOR, Role.EDITOR, Role.TRANSLATOR):
            theirs = names_of_biber(run, key, role.value)
            if theirs and key in records:
                assert theirs == names_of_ours(records[key], role), key


def names_of_biber(run, key, role):
    try:
        names = run.names(key, role)
    except KeyError:
        return []
    parts = [("given", "prefix", "family", "suffix")] * len(names)
    return [
        tuple(plain(name.get(part, "")) for part in wanted) for name, wanted in zip(names, parts, strict=True)
    ]


def names_of_ours(record, role):
    return [
        tuple(map(plain, ("", "", one.literal, "")))
        if isinstance(one, Body)
        else tuple(plain(part or "") for part in (one.given, one.particle, one.family, one.suffix))
        for one in record.creators
        if one.role is role
    ]


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
