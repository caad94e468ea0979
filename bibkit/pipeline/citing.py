r"""The part of a bibliography that papers cite: their files and the sources go in, one file comes out.

Works come from the sources as an export takes them, and only those whose key the ledger has: no key is issued
here. An entry is written so that the paper compiles as it stands. biber is given the old keys as `ids` of the
entry; everything else knows an entry by one key only, and so is given one under each key that is cited.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from bibkit import files
from bibkit.citekeys import Claim, assign_keys, resolve
from bibkit.citekeys.aliases import ALIAS_OF
from bibkit.citekeys.claims import lowered
from bibkit.citekeys.nearest import nearest_keys
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Severity, Source, error, info, warning
from bibkit.errors import LedgerError, OutputError
from bibkit.formats import FORMATS
from bibkit.ledger import load_ledger
from bibkit.model.work import CitationKey, Entry, Work
from bibkit.pipeline.collating import collate_sources
from bibkit.pipeline.loading import Progress, load
from bibkit.pipeline.papers import CitedKey, Papers, read_papers
from bibkit.pipeline.references import REFERENCES, follow_keys, with_parents
from bibkit.pipeline.reports import EXIT_BAD_INPUT, EXIT_OK, Counts, counts_of, writer_of

Order = Literal["cited", "sorted"]

STANDARD_OUTPUT: Final = Path("-")
_ELSEWHERE: Final = "Choose another file with -o, outside of the folders of sources."
#: Fields by which engines come to entries that no paper cites.
_REFERENCES: Final = {"bibtex": frozenset({"crossref"}), "biblatex": REFERENCES}


@dataclass(frozen=True, slots=True)
class CitedOptions:
    """How the part that is cited is written.

    `to`: the format; without it a `.bib` file in the dialect that the paper uses. `order`: that of the first
    citations, or of the keys, as always where a paper asks for everything. `keep_going`: write what can be
    written though keys are unknown, or a source cannot be read.
    """

    to: str | None = None
    output: Path = STANDARD_OUTPUT
    order: Order = "cited"
    keep_going: bool = False


@dataclass(frozen=True, slots=True)
class CitedReport:
    """What was made of papers; `text` is the file, and empty where `refused` says why nothing was written.

    `files` counts those of the papers, `cited` the different keys, `unknown` those that stand for no work.
    """

    files: int
    cited: int
    to: str
    output: Path
    entries: int = 0
    unknown: tuple[str, ...] = ()
    text: str = ""
    changed: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
    refused: str | None = None

    def counts(self) -> Counts:
        """Return how often each code was said, by severity."""
        return counts_of(self.diagnostics)

    def exit_code(self) -> int:
        """Return the exit code of the run: 0 or 65."""
        failed = self.refused is not None or bool(self.counts()[Severity.ERROR])
        return EXIT_BAD_INPUT if failed else EXIT_OK


def cited(
    papers: Sequence[Path],
    sources: Sequence[Path],
    settings: Settings,
    options: CitedOptions,
    progress: Progress | None = None,
) -> CitedReport:
    """Write what papers cite to one file, or leave its text in the report.

    Raises `UnreadableSourceError` for a paper that cannot be read, `LedgerError` where there is no ledger,
    `OutputError` for an output that would replace an export, what was read, or the one source of a work, by
    a part of it, and what `bibkit.files` raises where the file cannot be written.
    """
    found = read_papers(papers)
    _refuse_output(options.output, found.files, settings)
    to = options.to or ("biblatex" if found.wanted.biblatex else "bibtex")
    shelf, said = _shelf(sources, settings, progress, everything=found.everything)
    said.extend(_beside_sources(options.output, shelf))
    choice = _choose(found, shelf, case_matters=to != "bibtex")
    diagnostics = [*found.diagnostics, *said, *choice.diagnostics]
    report = CitedReport(
        files=len(found.files),
        cited=len({one.key for one in found.cited}),
        to=to,
        output=options.output,
        unknown=tuple(choice.unknown),
        diagnostics=tuple(diagnostics),
    )
    refused = _refusal(report, found, options)
    if refused is not None:
        return replace(report, refused=refused)
    by_ids = to == "biblatex" and (found.wanted.biber or not found.wanted.biblatex)
    if not by_ids:
        diagnostics.extend(_cited_twice(choice.names))
    # What a paper asks for as everything, engines list in the order of the file: in that of an export, then.
    by_key = options.order == "sorted" or found.everything
    names = choice.names + (_others(choice, shelf) if found.everything else [])
    entries = _under_one_key(names) if by_ids else _under_each_key(names, marked=to in _REFERENCES)
    entries = sorted(entries, key=lambda entry: entry.key) if by_key else entries
    if to in _REFERENCES:
        entries = with_parents(entries, shelf.entries, names=_REFERENCES[to])
    rendered = writer_of(FORMATS[to], in_ascii=settings.ascii)(entries)
    report = replace(
        report,
        entries=len(entries),
        text=rendered.text,
        diagnostics=(*diagnostics, *rendered.diagnostics),
    )
    if options.output == STANDARD_OUTPUT:
        return report
    return replace(report, changed=files.write_text_atomic(options.output, rendered.text))


def _refuse_output(output: Path, inputs: Iterable[str | Path], settings: Settings) -> None:
    """Raise `OutputError` for an output that is an input, or an export, which has more than a paper cites."""
    exports = [settings.output / format_.file for format_ in FORMATS.values() if format_.file]
    taken = {os.path.realpath(path) for path in (*inputs, *exports, settings.ledger_path())}
    if output != STANDARD_OUTPUT and os.path.realpath(output) in taken:
        raise OutputError(f"{output}: is an input, or what `bibkit export` writes", hint=_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The works that can be cited, sorted by key, and the ledger; `by_name` has them by keys and aliases.

    `files` are those from which they come; `works` has those without a key too, of which there are
    `without_key`.
    """

    files: tuple[str, ...]
    entries: tuple[Entry, ...]
    works: tuple[Work, ...]
    by_name: Mapping[str, Entry]
    claims: Mapping[CitationKey, Claim]
    without_key: int


@dataclass(slots=True)
class _Choice:
    """Which entries are cited under which of their keys, in the order of the first citations."""

    names: list[tuple[Entry, CitationKey]]
    unknown: list[str]
    diagnostics: list[Diagnostic]


def _shelf(
    sources: Sequence[Path], settings: Settings, progress: Progress | None, *, everything: bool
) -> tuple[_Shelf, list[Diagnostic]]:
    """Return the works of the sources that have a key in the ledger, and what is amiss with the sources."""
    path = settings.ledger_path()
    if not files.exists(path):
        raise LedgerError(
            f"{path}: there is no ledger of citation keys",
            hint="Run `bibkit export` first, which gives the works of your sources their keys; or name the"
            " ledger with --ledger.",
        )
    ledger = load_ledger(path)
    loaded = load(sources, settings, progress)
    collation = collate_sources(loaded, ledger)
    assignment = assign_keys(ledger, collation.works, style=settings.key_style)
    issued = {key for claim in ledger.claims for key in claim.all_keys()}
    entries = tuple(entry for entry in follow_keys(assignment.entries) if entry.key in issued)
    said = [*loaded.all_diagnostics(), *collation.diagnostics, *assignment.diagnostics]
    said = [one for one in said if one.severity is not Severity.INFO]
    without_key = len(assignment.entries) - len(entries)
    if everything and without_key:
        message = f"left out: {_without_key(without_key)}; run `bibkit export` first"
        said.append(warning("no-key-yet", message))
    by_name: dict[str, Entry] = {alias: entry for entry in entries for alias in entry.aliases}
    by_name.update((entry.key, entry) for entry in entries)
    claims = {key: claim for key, claim in resolve(assignment.ledger).items() if key in issued}
    return _Shelf(loaded.names, entries, assignment.works, by_name, claims, without_key), said


def _beside_sources(output: Path, shelf: _Shelf) -> Iterator[Diagnostic]:
    """Refuse to write over the one source of a work; yield what there is to say of a source that goes."""
    real = os.path.realpath(output)
    own = {path for path in shelf.files if os.path.realpath(path) == real}
    if output == STANDARD_OUTPUT or not own:
        return
    alone = sum(
        all(record.source is not None and record.source.path in own for record in work.sources)
        for work in shelf.works
    )
    if alone:
        works = "a work that is" if alone == 1 else f"{alone} works that are"
        raise OutputError(f"{output}: is a source, and has {works} nowhere else", hint=_ELSEWHERE)
    message = "is written, and is one of the sources too: what it said before counts as what they say"
    yield warning("output-is-source", message, Source(str(output), 1))


def _without_key(count: int) -> str:
    return "a work of the sources has no key yet" if count == 1 else f"{count} works have no key yet"


def _choose(papers: Papers, shelf: _Shelf, *, case_matters: bool) -> _Choice:
    """Return the entry that each key stands for; a key that stands for none is an *error*, once.

    Where case does not matter, as to BibTeX, a key that only one entry has but for case stands for that.
    """
    choice = _Choice([], [], [])
    places: dict[str, list[CitedKey]] = {}
    for one in papers.cited:
        places.setdefault(one.key, []).append(one)
    folded: dict[bytes, list[str]] = {}
    for name in shelf.by_name:
        folded.setdefault(lowered(name), []).append(name)
    chosen: set[tuple[CitationKey, str]] = set()
    for key, cites in places.items():
        name, source = key, cites[0].source
        if key in papers.own_keys:
            continue
        twins = folded.get(lowered(key), [])
        if key not in shelf.by_name and not case_matters and len(twins) == 1:
            name = twins[0]
            message = f"{key} is cited, {name} is there: the same to BibTeX, and not to biber"
            choice.diagnostics.append(info("other-case", message, source))
        entry = shelf.by_name.get(name)
        if entry is None and key in papers.listed_keys:
            continue
        if entry is None:
            choice.unknown.append(key)
            choice.diagnostics.append(error("unknown-citation", _unknown(key, cites, shelf), source))
        elif (entry.key, name) not in chosen:
            chosen.add((entry.key, name))
            choice.names.append((entry, CitationKey(name)))
    return choice


def _unknown(key: str, cites: Sequence[CitedKey], shelf: _Shelf) -> str:
    """Return what there is to say of a key that stands for no work."""
    others = len(cites) - 1
    also = f" (and cited {others} more {'time' if others == 1 else 'times'})" if others else ""
    claim = shelf.claims.get(CitationKey(key))
    if claim is not None:
        title = f' "{claim.origin.title}"' if claim.origin.title else ""
        return f"{key}{also} is the key of a work{title} that no source has any more"
    nearest = nearest_keys(key, map(CitationKey, shelf.by_name))
    meant = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
    unkeyed = f"; {_without_key(shelf.without_key)}: run `bibkit export` first" if shelf.without_key else ""
    return f"{key}{also} is the key of no work{meant}{unkeyed}"


def _others(choice: _Choice, shelf: _Shelf) -> list[tuple[Entry, CitationKey]]:
    """Return the entries that are not chosen, by their own keys."""
    chosen = {entry.key for entry, _ in choice.names}
    return [(entry, entry.key) for entry in shelf.entries if entry.key not in chosen]


def _under_one_key(names: Iterable[tuple[Entry, CitationKey]]) -> list[Entry]:
    """Return each entry once, with its aliases."""
    return list({entry.key: entry for entry, _ in names}.values())


def _under_each_key(names: Sequence[tuple[Entry, CitationKey]], *, marked: bool) -> list[Entry]:
    """Return an entry for each key by which a work is cited; it has no aliases, which would be in two.

    Where a work has several, all but one are marked as what they are, if that is wanted: who reads the file
    again is not to take them for works of their own.
    """
    leading: dict[CitationKey, CitationKey] = {}
    for entry, name in names:
        if name == entry.key:
            leading[entry.key] = name
        leading.setdefault(entry.key, name)
    entries = []
    for entry, name in names:
        leader = leading[entry.key]
        record = entry.record
        if marked and name != leader:
            record = replace(record, unmapped=(*record.unmapped, (ALIAS_OF, str(leader))))
        entries.append(Entry(name, record))
    return entries


def _cited_twice(names: Iterable[tuple[Entry, CitationKey]]) -> Iterator[Diagnostic]:
    """Yield what there is to say of works that are cited by several keys."""
    keys: dict[CitationKey, list[CitationKey]] = {}
    for entry, name in names:
        keys.setdefault(entry.key, []).append(name)
    for of_work in keys.values():
        if len(of_work) > 1:
            message = f"{', '.join(of_work)} are one work, which the paper lists {len(of_work)} times"
            yield warning("cited-twice", f"{message}; `bibkit rewrite` makes them one key")


def _refusal(report: CitedReport, papers: Papers, options: CitedOptions) -> str | None:
    """Return why nothing may be written, or None."""
    counts = report.counts()
    if not papers.cited and not papers.everything:
        return "no citation was found"
    if options.keep_going:
        return None
    if counts[Severity.ERROR]["unreadable-source"]:
        return "a source could not be read (--keep-going writes what the others have)"
    if report.unknown:
        return "keys are cited that stand for no work (--keep-going writes the others)"
    return None
