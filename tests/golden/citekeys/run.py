"""Print what `input.jsonl` gives: for each line the key in both styles and the title's fingerprint, in ASCII.

Needs nothing but Python and bibkit's own modules, so that any interpreter can run it.
"""

import json
import sys
from pathlib import Path

from bibkit.citekeys import candidate_key
from bibkit.model.dates import PartialDate
from bibkit.model.identity import fingerprints
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, Record


def main():
    lines = (Path(__file__).parent / "input.jsonl").read_text(encoding="ascii").splitlines()
    for line in lines:
        record = record_of(json.loads(line))
        short, hashed = candidate_key(record, "short"), candidate_key(record, "hashed")
        sys.stdout.write(f"{short}\t{hashed[len(short) :]}\t{json.dumps(fingerprints(record)[-1])}\n")


def record_of(value):
    return Record(
        type=ItemType.PREPRINT,
        title=value["title"],
        creators=tuple(Body(**name) if "literal" in name else Person(**name) for name in value["creators"]),
        creators_truncated=value.get("truncated", False),
        issued=PartialDate(value["year"]) if "year" in value else None,
    )


if __name__ == "__main__":
    main()
