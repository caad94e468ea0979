import pytest

from bibkit.model.dates import PartialDate
from bibkit.model.identity import (
    conflict,
    content_order,
    described,
    fingerprints,
    first_creator,
    printed_name,
    strong_ids,
)
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, Record


def record(**values):
    return Record(type=ItemType.PREPRINT, **values)


@pytest.mark.parametrize(
    ("doi", "arxiv", "ids"),
    [
        (None, None, ()),
        ("10.1000/ABC", None, ("doi:10.1000/abc",)),
        (" https://doi.org/10.1000/a(b) ", None, ("doi:10.1000/a(b)",)),
        ("http://dx.doi.org/10.1000/a", None, ("doi:10.1000/a",)),
        ("DOI: 10.1000/a", None, ("doi:10.1000/a",)),
        ("10.1000/É\ud800", None, ("doi:10.1000/É\ufffd",)),
        ("n/a", "none", ()),
        (None, "2401.01234v2", ("arxiv:2401.01234",)),
        (None, "arXiv:2401.01234", ("arxiv:2401.01234",)),
        (None, "math.GT/0309136v1", ("arxiv:math/0309136",)),
        (None, "hep-th/9901001", ("arxiv:hep-th/9901001",)),
        ("10.48550/arXiv.2401.01234", None, ("arxiv:2401.01234",)),
        ("10.48550/arXiv.2401.01234", "2401.01234", ("arxiv:2401.01234",)),
        ("10.1000/a", "2401.01234", ("arxiv:2401.01234", "doi:10.1000/a")),
    ],
)
def test_strong_identifiers_have_one_form(doi, arxiv, ids):
    assert strong_ids(record(doi=doi, arxiv_id=arxiv)) == ids


@pytest.mark.parametrize(
    ("one", "other", "they_do"),
    [
        ((), ("doi:a",), False),
        (("doi:a",), ("doi:a",), False),
        (("doi:a",), ("doi:b",), True),
        (("doi:a",), ("arxiv:b",), False),
        (("arxiv:a", "doi:b"), ("arxiv:a", "doi:c"), True),
        (("doi:a", "doi:b"), ("doi:b",), False),
        (("title:a",), ("title:b",), False),
    ],
)
def test_identifiers_conflict_within_a_kind(one, other, they_do):
    assert conflict(one, other) is they_do
    assert conflict(other, one) is they_do


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        (Person("Gao", "Lei"), "Lei Gao"),
        (Person("Plato"), "Plato"),
        (Person("Cruz", "María", "de la", "Jr."), "María de la Cruz Jr."),
        (Person("Berg", None, "van der"), "van der Berg"),
        (Person("Gao", "  Lei\u00a0\n"), "Lei Gao"),
        (Person("A\u030a"), "Å"),
        (Body("The  LIGO Collaboration"), "The LIGO Collaboration"),
    ],
)
def test_names_are_printed_given_name_first(creator, name):
    assert printed_name(creator) == name


def test_the_first_author_comes_before_an_editor():
    editor, author = Person("E", role=Role.EDITOR), Person("A")
    assert first_creator(record(creators=(editor, author))) == author
    assert first_creator(record(creators=(editor,))) == editor
    assert first_creator(record()) is None


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"title": "A {Title}!"}, "a title"),
        ({"title": "???", "abstract": "Some"}, "???"),
        ({"title": "  ", "abstract": "Some text."}, "some text"),
        ({"note": "N", "url": "U"}, "n"),
        ({"url": "https://a.b/c"}, "https a b c"),
        ({"abstract": "ab " * 200}, ("ab " * 67)[:200].strip()),
        ({}, ""),
    ],
)
def test_a_record_is_described_by_its_title_or_what_else_there_is(values, text):
    assert described(record(**values)) == text


def test_fingerprints_are_sorted_and_there_is_one_at_least():
    full = record(title="Ethos", creators=(Person("Gao", "Lei"),), doi="10.1000/a", arxiv_id="2401.01234")
    assert fingerprints(full) == ("arxiv:2401.01234", "doi:10.1000/a", "title:ethosleigao")
    assert fingerprints(record(doi="10.1000/a")) == ("doi:10.1000/a",)
    assert fingerprints(record()) == ("title:",)


def test_title_and_name_run_into_each_other():
    wrong = record(title="Navigation for Embodied A", creators=(Person("Yang", "IQingqian"),))
    right = record(title="Navigation for Embodied AI", creators=(Person("Yang", "Qingqian"),))
    assert fingerprints(wrong) == fingerprints(right)


def test_records_that_differ_anywhere_have_an_order():
    one, other = record(issued=PartialDate(2024)), record(issued=PartialDate(2025))
    assert content_order(one) < content_order(other)
    assert content_order(record(title="\ud800")).isascii()
