"""Words that names and titles use, from `bibkit/data/words.txt`: `read_words`.

In: the name of a section of that table. Out: its words. Refuses to know what follows from them.
"""

from __future__ import annotations

import pkgutil
from functools import cache


def read_words(section: str) -> frozenset[str]:
    """Return the words of a section; raise `KeyError` for one that the table does not have."""
    return _sections()[section]


@cache
def _sections() -> dict[str, frozenset[str]]:
    """Read the table: the one place here that reads anything."""
    data = pkgutil.get_data("bibkit", "data/words.txt")
    assert data is not None  # noqa: S101 - None is for loaders that have no data; ours has, or raises
    words: dict[str, list[str]] = {}
    section = ""
    for line in data.decode("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            words[section] = []
        elif section and not line.startswith("#"):
            words[section].extend(line.split())
    return {name: frozenset(entries) for name, entries in words.items()}
