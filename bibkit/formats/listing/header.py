"""A record's header line, `[SCORE]CATEGORY DATE[Code]`, to its facts: score, category, date, code.

In: one line. Out: a `Header`, or `None` where the line is none; then a category's subject and a header's
date, each with what is to be said of it. Refuses to know the clock: the year of a date without one comes
from the retrieval date that the caller was given, or from nowhere.

The subjects are arXiv's (https://arxiv.org/category_taxonomy); a page prints the part after the dot.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bibkit.model.dates import PartialDate

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ARCHIVES: Final[dict[str, str]] = {
    # In the order in which a code that several archives have is read: computer science where it is one of
    # them, then what is nearest to it.
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS"
    " PF PL RO SC SD SE SI SY",
    "eess": "AS IV SP SY",
    "stat": "AP CO ME ML OT TH",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "econ": "EM GN TH",
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn"
    " gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
}
"""arXiv's archives and the codes of their subjects."""

WHOLE_ARCHIVES: Final = frozenset((
    "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex",
    "nucl-th", "physics", "q-bio", "quant-ph",
))  # fmt: skip
"""Archives that are subjects themselves."""

ALIASES: Final = {"NA": "math.NA", "SY": "eess.SY"}
"""Codes for which arXiv itself says which of two archives is the other one's alias."""

_UNQUESTIONED: Final = frozenset({"CV"})
"""Codes that these pages print for computer science alone, though another archive has them too."""

LONGEST_HEADER: Final = 60
"""No header line has more characters."""

_REMEMBERED: Final = 1 << 12
"""So many dates are kept, eleven years of days."""

_LOWER_CODES: Final = sorted(
    WHOLE_ARCHIVES | {code for codes in ARCHIVES.values() for code in codes.split() if code.islower()},
    key=lambda code: (-len(code), code),
)
_HEADER: Final = re.compile(
    rf"""
    (?P<score>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?)?
    (?P<category>(?:(?:{"|".join(ARCHIVES)})\.)?(?:[A-Z]{{2}}|{"|".join(_LOWER_CODES)}))
    [ ]?
    (?P<date>(?P<month>{"|".join(MONTHS)})[ ](?P<day>[0-9]{{1,2}})(?:,[ ](?P<year>[0-9]{{4}}))?)
    [ ]?
    (?P<code>Code)?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a header line prints: `date` as it stands there, `year` only where it does."""

    category: str
    date: str
    month: int
    day: int
    year: int | None
    score: float | None
    code: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The arXiv subject of a category code, and the others that the same code may be.

    `name` is the code as printed where no archive has it: `known` is false then.
    """

    name: str
    others: tuple[str, ...] = ()
    known: bool = True


class DateTrouble(StrEnum):
    """Why a printed date is not the date, or not the whole date, of a record."""

    UNKNOWN_YEAR = "unknown-year"
    AFTER_RETRIEVAL = "date-after-retrieval"
    NO_SUCH_DAY = "no-such-day"
    NO_SUCH_YEAR = "no-such-year"


def match_header(line: str) -> Header | None:
    """Return what a header line says, or `None` for any other line; spaces around it do not count."""
    line = line.strip()
    match = _HEADER.fullmatch(line) if len(line) <= LONGEST_HEADER else None
    if match is None:
        return None
    score, category, date, month, day, year, code = match.group(
        "score", "category", "date", "month", "day", "year", "code"
    )
    return Header(
        category=category,
        date=date,
        month=MONTHS.index(month) + 1,
        day=int(day),
        year=int(year) if year else None,
        score=float(score) if score else None,
        code=code is not None,
    )


def resolve_subject(category: str) -> Subject:
    """Return the subject that a category code stands for, and what else it may stand for."""
    return _SUBJECTS.get(category) or Subject(category, known=False)


def resolve_date(header: Header, as_of: PartialDate | None) -> tuple[PartialDate | None, DateTrouble | None]:
    """Return a header's date, as far as there is one, and why it is not the printed one.

    A date without a year is of the year of retrieval, `as_of`. A month and day after a retrieval date
    cannot be of its year. A day that the month has not leaves year and month.
    """
    year = header.year
    if year is None:
        if as_of is None:
            return None, DateTrouble.UNKNOWN_YEAR
        if _is_after(header, as_of):
            return None, DateTrouble.AFTER_RETRIEVAL
        year = as_of.year
    return _make_date(year, header.month, header.day)


@lru_cache(maxsize=_REMEMBERED)
def _make_date(year: int, month: int, day: int) -> tuple[PartialDate | None, DateTrouble | None]:
    """Return a date as far as the calendar has it, and why not wholly; many records share one."""
    if year == 0:
        return None, DateTrouble.NO_SUCH_YEAR
    if not 1 <= day <= monthrange(year, month)[1]:
        return PartialDate(year, month), DateTrouble.NO_SUCH_DAY
    return PartialDate(year, month, day), None


def _is_after(header: Header, as_of: PartialDate) -> bool:
    """Say whether month and day of a header come after a retrieval date, as far as that is known."""
    if as_of.month is None:
        return False
    if as_of.day is None:
        return header.month > as_of.month
    return (header.month, header.day) > (as_of.month, as_of.day)


def _make_subjects() -> dict[str, Subject]:
    """Return the subject of every code of every archive."""
    readings: dict[str, list[str]] = {}
    for archive, codes in ARCHIVES.items():
        for code in codes.split():
            readings.setdefault(code, []).append(f"{archive}.{code}")
    subjects = {archive: Subject(archive) for archive in WHOLE_ARCHIVES}
    for code, names in readings.items():
        subjects.update((name, Subject(name)) for name in names)
        name = ALIASES.get(code, names[0])
        others = () if code in _UNQUESTIONED else tuple(other for other in names if other != name)
        subjects[code] = Subject(name, others)
    return subjects


_SUBJECTS: Final = _make_subjects()
