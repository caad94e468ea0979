"""RIS files that nobody here wrote: all of them is accounted for, and rispy and citation-js read the same."""

import re
import subprocess
import sys
import tarfile

import pytest
import rispy
from engines_support import absent

from bibkit.formats.base import BlockKind
from bibkit.formats.ris import read_ris, write_ris
from bibkit.model.identity import printed_name
from bibkit.model.names import Role
from bibkit.model.work import CitationKey, Entry

# Source distributions with exports of databases and reference managers among their tests.
SOURCES = ("rispy==0.7.1", "asreview==3.0.8")
BEGINS = re.compile(r"^TY {1,2}-", re.MULTILINE)
WHITE = re.compile(r"\s+")

#: What rispy reads otherwise, by the file's name: lines behind `ER`, and titles in tags of its own choice.
NOT_AS_RISPY = {
    "baseline_tag_and_field_definitions.ris": "TI, T1, TT and CT all stand there; rispy keeps TT",
    "baseline_tag_and_field_definitions_lists.ris": "as above",
}
NOT_AS_CITATION_JS = {
    "baseline_reference_types.ris": "it leaves out the entry whose one line is an empty type",
    "example_utf_chars.ris": "it gives nothing of an entry whose type RIS has not",
    "baseline_tag_and_field_definitions_lists.ris": "it reads no `A1` beside `AU`",
}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Name and text of every file."""
    folder = tmp_path_factory.mktemp("sources")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=:all:", "-d", folder]
    done = subprocess.run([*command, *SOURCES], capture_output=True, text=True, check=False)
    if done.returncode:
        absent(f"the sources of {', '.join(SOURCES)} cannot be had: {done.stderr.splitlines()[-1:]}")
    texts = {}
    for archive in sorted(folder.iterdir()):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.endswith(".ris") and (file := tar.extractfile(member)) is not None:
                    data = file.read().removeprefix(b"\xef\xbb\xbf")
                    name = member.name.rpartition("/")[2]
                    texts[name] = data.decode()
    return texts


def entries_of(result):
    return [
        Entry(CitationKey(record.brought_key or f"key{at}"), record)
        for at, record in enumerate(result.records)
    ]


def plain(text):
    """Return text without what depends on how lines were joined."""
    return WHITE.sub("", text or "")


def names(record):
    return [plain(printed_name(one)) for one in record.creators if one.role is Role.AUTHOR]


def test_every_line_of_every_file_is_accounted_for(corpus):
    assert len(corpus) > 25
    for name, text in corpus.items():
        result = read_ris(text, name)
        assert len(result.records) == len(BEGINS.findall(text)), name
        said = plain(" ".join([*map(repr, result.records), *map(repr, result.blocks)]))
        said += plain(" ".join(text for record in result.records for _, text in record.raw))
        reported = " ".join(diagnostic.message for diagnostic in result.diagnostics)
        for line in text.splitlines():
            for word in re.findall(r"[A-Za-z]{6,}", line):
                assert word in said or word in reported or f"`{line[:2]}`" in reported, (name, line)


def test_a_copy_of_every_file_says_the_same_up_to_its_report(corpus):
    for name, text in corpus.items():
        result = read_ris(text, name)
        copy = write_ris(entries_of(result), result.blocks)
        again = read_ris(copy.text, name)
        assert write_ris(entries_of(again), again.blocks).text == copy.text, name
        lossy = {entry.key for loss in copy.losses for entry in loss.entries}
        for entry, record in zip(entries_of(result), again.records, strict=True):
            assert entry.key in lossy or record == entry.record, (name, entry.key)


def test_rispy_reads_the_same_entries_titles_and_authors(corpus):
    compared = 0
    for name, text in corpus.items():
        records = read_ris(text, name).records
        items = rispy.loads(text.replace("\r\n", "\n"))
        assert len(items) == len(records), name
        for item, record in zip(items, records, strict=True):
            if name in NOT_AS_RISPY:
                continue
            title = item.get("title") or item.get("primary_title") or ""
            assert plain(title) == plain(record.title), (name, title)
            authors = item.get("authors", []) + item.get("first_authors", [])
            assert len(authors) == len(names(record)), (name, title)
            compared += 1
    assert compared > 300


def test_citation_js_reads_the_same_entries_titles_and_authors(corpus, citation_js):
    compared = 0
    for name, text in corpus.items():
        records = read_ris(text, name).records
        if any(block.kind is BlockKind.REJECTED for block in read_ris(text, name).blocks) or not records:
            continue  # it has no notion of what stands outside of entries
        items = citation_js(text)
        if name in NOT_AS_CITATION_JS:
            continue
        for item, record in zip(items, records, strict=True):
            assert plain(item.get("title", "")) == plain(record.title), (name, record.title)
            assert len(item.get("author", ())) == len(names(record)), (name, record.title)
            compared += 1
    assert compared > 250
