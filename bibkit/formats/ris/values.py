"""Names, dates and pages of a record as values of RIS tags, and back."""

from __future__ import annotations

import re
from typing import Final

from bibkit.errors import ParseError
from bibkit.model.dates import Date, ExtendedDate, PartialDate, Season
from bibkit.model.identifiers import bare_doi
from bibkit.model.names import Body, Creator, Person, Role, make_person

_LINE_BREAKS: Final = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")  # those of str.splitlines
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # neither XML nor UTF-8

# What RIS forbids in a name (`*`), or takes for the end of a part of it.
_NOT_IN_NAMES: Final = re.compile(r"[,*]+")
_BLANKS: Final = re.compile(r"[ \n\r\v\f\x1c-\x1e\x85\u2028\u2029]{2,}")
_SPACES: Final = re.compile(" {2,}")
_ELIDED: Final = ("'", "’", "-")

_TRUNCATIONS: Final = frozenset({"others", "and others", "et al", "et al.", "et alii", "et alia"})
_PERHAPS_ET_AL: Final = ("al", "aL", "Al", "AL", "l.", "L.")
_LA_TE: Final = re.compile(r"(?:\.?la[\s*]+\.?te(?:[\s,;*]+|$))+", re.IGNORECASE)  # "et al.", from behind

_PAGES: Final = re.compile(r"([^\s\u2010-\u2015-]+)\s?[\u2010-\u2015-]{1,3}\s?([^\s\u2010-\u2015-]+)")
_DATE: Final = re.compile(r"(\d{4})(?:[/-](\d{0,2})(?:[/-](\d{0,2}))?)?(?:/(.*))?")
_USUAL_DATE: Final = re.compile(r"(\d{4})/(\d\d)?/(\d\d)?/", re.ASCII)
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")
_SEASONS: Final = {season.name.lower(): season for season in Season} | {"fall": Season.AUTUMN}


def is_doi(text: str) -> bool:
    """Return whether a text is a DOI, with or without the address of a resolver."""
    return _DOI.fullmatch(bare_doi(text)) is not None


def joined(text: str) -> str:
    """Return text on one line: line breaks of any kind are a space."""
    return text if text.isprintable() else _LINE_BREAKS.sub(" ", text)


def valid(text: str) -> str:
    """Return text with U+FFFD for what can stand in no text: controls, lone surrogates."""
    return _NO_TEXT.sub("\ufffd", text)


def name_value(creator: Creator) -> tuple[str, bool]:
    """Return `Family, Given, Suffix`, the particle before the family name; a body's name has no comma.

    The second value says that a comma or an asterisk, which RIS has no way to write in a name, was left out.
    """
    if isinstance(creator, Person):
        parts = [_whole_family(creator), creator.given or "", creator.suffix or ""]
    else:
        parts = [creator.literal]
    changed = any("," in part or "*" in part for part in parts)
    if changed:
        parts = [_NOT_IN_NAMES.sub(" ", part) for part in parts]
    parts = [part.strip() for part in parts]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    name = ", ".join(parts) if parts[0] else " ".join(filter(None, parts))
    name = name if name.isprintable() and "  " not in name else _BLANKS.sub(" ", name)
    if changed and name:  # blanks that are new part a name otherwise: it is written as it will be read
        name, _ = name_value(read_name(name, creator.role))
    return name, changed


def usual_name(value: str, role: Role) -> Person | None:
    """Return the person that family and given names alone say; `None` for other values."""
    family, _, given = value.partition(", ")
    if not family or not given or "," in given or "  " in value or given.endswith(_PERHAPS_ET_AL):
        return None
    if family[0].islower() or family != family.strip():
        return None
    return make_person(family, given, None, None, role)


def read_name(value: str, role: Role) -> Creator:
    """Return the creator that `Family, Given, Suffix` says.

    A name without a comma is a body's, or that of a person with a single name if it is one word; so is one
    that ends in a comma, as EndNote marks them. Words in lower case before a family name are its particle.
    """
    family, *others = [_SPACES.sub(" ", part.strip()) for part in value.split(",")]
    given, suffix = others[0] if others else "", ", ".join(filter(None, others[1:]))
    if not family or not (given or suffix):
        name = " ".join(filter(None, (family, given, suffix)))
        return Person(name, role=role) if len(name.split()) == 1 and not others else Body(name, role)
    particle, family = _split_particle(family)
    return Person(family, given or None, particle, suffix or None, role)


def says_more(name: str) -> bool:
    """Return whether a name is none, but says that there are more."""
    return name.lower() in _TRUNCATIONS


def without_et_al(value: str) -> tuple[str, bool]:
    """Return a name without the words that say that there are more, and whether it had any."""
    bare = value.rstrip(" ,;*")
    if says_more(bare):
        return "", True
    match = _LA_TE.match(bare[::-1]) if bare[-3:].lower().endswith(("al", "al.")) else None
    if match is None:
        return value, False
    name = bare[: len(bare) - match.end()].rstrip(" ,;*")
    return "" if says_more(name) else name, True


def date_value(date: Date) -> str | None:
    """Return `YYYY/MM/DD/` and the season, what is not known left empty; `None` for a date in words."""
    if date.year is None:
        return None
    month = "" if date.month is None else f"{date.month:02}"
    day = "" if date.day is None else f"{date.day:02}"
    season = date.season.name.title() if isinstance(date, ExtendedDate) and date.season else ""
    return f"{date.year:04}/{month}/{day}/{season}"


def usual_date(value: str) -> PartialDate | None:
    """Return the date of a value that `date_value` writes; `None` for any other, and for seasons."""
    match = _USUAL_DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        return PartialDate(int(year), int(month) if month else None, int(day) if day else None)
    except ParseError:
        return None


def read_date(value: str) -> tuple[Date, str]:
    """Return the date that `YYYY/MM/DD/other` says, and what else it says; raise `ParseError` for other text.

    Zeros stand for what is not known; a season may stand in the last place. A year alone has three digits at
    least: two are those of a year in some century.
    """
    if 3 <= len(value) <= 4 and value.isascii() and value.isdecimal():
        return PartialDate(int(value)), ""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        raise ParseError(f"{value!r} is not YYYY/MM/DD")
    numbers = [int(part) for part in match.groups()[:3] if part and int(part)]
    other = (match[4] or "").strip("/ ")
    season = _SEASONS.get(other.lower())
    if season is not None and len(numbers) == 1:
        return ExtendedDate(start=PartialDate(numbers[0]), season=season), ""
    if match[3] and int(match[3]) and not (match[2] and int(match[2])):
        raise ParseError(f"{value!r} has a day and no month")
    return PartialDate(*numbers), other


def pages_value(pages: str) -> tuple[str, str | None]:
    """Return first and last page, or all of it where it is no plain range."""
    match = _PAGES.fullmatch(pages.strip())
    return (pages, None) if match is None else (match[1], match[2])


def read_pages(start: str | None, end: str | None) -> str | None:
    """Return the pages that `SP` and `EP` say; the first may hold the whole range."""
    if start is None or end is None or start.endswith(f"-{end}"):
        return start
    return f"{start}-{end}"


def _whole_family(person: Person) -> str:
    """Return the family name with the particle before it."""
    if not person.particle:
        return person.family
    space = "" if person.particle.endswith(_ELIDED) else " "
    return f"{person.particle}{space}{person.family}"


def _split_particle(family: str) -> tuple[str | None, str]:
    """Return the words in lower case before a family name, and the name."""
    words = family.split()
    count = 0
    while count < len(words) - 1 and words[count][0].islower():
        count += 1
    return (" ".join(words[:count]), " ".join(words[count:])) if count else (None, family)
