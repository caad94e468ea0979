"""How the costs of a sync grow: planning, a first sync and a second one, with ten times the works.

    python tests/benchmarks/sync_speed.py [--works 10000]

The library is one in memory, so that what is measured is bibkit. Works have abstracts of the usual length,
four authors and an arXiv id. Beside them stands the standard library's JSON, which reads the same items:
what a client that only fetched them would take.
"""

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sync.memory import MemoryLibrary
from sync.runs import Bibkit

from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.plan import Wanted
from bibkit.sync.state import SyncState
from bibkit.zotero.evidence import evidence_of_entry
from bibkit.zotero.item import to_values

ABSTRACT = (
    "Large models are pre-trained and fine-tuned on large cloud servers, which is what we change. " * 14
)


@dataclass(frozen=True)
class Times:
    """Seconds of processor time."""

    first_sync: float
    plan: float
    plan_without_state: float
    second_sync: float
    json: float


def wanted(number: int) -> Wanted:
    record = Record(
        type=ItemType.PREPRINT,
        title=f"Title number {number} of some length about things",
        abstract=ABSTRACT,
        creators=tuple(Person(f"Family{number}x{place}", "Ada Maria") for place in range(4)),
        creators_truncated=True,
        issued=PartialDate(2000 + number % 25, 1 + number % 12),
        arxiv_id=f"24{1 + number % 12:02}.{number:05}",
        categories=("cs.LG", "cs.CL"),
    )
    one = Entry(CitationKey(f"family{number}title"), record)
    return Wanted(
        f"origin {number}", one.key, evidence_of_entry(one), lambda kind: to_values(one, kind).values
    )


def measure(works: int) -> Times:
    memory = MemoryLibrary("https://zotero.example/users/1")
    with tempfile.TemporaryDirectory() as folder:
        desk = Bibkit(Path(folder) / "state", memory, [wanted(number) for number in range(works)])
        first_sync = seconds(desk.sync)
        state = desk.store.load()
        text = json.dumps([asdict(item) for item in memory.items.values()])
        return Times(
            first_sync,
            best(lambda: desk.plan(state)),
            best(lambda: desk.plan(SyncState(library=memory.id))),
            seconds(desk.sync),
            best(lambda: json.loads(text)),
        )


def seconds(action: Callable[[], object]) -> float:
    begun = time.process_time()
    action()
    return time.process_time() - begun


def best(action: Callable[[], object]) -> float:
    return min(seconds(action) for _ in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=10_000)
    works = parser.parse_args().works
    gc.disable()  # as the command line does
    few, many = measure(works // 10), measure(works)
    lines = [f"| {works:,} works and items | seconds | ten times the works take |", "|---|---:|---:|"]
    for name, was in asdict(few).items():
        took = asdict(many)[name]
        lines.append(f"| {name.replace('_', ' ')} | {took:.2f} | {took / was:.1f} times as long |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
