r"""Whether TeX takes a piece of maths as it stands: `$...$` goes in, its LaTeX source comes out, or why not.

Maths is taken if its braces balance as BibTeX counts them (`\{` counts) and as TeX does, if every macro in it
is one of LaTeX, amsmath or amssymb that the tables know, and if a small parser finds every argument, script,
fence and group in its place, so that no run of TeX stops at it. Characters beyond ASCII become their macros.
Environments, alignment (`&`, `\\`), comments, definitions and boxes are refused: no title needs them.

Refused maths is no error: the caller writes it as text. The check is linear and needs no recursion.
More than 400 lines, since the kinds of token are methods of one walk.
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
    MATHS_OPERATOR_MAKERS,
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

_TOKEN: Final = re.compile(r"\\(?:[A-Za-z]+|.)|[^\\]", re.DOTALL)
_SPACE: Final = re.compile(r"\s*")
_DELIMITER: Final = re.compile(r"\s*(?:[()\[\]/|.<>]|\\[{}|]|\\([A-Za-z]+))")
_OPTION: Final = re.compile(r"\s*\[[A-Za-z0-9+\- ]*\]")
_TEXT_ARGUMENT: Final = re.compile(r"\s*\{(?:[^\\{}$&#^_%~\x00-\x1f\x7f-\x9f]|\\[ ,%&_#])*\}")
_PLAIN: Final = re.compile(
    r"\$[0-9A-Za-z .,:;()\[\]/+=<>*|!-]+(?:\\(?:times|%|sim|approx|pm)(?![A-Za-z]))?\$"
    r"|\$\\(?:times|sim|approx|pm)\$"
)
"""Much of the maths in abstracts, which needs no closer look."""

_BOLD_DOTS: Final = re.compile(r"\\dots\s*\\boldsymbol(?![A-Za-z])")
r"""amsmath's `\dots` looks into what follows, and stops at some of what `\boldsymbol` may hold."""

_TEXT_MACROS: Final = "|".join(sorted(MATHS_TEXT))
_BEYOND_ASCII: Final = re.compile(
    rf"(\\(?:{_TEXT_MACROS})\s*\{{[^{{}}]*\}})"
    rf"|([{''.join(SUPERSCRIPTS.values())}]+)|([{''.join(SUBSCRIPTS.values())}]+)|([^\x00-\x7f]\u0338?)"
)
_ESCAPED_BEYOND_ASCII: Final = re.compile(r"\\[^\x00-\x7f]")
_NO_MACRO: Final = "\x00"
_SEAM: Final = "\x01"
_LETTERS_AT_SEAM: Final = re.compile(r"(\\[A-Za-z]+)\x01+(?=[A-Za-z])")
"""Where a macro and a letter that was one character beyond ASCII would run together."""
_PLAIN_OF: Final = {
    script: plain for scripts in (SUPERSCRIPTS, SUBSCRIPTS) for plain, script in scripts.items()
}

_CONTROL_ATOMS: Final = {"%": 0, "&": 0, "#": 0, "_": 0, "$": 0, "{": 1, "}": -1}
"""Backslash and character that are one symbol, and the step in depth that BibTeX sees."""

_CONTROL_SPACES: Final = frozenset(" ,:;!>")
_BRACE_STEPS: Final = {"{": 1, "}": -1}


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
    if _PLAIN.fullmatch(maths):
        return Accepted(maths)
    fence = "$$" if maths.startswith("$$") else "$"
    if len(maths) <= 2 * len(fence) or not maths.endswith(fence):
        return Refused("it does not stand between dollars")
    try:
        body = _in_macros(maths[len(fence) : -len(fence)])
        _Check(body).run()
    except _RefusedError as refused:
        return Refused(str(refused))
    return Accepted(f"{fence}{body}{fence}")


class _RefusedError(Exception):
    """Leave the check: what stands here would stop TeX. It never leaves this module."""


def _in_macros(body: str) -> str:
    """Return maths with macros for its characters beyond ASCII, unless a look at all of it refuses it."""
    if len(body) > LONGEST:
        raise _RefusedError("it is too long")
    if not body.isascii():
        body = _with_macros(body)
    if _BOLD_DOTS.search(body):
        raise _RefusedError("\\dots stands before \\boldsymbol")
    return body


def _with_macros(body: str) -> str:
    """Return maths with its characters beyond ASCII as macros; in text, they stay."""
    if _ESCAPED_BEYOND_ASCII.search(body) or _SEAM in body:
        raise _RefusedError("a macro in it is not known")
    body = _BEYOND_ASCII.sub(_macro, body)
    if _NO_MACRO in body:
        raise _RefusedError("a character in it has no macro")
    return _LETTERS_AT_SEAM.sub(r"\1 ", body).replace(_SEAM, "")


def _macro(match: re.Match[str]) -> str:
    """Return what characters beyond ASCII are in maths, between seams."""
    text, superscripts, subscripts, character = match.groups()
    if text is not None:
        return str(text)
    if superscripts is not None:
        return f"^{{{''.join(_PLAIN_OF[script] for script in superscripts)}}}"
    if subscripts is not None:
        return f"_{{{''.join(_PLAIN_OF[script] for script in subscripts)}}}"
    macros = maths_macros()
    macro = macros.get(character)
    if macro is None:
        macro = (f"\\not{_SEAM}" if character.endswith("\u0338") else "") + macros.get(
            character[0], _NO_MACRO
        )
    return f"{_SEAM}{macro}{_SEAM}"


@dataclass(slots=True)
class _Level:
    r"""What the check knows of a group while it is open.

    `need` is the number of arguments that are still to come; `script` says that the next one is a script,
    `maker` that they make an operator, `fraction` that they go into one. `sup` and `sub` say that the nucleus
    at hand has such a script already, `prime` that primes were just read, `infix` that the group has an
    `\over`, or is part of a fraction, which TeX makes with one.
    """

    kind: str
    need: int = 0
    script: bool = False
    maker: bool = False
    fraction: bool = False
    sup: bool = False
    sub: bool = False
    prime: bool = False
    infix: bool = False


class _Check:
    """One walk over the tokens of maths, with a stack of the groups that are open.

    `level` is the innermost group, `braces` the depth that BibTeX sees, `operator` says that the last token
    was or ended an operator.
    """

    __slots__ = ("body", "braces", "level", "operator", "outer", "position")

    def __init__(self, body: str) -> None:
        self.body = body
        self.position = 0
        self.braces = 0
        self.operator = False
        self.level = _Level("maths")
        self.outer: list[_Level] = []

    def run(self) -> None:
        """Read every token; raise `_RefusedError` at the first that has no place here."""
        while (match := _TOKEN.match(self.body, self.position)) is not None:
            self.position = match.end()
            token = match[0]
            if self.level.prime and token not in {"'", "^"}:
                self.level.prime = False
                self.level.sup = True
            if not token.isspace():
                after_operator, self.operator = self.operator, False
                self._token(token, after_operator=after_operator)
        if self.position < len(self.body) or self.outer or self.level.need or self.braces:
            raise _RefusedError("a group or an argument in it does not end")

    def _token(self, token: str, *, after_operator: bool) -> None:
        """Take one token that is no space."""
        name = token[1:]
        if token[0] != "\\":
            self._character(token)
        elif not (name.isalpha() and name.isascii()):
            self._control_symbol(token)
        elif name in {"limits", "nolimits"}:
            if not after_operator:
                raise _RefusedError(f"{token} follows no operator")
        else:
            self._control_word(name)

    def _character(self, character: str) -> None:
        """Take one character."""
        match character:
            case "{":
                self._brace(1)
                if self.level.need:
                    self._argument()
                else:
                    self._nucleus()
                self._open("group", infix=self.level.fraction)
            case "}":
                self._brace(-1)
                self._close("group")
            case "^" | "_":
                self._script(character)
            case "'":
                self._prime()
            case "~":
                self._phrase()
            case "%" | "#" | "&" | "$":
                raise _RefusedError(f"{character} has no place in it")
            case _ if " " < character < "\x7f":
                self._atom()
            case _:
                raise _RefusedError("a character in it has no macro")

    def _control_symbol(self, token: str) -> None:
        """Take a backslash and one character that is no letter."""
        symbol = token[1:]
        if symbol in _CONTROL_ATOMS:
            self._brace(_CONTROL_ATOMS[symbol])
            self._atom()
        elif symbol == "|" or symbol in _CONTROL_SPACES:
            self._phrase()
        else:
            raise _RefusedError(f"{token} has no place in it")

    def _control_word(self, name: str) -> None:
        """Take a macro by what the tables say of it."""
        if name in MATHS_ATOMS:
            self._atom()
        elif name in MATHS_OPERATORS:
            self._phrase()
            self.operator = True
        elif name in MATHS_PHRASES or name in MATHS_SPACES:
            self._phrase()
        elif name in MATHS_ARITY:
            self._arguments(name)
        elif name in MATHS_TEXT:
            self._text(name)
        elif name in MATHS_BIG:
            self._delimiter()
            self._phrase()
        elif name in {"left", "right", "middle"}:
            self._fence(name)
        elif name in MATHS_INFIX:
            self._infix(name)
        else:
            raise _RefusedError(f"\\{name} is not known")

    # What a token can be.

    def _atom(self) -> None:
        """Take one symbol: an argument, or a nucleus of its own."""
        if self.level.need:
            self._argument()
            self._end_argument()
        else:
            self._nucleus()

    def _phrase(self) -> None:
        """Take what TeX builds from parts, or what is a space to it: no argument without braces."""
        if self.level.need:
            raise _RefusedError("an argument in it needs braces")
        self._nucleus()

    def _arguments(self, name: str) -> None:
        """Take a macro that has arguments."""
        level = self.level
        if not level.need:
            self._nucleus()
        elif not (level.script and name in MATHS_SCRIPTS):
            raise _RefusedError("an argument in it needs braces")
        level.script = False
        level.need = MATHS_ARITY[name]
        level.maker = name in MATHS_OPERATOR_MAKERS
        level.fraction = level.need > 1
        if name == "operatorname" and self.body.startswith("*", self.position):
            self.position += 1
        if name in MATHS_OPTIONAL:
            option = _OPTION.match(self.body, self.position)
            if option is not None:
                self.position = option.end()
            elif self._follows("["):
                raise _RefusedError(f"the option of \\{name} is more than letters and digits")

    def _text(self, name: str) -> None:
        """Take a macro with text in it; the text is plain."""
        argument = _TEXT_ARGUMENT.match(self.body, self.position)
        if argument is None:
            raise _RefusedError("text in it is more than plain text")
        if self.level.need and not (self.level.script and name in MATHS_SCRIPTS):
            raise _RefusedError("an argument in it needs braces")
        self.position = argument.end()
        self._atom()

    def _fence(self, name: str) -> None:
        r"""Take `\left`, `\middle` or `\right`, and its delimiter."""
        self._delimiter()
        if name == "left":
            self._phrase()
            self._open("fence")
        elif name == "right":
            self._close("fence")
        elif self.level.need or self.level.kind != "fence":
            raise _RefusedError("\\middle stands outside of \\left and \\right")
        else:
            self._nucleus()

    def _delimiter(self) -> None:
        """Take a delimiter."""
        delimiter = _DELIMITER.match(self.body, self.position)
        if delimiter is None or (delimiter[1] is not None and delimiter[1] not in MATHS_DELIMITERS):
            raise _RefusedError("a delimiter in it is missing")
        self.position = delimiter.end()
        self._brace(_BRACE_STEPS.get(delimiter[0][-1], 0))

    def _infix(self, name: str) -> None:
        r"""Take `\over` and the like."""
        if self.level.need or self.level.infix:
            raise _RefusedError(f"\\{name} stands twice in a group")
        self.level.infix = True
        self._nucleus()

    def _script(self, character: str) -> None:
        """Take `^` or `_`."""
        level = self.level
        if level.need or (level.sup if character == "^" else level.sub):
            raise _RefusedError("a script in it stands on a script")
        level.need = 1
        # After a prime, LaTeX reads the script as an argument: one token or a group.
        level.script = not level.prime
        if character == "^":
            level.sup = True
            level.prime = False
        else:
            level.sub = True

    def _prime(self) -> None:
        """Take a prime: it is a superscript, which further primes and one `^` may prolong."""
        if self.level.need or self.level.sup:
            raise _RefusedError("a script in it stands on a script")
        self.level.prime = True

    # The state.

    def _nucleus(self) -> None:
        """Begin something that has no script yet."""
        level = self.level
        level.sup = level.sub = level.prime = False

    def _argument(self) -> None:
        """Begin an argument."""
        self.level.need -= 1
        self.level.script = False

    def _end_argument(self) -> None:
        """End an argument; the last one of a macro may make it an operator."""
        if not self.level.need:
            self.level.fraction = False
            self.operator = self.level.maker
            self.level.maker = False

    def _open(self, kind: str, *, infix: bool = False) -> None:
        """Open a group."""
        if len(self.outer) >= DEEPEST:
            raise _RefusedError("its groups are nested too deep")
        self.outer.append(self.level)
        self.level = _Level(kind, infix=infix)

    def _close(self, kind: str) -> None:
        """Close the group that is open."""
        if self.level.need or self.level.kind != kind:
            raise _RefusedError("its groups do not close where they should")
        self.level = self.outer.pop()
        self._end_argument()

    def _brace(self, step: int) -> None:
        """Count braces as BibTeX does, escaped or not."""
        self.braces += step
        if self.braces < 0:
            raise _RefusedError("its braces do not balance")

    def _follows(self, character: str) -> bool:
        """Return whether a character is the next one that is no space."""
        space = _SPACE.match(self.body, self.position)
        return self.body.startswith(character, self.position if space is None else space.end())
