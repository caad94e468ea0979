"""The five seeds, every record and diagnostic of them, as a person has read and accepted them.

`records.jsonl` has a line for each record: what stands in the listing, but of the abstract its length and a
digest. `pytest --accept` rewrites it; the difference is to be read against the seeds.
"""

import hashlib
import json
from pathlib import Path

import pytest

from bibkit.diagnostics import Severity
from bibkit.formats.listing import ListingText, read_listings
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
GOLDEN = Path(__file__).resolve().parent / "seeds"


@pytest.fixture(scope="module")
def results():
    texts = [ListingText(path.name, path.read_text(encoding="utf-8"), PartialDate(2026)) for path in SEEDS]
    return read_listings(texts)


def test_every_record_is_as_it_was_read_by_eye(results, accept):
    _compare("records.jsonl", [_show(record) for result in results for record in result.records], accept)


def test_every_diagnostic_is_as_it_was_read_by_eye(results, accept):
    _compare("diagnostics.txt", [str(said) for result in results for said in result.diagnostics], accept)


def test_the_seeds_are_read_whole(results):
    assert [len(result.records) for result in results] == [42, 29, 50, 21, 42]
    assert all(said.severity is Severity.INFO for result in results for said in result.diagnostics)
    assert not any(record.listing.uncertain for result in results for record in result.records)


def _compare(name, lines, accept):
    text = "".join(f"{line}\n" for line in lines)
    if accept:
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert (GOLDEN / name).read_text(encoding="utf-8") == text


def _show(record):
    facts = record.listing
    shown = {
        "at": str(record.source),
        "title": record.title,
        "by": [_show_creator(creator) for creator in record.creators] + ["…"] * record.creators_truncated,
        "on": record.issued.isoformat(),
        "as": facts.date,
        "in": list(record.categories),
        "of": list(record.affiliations),
        "score": facts.score,
        "code": facts.code,
        "abstract": f"{len(record.abstract)} {_digest(record.abstract)}",
    }
    return json.dumps({key: value for key, value in shown.items() if value}, ensure_ascii=False)


def _show_creator(creator):
    if isinstance(creator, Body):
        return {"literal": creator.literal}
    given = f", {creator.given}" if creator.given else ""
    particle = f"{creator.particle} " if creator.particle else ""
    suffix = f", {creator.suffix}" if creator.suffix else ""
    return f"{particle}{creator.family}{suffix}{given}"


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]
