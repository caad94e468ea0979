"""Older citation keys to those of now, as a script for `sed -E`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bibkit.model.work import CitationKey

#: What ends a key in LaTeX and in Markdown; between two of these a key is one whole word.
_BEFORE: Final = r"(^|[{,@[:space:]])"
_AFTER: Final = r"([],;}[:space:]]|$)"


def sed_script(moved: Mapping[CitationKey, CitationKey]) -> Iterator[str]:
    """Yield the lines of a script for `sed -E`; it goes on until nothing is left to replace.

    A new key is never an old one, so that it ends.
    """
    yield "# For `sed -E -f`: older citation keys to those of now."
    if moved:
        yield ":again"
    for old, new in moved.items():
        pattern = re.sub(r"[][\\.*^$+?(){}|/]", r"\\\g<0>", old)
        text = re.sub(r"[\\&/]", r"\\\g<0>", new)
        yield rf"s/{_BEFORE}{pattern}{_AFTER}/\1{text}\2/"
        yield "t again"
