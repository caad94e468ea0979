r"""Read the names in a field of a `.bib` entry: the text of the value goes in, creators come out.

The rules are BibTeX's (`btxdoc`, section 4; `bibtex.web`, the parts on `format.name$`), on characters instead
of bytes: names part at `and` between blanks outside of braces; a name has the parts `First von Last`,
`von Last, First` or `von Last, Jr, First`; a word belongs to *von* if its first letter outside of braces is a
small one, where in a special character (`{\'e}`) the letter under the accent counts. Words part at blanks and
ties; a hyphen keeps its word whole, as in biber: `al-Khwarizmi` has no *von*. With them go

* `and others`, and what people write for it (`et al.`): the list is truncated, and nobody has that name;
* a name wholly in braces: a body, which is never taken apart;
* biblatex's `family=Berg, given=Jan, prefix=van der`.

A name that no rule reads (more than two commas) stays whole, as a body, with a note.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from bibkit.formats.bibtex.groups import (
    HIDDEN,
    closing,
    hide,
    single_blanks,
    split_outside,
    without_sort_hints,
)
from bibkit.formats.bibtex.scanner import Note
from bibkit.latex import read_latex, read_letters
from bibkit.model.names import Body, Creator, Person, Role, make_person

_OTHERS: Final = re.compile(r"\{*(?:others|et\.?[ ~]?al(?:ii|\.)?)\}*", re.IGNORECASE)
_END_OF_OTHERS: Final = frozenset("sSlLiI.}")
_ET_AL: Final = re.compile(r"(?<![ ~,;])[ ~,;]++et\.?[ ~]al(?:ii|\.)?$", re.IGNORECASE)
_LONGEST_ET_AL: Final = len("et. alii")
_SUFFIXES: Final = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"})
_NAME_PARTS: Final = frozenset({"family", "given", "prefix", "suffix"})
_NAME_OPTION: Final = re.compile(r"([a-z]+(?:-i)?) *= *(\"?)(.*?)\2", re.DOTALL)

# The two usual forms of a name, with no markup in it but perhaps pairs of hyphens and quotes.
_FAMILY_GIVEN: Final = re.compile(r"([^ ,{}\\~$`=]++), ?+([^,{}\\~$`]++)")
_GIVEN_FAMILY: Final = re.compile(r"([A-Z][^ ,{}\\~$`=]*+(?: [A-Z][^ ,{}\\~$`=]*+)*) ([A-Z][^ ,{}\\~$`=]*+)")

_MARKUP: Final = re.compile(r"[\\{}~$`]|--|''")
_AND: Final = re.compile(r"(?<![^ ])and(?![^ ])", re.IGNORECASE)
_COMMA: Final = re.compile(r",")
_COMMA_OF_OPTION: Final = re.compile(r",(?= *[a-z]+(?:-i)? *=)")
_WORD: Final = re.compile(r"(?:\\.|[^ ~\\]|\\$)+", re.DOTALL)
_FIRST_LETTER: Final = re.compile(r"[^\W\d_]")
_MACRO: Final = re.compile(r"\\[A-Za-z]+")


class NameList(NamedTuple):
    """The creators of one field; `truncated` says that the list goes on, `unknown` names strange macros."""

    creators: tuple[Creator, ...]
    truncated: bool = False
    notes: tuple[Note, ...] = ()
    unknown: tuple[str, ...] = ()


def read_names(value: str, role: Role, known: dict[str, Creator] | None = None) -> NameList:
    """Return the creators that the value of a name field lists; any text is taken.

    `known` holds what was made before of names in this role, by their sources, and takes what is made now.
    """
    value = single_blanks(without_sort_hints(value))
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    reader = _Reader(role, {} if known is None else known, pairs="--" in value or "''" in value)
    creators, truncated = reader.names(value, hide(value))
    return NameList(creators, truncated, tuple(reader.notes), tuple(reader.unknown))


class _Reader:
    """What one field has to say beside its names.

    Its methods take a source together with its mask: the same text, with what is in braces hidden.
    """

    __slots__ = ("known", "notes", "pairs", "role", "unknown")

    def __init__(self, role: Role, known: dict[str, Creator], *, pairs: bool) -> None:
        self.role = role
        self.known = known
        self.pairs = pairs  # of hyphens or quotes, which are markup
        self.notes: dict[Note, None] = {}
        self.unknown: dict[str, None] = {}

    def names(self, source: str, mask: str) -> tuple[tuple[Creator, ...], bool]:
        """Return the creators in a list of names, and whether it is truncated."""
        creators: list[Creator] = []
        parts = split_outside(source, mask, _AND)
        truncated = self.cut_et_al(parts)
        for name, hidden in parts:
            if (creator := self.known.get(name)) is not None:
                creators.append(creator)
                continue
            if name[-1:] in _END_OF_OTHERS and _OTHERS.fullmatch(name) is not None:
                truncated = True
                if name != "others" or name is not parts[-1][0]:
                    self.note("others", f"{name!r} in a list of names is read as its end: and others")
                continue
            creator = self.new_name(name, hidden)
            if creator is not None:
                creators.append(creator)
            elif name or len(parts) > 1:
                self.note("empty-name", "a list of names has a name with nothing in it")
        return tuple(creators), truncated

    def cut_et_al(self, parts: list[tuple[str, str]]) -> bool:
        """Take `et al.` off the last name, if it stands behind it; say whether it did."""
        name, hidden = parts[-1]
        if "et" not in hidden[-_LONGEST_ET_AL:].lower():
            return False
        found = _ET_AL.search(hidden)
        if found is not None:
            self.note("others", f"{found[0].strip()!r} after a name is read as: and others")
            parts[-1] = name[: found.start()], hidden[: found.start()]
        return found is not None

    def new_name(self, source: str, mask: str) -> Creator | None:
        """Return the creator of a name; it is known from now on if there is nothing to say of it."""
        creator = self.plain_name(source)
        if creator is None and source.isascii():
            creator = self.plain_name(read_letters(source))
        if creator is not None:
            self.known[source] = creator
            return creator
        said = self.notes, self.unknown
        self.notes, self.unknown = {}, {}
        creator = self.name(source, mask)
        if creator is not None and not (self.notes or self.unknown):
            self.known[source] = creator
        self.notes, self.unknown = said[0] | self.notes, said[1] | self.unknown
        return creator

    def plain_name(self, source: str) -> Creator | None:
        """Return the person of a name in one of the usual forms; `name` finds the same, but takes longer."""
        if self.pairs:
            return None
        if (found := _FAMILY_GIVEN.fullmatch(source)) is not None:
            return make_person(found[1], found[2], None, None, self.role)
        if (found := _GIVEN_FAMILY.fullmatch(source)) is not None and found[2] not in _SUFFIXES:
            return make_person(found[2], found[1], None, None, self.role)
        return None

    def name(self, source: str, mask: str) -> Creator | None:
        """Return the creator of one name, or `None` where nothing stands."""
        if mask.startswith(HIDDEN) and _is_group(source):
            return self.body(source[1:-1])
        if "=" in mask and (options := self.options(source, mask)) is not None:
            return options
        match mask.count(","):
            case 0:
                return self.first_von_last(source, mask)
            case 1 | 2:
                parts = split_outside(source, mask, _COMMA)
                von, last = _von_last(*parts[0])
                return self.person(last, parts[-1][0], von, parts[1][0] if len(parts) > 2 else "")
            case commas:
                self.note("name-commas", f"a name with {commas} commas is kept whole: {source}")
                return self.body(source)

    def first_von_last(self, source: str, mask: str) -> Creator | None:
        """Return the person of a name without a comma."""
        words = [match.span() for match in _WORD.finditer(mask)]
        if not words:
            return None
        small = next((at for at, span in enumerate(words[:-1]) if _is_small(source, mask, span)), None)
        start = words[-1 if small is None else small][0]
        von, last = _von_last(source[start:], mask[start:])
        if last in _SUFFIXES and start:
            self.note(
                "name-suffix", f"BibTeX reads {last} in {source!r} as the family name: put it after a comma"
            )
        return self.person(last, source[:start], von, "")

    def options(self, source: str, mask: str) -> Creator | None:
        """Return the person of a name in biblatex's extended format, if this is one."""
        found: dict[str, str] = {}
        for part, _ in split_outside(source, mask, _COMMA_OF_OPTION):
            option = _NAME_OPTION.fullmatch(part)
            if option is None:
                return None
            found[option[1]] = option[3]
        if found.keys().isdisjoint(_NAME_PARTS):
            return None
        left = ", ".join(sorted(found.keys() - _NAME_PARTS))
        if left:
            self.note("name-option", f"name options are kept in the source alone: {left}")
        parts = ("family", "given", "prefix", "suffix")
        return self.person(*[found.get(part, "") for part in parts])

    def person(self, family: str, given: str, particle: str, suffix: str) -> Creator | None:
        """Return a person by the sources of the parts; who has no family name has it from another part."""
        texts = [self.text(part) or None if part else None for part in (family, given, particle, suffix)]
        if texts[0] is None:
            at = next((at for at, text in enumerate(texts) if text is not None), 0)
            texts[0], texts[at] = texts[at], None
        name, first, von, junior = texts
        return None if name is None else Person(name, first, von, junior, self.role)

    def body(self, source: str) -> Body | None:
        """Return the body of that name."""
        literal = self.text(source)
        return Body(literal, self.role) if literal else None

    def text(self, source: str) -> str:
        """Return the plain text of a part."""
        if _MARKUP.search(source) is None:
            return source.strip(" ")
        read = read_latex(source)
        self.unknown.update(dict.fromkeys(read.unknown))
        return read.text.strip(" ")

    def note(self, code: str, message: str) -> None:
        """Keep a note, once."""
        self.notes[Note(code, message)] = None


def _von_last(source: str, mask: str) -> tuple[str, str]:
    """Return the sources of *von* and Last: *von* ends with the last small word, but the last of all."""
    if " " not in mask and "~" not in mask:
        return "", source
    words = [match.span() for match in _WORD.finditer(mask)]
    for at in range(len(words) - 2, -1, -1):
        if _is_small(source, mask, words[at]):
            return source[: words[at][1]], source[words[at + 1][0] :]
    return "", source


def _is_small(source: str, mask: str, span: tuple[int, int]) -> bool:
    """Return whether the first letter of a word is a small one; a word with no letter is none."""
    at, end = span
    while at < end:
        character = mask[at]
        if character.isalpha():
            return character.islower()
        rest = ""
        if character == "\\":
            rest, at = source[at:end], end
        elif source[at] == "{":
            start, at = at, closing(source, at) + 1
            rest = source[start:at] if source.startswith("{\\", start) else ""
        else:
            at += 1
        letter = _FIRST_LETTER.search(_MACRO.sub("", read_latex(rest).text)) if rest else None
        if letter is not None:
            return letter[0].islower()
    return False


def _is_group(source: str) -> bool:
    r"""Return whether a source is one group in braces, other than a letter with an accent (`{\'E}`)."""
    if closing(source, 0) != len(source) - 1:
        return False
    if not source.startswith("{\\"):
        return True
    text = read_latex(source).text
    return len(text) != 1 or not text.isalpha()
