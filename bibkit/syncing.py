"""The use cases of sync: plan, apply, sync, status. Joins the pipeline's works with a Zotero library.

Like `bibkit.pipeline` it knows no terminal: what there is to say comes back in a report. The clock, the
process and the environment enter as arguments.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from bibkit import __version__, files, pipeline
from bibkit.citekeys import resolve
from bibkit.config import Settings, ZoteroSettings
from bibkit.credentials import find_api_key
from bibkit.diagnostics import Diagnostic, Severity
from bibkit.errors import (
    BrakeError,
    ConfigError,
    InputError,
    NotAllowedError,
    ServiceError,
    SyncFileError,
    TemporaryError,
    UnreadableSourceError,
)
from bibkit.formats.base import Tally
from bibkit.model.work import Entry
from bibkit.sync.apply import NotDone, Outcome, apply_saved, look_up
from bibkit.sync.apply import sync as run_sync
from bibkit.sync.documents import parse_plan, render_plan
from bibkit.sync.library import NEW, CollectionKey, LibraryId, Refusal
from bibkit.sync.plan import Adoption, Plan, Wanted, plan_sync
from bibkit.sync.state import SyncState
from bibkit.sync.store import Owner, Store
from bibkit.sync.target import Target, parse_path, resolve_target
from bibkit.zotero.client import ZoteroLibrary
from bibkit.zotero.evidence import evidence_of_entry, evidence_of_item
from bibkit.zotero.item import to_values, values_as
from bibkit.zotero.schema import complaints

_EXIT_OK: Final = 0
_EXIT_WOULD_CHANGE: Final = 1
_EXIT_BAD_INPUT: Final = InputError.exit_code
_EXIT_AGAIN: Final = TemporaryError.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """How a sync behaves where a run's settings do not say it.

    `strict` and `keep_going` are those of an export. `max_changes`: refuse to write more items than that.
    `allow_shrink`: go on though most works are gone from the sources.
    """

    strict: bool = False
    keep_going: bool = False
    max_changes: int | None = None
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a plan says, and, where it was applied, what became of it.

    `plan` is None where nothing had changed on either side since the last run. `sources` is what was read,
    and None where a saved plan was applied. `exit_code` is the run's.
    """

    library: LibraryId
    exit_code: int
    plan: Plan | None = None
    outcome: Outcome | None = None
    sources: pipeline.ExportReport | None = None

    @property
    def not_done(self) -> tuple[NotDone, ...]:
        """What was planned and not done."""
        return () if self.outcome is None else self.outcome.not_done


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What is known of the last sync: `left` are the writes that a run which ended early did not come to."""

    library: LibraryId
    state: SyncState
    left: int


def open_library(
    settings: ZoteroSettings, environment: Mapping[str, str], tell: Callable[[str], object] | None = None
) -> ZoteroLibrary:
    """Return the library that the settings name; raise `ConfigError` where they, or the key, do not do.

    `tell` is told why and how long a call waits, as it waits.
    """
    kind, number = settings.library_parts()
    api_key = find_api_key(settings, environment)
    return ZoteroLibrary(kind, number, api_key, endpoint=settings.endpoint, tell=tell)


def plan(
    paths: Sequence[Path],
    settings: Settings,
    options: SyncOptions,
    library: ZoteroLibrary,
    *,
    output: Path | None = None,
) -> SyncReport:
    """Say what a sync would do; write nothing but, if asked, the plan, and the ledger that its keys need."""
    target = _target(settings.zotero)
    works = _Works(settings, options, target, _read(paths, settings, options, check=output is None))
    state, _ = look_up(library, _store(settings, library.id))
    made = works.plan(library, state)
    if output is not None:
        files.write_text_atomic(output, render_plan(made))
    if works.sources.exit_code() == _EXIT_BAD_INPUT:
        code = _EXIT_BAD_INPUT
    else:
        code = _EXIT_WOULD_CHANGE if made.writes or made.new_collections else _EXIT_OK
    return SyncReport(library=library.id, exit_code=code, plan=made, sources=works.sources)


def apply(
    path: Path, settings: Settings, options: SyncOptions, library: ZoteroLibrary, owner: Owner
) -> SyncReport:
    """Do what a saved plan says and nothing else; what an earlier run did of it is not done again."""
    try:
        text = files.read_text(path)
    except UnreadableSourceError as trouble:
        raise SyncFileError(str(trouble)) from trouble
    saved = parse_plan(text, str(path))
    store = _store(settings, library.id)
    with store.hold(owner):
        outcome = apply_saved(
            saved, library, store, evidence_of_item, lambda made: _before_writing(made, library, options)
        )
    return SyncReport(
        library=library.id, exit_code=_exit_code(outcome.not_done), plan=outcome.plan, outcome=outcome
    )


def sync(  # noqa: PLR0913 - the sources, how, where to, and who does it when
    paths: Sequence[Path],
    settings: Settings,
    options: SyncOptions,
    library: ZoteroLibrary,
    owner: Owner,
    *,
    now: str,
) -> SyncReport:
    """Plan and apply in one; where nothing changed on either side since the last run, one request says so."""
    target = _target(settings.zotero)
    store = _store(settings, library.id)
    with store.hold(owner):
        works = _Works(settings, options, target, _read(paths, settings, options, check=False))
        code = works.sources.exit_code()
        state = store.load()
        journal = store.load_journal()
        quiet = state.settled == works.fingerprint and not (journal and journal.pending)
        if quiet and not library.has_moved(state.version):
            store.save(replace(state, synced_at=now))
            return SyncReport(library=library.id, exit_code=code, sources=works.sources)
        outcome = run_sync(
            library,
            store,
            lambda known: works.plan_braked(library, known),
            lambda made: _before_writing(made, library, options),
        )
        settled = outcome.version is not None and not outcome.not_done
        store.save(
            replace(
                outcome.state,
                settled=works.fingerprint if settled else "",
                version=outcome.version if settled and outcome.version is not None else NEW,
                gone=outcome.plan.gone,
                synced_at=now,
            )
        )
    return SyncReport(
        library=library.id,
        exit_code=code or _exit_code(outcome.not_done),
        plan=outcome.plan,
        outcome=outcome,
        sources=works.sources,
    )


def status(settings: Settings) -> StatusReport:
    """Say what was last synced, and what is unfinished; reads the state, and asks no server."""
    kind, number = settings.zotero.library_parts()
    library = LibraryId(f"{settings.zotero.endpoint.rstrip('/')}/{kind}s/{number}")
    store = _store(settings, library)
    journal = store.load_journal()
    return StatusReport(library, store.load(), 0 if journal is None else journal.left)


class _Works:
    """The works of a run, and what is wanted of them in the library."""

    def __init__(
        self, settings: Settings, options: SyncOptions, target: Target, sources: pipeline.ExportReport
    ) -> None:
        self.sources = replace(sources, diagnostics=(*sources.diagnostics, *_not_carried(sources.entries)))
        self._options = options
        self._target = target
        self._adoption = Adoption(settings.zotero.adoption())
        claims = resolve(sources.ledger)
        self._origins = [
            json.dumps(asdict(claims[entry.key].origin), ensure_ascii=False) for entry in sources.entries
        ]
        self._wanted = [
            _wanted(origin, entry) for origin, entry in zip(self._origins, sources.entries, strict=True)
        ]

    @property
    def fingerprint(self) -> str:
        """What tells everything that a plan depends on but the library."""
        said = [__version__, str(self._target), self._adoption]
        for origin, entry in zip(self._origins, self.sources.entries, strict=True):
            said += [origin, repr(entry)]
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()

    def plan(self, library: ZoteroLibrary, state: SyncState) -> Plan:
        """Plan against the library as it is now."""
        snapshot = library.read_all()
        deletions = library.read_deletions(NEW)
        resolved = resolve_target(self._target, snapshot, state, deletions)
        made = plan_sync(
            self._wanted,
            snapshot,
            replace(state, collection=resolved.key, target=str(self._target)),
            deletions=deletions,
            evidence=evidence_of_item,
            adoption=self._adoption,
        )
        return replace(made, new_collections=resolved.missing)

    def plan_braked(self, library: ZoteroLibrary, state: SyncState) -> Plan:
        """Plan, and raise `BrakeError` where most works that were there at the last run are gone."""
        made = self.plan(library, state)
        present = len(state.works) - len(state.gone)
        lost = len(set(made.gone) - set(state.gone))
        if lost * 2 > present and not self._options.allow_shrink:
            raise BrakeError(
                f"{lost} of {present} works that were synced before are gone from the sources",
                hint="Look whether the sources are whole. If it is meant so: --allow-shrink.",
            )
        return made


def _read(
    paths: Sequence[Path], settings: Settings, options: SyncOptions, *, check: bool
) -> pipeline.ExportReport:
    """Read the sources as an export of no format: what it writes is the ledger."""
    report = pipeline.export(
        paths,
        replace(settings, to=()),
        pipeline.ExportOptions(strict=options.strict, keep_going=options.keep_going, check=check),
    )
    if report.refused is not None:
        # Errors, or else warnings: --strict makes errors of them, and they say why a page has no paper.
        said = {
            weight: [str(each) for each in report.diagnostics if each.severity is weight]
            for weight in (Severity.ERROR, Severity.WARNING)
        }
        troubles = said[Severity.ERROR] or said[Severity.WARNING]
        raise BrakeError("\n".join([f"nothing was synced: {report.refused}", *troubles]))
    return report


def _not_carried(entries: Sequence[Entry]) -> tuple[Diagnostic, ...]:
    """Return one diagnostic a field that Zotero has no place for, with a count and the first places."""
    tally = Tally()
    for entry in entries:
        for name in to_values(entry).not_carried:
            tally.add("field-not-carried", f"Zotero has no place for {name!r}", entry)
    return tally.diagnostics()


def _wanted(origin: str, entry: Entry) -> Wanted:
    return Wanted(origin, entry.key, evidence_of_entry(entry), partial(values_as, entry))


def _target(zotero: ZoteroSettings) -> Target:
    if zotero.collection and zotero.collection_key:
        raise ConfigError("zotero.collection and zotero.collection-key are both set", hint="Take one out.")
    if not (zotero.collection or zotero.collection_key):
        raise ConfigError(
            "zotero.collection and zotero.collection-key: neither is set",
            hint='Name the collection in bibkit.toml, collection = "Lab/Reading list".',
        )
    if zotero.collection_key:
        return Target(key=CollectionKey(zotero.collection_key))
    return Target(parse_path(zotero.collection))


def _store(settings: Settings, library: LibraryId) -> Store:
    # One folder a library: users-475425, or groups-123.
    return Store(settings.zotero.state / "-".join(library.split("/")[-2:]), library)


def _before_writing(made: Plan, library: ZoteroLibrary, options: SyncOptions) -> None:
    _check_fields(made)
    changes = len(made.writes)
    if options.max_changes is not None and changes > options.max_changes:
        raise BrakeError(
            f"{changes} items would be written, and --max-changes is {options.max_changes}",
            hint="`bibkit plan` shows them. Nothing was written.",
        )
    if not library.rights().write:
        raise NotAllowedError(
            f"{library.id}: the API key may not write there",
            hint="Give it the right to write at https://www.zotero.org/settings/keys, or make another one.",
        )
    if not library.knows_citation_keys():
        raise ServiceError(
            f"{library.id}: this server knows no citation keys", hint="It needs Zotero's schema 34 or newer."
        )


def _check_fields(made: Plan) -> None:
    """Raise `SyncFileError` for what Zotero would refuse; only a plan that was edited says such a thing."""
    for action in made.writes:
        if action.write is None or action.wanted is None:
            continue
        creators = [creator.type for creator in action.write.creators or ()]
        wrong = complaints(action.wanted.type, action.write.fields, creators)
        if wrong:
            raise SyncFileError(
                f"the plan for {action.citation_key} cannot be done: {'; '.join(wrong)}",
                hint="Make the plan anew with `bibkit plan`.",
            )


def _exit_code(not_done: Sequence[NotDone]) -> int:
    if any(each.reason is Refusal.INVALID for each in not_done):
        return _EXIT_BAD_INPUT
    return _EXIT_AGAIN if not_done else _EXIT_OK
