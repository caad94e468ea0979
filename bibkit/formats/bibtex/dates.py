"""Read the dates of a `.bib` entry: the texts of its date fields go in, a date comes out.

biblatex's `date` is EDTF (https://www.loc.gov/standards/datetime/); beside what `bibkit.model.dates` reads of
it, a time of day is left off, and what is unspecified (`199X`, `2004-06-XX`) is the range or the coarser date
that it stands for. BibTeX's `year`, `month` and `day` are words, of which the common forms are read: numbers,
macros, English names and their abbreviations, days (`1~jan`, `May 13--15`), two months, a season.

What no form fits is kept as words, never guessed at: `1990/91`, `in press`, `n.d.`, a year of two digits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bibkit.errors import ParseError
from bibkit.formats.bibtex.scanner import MONTHS
from bibkit.model.dates import Date, ExtendedDate, PartialDate, Season, parse_date

_MONTH_NUMBERS: Final = {
    **{short: number for number, short in enumerate(MONTHS, 1)},
    **{name.lower(): number for number, name in enumerate(MONTHS.values(), 1)},
    "sept": 9,
}
_SEASONS: Final = {
    "spring": Season.SPRING,
    "summer": Season.SUMMER,
    "autumn": Season.AUTUMN,
    "fall": Season.AUTUMN,
    "winter": Season.WINTER,
}

_TIME: Final = re.compile(r"([0-9]{4}-[0-9][0-9]-[0-9][0-9])T[0-9:.Z+-]+")
_UNSPECIFIED: Final = re.compile(r"([0-9]{2}[0-9]?)(X{1,2})")
_UNSPECIFIED_PART: Final = re.compile(r"(?:-XX)+(?![0-9X])")
_OPEN: Final = re.compile(r"(?<=/)(?:open|unknown)$|^(?:open|unknown)(?=/)")
_YEAR: Final = re.compile(r"(c(?:irc)?a?\.? ?)?([0-9]{3,4})(\?)?")
_YEARS: Final = re.compile(r"([0-9]{4}) ?(?:--?|[–—/]) ?([0-9]{4})")
_FULL: Final = re.compile(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]")
_MONTH_TOKEN: Final = re.compile(
    r"([a-z]+)\.?|([0-9]{1,2})(?:st|nd|rd|th)?(?!\w)\.?|([-–—/&]+)|[, ]+|(.)", re.DOTALL
)
_DASHES: Final = frozenset({"and", "to"})
#: What a month field is made of (m: a name, d: a number) -> which of them are month and day; two are a range.
_FORMS: Final = {
    "m": ((0, None),),
    "d": ((0, None),),
    "md": ((0, 1),),
    "dm": ((1, 0),),
    "dd": ((0, 1),),
    "m-m": ((0, None), (1, None)),
    "md-d": ((0, 1), (0, 2)),
    "d-dm": ((2, 0), (2, 1)),
    "md-md": ((0, 1), (2, 3)),
    "dm-dm": ((1, 0), (3, 2)),
}


def read_date(text: str) -> Date | None:
    """Return what a date field of biblatex says, words where it is no EDTF; `None` for nothing at all."""
    text = text.strip()
    if not text:
        return None
    edtf = _OPEN.sub("..", _UNSPECIFIED_PART.sub("", _TIME.sub(r"\1", text)))
    unspecified = _UNSPECIFIED.fullmatch(edtf)
    if unspecified is not None and len(edtf) == len("199X"):
        digits, places = unspecified[1], len(unspecified[2])
        edtf = f"{digits}{'0' * places}/{digits}{'9' * places}"
    try:
        return parse_date(edtf)
    except ParseError:
        return ExtendedDate(literal=text)


def usual_date(year: str, month: str, day: str) -> PartialDate | None:
    """Return the date of four digits, the name of a month, and one or two digits or nothing; else `None`.

    `read_year` and `with_month` find the same, but take longer.
    """
    number = _MONTH_NUMBERS.get(month.lower())
    if number is None or len(year) != 4 or len(day) > 2 or not f"{year}{day}".isdecimal():
        return None
    return _date(int(year), number, int(day) if day else None) if f"{year}{day}".isascii() else None


def read_year(text: str) -> Date | None:
    """Return what a year field says, words where that is no year; `None` for nothing at all."""
    text = text.strip()
    if not text:
        return None
    if (year := _YEAR.fullmatch(text)) is not None and int(year[2]):
        date = PartialDate(int(year[2]))
        circa, uncertain = year[1] is not None, year[3] is not None
        return ExtendedDate(date, circa=circa, uncertain=uncertain) if circa or uncertain else date
    if (years := _YEARS.fullmatch(text)) is not None and "0000" < years[1] < years[2]:
        return ExtendedDate(PartialDate(int(years[1])), PartialDate(int(years[2])))
    full = _date(*map(int, text.split("-"))) if _FULL.fullmatch(text) else None
    return full or ExtendedDate(literal=text)


def with_month(year: Date, month: str, day: str = "") -> Date | None:
    """Return the date of a year with what its month and day fields say; `None` if they make no date."""
    circa = uncertain = False
    if isinstance(year, ExtendedDate):
        if year.end or year.open_end or year.season:
            return None
        circa, uncertain = year.circa, year.uncertain
    if year.year is None or year.month is not None:
        return None
    found = _read_month(f"{month} {day}" if day else month)
    if isinstance(found, Season):
        return ExtendedDate(PartialDate(year.year), circa=circa, uncertain=uncertain, season=found)
    dates = [_date(year.year, *parts) for parts in found]
    start, end = dates[0] if dates else None, dates[1] if len(dates) > 1 else None
    if start is None or (len(dates) > 1 and (end is None or not start < end)):
        return None
    if end is None and not (circa or uncertain):
        return start
    return ExtendedDate(start, end, circa=circa, uncertain=uncertain)


@lru_cache(maxsize=1_000)
def _read_month(text: str) -> Season | tuple[tuple[int, int | None], ...]:
    """Return the month that a field names, with its day, or the two ends of a range; or nothing."""
    text = text.strip().lower()
    if text in _SEASONS:
        return _SEASONS[text]
    kinds, numbers = "", []
    for word, number, dash, other in _MONTH_TOKEN.findall(text):
        if number:
            kinds += "d"
            numbers.append(int(number))
        elif dash or word in _DASHES:
            kinds += "-"
        elif word in _MONTH_NUMBERS:
            kinds += "m"
            numbers.append(_MONTH_NUMBERS[word])
        elif word or other:
            return ()
    return tuple(
        [(numbers[month], None if day is None else numbers[day]) for month, day in _FORMS.get(kinds, ())]
    )


def _date(year: int, month: int, day: int | None) -> PartialDate | None:
    """Return a date, if the calendar has it."""
    try:
        return PartialDate(year, month, day)
    except ParseError:
        return None
