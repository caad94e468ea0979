"""Keys in a person's hands: find them, explain them, change them, compare them with what git has.

What changes the ledger holds its folder as an export does, and writes it whole or not at all; the exports
follow with the next `export`. What only looks reads the sources too, as far as they can be read, since the
ledger knows of a work but what finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bibkit import citekeys, files, git
from bibkit.citekeys import (
    Change,
    Claim,
    KeyLedger,
    assign_keys,
    find_claim,
    resolve,
    settle,
)
from bibkit.citekeys.aliases import key_map
from bibkit.citekeys.comparing import Lost, lost_keys
from bibkit.citekeys.explaining import Explanation, explain_key
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Severity, Source
from bibkit.errors import LedgerError
from bibkit.ledger import load_ledger, parse_ledger, render_ledger
from bibkit.model.folding import fold
from bibkit.model.identity import printed_name
from bibkit.model.record import Record
from bibkit.model.work import CitationKey
from bibkit.pipeline.collating import collate_sources
from bibkit.pipeline.loading import Progress, load
from bibkit.pipeline.reports import EXIT_BAD_INPUT, EXIT_DIFFERENT, EXIT_OK


@dataclass(frozen=True, slots=True)
class KnownWork:
    """A work with its key; `record` and `sources` are missing where no source has it any more."""

    key: CitationKey
    aliases: tuple[CitationKey, ...]
    claim: Claim
    record: Record | None = None
    sources: tuple[Record, ...] = ()

    @property
    def title(self) -> str:
        """The title; of a work without a source as the ledger has it, folded."""
        return self.claim.origin.title if self.record is None else self.record.title or ""

    @property
    def creators(self) -> tuple[str, ...]:
        """The names of the creators as they are printed, `et al.` among them where it is."""
        if self.record is None:
            return self.claim.origin.creators
        names = tuple(printed_name(creator) for creator in self.record.creators)
        return (*names, "et al.") if self.record.creators_truncated else names

    @property
    def year(self) -> str:
        """The year, or nothing."""
        if self.record is None:
            return self.claim.origin.date[:4]
        year = None if self.record.issued is None else self.record.issued.year
        return "" if year is None else str(year)

    def places(self) -> tuple[Source, ...]:
        """Return where its sources stand."""
        return tuple(record.source for record in self.sources if record.source is not None)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What the ledger and the sources say together.

    `works` are sorted by key; `unissued` counts works of the sources that the next export will issue keys to.
    `diagnostics` are of severity *error* alone: sources that cannot be read.
    """

    path: Path
    ledger: KeyLedger
    works: tuple[KnownWork, ...]
    unissued: int
    diagnostics: tuple[Diagnostic, ...]

    def find(self, key: str) -> KnownWork:
        """Return the work that a key or alias is of; raise `UnknownKeyError` for any other."""
        claim = find_claim(self.ledger, key)
        return next(work for work in self.works if key in work.aliases or work.key in {key, claim.key})

    def matching(self, words: Sequence[str]) -> tuple[KnownWork, ...]:
        """Return the works that have all words in title, names, year, key or aliases; case does not count."""
        return tuple(work for work in self.works if _matches(work, words))

    def exit_code(self) -> int:
        """Return the exit code of a look: 0, or 65 where a source cannot be read."""
        return EXIT_BAD_INPUT if self.diagnostics else EXIT_OK

    def moved(self) -> dict[CitationKey, CitationKey]:
        """Return each older key with the one that its work has now."""
        entries = ((work.key, work.aliases) for work in self.works)
        return key_map(self.ledger, entries)


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What an act did to the ledger, or, with `dry_run`, would do.

    `diagnostics` are the errors of a ledger in which a key stood for two works.
    """

    path: Path
    change: Change
    dry_run: bool
    written: bool
    diagnostics: tuple[Diagnostic, ...] = ()

    def exit_code(self) -> int:
        """Return the exit code of the run: 0 or 65."""
        return EXIT_BAD_INPUT if self.diagnostics else EXIT_OK


class Compared(StrEnum):
    """What became of a comparison with git's last commit."""

    KEPT = "kept"
    LOST = "lost"
    NO_COMMIT = "no-commit"
    NOT_COMMITTED = "not-committed"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Which keys of the committed ledger are lost; with `staged` in git's index, else in the file."""

    path: Path
    outcome: Compared
    keys: int = 0
    lost: tuple[Lost, ...] = ()
    staged: bool = False

    def exit_code(self) -> int:
        """Return the exit code of the run: 0, or 1 where a key is lost."""
        return EXIT_DIFFERENT if self.lost else EXIT_OK


def look_at_keys(settings: Settings, progress: Progress | None = None) -> KeyRing:
    """Return the works that the ledger knows, with what the sources say of them.

    Raises `LedgerError` where there is no ledger, or a damaged one. Sources that cannot be read are left out,
    and so is the default folder of sources where nobody made one.
    """
    path = settings.ledger_path()
    ledger = settle(_existing(path)).ledger
    loaded = load(_sources(settings), settings, progress)
    assignment = assign_keys(ledger, collate_sources(loaded, ledger).works, style=settings.key_style)
    known = resolve(ledger)
    works = [
        KnownWork(entry.key, entry.aliases, known[entry.key], entry.record, work.sources)
        for entry, work in zip(assignment.entries, assignment.works, strict=True)
        if entry.key in known
    ]
    written = {key for work in works for key in (work.key, *work.aliases)}
    works += [
        KnownWork(claim.key, claim.aliases, claim) for claim in ledger.claims if claim.key not in written
    ]
    return KeyRing(
        path=path,
        ledger=ledger,
        works=tuple(sorted(works, key=lambda work: work.key)),
        unissued=sum(entry.key not in known for entry in assignment.entries),
        diagnostics=tuple(said for said in loaded.all_diagnostics() if said.severity is Severity.ERROR),
    )


def explain(ring: KeyRing, key: str) -> Explanation:
    """Explain a key or an alias; raise `UnknownKeyError` for any other."""
    return explain_key(ring.ledger, key)


def pin_key(settings: Settings, key: str, *, dry_run: bool = False) -> ChangeReport:
    """Mark the key of a work as a person's choice; raise `UnknownKeyError` for what is none."""
    return _change(settings, lambda ledger: citekeys.pin_key(ledger, key), dry_run=dry_run)


def rename_key(settings: Settings, old: str, new: str, *, dry_run: bool = False) -> ChangeReport:
    """Give a work a new key; raise as `citekeys.rename_key` does."""
    return _change(settings, lambda ledger: citekeys.rename_key(ledger, old, new), dry_run=dry_run)


def merge_keys(settings: Settings, one: str, other: str, *, dry_run: bool = False) -> ChangeReport:
    """Make two works one; raise `UnknownKeyError` for a key that no work has or had."""
    return _change(settings, lambda ledger: citekeys.merge_keys(ledger, one, other), dry_run=dry_run)


def check_keys(settings: Settings, *, staged: bool = False) -> CheckReport:
    """Compare the ledger, or the one that is staged for git's next commit, with that of the last commit.

    Raises `GitError` where the ledger is in no repository, or git is not there, and `LedgerError` where one
    of the two is damaged.
    """
    path = settings.ledger_path()
    if not git.has_commit(path):
        return CheckReport(path, Compared.NO_COMMIT, staged=staged)
    committed = git.read_committed(path)
    if committed is None:
        return CheckReport(path, Compared.NOT_COMMITTED, staged=staged)
    if staged:
        text = git.read_committed(path, "index")
    else:
        text = files.read_text(path) if files.exists(path) else None
    before = settle(parse_ledger(committed, f"HEAD:{path}")).ledger
    after = settle(parse_ledger(text or "", f"index:{path}" if staged else str(path))).ledger
    lost = lost_keys(before, after)
    outcome = Compared.LOST if lost else Compared.KEPT
    return CheckReport(path, outcome, len(resolve(before)), lost, staged)


def _sources(settings: Settings) -> tuple[Path, ...]:
    nobodys = settings.sources == Settings().sources and not any(map(files.exists, settings.sources))
    return () if nobodys else settings.sources


def _existing(path: Path) -> KeyLedger:
    ledger = load_ledger(path) if files.exists(path) else KeyLedger()
    if not ledger.claims:
        raise LedgerError(
            f"{path}: there is no ledger of citation keys",
            hint="`bibkit export` issues keys and begins one. If it is elsewhere, name it with --ledger.",
        )
    return ledger


def _change(settings: Settings, act: Callable[[KeyLedger], Change], *, dry_run: bool) -> ChangeReport:
    """Do something to the ledger, with its folder held from reading to writing."""
    path = settings.ledger_path()
    if not files.exists(path):
        _existing(path)
    with files.lock(path.parent):
        settled = settle(_existing(path))
        change = act(settled.ledger)
        written = not dry_run and files.write_text_atomic(path, render_ledger(change.ledger))
    return ChangeReport(path, change, dry_run, written, settled.diagnostics)


def _matches(work: KnownWork, words: Iterable[str]) -> bool:
    keys = " ".join((work.key, *work.aliases)).lower()
    text = fold(" ".join((work.title, *work.creators, work.year)))
    return all(word.lower() in keys or (fold(word) and fold(word) in text) for word in words)
