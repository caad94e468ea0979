"""`bibkit export`: sources to bibliographies."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibkit.cli.options import as_of_option, complete_format_names, format_names
from bibkit.cli.printing import (
    block_json,
    count,
    diagnostic_json,
    emit,
    progress_bar,
    say,
    say_counts,
    say_diagnostics,
)

if TYPE_CHECKING:
    from bibkit.config import AliasStyle, FormatName, KeyStyle
    from bibkit.model.dates import PartialDate
    from bibkit.pipeline import ExportReport


@click.command(
    epilog="""\b
Examples:
  bibkit export                               seeds/ to exports/, or what bibkit.toml says
  bibkit export pages/ -o refs --as-of 2026   a folder of listings, retrieved in 2026
  bibkit export pages/ old.bib                listings, and an old .bib whose keys stay
  bibkit export --check                       exit 1 if the exports are not up to date
""",
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Folder for the exports."
)
@click.option(
    "--to",
    multiple=True,
    metavar="FORMAT[,FORMAT...]",
    type=format_names,
    shell_complete=complete_format_names,
    help="What to write: bibtex, biblatex, csljson, ris.",
)
@click.option(
    "--key-style",
    type=click.Choice(["short", "hashed"]),
    help="Citation keys as gao2024ethos (short), or gao2024ethos-qzk (hashed).",
)
@click.option(
    "--aliases",
    type=click.Choice(["ids", "entries"]),
    help="Older keys as biblatex's ids (default), or for BibTeX as entries of their own, too.",
)
@click.option("--ledger", metavar="PATH", type=click.Path(path_type=Path), help="Where issued keys are kept.")
@click.option("--rebuild-ledger", is_flag=True, help="Read the keys of a lost ledger back from the exports.")
@click.option("--new-ledger", is_flag=True, help="Begin a new ledger though exports are there.")
@as_of_option
@click.option("--ascii", "ascii_", is_flag=True, help="Write .bib files in ASCII, with LaTeX escapes.")
@click.option("--strict", is_flag=True, help="Take warnings for errors: write nothing if there are any.")
@click.option("--keep-going", is_flag=True, help="Export what can be read though a source cannot.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the files are not up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on standard output.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
def export(
    paths: tuple[Path, ...],
    output: Path | None,
    to: tuple[tuple[FormatName, ...], ...],
    key_style: KeyStyle | None,
    aliases: AliasStyle | None,
    ledger: Path | None,
    rebuild_ledger: bool,
    new_ledger: bool,
    as_of: PartialDate | None,
    ascii_: bool,
    strict: bool,
    keep_going: bool,
    check: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Read sources, give every work a citation key, and write bibliographies.

    PATH is a listing, a .bib, CSL-JSON or RIS file, a folder of them, or - for standard input. Keys that a
    file brings are kept. Keys that were issued once stay: they are kept in a ledger, citekeys.jsonl, beside
    the exports; keep it under version control.
    """
    from bibkit import pipeline
    from bibkit.config import load_settings

    settings = load_settings(Path(), os.environ)
    settings = replace(
        settings,
        output=output or settings.output,
        ledger=ledger or settings.ledger,
        to=tuple(dict.fromkeys(chain.from_iterable(to))) or settings.to,
        key_style=key_style or settings.key_style,
        ascii=ascii_ or settings.ascii,
        aliases=aliases or settings.aliases,
    )
    settings = settings.with_retrieval(as_of)
    if rebuild_ledger and new_ledger:
        raise click.UsageError("--rebuild-ledger and --new-ledger exclude each other.")
    options = pipeline.ExportOptions(
        strict=strict,
        keep_going=keep_going,
        check=check,
        new_ledger=new_ledger,
        rebuild_ledger=rebuild_ledger,
    )
    with progress_bar(wanted=not quiet) as progress:
        report = pipeline.export(paths or settings.sources, settings, options, progress)
    _say_report(report, quiet=quiet)
    if as_json:
        emit(json.dumps(_report_json(report), ensure_ascii=False, indent=2))
    return report.exit_code()


def _say_report(report: ExportReport, *, quiet: bool) -> None:
    from bibkit.diagnostics import Severity

    serious = [d for d in report.diagnostics if d.severity is not Severity.INFO]
    say_diagnostics(serious, report.rejected)
    if report.refused is not None:
        say(f"bibkit: nothing was written: {report.refused}.", fg="red")
    if quiet:
        return
    say(f"{count(report.sources, 'file')}, {count(report.records, 'record')}, {count(report.works, 'work')}")
    if report.refused is None:
        say(f"citation keys: {report.new_keys:,} new, {report.kept_keys:,} kept")
        changed = "would change" if report.check else "written"
        for path in report.changed:
            say(f"  {path}: {changed}")
        for path in report.unchanged:
            say(f"  {path}: up to date")
    say_counts(report.counts())


def _report_json(report: ExportReport) -> dict[str, object]:
    return {
        "exit_code": report.exit_code(),
        "refused": report.refused,
        "files": report.sources,
        "records": report.records,
        "works": report.works,
        "keys": {"new": report.new_keys, "kept": report.kept_keys},
        "check": report.check,
        "changed": [str(path) for path in report.changed],
        "unchanged": [str(path) for path in report.unchanged],
        "counts": {severity.value: dict(codes) for severity, codes in report.counts().items()},
        "diagnostics": [diagnostic_json(diagnostic) for diagnostic in report.diagnostics],
        "rejected": [block_json(block) for block in report.rejected],
    }
