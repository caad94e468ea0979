"""Kinds of option values that several commands take, each checked before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from bibkit.model.dates import PartialDate

WRITABLE: Final = ("bibtex", "biblatex", "csljson", "ris")


class AsOf(click.ParamType):
    """A year, or a whole date, on which listings were retrieved."""

    name = "YEAR|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> PartialDate:
        """Return the date, or fail as click does."""
        from bibkit.config import parse_as_of
        from bibkit.errors import ParseError

        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]  # click converts a converted value again
        try:
            return parse_as_of(value)
        except ParseError as trouble:
            self.fail(str(trouble).replace("\n", ". "), param, ctx)


class FormatNames(click.ParamType):
    """Names of formats, separated by commas."""

    name = "FORMAT[,FORMAT...]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names, each once, or fail as click does."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
        for name in names:
            if name not in WRITABLE:
                self.fail(f"{name!r} is not one of {', '.join(WRITABLE)}.", param, ctx)
        return names

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the last name of the list."""
        del ctx, param
        done, _, begun = incomplete.rpartition(",")
        prefix = f"{done}," if done else ""
        return [CompletionItem(prefix + name) for name in WRITABLE if name.startswith(begun)]
