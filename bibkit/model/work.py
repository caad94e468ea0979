"""`Work`: the records that describe one work, collated; `Entry`: a record with its citation key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NewType

from bibkit.model.drafts import maker_of
from bibkit.model.record import Record

CitationKey = NewType("CitationKey", str)


@dataclass(frozen=True, slots=True)
class Work:
    """One work: what is known of it (`record`), and the records that say so (never empty).

    `brought_key` is the citation key that a keyed file gave it; a listing gives none.
    """

    record: Record
    sources: tuple[Record, ...]
    brought_key: CitationKey | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its citation key, ready to write; `aliases` are older keys that still stand for it."""

    key: CitationKey
    record: Record
    aliases: tuple[CitationKey, ...] = ()


#: `Entry(...)` for those who make many.
make_entry: Final = maker_of(Entry)
