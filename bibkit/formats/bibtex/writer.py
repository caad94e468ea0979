"""Entries to the text of a `.bib` file, in BibTeX's dialect or biblatex's.

Layout is bibtexparser's, which neither escapes nor checks; that no value breaks out of its field is ours
(`bibkit.formats.bibtex.values`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from bibkit.diagnostics import Diagnostic, warning
from bibkit.formats.base import Block, BlockKind, Rendered, Tally, blocks_not_carried
from bibkit.formats.bibtex.inherit import CROSSREF, XDATA
from bibkit.formats.bibtex.mapping import MONTHS, Dialect, is_bibtex_key
from bibkit.formats.bibtex.meaning import ENTRY_TYPE
from bibkit.formats.bibtex.reader import FORMAT
from bibkit.formats.bibtex.scanner import ScannedBlock, is_name, scan_bibtex
from bibkit.formats.bibtex.values import Fields, Values
from bibkit.formats.bibtex.written import AsWritten
from bibkit.latex import braces_balance
from bibkit.model.work import Entry

_INDENT: Final = "  "
_MACROS: Final = frozenset(MONTHS)
_NOT_FIELDS: Final = frozenset({ENTRY_TYPE, CROSSREF, XDATA})
_LINE_START: Final = re.compile(r"^(?!\Z)|(?<=\n)(?!\Z)|(?<=\r)(?!\n|\Z)")
_HOLE: Final = "%s"  # no name of a field has a per cent sign


def write_bibtex(
    entries: Sequence[Entry],
    blocks: Sequence[Block] = (),
    *,
    ascii: bool = False,  # noqa: A002 - the name of the command's option
) -> Rendered:
    """Return the text of a file for BibTeX; with `ascii`, everything beyond ASCII is a macro of LaTeX.

    Keys and blocks stay to the letter all the same; a block stands before the entry of its index. Raises
    `ValueError` for a citation key that cannot stand in such a file (`is_bibtex_key`): whoever assigns keys
    has to make another.
    """
    return _write(Dialect.BIBTEX, entries, blocks, ascii=ascii)


def write_biblatex(
    entries: Sequence[Entry],
    blocks: Sequence[Block] = (),
    *,
    ascii: bool = False,  # noqa: A002 - as above
) -> Rendered:
    """Return the text of a file for biber and biblatex; all else as `write_bibtex`."""
    return _write(Dialect.BIBLATEX, entries, blocks, ascii=ascii)


def _write(
    dialect: Dialect,
    entries: Sequence[Entry],
    blocks: Sequence[Block],
    *,
    ascii: bool,  # noqa: A002 - as above
) -> Rendered:
    """Return the file's text, and what it could not carry."""
    keys = [entry.key for entry in entries]
    if not (all(keys) and is_bibtex_key("".join(keys) or "k")):  # all at once, for time
        wrong = next(key for key in keys if not is_bibtex_key(key))
        raise ValueError(f"the citation key {wrong!r} cannot stand in a .bib file")
    tally = Tally()
    values = Values(dialect, tally, _clear_aliases(entries), ascii=ascii)
    as_written = AsWritten(dialect, values, entries, ascii=ascii)
    lay_out = _layout()
    carried = [block for block in blocks if _is_carried(block)]
    by_index: dict[int, list[Block]] = {}
    for block in carried:
        by_index.setdefault(min(block.index, len(entries)), []).append(block)
    texts: list[str] = []
    of_entries: list[int] = []  # their places in `texts`
    for index, entry in enumerate(entries):
        if index in by_index:
            texts.extend(_blocks(by_index[index], as_written))
        text = as_written.write(entry)
        if text is None:
            named, plain = _named_type(entry, dialect, tally)
            text = lay_out(named or values.entry_type(plain), entry.key, values.fields(plain))
        of_entries.append(len(texts))
        texts.append(text)
    texts.extend(_blocks(by_index.get(len(entries), ()), as_written))
    left = [block for block in blocks if not _is_carried(block) and block.text.strip()]
    unsafe = [block for block in carried if _is_unsafe(block)]
    to_the_letter = not unsafe or _holds(texts, of_entries, unsafe)
    if not to_the_letter:
        texts = list(_commented(texts, unsafe))
    return Rendered(
        "\n".join(texts),
        (
            *tally.diagnostics(),
            *_kept(dialect, unsafe, to_the_letter=to_the_letter),
            *blocks_not_carried(dialect, left),
        ),
        tally.losses(),
    )


def _is_carried(block: Block) -> bool:
    """Return whether a block has a place in a `.bib` file: it has text, and was not of another format."""
    of_ours = block.format in {None, FORMAT} and block.kind is not BlockKind.PROFILE
    return of_ours and bool(block.text.strip())


def _clear_aliases(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the aliases that stand for one entry alone; biber refuses a file with any other."""
    aliased = [entry.aliases for entry in entries if entry.aliases]
    if not aliased:
        return frozenset()
    counts = Counter(alias for aliases in aliased for alias in set(aliases))
    keys = {entry.key for entry in entries}
    return frozenset(
        alias for alias, count in counts.items() if count == 1 and alias not in keys and is_bibtex_key(alias)
    )


def _layout() -> Callable[[str, str, Fields], str]:
    """Return a function that lays out entry type, key and fields as bibtexparser's writer does.

    That writer takes longer than everything else here together, and what it makes of an entry depends on the
    names of the fields alone: it is asked once for each set of them.
    """
    from bibtexparser.bibdatabase import BibDatabase, BibDataString  # noqa: PLC0415 - slow to import
    from bibtexparser.bwriter import BibTexWriter, SortingStrategy  # noqa: PLC0415 - as above

    writer = BibTexWriter()
    writer.contents = ["entries"]
    writer.indent = _INDENT
    writer.order_entries_by = None
    writer.display_order_sorting = SortingStrategy.PRESERVE  # the fields come in the order of our tables
    database = BibDatabase()
    macro = BibDataString(database, _HOLE)
    shapes: dict[tuple[str, ...], str] = {}

    def shape(type_: str, names: Iterable[str], *, month_is_macro: bool) -> str:
        values: dict[str, object] = dict.fromkeys(names, _HOLE)
        if month_is_macro:
            values["month"] = macro
        writer.add_trailing_comma = not values  # biber wants one behind the key
        writer.align_values = max(map(len, values), default=0)
        database.entries = [values | {"ENTRYTYPE": type_, "ID": _HOLE}]
        text: str = writer.write(database)
        return text

    def lay_out(type_: str, key: str, fields: Fields) -> str:
        month_is_macro = fields.get("month") in _MACROS
        found = (type_, "macro" if month_is_macro else "", *fields)
        text = shapes.get(found)
        if text is None:
            text = shapes[found] = shape(type_, fields, month_is_macro=month_is_macro)
        return text % (key, *fields.values())

    return lay_out


def _named_type(entry: Entry, dialect: Dialect, tally: Tally) -> tuple[str, Entry]:
    """Return the entry type that a record names itself, if it does, and the entry without that.

    References to other entries are left out: what those gave stands in the record, and BibTeX stops at one
    that is not there.
    """
    unmapped = entry.record.unmapped
    if not unmapped or not any(name in _NOT_FIELDS for name, _ in unmapped):
        return "", entry
    types = [text for name, text in unmapped if name == ENTRY_TYPE and is_name(text)]
    kept = tuple(pair for pair in unmapped if pair[0] not in _NOT_FIELDS)
    for name in sorted({name for name, _ in unmapped} & {CROSSREF, XDATA}):
        tally.add("field-not-carried", f"{dialect} cannot carry `{name}`", entry)
    return next(iter(types), ""), replace(entry, record=replace(entry.record, unmapped=kept))


def _blocks(blocks: Iterable[Block], as_written: AsWritten) -> Iterator[str]:
    """Yield the texts of blocks that stand together, each ending its last line."""
    for block in blocks:
        as_written.define(block)
        yield _own_lines(block)


def _own_lines(block: Block) -> str:
    """Return the text of a block, ending its last line."""
    return block.text.strip("\r\n") + "\n"


def _is_unsafe(block: Block) -> bool:
    """Return whether programs may stumble over a block: a rejected one, or one left open."""
    return block.kind is BlockKind.REJECTED or ("@" in block.text and not braces_balance(block.text))


def _holds(texts: Sequence[str], of_entries: Sequence[int], unsafe: Sequence[Block]) -> bool:
    """Return whether entries and unsafe blocks all stand by themselves where these texts are joined.

    What a block leaves open may close here, where entries are laid out otherwise than they were written.
    """
    ends = list(accumulate(len(text) + 1 for text in texts))
    wanted = [(ends[at] - len(texts[at]) - 1, ends[at] - 2) for at in of_entries]
    text = "\n".join(texts)
    places, rejected = [], set()
    for found in scan_bibtex(text):
        if isinstance(found, ScannedBlock):
            if found.kind is BlockKind.REJECTED:
                rejected.add(text[found.start : found.end].strip())
        elif found.type.lower() != XDATA:
            places.append((found.start, found.end))
    return places == wanted and {block.text.strip() for block in unsafe}.issuperset(rejected)


def _commented(texts: Iterable[str], unsafe: Sequence[Block]) -> Iterator[str]:
    """Yield texts, those of unsafe blocks with a % before each line."""
    letters = {_own_lines(block) for block in unsafe}
    for text in texts:
        yield _LINE_START.sub("% ", text) if text in letters else text


def _kept(dialect: Dialect, unsafe: Sequence[Block], *, to_the_letter: bool) -> tuple[Diagnostic, ...]:
    """Return a warning for each unsafe block: how it is kept."""
    how = (
        f"is kept to the letter; {dialect} programs may refuse the file for it"
        if to_the_letter
        else "is kept as a comment, each line behind a %: to the letter, it would take in what follows it"
    )
    return tuple(
        warning("unsafe-block-kept", f"a {block.kind} block {how}", block.source) for block in unsafe
    )
