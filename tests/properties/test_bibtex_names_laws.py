"""Names of `.bib` fields as laws: what is read at once is what the rules say."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from bibkit.formats.bibtex import namelist
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
