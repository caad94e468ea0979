"""A library of ten thousand works, synced within the server's rules; counted on the server's log."""

from pathlib import Path

from emulator import Emulator

from bibkit.zotero.client import ZoteroLibrary
from sync.runs import Bibkit, work

WORKS = 10_000
BATCHES = WORKS // 50
PAGES = WORKS // 100
TOO_MANY = 429


def assert_kept_to_the_limits(emulator: Emulator) -> None:
    """Every 429 was waited out, and nothing else was waited for."""
    refused = [exchange for exchange in emulator.log if exchange.status == TOO_MANY]
    assert emulator.clock.naps == [10.0] * len(refused)
    assert emulator.api.limiter.refused == len(refused)
    followers = [
        later
        for exchange, later in zip(emulator.log, emulator.log[1:], strict=False)
        if exchange.status == TOO_MANY
    ]
    assert all(later.status != TOO_MANY for later in followers)


def test_ten_thousand_works_are_synced_within_the_limits(
    emulator: Emulator, zotero: ZoteroLibrary, tmp_path: Path
):
    bibkit = Bibkit(tmp_path, zotero, [work(number) for number in range(WORKS)])
    outcome = bibkit.sync()
    assert (outcome.written, outcome.not_done) == (WORKS, ())
    assert len(emulator.library.items) == WORKS
    accepted = [exchange for exchange in emulator.writes if exchange.status != TOO_MANY]
    assert len([exchange for exchange in accepted if exchange.path.endswith("/items")]) == BATCHES
    assert any(exchange.status == TOO_MANY for exchange in emulator.log)
    assert_kept_to_the_limits(emulator)

    emulator.log.clear()
    emulator.clock.naps.clear()
    emulator.api.limiter.refused = 0
    # One changed work in a hundred: everything is read, and what changed is written.
    bibkit.wanted = [
        work(n, "Another title") if n % 100 == 0 else each for n, each in enumerate(bibkit.wanted)
    ]
    outcome = bibkit.sync()
    assert (outcome.written, outcome.not_done) == (WORKS // 100, ())
    assert (
        len([exchange for exchange in emulator.writes if exchange.status != TOO_MANY]) == WORKS // 100 // 50
    )
    assert (
        len([each for each in emulator.log if each.method == "GET" and each.status != TOO_MANY]) < PAGES + 5
    )
    assert_kept_to_the_limits(emulator)
