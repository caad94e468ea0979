"""What an entry of a `.bib` file says: its type and fields go in, the values of a record come out.

Which field says what is in `plans`. A field that nothing of a record can hold, or that came too late, is kept
among the unmapped ones, under CSL's name for it where there is one.

Knows values alone, not where they stand in a file: strings are expanded, inherited fields are there.

Past 400 lines, since a record has many facts: a method for each whose field is no plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any, Final, TypeVar

from bibkit.formats.bibtex.dates import read_date, read_year, usual_date, with_month
from bibkit.formats.bibtex.groups import hide, single_blanks, split_outside, without_sort_hints
from bibkit.formats.bibtex.mapping import (
    GENRE_KEYS,
    LANGIDS,
    NO_GENRE,
    OTHER_FIELDS,
    VERBATIM_FIELDS,
)
from bibkit.formats.bibtex.namelist import read_names
from bibkit.formats.bibtex.plans import UNMAPPED, Plan, plan_of
from bibkit.formats.bibtex.scanner import Note
from bibkit.latex import read_latex
from bibkit.model.dates import Date, ExtendedDate
from bibkit.model.identifiers import (
    arxiv_id_of_doi,
    arxiv_id_of_url,
    bare_doi,
    is_arxiv_class,
    is_arxiv_id,
)
from bibkit.model.names import Creator, Role
from bibkit.model.record import ItemType

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Types that are a preprint's where there is an arXiv id.
_MAYBE_PREPRINTS: Final = frozenset({ItemType.DOCUMENT, ItemType.WEBPAGE})

_ENDS_A_TITLE: Final = tuple(".:;?!")

#: Types whose number is that of the series, if there is one.
_IN_SERIES: Final = frozenset(
    {ItemType.BOOK, ItemType.PROCEEDINGS, ItemType.CHAPTER, ItemType.CONFERENCE_PAPER}
)

#: Field -> variable of CSL by which a record keeps it among its unmapped fields.
UNMAPPED_NAMES: Final = {
    **{name: variable for variable, name in OTHER_FIELDS.items() if name != "number"},
    "annotation": "annote",
    "eventtitle": "event-title",
    "shortjournal": "container-title-short",
    "shorttitle": "title-short",
}
_DATES_KEPT: Final = frozenset({"event-date", "original-date"})

_GENRES: Final = {
    **{keys[1]: genre for genres in GENRE_KEYS.values() for genre, keys in genres.items()},
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "resreport": "Research report",
}
_LANGUAGES: Final = {name: tag for tag, name in LANGIDS.items()} | {
    "nbritish": "en-GB", "usenglish": "en-US", "ukenglish": "en-GB", "germanb": "de", "francais": "fr",
    "brazil": "pt-BR", "portuges": "pt", "hungarian": "hu", "norwegian": "nb", "chinese": "zh",
}  # fmt: skip

_SHORT: Final = 100  # characters

_PLAIN: Final = re.compile(r"[\w.,:;()/&?!=+*%_]++(?:[ '-][\w.,:;()/&?!=+*%_]++)*+", re.ASCII)
_BCP47: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_ENDS_A_KEYWORD: Final = re.compile("[,;]")
_PAGES: Final = re.compile(r"([A-Za-z0-9]+)--([A-Za-z0-9]+)")
_DASH: Final = re.compile(r" *(?:[‒–—―]|--+) *")
_URL_MACRO: Final = re.compile(r"\s*\\(?:url|href|path|nolinkurl)\s*\{(.*)\}\s*", re.DOTALL)
_URL_ESCAPE: Final = re.compile(
    r"\\([%#&_~{}$\\^])(?:\{\})?|\{\\(?:textasciitilde|~)\{?\}?\}|\\textasciitilde\{\}|\$\\sim\$"
)
_TILDE: Final = re.compile(r"(?<!\\)~")  # in a date: about that time
_URL: Final = re.compile(r"(?:https?|ftp)://\S+")
_ARXIV_PREFIX: Final = re.compile(r"(?:arxiv:\s*|https?://arxiv\.org/abs/)", re.IGNORECASE)
_ARXIV_CLASS: Final = re.compile(r"\s*\[([A-Za-z-]+(?:\.[A-Za-z-]+)?)\]$")


ENTRY_TYPE: Final = "entrytype"
"""The unmapped field that has the entry type, where no type of a record stands for it."""


class EntryReader:
    """Reads the entries of one file; what the fields of an entry are for is found out once for each set.

    So is what names, dates, lists of keywords and short values say: they come again and again.
    """

    __slots__ = ("dates", "keywords", "names", "plans", "texts")

    def __init__(self) -> None:
        """Start with nothing found out."""
        self.plans: dict[tuple[str, tuple[str, ...]], Plan] = {}
        self.texts: dict[str, str] = {}
        self.dates: dict[tuple[str, str, str], tuple[Date | None, int]] = {}
        self.keywords: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self.names: dict[Role, dict[str, Creator]] = {role: {} for role in Role}

    def read(self, entry_type: str, names: tuple[str, ...], values: Sequence[str]) -> Meaning:
        """Return what an entry of that type says with fields of these names and values; any text is taken."""
        if "" in values or any(map(str.isspace, values)):
            names = tuple([name if value.strip() else "" for name, value in zip(names, values, strict=True)])
        plan = self.plans.get((entry_type, names))
        if plan is None:
            plan = self.plans[entry_type, names] = plan_of(
                entry_type, [name.lower() for name in names], _READINGS
            )
        meaning = Meaning(self, entry_type, values, plan)
        meaning.read()
        return meaning


class Meaning:
    """What an entry says: values of a record's fields, and what each field of the entry was read as.

    `facts` has, for each field, the record's field or the role that it says, or `unmapped`; `kept` has what
    the unmapped ones are kept as, by the place of the field. `notes` are in order, and `unknown` names the
    macros that stayed in the text, each once. The rest is what the reading needs.
    """

    __slots__ = (
        "creators",
        "entry_type",
        "facts",
        "kept",
        "known",
        "notes",
        "plan",
        "sources",
        "unknown",
        "values",
    )

    def __init__(self, known: EntryReader, entry_type: str, sources: Sequence[str], plan: Plan) -> None:
        """Take the values of the fields, and what they are for."""
        self.entry_type = entry_type
        self.sources = sources
        self.facts = list(plan.facts)
        self.plan = plan
        self.known = known
        self.kept: dict[int, tuple[str, str]] = {}
        self.values: dict[str, Any] = {"type": plan.type}
        self.creators: dict[int, tuple[Creator, ...]] = {}
        self.notes: dict[Note, None] = {}
        self.unknown: dict[str, None] = {}

    def read(self) -> None:
        """Give every field to what it says."""
        plan = self.plan
        if plan.genre is not None:
            self.values["genre"] = plan.genre
        for part, at in plan.texts:
            text = self.plain(self.sources[at])
            if text:
                self.values[part] = text
        for reading, at in plan.others:
            reading(self, at)
        if plan.doubles:
            self.read_doubles()
        if plan.subtitles:
            self.add_subtitles()
        self.read_issued()
        self.read_arxiv()
        if self.creators:
            lists = [self.creators[at] for at in sorted(self.creators)]
            self.values["creators"] = lists[0] if len(lists) == 1 else tuple(chain.from_iterable(lists))
        self.keep_unmapped()

    def read_doubles(self) -> None:
        """Look at fields whose name the entry has already; keywords go with the others."""
        for at, first in self.plan.doubles:
            name = self.plan.names[first]
            self.note("duplicate-field", f"the field {name} stands twice; BibTeX takes the first")
            if name == "keywords":
                self.facts[at] = "keywords"
            elif self.raw(at) == self.raw(first):
                self.facts[at] = ""

    def say(self, fact: str, at: int, value: Any) -> None:
        """Set a field of the record by a field of the entry, unless it says nothing."""
        self.facts[at] = fact
        if value:
            self.values[fact] = value

    def raw(self, at: int) -> str:
        """Return the value of a field with single blanks."""
        return single_blanks(self.sources[at]).strip(" ")

    def text(self, at: int) -> str:
        """Return the plain text of a field."""
        return self.plain(self.sources[at])

    def plain(self, source: str) -> str:
        """Return the plain text of LaTeX."""
        known = self.known.texts.get(source)
        return self.new_text(source) if known is None else known

    def new_text(self, source: str) -> str:
        """Return the plain text of LaTeX; it is known from now on if it is short and holds no odd macro."""
        is_short = len(source) <= _SHORT
        if (
            is_short and _PLAIN.fullmatch(source) is not None
        ):  # which takes longer than reading, of a long one
            text = source
        else:
            read = read_latex(without_sort_hints(source))
            text = read.text.strip(" ")
            if read.unknown:
                self.unknown.update(dict.fromkeys(read.unknown))
                return text
        if is_short:
            self.known.texts[source] = text
        return text

    def note(self, code: str, message: str) -> None:
        """Keep a note, once."""
        self.notes[Note(code, message)] = None

    def learn(self, known: dict[_Key, _Value], key: _Key, find: Callable[[], _Value]) -> _Value:
        """Return what is found; it is known from now on if there is nothing to say of it."""
        said = self.notes, self.unknown
        self.notes, self.unknown = {}, {}
        found = find()
        if not (self.notes or self.unknown):
            known[key] = found
        self.notes, self.unknown = said[0] | self.notes, said[1] | self.unknown
        return found

    # What is no plain text.

    def read_names(self, role: Role, at: int) -> None:
        """Set the creators of a role."""
        found = read_names(self.sources[at], role, self.known.names[role])
        self.facts[at] = role.value
        self.creators[at] = found.creators
        if found.notes or found.unknown:
            self.notes.update(dict.fromkeys(found.notes))
            self.unknown.update(dict.fromkeys(found.unknown))
        if found.truncated:
            if role is Role.AUTHOR or Role.AUTHOR.value not in self.plan.found:
                self.values["creators_truncated"] = True
            else:
                self.note(
                    "truncation-not-kept", f"and others after the list of {role}s stays in the source alone"
                )

    def read_contributors(self, at: int) -> None:
        """Set the contributors, if the list is of such."""
        kind = self.plan.found.get("contributor type")
        if kind is None or self.text(kind).lower() == "collaborator":
            self.read_names(Role.CONTRIBUTOR, at)
            if kind is not None:
                self.facts[kind] = Role.CONTRIBUTOR.value

    def read_genre(self, at: int) -> None:
        """Set the kind of work; what says no more than the type says nothing."""
        text = self.text(at)
        self.facts[at] = "genre"
        self.values.pop("genre", None)
        if text != NO_GENRE.get(self.values["type"]):
            self.values["genre"] = _GENRES.get(text, text)

    def read_container(self, at: int) -> None:
        """Set the title of what contains the work; an address in its place is an address."""
        text = self.text(at)
        if self.plan.names[at] == "howpublished" and (address := _address(self.raw(at), text)):
            if "url" not in self.plan.found:
                self.say("url", at, address)
            elif address == _url(self.raw(self.plan.found["url"])):
                self.facts[at] = ""
            return
        self.say("container_title", at, text)

    def read_pages(self, at: int) -> None:
        """Set the pages, a range with a hyphen if no page has one of its own."""
        if (usual := _PAGES.fullmatch(self.sources[at])) is not None:
            self.say("pages", at, f"{usual[1]}-{usual[2]}")
            return
        text = self.text(at)
        self.say("pages", at, text if "-" in text else _DASH.sub("-", text))

    def read_doi(self, at: int) -> None:
        """Set the DOI, without what is often written before it."""
        self.say("doi", at, bare_doi(_url(self.raw(at))))

    def read_url(self, at: int) -> None:
        """Set the address."""
        self.say("url", at, _url(self.raw(at)))

    def read_accessed(self, at: int) -> None:
        """Set the day of access."""
        self.say("accessed", at, self.date(at))

    def read_language(self, at: int) -> None:
        """Set the language."""
        language = _language(self.text(at))
        self.say("language", at, language)
        other = self.plan.found.get("langid")
        if other is not None and _language(self.text(other)).split("-")[0] == language.split("-")[0]:
            self.facts[other] = "language"

    def read_langid(self, at: int) -> None:
        """Set the language by biblatex's name for it, if no field says it otherwise."""
        if "language" not in self.plan.found:
            self.say("language", at, _language(self.text(at)))

    def read_keywords(self, first: int) -> None:
        """Set the keywords, and among them the subject classes, of all fields that have the name."""
        found = []
        for at in (first, *[at for at, same in self.plan.doubles if same == first]):
            self.facts[at] = "keywords"
            source, known = self.sources[at], self.known.keywords
            found.append(
                known.get(source) or self.learn(known, source, partial(self.keywords_of, self.raw(at)))
            )
        categories, keywords = found[0]
        if len(found) > 1:
            categories, keywords = (tuple(chain.from_iterable(lists)) for lists in zip(*found, strict=True))
        if categories:
            self.values["categories"] = categories
        if keywords:
            self.values["keywords"] = keywords

    def keywords_of(self, source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the subject classes and the other keywords that a source lists."""
        words = [self.plain(word) for word, _ in split_outside(source, hide(source), _ENDS_A_KEYWORD)]
        categories = tuple([word for word in words if is_arxiv_class(word)])
        return categories, tuple([word for word in words if word and word not in categories])

    # What several fields say together.

    def add_subtitles(self) -> None:
        """Put subtitles behind their titles."""
        for at, fact in self.plan.subtitles:
            text = self.text(at)
            whole = self.values.get(fact, "")
            self.say(
                fact, at, f"{whole}{' ' if whole.endswith(_ENDS_A_TITLE) else ': '}{text}" if text else ""
            )

    def read_issued(self) -> None:
        """Set the date: biblatex's, or that of year, month and day."""
        date, year, month, day = self.plan.dates
        issued = None if date is None else self.date(date)
        if year is not None and (issued is None or issued.year is None):
            dated, kept = self.dated(year, month, day)
            for at in kept:
                self.facts[at] = "issued"
            issued = dated
        elif issued is not None and date is not None:
            self.facts[date] = "issued"
            if year is not None and self.text(year) == str(issued.year):
                self.facts[year] = "issued"
                if month is not None and self.dated(year, month, None)[0] == issued:
                    self.facts[month] = "issued"
        if issued is not None:
            self.values["issued"] = issued

    def dated(self, year: int, month: int | None, day: int | None) -> tuple[Date | None, list[int]]:
        """Return the date that a year makes with month and day, and the fields that have a part in it."""
        places = [year, *[at for at in (month, day) if at is not None]]
        values = [self.sources[at] for at in places]
        known = self.known.dates
        key = (values[0], "" if month is None else values[1], "" if day is None else values[-1])
        found = known.get(key) or self.learn(known, key, partial(self.read_dated, year, month, day))
        return found[0], places[: found[1]]

    def read_dated(self, year: int, month: int | None, day: int | None) -> tuple[Date | None, int]:
        """Return that date, and how many of the three fields have a part in it."""
        if month is not None:
            written = self.sources[year], self.sources[month], "" if day is None else self.sources[day]
            if (usual := usual_date(*written)) is not None:
                return usual, 2 if day is None else 3
        date = read_year(self.text(year))
        if isinstance(date, ExtendedDate) and date.literal is not None:
            self.note("odd-date", f"year {date.literal!r} is kept as words")
        if month is None or date is None:
            return date, 1
        text = self.text(month)
        if day is not None and (whole := with_month(date, text, self.text(day))) is not None:
            return whole, 3
        if (whole := with_month(date, text)) is not None:
            return whole, 2
        self.note("odd-date", f"month {text!r} is kept apart from the year")
        return date, 1

    def date(self, at: int) -> Date | None:
        """Return the date in a field of biblatex's."""
        text = self.plain(_TILDE.sub(r"\\textasciitilde{}", self.raw(at)))
        date = read_date(text)
        if isinstance(date, ExtendedDate) and date.literal is not None:
            self.note("odd-date", f"{self.plan.names[at]} {date.literal!r} is kept as words")
        elif "T" in text:
            self.note("time-not-kept", f"a time of day in {self.plan.names[at]} stays in the source alone")
        return date

    def read_arxiv(self) -> None:
        """Set the arXiv id and class; what may be a preprint is one if it has an id."""
        eprint, archive, category = self.plan.arxiv
        if eprint is not None:
            text = _ARXIV_PREFIX.sub("", _url(self.raw(eprint)), count=1)
            bracketed = _ARXIV_CLASS.search(text)
            text = _ARXIV_CLASS.sub("", text)
            named = None if archive is None else self.text(archive).lower()
            if text and (named == "arxiv" or (named is None and is_arxiv_id(text))):
                self.say("arxiv_id", eprint, text)
                if archive is not None:
                    self.facts[archive] = "arxiv_id"
                if category is not None:
                    self.say("arxiv_class", category, self.text(category))
                elif bracketed is not None:
                    self.values["arxiv_class"] = bracketed[1]
        if self.values["type"] not in _MAYBE_PREPRINTS or not self.plan.is_known:
            return
        if "arxiv_id" not in self.values:
            found = arxiv_id_of_doi(self.values.get("doi", "")) or arxiv_id_of_url(self.values.get("url", ""))
            if found is not None:
                self.values["arxiv_id"] = found
        if "arxiv_id" in self.values:
            self.values["type"] = ItemType.PREPRINT

    def keep_unmapped(self) -> None:
        """Keep every field that nothing took."""
        in_series = self.values["type"] in _IN_SERIES and "series" in self.plan.names
        some = in_series or UNMAPPED in self.facts
        for at, fact in enumerate(self.facts if some else ()):
            name = self.plan.names[at]
            if fact == "number" and in_series:
                self.facts[at] = UNMAPPED
                if number := self.values.pop("number", ""):
                    self.kept[at] = ("collection-number", number)
            elif fact == UNMAPPED and name and (text := self.unmapped_text(at)):
                self.kept[at] = (UNMAPPED_NAMES.get(name, name), text)
        unmapped = tuple(self.kept.values())
        if not self.plan.is_known:
            self.note("unknown-entry-type", f"the entry type {self.entry_type} is read as a document's")
            unmapped = ((ENTRY_TYPE, self.entry_type), *unmapped)
        if unmapped:
            self.values["unmapped"] = unmapped

    def unmapped_text(self, at: int) -> str:
        """Return the text of a field that nothing took."""
        name = self.plan.names[at]
        if is_verbatim(name):
            return self.raw(at)
        text = self.text(at)
        if UNMAPPED_NAMES.get(name) in _DATES_KEPT and (date := read_date(text)) is not None:
            return date.isoformat()
        return text


def is_verbatim(name: str) -> bool:
    """Return whether the value of a field, by its name in small letters, is no LaTeX."""
    return name in VERBATIM_FIELDS or "url" in name or name.startswith("bdsk-")


def _url(source: str) -> str:
    """Return an address or identifier without the markup that people put around and into it."""
    if "\\" not in source and "{" not in source:
        return source.replace(" ", "")
    macro = _URL_MACRO.fullmatch(source)
    text = source if macro is None else macro[1]
    while text.startswith("{") and text.endswith("}") and "{" not in text[1:]:
        text = text[1:-1]
    if "\\" in text:
        text = _URL_ESCAPE.sub(lambda match: match[1] or "~", text)
    return text.replace(" ", "")


def _address(source: str, text: str) -> str:
    """Return the address that a source is, with its plain text; nothing if it is something else."""
    if _URL_MACRO.fullmatch(source) is not None:
        return _url(source)
    return _url(source) if _URL.fullmatch(text) is not None else ""


def _language(text: str) -> str:
    """Return the tag of a language, or its name where that is not known."""
    tag = _LANGUAGES.get(text.lower())
    if tag is not None:
        return tag
    return text.replace("_", "-") if _BCP47.fullmatch(text) is not None else text


_READINGS: Final[dict[str, Callable[[Meaning, int], None]]] = {
    Role.AUTHOR: lambda reader, at: reader.read_names(Role.AUTHOR, at),
    Role.EDITOR: lambda reader, at: reader.read_names(Role.EDITOR, at),
    Role.TRANSLATOR: lambda reader, at: reader.read_names(Role.TRANSLATOR, at),
    Role.CONTRIBUTOR: Meaning.read_contributors,
    "genre": Meaning.read_genre,
    "container_title": Meaning.read_container,
    "pages": Meaning.read_pages,
    "doi": Meaning.read_doi,
    "url": Meaning.read_url,
    "accessed": Meaning.read_accessed,
    "language": Meaning.read_language,
    "langid": Meaning.read_langid,
    "keywords": Meaning.read_keywords,
}
