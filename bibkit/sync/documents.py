"""Plans, states and journals as JSON: values in, text out, and back; pure.

    {"kind": "plan",        what it is: "plan", "state" or "journal"
     "version": 1,          the version of this file format
     "content": {...}}      the fields of `Plan`, `SyncState` or `JournalStart`, all of them, by their names

A journal goes on, line by line, as requests are sent and answered:

    [{"kind": "update", ...}, ...]    the actions that are about to be sent, all fields of `Action`
    [0, 1, 3]                         the places in that line of those that the library took

A line that was cut off where the journal ends was being written when the run ended: it is passed over. So
a request was not sent yet, or its answer is not known.

A text is taken only if it says exactly what would be written of the value that it gives: a field more, a
field less or a number for a text is refused, since a plan is a promise of what will be done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from bibkit.errors import SyncFileError
from bibkit.sync.journal import Journal, JournalStart
from bibkit.sync.plan import Action, Plan
from bibkit.sync.state import Known, SyncState

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION: Final = 1

_Kind = Literal["plan", "state", "journal"]

_CLASSES: Final[dict[_Kind | Literal["sent", "taken"], Any]] = {
    "plan": Plan,
    "state": SyncState,
    "journal": JournalStart,
    "sent": tuple[Action, ...],
    "taken": tuple[int, ...],
}
_HINTS: Final[dict[_Kind, str]] = {
    "plan": "Make the plan anew with `bibkit plan`.",
    "state": (
        "Put state.previous.json, which is beside it, in its place, or delete it. Either way nothing is made "
        "twice and nothing is overwritten; look at `bibkit plan` first for what would be added again."
    ),
    "journal": (
        "Delete it, and look at `bibkit plan` before the next sync: nothing is made twice, but a change that "
        "was just written, and that you took back since, would be made again."
    ),
}


def render_plan(plan: Plan) -> str:
    """Return a plan as text, for a file that a person can read and `parse_plan` takes back."""
    return _render("plan", plan)


def parse_plan(text: str, name: str) -> Plan:
    """Return the plan that a text holds; `name` is the file's, for messages. Raises `SyncFileError`."""
    plan: Plan = _parse("plan", text, name)
    return plan


def render_state(state: SyncState) -> str:
    """Return a state as text, the same for the same state."""
    return _render("state", state)


def parse_state(text: str, name: str) -> SyncState:
    """Return the state that a text holds; `name` is the file's, for messages. Raises `SyncFileError`."""
    state: SyncState = _parse("state", text, name)
    return state


def render_journal_start(start: JournalStart) -> str:
    """Return the first line of a journal."""
    return _render("journal", start, indent=None)


def render_sent(actions: Sequence[Action]) -> str:
    """Return the line of a journal that notes what is about to be sent, in ASCII: it can be cut anywhere."""
    return json.dumps(_adapter("sent").dump_python(tuple(actions), mode="json")) + "\n"


def render_taken(places: Sequence[int]) -> str:
    """Return the line of a journal that notes which of the actions of the line before the library took."""
    return json.dumps(list(places)) + "\n"


def parse_journal(text: str, name: str) -> Journal:
    """Return the journal that a text holds; `name` is the file's, for messages. Raises `SyncFileError`."""
    first, *lines = text.split("\n")
    start: JournalStart = _parse("journal", first, name)
    sent: tuple[Action, ...] = ()
    learned: dict[str, Known] = {}
    answered = taken = 0
    # What stands behind the last line's end was cut off while it was being written.
    for number, line in enumerate(lines[:-1]):
        if number % 2 == 0:
            sent = _parse_line("sent", line, name)
            continue
        places: tuple[int, ...] = _parse_line("taken", line, name)
        if not set(places) <= set(range(len(sent))):
            raise _damaged("journal", name)
        actions = [sent[place] for place in places]
        learned |= {each.origin: Known(each.item, each.wanted) for each in actions if each.item is not None}
        answered, taken, sent = answered + 1, taken + len(actions), ()
    return Journal(start.plan, start.left - taken, start.serial, sent, answered, learned)


def digest_plan(plan: Plan) -> str:
    """Return what tells a plan from every other."""
    return hashlib.sha256(render_plan(plan).encode()).hexdigest()


def _render(kind: _Kind, value: Plan | SyncState | JournalStart, indent: int | None = 1) -> str:
    # The standard library's encoder takes ten times as long.
    content = _adapter(kind).dump_json(value, indent=indent).decode()
    return f'{{"kind": "{kind}", "version": {VERSION}, "content": {content}}}\n'


def _parse(kind: _Kind, text: str, name: str) -> Any:
    from pydantic import ValidationError  # noqa: PLC0415 - start-up time

    damaged = _damaged(kind, name)
    try:
        document = json.loads(text)
    except ValueError:
        raise damaged from None
    version = document.get("version") if isinstance(document, dict) and document.get("kind") == kind else None
    if not isinstance(version, int):
        raise damaged
    if version > VERSION:
        raise SyncFileError(
            f"{name}: was written by a newer bibkit (version {version} of its format)",
            hint="Use that bibkit, or a newer one.",
        )
    adapter = _adapter(kind)
    try:
        value = adapter.validate_python(document.get("content"))
    except ValidationError as trouble:
        place = ".".join(str(step) for step in trouble.errors()[0]["loc"])
        raise SyncFileError(f"{name}: is damaged at {place or 'its top'}", hint=_HINTS[kind]) from trouble
    if adapter.dump_python(value, mode="json") != document["content"]:
        raise damaged
    return value


def _parse_line(kind: Literal["sent", "taken"], line: str, name: str) -> Any:
    from pydantic import ValidationError  # noqa: PLC0415 - start-up time

    adapter = _adapter(kind)
    try:
        sent = json.loads(line)
        value = adapter.validate_python(sent)
    except (ValueError, ValidationError):
        raise _damaged("journal", name) from None
    if adapter.dump_python(value, mode="json") != sent:
        raise _damaged("journal", name)
    return value


def _damaged(kind: _Kind, name: str) -> SyncFileError:
    return SyncFileError(f"{name}: is damaged, or no {kind} of bibkit's", hint=_HINTS[kind])


@cache
def _adapter(kind: _Kind | Literal["sent", "taken"]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - start-up time

    return TypeAdapter(_CLASSES[kind])
