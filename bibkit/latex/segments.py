r"""What in a record's text is maths: text goes in, a tuple of `Text`, `Maths` and `Dollar` comes out.

The rule is pandoc's: `$...$` is maths if the opening dollar has no space at its right, and the next dollar
has no space at its left and no digit at its right; so the prices in `$5--$10` are text. One thing is added:
a digit may follow if what stands between is maths for certain (a macro, a script, a group, a lone letter):
`$\sim$10`. `$$...$$` is maths. `\$` is no delimiter, in text and in maths; `\\` is a pair of its own.

All of it is linear: between two dollars every character is looked at once or twice.
Knows neither what TeX takes (`bibkit.latex.maths`) nor how anything is written (`bibkit.latex.writer`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_BODY: Final = r"((?:[^$\\]++|\\.)++)"
DISPLAY: Final = re.compile(rf"\$\${_BODY}\$\$", re.DOTALL)
INLINE: Final = re.compile(rf"\$(?!\$){_BODY}\$", re.DOTALL)
EVIDENCE: Final = re.compile(r"\\[A-Za-z]|[\^_{]")
_STOP: Final = re.compile(r"\\.|\$", re.DOTALL)

ESCAPED: Final = "\ufdd0"
"""Stands for `\\$` while a text is looked at; a noncharacter, which no text may hold."""


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Maths:
    """A stretch of maths, with its dollars."""

    text: str


@dataclass(frozen=True, slots=True)
class Dollar:
    r"""A dollar, as `$` or as `\$`, in a text where an unescaped one could be taken for maths."""

    text: str


Segment = Text | Maths | Dollar


def split_maths(text: str) -> tuple[Segment, ...]:
    r"""Return the segments of a record's text; joined again, they are the text.

    `Dollar` occurs only in a text that holds `\$`, and only if it would be maths without that backslash.
    """
    if "$" not in text:
        return (Text(text),) if text else ()
    segments: list[Segment] = []
    done = 0
    for start, end in maths_spans(text):
        if start > done:
            segments.append(Text(text[done:start]))
        segments.append(Maths(text[start:end]))
        done = end
    if done < len(text):
        segments.append(Text(text[done:]))
    if "\\$" in text and dollars_matter(_escapes_marked(segments)):
        return tuple(part for segment in segments for part in _without_dollars(segment))
    return tuple(segments)


def maths_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each stretch of maths."""
    spans = []
    position = 0
    backslash = text.find("\\")
    while (start := text.find("$", position)) >= 0:
        while 0 <= backslash < start:
            position = backslash + 2
            backslash = text.find("\\", position)
        if start < position:
            continue  # a backslash stands before it
        position = start + 1
        display = text.startswith("$$", start)
        found = (DISPLAY if display else INLINE).match(text, start)
        if found is None:
            continue
        end = found.end()
        if is_maths(found[1], "" if display else text[end : end + 1]):
            spans.append((start, end))
            position = end
            if 0 <= backslash < end:
                backslash = text.find("\\", end)
    return spans


def is_maths(body: str, after: str) -> bool:
    """Return whether what stands between dollars is maths; `after` is the next character, or nothing."""
    if body[0].isspace() or body[-1].isspace():
        return False
    if not ("0" <= after <= "9"):
        return True
    return (len(body) == 1 and body.isalpha()) or EVIDENCE.search(body) is not None


def dollars_matter(marked: str) -> bool:
    """Return whether a dollar that is marked as `ESCAPED` would delimit maths if it were not escaped."""
    plain = marked.replace(ESCAPED, "$")
    return any(ESCAPED in marked[start:end] for start, end in maths_spans(plain))


def _escapes_marked(segments: list[Segment]) -> str:
    """Return the text with every escaped dollar outside of maths marked."""
    return "".join(
        _STOP.sub(lambda stop: ESCAPED if stop[0] == "\\$" else stop[0], segment.text)
        if isinstance(segment, Text)
        else segment.text
        for segment in segments
    )


def _without_dollars(segment: Segment) -> list[Segment]:
    """Return a segment with the dollars in its text as segments of their own."""
    if not isinstance(segment, Text):
        return [segment]
    parts: list[Segment] = []
    done = 0
    for stop in _STOP.finditer(segment.text):
        if stop[0] in {"$", "\\$"}:
            if stop.start() > done:
                parts.append(Text(segment.text[done : stop.start()]))
            parts.append(Dollar(stop[0]))
            done = stop.end()
    if done < len(segment.text):
        parts.append(Text(segment.text[done:]))
    return parts
