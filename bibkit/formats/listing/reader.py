"""Paper listings to records: the text of an author's paper page, in both of its layouts.

Input: the texts of any number of pages, each with the date of its retrieval where that is known. Output:
a `ReadResult` a page, in their order. Refuses to know files, today's date, and what else is known of a
paper: a listing's record is a preprint with no repository and no identifier.

Not represented: nothing. Every line that is not blank is in a record, in a block (profile facts, what
could not be read) or named by a diagnostic.

Diagnostics: `rejected-block`, `uncertain-split`, `no-authors`, `no-records`, `unknown-year`,
`date-after-retrieval`, `no-such-day`, `no-such-year` (warnings); `profile`, `page-count`, `inferred-type`,
`ambiguous-category`, `unknown-category`, `unknown-macro`, `unclosed-group` (infos).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

from bibkit.diagnostics import Diagnostic, Source, info, warning
from bibkit.formats.base import Block, BlockKind, ListingText, ReadResult
from bibkit.formats.listing.authors import MOST_NAMES, Tail
from bibkit.formats.listing.blocks import Headed, Line, Part, Profile, Stray, cut_lines, read_parts
from bibkit.formats.listing.body import Body, Fused, Spaced, Unreadable, read_bodies
from bibkit.formats.listing.cuts import may_be_cut
from bibkit.formats.listing.evidence import Corpus
from bibkit.formats.listing.header import DateTrouble, Header, resolve_date, resolve_subject
from bibkit.formats.listing.split import Split, split_title
from bibkit.latex import LatexText, read_latex
from bibkit.model.dates import PartialDate
from bibkit.model.display_names import parse_display_name
from bibkit.model.names import Creator
from bibkit.model.record import ItemType, ListingFacts, Record

_SHOWN_FACTS: Final = 12
"""So many facts of a profile are named; the block has them all."""

_DATE_TROUBLES: Final = {
    DateTrouble.UNKNOWN_YEAR: "“{date}” has no year, and that of retrieval is not given (as-of): no date",
    DateTrouble.AFTER_RETRIEVAL: "“{date}” of {year} comes after the retrieval on {as_of}: no date",
    DateTrouble.NO_SUCH_DAY: "“{date}” is no day of {year}: year and month only",
    DateTrouble.NO_SUCH_YEAR: "“{date}” has no year of the calendar: no date",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """A page cut into its parts; `bodies` has one for each headed part, in their order."""

    listing: ListingText
    parts: list[Part]
    bodies: list[Body]


def read_listing(text: str, path: str, as_of: PartialDate | None = None) -> ReadResult:
    """Return the records, blocks and diagnostics of one page."""
    return read_listings([ListingText(path, text, as_of)])[0]


def read_listings(listings: Sequence[ListingText]) -> tuple[ReadResult, ...]:
    """Return the records, blocks and diagnostics of each page, in the order given.

    Where title and authors stand fused, all pages together are the evidence for where to split them; in
    which order they are given does not matter.
    """
    pages = [_read_page(listing) for listing in listings]
    splits = iter(_split_all([page.bodies for page in pages]))
    creators: dict[str, Creator] = {}
    return tuple(_Reader(page, splits, creators).read() for page in pages)


def _read_page(listing: ListingText) -> _Page:
    """Cut a page into its parts, and find each record's body."""
    parts = read_parts(listing.text)
    return _Page(listing, parts, read_bodies([part for part in parts if isinstance(part, Headed)]))


def _split_all(pages: Sequence[Sequence[Body]]) -> list[Split]:
    """Return the splits of all fused bodies of all pages, in their order.

    First every line is split by what stands on it, by its abstract, and by the names that any line prints
    unambiguously. What stays uncertain is split again, by the names and titles of the certain ones too, and
    by the words of all abstracts of the pages on which something is uncertain.
    """
    fused = [body for page in pages for body in page if isinstance(body, Fused)]
    spaced = [body for page in pages for body in page if isinstance(body, Spaced)]
    names = [name for body in fused for name in _clean_names(body.tail)]
    names += [name for body in spaced if body.tail is not None for name in body.tail.pieces]
    titles = [body.title for body in spaced]
    corpus = Corpus(names, titles, ())
    splits = [split_title(body.tail, body.abstract, corpus) for body in fused]
    doubtful = {id(body) for body, split in zip(fused, splits, strict=True) if not split.certain}
    if not doubtful:
        return splits
    names += [split.best.names[0] for split in splits if split.certain]
    titles += [split.best.title for split in splits if split.certain]
    abstracts = [text for page in pages if _holds(page, doubtful) for text in _abstracts(page)]
    corpus = Corpus(names, titles, abstracts)
    return [
        split if split.certain else split_title(body.tail, body.abstract, corpus)
        for body, split in zip(fused, splits, strict=True)
    ]


def _holds(page: Sequence[Body], doubtful: set[int]) -> bool:
    """Say whether one of some bodies is on a page."""
    return any(id(body) in doubtful for body in page)


def _abstracts(page: Sequence[Body]) -> Iterator[str]:
    """Yield the abstracts of a page."""
    for body in page:
        match body:
            case Fused() | Spaced():
                yield body.abstract
            case Unreadable():
                continue
            case _:
                assert_never(body)


def _clean_names(tail: Tail) -> tuple[str, ...]:
    """Return the names of a fused line that every split of it leaves whole: those after the first one."""
    if tail.truncated:
        return tail.pieces[1 - MOST_NAMES :] if len(tail.pieces) >= MOST_NAMES else ()
    clean = 0
    for piece in tail.pieces[:-MOST_NAMES:-1]:
        if clean == len(tail.pieces) - 1 or may_be_cut(piece):
            break
        clean += 1
    return tail.pieces[len(tail.pieces) - clean :]


@dataclass(slots=True)
class _Tally:
    """Something that is said once a file: where it stands first, and how often."""

    line: int
    count: int = 0


@dataclass(slots=True)
class _Reader:
    """Makes the result of one page; `splits` and `creators` are shared by all pages."""

    page: _Page
    splits: Iterator[Split]
    creators: dict[str, Creator]
    records: list[Record] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    categories: dict[str, _Tally] = field(default_factory=dict)
    macros: dict[str, _Tally] = field(default_factory=dict)
    raw: list[str] | None = None

    def read(self) -> ReadResult:
        """Return what the page says."""
        bodies = iter(self.page.bodies)
        for part in self.page.parts:
            match part:
                case Headed():
                    self._read_record(part, next(bodies))
                case Profile():
                    self._keep_profile(part)
                case Stray():
                    self._reject(part.lines, "it stands under no header line")
                case _:
                    assert_never(part)
        self._sum_up()
        self.diagnostics.sort(key=_line_of)
        return ReadResult(tuple(self.records), tuple(self.blocks), tuple(self.diagnostics))

    def _read_record(self, part: Headed, body: Body) -> None:
        """Add the record of a header and its body, or a rejected block."""
        match body:
            case Fused():
                split = next(self.splits)
                if not split.certain:
                    self._warn_of_split(split, body.line.number)
                self._add(part, body, split.best.title, split.best.names, uncertain=not split.certain)
            case Spaced():
                names = () if body.tail is None else body.tail.pieces
                if body.tail is None:
                    self._warn("no-authors", "a title with no authors below it", body.line.number)
                self._add(part, body, body.title, names, uncertain=False)
            case Unreadable():
                self._reject((part.line, *part.body), body.reason)
            case _:
                assert_never(body)

    def _add(
        self, part: Headed, body: Fused | Spaced, title: str, names: Sequence[str], *, uncertain: bool
    ) -> None:
        """Add a record; the header's date is kept as printed beside the one that is made of it."""
        header = part.header
        tail = body.tail
        for read in body.read:
            self._tell_markup(read, body.line.number)
        abstract = read_latex(body.abstract)
        self._tell_markup(abstract, body.abstract_line)
        self.records.append(
            Record(
                type=ItemType.PREPRINT,
                title=title.strip() or None,
                creators=tuple(self._read_name(name) for name in names if name and not name.isspace()),
                creators_truncated=tail is not None and tail.truncated,
                issued=self._read_date(header, part.line.number),
                abstract=abstract.text.strip() or None,
                categories=(self._read_category(header.category, part.line.number),),
                affiliations=() if tail is None else tail.affiliations,
                listing=ListingFacts(header.score, header.code, header.date, uncertain),
                source=Source(self.page.listing.path, part.line.number),
            )
        )

    def _tell_markup(self, read: LatexText, line: int) -> None:
        """Tell what LaTeX markup was not understood."""
        for macro in read.unknown:
            self.macros.setdefault(macro, _Tally(line)).count += 1
        if read.unclosed:
            self._inform("unclosed-group", "a group that is open at the end is closed there", line)

    def _read_name(self, name: str) -> Creator:
        """Return the creator of a display name; most names stand on a page more than once."""
        creator = self.creators.get(name)
        if creator is None:
            creator = parse_display_name(name)
            self.creators[name] = creator
        return creator

    def _read_date(self, header: Header, line: int) -> PartialDate | None:
        """Return the date of a header, with a warning where it is not the whole printed one."""
        as_of = self.page.listing.as_of
        date, trouble = resolve_date(header, as_of)
        if trouble is not None:
            year = header.year if header.year is not None else as_of.year if as_of is not None else None
            known = {"date": header.date, "year": year, "as_of": as_of and as_of.isoformat()}
            self._warn(trouble.value, _DATE_TROUBLES[trouble].format(**known), line)
        return date

    def _read_category(self, code: str, line: int) -> str:
        """Return the subject that a category code stands for."""
        self.categories.setdefault(code, _Tally(line)).count += 1
        return resolve_subject(code).name

    def _keep_profile(self, profile: Profile) -> None:
        """Keep the facts of a page's owner as a block."""
        facts = ", ".join(line.text for line in profile.lines[:_SHOWN_FACTS])
        if len(profile.lines) > _SHOWN_FACTS:
            facts += f", and {_count(len(profile.lines) - _SHOWN_FACTS, 'line')} more"
        self._inform("profile", f"facts of the page's owner, in no record: {facts}", profile.lines[0].number)
        self._block(BlockKind.PROFILE, profile.lines, None)

    def _reject(self, lines: tuple[Line, ...], reason: str) -> None:
        """Keep lines that could not be read as a block."""
        self._warn("rejected-block", f"not read: {reason}", lines[0].number)
        self._block(BlockKind.REJECTED, lines, reason)

    def _block(self, kind: BlockKind, lines: tuple[Line, ...], reason: str | None) -> None:
        """Add a block with its text as it stands in the file, blank lines included."""
        if self.raw is None:
            self.raw = cut_lines(self.page.listing.text)
        text = "\n".join(self.raw[lines[0].number - 1 : lines[-1].number])
        source = Source(self.page.listing.path, lines[0].number)
        self.blocks.append(Block(kind, text, source, len(self.records), reason))

    def _sum_up(self) -> None:
        """Say what is said once a file."""
        if self.records:
            line = self.records[0].source.line if self.records[0].source else 1
            self._inform("inferred-type", f"{_count(len(self.records), 'record')} taken for preprints", line)
        elif all(block.kind is BlockKind.PROFILE for block in self.blocks):
            self._warn("no-records", "the page has no papers" if self.blocks else "the page is empty", 1)
        self._sum_up_papers()
        for code, tally in self.categories.items():
            subject = resolve_subject(code)
            if not subject.known:
                what = f"{code} is no subject of arXiv, and is kept as printed"
                self._inform("unknown-category", f"{what}: {_count(tally.count, 'record')}", tally.line)
            elif subject.others:
                what = f"{code} is read as {subject.name}; it may be {' or '.join(subject.others)}"
                self._inform("ambiguous-category", f"{what}: {_count(tally.count, 'record')}", tally.line)
        for macro, tally in self.macros.items():
            what = f"{macro} has no known meaning, and stays as it stands"
            self._inform("unknown-macro", f"{what}: {_count(tally.count, 'place')}", tally.line)

    def _sum_up_papers(self) -> None:
        """Say where a page shows another number of papers than it says it has."""
        said: list[tuple[Profile, int]] = []
        for part in self.page.parts:
            match part:
                case Profile():
                    said.append((part, 0))
                case Headed() if said:
                    said[-1] = (said[-1][0], said[-1][1] + 1)
                case _:
                    # Before any profile, and stray lines: no paper that a profile counts.
                    continue
        for profile, shown in said:
            for number in sorted(profile.count_papers() - {shown}):
                what = f"the page says it has {_count(number, 'paper')} and shows {shown}"
                self._inform("page-count", what, profile.lines[0].number)

    def _warn_of_split(self, split: Split, line: int) -> None:
        """Say that a split is in doubt, with the two best readings."""
        if not split.best.names:
            self._warn("no-authors", "no name is seen at the end of the title", line)
        second = "" if split.second is None else f"; or {split.second}"
        self._warn("uncertain-split", f"where the title ends is in doubt: {split.best}{second}", line)

    def _warn(self, code: str, message: str, line: int) -> None:
        self.diagnostics.append(warning(code, message, Source(self.page.listing.path, line)))

    def _inform(self, code: str, message: str, line: int) -> None:
        self.diagnostics.append(info(code, message, Source(self.page.listing.path, line)))


def _line_of(diagnostic: Diagnostic) -> int:
    """Return the line that a diagnostic is about."""
    return diagnostic.source.line if diagnostic.source else 0


def _count(number: int, noun: str) -> str:
    """Return a number and its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
