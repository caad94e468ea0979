"""A clock that tests move: sleeping takes no time, and moves it."""

import threading

START = 1_800_000_000.0  # some second in 2027, so that dates are plausible


class FakeClock:
    """Time for server and client alike; `naps` are the sleeps that were asked for."""

    def __init__(self, start: float = START) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.naps: list[float] = []

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.naps.append(seconds)
            self._now += max(0.0, seconds)

    def jump(self, seconds: float) -> None:
        """Move the time, backwards too."""
        with self._lock:
            self._now += seconds
