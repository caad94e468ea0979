"""The made-up papers of the split benchmark are what the benchmark says of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.split import names, titles
from benchmarks.split.pages import ALL_HARD, MANY_SPECIAL, PAGE, PRINTED, Case, Page, Settings, draw_pages

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return list(draw_pages(Settings()))


@pytest.fixture(scope="module")
def cases(pages: list[Page]) -> list[Case]:
    return [case for page in pages for case in page.cases]


def test_the_same_settings_give_the_same_pages() -> None:
    small = Settings(records=100, seed=9)
    assert list(draw_pages(small)) == list(draw_pages(small))
    assert list(draw_pages(small)) != list(draw_pages(Settings(records=100, seed=10)))


def test_a_longer_draw_begins_like_a_shorter_one() -> None:
    assert list(draw_pages(Settings(records=75)))[:2] == list(draw_pages(Settings(records=50)))


def test_pages_hold_25_records_and_together_what_was_asked_for() -> None:
    assert [len(page.cases) for page in draw_pages(Settings(records=2 * PAGE + 3))] == [PAGE, PAGE, 3]


def test_no_list_of_authors_comes_twice_but_an_owner_alone(pages: list[Page]) -> None:
    seen = Counter(case.authors for page in pages for case in page.cases)
    owners = {(page.owner,) for page in pages}
    assert {authors for authors, count in seen.items() if count > 1} <= owners
    assert len(owners) == len(pages)


def test_an_owner_is_printed_in_most_papers_of_the_page(pages: list[Page]) -> None:
    assert all(sum(page.owner in case.authors for case in page.cases) > PAGE / 2 for page in pages)


def test_the_truth_makes_the_printed_line_and_the_page(pages: list[Page]) -> None:
    for page in pages:
        lines = page.text.splitlines()
        assert len(lines) == 3 * len(page.cases)
        for place, case in enumerate(page.cases):
            header, line, abstract = lines[3 * place : 3 * place + 3]
            assert (header, line, abstract) == (case.header, case.line, case.abstract)
            rest = line.removeprefix(case.title)
            listed, *places = rest.split(" · ")
            assert places == ([", ".join(case.affiliations)] if case.affiliations else [])
            assert listed.endswith(" et al.") == case.truncated
            assert tuple(listed.removesuffix(" et al.").split(", ")) == case.authors
            assert 1 <= len(case.authors) <= PRINTED
            assert len(case.authors) == PRINTED or not case.truncated


def test_lines_and_titles_are_clean(cases: list[Case]) -> None:
    for case in cases:
        assert " ".join(case.line.split()) == case.line
        assert "{" not in case.title or "$" in case.title
        assert case.title.count("$") % 2 == 0


def test_the_rates_are_those_that_are_stated() -> None:
    many = [case for page in draw_pages(Settings(records=20_000, seed=3)) for case in page.cases]
    endings = Counter(case.ending for case in many)
    for kind, share in titles.HARD_SHARES.items():
        assert 100 * endings[kind] / len(many) == pytest.approx(share, abs=0.5)
    forms = Counter(case.form for case in many)
    for kind, share in names.SPECIAL_SHARES.items():
        assert 100 * forms[kind] / len(many) == pytest.approx(share, abs=0.6)


def test_the_banks_are_rich(cases: list[Case]) -> None:
    assert len({case.title for case in cases}) > 0.98 * len(cases)
    assert len({author for case in cases for author in case.authors}) > 2000
    assert {case.ending for case in cases} == set(titles.KINDS)
    assert {case.form for case in cases} == set(names.KINDS)


def test_co_authors_come_again_only_where_asked() -> None:
    def again(recurring: float) -> float:
        drawn = [case for page in draw_pages(Settings(500, 4, recurring)) for case in page.cases]
        names_drawn = Counter(author for case in drawn for author in case.authors)
        return sum(count > 1 for count in names_drawn.values()) / len(names_drawn)

    assert again(0.0) < 0.06
    assert again(0.5) > 0.12


def test_no_title_and_no_author_is_taken_from_the_seeds(cases: list[Case]) -> None:
    seeds = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    assert seeds
    assert not [case.title for case in cases if case.title in seeds]
    assert not {author for case in cases for author in case.authors if len(author) > 8 and author in seeds}


def test_the_pages_stay_those_that_figures_were_published_for(pages: list[Page]) -> None:
    digest = hashlib.sha256("".join(page.text for page in pages).encode()).hexdigest()
    assert digest[:16] == "ebcbf5b5d47483fd", "the pages changed: measure again, and state the new figures"


def test_the_hard_set_is_hard() -> None:
    settings = Settings(records=500, endings=ALL_HARD, forms=MANY_SPECIAL)
    drawn = [case for page in draw_pages(settings) for case in page.cases]
    assert all(case.ending in titles.HARD_SHARES for case in drawn)
    assert sum(case.form in names.SPECIAL_SHARES for case in drawn) > len(drawn) / 4
