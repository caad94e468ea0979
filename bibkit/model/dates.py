"""Dates as bibliographies have them: a year, a year and a month, or a full day.

Knows nothing of the clock: a date that a source does not give is `None`, never today.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final

from bibkit.errors import ParseError

_ISO: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


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
        if self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise ParseError(f"{self.year:04}-{self.month:02} has no day {self.day}")

    def isoformat(self) -> str:
        """Return `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601)."""
        if self.month is None:
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


def parse_partial_date(text: str) -> PartialDate:
    """Return the date that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` says; raise `ParseError` for anything else."""
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ParseError(f"{text!r} is not a date", hint="Write YYYY, YYYY-MM or YYYY-MM-DD.")
    year, month, day = match.groups()
    return PartialDate(int(year), int(month) if month else None, int(day) if day else None)
