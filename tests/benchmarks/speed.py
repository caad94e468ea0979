"""How fast bibkit is, and beside its peer: a table for the README.

    python tests/benchmarks/speed.py [--records 10000] [--peer PYTHON]

PYTHON is that of an environment with bibtexparser 2.1, which cannot share ours. Listings are drawn as for
the measure of the split, 25 papers a page with abstracts of the usual length. Times are of the processor, so
that other work on the machine counts little. The garbage collector is off on both sides wherever single
steps are measured, as `timeit` has it. The times of the help text are taken turn by turn with its peer's.
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent))

from split.pages import Settings, draw_pages

from bibkit import pipeline
from bibkit.citekeys import KeyLedger, assign_keys
from bibkit.config import Settings as RunSettings
from bibkit.config import load_settings
from bibkit.formats import FORMATS
from bibkit.formats.bibtex import write_bibtex
from bibkit.model.work import Work
from bibkit.works import collate

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 3
RUNS = 15  # of one step, of which the best counts: a run on the seeds takes milliseconds
PAIRS = 21
PEERS_NAME = "bibtexparser 2.1's `write_string`"
PEER = """
import gc, sys, time, bibtexparser
library = bibtexparser.parse_file(sys.argv[1], encoding="utf-8")
gc.collect()
gc.disable()
best = 1e9
for _ in range(int(sys.argv[2])):
    begun = time.process_time()
    bibtexparser.write_string(library)
    best = min(best, time.process_time() - begun)
print(best)
"""


def best(action: Callable[[], object], runs: int = REPEATS) -> float:
    times = []
    gc.collect()
    gc.disable()
    for _ in range(runs):
        begun = time.process_time()
        action()
        times.append(time.process_time() - begun)
    gc.enable()
    return min(times)


def write_pages(folder: Path, records: int) -> Path:
    """Write pages of listings; return their folder."""
    seeds = folder / f"seeds-{records}"
    seeds.mkdir()
    for number, page in enumerate(draw_pages(Settings(records=records))):
        (seeds / f"{number:05}.txt").write_text(page.text, encoding="utf-8")
    return seeds


def run(*arguments: str) -> tuple[float, int]:
    """Return the seconds of processor time and the peak memory in bytes of one run of the command line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bibkit", *arguments], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"bibkit {' '.join(arguments)} ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


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
    """Measure reading, collating, keys, and each writer beside the peer's, also on the seeds."""
    read = tuple(pipeline.load([folder / f"seeds-{records}"], RunSettings()).records())
    works = collate(read).works
    steps = {
        "reading listings": lambda: pipeline.load([folder / f"seeds-{records}"], RunSettings()),
        "collating": lambda: collate(read),
        "issuing keys": lambda: assign_keys(KeyLedger(), works),
    }
    rows = [(name, f"{records / best(action):,.0f} records/s") for name, action in steps.items()]
    rows += beside_peer(folder, f"{records:,}", works, peer)
    settings = load_settings(ROOT, {})
    seeds = collate(tuple(pipeline.load([ROOT / "seeds"], settings).records())).works
    return rows + beside_peer(folder, "the seeds'", seeds, peer)


def beside_peer(folder: Path, of: str, works: Sequence[Work], peer: str | None) -> list[tuple[str, str]]:
    """Measure each writer on some works, and the peer's, turn by turn, on the same entries."""
    entries = assign_keys(KeyLedger(), works).entries
    library = folder / "entries.bib"
    library.write_text(write_bibtex(entries).text, encoding="utf-8")
    writers = {name: format_.writer for name, format_ in FORMATS.items() if format_.writer is not None}
    times: dict[str, list[float]] = {}
    for _ in range(REPEATS):
        for name, writer in writers.items():
            times.setdefault(name, []).append(best(partial(writer, entries), RUNS))
        if peer is not None:
            done = subprocess.run(
                [peer, "-c", PEER, library, str(RUNS)], capture_output=True, text=True, check=True
            )
            times.setdefault(PEERS_NAME, []).append(float(done.stdout))
    speeds = {name: len(entries) / median(found) for name, found in times.items()}
    beside = speeds.pop(PEERS_NAME, 0.0)
    rows = [(f"{PEERS_NAME}, {of} entries", f"{beside:,.0f} records/s")] if beside else []
    for name, speed in speeds.items():
        ratio = f", {speed / beside:.1f} times bibtexparser 2.1" if beside else ""
        rows.append((f"writing {name}, {of} entries", f"{speed:,.0f} records/s{ratio}"))
    return rows


def start_up() -> list[tuple[str, str]]:
    """Measure the help text beside an interpreter that imports click and does nothing, turn by turn."""

    def seconds(*arguments: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    pairs = [(seconds("-m", "bibkit", "--help"), seconds("-c", "import click")) for _ in range(PAIRS)]
    ratio = median(helped / bare for helped, bare in pairs)
    return [("`bibkit --help`", f"{ratio:.2f} times a bare `import click`")]


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
