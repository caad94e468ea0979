"""How fast bibkit reads each format, beside its peers in one run: a table for the README.

    python tests/benchmarks/reading.py [FORMAT ...] [--records 10000] [--peer PYTHON]

PYTHON is that of an environment with bibtexparser 2.1 and pybtex, of which the first cannot share ours; what
is not there is left out. The records are drawn as for the measure of the split, with abstracts of the usual
length; they are given the other fields of an article. Everything runs on one core, and the seconds are the
processor's, so that what else the machine does counts little.

A format has one function, which takes the task and returns its rows; `FORMATS` lists them.
"""

import argparse
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rispy

sys.path.insert(0, str(Path(__file__).resolve().parent))

from split.pages import Settings, draw_pages

from bibkit import pipeline
from bibkit.citekeys import KeyLedger, assign_keys
from bibkit.config import Settings as RunSettings
from bibkit.formats.bibtex import read_bibtex, write_bibtex
from bibkit.formats.bibtex.scanner import scan_bibtex
from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.formats.listing import ListingText, read_listings
from bibkit.formats.ris import read_ris, write_ris
from bibkit.model.dates import PartialDate
from bibkit.model.identifiers import is_arxiv_class
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry
from bibkit.works import collate

_ENTRY = re.compile(r"^@\w+\{", re.MULTILINE)
REPEATS = 3
LONG = 5.0  # seconds: what takes longer is not repeated
STATE = {True: "", False: ", garbage collector off"}  # as the program has it; else on, as Python starts
Rows = list[tuple[str, str]]

# What a peer runs on a file: the number of entries and the best of three times, in seconds, to its output.
BIBTEXPARSER = """
import sys, time, logging, bibtexparser
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
logging.disable(logging.CRITICAL)
text = open(sys.argv[1], encoding="utf-8").read()
for names in ([], [SeparateCoAuthors(), SplitNameParts()]):
    best = 1e9
    for _ in range(3):
        begun = time.process_time()
        library = bibtexparser.parse_string(text, append_middleware=names)
        best = min(best, time.process_time() - begun)
    print(len(library.entries), best)
"""
PYBTEX = """
import sys, time
from pybtex.database import parse_string
text = open(sys.argv[1], encoding="utf-8").read()
best = 1e9
for _ in range(3):
    begun = time.process_time()
    library = parse_string(text, "bibtex")
    best = min(best, time.process_time() - begun)
print(len(library.entries), best)
"""


@dataclass(frozen=True)
class Task:
    """What to read: records under their keys, a folder for files, and the peers' Python, if there is one."""

    folder: Path
    entries: list[Entry]
    peer: str | None


def best(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the least seconds of a few runs."""
    times: list[float] = []
    while len(times) < REPEATS and (not times or times[0] < LONG):
        begun = clock()
        action()
        times.append(clock() - begun)
    return min(times)


def best_of_each(*actions: Callable[[], object], collecting: bool) -> list[float]:
    """Return the least seconds of each of some actions, run by turns.

    The garbage collector is off for all, as when the program reads a file, or on for all, as Python starts;
    what was there before is none of its business.
    """
    times: list[list[float]] = [[] for _ in actions]
    gc.collect()
    gc.freeze()
    for _ in range(REPEATS):
        for action, its in zip(actions, times, strict=True):
            gc.collect()
            if not collecting:
                gc.disable()
            begun = time.process_time()
            made = action()
            its.append(time.process_time() - begun)
            gc.enable()
            del made  # in no one's time
    gc.unfreeze()
    return [min(its) for its in times]


def beside(peer: str | None, script: str, file: Path) -> list[float]:
    """Return a peer's entries a second, for each line that its script prints; none if it is absent."""
    if peer is None:
        return []
    done = subprocess.run([peer, "-c", script, str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(f"left out: {done.stderr.strip().splitlines()[-1]}\n")
        return []
    lines = [line.split() for line in done.stdout.splitlines()]
    return [int(count) / float(seconds) for count, seconds in lines]


def speed(rate: float, name: str = "", other: float | None = None) -> str:
    """Return a rate in words, and how many times that of another it is."""
    text = f"{rate:,.0f} entries/s"
    return text if other is None else f"{text}, {rate / other:.1f} times {name}"


def drawn_entries(count: int) -> list[Entry]:
    """Return entries of articles, each with an abstract and whatever else a publisher gives."""
    pages = [
        ListingText(str(number), page.text, PartialDate(2026))
        for number, page in enumerate(draw_pages(Settings(records=count)))
    ]
    records = [record for result in read_listings(pages) for record in result.records]
    works = collate([_article(number, record) for number, record in enumerate(records)]).works
    return list(assign_keys(KeyLedger(), works).entries)


def _article(number: int, record: Record) -> Record:
    return replace(
        record,
        type=ItemType.ARTICLE,
        container_title="Proceedings of the National Academy of Sciences",
        volume=str(number % 120 + 1),
        issue=str(number % 12 + 1),
        pages=f"{number % 900 + 1}-{number % 900 + 14}",
        doi=f"10.1000/j.{number:07}",
        url=f"https://doi.org/10.1000/j.{number:07}",
        issn="0027-8424",
        publisher="Müller & Söhne",
        keywords=("machine learning", "bibliographies"),
        listing=None,
    )


def bib(task: Task) -> Rows:
    """Measure `.bib`: scanning, whole records, ten times as many, and converting from end to end."""
    count = len(task.entries)
    file = task.folder / "library.bib"
    text = write_bibtex(task.entries, ascii=True).text
    file.write_text(text, encoding="utf-8")
    rates = beside(task.peer, BIBTEXPARSER, file)
    parsed, named = rates or (None, None)
    (pybtex,) = beside(task.peer, PYBTEX, file) or (None,)
    scanning = count / best(lambda: deque(scan_bibtex(text), maxlen=0))  # a stream, as the reader takes it
    reading = count / best(lambda: read_bibtex(text, "library.bib"))
    rows = [("`.bib` to fields, one entry after the other", speed(scanning, "bibtexparser 2.1", parsed))]
    if parsed is not None:
        rows.append(("bibtexparser 2.1's `parse_string`", speed(parsed)))
    rows.append(
        ("`.bib` to records, with names and Unicode", speed(reading, "bibtexparser 2.1 with names", named))
    )
    if named is not None:
        rows.append(("bibtexparser 2.1's `parse_string`, with its names middleware", speed(named)))
    if pybtex is not None:
        rows.append(("pybtex's `parse_string`", speed(pybtex)))
    tenfold = [_ENTRY.sub(rf"\g<0>n{number}-", text) for number in range(10)]
    growth = _growth(task.folder / "growing.bib", text, "".join(tenfold))
    rows.append(("ten times the entries of a `.bib` file take", f"{growth:.1f} times as long"))
    return [*rows, *_bib_to_csl(task, file)]


def _bib_to_csl(task: Task, file: Path) -> Rows:
    """Measure `.bib` to CSL-JSON, whole processes."""
    output = str(task.folder / "library.json")
    ours = _process([sys.executable, "-m", "bibkit", "convert", str(file), "-o", output], task.folder)
    rate = len(task.entries) / ours
    name = "`.bib` to CSL-JSON, `bibkit convert` from start to end"
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        return [(name, speed(rate))]
    command = [pandoc, "-f", "bibtex", "-t", "csljson", str(file), "-o", output]
    theirs = len(task.entries) / _process(command, task.folder)
    return [(name, speed(rate, "pandoc", theirs)), ("the same, pandoc", speed(theirs))]


def _process(command: list[str], folder: Path) -> float:
    """Return the seconds of a command in a folder with no settings; what Python has compiled is kept."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return best(
        lambda: subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment),
        _seconds_of_children,
    )


def _seconds_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _growth(file: Path, small: str, large: str) -> float:
    """Return how many times as long as a small file the program takes to load a large one."""
    seconds = []
    for text in (small, large):
        file.write_bytes(text.encode())
        seconds.append(best(lambda: pipeline.load([file], RunSettings())))
    return seconds[1] / seconds[0]


def csljson(task: Task) -> Rows:
    """Measure CSL-JSON beside `json.loads` and the least that builds records of its items."""
    text = write_csljson(task.entries).text
    count = len(task.entries)
    if [_built(item) for item in json.loads(text)] != list(read_csljson(text, "library.json").records):
        sys.exit("the peer builds other records")
    rows: Rows = []
    for collecting in (True, False):
        seconds = best_of_each(
            lambda: read_csljson(text, "library.json"),
            lambda: [_built(item) for item in json.loads(text)],
            collecting=collecting,
        )
        reading, built = (count / one for one in seconds)
        rows += [
            (f"CSL-JSON to records{STATE[collecting]}", speed(reading, "the plain records", built)),
            (f"plain records of what `json.loads` returns{STATE[collecting]}", speed(built)),
        ]
    growth = _growth(task.folder / "library.json", text, f"[{','.join([text.rstrip()[1:-1]] * 10)}]")
    return [*rows, ("ten times the items of a CSL-JSON file take", f"{growth:.1f} times as long")]


def _built(item: dict[str, Any]) -> Record:
    """Return the record that an item says in the plainest of forms; nothing is checked, noticed or kept."""
    names = item.get("author", [])
    truncated = bool(names) and names[-1] == {"literal": "others"}
    creators = [
        Person(name["family"], name.get("given"), name.get("non-dropping-particle"), name.get("suffix"))
        if "family" in name
        else Body(name["literal"])
        for name in (names[:-1] if truncated else names)
    ]
    words = item["keyword"].split(", ") if "keyword" in item else ()
    date = item.get("issued")
    return Record(
        type=ItemType.ARTICLE,
        title=item.get("title"),
        creators=tuple(creators),
        creators_truncated=truncated,
        issued=PartialDate(*date["date-parts"][0]) if date else None,
        abstract=item.get("abstract"),
        container_title=item.get("container-title"),
        volume=item.get("volume"),
        issue=item.get("issue"),
        pages=item.get("page"),
        publisher=item.get("publisher"),
        doi=item.get("DOI"),
        issn=item.get("ISSN"),
        url=item.get("URL"),
        categories=tuple([word for word in words if is_arxiv_class(word)]),
        keywords=tuple([word for word in words if not is_arxiv_class(word)]),
        affiliations=tuple(item["custom"].get("affiliations", ())) if "custom" in item else (),
        brought_key=item["id"],
    )


def _built_of_rispy(item: dict[str, Any]) -> Record:
    """Return the record that an entry says in the plainest of forms; nothing is checked, noticed or kept.

    Particles stay with the family names.
    """
    names = [name.split(", ") for name in item.get("authors", ())]
    words = item.get("keywords", ())
    date = [int(part) for part in item.get("date", "").split("/") if part]
    return Record(
        type=ItemType.ARTICLE,
        title=item.get("title"),
        creators=tuple(
            [Person(*parts[:2], None, *parts[2:]) if len(parts) > 1 else Body(*parts) for parts in names]
        ),
        creators_truncated="notes" in item,
        issued=PartialDate(*date) if date else None,
        abstract=item.get("abstract"),
        container_title=item.get("secondary_title"),
        volume=item.get("volume"),
        issue=item.get("number"),
        pages=f"{item.get('start_page')}-{item.get('end_page')}",
        publisher=item.get("publisher"),
        doi=item.get("doi"),
        issn=item.get("issn"),
        url=next(iter(item.get("urls", ())), None),
        categories=tuple([word for word in words if is_arxiv_class(word)]),
        keywords=tuple([word for word in words if not is_arxiv_class(word)]),
        brought_key=item.get("id"),
    )


def ris(task: Task) -> Rows:
    """Measure RIS beside rispy, which leaves every value a text."""
    text = write_ris(task.entries).text
    count = len(task.entries)
    rows: Rows = []
    for collecting in (True, False):
        seconds = best_of_each(
            lambda: read_ris(text, "library.ris"),
            lambda: [_built_of_rispy(item) for item in rispy.loads(text)],
            lambda: rispy.loads(text),
            collecting=collecting,
        )
        reading, built, theirs = (count / one for one in seconds)
        rows += [
            (f"RIS to records{STATE[collecting]}", speed(reading, "the plain records", built)),
            (f"plain records of what rispy's `loads` returns{STATE[collecting]}", speed(built)),
            (f"rispy's `loads` alone{STATE[collecting]}", speed(theirs)),
        ]
    growth = _growth(task.folder / "library.ris", text, text * 10)
    return [*rows, ("ten times the entries of a RIS file take", f"{growth:.1f} times as long")]


FORMATS: dict[str, Callable[[Task], Rows]] = {"bib": bib, "csljson": csljson, "ris": ris}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("formats", nargs="*", metavar="FORMAT", help=f"of {', '.join(FORMATS)}; all if none")
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--peer", metavar="PYTHON")
    chosen = options.parse_args()
    if unknown := set(chosen.formats) - set(FORMATS):
        options.error(f"no such format: {', '.join(sorted(unknown))}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    entries = drawn_entries(chosen.records)
    rows: Rows = []
    with tempfile.TemporaryDirectory() as name:
        for format_ in chosen.formats or FORMATS:
            rows += FORMATS[format_](Task(Path(name), entries, chosen.peer))
    lines = ["| what | figure |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
