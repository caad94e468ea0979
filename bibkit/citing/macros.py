r"""Commands that a paper defines itself: those that cite, and environments whose text is verbatim.

In: the text of a file. Out: `Macros`, which files of one paper share (`join_macros`): a preamble defines
what chapters use. Taken for a command that cites is one whose definition

* hands an argument on as keys (`\newcommand{\see}[2]{#1, \citep{#2}}`),
* ends in a command that cites (`\newcommand{\seecite}{see \cite}`), or is another name for one (`\let`),
* comes from biblatex's `\DeclareCiteCommand`, or multibib's `\newcites`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bibkit.citing.arguments import Arguments, Group, split_keys
from bibkit.citing.commands import COMMANDS, MANY, OF_SEVERAL, PLAIN, Command
from bibkit.citing.live import SKIPPED, read_live

_MOST_ROUNDS: Final = 5  # a command by a command by a command
_DEEPEST: Final = 10  # definitions in definitions: keeps the cost linear

_BLANK: Final = r"[\s\x00]*+"  # taken whole: two in a row share no blanks in many ways
_DEFINES: Final = re.compile(
    rf"\\(?:(?P<latex>(?:new|renew|provide)(?:command|robustcmd)|DeclareRobustCommand)\*?"
    rf"|(?P<xparse>(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand)"
    rf"|(?P<tex>[gex]?def)(?![A-Za-z])|(?P<let>let)(?![A-Za-z])"
    rf"|(?P<cite>Declare(?P<many>Multi)?CiteCommand)\*?)"
    rf"{_BLANK}\{{?{_BLANK}(?P<name>\\[A-Za-z]+){_BLANK}\}}?"
)
_NEWCITES: Final = re.compile(rf"\\newcites{_BLANK}(?=\{{)")
_OPTION: Final = re.compile(rf"{_BLANK}\[([^\[\]]*)\]")
_PARAMETERS: Final = re.compile(r"([^{}]{0,200})")  # a limit keeps the cost linear
_LET: Final = re.compile(rf"{_BLANK}=?{_BLANK}\\([A-Za-z]+)")
_NOTHING_BUT_A_STAR: Final = re.compile(rf"{_BLANK}\*?{_BLANK}")
_WORD: Final = re.compile(r"\\([A-Za-z]+)")
_PARAMETER: Final = re.compile(r"#([1-9])")
_SPECIFIED: Final = re.compile(r"\{[^{}]*\}|[A-Za-z]|[^\s]")


@dataclass(frozen=True, slots=True)
class Macros:
    """The commands that cite, by their names, and the verbatim environments, that a paper defines."""

    commands: Mapping[str, Command] = field(default_factory=dict)
    environments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Definition:
    """A definition: the name, by parameter the place of its group (options have none), and the body."""

    name: str
    places: tuple[int | None, ...]
    body: Group


def join_macros(macros: Iterable[Macros]) -> Macros:
    """Return what all files of a paper define."""
    commands: dict[str, Command] = {}
    environments: set[str] = set()
    for one in macros:
        commands.update(one.commands)
        environments |= one.environments
    return Macros(commands, frozenset(environments))


def read_macros(text: str, known: Macros | None = None) -> Macros:
    """Return what a file defines, given what other files of the paper are known to define."""
    known = known or Macros()
    live = read_live(text, known.environments)
    arguments = Arguments(live.text)
    definitions = list(_definitions(arguments))
    commands = {**COMMANDS, **known.commands}
    found: dict[str, Command] = dict(_declared(arguments))
    commands |= found
    for _ in range(_MOST_ROUNDS):
        new = {}
        for definition in definitions:
            command = _derived(definition, arguments, commands)
            if command is not None and found.get(definition.name) != command:
                new[definition.name] = command
        if not new:
            break
        commands |= new
        found |= new
    return Macros(found, live.environments)


def names_defined(live: str) -> frozenset[int]:
    """Return the places of commands that are named in definitions, and so are not used there."""
    places = set()
    for found in _DEFINES.finditer(live):
        places.add(found.start("name"))
        if found["let"] and (other := _LET.match(live, found.end())) is not None:
            places.add(other.start(1) - 1)
    return frozenset(places)


def _definitions(arguments: Arguments) -> Iterator[_Definition]:
    """Yield the definitions of commands that have a body."""
    text = arguments.text
    around: list[int] = []  # where the bodies end in which a definition stands
    for found in _DEFINES.finditer(text):
        name = found["name"][1:]
        while around and around[-1] <= found.start():
            around.pop()
        if found["cite"] or len(around) == _DEEPEST:
            continue
        if found["let"]:
            other = _LET.match(text, found.end())
            if other is not None:
                yield _Definition(name, (), Group(other.start(1) - 1, other.end()))
            continue
        places, at = _parameters(found, arguments)
        body = arguments.group(arguments.skip_blanks(at))
        if body is not None:
            around.append(body.end)
            yield _Definition(name, places, body)


def _parameters(found: re.Match[str], arguments: Arguments) -> tuple[tuple[int | None, ...], int]:
    """Return for each parameter which group in braces it is, and where the parameters end."""
    text, at = arguments.text, found.end()
    if found["tex"]:
        parameters = _PARAMETERS.match(text, at)
        count = 0 if parameters is None else len(_PARAMETER.findall(parameters[1]))
        return tuple(range(1, count + 1)), at if parameters is None else parameters.end()
    if found["xparse"]:
        group = arguments.group(arguments.skip_blanks(at))
        if group is None:
            return (), at
        kinds = [one for one in _SPECIFIED.findall(text[group.start : group.end]) if one.isalpha()]
        return _numbered([kind in "mrRv" for kind in kinds]), group.end + 1
    options: list[str] = []
    while len(options) < 2 and (option := _OPTION.match(text, at)) is not None:
        options.append(option[1].replace(SKIPPED, "").strip())
        at = option.end()
    count = int(options[0]) if options and options[0].isdecimal() and len(options[0]) == 1 else 0
    return _numbered([number > 0 or len(options) < 2 for number in range(count)]), at


def _numbered(mandatory: list[bool]) -> tuple[int | None, ...]:
    places: list[int | None] = []
    passed = 0
    for one in mandatory:
        passed += one
        places.append(passed if one else None)
    return tuple(places)


def _derived(
    definition: _Definition, arguments: Arguments, commands: Mapping[str, Command]
) -> Command | None:
    """Return what a command takes, if its definition makes it one that cites."""
    text, body = arguments.text, definition.body
    places: set[int] = set()
    cites = False
    for word in _WORD.finditer(text, body.start, body.end):
        command = commands.get(word[1])
        if command is None:
            continue
        rest = _NOTHING_BUT_A_STAR.match(text, word.end(), body.end)
        if rest is not None and rest.end() == body.end:
            return command if not definition.places else None
        for group, _ in arguments.keys_of(command, word.end()):
            for stretch in split_keys(text, group):
                key = _PARAMETER.fullmatch(text[stretch.start : stretch.end].replace(SKIPPED, "").strip())
                number = 0 if key is None else int(key[1])
                place = definition.places[number - 1] if 0 < number <= len(definition.places) else None
                if place is not None:
                    places.add(place)
                    cites |= command.cites
    return Command(tuple(sorted(places)), cites=cites) if places else None


def _declared(arguments: Arguments) -> Iterator[tuple[str, Command]]:
    """Yield the commands that biblatex and multibib are told to make."""
    text = arguments.text
    for found in _DEFINES.finditer(text):
        if found["cite"]:
            yield found["name"][1:], MANY if found["many"] else PLAIN
    for found in _NEWCITES.finditer(text):
        group = arguments.group(found.end())
        if group is not None:
            for stretch in split_keys(text, group):
                suffix = text[stretch.start : stretch.end].replace(SKIPPED, "").strip()
                if suffix.isalpha():
                    yield from ((f"{name}{suffix}", PLAIN) for name in OF_SEVERAL)
