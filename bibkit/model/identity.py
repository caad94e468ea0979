"""What tells whether two records describe one work: strong identifiers, and title with first creator.

In: records. Out: fingerprints, texts that are equal where the works are taken to be the same. Refuses to
decide: that is for `bibkit.works` among records and for `bibkit.citekeys` between works and the ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import astuple
from typing import Final, assert_never

from bibkit.model.folding import bare, compose, fold
from bibkit.model.identifiers import arxiv_id_of_doi
from bibkit.model.names import Body, Creator, Person, Role
from bibkit.model.record import Record

ARXIV: Final = "arxiv:"
DOI: Final = "doi:"
TITLE: Final = "title:"
"""What a fingerprint begins with: its kind."""

STRONG_KINDS: Final = frozenset({"arxiv", "doi"})
"""Kinds of strong identifiers: two different ones of one kind are two works."""

_DOI_NAME: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9.]+/\S+)", re.IGNORECASE | re.ASCII
)
_ARXIV_ID: Final = re.compile(
    r"(?:arxiv:\s*)?(?:([0-9]{4}\.[0-9]{4,5})|([a-z-]+)(?:\.[a-z]{2})?(/[0-9]{7}))(?:v[0-9]+)?",
    re.IGNORECASE | re.ASCII,
)
_DESCRIPTIONS: Final = ("title", "abstract", "note", "url", "container_title", "number", "publisher")
_DESCRIPTION_LENGTH: Final = 200


def strong_ids(record: Record) -> tuple[str, ...]:
    """Return the fingerprints of a record's arXiv id and DOI, without version, prefix and case.

    A DOI that arXiv registered is the arXiv id: what is published elsewhere later has another DOI and is the
    same work. What has not the form of such an identifier is none.
    """
    if record.doi is None and record.arxiv_id is None:
        return ()
    found = set()
    doi = None if record.doi is None else _DOI_NAME.fullmatch(compose(record.doi.strip()))
    arxiv = record.arxiv_id
    if doi is not None:
        arxiv_of_doi = arxiv_id_of_doi(doi[1])
        if arxiv_of_doi is None:
            found.add(DOI + _lower_ascii(doi[1]))
        else:
            arxiv = arxiv or arxiv_of_doi
    named = None if arxiv is None else _ARXIV_ID.fullmatch(arxiv.strip())
    if named is not None:
        found.add(ARXIV + _lower_ascii(named[1] or named[2] + named[3]))
    return tuple(sorted(found))


def conflict(ids: Iterable[str], other_ids: Iterable[str]) -> bool:
    """Say whether two sets of strong identifiers each have one of a kind, and none of that kind in common.

    Fingerprints of other kinds may stand among them.
    """
    for kind in (ARXIV, DOI):
        mine = {text for text in ids if text.startswith(kind)}
        if mine:
            others = {text for text in other_ids if text.startswith(kind)}
            if others and mine.isdisjoint(others):
                return True
    return False


def first_creator(record: Record) -> Creator | None:
    """Return the first author, the first creator of another role where there is no author, or `None`."""
    for creator in record.creators:
        if creator.role is Role.AUTHOR:
            return creator
    return record.creators[0] if record.creators else None


def printed_name(creator: Creator) -> str:
    """Return a name as a page prints it, given names first, its characters composed."""
    match creator:
        case Body():
            name = creator.literal
        case Person():
            name = f"{creator.given} {creator.family}" if creator.given else creator.family
            if creator.particle or creator.suffix:
                parts = (creator.given, creator.particle, creator.family, creator.suffix)
                name = " ".join(part for part in parts if part)
        case _:
            assert_never(creator)
    return compose(" ".join(name.split()))


def described(record: Record) -> str:
    """Return the folded title; for a record that has none, the beginning of what else describes it.

    A title of nothing but punctuation is taken as it stands. Empty where nothing describes the record.
    """
    if record.title is not None:
        folded = fold(record.title)
        if folded:
            return folded
    for name in _DESCRIPTIONS:
        text = getattr(record, name)
        if text and (folded := fold(text) or compose(" ".join(text.split()))):
            return folded[:_DESCRIPTION_LENGTH].strip()
    return ""


def fingerprints(record: Record, description: str | None = None) -> tuple[str, ...]:
    """Return all fingerprints of a record, sorted: strong identifiers, then title with first creator.

    Nothing stands between title and name: a listing prints them so, and the fingerprint stays the same when
    evidence shows later that the title ends a letter before or behind. `description` is what `described`
    says, if the caller knows it. A record that nothing describes is known by its identifiers alone; if it
    has none, by its first creator. There is always one fingerprint at least.
    """
    ids = strong_ids(record)
    if description is None:
        description = described(record)
    if ids and not description:
        return ids
    creator = first_creator(record)
    name = "" if creator is None else fold(printed_name(creator))
    return (*ids, TITLE + bare(f"{description} {name}"))


def content_order(record: Record) -> str:
    """Return a text by which records are put in an order that is the same whatever order they came in.

    All of a record counts, its source too. Slow: for records that nothing else tells apart.
    """
    return json.dumps(astuple(record))


def _lower_ascii(text: str) -> str:
    # A DOI's letters beyond ASCII keep their case (ISO 26324).
    return text.encode().lower().decode()
