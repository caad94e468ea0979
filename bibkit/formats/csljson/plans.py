"""What to do with the members of an item, which their names tell: found out once for all items with the same.

Knows which variable says which field of a record; what reads a value that is no plain text is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

from bibkit.formats.csljson.source import ROLE_OF, TEXT_FIELDS
from bibkit.formats.csljson.tables import OLD_NAMES
from bibkit.formats.csljson.variables import Json

Reading = Callable[[Any, str, Json], None]
"""A method of the reader: takes the name of a variable and its value, which is no plain text."""

_SPECIAL: Final = frozenset({"id", "citation-key", "type", "custom"})
# Text without markup is a record's as it stands, and would be written so again; in these only if this holds.
_PLAIN_IF: Final[Mapping[str, Callable[[str], bool]]] = {
    "DOI": lambda text: text.startswith("10."),
    "note": lambda text: ":" not in text,
    "page": lambda text: text.isascii() and "--" not in text,
}


class Step(NamedTuple):
    """What to do with the member at a place in an item.

    Text of its variable that has no markup, and that `is_plain` if there is anything to ask, is that `field`
    of a record; any other value is for `reading`, under the `name` of the variable.
    """

    at: int
    field: str | None
    is_plain: Callable[[str], bool] | None
    reading: Reading
    name: str


class Plan(NamedTuple):
    """What to do with the members of items that have the same ones, in the same order.

    `places` has the place of each name, the last of those that it has; `doubles` are the others. `steps` has
    what to do with all of them. `texts_of` gets those that are text in most items, and need only be free of
    markup; `fields` has the record's fields for these, and `others` are the steps of the rest. `creators` are
    the variables with names, in the order of their roles.
    """

    names: tuple[str, ...]
    places: dict[str, int]
    doubles: tuple[int, ...]
    steps: tuple[Step, ...]
    texts_of: Callable[[tuple[Json, ...]], tuple[Json, ...]]
    fields: tuple[str, ...]
    others: tuple[Step, ...]
    creators: tuple[str, ...]


def plan_of(names: tuple[str, ...], readings: Mapping[str, Reading], other: Reading) -> Plan:
    """Return the plan for members of these names; an old name is none beside the new one.

    `readings` has what reads a variable, and `other` reads those that are not among them.
    """
    places = {name: at for at, name in enumerate(names)}
    steps = []
    for name, at in places.items():
        if name not in _SPECIAL:
            new = OLD_NAMES.get(name, name)
            known_as = name if new in places else new
            reading = readings.get(name, other)
            steps.append(Step(at, TEXT_FIELDS.get(name), _PLAIN_IF.get(name), reading, known_as))
    texts = {step.at: step.field for step in steps if step.field is not None and step.is_plain is None}
    return Plan(
        names,
        places,
        tuple([at for at, name in enumerate(names) if places[name] != at]),
        tuple(steps),
        # The getter returns a tuple where it gets two or more.
        itemgetter(*texts) if len(texts) > 1 else lambda values: tuple([values[at] for at in texts]),
        tuple(texts.values()),
        tuple([step for step in steps if step.at not in texts]),
        tuple([variable for variable in ROLE_OF if variable in places]),
    )


def are_plain(values: Sequence[Json]) -> bool:
    """Return whether all values are text without markup."""
    try:
        return "" not in values and "<" not in "".join(values)  # type: ignore[arg-type]
    except TypeError:
        return False
