"""Generators shared by all properties: text, names, dates, records, entries, blocks.

`texts()` draws what breaks programs more often than chance would: every script, the marks of every format,
line breaks of every kind, controls, lone surrogates, combining marks, long runs.
"""

import string
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from bibkit.diagnostics import Source
from bibkit.formats.base import Block, BlockKind
from bibkit.model.dates import Date, ExtendedDate, PartialDate, Season
from bibkit.model.names import Body, Creator, Person, Role
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import CitationKey, Entry

# What one format or another takes for something else than text.
HOSTILE = (
    "}", "{", "}}", "{{", "\\", "\\\\", "\\{", "\\}", '"', "'", "''", "``", "%", "$", "$$", "#", "&",
    "_", "^", "~", "@", "@x{", "@article{k,", "@comment", "\\input{x}", "\\par", "\\end{document}",
    "$x$", "$x_i<y^2$", "$\\method{}$", "$5--$10", "50%", "--", "---", "<i>", "</i>", "<sub>2</sub>",
    "<b", "&amp;", "&lt;", "<!--", "ER  - ", "TY  - JOUR", "\nER  - \n", "\r\nTY  - JOUR\r\n",
    "\nAU  - X", "AU  - ", "],", "}]", '"}', "\\u0041", "\n", "\r", "\r\n", "\n\n", "\v", "\f", "\x1c",
    "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\t", " ", "  ", "\x00", "\x01", "\x1a", "\x1b[31m",
    "\x7f", "\x80", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udfff", "\u00a0", "\u00ad", "\u200b",
    "\u200d", "\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\u3000", "İ", "ı", "ß", "ẞ", "ſ", "Å",
    "A\u030a", "é", "e\u0301", "ö", "o\u0308", "ﬁ", "Ω", "ǅ", "\u0345", "\u0301", "Žižek", "Łukasz",
    "Ó Súilleabháin", "Nguyễn", "Достоевский", "Ελύτης", "村上春樹", "김", "محمد", "שלום", "हिन्दी",
    "ไทย", "𝒳", "🧑‍🔬", "€", "№", "“”", "‘’", "–", "—", "−", "…", "and", " and ", "others", "et al.",
    "von", "jr", ",", ";", ":", ".", "?", "*", "Jr.", "AND", " AND ", "de la", "O'Neill", "GPT-4V", "(",
    ")", "[", "]", "|", "·", "/",
)  # fmt: skip

PLAIN = string.ascii_letters + string.digits + " "


def characters(*, surrogates: bool = True) -> st.SearchStrategy[str]:
    """One character of any script; with lone surrogates unless told otherwise."""
    return st.characters() if surrogates else st.characters(exclude_categories=["Cs"])


def texts(*, min_size: int = 1, surrogates: bool = True) -> st.SearchStrategy[str]:
    """Text of any kind, hostile pieces among words."""
    hostile = HOSTILE if surrogates else tuple(piece for piece in HOSTILE if _encodes(piece))
    piece = st.one_of(
        st.text(PLAIN, min_size=1, max_size=12),
        st.sampled_from(hostile),
        st.text(characters(surrogates=surrogates), min_size=1, max_size=4),
    )
    return (
        st.lists(piece, min_size=min_size, max_size=8).map("".join).filter(lambda text: len(text) >= min_size)
    )


def words(*, min_size: int = 1, max_size: int = 10) -> st.SearchStrategy[str]:
    """Plain words of ASCII letters, for what the case at hand is not about."""
    return st.text(string.ascii_letters, min_size=min_size, max_size=max_size)


def one_line(texts_: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Of some texts, those that a line can hold: no break, no control, no blank at the ends, not empty."""
    return texts_.map(lambda text: " ".join("".join(c for c in text if c.isprintable()).split())).filter(bool)


def dates() -> st.SearchStrategy[PartialDate]:
    """A year, a month of one, or a day of one."""
    days = st.dates()
    return st.one_of(
        st.integers(1, 9999).map(PartialDate),
        st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12)),
        days.map(lambda day: PartialDate(day.year, day.month, day.day)),
    )


def extended_dates(text: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[ExtendedDate]:
    """A range, an open one, an approximate or uncertain date, a season, or words."""
    date = dates()
    marks = {"circa": st.booleans(), "uncertain": st.booleans()}
    return st.one_of(
        st.builds(ExtendedDate, start=date, end=date, **marks),
        st.builds(ExtendedDate, start=date, open_end=st.just(True), **marks),
        st.builds(ExtendedDate, end=date, **marks),
        st.builds(ExtendedDate, start=date, circa=st.just(True), uncertain=st.booleans()),
        st.builds(ExtendedDate, start=date, uncertain=st.just(True)),
        st.builds(
            ExtendedDate,
            start=st.integers(1, 9999).map(PartialDate),
            season=st.sampled_from(list(Season)),
            **marks,
        ),
        st.builds(ExtendedDate, literal=words() if text is None else text),
    )


def persons(
    text: st.SearchStrategy[str] | None = None, roles: Sequence[Role] = (Role.AUTHOR,)
) -> st.SearchStrategy[Person]:
    """A person with any of the parts that a name can have."""
    part = texts() if text is None else text
    return st.builds(
        Person,
        family=part,
        given=st.none() | part,
        particle=st.none() | st.sampled_from(["van der", "de", "von", "al-", "d'"]),
        suffix=st.none() | st.sampled_from(["Jr.", "III", "Sr."]),
        role=st.sampled_from(list(roles)),
    )


def bodies(
    text: st.SearchStrategy[str] | None = None, roles: Sequence[Role] = (Role.AUTHOR,)
) -> st.SearchStrategy[Body]:
    """A collective."""
    return st.builds(Body, literal=texts() if text is None else text, role=st.sampled_from(list(roles)))


def creators(
    text: st.SearchStrategy[str] | None = None, roles: Sequence[Role] = tuple(Role)
) -> st.SearchStrategy[Creator]:
    """A person or a collective, in any role."""
    return st.one_of(persons(text, roles), bodies(text, roles))


ARXIV_IDS = st.one_of(
    st.builds("{:02}{:02}.{:05}".format, st.integers(8, 30), st.integers(1, 12), st.integers(1, 99999)),
    st.builds("{}/{:02}{:02}{:03}".format, st.sampled_from(["hep-th", "math.AG", "cs"]),
              st.integers(91, 99), st.integers(1, 12), st.integers(1, 999)),
)  # fmt: skip
DOIS = st.builds(
    "10.{}/{}".format, st.integers(1000, 99999), st.text("abcXYZ019._;()/-<>", min_size=1, max_size=12)
)
CATEGORIES = st.sampled_from(
    ["cs.LG", "cs.CV", "stat.ML", "math.NA", "eess.SY", "hep-th", "cond-mat.mtrl-sci", "q-bio.NC"]
)
ISSNS = st.from_regex(r"[0-9]{4}-[0-9]{3}[0-9X]", fullmatch=True)
ISBNS = st.from_regex(r"97[89][0-9]{10}", fullmatch=True)
PAGES = st.one_of(
    st.integers(1, 9999).map(str), st.builds("{}-{}".format, st.integers(1, 99), st.integers(99, 999))
)

LISTING_FACTS = st.builds(
    ListingFacts,
    score=st.none() | st.decimals(0, 100, places=1).map(float),
    code=st.booleans(),
    date=st.none() | st.sampled_from(["May 24", "Sep 23, 2024", "Feb 29"]),
    uncertain=st.booleans(),
)


def records(
    text: st.SearchStrategy[str] | None = None,
    *,
    types: Sequence[ItemType] = tuple(ItemType),
    roles: Sequence[Role] = tuple(Role),
    unmapped: st.SearchStrategy[tuple[tuple[str, str], ...]] | None = None,
    date: st.SearchStrategy[Date] | None = None,
) -> st.SearchStrategy[Record]:
    """A record of any type; its free text is drawn from `text`, identifiers have the shape that they have."""
    free = texts() if text is None else text
    when = dates() if date is None else date
    some = st.lists(free, min_size=1, max_size=3).map(tuple)
    fields = {
        "title": free,
        "creators": st.lists(creators(free, roles), min_size=1, max_size=4).map(tuple),
        "creators_truncated": st.booleans(),
        "issued": when,
        "abstract": free,
        "container_title": free,
        "volume": free,
        "issue": free,
        "pages": PAGES,
        "publisher": free,
        "place": free,
        "edition": free,
        "number": free,
        "genre": free,
        "doi": DOIS,
        "arxiv_id": ARXIV_IDS,
        "arxiv_class": CATEGORIES,
        "isbn": ISBNS,
        "issn": ISSNS,
        "url": DOIS.map("https://doi.org/{}".format),
        "accessed": when,
        "language": st.sampled_from(["en", "de-AT", "zh-Hant"]),
        "categories": st.lists(CATEGORIES, min_size=1, max_size=3, unique=True).map(tuple),
        "keywords": some,
        "affiliations": some,
        "note": free,
        "listing": LISTING_FACTS,
        "unmapped": st.just(()) if unmapped is None else unmapped,
        "source": st.builds(Source, st.just("in.txt"), st.integers(1, 9999)),
    }
    return _records(fields, st.sampled_from(list(types)))


@st.composite
def _records(
    draw: st.DrawFn, fields: dict[str, st.SearchStrategy[object]], types: st.SearchStrategy[ItemType]
) -> Record:
    """Draw a title and a few other fields: most laws are broken by two, soon drawn and soon shrunk."""
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=8, unique=True))
    return Record(
        type=draw(types), **{name: draw(fields[name]) for name in {"title": None} | dict.fromkeys(names)}
    )


KEYS = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).map(CitationKey)


def entries(
    record: st.SearchStrategy[Record] | None = None, *, max_size: int = 5
) -> st.SearchStrategy[list[Entry]]:
    """Entries with keys that differ."""
    entry = st.builds(
        Entry,
        key=KEYS,
        record=records() if record is None else record,
        aliases=st.lists(KEYS, max_size=1).map(tuple),
    )
    return st.lists(entry, max_size=max_size, unique_by=_key)


def blocks(text: Callable[[], st.SearchStrategy[str]] = texts) -> st.SearchStrategy[list[Block]]:
    """Stretches of an input that are no record."""
    return st.lists(
        st.builds(
            Block,
            kind=st.sampled_from(list(BlockKind)),
            text=text(),
            source=st.builds(Source, st.just("in.bib"), st.integers(1, 9999)),
            index=st.integers(0, 9),
        ),
        max_size=3,
    )


def _key(entry: Entry) -> str:
    return entry.key


def _encodes(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
