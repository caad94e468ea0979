"""How a citation key is made: origin, candidate, hash suffix.

In: a record. Out: its `Origin`, what it looked like when it was first seen, and the keys that it may have by
that. Knows neither a ledger nor which keys are taken. Everything here, the tables of `bibkit.model.folding`
and the stop table are one scheme, `SCHEME`: keys that were issued do not change with it, new ones would.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, assert_never

from bibkit.model.folding import compose, fold, transliterate
from bibkit.model.identity import described, first_creator, printed_name, strong_ids
from bibkit.model.names import Body, Creator, Person
from bibkit.model.record import Record
from bibkit.model.work import CitationKey

SCHEME: Final = 1

KeyStyle = Literal["short", "hashed"]
"""`short`: family name, year, first title word. `hashed`: the same and three letters of a content hash."""

_MAX_KEY: Final = 60
_MAX_FAMILY: Final = 24
_MAX_WORD: Final = 20
_MAX_BASE: Final = _MAX_FAMILY + len("2024") + _MAX_WORD
_SUFFIX_LENGTHS: Final = range(3, 9)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"
_NO_CREATOR: Final = "anon"
_NO_YEAR: Final = "nd"
_NO_TITLE: Final = "untitled"
_TRUNCATED: Final = "et al."


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """What a work looked like when it was first seen; its claim keeps it for ever.

    `creators` are all names as printed, `et al.` among them where it is; `title` is folded; `date` is in ISO
    form or empty; `ids` are fingerprints of strong identifiers. `adopted` is the key that the work's file
    gave it, where another work had all the rest in common, else empty.
    """

    creators: tuple[str, ...]
    title: str
    date: str
    ids: tuple[str, ...]
    adopted: str = ""


def origin_of(record: Record) -> Origin:
    """Return what a record looks like now."""
    creators = [printed_name(creator) for creator in record.creators]
    if record.creators_truncated:
        creators.append(_TRUNCATED)
    date = "" if record.issued is None else compose(record.issued.isoformat())
    return Origin(tuple(creators), described(record), date, strong_ids(record))


def candidate_key(record: Record, style: KeyStyle = "short") -> CitationKey:
    """Return the key that a record gets where no other work wants or has it."""
    base = base_of(record)
    match style:
        case "short":
            return CitationKey(base)
        case "hashed":
            return next(own_keys(base, content_letters(origin_of(record))))
        case _:
            assert_never(style)


def base_of(record: Record) -> str:
    """Return the key without a suffix: family name, year, first title word that is not in the stop table.

    At most 48 letters and digits, the first a letter: what a suffix adds stays within 60.
    """
    family = _family(first_creator(record)).lstrip(_DIGITS)[:_MAX_FAMILY] or _NO_CREATOR
    year = None if record.issued is None else record.issued.year
    return f"{family}{_NO_YEAR if year is None else f'{year:04}'}{_title_word(record.title)[:_MAX_WORD]}"


def may_be_base_of(base: str, origin: Origin) -> bool:
    """Say whether a base may be of a work that looked so; of its family name the origin says too little."""
    year = origin.date[:4] if origin.date[:4].isdecimal() else _NO_YEAR
    words = {_title_word(origin.title)[:_MAX_WORD], _NO_TITLE}
    return base.endswith(tuple(year + word for word in words))


def base_of_key(key: str) -> str:
    """Return a key in the scheme's letters and without its suffix, so that another can be put to it."""
    letters = "".join(transliterate(fold(key.partition("-")[0]))).lstrip(_DIGITS)
    return letters[:_MAX_BASE] or _NO_CREATOR


def own_keys(base: str, letters: str) -> Iterator[CitationKey]:
    """Yield the keys with a suffix that a work may have by its `content_letters`, best first, without end.

    The suffix is a hyphen and three of the letters, then four to eight; then all of them and a number.
    """
    for length in _SUFFIX_LENGTHS:
        yield CitationKey(f"{base}-{letters[:length]}")
    number = 2
    while True:
        tail = f"-{letters}{number}"
        yield CitationKey(base[: _MAX_KEY - len(tail)] + tail)
        number += 1


def content_letters(origin: Origin) -> str:
    """Return eight letters of the content hash.

    The hash is the SHA-256 of the origin as JSON: an array of its fields in their order, in ASCII, with no
    space; an empty `adopted` is left out. The letters are the digest, as a big-endian number, in base 26
    (a is 0), the least significant digit first.
    """
    parts = [origin.creators, origin.title, origin.date, origin.ids]
    if origin.adopted:
        parts.append(origin.adopted)
    content = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    number = _digest(content.encode("ascii"))
    letters = ""
    for _ in range(_SUFFIX_LENGTHS[-1]):
        number, digit = divmod(number, len(_LETTERS))
        letters += _LETTERS[digit]
    return letters


def _digest(content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(content).digest(), "big")


def _family(creator: Creator | None) -> str:
    match creator:
        case None:
            return ""
        case Person(family):
            words = transliterate(fold(family))
            if len(words) > 1 and len(words[-1]) == 4 and words[-1].isdigit():
                words.pop()  # DBLP's number for one of several people of that name: Wang 0001
            return "".join(words)
        case Body(literal):
            words = transliterate(fold(literal.replace("&", "")))
            kept = [word for word in words if word not in _stop_words()]
            return "".join(kept or words)
        case _:
            assert_never(creator)


def _title_word(title: str | None) -> str:
    if title is None:
        return _NO_TITLE
    words = transliterate(fold(title))
    return next((word for word in words if word not in _stop_words()), words[0] if words else _NO_TITLE)


@cache
def _stop_words() -> frozenset[str]:
    data = pkgutil.get_data("bibkit", "data/stopwords.txt")
    assert data is not None  # noqa: S101 - None is for loaders that have no data; ours has, or raises
    lines = data.decode("ascii").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
