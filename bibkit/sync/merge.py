"""Three-way merge of one item: what bibkit last wanted, what it wants, what the library holds; pure.

The law that all of it stands on: the base is what bibkit last *wanted*, never what the library held after
it. Wanted "a", the user made it "b": if the base became "b", the next run would see that bibkit's "a" differs
from it and the library does not, and would write "a" over the user. With base "a" it changes nothing:

* merging again with `base` = what was wanted writes nothing, whatever the user had done (fixpoint);
* a value that differs from the base is the user's, and stays for as long as it differs.

Nothing is ever taken from an item but what bibkit put there and does not want any more, and the user did not
touch. Tags and memberships are only added; one that bibkit ever wanted and that is not there was removed by
the user, and is not put back. Nor is a text that the user emptied. Sources forget and remember: a base thus
keeps what was taken away, also while nothing of the kind is wanted (`Merge.base`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from bibkit.sync.library import CollectionKey, ItemCreator, ItemWrite, RemoteItem, Tag
from bibkit.sync.values import EXTRA, ItemValues, find_lines, put_line

CREATORS: Final = "creators"
TAGS: Final = "tags"
COLLECTIONS: Final = "collections"

_Value = TypeVar("_Value", str, tuple[ItemCreator, ...])


@dataclass(frozen=True, slots=True)
class Change:
    """A value that bibkit sets: its name (a field, or the label of a line in `extra`), and both texts."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A value of the user's that stays where bibkit wants another one."""

    name: str
    wanted: str
    held: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge comes to: `write` is None where nothing is to be written, `changes` say what it does.

    `kept` are values that differ and stay; they are there again at every merge, as long as they differ.
    `base` is what the next merge is to be made against, once the write has succeeded.
    """

    write: ItemWrite | None
    changes: tuple[Change, ...]
    kept: tuple[Kept, ...]
    base: ItemValues


def merge_item(base: ItemValues | None, desired: ItemValues, remote: RemoteItem) -> Merge:
    """Merge one item; `base` is None for an item that bibkit never wanted anything of (adopted, state lost).

    With no base, what is empty is filled, and what differs stays. `desired` must be made for the type that
    the remote item has. The base may be of another: the user, who changed the type, then finds values under
    other names, and one that is under none of them was emptied.
    """
    # With no base, bibkit wanted nothing of the item: an empty value is what it left, and can be filled.
    before = base or ItemValues(type=remote.type)
    notes = _Notes()
    fields: dict[str, str] = {}
    for name in _names(before.fields, desired.fields):
        wanted = desired.fields.get(name, "")
        was = _last_wanted(before.fields, name)
        if before.type != remote.type and name not in before.fields and wanted in before.fields.values():
            was = None
        if notes.decide(name, was, wanted, remote.fields.get(name, "")):
            fields[name] = wanted
    extra = remote.fields.get(EXTRA, "")
    for label in _names(before.lines, desired.lines):
        line = desired.lines.get(label, "")
        if notes.decide(label, _last_wanted(before.lines, label), line, find_lines(extra, label)):
            extra = fields[EXTRA] = put_line(extra, label, line)
    # A work that lost all its creators says nothing of them: the item keeps those that it has.
    creators = bool(desired.creators) and notes.decide(
        CREATORS, before.creators, desired.creators, remote.creators, render_creators
    )
    tags = _with_tags(before, desired, remote)
    if tags is not None:
        notes.changes.append(Change(TAGS, _render_tags(remote.tags), _render_tags(tags)))
    collections = _with_collections(before, desired, remote)
    if collections is not None:
        notes.changes.append(Change(COLLECTIONS, " ".join(remote.collections), " ".join(collections)))
    write = ItemWrite(
        key=remote.key,
        version=remote.version,
        fields=fields,
        creators=desired.creators if creators else None,
        tags=tags,
        collections=collections,
    )
    return Merge(
        write if notes.changes else None,
        tuple(notes.changes),
        tuple(notes.kept),
        _next_base(before, desired, remote),
    )


def render_creators(creators: tuple[ItemCreator, ...]) -> str:
    """Return creators as text for people: `author: van der Berg, Jan; editor: A Body`."""
    return "; ".join(
        f"{creator.type}: {creator.name}, {creator.given}"
        if creator.given
        else f"{creator.type}: {creator.name}"
        for creator in creators
    )


class _Notes:
    """What one merge comes to, as it goes from value to value."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.kept: list[Kept] = []

    def decide(
        self,
        name: str,
        was: _Value | None,
        wanted: _Value,
        held: _Value,
        render: Callable[[_Value], str] = str,
    ) -> bool:
        """Say whether a value is to be set, and note why, or why not; `was` None: whatever is there stays."""
        if held == wanted or not (was or wanted):  # as it should be, or never a matter of bibkit's
            return False
        if held != was:  # the user changed it, or somebody wrote it before bibkit came
            self.kept.append(Kept(name, render(wanted), render(held)))
            return False
        self.changes.append(Change(name, render(held), render(wanted)))
        return True


def _last_wanted(before: Mapping[str, str], name: str) -> str | None:
    """Return the text that was wanted, "" for none, and None for one that the user emptied."""
    return before.get(name, "") or (None if name in before else "")


def _next_base(before: ItemValues, desired: ItemValues, remote: RemoteItem) -> ItemValues:
    extra = remote.fields.get(EXTRA, "")
    fields, lines = dict(desired.fields), dict(desired.lines)
    # What the user changed, and is not wanted any more, stays the user's if it is wanted again. That a field
    # is empty which the item's new type does not have, nobody decided.
    for name, was in before.fields.items():
        held = remote.fields.get(name, "")
        if not was or (held != was and before.type == remote.type):
            fields.setdefault(name, "")
    for label, was in before.lines.items():
        if not was or find_lines(extra, label) != was:
            lines.setdefault(label, "")
    tags = {tag.name: tag for tag in (*before.tags, *desired.tags)}
    return ItemValues(
        type=desired.type,
        fields=fields,
        creators=desired.creators or before.creators,
        tags=tuple(tags.values()),
        lines=lines,
        collections=tuple(dict.fromkeys((*before.collections, *desired.collections))),
    )


def _names(before: Mapping[str, str], desired: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*desired, *before]))


def _with_tags(before: ItemValues, desired: ItemValues, remote: RemoteItem) -> tuple[Tag, ...] | None:
    held = {tag.name for tag in remote.tags}
    removed = {tag.name for tag in before.tags} - held
    missing = tuple(tag for tag in desired.tags if tag.name not in held and tag.name not in removed)
    return (*remote.tags, *missing) if missing else None


def _with_collections(
    before: ItemValues, desired: ItemValues, remote: RemoteItem
) -> tuple[CollectionKey, ...] | None:
    held = set(remote.collections)
    removed = set(before.collections) - held
    missing = tuple(key for key in desired.collections if key not in held and key not in removed)
    return (*remote.collections, *missing) if missing else None


def _render_tags(tags: tuple[Tag, ...]) -> str:
    return ", ".join(tag.name for tag in tags)
