"""Partial and extended dates: what is one, what is refused, and what they say in EDTF."""

import pytest
from hypothesis import given
from strategies import extended_dates

from bibkit.errors import ParseError
from bibkit.model.dates import ExtendedDate, PartialDate, Season, parse_date, parse_partial_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", PartialDate(2020)),
        ("2020-5", PartialDate(2020, 5)),
        (" 2020-05-13 ", PartialDate(2020, 5, 13)),
    ],
)
def test_partial_dates_are_read(text, date):
    assert parse_partial_date(text) == parse_date(text) == date


@pytest.mark.parametrize(
    "text", ["", "20", "2020-13", "2020-02-30", "0000", "2020-00", "May 2020", "2020-1-1-1"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ParseError):
        parse_partial_date(text)
    with pytest.raises(ParseError):
        parse_date(text)


@pytest.mark.parametrize(("year", "month", "day"), [(2020, None, 3), (0, None, None), (2021, 2, 29)])
def test_a_calendar_has_no_such_date(year, month, day):
    with pytest.raises(ParseError):
        PartialDate(year, month, day)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020/2021-03", ExtendedDate(start=PartialDate(2020), end=PartialDate(2021, 3))),
        ("2020/..", ExtendedDate(start=PartialDate(2020), open_end=True)),
        ("2020/", ExtendedDate(start=PartialDate(2020), open_end=True)),
        ("/2020", ExtendedDate(end=PartialDate(2020))),
        ("1723~", ExtendedDate(start=PartialDate(1723), circa=True)),
        ("1723?", ExtendedDate(start=PartialDate(1723), uncertain=True)),
        ("1723%", ExtendedDate(start=PartialDate(1723), circa=True, uncertain=True)),
        ("2001-23", ExtendedDate(start=PartialDate(2001), season=Season.AUTUMN)),
        ("1700~/1710", ExtendedDate(start=PartialDate(1700), end=PartialDate(1710), circa=True)),
    ],
)
def test_extended_dates_are_read(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text", ["/", "../..", "2020/2021/2022", "2001-21/2002-22", "~", "spring 2020", "2001-25"]
)
def test_what_edtf_does_not_say_is_refused(text):
    with pytest.raises(ParseError):
        parse_date(text)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"start": PartialDate(2020)},
        {"open_end": True},
        {"end": PartialDate(2020), "open_end": True},
        {"start": PartialDate(2020, 3), "season": Season.SPRING},
        {"end": PartialDate(2020), "season": Season.SPRING},
        {"literal": ""},
        {"literal": "spring", "start": PartialDate(2020)},
        {"literal": "spring", "circa": True},
    ],
)
def test_a_date_that_says_nothing_or_contradicts_itself_is_refused(parts):
    with pytest.raises(ParseError):
        ExtendedDate(**parts)


def test_the_first_known_date_gives_year_month_and_day():
    date = parse_date("../2020-05-13")
    assert (date.year, date.month, date.day) == (2020, 5, 13)
    words = ExtendedDate(literal="in press")
    assert (words.year, words.month, words.day) == (None, None, None)


@given(extended_dates())
def test_edtf_is_read_as_it_was_written(date):
    if date.literal is None:
        assert parse_date(date.isoformat()) == date
    else:
        assert date.isoformat() == date.literal
