"""What a reader makes of pages, held against the truth: `score`, and tables of the figures.

Knows the reader as a function alone. A split is right if title, list of authors and "et al." are;
how a name is taken apart into given and family name is not asked here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bibkit.formats.base import ReadResult
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Creator, Person
from bibkit.model.record import Record

from .pages import Case, Page

RETRIEVED: Final = PartialDate(2026)

_ALIKE: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader made of one case; no record at all is neither right nor certain."""

    case: Case
    title: str
    authors: tuple[str, ...]
    right: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over outcomes, and the shares that the table prints."""

    records: int
    right: int
    certain: int
    certain_right: int

    @property
    def right_share(self) -> float:
        """Return the share of right splits, in percent."""
        return _percent(self.right, self.records)

    @property
    def certain_share(self) -> float:
        """Return the share of splits given as certain, in percent."""
        return _percent(self.certain, self.records)

    @property
    def certain_right_share(self) -> float:
        """Return the share of right splits among those given as certain, in percent."""
        return _percent(self.certain_right, self.certain)


def score(pages: Iterable[Page], read: Callable[[str, str, PartialDate], ReadResult]) -> list[Outcome]:
    """Read each page on its own and hold it against the truth."""
    outcomes: list[Outcome] = []
    for page in pages:
        records = read(page.text, page.name, RETRIEVED).records
        outcomes.extend(_held_against(case, record) for case, record in _paired(page.cases, records))
    return outcomes


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """Count the outcomes."""
    counts = Counter((outcome.right, outcome.certain) for outcome in outcomes)
    return Figures(
        records=counts.total(),
        right=counts[True, True] + counts[True, False],
        certain=counts[True, True] + counts[False, True],
        certain_right=counts[True, True],
    )


def render_figures(named: Iterable[tuple[str, Figures]]) -> str:
    """Return a Markdown table of one line a set of pages."""
    lines = [
        "| set | records | right | given as certain | right among certain |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {each.records:,} | {each.right_share:.2f} % | {each.certain_share:.2f} % |"
        f" {each.certain_right_share:.2f} % |"
        for name, each in named
    ]
    return "\n".join(lines)


def render_by(title: str, outcomes: Sequence[Outcome], kind: Callable[[Case], str]) -> str:
    """Return a Markdown table of one line a kind of case, the worst first."""
    kinds = {kind(outcome.case) for outcome in outcomes}
    rows = [(name, figures(o for o in outcomes if kind(o.case) == name)) for name in kinds]
    rows.sort(key=lambda row: (row[1].right_share, row[0]))
    lines = [
        f"| {title} | records | wrong | right | uncertain | certain and wrong |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {each.records} | {each.records - each.right} | {each.right_share:.1f} % |"
        f" {each.records - each.certain} | {each.certain - each.certain_right} |"
        for name, each in rows
    ]
    return "\n".join(lines)


def render_grid(outcomes: Sequence[Outcome], plain_form: str) -> str:
    """Return a Markdown table of right splits: endings down, plain and special first authors across."""
    lines = ["| ending | plain first author | special first author |", "|---|---:|---:|"]
    for ending in sorted({outcome.case.ending for outcome in outcomes}):
        cells = []
        for special in (False, True):
            part = figures(
                o for o in outcomes if o.case.ending == ending and (o.case.form != plain_form) == special
            )
            cells.append(f"{part.right}/{part.records}")
        lines.append(f"| {ending} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def render_miss(outcome: Outcome) -> str:
    """Return the case and what was made of it, for people."""
    case = outcome.case
    sure = "CERTAIN" if outcome.certain else "uncertain"
    return (
        f"{sure} [{case.ending} x {case.form}]\n"
        f"  line   {case.line}\n"
        f"  truth  {case.title} || {' | '.join(case.authors)}\n"
        f"  read   {outcome.title} || {' | '.join(outcome.authors)}"
    )


def _paired(cases: Sequence[Case], records: Sequence[Record]) -> Iterable[tuple[Case, Record | None]]:
    """Pair each case with its record: by order, or by lines where the reader lost or made a record."""
    if len(cases) == len(records):
        yield from zip(cases, records, strict=True)
        return
    by_place = {(record.source.line - 1) // 3: record for record in reversed(records) if record.source}
    for place, case in enumerate(cases):
        yield case, by_place.get(place)


def _held_against(case: Case, record: Record | None) -> Outcome:
    """Compare a record with the truth."""
    if record is None:
        return Outcome(case, "no record", (), right=False, certain=False)
    title = record.title or ""
    authors = tuple(_display(creator) for creator in record.creators)
    right = (
        _plain(title) == _plain(case.title)
        and [_letters(name) for name in authors] == [_letters(name) for name in case.authors]
        and record.creators_truncated == case.truncated
    )
    return Outcome(
        case, title, authors, right, certain=record.listing is None or not record.listing.uncertain
    )


def _display(creator: Creator) -> str:
    """Return a creator's name, given names first."""
    match creator:
        case Person(family, given, particle, suffix):
            return " ".join(part for part in (given, particle, family, suffix) if part)
        case Body(literal):
            return literal


def _plain(text: str) -> str:
    """Return text with its spaces, quotation marks and composition made even."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_ALIKE).split())


def _letters(name: str) -> list[str]:
    """Return what a name is made of in whatever order its parts stand, without spaces and commas."""
    return sorted(_plain(name).replace(" ", "").replace(",", ""))


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0
