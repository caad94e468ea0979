"""Making many values of a frozen dataclass quickly.

A frozen class sets every field through a call of `object.__setattr__`, which is most of what a record or a
person costs. Knows nothing of what the values are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, make_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")


def maker_of(frozen: type[Value]) -> Callable[..., Value]:
    """Return what makes the same values as a frozen dataclass with slots, from the same arguments.

    It is a class of the same slots that is not frozen: it sets its fields, and turns into the frozen class.
    Raises `TypeError` for a class with a check of its own or defaults made anew: they would be left out.
    """
    if hasattr(frozen, "__post_init__"):
        raise TypeError(f"{frozen.__name__} checks its fields")
    if any(one.default_factory is not MISSING for one in fields(frozen)):
        raise TypeError(f"{frozen.__name__} makes defaults anew")

    def freeze(self: object) -> None:
        self.__class__ = frozen  # the two have one layout

    return make_dataclass(
        frozen.__name__,
        [
            (one.name, Any) if one.default is MISSING else (one.name, Any, one.default)
            for one in fields(frozen)
        ],
        namespace={"__post_init__": freeze},
        slots=True,
        kw_only=all(one.kw_only for one in fields(frozen)),
        eq=False,
        repr=False,
    )
