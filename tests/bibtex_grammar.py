"""A strict scanner of `.bib` files, to BibTeX's own grammar, for what the writers make; it shares no code.

Braces are counted raw, as BibTeX does: a backslash before one changes nothing. Anything that is not an entry,
a blank line or what `junk` allows is a failure.
"""

import re
from dataclasses import dataclass

_START = re.compile(r"@([a-z]+)\{([^\s\x00-\x1f\"#%'(),={}]+),\n")
_NAME = re.compile(r"  ([A-Za-z][A-Za-z0-9_.:+/-]*) *= ")
_MACRO = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class ScannedEntry:
    type: str
    key: str
    fields: dict[str, str]
    macros: frozenset[str]


class NotBibtexError(AssertionError):
    """Text that is not what BibTeX's grammar and our layout allow."""


def scan(text: str) -> list[ScannedEntry]:
    """Return the entries of a file, which holds nothing else but the blank lines between them."""
    entries = []
    position = 0
    while position < len(text):
        if entries:
            position = _expect("\n", text, position)
        entry, position = _entry(text, position)
        entries.append(entry)
    return entries


def _entry(text: str, position: int) -> tuple[ScannedEntry, int]:
    start = _START.match(text, position)
    if start is None:
        raise NotBibtexError(text[position : position + 80])
    type_, key = start.groups()
    fields: dict[str, str] = {}
    macros = set()
    position = start.end()
    while not text.startswith("}\n", position):
        name = _NAME.match(text, position)
        if name is None or name[1].lower() in map(str.lower, fields):
            raise NotBibtexError(text[position : position + 80])
        value, position = _value(text, name.end())
        fields[name[1]] = value
        if text[name.end()] != "{":
            macros.add(name[1])
        position = _expect("\n" if text.startswith("\n}\n", position) else ",\n", text, position)
    return ScannedEntry(type_, key, fields, frozenset(macros)), position + 2


def _value(text: str, position: int) -> tuple[str, int]:
    if text[position] != "{":
        macro = _MACRO.match(text, position)
        if macro is None:
            raise NotBibtexError(text[position : position + 80])
        return macro[0], macro.end()
    depth = 0
    for end in range(position, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[position + 1 : end], end + 1
    raise NotBibtexError(text[position : position + 80])


def _expect(wanted: str, text: str, position: int) -> int:
    if not text.startswith(wanted, position):
        raise NotBibtexError(f"{wanted!r} expected: {text[position : position + 80]!r}")
    return position + len(wanted)
