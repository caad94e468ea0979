"""The scorer of the split benchmark counts what it says, and real papers are taken from entries cleanly."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.split.pages import Page, Settings, draw_pages
from benchmarks.split.real import FULL, INITIALS, draw_real_pages
from benchmarks.split.scoring import figures, render_by, render_figures, render_grid, render_miss, score

from bibkit.diagnostics import Source
from bibkit.formats.base import ReadResult
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, ListingFacts, Record

PAGES = list(draw_pages(Settings(records=50)))
ENTRIES = r"""
@article{a, title = {{A Study of {\'E}tale Maps}}, author = {M{\"u}ller, J{\"o}rg and van der Berg, Anna and
  {The XYZ Collaboration} and Last, One}, abstract = {short}}
@inproceedings{b, title = "Deep Things", author = "Kim, A. B. and Lee, C."}
@misc{c, title = {Uses \unknown macro}, author = {Some One}}
@misc{d, title = {A study of {É}tale maps}, author = {Some One}}
@misc{e, title = {Never ends
@misc{f, title = {Jointly and Others}, author = {Zo{\'e} King Jr. and {\O}rjan Lund and others}}
@misc{g, title = {No Name at All Here}, author = {Anonymous}}
"""

Reader = Callable[[str, str, PartialDate], ReadResult]


def _reader(*, shift: int = 0, uncertain: bool = False, drop: int = 0) -> Reader:
    """Make a reader that knows the truth, and errs as it is told."""

    def read(text: str, path: str, _as_of: PartialDate) -> ReadResult:
        page = next(page for page in PAGES if page.text == text)
        records = [
            Record(
                type=ItemType.PREPRINT,
                title=case.title + case.authors[0][:shift],
                creators=(Body(case.authors[0][shift:]), *(Person(name) for name in case.authors[1:])),
                creators_truncated=case.truncated,
                listing=ListingFacts(uncertain=uncertain),
                source=Source(path, 3 * place + 1),
            )
            for place, case in enumerate(page.cases)
        ]
        return ReadResult(tuple(records[drop:]))

    return read


def test_the_truth_is_right_and_certain() -> None:
    counted = figures(score(PAGES, _reader()))
    assert (counted.records, counted.right, counted.certain, counted.certain_right) == (50, 50, 50, 50)
    assert (counted.right_share, counted.certain_share, counted.certain_right_share) == (100, 100, 100)


def test_a_boundary_off_by_one_letter_is_wrong() -> None:
    counted = figures(score(PAGES, _reader(shift=1)))
    assert (counted.right, counted.certain, counted.certain_right) == (0, 50, 0)


def test_an_uncertain_split_is_not_counted_as_certain() -> None:
    counted = figures(score(PAGES, _reader(uncertain=True)))
    assert (counted.right, counted.certain, counted.certain_right_share) == (50, 0, 100)


def test_a_lost_record_costs_itself_alone() -> None:
    counted = figures(score(PAGES, _reader(drop=1)))
    assert (counted.records, counted.right, counted.certain) == (50, 48, 48)


def test_tables_and_misses_are_printed() -> None:
    outcomes = score(PAGES, _reader(shift=2))
    assert "| all | 50 | 0.00 % | 100.00 % | 0.00 % |" in render_figures([("all", figures(outcomes))])
    assert "| any | 50 | 50 | 0.0 % | 0 | 50 |" in render_by("ending", outcomes, lambda _: "any")
    assert "| 0/" in render_grid(outcomes, "plain")
    assert outcomes[0].case.title in render_miss(outcomes[0])


def test_real_papers_come_from_files_and_archives_once_each(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(ENTRIES, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "package.whl", "w") as archive:
        archive.writestr("task.py", f'CITATION = r"""{ENTRIES}"""')
        archive.writestr("data.bin", ENTRIES)
    assert _lines(draw_real_pages([tmp_path], FULL)) == [
        "A Study of Étale MapsJörg Müller, Anna van der Berg, The XYZ Collaboration et al.",
        "Jointly and OthersZoé King Jr., Ørjan Lund",
    ]
    assert _lines(draw_real_pages([tmp_path / "refs.bib"], INITIALS)) == []


def test_real_papers_with_initials_are_a_set_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(
        ENTRIES.replace("Deep Things", "Deep Things and More"), encoding="utf-8"
    )
    assert _lines(draw_real_pages([tmp_path], INITIALS)) == ["Deep Things and MoreA. B. Kim, C. Lee"]


def _lines(pages: Iterable[Page]) -> list[str]:
    return [case.line for page in pages for case in page.cases]
