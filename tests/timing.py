"""How the cost of a call grows with what it is given: ratios of processor time, never times."""

import gc
import time
from collections.abc import Callable

FACTOR = 8
"""How much larger the larger input is: in quadratic time it would cost 64 times as much."""

_MOST = 24
_SHORTEST = 0.002  # seconds: below it, what is measured is the machine


def processor_seconds(call: Callable[[], object]) -> float:
    """Return the least processor time of two calls, without the collector, which runs when it likes."""
    times = []
    gc.disable()
    try:
        for _ in range(2):
            begun = time.process_time()
            call()
            times.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(times)


def assert_linear(small: Callable[[], object], large: Callable[[], object]) -> None:
    """Assert that a call with `FACTOR` times the input of another costs far less than its square."""
    assert processor_seconds(large) < _MOST * max(processor_seconds(small), _SHORTEST)
