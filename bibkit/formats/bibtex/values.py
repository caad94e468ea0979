"""The fields of one entry of a `.bib` file: a record goes in, field names and their sources come out.

The tables of `mapping` say which field a fact stands in; here its value becomes LaTeX. Every value comes from
a function of `bibkit.latex`, whose output is on one line and has braces that balance, or is made of letters
and digits here. What a value loses on the way is counted.

Long because one class holds a method for each kind of value: each may have something to say of its entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import compress
from operator import attrgetter
from typing import Any, Final, assert_never

from bibkit.formats.base import Tally
from bibkit.formats.bibtex.case import protect_ascii, write_title, write_words
from bibkit.formats.bibtex.mapping import (
    ALIASES,
    ENTRY_TYPES,
    GENRE_KEYS,
    KEY_FIELDS,
    LANGIDS,
    MONTHS,
    NO_GENRE,
    OTHER_FIELDS,
    OTHER_NAME,
    SEASONS,
    SHARED_ENTRY_TYPES,
    VERBATIM_FIELDS,
    Dialect,
    Field,
    Kind,
    fields_of,
    is_bibtex_key,
)
from bibkit.formats.bibtex.names import (
    Escape,
    is_plain,
    write_cuttable,
    write_name,
    write_names,
)
from bibkit.latex import Written, unwritable, write_latex, write_text, write_verbatim
from bibkit.model.dates import Date, ExtendedDate
from bibkit.model.names import Body, Creator, Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import Entry

Fields = dict[str, str]
"""Name and source of each field of an entry, in output order."""

_Write = Callable[[Any], str]
_Steps = tuple[Callable[[Record], tuple[Any, ...]], tuple[tuple[str, _Write], ...]]

# Looking up a member of an enumeration takes Python 3.11 as long as half of what is done with it here.
_BIBTEX: Final = Dialect.BIBTEX
_AUTHOR: Final = Role.AUTHOR
_WORDS: Final = Kind.WORDS
_PREPRINT: Final = ItemType.PREPRINT
_THESIS: Final = ItemType.THESIS

_ROLES: Final = tuple(Role)
_OTHER_ROLES: Final = frozenset(_ROLES[1:])
_LAST: Final = ("keywords", "abstract")
_LIST_OF_PAGES: Final = re.compile(r"\s*,\s*")
_DASH: Final = re.compile(r"\s*(?:--+|[‒–—―])\s*")
_ONE_HYPHEN: Final = re.compile(r"([^-]+)-([^-]+)")
_PAGE: Final = re.compile(r"\s*(?:\D*\d.*|[ivxlcdm]+|[IVXLCDM]+)\s*")
_ENDS_A_KEYWORD: Final = re.compile("[,;]")
_LINE_BREAK: Final = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_ENDS_AN_ITEM: Final = re.compile(r"\band\b|\Aothers\Z", re.IGNORECASE)
_PRINTABLE: Final = bytes(range(0x20, 0x7F))
_ARXIV: Final = "arXiv"  # what CSL-JSON and RIS say in the publisher's place
_XDATA: Final = "xdata="  # biber takes a value that starts so for a reference to another entry


class Values:
    """Writes the fields of entries in one dialect, and counts what they cannot say."""

    __slots__ = (
        "_aliases",
        "_ascii",
        "_authors_alone",
        "_dialect",
        "_entry",
        "_et_al_said",
        "_known_keywords",
        "_known_names",
        "_steps",
        "_tally",
        "_write_in_name",
    )

    def __init__(
        self,
        dialect: Dialect,
        tally: Tally,
        aliases: frozenset[str],
        *,
        ascii: bool,  # noqa: A002 - the name of the command's option
    ) -> None:
        """Take the dialect, what to report to, and the aliases that may be written."""
        self._dialect = dialect
        self._tally = tally
        self._aliases = aliases
        self._ascii = ascii
        escape: Escape = partial(write_text, ascii=ascii)
        if dialect is Dialect.BIBTEX and not ascii:
            escape = partial(write_cuttable, escape=write_text)
        self._write_in_name: Escape = cache(escape)  # parts of names come again even more than names
        self._known_keywords: dict[tuple[str, ...], str] = {}
        self._known_names: dict[str | Creator, str] = {}
        self._steps: dict[tuple[ItemType, bool], _Steps] = {}

    def fields(self, entry: Entry) -> Fields:
        """Return the fields of an entry, in the order of the tables."""
        self._entry = entry
        self._et_al_said = False
        record = entry.record
        self._authors_alone = True
        for creator in record.creators:
            if creator.role is not _AUTHOR:
                self._authors_alone = False
        fetch, steps = self._steps_for(record.type)
        fields: Fields = {}
        if entry.aliases and (keys := self._keys(entry.aliases)):
            fields[ALIASES] = keys
        values = fetch(record)
        for (name, write), value in compress(zip(steps, values, strict=True), values):
            source = write(value)
            if source:
                fields[name] = f"{fields[name]}, {source}" if name in fields else source
        if record.unmapped:
            fields = self._with_unmapped(fields, record.unmapped)
        if record.listing is not None:
            self._report_listing(record.listing, dated=record.issued is not None)
        if record.creators_truncated and not self._et_al_said:
            self._not_carried("creators_truncated")
        return fields

    def entry_type(self, entry: Entry) -> str:
        """Return the entry type; it is counted where it does not say what type the record is."""
        record = entry.record
        name = entry_type(record, self._dialect)
        if name in SHARED_ENTRY_TYPES:
            # An arXiv id says it is a preprint to every reader.
            said = _PREPRINT if record.arxiv_id else SHARED_ENTRY_TYPES[name]
            if said is not record.type:
                what = f"{self._dialect} cannot carry the type `{record.type}`, written as @{name}"
                self._tally.add("type-not-carried", what, entry)
        return name

    def _steps_for(self, item_type: ItemType) -> _Steps:
        """Return what to do for a record of a type; where all creators are authors, no step is for others."""
        steps = self._steps.get((item_type, self._authors_alone))
        if steps is None:
            rows = [
                row
                for row in fields_of(self._dialect, item_type)
                if not (self._authors_alone and row.fact in _OTHER_ROLES)
            ]
            steps = (
                attrgetter(*[_attribute(row, item_type) for row in rows]),
                tuple((row.name(self._dialect) or row.fact, self._step(row)) for row in rows),
            )
            self._steps[item_type, self._authors_alone] = steps
        return steps

    def _step(self, row: Field) -> _Write:  # noqa: C901, PLR0911, PLR0912 - a case a kind, and no more
        """Return the function that writes the value of a row."""
        if row.name(self._dialect) is None:
            return partial(self._no_field, row.fact)
        match row.kind:
            case Kind.TEXT:
                return partial(self._text, row.fact)
            case Kind.TITLE:
                return self._title
            case Kind.LIST:
                return partial(self._list, row.fact)
            case Kind.GENRE:
                return self._genre
            case Kind.NAMES:
                return partial(self._names, row.fact)
            case Kind.PAGES:
                return self._pages
            case Kind.VERBATIM:
                return partial(self._verbatim, row.fact)
            case Kind.KEYWORDS:
                return partial(self._keywords, row.fact)
            case Kind.LANGID:
                return lambda language: LANGIDS.get(language, "")
            case Kind.LANGUAGE:
                return self._language
            case Kind.YEAR:
                return partial(self._year, row.fact)
            case Kind.MONTH:
                return partial(self._month, row.fact)
            case Kind.DAY:
                return partial(self._day, row.fact)
            case Kind.DATE | Kind.WORDS:
                return partial(self._date, row.fact, row.kind)
            case Kind.CONSTANT:
                return partial(self._constant, row)
            case _:
                assert_never(row.kind)

    # Text.

    def _text(self, fact: str, text: str) -> str:
        """Return LaTeX."""
        if "$" in text:
            return self._with_maths(fact, text, write_latex(text, ascii=self._ascii))
        source = write_text(text, ascii=self._ascii)
        if source is text and text[0] not in " xX" and text[-1] != " ":
            return source
        return self._checked(fact, text, source)

    def _title(self, title: str) -> str:
        """Return LaTeX with the case of words protected."""
        if "$" in title:
            return self._with_maths("title", title, write_title(title, ascii=self._ascii))
        if write_text(title) is title and title.isascii() and title[0] not in " xX" and title[-1] != " ":
            return protect_ascii(title)
        return self._checked("title", title, write_words(title, ascii=self._ascii))

    def _with_maths(self, fact: str, text: str, written: Written) -> str:
        """Return a source that has dollars in it; count the maths that had to become text."""
        if written.refused:
            self._report("maths-escaped", f"maths in `{fact}` that TeX would not take is text")
        return self._checked(fact, text, written.source)

    def _checked(self, fact: str, text: str, source: str) -> str:
        """Return a source that no reader takes for something else; count what the text has lost in it."""
        if not _is_printable(text):
            self._report_characters(fact, text)
        source = source.strip(" ")
        if source[: len(_XDATA)].lower() == _XDATA:
            source = f"{{{source[0]}}}{source[1:]}"
        return source

    def _list(self, fact: str, text: str) -> str:
        """Return LaTeX that is one item of a list to biblatex; an arXiv id says by itself who publishes."""
        record = self._entry.record
        if fact == "publisher" and text == _ARXIV and record.type is ItemType.PREPRINT and record.arxiv_id:
            return ""
        source = self._text(fact, text)
        return f"{{{source}}}" if _ENDS_AN_ITEM.search(text) else source

    def _genre(self, _: str) -> str:
        """Return the kind of work, where the entry type does not say it."""
        record = self._entry.record
        genre = record.genre or NO_GENRE[record.type]
        keys = GENRE_KEYS.get(record.type, {}).get(genre)
        if keys is None:
            return self._text("genre", genre)
        return "" if self._dialect is Dialect.BIBTEX else keys[1]

    def _language(self, language: str) -> str:
        """Return the language in words, where biblatex has no name of its own for it."""
        if self._dialect is Dialect.BIBLATEX and language in LANGIDS:
            return ""
        return self._list("language", language)

    def _keywords(self, fact: str, keywords: tuple[str, ...]) -> str:
        """Return the keywords, with braces around those that hold what would end them."""
        known = self._known_keywords.get(keywords)
        if known is not None:
            return known
        source = ", ".join(filter(None, [self._keyword(fact, keyword) for keyword in keywords if keyword]))
        if source == ", ".join(keywords):  # there is nothing to say of them, and most come again
            self._known_keywords[keywords] = source
        return source

    def _keyword(self, fact: str, keyword: str) -> str:
        """Return one keyword."""
        source = self._text(fact, keyword)
        return f"{{{source}}}" if _ENDS_A_KEYWORD.search(source) else source

    def _pages(self, pages: str) -> str:
        """Return pages, with two hyphens between the first and the last of a range."""
        ranges = _LIST_OF_PAGES.split(pages.strip(" "))
        return ", ".join([self._page_range(range_) for range_ in ranges if range_])

    def _page_range(self, pages: str) -> str:
        """Return a page or a range; a hyphen is a range's only between what are pages by themselves."""
        ends = _DASH.split(pages)
        if len(ends) == 1 and (match := _ONE_HYPHEN.fullmatch(pages)):
            ends = list(match.groups())
            if not all(map(_PAGE.fullmatch, ends)):
                ends = [pages]
        if len(ends) != 2 or not all(ends):
            ends = [pages]
        return "--".join([self._text("pages", end.strip(" ")) for end in ends])

    # What is no text.

    def _verbatim(self, fact: str, text: str) -> str:
        """Return a value that is taken to the letter, what cannot stand in it percent-encoded."""
        source = write_verbatim(text, ascii=self._ascii)
        if source[: len(_XDATA)].lower() == _XDATA:
            source = source.replace("=", "%3D", 1)
        if source != text:
            self._report("value-encoded", f"characters of `{fact}` are percent-encoded")
        return source

    def _keys(self, aliases: Sequence[str]) -> str:
        """Return the older keys of an entry that stand for nothing else."""
        clear = [alias for alias in aliases if alias in self._aliases]
        if len(clear) < len(aliases):
            self._not_carried("aliases")
        return ", ".join(clear)

    def _constant(self, row: Field, value: object) -> str:
        """Return a row's constant, if there is what it speaks of."""
        if row.fact in _OTHER_ROLES and not _of_role(self._entry.record.creators, row.fact):
            return ""
        return row.constant if value else ""

    def _date(self, fact: str, kind: Kind, date: Date) -> str:
        """Return a date, as EDTF says it; none for words, which another field is for."""
        if isinstance(date, ExtendedDate):
            return self._extended_date(fact, kind, date)
        return "" if kind is _WORDS else date.isoformat()

    def _year(self, fact: str, date: Date) -> str:
        """Return the year."""
        return (
            self._extended_date(fact, Kind.YEAR, date)
            if isinstance(date, ExtendedDate)
            else _digits(date.year)
        )

    def _month(self, fact: str, date: Date) -> str:
        """Return the macro of the month."""
        if isinstance(date, ExtendedDate):
            return self._extended_date(fact, Kind.MONTH, date)
        return MONTHS[date.month - 1] if date.month else ""

    def _day(self, _: str, date: Date) -> str:
        """Return the day."""
        return str(date.day) if date.day else ""

    def _extended_date(self, fact: str, kind: Kind, date: ExtendedDate) -> str:
        """Return what a field can say of a range, a guess, a season or words."""
        words = date.literal
        match kind:
            case Kind.YEAR if words is None:
                if date.season is None or date.circa or date.uncertain:
                    what = f"{self._dialect} cannot carry the whole of `{fact}`: a range or a guess"
                    self._tally.add("field-not-carried", what, self._entry)
                return _digits(date.year)
            case Kind.YEAR | Kind.WORDS:
                return "" if words is None else self._text(fact, words)
            case Kind.MONTH:
                return (
                    SEASONS[date.season - 1] if date.season else MONTHS[date.month - 1] if date.month else ""
                )
            case _ if self._dialect is Dialect.BIBTEX:
                return self._text(fact, date.isoformat())
            case _ if words is not None:
                if fact != "issued":  # whose words have a field of their own
                    self._not_carried(fact)
                return ""
            case _:
                return date.isoformat()

    def _names(self, role: str, creators: Sequence[Creator]) -> str:
        """Return the names of one role; "et al." stands behind those of the first role that there is."""
        truncated = self._entry.record.creators_truncated
        if self._authors_alone:
            named = creators
        else:
            named = _of_role(creators, role)
            truncated = truncated and role == _first_role(creators)
        known = self._known_names
        names = []
        for creator in named:
            if isinstance(creator, Body) or creator.particle or creator.suffix or not creator.given:
                source = known.get(creator) or self._name(creator, creator)
            else:
                name = f"{creator.family}, {creator.given}"
                source = known.get(name) or self._name(name, creator)
            if source:
                names.append(source)
        if not names:
            return ""
        self._et_al_said = self._et_al_said or truncated
        return write_names(names, truncated=truncated)

    def _name(self, name: str | Creator, creator: Creator) -> str:
        """Return one name, for a person of two parts `name`: "Family, Given"; for any other, the creator.

        It is remembered if there is nothing to say of it, since people come again.
        """
        if isinstance(name, str) and is_plain(name) and (name.isascii() or not self._ascii):
            source = name if name.isascii() else ", ".join(map(self._write_in_name, name.split(", ")))
            self._known_names[name] = source
            return source
        written = write_name(creator, self._write_in_name)
        if written.blurred is not None:
            self._report("name-changed", f"readers will not tell {written.blurred} from the rest")
        whole = creator.literal if isinstance(creator, Body) else " ".join(filter(None, _parts(creator)))
        if not whole.isprintable():
            self._report_characters(creator.role, whole)
        elif written.blurred is None:
            self._known_names[name] = written.text
        return written.text

    # What a record has besides.

    def _with_unmapped(self, fields: Fields, unmapped: Sequence[tuple[str, str]]) -> Fields:
        """Return the fields with the unmapped ones before the last, each under a name that is still free."""
        last = {name: fields[name] for name in _LAST if name in fields}
        found = {name: source for name, source in fields.items() if name not in last}
        for fact, text in unmapped:
            name = OTHER_FIELDS.get(fact, fact)
            if name in fields or name in found or OTHER_NAME.fullmatch(name) is None:
                self._not_carried(fact)
            elif name in KEY_FIELDS and all(is_bibtex_key(key.strip()) for key in text.split(",")):
                found[name] = text  # keys stay to the letter, in ASCII too
            elif name in VERBATIM_FIELDS:
                found[name] = self._verbatim(fact, text)
            else:
                found[name] = self._text(fact, text) if text else ""
        return {name: source for name, source in found.items() if source} | last

    def _report_listing(self, facts: ListingFacts, *, dated: bool) -> None:
        """Count what a paper listing prints; its date only where no date could be made of it."""
        if facts.score is not None:
            self._not_carried("score")
        if facts.code:
            self._not_carried("code")
        if facts.date is not None and not dated:
            self._not_carried("date")
        if facts.uncertain:
            self._not_carried("uncertain")

    def _report_characters(self, fact: str, text: str) -> None:
        """Count what is lost of a text that is not all printable."""
        if _LINE_BREAK.search(text.strip()):
            self._report("line-breaks-joined", f"line breaks in `{fact}` became spaces")
        if unwritable(text):
            self._report("character-replaced", f"characters in `{fact}` that no text has")

    def _no_field(self, fact: str, value: Any) -> str:
        """Count a fact that has no field; of creators, only if one has the role."""
        if fact not in _OTHER_ROLES or _of_role(value, fact):
            self._not_carried(fact)
        return ""

    def _not_carried(self, fact: str) -> None:
        """Count a fact that the dialect cannot carry."""
        self._tally.add("field-not-carried", f"{self._dialect} cannot carry `{fact}`", self._entry)

    def _report(self, code: str, what: str) -> None:
        """Count a change."""
        self._tally.add(code, f"{self._dialect}: {what}", self._entry)


def entry_type(record: Record, dialect: Dialect) -> str:
    """Return the entry type of a record.

    biblatex has several for three types of record: a preprint with no address is no `@online`, a book that
    has editors alone is a `@collection`, and a chapter of a book without editors is an `@inbook`.
    """
    bibtex, biblatex = ENTRY_TYPES[record.type]
    if dialect is _BIBTEX:
        master = record.type is _THESIS and "master" in (record.genre or "").lower()
        return "mastersthesis" if master else bibtex
    if record.type is _PREPRINT:
        return biblatex if record.url or record.doi or record.arxiv_id else "misc"
    match record.type:
        case ItemType.BOOK if _first_role(record.creators) is Role.EDITOR:
            return "collection"
        case ItemType.CHAPTER if not _of_role(record.creators, Role.EDITOR):
            return "inbook"
        case _:
            return biblatex


def _is_printable(text: str) -> bool:
    """Return whether a text holds no control and no line break; the quick way where it can be gone."""
    if text.isascii():
        return not text.encode("ascii").translate(None, _PRINTABLE)
    return text.isprintable()


def _digits(year: int | None) -> str:
    """Return a year, one under 100 with zeros: two digits alone are those of a year in some century."""
    return f"{year:04}" if year is not None and year < 100 else str(year)


def _attribute(row: Field, item_type: ItemType) -> str:
    """Return which attribute of a record the value of a row comes from."""
    if row.kind is Kind.GENRE and item_type in NO_GENRE:
        return "type"  # there is something to write without a genre too
    return "creators" if row.fact in _ROLES else row.fact


def _of_role(creators: Sequence[Creator], role: str) -> list[Creator]:
    """Return the creators of one role."""
    return [creator for creator in creators if creator.role == role]


def _first_role(creators: Sequence[Creator]) -> Role | None:
    """Return the role that an entry begins with: that of the authors, or the next that there is."""
    return next((role for role in _ROLES if _of_role(creators, role)), None)


def _parts(person: Person) -> tuple[str | None, ...]:
    """Return all that a person's name says."""
    return person.given, person.particle, person.family, person.suffix
