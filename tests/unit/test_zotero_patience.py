"""What a server's headers ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibkit.zotero.patience import Patience, SystemClock, pause_asked

NOW = 1_800_000_000.0
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"
LATER = "Fri, 15 Jan 2027 08:01:30 GMT"


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"retry-after": "10"}, 10.0),
        ({"retry-after": " 10 "}, 10.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": LATER}, 90.0),
        ({"retry-after": LATER, "date": DATE}, 90.0),
        ({"retry-after": LATER, "date": "Fri, 15 Jan 2027 08:01:20 GMT"}, 10.0),
        ({"retry-after": DATE, "date": LATER}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Fri, 99 Jan 2027 08:00:00 GMT"}, None),
        ({"backoff": "5"}, 5.0),
        ({"backoff": "5", "retry-after": "3"}, 5.0),
        ({"backoff": "x", "retry-after": "3"}, 3.0),
    ],
)
def test_a_pause_is_asked_for(headers, pause):
    assert pause_asked(headers, NOW) == pause


@given(st.text(), st.text(), st.text())
def test_no_header_breaks_it(after, backoff, date):
    pause = pause_asked({"retry-after": after, "backoff": backoff, "date": date}, NOW)
    assert pause is None or 0 <= pause < float("inf")


def test_pauses_grow_up_to_the_longest():
    patience = Patience(longest_pause=5)
    assert [patience.pause_before(attempt) for attempt in range(1, 6)] == [1, 2, 4, 5, 5]


def test_the_system_clock_goes():
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.001)
    assert clock.now() > before
