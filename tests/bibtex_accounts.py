"""What of a `.bib` text its reading accounts for: one law for properties, real files and the fuzzer.

It asks the text alone and the records and blocks that came of it, and shares no code with the scanner.
"""

import re
from collections import Counter

from bibkit.formats.base import ReadResult
from bibkit.formats.bibtex.reader import EXPANDED, GIVEN
from bibkit.model.record import Record

# Every letter and digit, and every `@`, of which several in a row begin one block.
_COUNTED = re.compile(r"[^\W_]|@+")


def unaccounted(text: str, result: ReadResult) -> dict[str, int]:
    """Return of which letters, digits and `@` a reading has too few, or (below zero) too many: of none.

    Each stands once in the text of a block, or in the type, the key, a field's name or a field's source of a
    record; where several `@` stand together, or before a space, they count as one.
    """
    found = _counted([text])
    found.subtract(_counted([block.text for block in result.blocks]))
    for record in result.records:
        found.subtract(_counted(_pieces(record)))
    return {character: count for character, count in found.items() if count}


def _pieces(record: Record) -> list[str]:
    pieces = [record.brought_key or ""]
    for name, source in record.raw:
        if name != EXPANDED and not name.startswith(GIVEN):
            pieces += [name, source]
    return pieces


def _counted(texts: list[str]) -> Counter[str]:
    return Counter("@" if found[0] == "@" else found for text in texts for found in _COUNTED.findall(text))
