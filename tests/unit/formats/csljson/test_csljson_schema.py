"""CSL's own schema takes what is written, where a copy of it stands in a folder beside the project."""

import json
from pathlib import Path

import pytest
from engines_support import drawn
from strategies import dates, entries, extended_dates, records

from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.model.work import Entry

ROOT = Path(__file__).resolve().parents[4]

# What a file may have that the schema does not take, and a copy of it has to.
LOOSE = {
    "type": "motion_picture",
    "author": [{"family": "Doe", "isInstitution": 1}, {"literal": "et al."}, "Jane Roe"],
    "issued": {"date-parts": [[2020, "5"], []], "circa": "yes"},
    "accessed": "2020-05",
    "title": "<i>x</i>",
    "volume": 3,
    "number": 1.5,
    "foo": {"bar": 1},
    "original-date": {"date-parts": [["-12"]]},
    "director": [{"given": "D."}],
    "PMID": 7,
    "custom": {"score": "high", "theirs": None},
}


@pytest.fixture(scope="module")
def validate():
    from jsonschema import Draft7Validator

    found = sorted(ROOT.parent.glob("*/reference/csl-data.json"))
    if not found:
        pytest.skip("CSL's own schema is not at hand")
    validator = Draft7Validator(json.loads(found[0].read_text(encoding="utf-8")))
    return lambda text: validator.validate(json.loads(text))


def test_any_record_is_valid(validate):
    several = drawn(entries(records(date=dates() | extended_dates())), 60)
    for drawn_entries in several:
        validate(write_csljson(drawn_entries).text)


def test_a_copy_of_what_is_not_valid_is(validate):
    item = dict(LOOSE)
    copies = []
    while item:
        copies.append(read_csljson(json.dumps([item]), "in.json").records[0])
        item.popitem()
    validate(write_csljson([Entry(f"k{n}", record) for n, record in enumerate(copies)]).text)
