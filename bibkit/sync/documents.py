"""Plans, states and journals as JSON: values in, text out, and back; pure.

    {"kind": "plan",        what it is: "plan", "state" or "journal"
     "version": 1,          the version of this file format
     "content": {...}}      the fields of `Plan`, `SyncState` or `Journal`, all of them, by their names

A text is taken only if it says exactly what would be written of the value that it gives: a field more, a
field less or a number for a text is refused, since a plan is a promise of what will be done.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from bibkit.errors import SyncFileError
from bibkit.sync.journal import Journal
from bibkit.sync.plan import Plan
from bibkit.sync.state import SyncState

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION: Final = 1

_Kind = Literal["plan", "state", "journal"]

_CLASSES: Final[dict[_Kind, type[Plan | SyncState | Journal]]] = {
    "plan": Plan,
    "state": SyncState,
    "journal": Journal,
}
_HINTS: Final[dict[_Kind, str]] = {
    "plan": "Make the plan anew with `bibkit plan`.",
    "state": "Put the kept copy in its place. Without a state, sync finds its items and overwrites nothing.",
    "journal": "Delete it: what it says is found again in the library, except what was removed there since.",
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


def render_journal(journal: Journal) -> str:
    """Return a journal as text."""
    return _render("journal", journal)


def parse_journal(text: str, name: str) -> Journal:
    """Return the journal that a text holds; `name` is the file's, for messages. Raises `SyncFileError`."""
    journal: Journal = _parse("journal", text, name)
    return journal


def digest_plan(plan: Plan) -> str:
    """Return what tells a plan from every other."""
    return hashlib.sha256(render_plan(plan).encode()).hexdigest()


def _render(kind: _Kind, value: Plan | SyncState | Journal) -> str:
    # A state is written after every batch: the standard library's encoder takes ten times as long.
    content = _adapter(kind).dump_json(value, indent=1).decode()
    return f'{{"kind": "{kind}", "version": {VERSION}, "content": {content}}}\n'


def _parse(kind: _Kind, text: str, name: str) -> Any:
    from pydantic import ValidationError  # noqa: PLC0415 - start-up time

    damaged = SyncFileError(f"{name}: is damaged, or no {kind} of bibkit's", hint=_HINTS[kind])
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


@cache
def _adapter(kind: _Kind) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - start-up time

    return TypeAdapter(_CLASSES[kind])
