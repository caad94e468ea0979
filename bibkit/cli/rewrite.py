r"""`bibkit rewrite`: present keys in the place of old ones in `.tex` files."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibkit.cli.printing import count, diagnostic_json, emit, emit_bytes, say, say_diagnostics

if TYPE_CHECKING:
    from bibkit.pipeline.rewriting import RewritePlan

_OK = 0
_WOULD_CHANGE = 1


@click.command(
    epilog="""\b
Examples:
  bibkit rewrite paper.tex chapters/*.tex     show what would change, then ask
  bibkit rewrite --check paper.tex            show it, write nothing; exit 1 if there is anything
  bibkit rewrite --yes paper.tex              write without asking, for scripts
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--ledger", metavar="PATH", type=click.Path(path_type=Path), help="Where issued keys are kept.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--check", "--dry-run", "check", is_flag=True, help="Write nothing; exit 1 if anything would change."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on standard output.")
@click.option("-q", "--quiet", is_flag=True, help="Print no diff, and nothing but errors and warnings.")
def rewrite(
    paths: tuple[Path, ...], ledger: Path | None, yes: bool, check: bool, as_json: bool, quiet: bool
) -> int:
    r"""Put the present citation key in the place of each old one.

    Keys that were renamed or merged away are aliases in the ledger; in \cite and its like (those of LaTeX,
    natbib, biblatex and others, and commands that the paper defines by them) each becomes the key that its
    work has now. Keys that the ledger does not know stay, and so do comments, verbatim text and every other
    byte. The diff comes first; without a terminal to ask on, --yes has it written. Only the files that are
    named are changed; those that they include are looked at, and named if they have old keys.
    """
    from bibkit.config import load_settings
    from bibkit.files import STANDARD_INPUT
    from bibkit.pipeline import rewriting

    if yes and check:
        raise click.UsageError("--yes and --check exclude each other.")
    if any(str(path) == STANDARD_INPUT for path in paths):
        raise click.UsageError("standard input cannot be rewritten: name a file.")
    settings = load_settings(Path(), os.environ)
    settings = replace(settings, ledger=ledger or settings.ledger)
    plan = rewriting.plan_rewriting(paths, settings)
    _say_plan(plan, quiet=quiet, with_diff=not (as_json or quiet))
    written: list[Path] = []
    if plan.plans and not check and (yes or _agreed(plan)):
        written = rewriting.apply_rewriting(plan)
    code = _WOULD_CHANGE if len(written) < len(plan.plans) else _OK
    if not quiet:
        for one in plan.plans:
            say(f"  {one.path}: {'written' if one.path in written else 'would change'}")
    if as_json:
        emit(json.dumps(_report_json(plan, written, code), ensure_ascii=False, indent=2))
    return code


def _agreed(plan: RewritePlan) -> bool:
    """Ask, on a terminal; without one the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        say("bibkit: nothing was written: there is no terminal to ask on (--yes writes without asking).")
        return False
    return click.confirm(f"Rewrite {count(len(plan.plans), 'file')}?", err=True)


def _say_plan(plan: RewritePlan, *, quiet: bool, with_diff: bool) -> None:
    from bibkit.diagnostics import Severity
    from bibkit.files import exact_bytes

    if with_diff:
        emit_bytes(b"".join(exact_bytes(one.diff) for one in plan.plans))
    said = [one for one in plan.diagnostics if not quiet or one.severity is not Severity.INFO]
    say_diagnostics(said, ())
    if not quiet:
        changes = sum(len(one.changes) for one in plan.plans)
        say(f"{count(plan.files, 'file')}, {count(changes, 'old key')}")


def _report_json(plan: RewritePlan, written: list[Path], code: int) -> dict[str, object]:
    return {
        "exit_code": code,
        "files": plan.files,
        "written": [str(path) for path in written],
        "changes": [
            {
                "path": str(one.path),
                "line": change.line,
                "column": change.column,
                "command": change.command,
                "old": change.old,
                "new": change.new,
                "joined": change.joined,
            }
            for one in plan.plans
            for change in one.changes
        ],
        "diagnostics": [diagnostic_json(diagnostic) for diagnostic in plan.diagnostics],
    }
