"""Display names, given name first (`Jean de la Tour`), to creators with parts: `parse_display_name`.

In: one name as a page prints it. Out: a `Person` with given names, particle, family name and suffix, or a
`Body`. Whitespace is normalised; not a letter is added, dropped or re-cased. Refuses to know who people
are: the rules are about the shape of a name and about words that only occur in collective names.

The rules, in their order:

1. A collective (`The LIGO Collaboration`, `Gemini Team`, `DeepSeek-AI`) is a `Body`, never taken apart.
2. A suffix at the end (`Jr.`, `III`) is split off, with or without a comma before it.
3. A name all in Chinese, Japanese or Korean letters stands family name first; unspaced, it stays whole.
4. Lower-case particles (`van der`, `de la`, `bin`) open the family name and are the `particle`; with a
   capital (`Le Roux`, `Van den Broeck`, `Ó Súilleabháin`) they are part of the family name itself.
5. Otherwise the last word is the family name, in lower case too (`Liu ying`), and all before it are given
   names. An initial with its period is never a family name (`Ramesh K.` is K. Ramesh).
"""

from __future__ import annotations

import re
from typing import Final

from bibkit.errors import ParseError
from bibkit.model.names import Body, Creator, Person
from bibkit.model.word_tables import read_words

SUFFIXES: Final = frozenset(("2nd", "3rd", "II", "III", "IV", "Jr", "Jr.", "Sr", "Sr."))

PARTICLES: Final = frozenset((
    "'s", "'t", "a", "aan", "aen", "af", "al", "am", "an", "ap", "auf", "aus", "av", "bij", "bin", "bint",
    "binti", "d'", "da", "dal", "dalla", "dalle", "dalli", "das", "de", "degli", "dei", "del", "dela",
    "della", "delle", "dello", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "en", "het", "ibn",
    "im", "in", "la", "las", "le", "les", "lo", "los", "op", "te", "ten", "ter", "till", "to", "tot", "uit",
    "und", "van", "vande", "vanden", "vander", "ver", "vom", "von", "zu", "zum", "zur",
))  # fmt: skip
"""Words that, in lower case, open a family name."""

_WEAK_PARTICLES: Final = frozenset((
    "a", "al", "am", "an", "bin", "da", "de", "di", "do", "du", "e", "el", "en", "im", "in", "la", "le",
    "lo", "te", "to", "ver",
))  # fmt: skip
"""Particles that are also syllables of given names: no particles in a name that is all in lower case."""

_JOINING: Final = frozenset(("e", "i", "y"))
"""Words between two family names (`Ortega y Gasset`)."""

_CAPITAL_PARTICLES: Final = frozenset((
    "Abou", "Abu", "Ait", "Al", "Aït", "Ben", "Bin", "Da", "Dal", "Dalla", "De", "Degli", "Dei", "Del",
    "Dela", "Della", "Delle", "Dello", "Den", "Der", "Des", "Di", "Du", "El", "Ibn", "La", "Las", "Le",
    "Les", "Los", "Mac", "Mc", "Nic", "Ní", "O'", "Ten", "Ter", "Uí", "Van", "Vande", "Vanden", "Vander",
    "Vom", "Von", "Zu", "Zum", "Zur", "Ó",
))  # fmt: skip
"""Words that, with a capital, are the first part of a family name when a given name stands before them."""

_NEVER_GIVEN: Final = frozenset(("Nic", "Ní", "Uí", "Ó"))
"""Capital particles that open a family name even where no given name stands before them."""

_GENERATIONS: Final = frozenset(("Filho", "Júnior", "Neto", "Netto", "Segundo", "Sobrinho"))
"""Portuguese words that are part of the family name before them (`Silva Filho`)."""

_COLLECTIVE_NOUNS: Final = frozenset((
    "academy", "agency", "alliance", "association", "authority", "authors", "center", "centre",
    "collaboration", "collaborations", "collective", "commission", "committee", "community", "company",
    "consortium", "contributors", "cooperation", "coordination", "corp", "corp.", "corporation", "council",
    "department", "developers", "division", "federation", "forum", "foundation", "gmbh", "group", "groups",
    "inc", "inc.", "initiative", "institut", "institute", "institution", "instituto", "lab", "laboratories",
    "laboratory", "labs", "league", "llc", "ltd", "ltd.", "maintainers", "members", "ministry", "network",
    "observatory", "office", "organisation", "organization", "partnership", "program", "programme",
    "project", "research", "secretariat", "society", "team", "teams", "union", "universidad", "university",
    "universität", "université", "workshop",
))  # fmt: skip
"""Nouns of collectives; they count from the second word of a name on, or as the whole name."""

_COLLECTIVE_LINKS: Final = frozenset(("&", "@", "and", "at", "for", "of"))
"""Words that no person's name has."""

_BODIES: Final = frozenset((
    "01.ai", "adept", "adobe", "alibaba", "amazon", "anthropic", "apple", "arxiv", "baichuan", "baidu",
    "bigcode", "bigscience", "bytedance", "cerebras", "cern", "character.ai", "cnrs", "cohere", "databricks",
    "deepmind", "deepseek", "eleutherai", "facebook", "google", "huawei", "huggingface", "ibm", "inria",
    "intel", "kuaishou", "laion", "meituan", "meta", "microsoft", "midjourney", "mila", "minimax", "mistral",
    "moonshot", "mosaicml", "nasa", "nist", "nvidia", "openai", "openbmb", "perplexity", "qualcomm", "qwen",
    "salesforce", "samsung", "sensetime", "snap", "snowflake", "stability", "tencent", "unbabel",
    "wikimedia", "xai", "xiaomi", "zhipu",
))  # fmt: skip
"""Names of institutions that stand for an author as one word."""

_BODY_PAIRS: Final = frozenset((
    "aleph alpha", "allen ai", "boston dynamics", "editorial board", "google brain", "google deepmind",
    "google quantum", "hugging face", "human genome", "meta fair", "open assistant", "stability diffusion",
    "technology innovation", "together computer",
))  # fmt: skip

_PLAIN: Final = re.compile(r"(?!The )([A-Z][a-z]+) (?!Jr$|Sr$)([A-Z][a-z]+)")
_INITIAL: Final = re.compile(r"[^\W\d_]\.(?:-?[^\W\d_]\.)*")
_HOMONYM: Final = re.compile(r"[0-9]{4}")
_BODY_SHAPE: Final = re.compile(
    r"[A-Z]?[a-z]+(?:[A-Z][a-z]+)*[.-]?AI|[\w-]+\.ai|[A-Z][A-Z0-9&-]+[A-Z0-9]|[A-Z]{2,}-\w+|.*[A-Za-z][0-9]+|.*@.*"
)
_EAST_ASIAN: Final = re.compile(
    "[\u1100-\u11ff\u3005\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff \u30fb]+"
)


def parse_display_name(text: str) -> Creator:
    """Return the creator that a display name, given name first, stands for.

    Raises `ParseError` for text without a character that is not a space.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None and not is_collective_noun(plain[2]) and text.lower() not in _BODY_PAIRS:
        # Two capitalised words: half of all names, and no other rule has a say in them.
        return Person(family=plain[2], given=plain[1])
    words = text.split()
    if not words:
        raise ParseError("a name without a letter")
    if is_collective(text):
        return Body(" ".join(words))
    words, suffix = _split_suffix(words)
    if len(words) == 1:
        return Person(family=words[0], suffix=suffix)
    if _EAST_ASIAN.fullmatch(" ".join(words)):
        return Person(family=words[0], given=" ".join(words[1:]), suffix=suffix)
    given, particle, family = _split_parts(words)
    return Person(
        family=" ".join(family),
        given=" ".join(given) or None,
        particle=" ".join(particle) or None,
        suffix=suffix,
    )


def is_collective(text: str) -> bool:
    """Say whether a display name is that of a team, an institution, a collaboration."""
    words = text.split()
    folded = text.casefold().split()
    if len(words) == 1:
        return (
            folded[0] in _BODIES
            or folded[0] in _COLLECTIVE_NOUNS
            or _BODY_SHAPE.fullmatch(words[0]) is not None
        )
    return (
        folded[0] == "the"
        or " ".join(folded) in _BODY_PAIRS
        or not _COLLECTIVE_LINKS.isdisjoint(words)
        or not _COLLECTIVE_NOUNS.isdisjoint(folded[1:])
        or words[-1] == "AI"
        or words[-1].endswith("-AI")
    )


def is_collective_noun(word: str) -> bool:
    """Say whether a word is a noun that names of collectives end in."""
    return word.casefold() in _COLLECTIVE_NOUNS


def _split_suffix(words: list[str]) -> tuple[list[str], str | None]:
    """Split `Jr.` and the like off, and the comma before it; a name is never a suffix alone."""
    if len(words) < 2 or words[-1] not in SUFFIXES:
        return words, None
    rest = words[:-1]
    bare = rest[-1].rstrip(",")
    if not bare:
        rest.pop()
    else:
        rest[-1] = bare
    return (rest, words[-1]) if rest else (words, None)


def _split_parts(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Split two words or more into given names, particle and family name; the last is never empty."""
    last = len(words) - 1
    start = _find_particle(words)
    if start is not None:
        end = start
        while end < last and words[end].lower() in PARTICLES:
            end += 1
        if words[start] in PARTICLES:
            return words[:start], words[start:end], words[end:]
        return words[:start], [], words[start:]
    if _INITIAL.fullmatch(words[last]):
        return _split_before_initials(words)
    first = last
    if _HOMONYM.fullmatch(words[first]) or (words[first] in _GENERATIONS and last > 1):
        first -= 1
    if first > 2 and words[first - 1] in _JOINING:
        first -= 2
    return words[:first] if first else [], [], words[first:]


def _find_particle(words: list[str]) -> int | None:
    """Return where the family name opens with a particle, if it does."""
    last = len(words) - 1
    all_lower = words[0][:1].islower() and words[last][:1].islower()
    for index, word in enumerate(words[:last]):
        if word in PARTICLES:
            if word in _JOINING:
                # "Costa e Silva", "Ortega y Gasset": a link between names, no particle.
                continue
            if not (all_lower and word in _WEAK_PARTICLES):
                return index
        elif word in _NEVER_GIVEN or (index and word in _CAPITAL_PARTICLES and not _is_east_asian(words)):
            return index
    return None


def _is_east_asian(words: list[str]) -> bool:
    """Say whether the first or last word is an East Asian family name: then `De` or `Van` is a given name."""
    families = read_words("east asian family names")
    return words[-1].casefold() in families or words[0].casefold() in families


def _split_before_initials(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Take the last word that is no initial for the family name; all initials: the last one."""
    last = len(words) - 1
    for index in range(last, -1, -1):
        if not _INITIAL.fullmatch(words[index]):
            return words[:index] + words[index + 1 :], [], [words[index]]
    return words[:last], [], words[last:]
