"""Made-up people, written as preprint servers display them: `draw_author`, given names first.

A name is put together from given and family names of one culture, so that real people's names come about
by chance only. `SPECIAL_SHARES` says how many have a form that is hard to tell from the end of a title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from .banks import load, words

# The share of people whose name begins in each special form, in percent; the rest begins with a given name
# of one capital and small letters.
SPECIAL_SHARES: Final[Mapping[str, float]] = {
    "initials": 2.0,
    "word as name": 1.0,
    "capital beyond ASCII": 1.0,
    "inner capital": 0.7,
    "one word": 0.4,
    "lower-case part": 0.4,
    "other script": 0.4,
    "hyphened initials": 0.3,
    "collective": 0.3,
    "abbreviated title": 0.25,
    "apostrophe": 0.2,
    "one-letter name": 0.2,
    "particle first": 0.15,
}

PLAIN: Final = "plain"
KINDS: Final = (PLAIN, *SPECIAL_SHARES)


@dataclass(frozen=True, slots=True)
class Author:
    """A name as displayed, and the form that it begins in."""

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Culture:
    """Given and family names that go together; `weight` is the share among authors."""

    name: str
    weight: float
    given: tuple[str, ...]
    family: tuple[str, ...]


_BANK: Final = load("names")
_CULTURES: Final = tuple(
    Culture(table["name"], table["weight"], words(table["given"]), words(table["family"]))
    for table in _BANK["culture"]
)
_INNER_CAPITALS: Final = words(_BANK["inner_capitals"])
_APOSTROPHES: Final = words(_BANK["apostrophes"])
_BEYOND_ASCII: Final = words(_BANK["beyond_ascii"])
_BEYOND_SURNAMES: Final = words(_BANK["beyond_surnames"])
_IRISH_GIVEN: Final = words(_BANK["irish_given"])
_SCRIPTS: Final = words(_BANK["scripts"])
_WORD_GIVEN: Final = words(_BANK["word_given"])
_WORD_FAMILY: Final = words(_BANK["word_family"])
_ONE_WORD: Final = words(_BANK["one_word"])
_COLLECTIVES: Final = words(_BANK["collectives"])
_PARTICLES_FIRST: Final = words(_BANK["particles_first"])
_SUFFIXES: Final = words(_BANK["suffixes"])
_SYLLABLES: Final = words(_BANK["syllables"])
_MONOSYLLABLES: Final = words(_BANK["monosyllables"])
_ONSETS: Final = words("b br d dr f g gr h j k kr l m n p r s sk st t tr v w z zh th")
_CODAS: Final = ("", "", "", "n", "l", "r", "s", "m", "k")
_INITIALS: Final = "ABCDEFGHIJKLMNPRSTVWY"
_WITH_MIDDLE: Final = frozenset(
    {"English", "German", "Indian", "African", "Polish", "Russian", "Hebrew", "Nordic"}
)


def draw_author(random: Random, shares: Mapping[str, float], *, invented: bool = False) -> Author:
    """Draw a person, or now and then a body: each special form at its share of a hundred.

    Invented names take the place of plain ones where asked: no list of names that a reader has holds them.
    """
    form = random.choices((PLAIN, *shares), (100 - sum(shares.values()), *shares.values()))[0]
    if invented and form == PLAIN:
        return Author(f"{_invented(random)} {_invented(random)}", form)
    return Author(_FORMS[form](random), form)


def _plain(random: Random) -> str:
    """A given name of one capital and small letters, at times a second one or an initial, a family name."""
    culture = _draw_culture(random)
    given = _given(random, culture)
    family = random.choice(culture.family)
    chance = random.random()
    if culture.name in _WITH_MIDDLE and chance < 0.16:
        given += f" {random.choice(_INITIALS)}."
    elif culture.name in _WITH_MIDDLE and chance < 0.19:
        given += f" {random.choice(culture.given)}"
    elif culture.name == "Spanish" and chance < 0.35:
        family += random.choice((" ", "-")) + random.choice(culture.family)
    elif culture.name == "Portuguese" and chance < 0.4:
        given += f" {random.choice([name for name in culture.family if name[0].isupper()])}"
    elif culture.name == "Vietnamese" and chance < 0.6:
        given = f"{given} {random.choice(('Thị', 'Văn', 'Đức', 'Quang', 'Minh', 'Ngọc'))}"
    elif culture.name == "English" and chance > 0.99:
        family += f" {random.choice(_SUFFIXES)}"
    return f"{given} {family}"


def _invented(random: Random) -> str:
    """A name that nobody has: two or three syllables."""
    syllables = [
        random.choice(_ONSETS) + random.choice("aeiou") + random.choice(_CODAS)
        for _ in range(random.choice((2, 2, 3)))
    ]
    return "".join(syllables).capitalize()


def _given(random: Random, culture: Culture) -> str:
    """A given name; a Chinese one is put together from one or two syllables."""
    if culture.name != "pinyin":
        return random.choice(culture.given)
    if random.random() < 0.2:
        return random.choice(_MONOSYLLABLES)
    first, second = random.sample(_SYLLABLES, 2)
    joint = "'" if second[0] in "aeo" and random.random() < 0.1 else ""
    if random.random() < 0.05:
        return f"{first}-{second}".title()
    return f"{first}{joint}{second}".capitalize()


def _initials(random: Random) -> str:
    count = random.choice((1, 1, 1, 2, 2, 3))
    family = random.choice(_draw_culture(random).family)
    letters = " ".join(f"{random.choice(_INITIALS)}." for _ in range(count))
    if count == 1 and random.random() < 0.4:
        culture = _draw_culture(random)
        return f"{letters} {_given(random, culture)} {random.choice(culture.family)}"
    return f"{letters} {family}"


def _word_as_name(random: Random) -> str:
    return f"{random.choice(_WORD_GIVEN)} {random.choice(_WORD_FAMILY)}"


def _beyond_ascii(random: Random) -> str:
    if random.random() < 0.2:
        return f"{random.choice(_IRISH_GIVEN)} {random.choice(_BEYOND_SURNAMES)}"
    return f"{random.choice(_BEYOND_ASCII)} {random.choice(_draw_culture(random).family)}"


def _inner_capital(random: Random) -> str:
    return f"{random.choice(_INNER_CAPITALS)} {random.choice(_draw_culture(random).family)}"


def _apostrophe(random: Random) -> str:
    return f"{random.choice(_APOSTROPHES)} {random.choice(_draw_culture(random).family)}"


def _one_word(random: Random) -> str:
    return random.choice(_ONE_WORD)


def _lower_case_part(random: Random) -> str:
    """A family or a given name, or both, without the capital."""
    culture = _draw_culture(random)
    given, family = _given(random, culture), random.choice(culture.family)
    match random.randrange(6):
        case 0 | 1 | 2:
            return f"{given} {family.lower()}"
        case 3 | 4:
            return f"{family} {given.lower()}"
        case _:
            return f"{given.lower()} {family.lower()}"


def _other_script(random: Random) -> str:
    return random.choice(_SCRIPTS)


def _hyphened_initials(random: Random) -> str:
    culture = _NAMED[random.choice(("Taiwanese", "Korean", "French", "Cantonese"))]
    letters = f"{random.choice(_INITIALS)}.-{random.choice(_INITIALS)}."
    middle = f" {random.choice(_NAMED['English'].given)}" if random.random() < 0.35 else ""
    return f"{letters}{middle} {random.choice(culture.family)}"


def _collective(random: Random) -> str:
    return random.choice(_COLLECTIVES)


def _abbreviated_title(random: Random) -> str:
    bengali = _NAMED["Bengali"]
    abbreviation = random.choice(("Md.", "Md", "Md.", "Mohd.", "Mst.", "Abd.", "St.", "Sk.", "Kh."))
    return f"{abbreviation} {random.choice(bengali.given)} {random.choice(bengali.family)}"


def _one_letter(random: Random) -> str:
    """A given or family name of one letter and no period."""
    culture = _NAMED["pinyin"]
    match random.randrange(3):
        case 0:
            return f"{random.choice('EAOI')} {_given(random, culture)}"
        case 1:
            return f"{random.choice('EXQZ')} {random.choice(culture.family)}"
        case _:
            return f"{random.choice(_INITIALS)} {random.choice(_NAMED['Indian'].family)}"


def _particle_first(random: Random) -> str:
    """A name that stands with its particle first, as where a page gives no given name."""
    culture = _NAMED[random.choice(("Dutch", "French", "Italian"))]
    capital = [name for name in culture.family if name.isalpha() and name[0].isupper()]
    return f"{random.choice(_PARTICLES_FIRST)} {random.choice(capital)}"


def _draw_culture(random: Random) -> Culture:
    """Draw a culture by its weight."""
    return random.choices(_CULTURES, cum_weights=_CULTURE_WEIGHTS)[0]


_WITH_MIDDLE: Final = frozenset(
    {"English", "German", "Indian", "African", "Polish", "Russian", "Hebrew", "Nordic"}
)
_NAMED: Final = {culture.name: culture for culture in _CULTURES}
_CULTURE_WEIGHTS: Final = tuple(accumulate(culture.weight for culture in _CULTURES))
_FORMS: Final[Mapping[str, Callable[[Random], str]]] = {
    PLAIN: _plain,
    "initials": _initials,
    "word as name": _word_as_name,
    "capital beyond ASCII": _beyond_ascii,
    "inner capital": _inner_capital,
    "one word": _one_word,
    "lower-case part": _lower_case_part,
    "other script": _other_script,
    "hyphened initials": _hyphened_initials,
    "collective": _collective,
    "abbreviated title": _abbreviated_title,
    "apostrophe": _apostrophe,
    "one-letter name": _one_letter,
    "particle first": _particle_first,
}
