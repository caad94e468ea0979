import pytest

from bibkit.formats.bibtex.dates import read_date, read_year, with_month
from bibkit.model.dates import ExtendedDate, PartialDate, Season

D = PartialDate


def between(start, end, **marks):
    return ExtendedDate(start, end, **marks)


def in_words(text):
    return ExtendedDate(literal=text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", D(2020)),
        (" 2020-05 ", D(2020, 5)),
        ("2020-05-13", D(2020, 5, 13)),
        ("2020-05-13T10:00:00", D(2020, 5, 13)),
        ("2020-05-13T10:00:00+02:00/2020-05-14T10:00:00Z", between(D(2020, 5, 13), D(2020, 5, 14))),
        ("2020-05-13/2020-06", between(D(2020, 5, 13), D(2020, 6))),
        ("2020/2021", between(D(2020), D(2021))),
        ("2020/", ExtendedDate(D(2020), open_end=True)),
        ("2020/..", ExtendedDate(D(2020), open_end=True)),
        ("2020/open", ExtendedDate(D(2020), open_end=True)),
        ("/2020", ExtendedDate(end=D(2020))),
        ("unknown/2020", ExtendedDate(end=D(2020))),
        ("1723~", ExtendedDate(D(1723), circa=True)),
        ("1723?", ExtendedDate(D(1723), uncertain=True)),
        ("1723%", ExtendedDate(D(1723), circa=True, uncertain=True)),
        ("2001-21", ExtendedDate(D(2001), season=Season.SPRING)),
        ("2001-24", ExtendedDate(D(2001), season=Season.WINTER)),
        ("199X", between(D(1990), D(1999))),
        ("19XX", between(D(1900), D(1999))),
        ("1999-XX", D(1999)),
        ("1999-01-XX", D(1999, 1)),
        ("1999-XX-XX", D(1999)),
        ("1999-01-XX/1999-02-XX", between(D(1999, 1), D(1999, 2))),
        ("", None),
        (" ", None),
        ("0476", D(476)),
        ("0044-03-15", D(44, 3, 15)),
        ("0476~", ExtendedDate(D(476), circa=True)),
        ("0378/0476", between(D(378), D(476))),
        ("476", in_words("476")),
        ("-0876", in_words("-0876")),
        ("0000", in_words("0000")),
        ("00XX", in_words("00XX")),
        ("2020-13", in_words("2020-13")),
        ("2019-02-29", in_words("2019-02-29")),
        ("13 May 2020", in_words("13 May 2020")),
        ("forthcoming", in_words("forthcoming")),
        ("2020/2021/2022", in_words("2020/2021/2022")),
        ("1X", in_words("1X")),
        ("Y170000002", in_words("Y170000002")),
    ],
)
def test_a_date_is_read_as_edtf(text, date):
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1984", D(1984)),
        (" 800 ", D(800)),
        ("476", D(476)),
        ("0476", D(476)),
        ("0044", D(44)),
        ("c. 476", ExtendedDate(D(476), circa=True)),
        ("44", in_words("44")),
        ("-44", in_words("-44")),
        ("-0044", in_words("-0044")),
        ("44 BC", in_words("44 BC")),
        ("1990--1995", between(D(1990), D(1995))),
        ("1990–1995", between(D(1990), D(1995))),
        ("1990-1995", between(D(1990), D(1995))),
        ("c. 1990", ExtendedDate(D(1990), circa=True)),
        ("ca. 1990", ExtendedDate(D(1990), circa=True)),
        ("circa 1990", ExtendedDate(D(1990), circa=True)),
        ("1990?", ExtendedDate(D(1990), uncertain=True)),
        ("2020-05-13", D(2020, 5, 13)),
        ("", None),
        ("2019-02-29", in_words("2019-02-29")),
        ("1995-1990", in_words("1995-1990")),
        ("0000-0001", in_words("0000-0001")),
        ("0000", in_words("0000")),
        ("98", in_words("98")),
        ("1990/91", in_words("1990/91")),
        ("2001-02", in_words("2001-02")),
        ("1990a", in_words("1990a")),
        ("in press", in_words("in press")),
        ("n.d.", in_words("n.d.")),
    ],
)
def test_a_year_is_read_where_it_is_one(text, date):
    assert read_year(text) == date


@pytest.mark.parametrize(
    ("month", "date"),
    [
        ("jan", D(2020, 1)),
        ("January", D(2020, 1)),
        ("MAR", D(2020, 3)),
        ("Sept.", D(2020, 9)),
        ("sept", D(2020, 9)),
        ("5", D(2020, 5)),
        ("05", D(2020, 5)),
        ("1 jan", D(2020, 1, 1)),
        ("January 1", D(2020, 1, 1)),
        ("May 13th,", D(2020, 5, 13)),
        ("3. May", D(2020, 5, 3)),
        ("May 13–15", between(D(2020, 5, 13), D(2020, 5, 15))),
        ("13--15 May", between(D(2020, 5, 13), D(2020, 5, 15))),
        ("May 30 - June 2", between(D(2020, 5, 30), D(2020, 6, 2))),
        ("30 May to 2 June", between(D(2020, 5, 30), D(2020, 6, 2))),
        ("jan/feb", between(D(2020, 1), D(2020, 2))),
        ("January and February", between(D(2020, 1), D(2020, 2))),
        ("Spring", ExtendedDate(D(2020), season=Season.SPRING)),
        ("fall", ExtendedDate(D(2020), season=Season.AUTUMN)),
        ("", None),
        ("13", None),
        ("Februar", None),
        ("February 30", None),
        ("dec/jan", None),
        ("May May", None),
        ("May 15--13", None),
        ("first quarter", None),
        ("May 2019", None),
        ("Q1", None),
    ],
)
def test_a_month_is_read_where_it_is_one(month, date):
    assert with_month(D(2020), month) == date


def test_a_day_of_its_own_belongs_to_the_month():
    assert with_month(D(2020), "may", "13") == D(2020, 5, 13)
    assert with_month(D(2020), "5", "13") == D(2020, 5, 13)
    assert with_month(D(2020), "may", "32") is None
    assert with_month(D(2020), "may", "x") is None


def test_a_doubt_about_the_year_is_one_about_the_month():
    assert with_month(ExtendedDate(D(2020), circa=True), "may") == ExtendedDate(D(2020, 5), circa=True)
    doubtful = ExtendedDate(D(2020), uncertain=True, season=Season.SPRING)
    assert with_month(ExtendedDate(D(2020), uncertain=True), "Spring") == doubtful


@pytest.mark.parametrize("year", [D(2020, 4), in_words("in press"), between(D(2019), D(2020))])
def test_a_month_fits_a_single_year_alone(year):
    assert with_month(year, "may") is None
