"""Kinds of option values that several commands take, each checked before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from bibkit.model.dates import PartialDate

WRITABLE: Final = ("bibtex", "biblatex", "csljson", "ris")
READABLE: Final = ("listing", *WRITABLE)


def as_of(text: str) -> PartialDate:
    """Return the year, or the whole date, on which listings were retrieved; fail as click does."""
    from bibkit.config import parse_as_of
    from bibkit.errors import ParseError

    try:
        return parse_as_of(text)
    except ParseError as trouble:
        raise click.BadParameter(str(trouble).replace("\n", ". ")) from trouble


as_of_option = click.option(
    "--as-of",
    metavar="YEAR|DATE",
    type=as_of,
    help="When the listings were retrieved: the year of dates without one.",
)


def format_names(text: str) -> tuple[str, ...]:
    """Return the formats of a list with commas, each once; fail as click does."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if name not in WRITABLE:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(WRITABLE)}.")
    return names


def complete_format_names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the last name of a list with commas."""
    del context, parameter
    done, comma, begun = incomplete.rpartition(",")
    return [CompletionItem(done + comma + name) for name in WRITABLE if name.startswith(begun)]
