"""Names and dates of `.bib` fields: what is read at once is what the rules make of it."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from bibkit.formats.bibtex import meaning, namelist, read_bibtex
from bibkit.formats.bibtex.namelist import read_names
from bibkit.model.names import Role

PIECES = (
    "Doe", "Jane", "J.", "van", "der", "de la", "d'", "al-Khwarizmi", "Jr.", "III", ", ", ",", " and ",
    " AND ", " ", "  ", "\n", "~", "-", "--", "''", "{", "}", "{Doe}", "{Barnes and Noble, Inc.}", '{\\"u}',
    "{\\'E}", "{\\v{s}}", "{\\ss}", "{\\em x}", "{\\em Doe, Jane}", "{\\em a b}", "\\'e", '\\"{o}', "{\\foo}",
    "$x$", "{\\noopsort{a}}", "\\noopsort{b}", "others", "et al.", "=", "family=",
    "Ş", "é", "e\u0301", "\u0301", "İ", "ß",
)  # fmt: skip


@settings(max_examples=1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_usual_names_are_what_the_rules_make_of_them(value):
    with patch.object(namelist._Reader, "plain_name", return_value=None):
        by_the_rules = read_names(value, Role.AUTHOR)
    assert read_names(value, Role.AUTHOR) == by_the_rules


YEARS = ("2020", "0000", "0476", "476", "20", "20201", "c. 2020", "2020?", "2020--2021", "२०२०", "{2020}", "")
MONTHS = ("January", "jan", "SEPT", "sept.", "3", "Jan~5", "spring", "{feb}", "İ", "may", "")
DAYS = ("1", "07", "31", "29", "0", "32", "001", "1st", "٣", "{5}", "")


@settings(max_examples=500)
@given(st.sampled_from(YEARS), st.sampled_from([None, *MONTHS]), st.sampled_from([None, *DAYS]))
def test_usual_dates_are_what_the_rules_make_of_them(year, month, day):
    parts = {"year": year, "month": month, "day": day}
    fields = "".join(f"{name} = {{{text}}}, " for name, text in parts.items() if text is not None)
    text = f"@misc{{k, {fields}}}"
    with patch.object(meaning, "usual_date", return_value=None):
        by_the_rules = read_bibtex(text, "x.bib")
    assert read_bibtex(text, "x.bib") == by_the_rules
