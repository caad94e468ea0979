"""Dates as bibliographies have them: a year, a year and a month, a full day; or a range, a guess, words.

Knows nothing of the clock: a date that a source does not give is `None`, never today.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from bibkit.errors import ParseError

_ISO: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SEASON: Final = re.compile(r"(\d{4})-(2[1-4])")
_QUALIFIERS: Final = {"": (False, False), "~": (True, False), "?": (False, True), "%": (True, True)}
_QUALIFIED: Final = re.compile(r"(.*?)([~?%]?)")
_SHORTEST_MONTH: Final = 28  # days that every month has: the calendar need not be asked
_FIRST_SEASON: Final = 20  # EDTF counts seasons on from the months: 21 is spring


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year (1 to 9999), a year and a month (1 to 12), or a full date of the Gregorian calendar.

    Raises `ParseError` for a day without a month and for a day or month that the calendar has not.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no date."""
        if not 1 <= self.year <= 9999:
            raise ParseError(f"{self.year} is not a year between 1 and 9999")
        if self.month is None:
            if self.day is not None:
                raise ParseError(f"day {self.day} of {self.year} has no month")
            return
        if not 1 <= self.month <= 12:
            raise ParseError(f"{self.month} is not a month")
        if self.day is None or 1 <= self.day <= _SHORTEST_MONTH:
            return
        if not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise ParseError(f"{self.year:04}-{self.month:02} has no day {self.day}")

    def isoformat(self) -> str:
        """Return `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601)."""
        if self.month is None:
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


class Season(IntEnum):
    """A quarter of a year by its name, numbered as CSL does."""

    SPRING = 1
    SUMMER = 2
    AUTUMN = 3
    WINTER = 4


@dataclass(frozen=True, slots=True)
class ExtendedDate:
    """What a `PartialDate` cannot say: a range, an approximate or uncertain date, a season, or words.

    * `start` and `end` bound a range; with `open_end` it goes on (`2020/..`), with no `start` its beginning
      is not known (`../2020`). `start` alone is a single date.
    * `circa` says that the date is approximate (EDTF `~`), `uncertain` that the source doubts it (`?`); both
      are said of the whole.
    * `season` is that of the year `start`, which then has no month.
    * `literal` is a date in words, as the source has it; it stands alone.

    Raises `ParseError` for a combination that says nothing, contradicts itself, or is a `PartialDate`.
    """

    start: PartialDate | None = None
    end: PartialDate | None = None
    open_end: bool = False
    circa: bool = False
    uncertain: bool = False
    season: Season | None = None
    literal: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no such date."""
        if self.literal is not None:
            others = (self.start, self.end, self.open_end, self.circa, self.uncertain, self.season)
            if not self.literal or any(others):
                raise ParseError("a date in words has words, and stands alone")
            return
        if self.start is None and self.end is None:
            raise ParseError("a date has a beginning, an end or words")
        if self.open_end and (self.end is not None or self.start is None):
            raise ParseError("a date that goes on has a beginning and no end")
        if self.season is not None and (
            self.start is None or self.start.month is not None or self.end is not None or self.open_end
        ):
            raise ParseError("a season is that of a single year")
        if not (self.end or self.open_end or self.circa or self.uncertain or self.season):
            raise ParseError(f"{self.start} needs no more than a partial date")

    @property
    def first(self) -> PartialDate | None:
        """The earliest date that is known: the beginning, or the end where only that is; `None` for words."""
        return self.start or self.end

    @property
    def year(self) -> int | None:
        """The year of the earliest date that is known."""
        return None if self.first is None else self.first.year

    @property
    def month(self) -> int | None:
        """The month of the earliest date that is known."""
        return None if self.first is None else self.first.month

    @property
    def day(self) -> int | None:
        """The day of the earliest date that is known."""
        return None if self.first is None else self.first.day

    def isoformat(self) -> str:
        """Return the date in EDTF (ISO 8601-2): `2020/2021-03`, `2020/..`, `1723~`, `2001-21`; or words."""
        if self.literal is not None:
            return self.literal
        mark = {marks: sign for sign, marks in _QUALIFIERS.items()}[self.circa, self.uncertain]
        start = ".." if self.start is None else self.start.isoformat() + mark
        if self.season is not None and self.start is not None:
            return f"{self.start.year:04}-{_FIRST_SEASON + self.season}{mark}"
        if self.end is not None:
            return f"{start}/{self.end.isoformat()}{mark}"
        return f"{start}/.." if self.open_end else start


Date = PartialDate | ExtendedDate


def parse_date(text: str) -> Date:
    """Return the date that EDTF text says, of level 1 as far as a record holds it; raise `ParseError` else.

    Taken are `YYYY[-MM[-DD]]`, seasons (`2001-21` to `2001-24`), the marks `~`, `?` and `%` behind a date,
    and ranges (`2020/2021`, `2020/..`, `2020/`, `../2020`, `/2020`). Never returns words.
    """
    parts = text.strip().split("/")
    if len(parts) > 2:
        raise ParseError(f"{text!r} is not a date or a range of two")
    dates: list[PartialDate | None] = []
    season, circa, uncertain = None, False, False
    for part in parts:
        match = _QUALIFIED.fullmatch(part.strip())
        stem, mark = ("", "") if match is None else match.groups()
        circa, uncertain = circa or _QUALIFIERS[mark][0], uncertain or _QUALIFIERS[mark][1]
        if len(parts) == 1 and (found := _SEASON.fullmatch(stem)):
            season = Season(int(found[2]) - _FIRST_SEASON)
            stem = found[1]
        dates.append(None if len(parts) == 2 and stem in {"", ".."} else parse_partial_date(stem))
    if len(parts) == 1 and dates[0] is not None and not (season or circa or uncertain):
        return dates[0]
    end = dates[1] if len(parts) == 2 else None
    return ExtendedDate(
        start=dates[0],
        end=end,
        open_end=len(parts) == 2 and end is None,
        circa=circa,
        uncertain=uncertain,
        season=season,
    )


def parse_partial_date(text: str) -> PartialDate:
    """Return the date that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` says; raise `ParseError` for anything else."""
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ParseError(f"{text!r} is not a date", hint="Write YYYY, YYYY-MM or YYYY-MM-DD.")
    year, month, day = match.groups()
    return PartialDate(int(year), int(month) if month else None, int(day) if day else None)
