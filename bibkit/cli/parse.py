"""`bibkit parse`: each record of the inputs as it was read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibkit.cli.options import as_of_option
from bibkit.cli.printing import emit, progress_bar, say_diagnostics

if TYPE_CHECKING:
    from bibkit.model.dates import PartialDate


@click.command(
    epilog="""\b
Examples:
  bibkit parse seeds/                      every record, one JSON object a line
  bibkit parse page.txt --as-of 2026 | jq .title
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@as_of_option
def parse(paths: tuple[Path, ...], as_of: PartialDate | None) -> int:
    """Print each record as it was read, one JSON object a line, in the order of the inputs.

    PATH is a listing, a .bib, CSL-JSON or RIS file, a folder of them, or - for standard input. Nothing is
    collated and no key is given. What could not be read, and what is worth saying, goes to standard error.
    """
    from bibkit import pipeline
    from bibkit.config import load_settings
    from bibkit.diagnostics import Severity
    from bibkit.errors import InputError

    settings = load_settings(Path(), os.environ).with_retrieval(as_of)
    with progress_bar(wanted=True) as progress:
        loaded = pipeline.load(paths, settings, progress)
    for value in pipeline.parsed(loaded):
        emit(json.dumps(value, ensure_ascii=False))
    say_diagnostics(loaded.all_diagnostics(), loaded.rejected())
    failed = any(diagnostic.severity is Severity.ERROR for diagnostic in loaded.all_diagnostics())
    return InputError.exit_code if failed else 0
