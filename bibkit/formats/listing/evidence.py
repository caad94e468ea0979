"""What speaks for a word being part of a name, or of a title: its look, the record, and all pages.

In: words. Out: weights, natural logarithms of how much likelier the word is in a name than in a title
(`weigh_name_word`), as a title's last word than as the front of a word cut in two (`weigh_title_end`), and
inside a title (`weigh_title_word`). Refuses to know of positions: which words stand where is
`bibkit.formats.listing.split`'s.

`Corpus` is what all pages of a call say together. It holds sets alone, so that the order of the pages
cannot matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bibkit.formats.listing.lexicon import PINYIN, lexicon
from bibkit.formats.listing.shape import (
    IMPOSSIBLE,
    is_initials,
    is_linked,
    is_name_part,
    weigh_shape,
)
from bibkit.model.display_names import PARTICLES, is_collective, is_collective_noun

_SEEN_IN_NAMES: Final = 3.0

# What is taken off a name's word where abstracts use it: less (the first of each pair) where its look has
# spoken against it already; and for its very spelling, less (the second) where any word is spelt so.
_OWN_WORD: Final = (1.5, 2.5)
_ANY_WORD: Final = (0.7, 1.2)
_OWN_SPELLING: Final = (3.0, 1.0)

_ODD_IN_TITLE: Final = -2.0

# A name as a whole.
_FULL_WORDS: Final = (-4.0, -2.5, 0.0, -0.4, -1.8, -3.5, -6.0)
"""By the number of a name's words that are no initials and no particles."""

_SEEN_NAME: Final = 4.0
_COLLECTIVE: Final = 0.0
_COLLECTIVE_ODD: Final = 0.4
_LETTER_OF_COLLECTIVE: Final = -5.0
_SECOND_ALONE: Final = -3.0
_MIDDLE_LOWER: Final = -6.0
_SECOND_PARTICLES: Final = frozenset(("la", "der", "den", "las", "les", "los", "het", "'t"))
"""Particles that follow another one (`de la`, `van der`)."""


# A title's last word. One that nobody knows is likelier the whole of a word the plainer it looks.
_CLOSED: Final = 0.7
_OWN_END: Final = 2.5
_KNOWN_END: Final = 2.0
_ANY_END: Final = 1.8
_ABBREVIATION_END: Final = 0.5
_LETTER_END: Final = 0.5
_LOWER_END: Final = 0.0
_PLAIN_END: Final = -0.3
_CAPITALS_END: Final = -0.5
_UNKNOWN_LETTER_END: Final = -1.0
_NAME_END: Final = -1.5
_NUMERAL_END: Final = -1.5
_MARKED_END: Final = -2.5
_OPEN_END: Final = -3.0
_CAMEL_END: Final = -3.0
_CAMEL_END_ALONE: Final = -1.5
_INITIAL_END: Final = -4.0

_MOST_NAMESAKES: Final = 50
"""Of more names in lower case with one last word, none is looked for."""

_LONGEST_OWN: Final = 20_000
"""So many characters of a record's abstract are asked; a longer text is no abstract."""

_ABBREVIATIONS: Final = frozenset(("U.S", "U.S.A", "U.K", "E.U", "D.C", "U.N", "Ph.D"))
_OPEN_ENDINGS: Final = frozenset(
    ("of", "the", "a", "an", "for", "with", "and", "or", "by", "from", "to", "in", "via", "at", "into")
)
_OPENERS: Final = '([{"“‘«'
_CLOSERS: Final = ".?!)]}\"'”’»%$*+#°²³™®…"
_AROUND: Final = _OPENERS + _CLOSERS
_LAST_PART: Final = re.compile(r"[-–/]([^-–/]+)$")
_LAST_GROUP: Final = re.compile(r"[A-Z][a-z]+$")
_PLURAL_ACRONYM: Final = re.compile(r"[A-Z]{2,}s")
_NUMBERED: Final = re.compile(r"[^\W\d_]{0,6}-?[0-9]+(?:[.,:][0-9]+)*[^\W\d_]{0,2}|.*[$^\\(=<>/].*")
_INNER_CAPITAL: Final = re.compile(r"[^\W_][A-Z][a-z]|[a-z][A-Z]")
_WORD_BREAKS: Final = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "'-")}


class OwnText:
    """The abstract of the record at hand, asked for single words."""

    __slots__ = ("_exact", "_lower")

    def __init__(self, text: str) -> None:
        """Take the abstract, or an empty text where there is none."""
        self._exact = text[:_LONGEST_OWN]
        self._lower = ""

    def __bool__(self) -> bool:
        """Say whether there is a text to ask."""
        return self._exact != ""

    def has(self, word: str) -> bool:
        """Say whether the text has a word in whatever case, or its plural or singular."""
        if not self._lower:
            self._lower = self._exact.lower()
        lower = word.lower()
        return (
            _has_word(self._lower, lower)
            or _has_word(self._lower, lower[:-1] if lower.endswith("s") else f"{lower}s")
            or (lower.endswith("ies") and _has_word(self._lower, f"{lower[:-3]}y"))
        )

    def has_exactly(self, word: str) -> bool:
        """Say whether the text has a word just as it is written."""
        return _has_word(self._exact, word)

    def has_plain(self, word: str) -> bool:
        """Say whether the text has a word in lower case where the word itself has a capital."""
        lower = word.lower()
        return lower != word and _has_word(self._exact, lower)


class Corpus:
    """What all pages of a call say: names, titles, and the words of abstracts (gathered when first asked).

    `lower_names` has the names of several words that begin with no capital, by their last word.
    """

    __slots__ = ("_abstracts", "_vocabulary", "lower_names", "name_words", "names", "titles")

    def __init__(self, names: Iterable[str], titles: Iterable[str], abstracts: Iterable[str]) -> None:
        """Take names and titles that stand unambiguously, and all abstracts."""
        self.names = frozenset(names)
        self.titles = frozenset(titles)
        self.name_words = frozenset(word for name in self.names for word in name.split())
        self.lower_names = _index_by_last_word(self.names)
        self._abstracts = abstracts
        self._vocabulary: frozenset[str] | None = None

    def has_word(self, word: str) -> bool:
        """Say whether any abstract or title has a word, as written or in lower case."""
        if self._vocabulary is None:
            self._vocabulary = _gather_words(self._abstracts) | _gather_words(self.titles)
        return word in self._vocabulary or word.lower() in self._vocabulary

    def has_plain_word(self, word: str) -> bool:
        """Say whether any abstract or title has a capitalised word in lower case."""
        return word.lower() != word and self.has_word(word.lower())


def weigh_name_word(word: str, own: OwnText, corpus: Corpus) -> float:
    """Weigh whether a word stands in a name rather than in a title."""
    weight = weigh_shape(word)
    if weight <= IMPOSSIBLE or len(word) == 1 or "." in word:
        return weight
    if word in corpus.name_words:
        return max(_SEEN_IN_NAMES, weight)
    if own.has_plain(word):
        weight -= _OWN_WORD[weight > 0]
    elif own.has_exactly(word):
        weight -= _OWN_SPELLING[word.istitle()]
    elif corpus.has_plain_word(word):
        weight -= _ANY_WORD[weight > 0]
    return weight


def weigh_name(name: str, own: OwnText, corpus: Corpus) -> float:
    """Weigh whether a text is a name rather than a part of a title."""
    words = name.replace(",", "").split()
    if not words:
        return IMPOSSIBLE
    return weigh_name_words(words, [weigh_name_word(word, own, corpus) for word in words], corpus)


def weigh_name_words(words: list[str], weights: list[float], corpus: Corpus) -> float:
    """Weigh the words of one name, with the weight of each, as a whole."""
    name = " ".join(words)
    seen = _SEEN_NAME if name in corpus.names else 0.0
    if is_collective(name):
        # Its words are any words; what is odd for a name is a little odd here.
        if len(words) == 1:
            return seen + _COLLECTIVE
        odd = sum(_weigh_odd(word, weight) for word, weight in zip(words, weights, strict=True))
        lower = words[0][0].islower() and words[0] != "the"
        return seen + _COLLECTIVE + _COLLECTIVE_ODD * odd + (IMPOSSIBLE if lower else 0.0)
    if len(name) == 1:
        return IMPOSSIBLE
    total = sum(weights)
    full = 0
    last = len(words) - 1
    previous = ""
    for index, word in enumerate(words):
        if word in PARTICLES:
            if word in _SECOND_PARTICLES and previous not in PARTICLES:
                total += _SECOND_ALONE
        elif word[0].islower() and index < last:
            total += _MIDDLE_LOWER
        elif not word.endswith(".") or len(word) > 3:
            full += 1
        previous = word
    if full == 1 and last:
        # Initials or particles stand beside the one full word.
        full = 2
    return seen + total + _FULL_WORDS[min(full, len(_FULL_WORDS) - 1)]


def weigh_title_end(word: str, own: OwnText, corpus: Corpus) -> float:
    """Weigh a title's last word, or the front of a word that is cut in two there."""
    bare = word.strip(_AROUND)
    weight = _CLOSED if word[-1] in _CLOSERS else 0.0
    if not bare:
        return weight
    if word[-1] == "." and is_initials(word):
        return _weigh_period(bare, own)
    whole = _weigh_last_word(bare, own, corpus)
    last = _LAST_PART.search(bare)
    if whole > 0 or last is None:
        return weight + whole
    return weight + _weigh_last_word(last[1], own, corpus)


def weigh_title_word(word: str, own: OwnText) -> float:
    """Weigh a word inside a title: one with inner capitals that its abstract does not use is odd."""
    bare = word.strip(_AROUND + ",:;")
    if not _INNER_CAPITAL.search(bare) or bare in lexicon().spellings or own.has_exactly(bare):
        return 0.0
    return _ODD_IN_TITLE


def _may_be_collective(words: list[str]) -> bool:
    """Say whether a name is worth asking `is_collective`: most names are not, and it is asked often."""
    return (
        len(words) == 1
        or words[0] in ("The", "the")
        or words[-1][-2:] == "AI"
        or is_collective_noun(words[-1])
    )


def _weigh_odd(word: str, weight: float) -> float:
    """Weigh a word of a collective's name: how odd it would be in a person's, capitals and nouns aside."""
    if len(word) == 1:
        return _LETTER_OF_COLLECTIVE
    if word in ("The", "the") or word.isupper() or is_collective_noun(word):
        return 0.0
    return min(weight, 0.0)


def _weigh_period(bare: str, own: OwnText) -> float:
    """Weigh a last word that looks like initials: `U.S.`, the numeral of a part, or a name cut in two."""
    if len(bare) > 1:
        return _ABBREVIATION_END if bare in _ABBREVIATIONS or own.has_exactly(bare) else _NUMERAL_END
    return _NUMERAL_END if bare in "IVX" else _INITIAL_END


def _weigh_last_word(word: str, own: OwnText, corpus: Corpus) -> float:
    """Weigh a title's last word without the marks around it, or the part of it after its hyphen."""
    lower = word.lower()
    words = lexicon()
    if lower in _OPEN_ENDINGS and word != "A":
        weight = _OPEN_END
    elif len(word) == 1:
        weight = _LETTER_END if own.has_exactly(word) else _UNKNOWN_LETTER_END
    elif own.has_exactly(word) or own.has(word):
        weight = _OWN_END
    elif lower in words.titles or lower in words.function or word in words.spellings:
        weight = _KNOWN_END
    elif corpus.has_word(word):
        weight = _ANY_END
    else:
        weight = _weigh_unknown_end(word, lower, own, corpus)
    return weight


def _weigh_unknown_end(word: str, lower: str, own: OwnText, corpus: Corpus) -> float:
    """Weigh a title's last word that nothing is known of, by its look."""
    if not word.isalpha():
        weight = _PLAIN_END if is_linked(word) or _NUMBERED.fullmatch(word) else _MARKED_END
    elif word.islower():
        weight = _LOWER_END
    elif word.isupper() or _PLURAL_ACRONYM.fullmatch(word):
        weight = _CAPITALS_END if len(word) > 2 else _UNKNOWN_LETTER_END
    elif word.istitle():
        is_name = lower in lexicon().names or word in corpus.name_words or PINYIN.fullmatch(lower)
        weight = _NAME_END if is_name else _PLAIN_END
    else:
        weight = _weigh_camel_end(word, own)
    return weight


def _weigh_camel_end(word: str, own: OwnText) -> float:
    """Weigh an unknown last word with inner capitals: worse where its last part is perhaps a name's front."""
    weight = _CAMEL_END if own else _CAMEL_END_ALONE
    group = _LAST_GROUP.search(word)
    if group is None or not is_name_part(group[0].lower()):
        return weight
    return weight + (_NAME_END if len(group[0]) > 2 or group[0].lower() in lexicon().names else 0.0)


def _has_word(text: str, word: str) -> bool:
    """Say whether a word stands in a text with no letter or digit beside it."""
    start = text.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            return True
        start = text.find(word, end)
    return False


def _index_by_last_word(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of several words that begin with no capital, by their last word.

    A last word that very many have is left out: it tells nothing, and asking would cost too much.
    """
    index: dict[str, list[str]] = {}
    for name in sorted(names):
        if not name[:1].isupper() and " " in name:
            index.setdefault(name[name.rfind(" ") + 1 :], []).append(name)
    return {last: found for last, found in index.items() if len(found) <= _MOST_NAMESAKES}


def _gather_words(texts: Iterable[str]) -> frozenset[str]:
    """Return all words of the texts, as they are written there."""
    words: set[str] = set()
    for text in texts:
        words.update(text.translate(_WORD_BREAKS).split())
    return frozenset(words)
