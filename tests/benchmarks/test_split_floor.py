"""The split stays as good as the README says: floors on made-up pages, each page on its own."""

from __future__ import annotations

import pytest
from benchmarks.split.pages import Settings, draw_pages
from benchmarks.split.scoring import figures, render_miss, score

from bibkit.formats.listing import read_listing


@pytest.mark.parametrize("recurring", [0.0, 0.5])
def test_title_and_authors_are_told_apart(recurring: float) -> None:
    outcomes = score(draw_pages(Settings(1000, seed=7, recurring=recurring)), read_listing)
    counted = figures(outcomes)
    misses = "\n".join(render_miss(outcome) for outcome in outcomes if not outcome.right)
    assert counted.records == 1000
    assert counted.right_share >= 98.5, misses
    assert counted.certain_share >= 90
    assert counted.certain_right_share >= 99.8, misses


def test_names_that_stand_in_no_list_are_told_apart_too() -> None:
    counted = figures(score(draw_pages(Settings(500, seed=7, invented=True)), read_listing))
    assert counted.right_share >= 98.5
    assert counted.certain_right_share >= 99.8
