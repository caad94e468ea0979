"""The README's crosswalk: what every format calls every type and field, as the formats themselves write it.

`pytest --accept` rewrites the tables in the README; the difference is to be read.
"""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bibkit.formats import FORMATS
from bibkit.formats.bibtex.mapping import ENTRY_TYPES
from bibkit.formats.csljson.tables import TYPES as CSL_TYPES
from bibkit.formats.ris.tables import KINDS
from bibkit.formats.ris.tables import TYPES as RIS_TYPES
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import CitationKey, Entry

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- crosswalk -->\n", "<!-- end of crosswalk -->\n"
FORMATS_SHOWN = ("bibtex", "biblatex", "csljson", "ris")

#: Field -> a value of it; creators by their roles, and what stands in the listing's facts by itself.
SAMPLES = {
    **{role.value: {"creators": (Person("Family", "Given", role=role),)} for role in Role},
    **{
        name: {name: "7"}
        for name in ("title", "container_title", "volume", "issue", "number", "pages", "edition")
    },
    **{name: {name: "Words"} for name in ("publisher", "place", "genre")},
    "issued": {"issued": PartialDate(2001, 2, 3)},
    "accessed": {"accessed": PartialDate(2001, 2, 3)},
    **{name: {name: "7"} for name in ("isbn", "issn", "doi")},
    "arxiv_id": {"arxiv_id": "2401.00001"},
    "arxiv_class": {"arxiv_id": "2401.00001", "arxiv_class": "cs.LG"},
    "url": {"url": "https://example.org"},
    "language": {"language": "en"},
    "abstract": {"abstract": "Words"},
    "note": {"note": "Words"},
    "categories": {"categories": ("cs.LG",)},
    "keywords": {"keywords": ("words",)},
    "affiliations": {"affiliations": ("Words",)},
    "score": {"listing": ListingFacts(score=7.0)},
    "code": {"listing": ListingFacts(code=True)},
}
BESIDE = {"arxiv_class": {"arxiv_id": "2401.00001"}}


def names_in(format_, record):
    text = FORMATS[format_].writer([Entry(CitationKey("k"), record)]).text
    if format_ == "csljson":
        (item,) = json.loads(text)
        custom = item.pop("custom", {})
        return Counter(item.keys()) + Counter(f"custom.{name}" for name in custom)
    pattern = r"^([A-Z][A-Z0-9])  - " if format_ == "ris" else r"^  (\w+) +="
    return Counter(re.findall(pattern, text, re.MULTILINE))


def cell(format_, field):
    """Return the names that a field has there, those of most types first."""
    found = Counter()
    for type_ in ItemType:
        bare = Record(type=type_, **BESIDE.get(field, {}))
        names = names_in(format_, replace(bare, **SAMPLES[field])) - names_in(format_, bare)
        found.update(names.keys())
    return (
        ", ".join(f"`{name}`" for name, _ in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
        or "-"
    )


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def crosswalk():
    types = [
        [
            type_.value,
            f"`@{ENTRY_TYPES[type_][0]}`",
            f"`@{ENTRY_TYPES[type_][1]}`",
            f"`{CSL_TYPES[type_]}`",
            f"`{RIS_TYPES[type_]}`" + (f" (`M3`: {KINDS[type_]})" if type_ in KINDS else ""),
        ]
        for type_ in ItemType
    ]
    fields = [[field, *(cell(format_, field) for format_ in FORMATS_SHOWN)] for field in SAMPLES]
    names = ["BibTeX", "biblatex", "CSL-JSON", "RIS"]
    return table(["type", *names], types) + "\n" + table(["field", *names], fields)


def test_the_readme_has_the_crosswalk(accept):
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    expected = f"{before}{BEGIN}{crosswalk()}{END}{after}"
    if accept:
        README.write_text(expected, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == expected
