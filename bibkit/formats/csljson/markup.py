"""Text of a record to the text of a CSL variable and back.

In CSL-JSON `<i>`, `<b>`, `<sub>`, `<sup>`, `<sc>` and two kinds of `<span>` are markup, and a `note` may set
other variables (`publisher: X` on a line of its own, `{:publisher: X}`). There is no escape for either: in
text of a record, a word joiner (U+2060, which nothing shows) keeps the characters apart.
"""

from __future__ import annotations

import re
from typing import Final

from bibkit.formats.csljson.tables import ALL_VARIABLES

_JOINER: Final = "\u2060"
KEPT_APART: Final = f"<{_JOINER}"
"""How what is no markup begins, where it would be taken for markup."""

_TAG_NAMES: Final = r"(?:/?(?:i|b|sc|sub|sup)>|/?span\b)"
_TAG_LIKE: Final = re.compile(rf"<(?={_JOINER}*{_TAG_NAMES})")
_KEPT_APART: Final = re.compile(rf"<{_JOINER}(?={_JOINER}*{_TAG_NAMES})")

_VARIABLE_NAMES: Final = "|".join(sorted((re.escape(name) for name in ALL_VARIABLES), key=len, reverse=True))
_ASSIGNMENT: Final = re.compile(rf"(^|\{{:)({_VARIABLE_NAMES})(?={_JOINER}*:)", re.IGNORECASE | re.MULTILINE)
_KEPT_ASSIGNMENT: Final = re.compile(
    rf"(^|\{{:)({_VARIABLE_NAMES}){_JOINER}(?={_JOINER}*:)", re.IGNORECASE | re.MULTILINE
)

_DASHES: Final = re.compile(r"\s?(?:--+|[\u2010-\u2015])\s?")
_TAG: Final = re.compile(
    r"<(?:(?P<open>i|b|sc|sub|sup)>|/(?P<close>i|b|sc|sub|sup|span)>"
    r"|(?P<span>span)(?:\s+(?:class=\"nocase\"|style=\"font-variant:\s*small-caps;?\"))>)"
)
_SCRIPTS: Final = {
    "sup": ("^", str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")),
    "sub": ("_", str.maketrans("0123456789+-−=()aeoxhklmnpstij", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ")),
}
_SAFE_IN_MATHS: Final = re.compile(r"[^\s$\\{}%#&_^~<>](?:[^$\\{}%#&_^~<>\n]*[^\s$\\{}%#&_^~<>])?")


def text_of(text: str) -> str:
    """Return text of a record as the text of a variable that citation processors print as it stands."""
    return _TAG_LIKE.sub(KEPT_APART, text) if "<" in text else text


def note_of(text: str) -> str:
    """Return a note of a record as a `note` that sets no other variable."""
    text = text_of(text)
    return _ASSIGNMENT.sub(rf"\1\2{_JOINER}", text) if ":" in text else text


def page_of(text: str) -> str:
    """Return pages with the one hyphen between them that CSL wants."""
    return _DASHES.sub("-", text_of(text))


def plain_text(text: str) -> str:
    """Return the text of a variable without its markup; what is raised or lowered is so in Unicode or maths.

    A tag with no partner is text, as it is to citation processors.
    """
    if "<" not in text:
        return text
    if "</" in text:
        text = _without_pairs(text)
    return _KEPT_APART.sub("<", text)


def plain_note(text: str) -> str:
    """Return the text of a `note`, what sets other variables included as it stands."""
    text = plain_text(text)
    return _KEPT_ASSIGNMENT.sub(r"\1\2", text) if _JOINER in text else text


def _without_pairs(text: str) -> str:
    """Return the text without tags that have a partner; linear in its length."""
    pieces: list[str] = []
    opened: list[tuple[str, int]] = []  # name of an open tag, its place among the pieces
    waiting = dict.fromkeys(("i", "b", "sc", "sub", "sup", "span"), 0)
    end = 0
    for match in _TAG.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        closed = match["close"]
        name = match["open"] or match["span"]
        if closed is None:
            opened.append((name, len(pieces)))
            waiting[name] += 1
            pieces.append(match[0])
        elif waiting[closed]:
            while True:  # an open tag inside that was never closed is text
                name, place = opened.pop()
                waiting[name] -= 1
                if name == closed:
                    break
            content = pieces[-1] if len(pieces) == place + 2 else None  # text alone between the two
            if closed not in _SCRIPTS:
                pieces[place] = ""
            elif content is not None and (shifted := _shifted(content, closed)) is not None:
                pieces[place:] = [shifted]
            else:
                pieces.append(match[0])
        else:
            pieces.append(match[0])
    pieces.append(text[end:])
    return "".join(pieces)


def _shifted(content: str, tag: str) -> str | None:
    """Return text in Unicode's raised or lowered characters, else as maths; `None` if it is neither."""
    operator, script = _SCRIPTS[tag]
    if all(ord(character) in script for character in content):
        return content.translate(script)
    return f"${operator}{{{content}}}$" if _SAFE_IN_MATHS.fullmatch(content) else None
