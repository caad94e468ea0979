"""Dates, names and keywords of a record as JSON values of CSL variables, and back.

Each pair is one law: reading what was written gives the value again, as far as CSL can say it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeGuard

from bibkit.errors import ParseError
from bibkit.formats.csljson.markup import plain_text, text_of
from bibkit.formats.csljson.tables import NAME_PARTS, NAME_SWITCHES
from bibkit.model.dates import Date, ExtendedDate, PartialDate, Season, parse_date
from bibkit.model.identifiers import is_arxiv_class
from bibkit.model.names import Body, Creator, Person, Role, make_person

Json = object

_TRUNCATIONS: Final = frozenset({"others", "and others", "et al", "et al.", "et alii", "et alia", "et alia."})
_DATE_MEMBERS: Final = frozenset({"date-parts", "season", "circa", "literal", "raw"})
_SEASONS: Final = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_NOTHING: Final[tuple[Json, ...]] = (None, "", [], {}, False)
_NO: Final = frozenset({"", "0", "false", "no"})
_INSTITUTION: Final = "isInstitution"
_WHOLE_NUMBERS: Final = {int}  # a boolean is none


def says_more(creator: Creator) -> bool:
    """Return whether the last of a list of creators is no creator, but says that there are more."""
    if isinstance(creator, Person):
        name = "" if creator.given or creator.particle or creator.suffix else creator.family
    else:
        name = creator.literal
    return name.strip().lower() in _TRUNCATIONS


def is_name_list(value: Json) -> TypeGuard[list[Json]]:
    """Return whether a value is a list of names that CSL's schema takes."""
    return isinstance(value, list) and bool(value) and all(_is_name(name) for name in value)


def name_value(creator: Creator) -> dict[str, str]:
    """Return the JSON object of one name; a particle is written so that it sorts with the family name."""
    if not isinstance(creator, Person):
        return {"literal": text_of(creator.literal)}
    parts = {
        "family": creator.family,
        "given": creator.given,
        "non-dropping-particle": creator.particle,
        "suffix": creator.suffix,
    }
    return {part: text_of(text) for part, text in parts.items() if text}


def usual_name(value: Json, role: Role) -> Person | None:
    """Return the person whom an object of family and given name says, by its pairs; `None` for any other."""
    if type(value) is not tuple or len(value) != 2:
        return None
    (first, family), (second, given) = value
    if first == "given":
        first, family, second, given = second, given, first, family
    if first != "family" or second != "given" or type(family) is not str or type(given) is not str:
        return None
    if not family or not given or "<" in family or "<" in given:
        return None
    return make_person(family, given, None, None, role)


def read_name(value: Json, role: Role) -> Creator:
    """Return the creator that a JSON name says; raise `ParseError` if it says none.

    Both particles are one, in the order in which they are printed; a name with no family name is that of a
    person with a single name. A family name alone may be marked as an institution's, as processors had it
    before there was `literal`.
    """
    if isinstance(value, str):
        value = {"literal": value}
    if not isinstance(value, Mapping):
        raise ParseError("a name is no object")
    parts = {}
    for part in NAME_PARTS:
        text = _text_of_part(value.get(part))
        if text:
            parts[part] = plain_text(text)
    family, given = parts.get("family"), parts.get("given")
    if family and len(parts) == 1 and _is_said(value.get(_INSTITUTION)):
        return Body(family, role)
    if family or given:
        particles = [parts[name] for name in ("dropping-particle", "non-dropping-particle") if name in parts]
        return Person(
            family or given or "",
            given if family else None,
            " ".join(particles) or None,
            parts.get("suffix"),
            role,
        )
    if "literal" not in parts:
        raise ParseError("a name has neither family name nor literal")
    return Body(parts["literal"], role)


def date_value(date: Date) -> dict[str, Json]:
    """Return the JSON object of a date; a date in words is `literal`, and so is a range with one end."""
    if isinstance(date, PartialDate):
        return {"date-parts": [_parts(date)]}
    value: dict[str, Json] = {}
    if date.literal is not None:
        value["literal"] = text_of(date.literal)
    elif date.start is None or date.open_end:
        value["literal"] = "\u2013".join(
            "" if side is None else side.isoformat() for side in (date.start, date.end)
        )
    else:
        sides = [_parts(side) for side in (date.start, date.end) if side is not None]
        shared = min(map(len, sides))  # citeproc-js takes no range whose dates differ in what is known
        value["date-parts"] = [side[:shared] for side in sides]
    if date.season is not None:
        value["season"] = int(date.season)
    if date.circa or date.uncertain:
        value["circa"] = True
    return value


def usual_date(value: Json) -> PartialDate | None:
    """Return the date of an object with one list of numbers in it, by its pairs; `None` for any other."""
    if type(value) is not tuple or len(value) != 1:
        return None
    ((name, dates),) = value
    try:
        (parts,) = dates
        usual = name == "date-parts" and set(map(type, parts)) == _WHOLE_NUMBERS
        return PartialDate(*parts) if usual else None
    except (TypeError, ValueError, ParseError):  # in another form, or no date
        return None


def read_date(value: Json) -> Date:
    """Return the date that a JSON value says: parts, EDTF or words; raise `ParseError` if it says none.

    What has parts that are no date is a date in words.
    """
    if isinstance(value, str | int) and not isinstance(value, bool):
        value = {"raw": str(value)}
    if not isinstance(value, Mapping):
        raise ParseError("a date is neither object nor text")
    circa = _is_said(value.get("circa"))
    sides = _sides(value.get("date-parts"))
    if sides:
        return _date_of_parts(sides, value.get("season"), circa=circa)
    form = _form(value)
    if not form:
        raise ParseError("a date says nothing")
    return _date_of_text(str(value[form]), circa=circa)


def unread_of_date(value: Json, date: Date) -> list[str]:
    """Return the names of the members that a date has, and that say nothing in what was read of it."""
    if not isinstance(value, Mapping):
        return []
    read = {"date-parts", "season"} if _sides(value.get("date-parts")) else {_form(value)}
    if not (isinstance(date, ExtendedDate) and date.literal is not None and _is_said(value.get("circa"))):
        read.add("circa")  # of words it is not told
    return [name for name, part in value.items() if name not in read and part not in _NOTHING]


def unread_of_name(value: Json) -> list[str]:
    """Return the names of the members that a name has, and that are not read: a literal beside others."""
    if not isinstance(value, Mapping):
        return []
    parts = {part for part in NAME_PARTS if _text_of_part(value.get(part))}
    if parts == {"family"} or not _is_said(value.get(_INSTITUTION)):
        parts.add(_INSTITUTION)
    if "family" in parts or "given" in parts:
        parts.discard("literal")
    else:
        parts = {"literal", _INSTITUTION}
    return [
        name
        for name, part in value.items()
        if name not in parts and name not in NAME_SWITCHES and part not in _NOTHING
    ]


def date_or_words(text: str) -> Date:
    """Return the date that EDTF text of a record says, or the text, in which no markup is meant, as words."""
    try:
        return parse_date(text)
    except ParseError:
        return ExtendedDate(literal=text)


def is_date(value: Json) -> bool:
    """Return whether a value is a date that CSL's schema and citation processors take."""
    if not isinstance(value, dict) or not value.keys() <= _DATE_MEMBERS:
        return False
    sides = value.get("date-parts", [[0]])
    return (
        isinstance(sides, list)
        and 1 <= len(sides) <= 2
        and all(isinstance(side, list) and 1 <= len(side) <= 3 for side in sides)
        and len({len(side) for side in sides}) == 1
        and not any(
            isinstance(part, bool) or not isinstance(part, str | int | float)
            for side in sides
            for part in side
        )
        and isinstance(value.get("season", 1), str | int | float)
        and all(isinstance(value.get(name, ""), str) for name in ("literal", "raw"))
        and isinstance(value.get("circa", True), str | int | float)
    )


def split_keyword(keyword: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the categories and the keywords of a `keyword`, which separates them by commas or semicolons."""
    words = [piece.strip() for piece in keyword.split(";" if ";" in keyword else ",")]
    categories = [word for word in words if is_arxiv_class(word)]
    keywords = [word for word in words if word and word not in categories]
    return tuple(categories), tuple(keywords)


def read_json(text: str) -> Json:
    """Return the value that JSON text holds; `None` if it holds none."""
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _is_name(value: Json) -> bool:
    """Return whether a value is a name that CSL's schema takes."""
    return isinstance(value, dict) and all(
        isinstance(part, str)
        if name in NAME_PARTS
        else name in NAME_SWITCHES and not isinstance(part, list | dict)
        for name, part in value.items()
    )


def _text_of_part(value: Json) -> str:
    """Return the text of a part of a name, which may be a number; empty for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _form(value: Mapping[str, Json]) -> str:
    """Return which member of a date has its text; empty where none has."""
    for form in ("edtf", "raw", "literal"):
        text = value.get(form)
        if isinstance(text, str | int) and not isinstance(text, bool) and str(text).strip():
            return form
    return ""


def _parts(date: PartialDate) -> list[int]:
    """Return year, month and day as far as they are known."""
    return [part for part in (date.year, date.month, date.day) if part is not None]


def _is_said(flag: Json) -> bool:
    """Return whether a switch is on, which may be a boolean, a number or text."""
    return flag is not None and str(flag).strip().lower() not in _NO


def _sides(value: Json) -> list[list[str]]:
    """Return the parts of one or two dates as text; empty where nothing is given."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    dates = value if all(isinstance(side, list) for side in value) else [value]
    sides = [[str(part).strip() for part in side if part not in (None, "")] for side in dates]
    return sides if any(sides) else []


def _date_of_parts(sides: Sequence[Sequence[str]], season: Json, *, circa: bool) -> Date:
    """Return the date of one or two lists of parts; a second of zeros means that the range goes on."""
    said = "/".join("-".join(side) for side in sides)
    words = ExtendedDate(literal=f"{said} {season}" if _is_said(season) else said)
    if len(sides) > 2:
        return words
    try:
        start, found = _side(sides[0])
        end, _ = _side(sides[1]) if len(sides) > 1 else (None, None)
        if _is_said(season):
            text = str(season).strip().lower()
            found = _season(_SEASONS.get(text, int(text) if text.isdecimal() and text.isascii() else 0))
            start = None if start is None else PartialDate(start.year)
        open_end = len(sides) == 2 and end is None and start is not None
        if start is not None and end is None and not (found or open_end or circa):
            return start
        return ExtendedDate(start=start, end=end, open_end=open_end, circa=circa, season=found)
    except (ParseError, ValueError):
        return words


def _side(parts: Sequence[str]) -> tuple[PartialDate | None, Season | None]:
    """Return the date of up to three parts, and the season that stands in place of a month."""
    numbers = [int(part) for part in parts]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    if not numbers:
        return None, None
    if len(numbers) > 3:
        raise ParseError("a date has three parts")
    if len(numbers) == 2 and (13 <= numbers[1] <= 16 or 21 <= numbers[1] <= 24):
        return PartialDate(numbers[0]), _season(numbers[1])
    return PartialDate(*numbers), None


def _season(number: int) -> Season:
    """Return the season of a number as CSL (1), citation processors (13) or EDTF (21) count them."""
    for first in (1, 13, 21):
        if first <= number < first + 4:
            return Season(number - first + 1)
    raise ParseError(f"{number} is not a season")


def _date_of_text(text: str, *, circa: bool) -> Date:
    """Return the date of EDTF text, or the text itself as a date in words."""
    short = text.strip()
    try:  # a year before 1000 comes with three digits as well
        date = parse_date(f"0{short}" if len(short) == 3 and short.isdecimal() and short.isascii() else short)
    except ParseError:
        return ExtendedDate(literal=plain_text(text))
    if not circa:
        return date
    if isinstance(date, PartialDate):
        return ExtendedDate(start=date, circa=True)
    return replace(date, circa=True)
