"""What edits do to a text, as a unified diff, which people read and `patch` applies.

In: the old text and the edits, which tell what changed, so that nothing is searched for. Out: the diff.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from bibkit.citing.rewriting import Edit

_CONTEXT: Final = 3
_NO_END: Final = "\n\\ No newline at end of file\n"


class _Changed(NamedTuple):
    """Lines of the old text, by their numbers from 0, and what stands there in the new one."""

    first: int
    behind: int
    new: list[str]


def render_diff(name: str, text: str, edits: Sequence[Edit]) -> str:
    """Return the unified diff between a text and what edits make of it; nothing where there are none."""
    if not edits:
        return ""
    lines = _lines(text)
    parts = [f"--- {name}\n+++ {name}\n"]
    shift = 0
    for hunk in _hunks(list(_changed(text, lines, edits))):
        begin = max(0, hunk[0].first - _CONTEXT)
        end = min(len(lines), hunk[-1].behind + _CONTEXT)
        body: list[str] = []
        at, grown = begin, 0
        for change in hunk:
            body.extend(f" {line}" for line in lines[at : change.first])
            body.extend(f"-{line}" for line in lines[change.first : change.behind])
            body.extend(f"+{line}" for line in change.new)
            at = change.behind
            grown += len(change.new) - (change.behind - change.first)
        body.extend(f" {line}" for line in lines[at:end])
        parts.append(f"@@ -{_range(begin, end)} +{_range(begin + shift, end + shift + grown)} @@\n")
        parts.extend(line if line.endswith("\n") else line + _NO_END for line in body)
        shift += grown
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Return the lines of a text as `diff` and `patch` see them: only LF ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _changed(text: str, lines: Sequence[str], edits: Sequence[Edit]) -> Iterator[_Changed]:
    """Yield the stretches of lines that change; edits on one line are of one stretch."""
    starts = [0, *accumulate(map(len, lines))]
    gathered: list[Edit] = []
    first = behind = 0
    for edit in edits:
        line = bisect_right(starts, edit.start) - 1
        if gathered and line >= behind:
            yield _Changed(first, behind, _new_lines(text, starts[first], starts[behind], gathered))
            gathered = []
        if not gathered:
            first = line
        gathered.append(edit)
        behind = min(max(behind, bisect_right(starts, edit.end)), len(lines))
    yield _Changed(first, behind, _new_lines(text, starts[first], starts[behind], gathered))


def _new_lines(text: str, start: int, end: int, edits: Sequence[Edit]) -> list[str]:
    parts = []
    for edit in edits:
        parts.append(text[start : edit.start])
        parts.append(edit.new)
        start = edit.end
    return _lines("".join(parts) + text[start:end])


def _hunks(changes: Sequence[_Changed]) -> Iterator[list[_Changed]]:
    """Yield changes in groups that share their context."""
    hunk: list[_Changed] = []
    for change in changes:
        if hunk and change.first - hunk[-1].behind > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    yield hunk


def _range(begin: int, end: int) -> str:
    count = end - begin
    if count == 1:
        return str(begin + 1)
    return f"{begin + 1 if count else begin},{count}"
