"""`bibkit convert`: any format to any other, or to itself, clean."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibkit.cli.options import READABLE, WRITABLE
from bibkit.cli.printing import (
    block_json,
    count,
    diagnostic_json,
    emit,
    emit_file,
    progress_bar,
    say,
    say_counts,
    say_diagnostics,
)

if TYPE_CHECKING:
    from bibkit.pipeline import ConvertReport
    from bibkit.pipeline.converting import EntryLoss, Keys


@click.command(
    epilog="""\b
Examples:
  bibkit convert refs.bib -t csljson -o refs.json   what CSL-JSON cannot carry is named
  bibkit convert refs.bib -o clean.bib              a clean copy: order and comments stay
  curl ... | bibkit convert - -t bibtex             the format is told by the text
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="IN...", type=click.Path(path_type=Path))
@click.option("-t", "--to", type=click.Choice(WRITABLE), help="What to write, if OUT's name does not say it.")
@click.option(
    "-f",
    "--from",
    "source",
    type=click.Choice(READABLE),
    help="What the inputs are, if their text and names do not say it.",
)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    default=Path("-"),
    type=click.Path(path_type=Path),
    help="Where to write; standard output without it.",
)
@click.option(
    "--keys",
    type=click.Choice(["keep", "assign"]),
    default="keep",
    help="Keep the inputs' citation keys, making those that are missing (default), or make all of them.",
)
@click.option("--ascii", "ascii_", is_flag=True, help="Write a .bib file in ASCII, with LaTeX escapes.")
@click.option("--strict", is_flag=True, help="Take warnings for errors: write nothing if there are any.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the report as JSON on standard output (with -o)."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
def convert(
    paths: tuple[Path, ...],
    to: str | None,
    source: str | None,
    output: Path,
    keys: Keys,
    ascii_: bool,
    strict: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Write the entries of any files to one file, and name what it cannot carry.

    IN is a file, a folder, or - for standard input. Nothing is collated, and no ledger is kept. A file
    converted to its own format is a clean copy, with its order, comments and values as they were written;
    all else is sorted by key.
    """
    from bibkit import pipeline
    from bibkit.config import load_settings
    from bibkit.pipeline.converting import STANDARD_OUTPUT

    to = to or _of_name(output)
    if as_json and output == STANDARD_OUTPUT:
        raise click.UsageError("--json prints on standard output: name a file with -o.")
    settings = load_settings(Path(), os.environ)
    settings = replace(settings, ascii=ascii_ or settings.ascii)
    options = pipeline.ConvertOptions(to=to, output=output, source=source, keys=keys, strict=strict)
    with progress_bar(wanted=not quiet) as progress:
        report = pipeline.convert(paths, settings, options, progress)
    _say_report(report, quiet=quiet)
    if as_json:
        emit(json.dumps(_report_json(report), ensure_ascii=False, indent=2))
    elif report.refused is None and output == STANDARD_OUTPUT:
        emit_file(report.text)
    return report.exit_code()


def _of_name(output: Path) -> str:
    """Return the format that the output's name tells."""
    from bibkit.formats import detect_by_name

    found = detect_by_name(output.name)
    if found is None or found.writer is None:
        what = (
            "name a file with -o (refs.json), or a format with -t"
            if output == Path("-")
            else f"{output.name} is the name of no format that is written: name it with -t"
        )
        raise click.UsageError(f"{what}, one of {', '.join(WRITABLE)}.")
    return found.name


def _say_report(report: ConvertReport, *, quiet: bool) -> None:
    from bibkit.diagnostics import Severity

    said = [d for d in report.diagnostics if not quiet or d.severity is not Severity.INFO]
    say_diagnostics(said, report.rejected)
    for loss in () if quiet else report.losses:
        say(str(loss))
    if report.refused is not None:
        say(f"bibkit: nothing was written: {report.refused}.", fg="red")
    if quiet:
        return
    formats = ", ".join(dict.fromkeys(format_ for _, format_ in report.sources)) or "nothing"
    made = f", {count(report.made_keys, 'citation key')} made" if report.made_keys else ""
    entries = "1 entry" if report.records == 1 else f"{report.records:,} entries"
    say(f"{count(len(report.sources), 'file')} ({formats}) to {report.to}: {entries}{made}")
    if report.refused is None and report.output != Path("-"):
        say(f"  {report.output}: {'written' if report.changed else 'up to date'}")
    say_counts(report.counts())


def _report_json(report: ConvertReport) -> dict[str, object]:
    return {
        "exit_code": report.exit_code(),
        "refused": report.refused,
        "sources": [{"path": path, "format": format_} for path, format_ in report.sources],
        "to": report.to,
        "output": str(report.output),
        "changed": report.changed,
        "records": report.records,
        "keys": {"made": report.made_keys, "kept": report.records - report.made_keys},
        "losses": [_loss_json(loss) for loss in report.losses],
        "counts": {severity.value: dict(codes) for severity, codes in report.counts().items()},
        "diagnostics": [diagnostic_json(diagnostic) for diagnostic in report.diagnostics],
        "rejected": [block_json(block) for block in report.rejected],
    }


def _loss_json(loss: EntryLoss) -> dict[str, object]:
    return {
        "code": loss.code,
        "message": loss.message,
        "key": loss.key,
        "path": None if loss.source is None else loss.source.path,
        "line": None if loss.source is None else loss.source.line,
    }
