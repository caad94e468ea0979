"""`citekeys.jsonl`: the ledger of citation keys as a file.

In: the file's text. Out: a `KeyLedger`, and back. A claim is one line, a JSON object with all of these:

    {"v": 1,                                 the version of this file format
     "key": "gao2024ethos",                  the citation key
     "aliases": [],                          older keys of the same work
     "how": "made",                          pinned (a person said so), adopted (a file brought it), made
     "issued": 1,                            the run that issued it: one more than the highest before it
     "scheme": 1,                            the version of the rules by which it was made
     "origin": {"creators": ["Lei Gao"],     what the work looked like when it was first seen; never changed
                "title": "ethos", "date": "2024-09-23", "ids": [], "adopted": ""},
     "fingerprints": ["title:ethosleigao"]}  by what the work is found again; they accumulate

A line into which a person merged other works has one thing more, and is of version 2, so that a bibkit that
does not know it says so instead of parting them again; all other lines stay of version 1:

     "merged": [{"keys": ["gao2024pathos"],  what the line of the other work said: its keys,
                 "origin": {...},            what it looked like,
                 "fingerprints": [...]}]     by what it is found; these go on accumulating, too

Lines are sorted by key, so two branches seldom touch the same place; and any set of lines is a ledger, so
git's `merge=union` gives a valid one: lines of one key and one origin are joined here, and what else two
ledgers do not agree on is settled where keys are assigned.

Refuses a line that it does not fully understand: a key lost in silence would be issued again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from bibkit import files
from bibkit.citekeys import Claim, How, KeyLedger, Origin, Part, gather
from bibkit.errors import LedgerError
from bibkit.model.work import CitationKey

if TYPE_CHECKING:
    from pydantic import ValidationError

VERSION: Final = 2
_PLAIN_VERSION: Final = 1  # of a line with nothing that its readers did not know from the beginning

_CONFLICT_MARKS: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_KEY: Final = r"^[^\x00-\x20\x7f]+$"
_FINGERPRINT: Final = r"(?s)^(arxiv|doi|title):"
_HINT: Final = "Take the line from an older copy of the ledger (from git, say); without it, its key is lost."


def load_ledger(path: Path) -> KeyLedger:
    """Return the ledger in a file; raise `LedgerError` for one that is damaged or of a newer version."""
    return parse_ledger(files.read_text(path), str(path))


def save_ledger(path: Path, ledger: KeyLedger) -> bool:
    """Replace the file by this ledger; return False, and touch nothing, if it holds it already."""
    return files.write_text_atomic(path, render_ledger(ledger))


def parse_ledger(text: str, name: str = "citekeys.jsonl") -> KeyLedger:
    """Return the ledger that a text holds, its lines in any order; `name` is the file's, for messages.

    Raises `LedgerError`, with the line, for what is not a claim, for git's conflict marks, and for a version
    that is newer than this one.
    """
    return gather(_claims(text, name))


def render_ledger(ledger: KeyLedger) -> str:
    """Return the text of the ledger's file."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return "".join([f"{encode(_line(claim))}\n" for claim in ledger.claims])


def _line(claim: Claim) -> dict[str, object]:
    line: dict[str, object] = {
        "v": VERSION if claim.merged else _PLAIN_VERSION,
        "key": claim.key,
        "aliases": claim.aliases,
        "how": claim.how.value,
        "issued": claim.issued,
        "scheme": claim.scheme,
        "origin": _origin(claim.origin),
        "fingerprints": claim.fingerprints,
    }
    if claim.merged:
        line["merged"] = [
            {"keys": part.keys, "origin": _origin(part.origin), "fingerprints": part.fingerprints}
            for part in claim.merged
        ]
    return line


def _origin(origin: Origin) -> dict[str, object]:
    return {
        "creators": origin.creators,
        "title": origin.title,
        "date": origin.date,
        "ids": origin.ids,
        "adopted": origin.adopted,
    }


def _claims(text: str, name: str) -> Iterator[Claim]:
    from pydantic import ValidationError  # noqa: PLC0415 - start-up time

    parse = _parser()
    # Only LF ends a line: names and titles may hold what else Unicode calls a line's end.
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            try:
                yield parse(line)
            except ValidationError as trouble:
                raise _refusal(line, f"{name}:{number}", trouble) from trouble


@cache
def _parser() -> Callable[[str], Claim]:
    """Return what makes a claim of a line; it raises pydantic's `ValidationError` for what is none."""
    from pydantic import BaseModel, ConfigDict, Field  # noqa: PLC0415 - start-up time

    Key = Annotated[str, Field(pattern=_KEY)]  # noqa: N806 - a type
    Fingerprint = Annotated[str, Field(pattern=_FINGERPRINT)]  # noqa: N806 - a type
    Counted = Annotated[int, Field(ge=1)]  # noqa: N806 - a type

    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

    class OriginPart(Strict):
        creators: tuple[str, ...]
        title: str
        date: str
        ids: tuple[Fingerprint, ...]
        adopted: str

        def value(self) -> Origin:
            return Origin(self.creators, self.title, self.date, self.ids, self.adopted)

    class MergedPart(Strict):
        keys: tuple[Key, ...]
        origin: OriginPart
        fingerprints: tuple[Fingerprint, ...]

        def value(self) -> Part:
            keys = tuple(CitationKey(key) for key in sorted(set(self.keys)))
            return Part(self.origin.value(), keys, tuple(sorted(set(self.fingerprints))))

    class Line(Strict):
        v: Annotated[int, Field(ge=_PLAIN_VERSION, le=VERSION)]
        key: Key
        aliases: tuple[Key, ...]
        how: How
        issued: Counted
        scheme: Counted
        origin: OriginPart
        fingerprints: tuple[Fingerprint, ...]
        merged: tuple[MergedPart, ...] = ()

    def parse(text: str) -> Claim:
        line = Line.model_validate_json(text)
        aliases = {*line.aliases, *(key for part in line.merged for key in part.keys)} - {line.key}
        return Claim(
            key=CitationKey(line.key),
            origin=line.origin.value(),
            fingerprints=tuple(sorted(set(line.fingerprints))),
            aliases=tuple(CitationKey(alias) for alias in sorted(aliases)),
            how=line.how,
            scheme=line.scheme,
            issued=line.issued,
            merged=tuple(sorted(part.value() for part in line.merged)),
        )

    return parse


def _refusal(line: str, place: str, trouble: ValidationError) -> LedgerError:
    if line.startswith(_CONFLICT_MARKS):
        return LedgerError(
            f"{place}: git left a conflict here",
            hint="Delete git's marks and keep the lines of both sides: bibkit unites them. With"
            " `citekeys.jsonl merge=union` in .gitattributes git does so itself.",
        )
    version = _version(line)
    if version > VERSION:
        return LedgerError(
            f"{place}: the ledger is of version {version}, and this bibkit knows version {VERSION} at most",
            hint="Use the bibkit that wrote it, or a newer one.",
        )
    return LedgerError(f"{place}: is not a line of a ledger: {_first_trouble(trouble)}", hint=_HINT)


def _version(line: str) -> int:
    """Return the version that a line says it is of; 0 where it says none that can be read."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return 0
    version = value.get("v") if isinstance(value, dict) else None
    return version if isinstance(version, int) else 0


def _first_trouble(trouble: ValidationError) -> str:
    first = trouble.errors(include_url=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
