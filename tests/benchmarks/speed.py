"""How fast bibkit is, and beside its peer: a table for the README.

    python tests/benchmarks/speed.py [--records 10000] [--peer PYTHON]

PYTHON is that of an environment with bibtexparser 2.1, which cannot share ours. Listings are drawn as for
the measure of the split, 25 papers a page with abstracts of the usual length. Everything runs on one core.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from split.pages import Settings, draw_pages

from bibkit import pipeline
from bibkit.citekeys import KeyLedger, assign_keys
from bibkit.config import Settings as RunSettings
from bibkit.formats import FORMATS
from bibkit.works import collate

REPEATS = 3
PEER = """
import sys, time, bibtexparser
library = bibtexparser.parse_file(sys.argv[1], encoding="utf-8")
best = 1e9
for _ in range(3):
    begun = time.perf_counter()
    bibtexparser.write_string(library)
    best = min(best, time.perf_counter() - begun)
print(len(library.entries), best)
"""


def best(action: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return min(times)


def write_pages(folder: Path, records: int) -> Path:
    """Write pages of listings; return their folder."""
    seeds = folder / f"seeds-{records}"
    seeds.mkdir()
    for number, page in enumerate(draw_pages(Settings(records=records))):
        (seeds / f"{number:05}.txt").write_text(page.text, encoding="utf-8")
    return seeds


def run(*arguments: str) -> tuple[float, int]:
    """Return the seconds and the peak memory in bytes of one run of the command line."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bibkit", *arguments], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"bibkit {' '.join(arguments)} ended with {status}")
    return time.perf_counter() - begun, usage.ru_maxrss * 1024


def end_to_end(folder: Path, records: int) -> tuple[float, int]:
    seeds = write_pages(folder, records)
    runs = [
        run("export", str(seeds), "-o", str(folder / f"out-{records}-{turn}"), "--as-of", "2026")
        for turn in range(REPEATS)
    ]
    return min(runs)


def whole_process(folder: Path, records: int) -> list[tuple[str, str]]:
    """Measure `bibkit export` from start to end, with ten times the records too."""
    start, _ = run("--version")
    small, small_memory = end_to_end(folder, records)
    large, large_memory = end_to_end(folder, records * 10)
    return [
        (f"listing to `.bib`, CSL-JSON and RIS, {records:,} records", f"{records / small:,.0f} records/s"),
        (f"the same, {records * 10:,} records", f"{records * 10 / large:,.0f} records/s"),
        ("ten times the records take", f"{(large - start) / (small - start):.1f} times as long"),
        ("peak memory a record", f"{(large_memory - small_memory) / (9 * records) / 1000:.1f} KB"),
    ]


def each_step(folder: Path, records: int, peer: str | None) -> list[tuple[str, str]]:
    """Measure reading, collating, keys, and each writer beside the peer's."""
    seeds = [folder / f"seeds-{records}"]
    read = tuple(pipeline.load(seeds, RunSettings()).records())
    works = collate(read).works
    entries = assign_keys(KeyLedger(), works).entries
    steps = {
        "reading listings": lambda: pipeline.load(seeds, RunSettings()),
        "collating": lambda: collate(read),
        "issuing keys": lambda: assign_keys(KeyLedger(), works),
    }
    rows = [(name, f"{records / best(action):,.0f} records/s") for name, action in steps.items()]
    beside = 0.0
    if peer is not None:
        library = str(folder / f"out-{records}-0" / "library.bib")
        done = subprocess.run([peer, "-c", PEER, library], capture_output=True, text=True, check=True)
        count, seconds = done.stdout.split()
        beside = int(count) / float(seconds)
        rows.append(("bibtexparser 2.1's `write_string`, the same entries", f"{beside:,.0f} records/s"))
    for format_ in FORMATS.values():
        if format_.writer is not None:
            speed = len(entries) / best(partial(format_.writer, entries))
            times = f", {speed / beside:.1f} times bibtexparser 2.1" if beside else ""
            rows.append((f"writing {format_.name}", f"{speed:,.0f} records/s{times}"))
    return rows


def start_up() -> list[tuple[str, str]]:
    """Measure the help text beside an interpreter that imports click and does nothing."""

    def click() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import click"], check=True)
        return time.perf_counter() - begun

    bare = min(click() for _ in range(3 * REPEATS))
    helped = min(run("--help")[0] for _ in range(3 * REPEATS))
    return [("`bibkit --help`", f"{helped / bare:.2f} times a bare `import click`")]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--peer", metavar="PYTHON")
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = whole_process(folder, chosen.records)
        rows += each_step(folder, chosen.records, chosen.peer)
    rows += start_up()
    lines = ["| what | figure |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
