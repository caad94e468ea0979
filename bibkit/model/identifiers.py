"""The forms in which identifiers stand in fields: a DOI behind an address, an arXiv id in a label or a DOI.

Knows no network: that an id has the right form does not say that it was ever issued.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ID: Final = r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?"
_DOI: Final = re.compile(rf"(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\.({_ID})", re.IGNORECASE)
_URL: Final = re.compile(
    rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/({_ID})(?:\.pdf)?/?", re.IGNORECASE
)
_LABELLED: Final = re.compile(rf"arxiv:\s*({_ID})(?:\s+\[([a-z-]+(?:\.[A-Za-z-]+)?)\])?", re.IGNORECASE)

# Subject classes as arXiv names them: `cs.LG`, `cond-mat.mtrl-sci`, `hep-th`.
_CLASS: Final = re.compile(
    r"(?:astro-ph|cond-mat|cs|econ|eess|math|nlin|physics|q-bio|q-fin|stat)\.[A-Za-z-]{2,}"
    r"|astro-ph|cond-mat|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|nucl-ex|nucl-th|quant-ph"
)
_DOI_PREFIX: Final = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)\s*", re.IGNORECASE)


def is_arxiv_id(text: str) -> bool:
    """Return whether a text has the form of an arXiv id, of the new kind or the old."""
    return re.fullmatch(_ID, text) is not None


def bare_doi(text: str) -> str:
    """Return a DOI without the resolver's address or the label before it."""
    match = _DOI_PREFIX.match(text.strip())
    return text if match is None else text.strip()[match.end() :]


@lru_cache(maxsize=4096)  # the keywords of a library come again and again
def is_arxiv_class(text: str) -> bool:
    """Return whether a keyword is one of arXiv's subject classes."""
    return _CLASS.fullmatch(text) is not None


def arxiv_doi(arxiv_id: str) -> str:
    """Return the DOI that arXiv registers for every paper."""
    return f"10.48550/arXiv.{arxiv_id}"


def arxiv_url(arxiv_id: str) -> str:
    """Return the address of a paper's page."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def arxiv_id_of_doi(doi: str) -> str | None:
    """Return the id that a DOI of arXiv's own names; `None` for any other DOI."""
    match = _DOI.fullmatch(doi.strip())
    return None if match is None else match[1]


def arxiv_id_of_url(url: str) -> str | None:
    """Return the id of the paper that an address of arXiv's shows; `None` for any other address."""
    match = _URL.fullmatch(url.strip())
    return None if match is None else match[1]


def arxiv_label(text: str) -> tuple[str, str | None] | None:
    """Return id and class, if given, that `arXiv:2401.01234 [cs.CL]` names; `None` for other text."""
    match = _LABELLED.fullmatch(text.strip())
    return None if match is None else (match[1], match[2])
