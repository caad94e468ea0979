import pytest

from bibkit.formats.bibtex import read_bibtex
from bibkit.model.dates import PartialDate


def read(text):
    """Every record by its key."""
    return {record.brought_key: record for record in read_bibtex(text, "x.bib").records}


def codes(text):
    return [found.code for found in read_bibtex(text, "x.bib").diagnostics]


def test_a_paper_is_given_what_its_proceedings_say():
    found = read(
        """@inproceedings{c, title = {C}, pages = {1--2}, crossref = {P}}
        @proceedings{p, title = {Proc}, subtitle = {of X}, editor = {E, F}, year = 2020, month = may,
          publisher = {Pub}, doi = {10.1/p}, url = {u}, abstract = {A}, keywords = {k}, shorttitle = {S}}"""
    )["c"]
    assert (found.title, found.container_title, found.publisher) == ("C", "Proc: of X", "Pub")
    assert found.issued == PartialDate(2020, 5)
    assert [creator.family for creator in found.creators] == ["E"]
    assert (found.doi, found.url, found.abstract, found.keywords) == (None, None, None, ())
    assert found.unmapped == (("crossref", "P"),)


def test_what_an_entry_says_itself_stands():
    found = read(
        """@inproceedings{c, booktitle = {Own}, year = 2021, location = {L}, publisher = {}, crossref = {p}}
        @proceedings{p, title = {Proc}, date = {2020-05-13}, address = {A}, publisher = {Pub}}"""
    )["c"]
    assert (found.container_title, found.issued, found.place) == ("Own", PartialDate(2021), "L")
    assert found.publisher == "Pub"


def test_a_parent_that_says_booktitle_is_taken_at_its_word():
    text = "@inproceedings{c, crossref={p}} @proceedings{p, title={T}, booktitle={B}}"
    assert read(text)["c"].container_title == "B"


@pytest.mark.parametrize(
    ("child", "parent", "field"),
    [
        ("inbook", "book", "booktitle"),
        ("incollection", "collection", "booktitle"),
        ("inproceedings", "proceedings", "booktitle"),
        ("conference", "proceedings", "booktitle"),
        ("article", "periodical", "journaltitle"),
        ("book", "mvbook", "maintitle"),
        ("incollection", "mvcollection", "maintitle"),
        ("misc", "misc", "title"),
    ],
)
def test_a_title_is_given_under_its_name_in_the_part(child, parent, field):
    text = f"@{child}{{c, crossref = {{p}}}} @{parent}{{p, title = {{T}}}}"
    raw = dict(next(one for one in read_bibtex(text, "x.bib").records if one.brought_key == "c").raw)
    assert raw[f",{field}"] == "T"


def test_the_author_of_a_book_is_that_of_its_parts():
    found = read("@inbook{c, title = {C}, crossref = {p}} @book{p, title = {T}, author = {A, B}}")["c"]
    assert [creator.family for creator in found.creators] == ["A"]
    assert ("bookauthor", "A, B") in found.unmapped


def test_the_author_of_a_collection_is_not():
    text = "@incollection{c, title = {C}, author = {D, E}, crossref = {p}} @collection{p, author = {A, B}}"
    assert "bookauthor" not in dict(read(text)["c"].unmapped)


def test_a_part_of_a_work_in_volumes_stands_in_that():
    text = "@inbook{c, title = {C}, crossref = {p}} @mvbook{p, title = {P}, subtitle = {Q}, author = {A, B}}"
    found = read(text)["c"]
    assert (found.title, found.container_title, found.creators[0].family) == ("C", "P: Q", "A")


def test_xdata_is_no_record_and_lends_all_that_it_has():
    text = """@xdata{x, publisher = {P}, doi = {10.1/x}, xdata = {y}} @xdata{y, location = {L}}
        @book{b, title = {T}, xdata = {x , nowhere}}"""
    found = read(text)
    assert list(found) == ["b"]
    assert (found["b"].publisher, found["b"].doi, found["b"].place) == ("P", "10.1/x", "L")
    assert codes(text) == ["reference-not-found"]


def test_grandparents_give_too_and_rings_end():
    text = (
        "".join(f"@misc{{k{n}, crossref = {{k{n + 1}}}}}" for n in range(2_000)) + "@misc{k2000, note = {x}}"
    )
    assert {record.note for record in read(text).values()} == {"x"}
    ring = "@misc{a, crossref = {b}, note = {x}} @misc{b, crossref = {a}, title = {y}}"
    assert (read(ring)["a"].title, read(ring)["b"].note) == ("y", "x")
    assert codes("@misc{a, crossref = {a}}") == ["reference-not-found"]


def test_an_entry_is_not_given_fields_without_end():
    fields = ", ".join(f"f{at} = {at}" for at in range(300))
    text = f"@misc{{c, crossref = {{p}}, g = 1}} @misc{{p, {fields}}}"
    assert len(read(text)["c"].unmapped) == 202
    assert codes(text) == ["inheritance-cut"]
