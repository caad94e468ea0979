"""The command line: options, progress, printing and exit codes; a command is one call into the pipeline.

A command's function returns its exit code and imports what it needs when it runs, so that `--help` stays
quick. Data goes to standard output, all else to standard error; a traceback goes nowhere, unless
BIBKIT_DEBUG is set.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module
from typing import Final

import click

from bibkit import __version__
from bibkit.errors import BibkitError

_INTERRUPTED = 130
_INTERNAL = 70

# Each command: its module in this package, where it is called as here, and what the list of commands says.
_COMMANDS: Final = {
    "apply": ("sync", "Do what a saved plan says, and nothing else."),
    "cited": ("cited", "The part of the bibliography that a paper cites."),
    "convert": ("convert", "One format to another, or a clean copy."),
    "export": ("export", "Sources to BibTeX, CSL-JSON and RIS, with keys that stay."),
    "formats": ("formats", "List what can be read and written."),
    "keys": ("keys", "Find, explain, pin, rename, merge and check keys."),
    "parse": ("parse", "Print each record as it was read, as JSON."),
    "plan": ("sync", "Show what a sync into Zotero would do."),
    "rewrite": ("rewrite", "Old citation keys in .tex files to the present ones."),
    "status": ("sync", "Say what was last synced, and what is unfinished."),
    "sync": ("sync", "Sync into a Zotero collection: plan and apply in one."),
}


class _Group(click.Group):
    """A group whose commands are imported when they are run or completed; its list needs their names only."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the name, the command itself, and what is left of the arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and command is not None:
            module, _ = _COMMANDS[name]
            command = getattr(import_module(f"bibkit.cli.{module}"), name)
        return name, command, rest


@click.group(
    cls=_Group,
    commands={name: click.Command(name, short_help=said) for name, (_, said) in _COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: `bibkit export` makes exports/ from seeds/. `bibkit COMMAND --help` says more.",
)
@click.version_option(__version__, prog_name="bibkit")
def cli() -> None:
    """Turn paper listings into BibTeX, CSL-JSON and RIS, with citation keys that never change."""


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Data is UTF-8 whatever the locale; what UTF-8 cannot carry (a file's name may be any bytes) is
        # escaped, as JSON escapes it too.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    # What a run holds are trees of frozen values, which the collector of cycles only walks again and again:
    # without it an export takes a sixth less time, and no more memory.
    gc.disable()
    try:
        code = cli.main(prog_name="bibkit", standalone_mode=False)
    except click.ClickException as trouble:
        trouble.show()
        code = trouble.exit_code
    except BibkitError as trouble:
        _say(f"bibkit: {trouble}", fg="red")
        code = trouble.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("bibkit: interrupted; every file is as it was, or whole and new")
        code = _INTERRUPTED
    except Exception as trouble:
        if os.environ.get("BIBKIT_DEBUG"):
            raise
        _say(f"bibkit: internal error: {type(trouble).__name__}: {trouble}", fg="red")
        _say("This is a bug in bibkit. Run it again with BIBKIT_DEBUG=1 and report what it prints.")
        code = _INTERNAL
    sys.exit(code)


def _say(text: str, *, fg: str | None = None) -> None:
    from bibkit.cli.printing import say

    say(text, fg=fg)
