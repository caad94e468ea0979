"""Print how often the reader of listings tells title and authors apart: `python split_accuracy.py --help`."""

from __future__ import annotations

import argparse
import sys

from split import names
from split.pages import Settings, draw_pages
from split.scoring import Outcome, figures, render_by, render_figures, render_grid, render_miss, score


def main() -> None:
    """Score the made-up pages, print the tables, and the misses where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2000, help="made-up records a set (default: 2000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the made-up pages (default: 1)")
    parser.add_argument("--kinds", action="store_true", help="also print the figures by kind of difficulty")
    parser.add_argument("-v", "--verbose", action="store_true", help="also list what was read wrongly")
    options = parser.parse_args()

    sets: list[tuple[str, list[Outcome]]] = [
        (name, score(draw_pages(Settings(options.records, options.seed, recurring))))
        for name, recurring in (("made up", 0.5), ("made up, co-authors never twice", 0.0))
    ]
    _say(render_figures((name, figures(outcomes)) for name, outcomes in sets))
    if options.kinds:
        together = [outcome for _, outcomes in sets for outcome in outcomes]
        _say("\n" + render_by("ending", together, lambda case: case.ending))
        _say("\n" + render_by("first author", together, lambda case: case.form))
        _say("\n" + render_grid(together, names.PLAIN))
    if options.verbose:
        for name, outcomes in sets:
            for outcome in outcomes:
                if not outcome.right:
                    _say(f"\n{name}: {render_miss(outcome)}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
