"""The programs that read our outputs: finding them, and running BibTeX and biber on the text of a file.

A program that is absent skips the test, with its reason; with `BIBKIT_REQUIRE_ENGINES=1` it fails it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

Value = TypeVar("Value")

_MARK = "}>"  # ends a line of the style below; bibtex breaks long lines only at spaces

# Prints each name's parts as BibTeX splits it, and the title as a style that lower-cases titles prints it.
_PARTS_STYLE = r"""
ENTRY { author editor title } {} {}
INTEGERS { count index }
STRINGS { names part }
FUNCTION {show} { names index part format.name$ "<{" swap$ * "}>" * write$ newline$ }
FUNCTION {each}
{ 'names :=
  names num.names$ 'count :=
  #1 'index :=
  { index count #1 + < }
  { "NAME}>" write$ newline$
    "{ff}" 'part := show
    "{vv}" 'part := show
    "{ll}" 'part := show
    "{jj}" 'part := show
    index #1 + 'index :=
  } while$
}
FUNCTION {present}
{ "ENTRY " cite$ * "}>" * write$ newline$
  author empty$ 'skip$ { author each } if$
  "TITLE <{" title empty$ { "" } { title "t" change.case$ } if$ * "}>" * write$ newline$
}
READ
ITERATE {present}
"""
_NO_TYPES = "\n".join(
    f"FUNCTION {{{name}}} {{ }}"
    for name in (
        *("article", "book", "booklet", "conference", "inbook", "incollection", "inproceedings", "manual"),
        *("mastersthesis", "misc", "phdthesis", "proceedings", "techreport", "unpublished", "default.type"),
    )
)
_MONTHS = "\n".join(
    f'MACRO {{{name}}} {{"{name}"}}'
    for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
_BIBLATEXML = {"b": "http://biblatex-biber.sourceforge.net/biblatexml"}
_BIBTEX_TROUBLE = re.compile(
    r"^(?:Warning--.*|.*---line .* of file .*|.*[Ee]rror message.*|I(?: |'m ).*)$", re.MULTILINE
)


@dataclass(frozen=True)
class Engine:
    """A program on this machine."""

    name: str
    path: str

    def run(
        self, *arguments: str | Path, cwd: Path, timeout: float = 300
    ) -> subprocess.CompletedProcess[str]:
        """Run it, whatever its exit code; bytes that are no UTF-8 come as surrogates."""
        return subprocess.run(
            [self.path, *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@dataclass(frozen=True)
class BibtexRun:
    """What bibtex said (one line a warning or error) and the bibliography that it wrote."""

    code: int
    trouble: tuple[str, ...]
    bbl: str


@dataclass(frozen=True)
class SplitEntry:
    """An entry as BibTeX reads it: names as (given, particle, family, suffix), the lower-cased title."""

    names: tuple[tuple[str, str, str, str], ...]
    title: str


@dataclass(frozen=True)
class BiberRun:
    """What `biber --tool --validate-datamodel` said, and the entries that it wrote, as biblatexml."""

    code: int
    trouble: tuple[str, ...]
    entries: dict[str, ET.Element]

    def names(self, key: str, role: str = "author") -> list[dict[str, str]]:
        """Return the parts of each name of an entry, NFD and with single spaces."""
        found = self.entries[key].findall(f"b:names[@type='{role}']/b:name", _BIBLATEXML)
        return [
            {part.get("type", "empty"): _text(part) for part in name.findall("b:namepart", _BIBLATEXML)}
            for name in found
        ]

    def truncated(self, key: str, role: str = "author") -> bool:
        """Return whether the list of names ends in "et al."."""
        found = self.entries[key].find(f"b:names[@type='{role}']", _BIBLATEXML)
        return found is not None and found.get("morenames") == "1"

    def field(self, key: str, name: str) -> str | None:
        """Return the text of a field of an entry."""
        found = self.entries[key].find(f"b:{name}", _BIBLATEXML)
        return None if found is None else "".join(found.itertext())


def absent(reason: str) -> NoReturn:
    """Skip the test for want of an engine, or fail it where engines are required."""
    if os.environ.get("BIBKIT_REQUIRE_ENGINES") == "1":
        pytest.fail(f"{reason}, and BIBKIT_REQUIRE_ENGINES=1")
    pytest.skip(reason)


def find_engine(name: str) -> Engine:
    """Return a program of this machine's PATH."""
    path = shutil.which(name)
    return Engine(name, path) if path is not None else absent(f"{name} is not installed")


def find_tex_file(name: str) -> Path:
    """Return a file of the TeX installation, such as a bibliography style."""
    found = find_engine("kpsewhich").run(name, cwd=Path.cwd()).stdout.strip()
    return Path(found) if found else absent(f"the TeX installation has no {name}")


def run_bibtex(bibtex: Engine, folder: Path, bib: str, style: str) -> BibtexRun:
    """Cite everything in a `.bib` text under one style; the folder is the test's own."""
    job = f"job-{style}"
    (folder / "library.bib").write_bytes(bib.encode())
    (folder / f"{job}.aux").write_text(f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{library}}\n")
    done = bibtex.run(job, cwd=folder)
    bbl = folder / f"{job}.bbl"
    text = bbl.read_text(encoding="utf-8", errors="surrogateescape") if bbl.exists() else ""
    return BibtexRun(done.returncode, tuple(_BIBTEX_TROUBLE.findall(done.stdout)), text)


def split_by_bibtex(bibtex: Engine, folder: Path, bib: str) -> dict[str, SplitEntry]:
    """Return what BibTeX makes of the authors and titles of a `.bib` text, by key, in one run."""
    (folder / "parts.bst").write_text(_PARTS_STYLE.replace("READ", f"{_NO_TYPES}\n{_MONTHS}\nREAD"))
    run = run_bibtex(bibtex, folder, bib, "parts")
    assert run.code == 0, run.trouble[:5]
    assert run.trouble == (), run.trouble[:5]
    entries: dict[str, SplitEntry] = {}
    key, parts = "", []
    for line in run.bbl.replace("\n  ", " ").split(_MARK + "\n"):
        if line.startswith("ENTRY "):
            key, parts = line.removeprefix("ENTRY "), []
        elif line.startswith("TITLE <{"):
            names = [tuple(parts[start : start + 4]) for start in range(0, len(parts), 4)]
            entries[key] = SplitEntry(tuple(names), line.removeprefix("TITLE <{"))
        elif line.startswith("<{"):
            parts.append(line.removeprefix("<{"))
    return entries


def read_by_bibtex(
    bibtex: Engine, folder: Path, bib: str, fields: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return the fields that BibTeX reads from a `.bib` text, by key; white space comes as single spaces."""
    ordered = sorted(fields)
    shown = "\n".join(
        f'{name} missing$ \'skip$ {{ "<{{{name}=" {name} * "}}>" * write$ newline$ }} if$' for name in ordered
    )
    style = (
        f"ENTRY {{ {' '.join(ordered)} }} {{}} {{}}\n"
        f'FUNCTION {{present}}\n{{ "ENTRY " cite$ * "}}>" * write$ newline$\n{shown}\n}}\n'
        f"{_NO_TYPES}\n{_MONTHS}\nREAD\nITERATE {{present}}\n"
    )
    (folder / "fields.bst").write_text(style)
    run = run_bibtex(bibtex, folder, bib, "fields")
    assert (run.code, run.trouble) == (0, ()), run.trouble[:5]
    entries: dict[str, dict[str, str]] = {}
    key = ""
    for line in run.bbl.replace("\n  ", " ").split(_MARK + "\n"):
        if line.startswith("ENTRY "):
            key = line.removeprefix("ENTRY ")
            entries[key] = {}
        elif line.startswith("<{"):
            name, _, value = line.removeprefix("<{").partition("=")
            entries[key][name] = value
    return entries


def run_biber(biber: Engine, folder: Path, bib: str) -> BiberRun:
    """Validate a `.bib` text against biblatex's data model; missing output means no entries."""
    (folder / "library.bib").write_bytes(bib.encode())
    output = folder / "library.bltxml"
    output.unlink(missing_ok=True)
    done = biber.run(
        "--tool",
        "--validate-datamodel",
        "--output-format=biblatexml",
        "-O",
        output,
        "library.bib",
        cwd=folder,
    )
    trouble = re.findall(r"^(?:WARN|ERROR) - .*", done.stdout, re.MULTILINE)
    entries = {}
    if output.exists():
        root = ET.parse(output).getroot()  # noqa: S314 - biber wrote it here and now
        entries = {entry.get("id", ""): entry for entry in root.findall("b:entry", _BIBLATEXML)}
    return BiberRun(done.returncode, tuple(trouble), entries)


def _text(part: ET.Element) -> str:
    """Return the text of a name part, which biber cuts into words."""
    words = [word.text or "" for word in part.findall("b:namepart", _BIBLATEXML)]
    return " ".join(words) if words else " ".join((part.text or "").split())


def drawn(strategy: SearchStrategy[Value], count: int) -> list[Value]:
    """Return that many examples of a strategy, the same in every run, for one run of an engine."""
    found: list[Value] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Value) -> None:
        found.append(value)

    collect()
    return found
