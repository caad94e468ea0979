"""Made-up abstracts: four to eight sentences that say a title's words again about as often as real ones.

`MENTION` says how often that is; what else they speak of is any field's.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from .banks import lines, load
from .fields import FIELDS, Field
from .titles import Title

# How often an abstract says again: a phrase of the title's body, what the title ends in, a coined name.
MENTION: Final[Mapping[str, float]] = {"phrase": 0.75, "core": 0.6, "coined": 0.85}

_BANK: Final = load("abstracts")
_OPENINGS: Final = lines(_BANK["openings"])
_ON_CORE: Final = lines(_BANK["on_core"])
_ON_COINED: Final = lines(_BANK["on_coined"])
_GENERAL: Final = lines(_BANK["general"])


def draw_abstract(random: Random, field: Field, title: Title) -> str:
    """Draw the abstract of a title of the field."""
    said = [phrase for phrase in title.phrases if random.random() < MENTION["phrase"]]
    templates = [(random.choice(_OPENINGS), "")]
    if title.coined is not None and random.random() < MENTION["coined"]:
        templates.append((random.choice(_ON_COINED).replace("{coined}", title.coined), ""))
    if title.core is not None and title.core != title.coined and random.random() < MENTION["core"]:
        templates.append((random.choice(_ON_CORE), title.core))
    while len(templates) < random.randint(4, 8):
        templates.append((random.choice(_GENERAL), ""))
    while sum("phrase}" in template.lower() for template, _ in templates) < len(said):
        templates.append((random.choice(_GENERAL), ""))
    sentences = []
    for template, core in templates:
        phrase = said.pop(0) if said and "phrase}" in template.lower() else _elsewhere(random)
        sentences.append(_sentence(random, field, template, phrase, core))
    return " ".join(sentences)


def _elsewhere(random: Random) -> str:
    """Draw a phrase of any field."""
    field = random.choice(FIELDS)
    return random.choice(random.choice((field.methods, field.problems, field.settings)))


def _sentence(random: Random, field: Field, template: str, phrase: str, core: str) -> str:
    """Fill the places of one sentence."""
    phrase = phrase if random.random() < 0.05 else phrase.lower()
    word, word2 = random.sample(field.words, 2)
    filled = {
        "{phrase}": phrase,
        "{Phrase}": phrase[0].upper() + phrase[1:],
        "{word}": word,
        "{word2}": word2,
        "{core}": core,
        "{number}": f"{random.uniform(1, 60):.1f}",
        "{small}": random.choice(("two", "three", "four", "five", "several")),
    }
    for place, text in filled.items():
        template = template.replace(place, text)
    return template
