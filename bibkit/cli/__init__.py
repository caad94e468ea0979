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

import click

from bibkit import __version__
from bibkit.cli.cited import cited
from bibkit.cli.convert import convert
from bibkit.cli.export import export
from bibkit.cli.formats import formats
from bibkit.cli.keys import keys
from bibkit.cli.parse import parse
from bibkit.cli.printing import say
from bibkit.cli.rewrite import rewrite
from bibkit.cli.sync import apply, plan, status, sync
from bibkit.errors import BibkitError

_INTERRUPTED = 130
_INTERNAL = 70


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: `bibkit export` makes exports/ from seeds/. `bibkit COMMAND --help` says more.",
)
@click.version_option(__version__, prog_name="bibkit")
def cli() -> None:
    """Turn paper listings into BibTeX, CSL-JSON and RIS, with citation keys that never change."""


cli.add_command(export)
cli.add_command(convert)
cli.add_command(cited)
cli.add_command(rewrite)
cli.add_command(parse)
cli.add_command(keys)
cli.add_command(formats)
for command in (plan, apply, sync, status):
    cli.add_command(command)


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
        say(f"bibkit: {trouble}", fg="red")
        code = trouble.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("bibkit: interrupted; every file is as it was, or whole and new")
        code = _INTERRUPTED
    except Exception as trouble:
        if os.environ.get("BIBKIT_DEBUG"):
            raise
        say(f"bibkit: internal error: {type(trouble).__name__}: {trouble}", fg="red")
        say("This is a bug in bibkit. Run it again with BIBKIT_DEBUG=1 and report what it prints.")
        code = _INTERNAL
    sys.exit(code)
