"""Citations in a `.bcf` file, which biblatex writes for biber.

In: the text, which is XML. Out: a `CitedList`: the keys of each section in the order in which biber takes
them; a set that the paper makes itself stands for its members (`<bcf:citekey type="set" members="a,b">`).
A document type, and with it every entity of its own, is refused: no `.bcf` has one.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from bibkit.citing.cited import Cited, CitedList, Wanted
from bibkit.errors import UnreadableSourceError

_HINT: Final = "Compile the paper again: biblatex writes the file anew."
_NAMESPACE: Final = "https://sourceforge.net/projects/biblatex"
_KEY: Final = f"{_NAMESPACE} citekey"
_SECTION: Final = f"{_NAMESPACE} section"
_ROOT: Final = f"{_NAMESPACE} controlfile"


def read_bcf(text: str, name: str = "-") -> CitedList:
    """Return what a `.bcf` file says; `name` is the file's, for messages.

    Raises `UnreadableSourceError`, with the line, for what is no such file.
    """
    reading = _Reading(name)
    try:
        reading.parser.Parse(text, True)
    except expat.ExpatError as trouble:
        reason = f"is not XML: {expat.ErrorString(trouble.code)}"
        raise UnreadableSourceError(name, reason, line=trouble.lineno, hint=_HINT) from trouble
    except UnicodeEncodeError as trouble:
        raise UnreadableSourceError(name, "is not UTF-8 text", hint=_HINT) from trouble
    return CitedList(tuple(reading.ordered()), Wanted(biblatex=True, biber=True))


class _Reading:
    """One run over a file; thrown away when it ends."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.section = ""
        self.attributes: dict[str, str] | None = None
        self.line = 0
        self.text: list[str] = []
        self.begun = False
        self.found: dict[str, list[tuple[int, int, Cited]]] = {}
        self.sets: dict[tuple[str, str], list[str]] = {}

    def refuse(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise UnreadableSourceError(self.name, "has a document type, as no .bcf file has", line=line)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.begun:
            if name != _ROOT:
                line = self.parser.CurrentLineNumber
                raise UnreadableSourceError(self.name, "is no .bcf file of biblatex's", line=line, hint=_HINT)
            self.begun = True
        if name == _SECTION:
            self.section = attributes.get("number", "")
        elif name == _KEY:
            self.attributes, self.line, self.text = attributes, self.parser.CurrentLineNumber, []

    def characters(self, text: str) -> None:
        if self.attributes is not None:
            self.text.append(text)

    def end(self, name: str) -> None:
        if name != _KEY or self.attributes is None:
            return
        key = "".join(self.text).strip()
        if self.attributes.get("type") == "set":
            members = [member.strip() for member in self.attributes.get("members", "").split(",")]
            self.sets[self.section, key] = list(filter(None, members))
        elif key:
            place = _number(self.attributes.get("order")), _number(self.attributes.get("intorder"))
            self.found.setdefault(self.section, []).append((*place, Cited(key, self.line)))
        self.attributes = None

    def ordered(self) -> list[Cited]:
        """Return the keys that are cited, section by section, members in place of their set."""
        cited: list[Cited] = []
        for section, keys in self.found.items():
            for _, _, one in sorted(keys, key=lambda key: key[:2]):
                members = self.sets.get((section, one.key), [one.key])
                cited.extend(Cited(member, one.line) for member in members)
        return cited


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() else 0
