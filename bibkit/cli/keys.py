"""`bibkit keys`: find citation keys, explain them, change them, and look after those that were issued."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bibkit.cli.printing import count, emit, progress_bar, say, say_diagnostics
from bibkit.cli.sed import sed_script

if TYPE_CHECKING:
    from bibkit.citekeys import Claim
    from bibkit.citekeys.explaining import Explanation
    from bibkit.config import Settings
    from bibkit.pipeline.keys import ChangeReport, CheckReport, KeyRing, KnownWork

_LONGEST_TITLE: Final = 60
_LEDGER = click.option(
    "--ledger", metavar="PATH", type=click.Path(path_type=Path), help="Where issued keys are kept."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on standard output.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")


@click.group(
    epilog="""\b
Examples:
  bibkit keys list gao fine-tuning              a paper's key, by words of title, names and year
  bibkit keys rename gao2024mobizo gao-mobizo   your own key; the old one goes on working
  bibkit keys merge gao2024mobizo gao2025mobizo two entries that are one paper
""",
)
def keys() -> None:
    """Find the key of a work, see where it comes from, choose another, or make two works one.

    The keys are those that `bibkit export` has issued. KEY may be a key or an older one. A key that is given
    up stays an alias for ever. After a change, `bibkit export` brings the exports up to date.
    """


@keys.command(
    "list", short_help="The keys of works, by words.", epilog="Example: `bibkit keys list gao 2024`"
)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@_LEDGER
@_JSON
def list_(words: tuple[str, ...], ledger: Path | None, as_json: bool) -> int:
    """List the works that have all WORDs in title, names, year or key, one a line: key, year, name, title."""
    ring = _look(ledger)
    works = ring.matching(words)
    if as_json:
        _emit_json([_work_json(work) for work in works])
    width = max((len(work.key) for work in works), default=0)
    for work in () if as_json else works:
        emit(_line(work, width))
    if not works and words:
        say(f"no work has {' and '.join(words)} in title, names, year or key")
    if ring.unissued:
        say(f"{count(ring.unissued, 'work')} of the sources has no key yet: `bibkit export` issues it.")
    return ring.exit_code()


@keys.command(
    short_help="A work: its sources, its aliases.", epilog="Example: `bibkit keys show gao2024mobizo`"
)
@click.argument("key", metavar="KEY")
@_LEDGER
@_JSON
def show(key: str, ledger: Path | None, as_json: bool) -> int:
    """Show the work that a key stands for, where its sources are, its older keys, and how it came to them."""
    ring = _look(ledger)
    work = ring.find(key)
    if as_json:
        _emit_json(_work_json(work))
    else:
        for name, value in _facts(work):
            emit(f"{name:<10} {value}")
    return ring.exit_code()


@keys.command(short_help="Why a key is what it is.", epilog="Example: `bibkit keys why gao2024mobizo-kqw`")
@click.argument("key", metavar="KEY")
@_LEDGER
@_JSON
def why(key: str, ledger: Path | None, as_json: bool) -> int:
    """Say what a key was made from, which inputs have the work, and which others wanted the key."""
    from bibkit.pipeline import keys as issued

    ring = _look(ledger)
    explained = issued.explain(ring, key)
    work = ring.find(key)
    if as_json:
        _emit_json(_explanation_json(explained, work))
        return ring.exit_code()
    for reason in explained.reasons:
        emit(reason)
    if explained.claim.key != work.key:
        emit(f"The sources show that the work is that of {work.key}, which has {key} as an alias now.")
    for record in work.sources:
        brought = f", as {record.brought_key}" if record.brought_key else ""
        emit(f"{record.source} has it{brought}.")
    if not work.sources:
        emit("None of the `sources` of bibkit.toml (by default seeds) has it.")
    return ring.exit_code()


@keys.command(short_help="Keep a key as your choice.", epilog="Example: `bibkit keys pin gao2024mobizo`")
@click.argument("key", metavar="KEY")
@_LEDGER
@_DRY_RUN
@_JSON
def pin(key: str, ledger: Path | None, dry_run: bool, as_json: bool) -> int:
    """Mark the key of a work as a person's choice: in a merge it stays before one that was not."""
    from bibkit.pipeline import keys as issued

    return _report(issued.pin_key(_settings(ledger), key, dry_run=dry_run), as_json=as_json)


@keys.command(
    short_help="Give a work another key.", epilog="Example: `bibkit keys rename gao2024mobizo gao-mobizo`"
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_LEDGER
@_DRY_RUN
@_JSON
def rename(old: str, new: str, ledger: Path | None, dry_run: bool, as_json: bool) -> int:
    """Make NEW the key of the work that OLD stands for, and pin it; the key before it becomes an alias.

    NEW may be an older key of the same work: the two change places.
    """
    from bibkit.pipeline import keys as issued

    return _report(issued.rename_key(_settings(ledger), old, new, dry_run=dry_run), as_json=as_json)


@keys.command(
    short_help="Make two works one.",
    epilog="Example: `bibkit keys merge gao2024mobizo gao2025mobizo`",
)
@click.argument("one", metavar="KEY")
@click.argument("other", metavar="KEY")
@_LEDGER
@_DRY_RUN
@_JSON
def merge(one: str, other: str, ledger: Path | None, dry_run: bool, as_json: bool) -> int:
    """Say that two works are one, though their titles or identifiers differ; both keys go on working.

    The key that was pinned stays, else one that a file brought, else the older. The sources stay as they are:
    the next export joins what they say. git keeps the ledger as it was, should it turn out to be wrong.
    """
    from bibkit.pipeline import keys as issued

    return _report(issued.merge_keys(_settings(ledger), one, other, dry_run=dry_run), as_json=as_json)


@keys.command(
    short_help="Fail if a committed key is lost.",
    epilog="Example: `bibkit keys check --staged`, as a pre-commit hook of git",
)
@click.option("--staged", is_flag=True, help="Look at what is staged for the next commit, not at the file.")
@_LEDGER
@_JSON
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but keys that are lost.")
def check(staged: bool, ledger: Path | None, as_json: bool, quiet: bool) -> int:
    """Compare the ledger with that of git's last commit; exit 1 if a key is missing, or another work's."""
    from bibkit.pipeline import keys as issued

    report = issued.check_keys(_settings(ledger), staged=staged)
    _say_check(report, quiet=quiet)
    if as_json:
        _emit_json(_check_json(report))
    return report.exit_code()


@keys.command(
    "map",
    short_help="Older keys and what they are now.",
    epilog="Example: `bibkit keys map --format sed > keys.sed; sed -E -i -f keys.sed paper.tex`",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["tsv", "json", "sed"]),
    default="tsv",
    help="Old and new with a tab between them (default), a JSON object, or a script for `sed -E`.",
)
@_LEDGER
def map_(format_: str, ledger: Path | None) -> int:
    """Print every older key with the key that its work has now."""
    ring = _look(ledger)
    moved = ring.moved()
    match format_:
        case "json":
            _emit_json(moved)
        case "sed":
            emit("\n".join(sed_script(moved)))
        case _:
            for old, new in moved.items():
                emit(f"{old}\t{new}")
    return ring.exit_code()


def _settings(ledger: Path | None) -> Settings:
    from bibkit.config import load_settings

    settings = load_settings(Path(), os.environ)
    return replace(settings, ledger=ledger or settings.ledger)


def _look(ledger: Path | None) -> KeyRing:
    """Return what ledger and sources say, having said which sources cannot be read."""
    from bibkit.pipeline import keys as issued

    with progress_bar(wanted=True) as progress:
        ring = issued.look_at_keys(_settings(ledger), progress)
    say_diagnostics(ring.diagnostics, ())
    return ring


def _emit_json(value: object) -> None:
    emit(json.dumps(value, ensure_ascii=False, indent=2))


def _line(work: KnownWork, width: int) -> str:
    name = work.creators[0] if work.creators else "-"
    title = work.title if len(work.title) <= _LONGEST_TITLE else f"{work.title[: _LONGEST_TITLE - 3]}..."
    gone = "" if work.sources else "  (in no source)"
    return f"{work.key:<{width}}  {work.year or '-':<4}  {name}  {title}{gone}"


def _facts(work: KnownWork) -> Iterator[tuple[str, str]]:
    record = work.record
    yield "key", f"{work.key} ({_came(work.claim)})"
    if work.aliases:
        yield "aliases", ", ".join(work.aliases)
    yield "title", work.title
    yield "by", ", ".join(work.creators)
    if record is not None and record.issued is not None:
        yield "date", record.issued.isoformat()
    elif record is None and work.claim.origin.date:
        yield "date", work.claim.origin.date
    for text in work.claim.all_fingerprints():
        kind, _, name = text.partition(":")
        if kind != "title":
            yield kind, name
    for part in work.claim.merged:
        yield "merged", f'"{part.origin.title}" ({", ".join(part.keys)})'
    for place in work.places():
        yield "source", str(place)
    if not work.sources:
        yield "source", "none of the `sources` of bibkit.toml (by default seeds); shown as the ledger has it"


def _came(claim: Claim) -> str:
    how = {"pinned": "chosen by a person", "adopted": "brought by a file", "made": "made by the scheme"}
    return f"{how[claim.how.value]}; issued in run {claim.issued}"


def _work_json(work: KnownWork) -> dict[str, Any]:
    return {
        "key": work.key,
        "aliases": list(work.aliases),
        "title": work.title,
        "creators": list(work.creators),
        "year": work.year or None,
        "how": work.claim.how.value,
        "issued": work.claim.issued,
        "merged": [{"keys": list(part.keys), "title": part.origin.title} for part in work.claim.merged],
        "sources": [{"path": place.path, "line": place.line} for place in work.places()],
    }


def _explanation_json(explained: Explanation, work: KnownWork) -> dict[str, Any]:
    origin = explained.part.origin
    return {
        "key": explained.key,
        "present": work.key,
        "how": explained.claim.how.value,
        "issued": explained.claim.issued,
        "origin": {
            "creators": list(origin.creators),
            "title": origin.title,
            "date": origin.date,
            "ids": list(origin.ids),
        },
        "rivals": [{"key": rival.key, "issued": rival.issued} for rival in explained.rivals],
        "reasons": list(explained.reasons),
        "sources": [{"path": place.path, "line": place.line} for place in work.places()],
    }


def _report(report: ChangeReport, *, as_json: bool) -> int:
    say_diagnostics(report.diagnostics, ())
    if as_json:
        _emit_json(_change_json(report))
    else:
        for line in _changes(report):
            emit(line)
    if report.written:
        say(f"{report.path}: written. `bibkit export` brings the exports up to date.")
    elif report.dry_run:
        say(f"{report.path}: nothing was written (--dry-run)")
    else:
        say(f"{report.path}: up to date")
    return report.exit_code()


def _changes(report: ChangeReport) -> Iterator[str]:
    """Yield what is done, or would be, in sentences."""
    from bibkit.citekeys import Act
    from bibkit.citekeys.claims import about

    change = report.change
    after = change.after
    match change.act:
        case Act.NOTHING:
            yield f"{after.key}: nothing to do; it is so already"
        case Act.PINNED:
            yield f"{after.key}: pinned, {about(after)}"
        case Act.RENAMED:
            yield f"{change.before[0].key} -> {after.key}: renamed, {about(after)}"
        case Act.MERGED:
            one, other = change.before
            yield f"{other.key} -> {one.key}: merged, {about(other)}"
            yield f"into {about(one)}"
    if after.aliases:
        yield f"{after.key} has the aliases {', '.join(after.aliases)}"


def _change_json(report: ChangeReport) -> dict[str, Any]:
    change = report.change
    return {
        "exit_code": report.exit_code(),
        "ledger": str(report.path),
        "dry_run": report.dry_run,
        "written": report.written,
        "change": change.act.value,
        "before": [{"key": claim.key, "aliases": list(claim.aliases)} for claim in change.before],
        "after": {
            "key": change.after.key,
            "aliases": list(change.after.aliases),
            "how": change.after.how.value,
        },
    }


def _say_check(report: CheckReport, *, quiet: bool) -> None:
    from bibkit.citekeys.claims import about

    what = "what is staged" if report.staged else "it"
    for lost in report.lost:
        now = "is missing" if lost.now is None else f"is that of {about(lost.now)} now"
        say(f"{report.path}: {lost.key} {now}; it was issued to {about(lost.was)}", fg="red")
    if report.lost:
        say("Take the lines back from git, or unite both: any set of lines is a ledger.")
    if quiet:
        return
    match report.outcome.value:
        case "kept":
            say(f"{report.path}: all {count(report.keys, 'key')} of the last commit stand in {what}")
        case "lost":
            say(f"{report.path}: {len(report.lost):,} of {count(report.keys, 'key')} lost in {what}")
        case "no-commit":
            say(f"{report.path}: git has no commit yet: there is nothing to compare with")
        case _:
            say(f"{report.path}: is not in git's last commit: there is nothing to compare with")


def _check_json(report: CheckReport) -> dict[str, Any]:
    return {
        "exit_code": report.exit_code(),
        "ledger": str(report.path),
        "staged": report.staged,
        "outcome": report.outcome.value,
        "keys": report.keys,
        "missing": [lost.key for lost in report.lost if lost.now is None],
        "moved": [
            {"key": lost.key, "was": lost.was.origin.title, "is": lost.now.origin.title}
            for lost in report.lost
            if lost.now is not None
        ],
    }
