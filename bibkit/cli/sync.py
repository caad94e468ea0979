"""`bibkit plan`, `apply`, `sync` and `status`: works into a Zotero collection."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bibkit.cli.options import as_of_option
from bibkit.cli.printing import count, diagnostic_json, emit, say, say_counts, say_diagnostics

if TYPE_CHECKING:
    from bibkit.config import Settings
    from bibkit.model.dates import PartialDate
    from bibkit.sync.plan import Action, Plan
    from bibkit.sync.store import Owner
    from bibkit.syncing import SyncReport
    from bibkit.zotero.client import ZoteroLibrary

_SHOWN: Final = 100
_CONTEXT: Final = 20
_KINDS: Final = ("create", "adopt", "update", "keep", "conflict", "noop")

_paths = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
_strict = click.option("--strict", is_flag=True, help="Take warnings for errors: sync nothing if any.")
_keep_going = click.option("--keep-going", is_flag=True, help="Sync what can be read though a source cannot.")
_as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the report as JSON on standard output."
)
_quiet = click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")


@click.command(
    epilog="""\b
Examples:
  bibkit plan                      what would be done; exit 1 if anything would change
  bibkit plan -o plan.json         save it, for `bibkit apply plan.json`
""",
)
@_paths
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Save the plan for `bibkit apply`.",
)
@as_of_option
@_strict
@_keep_going
@_as_json
def plan(
    paths: tuple[Path, ...],
    output: Path | None,
    as_of: PartialDate | None,
    strict: bool,
    keep_going: bool,
    as_json: bool,
) -> int:
    """Show what a sync of the sources into the Zotero collection would do, item by item.

    Nothing is written to the library. With -o the plan is saved, together with the ledger of citation keys
    that it needs. Exit code 1 says that something would change.
    """
    from bibkit import syncing

    with _failure_told(as_json=as_json):
        settings = _settings().with_retrieval(as_of)
        options = syncing.SyncOptions(strict=strict, keep_going=keep_going)
        with _library(settings) as library:
            report = syncing.plan(paths or settings.sources, settings, options, library, output=output)
    _say_sources(report, quiet=False)
    _show(report, as_json=as_json)
    return report.exit_code


@click.command(
    epilog="Example: `bibkit plan -o plan.json`, read it, then `bibkit apply plan.json`",
)
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--max-changes", metavar="N", type=click.IntRange(min=0), help="Refuse to write more items.")
@_as_json
@_quiet
def apply(file: Path, max_changes: int | None, as_json: bool, quiet: bool) -> int:
    """Do exactly what a plan of `bibkit plan -o` says.

    An item that was changed in Zotero since is left alone and reported (exit code 75). If it was interrupted,
    apply the same plan again: it goes on where it stopped.
    """
    from bibkit import syncing

    _say_start("apply", quiet=quiet)
    with _failure_told(as_json=as_json):
        settings = _settings()
        options = syncing.SyncOptions(max_changes=max_changes)
        with _library(settings, quiet=quiet) as library:
            report = syncing.apply(file, settings, options, library, _owner())
    _say_outcome(report, quiet=quiet)
    if as_json:
        emit(json.dumps(_report_json(report), ensure_ascii=False, indent=2))
    return report.exit_code


@click.command(
    epilog="""\b
Examples:
  bibkit sync                      what bibkit.toml says, into the collection that it names
  bibkit sync --dry-run            show what it would do
  bibkit sync --max-changes 50     for schedulers: stop before writing more than that
""",
)
@_paths
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@click.option("--max-changes", metavar="N", type=click.IntRange(min=0), help="Refuse to write more items.")
@click.option("--allow-shrink", is_flag=True, help="Go on though most works are gone from the sources.")
@as_of_option
@_strict
@_keep_going
@_as_json
@_quiet
def sync(
    paths: tuple[Path, ...],
    dry_run: bool,
    max_changes: int | None,
    allow_shrink: bool,
    as_of: PartialDate | None,
    strict: bool,
    keep_going: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Create in Zotero what is missing, adopt what is there, and never touch what you did.

    Made for schedulers: a second run writes nothing, two runs never run at once, and exit code 75 means that
    the next run will do the rest.
    """
    from bibkit import syncing

    options = syncing.SyncOptions(
        strict=strict, keep_going=keep_going, max_changes=max_changes, allow_shrink=allow_shrink
    )
    if not dry_run:
        _say_start("sync", quiet=quiet)
    with _failure_told(as_json=as_json):
        settings = _settings().with_retrieval(as_of)
        sources = paths or settings.sources
        with _library(settings, quiet=quiet) as library:
            if dry_run:
                report = syncing.plan(sources, settings, options, library)
            else:
                report = syncing.sync(sources, settings, options, library, _owner(), now=_now())
    if dry_run:
        _say_sources(report, quiet=quiet)
        _show(report, as_json=as_json)
        return 0 if report.exit_code == 1 else report.exit_code
    _say_sources(report, quiet=quiet)
    _say_outcome(report, quiet=quiet)
    if as_json:
        emit(json.dumps(_report_json(report), ensure_ascii=False, indent=2))
    return report.exit_code


@click.command(epilog="Example: `bibkit status`")
@_as_json
def status(as_json: bool) -> int:
    """Say what was last synced when, and what a run that was interrupted did not come to; asks no server."""
    from bibkit import syncing

    with _failure_told(as_json=as_json):
        report = syncing.status(_settings())
    state = report.state
    if as_json:
        value = {
            "exit_code": 0,
            "error": None,
            "library": report.library,
            "last_sync": state.synced_at or None,
            "collection": state.collection,
            "target": state.target,
            "works": len(state.works),
            "gone": len(state.gone),
            "unfinished": report.left,
        }
        emit(json.dumps(value, ensure_ascii=False, indent=2))
        return 0
    emit(f"library:     {report.library}")
    emit(f"last sync:   {state.synced_at or 'never'}")
    if state.collection:
        emit(f"collection:  {state.target} ({state.collection})")
    gone = f" ({len(state.gone):,} of them gone from the sources)" if state.gone else ""
    emit(f"works:       {len(state.works):,}{gone}")
    left = f"{count(report.left, 'item')} of a run that ended early; the next `bibkit sync` goes on with that"
    emit(f"unfinished:  {left if report.left else 'nothing'}")
    return 0


def _settings() -> Settings:
    from bibkit.config import load_settings

    return load_settings(Path(), os.environ)


def _library(settings: Settings, *, quiet: bool = False) -> ZoteroLibrary:
    from bibkit import syncing
    from bibkit.diagnostics import warning

    if settings.zotero.is_overheard():
        what = "zotero.endpoint is no https address: the API key goes over the network for anyone to read"
        say_diagnostics([warning("unencrypted-key", what)], ())
    # Why a run stands still is said as it happens: a person waits for it, or reads of it the next morning.
    tell = None if quiet else lambda why: say(f"{_now()} {why}")
    return syncing.open_library(settings.zotero, os.environ, tell)


def _owner() -> Owner:
    from bibkit.sync.store import Owner

    return Owner(socket.gethostname(), os.getpid(), dt.datetime.now(dt.UTC).timestamp())


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _say_start(command: str, *, quiet: bool) -> None:
    if not quiet:
        say(f"{_now()} {command}")


@contextmanager
def _failure_told(*, as_json: bool) -> Iterator[None]:
    """Give the reader of the report one also where the run failed; the error goes its way."""
    from bibkit.errors import BibkitError

    try:
        yield
    except BibkitError as trouble:
        if as_json:
            emit(json.dumps({"exit_code": trouble.exit_code, "error": str(trouble)}, ensure_ascii=False))
        raise


def _say_sources(report: SyncReport, *, quiet: bool) -> None:
    from bibkit.diagnostics import Severity

    sources = report.sources
    if sources is None:
        return
    say_diagnostics([d for d in sources.diagnostics if d.severity is not Severity.INFO], sources.rejected)
    if not quiet:
        say(f"{count(sources.sources, 'file')}, {count(sources.works, 'work')}")
        say_counts(sources.counts())


def _show(report: SyncReport, *, as_json: bool) -> None:
    if as_json:
        emit(json.dumps(_report_json(report), ensure_ascii=False, indent=2))
    elif report.plan is not None:
        for line in _plan_lines(report.plan):
            emit(line)


def _say_outcome(report: SyncReport, *, quiet: bool) -> None:
    for each in report.not_done:
        say(f"not done: {each.action.citation_key}: {_short(each.message)}", fg="red")
    if quiet:
        return
    if report.plan is None or report.outcome is None:
        say(f"{_now()} {report.library}: nothing has changed since the last run")
        return
    for action in report.plan.actions:
        if action.kind != "noop" or action.reason:
            for line in _action_lines(action):
                say(line)
    outcome = report.outcome
    parts = [f"{count(outcome.written, 'item')} written"]
    done_before = len(report.plan.writes) - outcome.written - outcome.unchanged - len(outcome.not_done)
    if outcome.unchanged:
        parts.append(f"{outcome.unchanged:,} found as wanted")
    if outcome.not_done:
        parts.append(f"{len(outcome.not_done):,} not done")
    if done_before > 0:
        parts.append(f"{done_before:,} done before")
    say(f"{_now()} {report.library}: {_counts(report.plan)}; {', '.join(parts)}")


def _plan_lines(plan: Plan) -> list[str]:
    lines = [f"collection {each.name!r} would be created" for each in plan.new_collections]
    for action in plan.actions:
        lines += _action_lines(action)
    if any(action.kind == "adopt" and action.write is not None for action in plan.actions):
        lines.append(
            "adopt: bibkit has not written these items before, or does not remember it. What is empty"
        )
        lines.append("       is filled and what is missing is added, also what you emptied or removed.")
    if plan.gone:
        lines.append(f"{count(len(plan.gone), 'work')} gone from the sources; their items are left alone")
    return [*lines, _counts(plan)]


def _counts(plan: Plan) -> str:
    counts = plan.counts
    named = [(kind, counts.get(kind, 0)) for kind in _KINDS]  # type: ignore[call-overload]
    return ", ".join(f"{kind} {number:,}" for kind, number in named if number) or "no works"


def _action_lines(action: Action) -> list[str]:
    place = f" ({action.item})" if action.item and action.kind != "create" else ""
    reason = f": {action.reason}" if action.reason else ""
    lines = [f"{action.kind.value:9}{action.citation_key}{place}{reason}"]
    if action.kind == "create":
        # All of a new item is new: its title tells which one it is.
        return lines + [f"    {c.name}: {_quoted(c.new)}" for c in action.changes if c.name == "title"]
    for change in action.changes:
        old, new = _pair(change.old, change.new)
        lines.append(f"    {change.name}: {old} -> {new}")
    for kept in action.kept:
        held, wanted = _pair(kept.held, kept.wanted)
        lines.append(f"    {kept.name}: {held} stays, not {wanted}")
    return lines


def _pair(one: str, other: str) -> tuple[str, str]:
    """Return two texts as they are shown beside each other: long ones from where they begin to differ."""
    same = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, same - _CONTEXT) if max(len(one), len(other)) > _SHOWN else 0
    return _quoted(one, start), _quoted(other, start)


def _quoted(text: str, start: int = 0) -> str:
    # Others may have written it: what a terminal would obey, or not show, stands as an escape.
    quoted = json.dumps(text[start : start + _SHOWN], ensure_ascii=False)
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in quoted)
    return ("..." if start else "") + shown + ("..." if len(text) > start + _SHOWN else "")


def _short(text: str) -> str:
    # The server's words, in one line, with nothing in them that a terminal obeys.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _report_json(report: SyncReport) -> dict[str, Any]:
    plan, outcome, sources = report.plan, report.outcome, report.sources
    counts = {} if plan is None else plan.counts
    return {
        "exit_code": report.exit_code,
        "error": None,
        "library": report.library,
        "up_to_date": plan is None or not (plan.writes or plan.new_collections),
        "counts": {kind: counts.get(kind, 0) for kind in _KINDS},  # type: ignore[call-overload]
        "written": 0 if outcome is None else outcome.written,
        "not_done": [
            {
                "citation_key": each.action.citation_key,
                "item": each.action.item,
                "reason": each.reason.value,
                "message": each.message,
            }
            for each in report.not_done
        ],
        "collections": [] if plan is None else [each.name for each in plan.new_collections],
        "gone": 0 if plan is None else len(plan.gone),
        "actions": [] if plan is None else [_action_json(action) for action in plan.actions],
        "diagnostics": [] if sources is None else [diagnostic_json(each) for each in sources.diagnostics],
    }


def _action_json(action: Action) -> dict[str, Any]:
    return {
        "kind": action.kind.value,
        "citation_key": action.citation_key,
        "item": action.item,
        "reason": action.reason,
        "changes": [{"name": c.name, "old": c.old, "new": c.new} for c in action.changes],
        "kept": [{"name": k.name, "wanted": k.wanted, "held": k.held} for k in action.kept],
    }
