r"""`bibkit cited`: the part of the bibliography that a paper cites."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibkit.cli.options import WRITABLE, as_of_option
from bibkit.cli.printing import (
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
    from bibkit.model.dates import PartialDate
    from bibkit.pipeline.citing import CitedReport, Order


@click.command(
    epilog="""\b
Examples:
  bibkit cited paper.aux -o paper.bib         what BibTeX was asked for, for BibTeX
  bibkit cited paper.bcf -o paper.bib         what biber was asked for, for biblatex
  bibkit cited paper.tex -t csljson           what is cited in the source, before LaTeX has run
""",
)
@click.argument("papers", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("-t", "--to", type=click.Choice(WRITABLE), help="What to write; else as OUT and the paper say.")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    default=Path("-"),
    type=click.Path(path_type=Path),
    help="Where to write; standard output without it.",
)
@click.option(
    "-s",
    "--source",
    "sources",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Where the works are, as for `bibkit export`; may be repeated.",
)
@click.option(
    "--order",
    type=click.Choice(["cited", "sorted"]),
    default="cited",
    help="In the order of the first citations (default), or of the keys.",
)
@click.option("--ledger", metavar="PATH", type=click.Path(path_type=Path), help="Where issued keys are kept.")
@as_of_option
@click.option("--ascii", "ascii_", is_flag=True, help="Write a .bib file in ASCII, with LaTeX escapes.")
@click.option("--keep-going", is_flag=True, help="Write the rest though keys are unknown (still exit 65).")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the report as JSON on standard output (with -o)."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
def cited(
    papers: tuple[Path, ...],
    to: str | None,
    output: Path,
    sources: tuple[Path, ...],
    order: Order,
    ledger: Path | None,
    as_of: PartialDate | None,
    ascii_: bool,
    keep_going: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    r"""Write the works that a paper cites, for a paper that is handed in with what it cites alone.

    FILE is an .aux or a .bcf file, which say what BibTeX and biber were asked for; a .tex file, with all that
    it includes; or - for standard input. \nocite{*} is everything.

    Keys are those of the ledger; `bibkit export` gives new works theirs first. Old keys stand for their
    works, and the paper compiles as it stands: biblatex gets them as `ids`, and all else has the entry under
    the key that the paper cites. A key that stands for no work is an error, with the place and the nearest
    keys.
    """
    from bibkit.config import load_settings
    from bibkit.pipeline import citing

    if as_json and output == citing.STANDARD_OUTPUT:
        raise click.UsageError("--json prints on standard output: name a file with -o.")
    settings = load_settings(Path(), os.environ)
    settings = replace(settings, ledger=ledger or settings.ledger, ascii=ascii_ or settings.ascii)
    settings = settings.with_retrieval(as_of)
    options = citing.CitedOptions(
        to=to or _of_name(output), output=output, order=order, keep_going=keep_going
    )
    with progress_bar(wanted=not quiet) as progress:
        report = citing.cited(papers, sources or settings.sources, settings, options, progress)
    _say_report(report, quiet=quiet)
    if as_json:
        emit(json.dumps(_report_json(report), ensure_ascii=False, indent=2))
    elif report.refused is None and output == citing.STANDARD_OUTPUT:
        emit_file(report.text)
    return report.exit_code()


def _of_name(output: Path) -> str | None:
    """Return the format that the output's name tells; of the dialects of `.bib` it tells none."""
    from bibkit.formats import detect_by_name

    found = detect_by_name(output.name)
    return None if found is None or found.writer is None or ".bib" in found.extensions else found.name


def _say_report(report: CitedReport, *, quiet: bool) -> None:
    from bibkit.diagnostics import Severity

    said = [one for one in report.diagnostics if not quiet or one.severity is not Severity.INFO]
    say_diagnostics(said, ())
    if report.refused is not None:
        say(f"bibkit: nothing was written: {report.refused}.", fg="red")
    if quiet:
        return
    entries = f"{report.entries:,} entries" if report.entries != 1 else "1 entry"
    say(f"{count(report.files, 'file')}, {count(report.cited, 'key')} cited: {entries} for {report.to}")
    if report.refused is None and report.output != Path("-"):
        say(f"  {report.output}: {'written' if report.changed else 'up to date'}")
    say_counts(report.counts())


def _report_json(report: CitedReport) -> dict[str, object]:
    return {
        "exit_code": report.exit_code(),
        "refused": report.refused,
        "files": report.files,
        "to": report.to,
        "output": str(report.output),
        "changed": report.changed,
        "cited": report.cited,
        "entries": report.entries,
        "unknown": list(report.unknown),
        "counts": {severity.value: dict(codes) for severity, codes in report.counts().items()},
        "diagnostics": [diagnostic_json(diagnostic) for diagnostic in report.diagnostics],
    }
