"""What a record and a Zotero item say of their identity, in one form in which they compare; pure.

An item's identifiers stand in several places: the arXiv id in `archiveID`, in a DOI of arXiv's, in the
address, and in a line of `extra`; a DOI in its field or in a line; the citation key in its field, or, where
an older Zotero left it, in a line of `extra`.
"""

from __future__ import annotations

import re
from typing import Final

from bibkit.model.folding import fold
from bibkit.model.identifiers import arxiv_id_of_url, arxiv_label
from bibkit.model.identity import first_creator, strong_ids
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry
from bibkit.sync.library import RemoteItem
from bibkit.sync.values import EXTRA, Evidence
from bibkit.zotero.schema import item_types

_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_LINE: Final = re.compile(r"^(doi|citation key)\s*:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)


def evidence_of_entry(entry: Entry) -> Evidence:
    """Return what an entry says of its identity."""
    record = entry.record
    creator = first_creator(record)
    name = ""
    if creator is not None:
        name = (
            " ".join(part for part in (creator.particle, creator.family) if part)
            if isinstance(creator, Person)
            else creator.literal
        )
    year = None if record.issued is None else record.issued.year
    return Evidence(
        ids=frozenset(strong_ids(record)),
        keys=frozenset((entry.key, *entry.aliases)),
        title=fold(record.title or ""),
        creator=fold(name),
        year="" if year is None else f"{year:04}",
    )


def evidence_of_item(item: RemoteItem) -> Evidence:
    """Return what an item says of its identity; an item of a type that is not known has no fields to read."""
    kind = item_types().get(item.type)
    title, date = (None, None) if kind is None else (kind.field_for("title"), kind.field_for("date"))
    extra = item.fields.get(EXTRA, "")
    lines = {label.lower(): value for label, value in _LINE.findall(extra)}
    keys = {item.fields.get("citationKey", ""), lines.get("citation key", "")} - {""}
    year = _YEAR.search(item.fields.get(date or "", ""))
    return Evidence(
        ids=_ids(item, lines.get("doi")),
        keys=frozenset(keys),
        title=fold(item.fields.get(title or "", "")),
        creator=fold(item.creators[0].name) if item.creators else "",
        year="" if year is None else year[0],
    )


def _ids(item: RemoteItem, doi_line: str | None) -> frozenset[str]:
    found: set[str] = set()
    for doi in (item.fields.get("DOI"), doi_line):
        if doi:
            found.update(strong_ids(Record(type=ItemType.DOCUMENT, doi=doi)))
    arxiv_ids = [arxiv_id_of_url(item.fields.get("url", ""))]
    for text in (item.fields.get("archiveID", ""), *item.fields.get(EXTRA, "").split("\n")):
        labelled = arxiv_label(text)
        arxiv_ids.append(None if labelled is None else labelled[0])
    for arxiv_id in dict.fromkeys(arxiv_ids):  # an item says it in several places
        if arxiv_id is not None:
            found.update(strong_ids(Record(type=ItemType.DOCUMENT, arxiv_id=arxiv_id)))
    return frozenset(found)
