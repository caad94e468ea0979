"""Entries to the text of a `.bib` file, in BibTeX's dialect or biblatex's.

Layout is bibtexparser's, which neither escapes nor checks; that no value breaks out of its field is ours
(`bibkit.formats.bibtex.values`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bibkit.diagnostics import Diagnostic, warning
from bibkit.formats.base import Block, BlockKind, Rendered, Tally, blocks_not_carried
from bibkit.formats.bibtex.mapping import MONTHS, Dialect, is_bibtex_key
from bibkit.formats.bibtex.values import Fields, Values
from bibkit.latex import braces_balance
from bibkit.model.work import Entry

_INDENT: Final = "  "
_MACROS: Final = frozenset(MONTHS)
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
    for entry in entries:
        if not is_bibtex_key(entry.key):
            raise ValueError(f"the citation key {entry.key!r} cannot stand in a .bib file")
    tally = Tally()
    values = Values(dialect, tally, _clear_aliases(entries), ascii=ascii)
    lay_out = _layout()
    texts = [lay_out(values.entry_type(entry), entry.key, values.fields(entry)) for entry in entries]
    carried = [block for block in blocks if block.kind is not BlockKind.PROFILE and block.text.strip()]
    profile = [block for block in blocks if block.kind is BlockKind.PROFILE]
    return Rendered(
        "\n".join(_with_blocks(texts, carried)),
        (*tally.diagnostics(), *_unsafe(dialect, carried), *blocks_not_carried(dialect, profile)),
    )


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


def _with_blocks(texts: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Return the texts of entries and blocks in the order of the file, each ending its last line."""
    if not blocks:
        return list(texts)
    by_index: dict[int, list[str]] = {}
    for block in blocks:
        by_index.setdefault(min(block.index, len(texts)), []).append(block.text.strip("\r\n") + "\n")
    placed: list[str] = []
    for index, text in enumerate(texts):
        placed.extend(by_index.get(index, ()))
        placed.append(text)
    return placed + by_index.get(len(texts), [])


def _unsafe(dialect: Dialect, blocks: Sequence[Block]) -> tuple[Diagnostic, ...]:
    """Return a warning for each block that programs may stumble over: a rejected one, or one left open."""
    return tuple(
        warning(
            "unsafe-block-kept",
            f"a {block.kind} block is kept to the letter; {dialect} programs may refuse the file for it",
            block.source,
        )
        for block in blocks
        if block.kind is BlockKind.REJECTED or ("@" in block.text and not braces_balance(block.text))
    )
