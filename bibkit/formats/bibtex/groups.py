"""Text in which braces hide what they hold: masks, and what stands between separators outside."""

from __future__ import annotations

import re
from typing import Final

_BRACE: Final = re.compile(r"[{}]")
_WHITE: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]{2,}|[\t-\r\x1c-\x1f\x85\u2028\u2029]")

# What `btxdoc` teaches for sorting: a macro that prints nothing of its argument.
_NOOPSORT: Final = re.compile(r"\{\\noopsort\s*\{[^{}]*\}\s*\}|\\noopsort\s*\{[^{}]*\}", re.IGNORECASE)

HIDDEN: Final = "\x1a"
"""Stands in a mask for what is in braces: no letter, no blank, no comma."""


def single_blanks(value: str) -> str:
    """Return a value with a space for every run of blanks and line breaks; other spaces of Unicode stay."""
    if "  " not in value and value.isprintable():  # which is soon seen
        return value
    return _WHITE.sub(" ", value)


def without_sort_hints(value: str) -> str:
    """Return a value without what stands in it for sorting alone."""
    return _NOOPSORT.sub("", value) if "\\" in value and "oopsort" in value.lower() else value


def hide(value: str) -> str:
    """Return a mask of a value: the same text and length, with every group in braces hidden."""
    if "{" not in value:
        return value
    out: list[str] = []
    depth = at = 0
    for brace in _BRACE.finditer(value):
        if brace[0] == "{":
            if not depth:
                out.append(value[at : brace.start()])
                at = brace.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                out.append(HIDDEN * (brace.end() - at))
                at = brace.end()
    out.append(HIDDEN * (len(value) - at) if depth else value[at:])
    return "".join(out)


def split_outside(source: str, mask: str, separator: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return what stands between separators, with its mask, and without blanks and ties around it.

    A separator has no groups.
    """
    if source is mask:
        return [(part, part) for part in [piece.strip(" ~") for piece in separator.split(source)]]
    parts: list[tuple[str, str]] = []
    start = 0
    for match in separator.finditer(mask):
        parts.append(_stripped(source[start : match.start()], mask[start : match.start()]))
        start = match.end()
    parts.append(_stripped(source[start:], mask[start:]))
    return parts


def closing(source: str, opening: int) -> int:
    """Return where the group that opens there closes; the end of the source if it never does."""
    depth = 0
    for brace in _BRACE.finditer(source, opening):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return brace.start()
    return len(source)


def _stripped(source: str, mask: str) -> tuple[str, str]:
    """Return a source and its mask without blanks and ties around them."""
    text = mask.strip(" ~")
    if len(text) == len(mask):
        return source, mask
    start = len(mask) - len(mask.lstrip(" ~"))
    return source[start : start + len(text)], text
