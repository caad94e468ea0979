"""Print how often the reader of listings tells title and authors apart: `python split_accuracy.py --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from split import names
from split.pages import ALL_HARD, MANY_SPECIAL, Settings, draw_pages
from split.real import FULL, INITIALS, draw_real_pages
from split.scoring import figures, render_by, render_figures, render_grid, render_miss, score

from bibkit.formats.listing import read_listing


def main() -> None:
    """Score the made-up pages, print the tables, and the misses where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2000, help="made-up records a set (default: 2000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the made-up pages (default: 1)")
    parser.add_argument("--kinds", action="store_true", help="also print the figures by kind of difficulty")
    parser.add_argument("-v", "--verbose", action="store_true", help="also list what was read wrongly")
    parser.add_argument(
        "--papers",
        nargs="+",
        type=Path,
        default=[],
        metavar="PATH",
        help="also score real papers: .bib files, archives of packages, or folders of both",
    )
    options = parser.parse_args()

    made_up = {
        "made up": Settings(options.records, options.seed),
        "made up, co-authors never twice": Settings(options.records, options.seed, recurring=0),
        "made up, names that nobody has": Settings(options.records, options.seed, invented=True),
        "made up, all endings hard, 40 % special names": Settings(
            options.records, options.seed, endings=ALL_HARD, forms=MANY_SPECIAL
        ),
    }
    sets = [(name, score(draw_pages(settings), read_listing)) for name, settings in made_up.items()]
    if options.papers:
        sets += [
            (f"real papers, {form}", score(draw_real_pages(options.papers, form), read_listing))
            for form in (FULL, INITIALS)
        ]
    _say(render_figures((name, figures(outcomes)) for name, outcomes in sets))
    if options.kinds:
        for name, outcomes in sets:
            _say(f"\n{name}\n\n" + render_by("ending", outcomes, lambda case: case.ending))
            _say("\n" + render_by("first author", outcomes, lambda case: case.form))
            _say("\n" + render_grid(outcomes, names.PLAIN))
    if options.verbose:
        for name, outcomes in sets:
            for outcome in outcomes:
                if not outcome.right:
                    _say(f"\n{name}: {render_miss(outcome)}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
