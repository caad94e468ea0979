"""Names in a `.bib` file: creators go in, the text of one `author` field comes out.

Written so that BibTeX and biber read the parts that the record has: `Family, Given`,
`particle Family, Suffix, Given`, `{Name of a body}`. Both split what stands before the first comma, by rules
that differ: BibTeX at spaces and hyphens, taking for the particle all up to the last word in lower case (by
its first ASCII letter: it knows bytes), biber at spaces alone, taking the first words in lower case (by their
first character). What one of them would split otherwise is put in braces. The rules are those of btxdoc,
section 4, and were measured on both programs.

The caller brings the function that escapes plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bibkit.latex import clean_text, write_text
from bibkit.model.names import Body, Creator, Person

OTHERS: Final = "others"

# A name that both programs read alike as it stands, and whose letters alone may need an escape.
_PLAIN: Final = re.compile(r"(?:[A-Z][\w.'’]*+[ -])*[^\W\d_][\w.'’]*+, [A-Z][\w.'’]*+(?:[ -][\w.'’]++)*+")
_SEPARATORS: Final = re.compile(r"[ -]+")
_PARTICLE: Final = re.compile(r"[a-z][^ ]*(?: [a-z][^ ]*)*")
_AND: Final = re.compile(r"(?:^| )and(?: |$)", re.IGNORECASE)
_AND_IN_PLAIN: Final = re.compile(r"(?:^| )and(?: |,|$)")
# A hyphen that joins no two words is lost on BibTeX.
_LOOSE_HYPHEN: Final = re.compile(r"-(?![^ -])|(?<![^ -])-")
# Of each word, biber makes an initial: what it takes for the first letter, be it half of a pair of braces.
_NO_INITIAL: Final = re.compile(r"(?<![^ \-‐-―])(?=\{\\text(?!quoteleft )|[`´¨¯¸·\u02b0-\u036f](?:\{|$))")
_QUOTED_WORD: Final = re.compile(r"(?<![^ \-‐-―])\{\\textquoteleft\}([A-Za-z]+)")
_CUT: Final = re.compile(r"((?:(?<![^ -])|(?<=^.)|(?<=^..))[^\W\d_\x00-\x7f][\u0300-\u036f]*)")
_SIGNS_OF_LABELS: Final = re.compile(r"[()\[\]]")
_NO_LETTER: Final = re.compile(r"\\(?:symbol|ensuremath|text)")
_COMMAS_OF_BIBER: Final = 2  # biber counts those in braces too, and drops the whole entry if there are more

Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name as it stands in the file, and what of it, if anything, readers will not tell from the rest."""

    text: str
    blurred: str | None = None


def write_cuttable(text: str, escape: Escape) -> str:
    """Return the source of part of a name of which BibTeX may take the first letters alone.

    It knows bytes: it would cut a letter beyond ASCII in two where a style makes initials of words, or a
    label of the first three letters of a name. A letter that LaTeX has a macro for is written as that, which
    BibTeX takes for one letter.
    """
    if text.isascii():
        return escape(text)
    return "".join(
        _in_macros(piece) if piece[0] > "\x7f" else escape(piece) for piece in _CUT.split(text) if piece
    )


def _in_macros(letter: str) -> str:
    """Return a letter beyond ASCII with its accents as macros, or as it stands where it has none of text."""
    source = write_text(letter, ascii=True)
    return write_text(letter) if _NO_LETTER.search(source) else source


def is_plain(name: str) -> bool:
    """Return whether `Family, Given`, made of these two, is what `write_name` writes but for its letters.

    That function makes the same of such a name, but takes longer.
    """
    if _PLAIN.fullmatch(name) is None or "_" in name or "''" in name:
        return False
    lower = name.lower()
    return "and" not in lower or _AND_IN_PLAIN.search(lower) is None


def write_name(creator: Creator, escape: Escape) -> WrittenName:
    """Return the text of one name; it is empty if the name is blank."""
    if isinstance(creator, Body):
        literal = _tidy(creator.literal)
        return WrittenName(_no_others(literal, _braced(literal, escape)))
    person = _tidied(creator)
    if person.given is None:
        return _without_given(person, escape)
    parts = [_before_comma(person, escape)]
    if person.suffix:
        parts.append(_part(person.suffix, escape))
    parts.append(_part(person.given, escape))
    return _in_parts(person, ", ".join(parts), escape)


def write_names(names: Sequence[str], *, truncated: bool) -> str:
    """Return the field's text: names that are written already, then `others` for "et al."."""
    text = " and ".join(names)
    return f"{text} and {OTHERS}" if truncated else text


def _tidy(text: str) -> str:
    """Return text as it comes out, so that what is decided by looking at it holds."""
    return clean_text(text).strip(" ")


def _tidied(person: Person) -> Person:
    """Return a person whose parts are tidy, `None` where they are blank, with a family name if any."""
    family = _tidy(person.family)
    given, particle, suffix = (
        (_tidy(part) or None) if part else None for part in (person.given, person.particle, person.suffix)
    )
    if not family and given:
        family, given = given, None
    if not family and particle:
        family, particle = particle, None
    return Person(family, given, particle, suffix)


def _no_others(name: str, source: str) -> str:
    """Return a source that no program reads as "et al."; biber does so in any case, and in braces."""
    if name.lower() != OTHERS:
        return source
    return f"{source[:-1]}{{}}}}" if source.endswith("}") else f"{source}{{}}"


def _without_given(person: Person, escape: Escape) -> WrittenName:
    """Return a single name: with no comma, its last word would be the family name, the others given names."""
    if person.suffix or not _is_read(person.particle):
        return WrittenName(_braced(_in_reading_order(person), escape), "a part of a name")
    if person.particle:
        return _in_parts(person, _before_comma(person, escape), escape)
    one_word = " " not in person.family and "," not in person.family and _stays_whole(person.family)
    source = (_shielded if one_word else _braced)(person.family, escape)
    return WrittenName(_no_others(person.family, source))


def _in_parts(person: Person, text: str, escape: Escape) -> WrittenName:
    """Return a name that is taken apart, as a whole if biber would drop the entry for its commas."""
    if text.count(",") > _COMMAS_OF_BIBER:
        return WrittenName(_braced(_in_reading_order(person), escape), "a part of a name")
    return WrittenName(text, None if _is_read(person.particle) else "the particle of a name")


def _before_comma(person: Person, escape: Escape) -> str:
    """Return the particle, and the family name, in braces if need be."""
    if (
        _stays_whole(person.family)
        and not _needs_braces(person.family)
        and not (_is_lower(person.family.rpartition(" ")[2]) and _is_lower(person.given))
    ):
        family = _shielded(person.family, escape)
    else:
        family = _braced(person.family, escape)
    if person.particle is None:
        return family
    if not _is_read(person.particle) and _needs_braces(person.particle):
        return f"{_braced(person.particle, escape)} {family}"
    particle = [_shielded(piece, escape) for piece in _LOOSE_HYPHEN.split(person.particle)]
    return f"{'{-}'.join(particle)} {family}"


def _part(text: str, escape: Escape) -> str:
    """Return given names or a suffix."""
    return _braced(text, escape) if _needs_braces(text) else _escaped(text, escape)


def _stays_whole(family: str) -> bool:
    """Return whether neither program takes words of a family name for a particle."""
    words = _SEPARATORS.split(family)
    return all("A" <= word[:1] <= "Z" for word in words[:-1])


def _is_lower(word: str | None) -> bool:
    """Return whether a word starts in lower case; biber reads on over a comma between two that do."""
    return word is not None and word[:1].islower()


def _needs_braces(text: str) -> bool:
    """Return whether a part holds what would end it, or a hyphen that would be lost."""
    return "," in text or _AND.search(text) is not None or _LOOSE_HYPHEN.search(text) is not None


def _is_read(particle: str | None) -> bool:
    """Return whether both programs read a particle as one: each word of it in lower case."""
    if particle is None:
        return True
    return bool(_PARTICLE.fullmatch(particle)) and "," not in particle and not _AND.search(particle)


def _in_reading_order(person: Person) -> str:
    """Return all of a name, as it is read."""
    return " ".join(filter(None, (person.given, person.particle, person.family, person.suffix)))


def _escaped(text: str, escape: Escape) -> str:
    """Return LaTeX in which biber finds no options of its own, no zero, and initials whose braces balance."""
    if text == "0":
        return "0{}"  # to biber, a name that is no name
    source = "{=}".join(map(escape, text.split("="))) if "=" in text else escape(text)
    if not source.isalnum():
        # Hyphens would part words of a name, in a group of their own with half of its braces.
        source = source.replace("{---}", r"{\textemdash}").replace("{--}", r"{\textendash}")
        source = _QUOTED_WORD.sub(r"{\\textquoteleft \1}", source)
        source = _NO_INITIAL.sub(r"\\/", source)
        # TeX refuses that where a paragraph begins, as an item of a bibliography does.
        if source.startswith("\\/"):
            source = f"\\-{source}"
    return source


def _shielded(text: str, escape: Escape) -> str:
    """Return a part of a name that labels have: in `[Family(2020)]` brackets count, unless in braces."""
    return _SIGNS_OF_LABELS.sub(lambda sign: f"{{{sign[0]}}}", _escaped(text, escape))


def _braced(text: str, escape: Escape) -> str:
    """Return a name, or a part of one, that is not taken apart."""
    return f"{{{_escaped(text, escape)}}}" if text else ""
