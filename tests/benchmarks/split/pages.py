"""Pages of made-up papers as a listing prints them, each with the truth beside it: `draw_pages`.

A page is one author's: the owner is among the printed authors of most of its 25 papers, and some
co-authors come again. The same settings give the same pages, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Final

from .abstracts import draw_abstract
from .fields import FIELDS, Field
from .names import SPECIAL_SHARES, Author, draw_author
from .titles import HARD_SHARES, Title, draw_ending, draw_title

PAGE: Final = 25
PRINTED: Final = 3
OWNER_SHARE: Final = 0.92
HOME_SHARE: Final = 0.75
AFFILIATION_SHARE: Final = 0.08

# Every title and two in five people hard, all kinds alike: not real, but what a reader can still learn from.
ALL_HARD: Final = dict.fromkeys(HARD_SHARES, 100 / len(HARD_SHARES))
MANY_SPECIAL: Final = dict.fromkeys(SPECIAL_SHARES, 40 / len(SPECIAL_SHARES))

# How many authors a paper prints, in percent; the last is three and an "et al.".
_LENGTHS: Final = {"one": 6, "two": 17, "three": 17, "more": 60}
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_AFFILIATIONS: Final = (
    "mit", "cmu", "oxford", "eth-zurich", "epfl", "google", "meta-ai", "inria", "kaist", "ntu", "max-planck",
    "ibm-research", "uiuc", "kth", "stanford", "nvidia", "technion", "usp", "iit-bombay", "anu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What pages to draw; `recurring` is the share of co-authors that come from the page's own circle.

    `endings` and `forms` are the shares of hard endings and of special forms of names, in percent;
    `invented` puts names that nobody has in the place of plain ones.
    """

    records: int = 2000
    seed: int = 1
    recurring: float = 0.5
    endings: Mapping[str, float] = field(default_factory=lambda: HARD_SHARES)
    forms: Mapping[str, float] = field(default_factory=lambda: SPECIAL_SHARES)
    invented: bool = False

    def author(self, random: Random) -> Author:
        """Draw an author."""
        return draw_author(random, self.forms, invented=self.invented)


@dataclass(frozen=True, slots=True)
class Case:
    """One paper as printed, and the truth of its fused line; `ending` and `form` say what is hard in it."""

    header: str
    title: str
    authors: tuple[str, ...]
    truncated: bool
    affiliations: tuple[str, ...]
    abstract: str
    ending: str
    form: str

    @property
    def line(self) -> str:
        """Return the line in which title and authors stand fused."""
        more = " et al." if self.truncated else ""
        places = f" · {', '.join(self.affiliations)}" if self.affiliations else ""
        return f"{self.title}{', '.join(self.authors)}{more}{places}"


@dataclass(frozen=True, slots=True)
class Page:
    """The papers of one page, in its order."""

    name: str
    cases: tuple[Case, ...]
    owner: str | None = None

    @property
    def text(self) -> str:
        """Return the page in the compact layout: header, fused line and abstract, a line each."""
        return "".join(f"{case.header}\n{case.line}\n{case.abstract}\n" for case in self.cases)


@dataclass(frozen=True, slots=True)
class _Circle:
    """Whose page it is, the co-authors that come again, and what the page is about."""

    owner: Author
    others: tuple[Author, ...]
    weights: tuple[float, ...]
    fields: tuple[Field, ...]


def draw_pages(settings: Settings) -> Iterator[Page]:
    """Draw the pages; no list of authors comes twice, but for an owner alone."""
    random = Random(settings.seed)
    seen: set[tuple[str, ...]] = set()
    owners: set[str] = set()
    for number, start in enumerate(range(0, settings.records, PAGE)):
        circle = _draw_circle(random, owners, settings)
        titles: set[str] = set()
        cases = []
        for _ in range(min(PAGE, settings.records - start)):
            topic = random.choice(circle.fields if random.random() < HOME_SHARE else FIELDS)
            title = draw_title(random, topic, draw_ending(random, settings.endings))
            while title.text in titles:
                title = draw_title(random, topic, draw_ending(random, settings.endings))
            titles.add(title.text)
            authors, truncated = _draw_authors(random, circle, settings)
            while len(authors) > 1 and tuple(author.name for author in authors) in seen:
                authors, truncated = _draw_authors(random, circle, settings)
            seen.add(tuple(author.name for author in authors))
            cases.append(_case(random, topic, title, authors, truncated=truncated))
        yield Page(f"page-{number:04}", tuple(cases), circle.owner.name)


def _draw_circle(random: Random, owners: set[str], settings: Settings) -> _Circle:
    """Draw an owner that no other page has, with a circle of co-authors and two fields of work."""
    owner = settings.author(random)
    while owner.name in owners:
        owner = settings.author(random)
    owners.add(owner.name)
    others = tuple(settings.author(random) for _ in range(random.randint(6, 30)))
    weights = tuple(accumulate(1 / (place + 1) for place in range(len(others))))
    return _Circle(owner, others, weights, tuple(random.sample(FIELDS, 2)))


def _draw_authors(random: Random, circle: _Circle, settings: Settings) -> tuple[tuple[Author, ...], bool]:
    """Draw the printed authors of one paper, and whether there are more."""
    length = random.choices(tuple(_LENGTHS), weights=tuple(_LENGTHS.values()))[0]
    count = {"one": 1, "two": 2}.get(length, PRINTED)
    if count == 1 and random.random() < OWNER_SHARE:
        return (circle.owner,), False
    authors: list[Author] = []
    while len(authors) < count:
        known = random.random() < settings.recurring
        author = (
            random.choices(circle.others, cum_weights=circle.weights)[0] if known else settings.author(random)
        )
        if author.name not in {circle.owner.name, *(other.name for other in authors)}:
            authors.append(author)
    if random.random() < OWNER_SHARE:
        authors[random.randrange(count)] = circle.owner
    return tuple(authors), length == "more"


def _case(
    random: Random, topic: Field, title: Title, authors: tuple[Author, ...], *, truncated: bool
) -> Case:
    """Put one paper together."""
    placed = random.random() < AFFILIATION_SHARE
    return Case(
        header=_header(random, topic),
        title=title.text,
        authors=tuple(author.name for author in authors),
        truncated=truncated,
        affiliations=tuple(random.sample(_AFFILIATIONS, random.choice((1, 1, 2)))) if placed else (),
        abstract=draw_abstract(random, topic, title),
        ending=title.ending,
        form=authors[0].form,
    )


def _header(random: Random, topic: Field) -> str:
    """Draw a header: a score and no year for a recent paper, a year for an older one."""
    recent = random.random() < 0.2
    score = f"{random.uniform(15, 95):.1f}" if recent and random.random() < 0.7 else ""
    date = f"{random.choice(_MONTHS)} {random.randint(1, 28)}"
    year = "" if recent else f", {random.randint(2008, 2025)}"
    return f"{score}{random.choice(topic.categories)}{date}{year}{'Code' if random.random() < 0.25 else ''}"
