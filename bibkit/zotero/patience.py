"""How long to wait for a server that asks for time, and when that is longer than is worth waiting.

Headers and the time in, seconds out. Knows no request and does not sleep itself: the clock is handed over.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day in seconds since 1970, and a way to let some pass."""

    def now(self) -> float:
        """Return the time."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the time."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often one request is sent before giving up, and how many seconds one pause may last at most."""

    attempts: int = 6
    longest_pause: float = 300.0

    def pause_before(self, attempt: int) -> float:
        """Return how long to wait after an attempt (the first is 1) where the server does not say."""
        return min(2.0 ** (attempt - 1), self.longest_pause)


def pause_asked(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that a server asks to be left alone for; `None` where it does not ask.

    That is `Retry-After`, in seconds or as a date, or `Backoff`, in seconds; the longer one where both stand.
    A date is taken against the answer's own `Date`, since clocks differ. What is neither asks for nothing.
    """
    asked = [
        pause
        for pause in (_read_retry_after(headers, now), _read_seconds(headers.get("backoff", "")))
        if pause is not None
    ]
    return max(asked, default=None)


def _read_retry_after(headers: Mapping[str, str], now: float) -> float | None:
    text = headers.get("retry-after", "")
    seconds = _read_seconds(text)
    if seconds is not None:
        return seconds
    until = _read_date(text)
    if until is None:
        return None
    sent = _read_date(headers.get("date", ""))
    return max(0.0, until - (now if sent is None else sent))


def _read_seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _read_date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
