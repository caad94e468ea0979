"""Whether TeX takes a piece of maths as it stands: `$...$` goes in, its LaTeX source comes out, or why not.

Maths is taken if its braces balance as BibTeX counts them (`\\{` counts) and as TeX does, if every macro in it
is one of LaTeX, amsmath or amssymb that the tables know, and if a small parser finds every argument, script,
fence and group in its place, so that no run of TeX stops at it. Characters beyond ASCII become their macros.
Environments, alignment (`&`, `\\\\`), comments, definitions and boxes are refused: no title needs them.

Refused maths is no error: the caller writes it as text. The check is linear and needs no recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bibkit.latex.maths_tables import (
    MATHS_ARITY,
    MATHS_ATOMS,
    MATHS_BIG,
    MATHS_DELIMITERS,
    MATHS_INFIX,
    MATHS_OPERATORS,
    MATHS_OPTIONAL,
    MATHS_PHRASES,
    MATHS_SCRIPTS,
    MATHS_SPACES,
    MATHS_TEXT,
    maths_macros,
)
from bibkit.latex.tables import SUBSCRIPTS, SUPERSCRIPTS

LONGEST: Final = 4000
"""Characters of maths that are taken: a formula beyond that is no formula, and TeX's memory is finite."""

DEEPEST: Final = 30
"""Groups within groups that are taken; TeX itself stops at 255."""

_TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|[^\\]", re.DOTALL)
_SPACE: Final = re.compile(r"\s*")
_DELIMITER: Final = re.compile(r"\s*(?:[()\[\]/|.<>]|\\[{}|]|\\([A-Za-z]+))")
_OPTION: Final = re.compile(r"\s*\[[A-Za-z0-9+\- ]*\]")
_TEXT_ARGUMENT: Final = re.compile(r"\s*\{(?:[^\\{}$&#^_%~\x00-\x1f\x7f-\x9f]|\\[ ,%&_#])*\}")
_BEYOND_ASCII: Final = re.compile(
    rf"(\\(?:{'|'.join(sorted(MATHS_TEXT))})\s*\{{[^{{}}]*\}})|([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ]+)|([₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎]+)|([^\x00-\x7f])"
)
_ESCAPED_BEYOND_ASCII: Final = re.compile(r"\\[^\x00-\x7f]")
_NO_MACRO: Final = "\x00"
_LETTER: Final = re.compile("[A-Za-z]")
_ENDS_IN_MACRO: Final = re.compile(r"\\[A-Za-z]+\Z")
_PLAIN_OF: Final = {
    script: plain for scripts in (SUPERSCRIPTS, SUBSCRIPTS) for plain, script in scripts.items()
}
_CONTROL_ATOMS: Final = frozenset("%&#_{}$")
_CONTROL_SPACES: Final = frozenset(" ,:;!>")
_PLAIN: Final = re.compile(
    r"\$[0-9A-Za-z .,:;()\[\]/+=<>*|!-]*(?:\\(?:times|%|sim|approx|pm)(?![A-Za-z]))?\$"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The LaTeX source of maths that TeX takes, dollars and all."""

    source: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why maths is not taken, for people."""

    reason: str


def check_maths(maths: str) -> Accepted | Refused:
    """Return the source that TeX takes for a stretch of maths (with its dollars), or why it takes none."""
    if _PLAIN.fullmatch(maths) and len(maths) > len("$$"):
        return Accepted(maths)
    fence = "$$" if maths.startswith("$$") else "$"
    body = maths[len(fence) : -len(fence)]
    if not body or not maths.endswith(fence):
        return Refused("it is not between dollars")
    if len(body) > LONGEST:
        return Refused("it is too long")
    if not body.isascii():
        if _ESCAPED_BEYOND_ASCII.search(body):
            return Refused("a macro in it is not known")
        body = _BEYOND_ASCII.sub(_macro, body)
        if _NO_MACRO in body:
            return Refused("a character in it has no macro")
    try:
        _Check(body).run()
    except _RefusedError as refused:
        return Refused(str(refused))
    return Accepted(f"{fence}{body}{fence}")


class _RefusedError(Exception):
    """Leave the check: what stands here would stop TeX. It never leaves this module."""


def _macro(match: re.Match[str]) -> str:
    """Return what characters beyond ASCII are in maths, with a space where letters would run together."""
    text, superscripts, subscripts, character = match.groups()
    if text is not None:
        return str(text)
    if superscripts is not None:
        return f"^{{{''.join(_PLAIN_OF[script] for script in superscripts)}}}"
    if subscripts is not None:
        return f"_{{{''.join(_PLAIN_OF[script] for script in subscripts)}}}"
    macro = maths_macros().get(character, _NO_MACRO)
    letter_follows = _LETTER.match(match.string, match.end()) is not None
    return f"{macro} " if letter_follows and _ENDS_IN_MACRO.search(macro) else macro


class _Check:
    """One walk over the tokens of maths, with a stack of the groups that are open.

    `need` is the number of arguments that are still to come, `script` that the next one is a script. `sup`
    and `sub` say that the nucleus at hand has such a script already, `prime` that primes were just read.
    """

    __slots__ = (
        "body",
        "braces",
        "infix",
        "need",
        "operator",
        "position",
        "prime",
        "script",
        "stack",
        "sub",
        "sup",
    )

    def __init__(self, body: str) -> None:
        self.body = body
        self.position = 0
        self.braces = 0
        self.need = 0
        self.script = False
        self.infix = False
        self.operator = False
        self.stack: list[tuple[str, int, bool, bool, bool, bool]] = []
        self._nucleus()

    def run(self) -> None:
        """Read every token; raise `_RefusedError` at the first that has no place here."""
        while (match := _TOKEN.match(self.body, self.position)) is not None:
            self.position = match.end()
            token = match[0]
            if token.isspace():
                self._end_primes()
                continue
            if self.prime and token not in {"'", "^"}:
                self._end_primes()
            self._token(token)
            self.operator = token[1:] in MATHS_OPERATORS and token[0] == "\\"
        if self.stack or self.need or self.braces:
            raise _RefusedError("a group or an argument in it does not end")

    def _token(self, token: str) -> None:
        """Take one token that is no space."""
        if token[0] != "\\":
            self._character(token)
        elif not token[1:].isalpha() or not token.isascii():
            self._control_symbol(token)
        else:
            self._macro(token[1:])

    def _character(self, character: str) -> None:
        """Take one character."""
        if character == "{":
            self._brace(1)
            self._argument_begins()
            self._open("{")
        elif character == "}":
            self._brace(-1)
            self._close("{")
        elif character in "^_":
            self._script(character)
        elif character == "'":
            self._prime()
        elif character == "~":
            self._space()
        elif character in "%#&$" or not " " < character < "\x7f":
            raise _RefusedError(f"{character!r} has no place in it")
        else:
            self._atom()

    def _control_symbol(self, token: str) -> None:
        """Take a backslash and one character that is no letter."""
        symbol = token[1:]
        if symbol in _CONTROL_ATOMS:
            self._brace({"{": 1, "}": -1}.get(symbol, 0))
            self._atom()
        elif symbol == "|":
            self._phrase()
        elif symbol in _CONTROL_SPACES:
            self._space()
        else:
            raise _RefusedError(f"{token} has no place in it")

    def _macro(self, name: str) -> None:
        """Take a macro by what the tables say of it."""
        if name in MATHS_ATOMS:
            self._atom()
        elif name in MATHS_ARITY:
            self._arguments(name)
        elif name in MATHS_OPERATORS or name in MATHS_PHRASES:
            self._phrase()
        elif name in MATHS_SPACES:
            self._space()
        elif name in MATHS_TEXT:
            self._text()
        elif name in MATHS_BIG:
            self._delimiter()
            self._phrase()
        elif name in {"left", "right", "middle"}:
            self._fence(name)
        elif name in {"limits", "nolimits"}:
            if not self.operator or self.need:
                raise _RefusedError(f"\\{name} follows no operator")
        elif name in MATHS_INFIX:
            self._infix(name)
        else:
            raise _RefusedError(f"\\{name} is not known")

    def _atom(self) -> None:
        """Take one symbol: an argument, or a nucleus of its own."""
        if self.need:
            self.need -= 1
            self.script = False
        else:
            self._nucleus()

    def _phrase(self) -> None:
        """Take what TeX builds from parts: it is no argument without braces."""
        if self.need:
            raise _RefusedError("an argument in it needs braces")
        self._nucleus()

    def _space(self) -> None:
        """Take a space or a size: what follows is a nucleus of its own."""
        self._phrase()

    def _arguments(self, name: str) -> None:
        """Take a macro that has arguments."""
        if not self.need:
            self._nucleus()
        elif not (self.script and self.need == 1 and name in MATHS_SCRIPTS):
            raise _RefusedError("an argument in it needs braces")
        self.script = False
        self.need = MATHS_ARITY[name]
        if name == "operatorname" and self.body.startswith("*", self.position):
            self.position += 1
        if name in MATHS_OPTIONAL and (option := _OPTION.match(self.body, self.position)) is not None:
            self.position = option.end()
        elif name in MATHS_OPTIONAL and self.body.startswith("[", self._next()):
            raise _RefusedError(f"the option of \\{name} is more than letters and digits")

    def _text(self) -> None:
        """Take a macro with text in it; the text is plain."""
        argument = _TEXT_ARGUMENT.match(self.body, self.position)
        if argument is None:
            raise _RefusedError("text in it is more than plain text")
        self.position = argument.end()
        self._atom()

    def _argument_begins(self) -> None:
        """Take the brace that opens an argument, or a group of its own."""
        self._atom()

    def _open(self, kind: str) -> None:
        """Open a group."""
        if len(self.stack) >= DEEPEST:
            raise _RefusedError("its groups are nested too deep")
        self.stack.append((kind, self.need, self.script, self.infix, self.sup, self.sub))
        self.need = 0
        self.script = False
        self.infix = False
        self._nucleus()

    def _close(self, kind: str) -> None:
        """Close the group that is open."""
        if self.need or not self.stack or self.stack[-1][0] != kind:
            raise _RefusedError("its groups do not close where they should")
        _, self.need, self.script, self.infix, self.sup, self.sub = self.stack.pop()
        self.prime = False

    def _fence(self, name: str) -> None:
        """Take `\\left`, `\\middle` or `\\right`, and its delimiter."""
        self._delimiter()
        match name:
            case "left":
                self._phrase()
                self._open("left")
            case "right":
                self._close("left")
            case _:
                if self.need or not self.stack or self.stack[-1][0] != "left":
                    raise _RefusedError("\\middle stands outside of \\left and \\right")
                self._nucleus()

    def _delimiter(self) -> None:
        """Take a delimiter."""
        delimiter = _DELIMITER.match(self.body, self.position)
        if delimiter is None or (delimiter[1] is not None and delimiter[1] not in MATHS_DELIMITERS):
            raise _RefusedError("a delimiter in it is missing")
        self.position = delimiter.end()
        self._brace({"{": 1, "}": -1}.get(delimiter[0][-1], 0))

    def _infix(self, name: str) -> None:
        """Take `\\over` and the like."""
        if self.need or self.infix:
            raise _RefusedError(f"\\{name} stands twice in a group")
        self.infix = True
        self._nucleus()

    def _script(self, character: str) -> None:
        """Take `^` or `_`."""
        if self.need or (self.sup if character == "^" else self.sub):
            raise _RefusedError("a script in it stands on a script")
        if character == "^":
            self.sup = True
            self.prime = False
        else:
            self.sub = True
        self.need = 1
        self.script = True

    def _prime(self) -> None:
        """Take a prime: it is a superscript, which further primes and one `^` may prolong."""
        if self.need or self.sup:
            raise _RefusedError("a script in it stands on a script")
        self.prime = True

    def _end_primes(self) -> None:
        """Let primes be the superscript that they are."""
        if self.prime:
            self.prime = False
            self.sup = True

    def _nucleus(self) -> None:
        """Begin something that has no script yet."""
        self.sup = False
        self.sub = False
        self.prime = False

    def _brace(self, step: int) -> None:
        """Count braces as BibTeX does, escaped or not."""
        self.braces += step
        if self.braces < 0:
            raise _RefusedError("its braces do not balance")

    def _next(self) -> int:
        """Return where the next character that is no space stands."""
        match = _SPACE.match(self.body, self.position)
        return self.position if match is None else match.end()
