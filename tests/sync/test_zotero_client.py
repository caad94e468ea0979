"""`ZoteroLibrary` in trouble: what it waits for, repeats and refuses, and what it never shows."""

import logging
import socket
import threading
import traceback

import pytest
from emulator import (
    AddHeaders,
    Answer,
    ApiKey,
    Delay,
    DropAfter,
    DropBefore,
    Emulator,
    Interfere,
    Truncate,
)
from emulator.http import GROUP, KEY, READ_ONLY_KEY, USER

from bibkit.errors import (
    BibkitError,
    ConfigError,
    MissingTargetError,
    NotAllowedError,
    ServiceError,
    TemporaryError,
    UncertainWriteError,
    UnsettledReadError,
)
from bibkit.sync.library import (
    NEW,
    CollectionKey,
    ItemKey,
    ItemWrite,
    LibraryVersion,
    NewCollection,
    Refused,
    Rights,
    Written,
)
from bibkit.zotero.client import ZoteroLibrary
from bibkit.zotero.patience import Patience

A = ItemKey("A2345678")
WRITE = ItemWrite(key=A, version=NEW, type="preprint", fields={"title": "t"})
LOGIN = "<html><body>Please log in</body></html>"


def fill(emulator: Emulator, count: int) -> None:
    for number in range(count):
        emulator.library.add(itemType="preprint", title=str(number))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_every_page_is_read(emulator, zotero, count):
    fill(emulator, count)
    snapshot = zotero.read_all()
    assert {item.key for item in snapshot.items} == set(emulator.library.items)
    assert snapshot.version == count
    assert len(emulator.log) == 1 + max(1, -(-count // 100))


@pytest.mark.parametrize(
    "fault", [DropBefore(), DropAfter(), Truncate(), Answer(500, "no"), Answer(502, LOGIN), Answer(504)]
)
@pytest.mark.parametrize("skip", [0, 1, 2])
def test_a_read_that_breaks_is_made_again(emulator, zotero, fault, skip):
    fill(emulator, 150)
    emulator.faults.add(fault, skip=skip, times=3)
    assert len(zotero.read_all().items) == 150
    assert not emulator.faults.waiting


@pytest.mark.parametrize("fault", [DropBefore(), Truncate()])
def test_patience_ends(emulator, zotero, fault):
    fill(emulator, 3)
    emulator.faults.add(fault, times=100)
    with pytest.raises(TemporaryError, match="broke"):
        zotero.read_all()
    assert len(emulator.log) == Patience().attempts
    assert emulator.clock.naps == [1.0, 2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    "fault",
    [
        Answer(200, LOGIN),
        Answer(200, "[]", {"Content-Type": "application/json"}),
        Truncate(announced=False),
        Answer(301),
        Answer(204),
    ],
)
@pytest.mark.parametrize("skip", [0, 1, 2])
def test_an_answer_of_somebody_else_is_an_error_and_never_emptiness(emulator, zotero, fault, skip):
    fill(emulator, 150)
    emulator.faults.add(fault, skip=skip)
    with pytest.raises(ServiceError) as caught:
        zotero.read_all()
    assert caught.value.exit_code == 69
    assert "proxy" in str(caught.value)


@pytest.mark.parametrize("read", ["rights", "read_all", "has_moved", "read_items", "read_deletions"])
def test_no_read_takes_a_failure_for_an_answer(emulator, zotero, read):
    arguments = {"has_moved": [NEW], "read_items": [[A]], "read_deletions": [NEW]}.get(read, [])
    for fault in (
        Answer(200, LOGIN),
        Answer(200, "{}", {"Content-Type": "application/json"}),
        Answer(404, "gone"),
    ):
        emulator.faults.add(fault)
        with pytest.raises(BibkitError):
            getattr(zotero, read)(*arguments)


def test_a_page_with_too_few_objects_is_an_error(emulator, zotero):
    headers = {"Content-Type": "application/json", "Last-Modified-Version": "0", "Total-Results": "2"}
    emulator.faults.add(Answer(200, "[]", headers))
    with pytest.raises(ServiceError, match="0 of 2"):
        zotero.read_all()


def test_half_an_object_is_an_error(emulator, zotero):
    headers = {"Content-Type": "application/json", "Last-Modified-Version": "0", "Total-Results": "1"}
    for body in ("[1]", "[{}]", '[{"data": {"key": "A2345678"}}]', '[{"data": {"key": 1, "version": "x"}}]'):
        emulator.faults.add(Answer(200, body, headers))
        with pytest.raises(ServiceError):
            zotero.read_all()


@pytest.mark.parametrize("skip", [0, 1, 2])
def test_a_library_that_changes_is_read_anew(emulator, zotero, skip):
    fill(emulator, 150)
    emulator.faults.add(Interfere(lambda: fill(emulator, 1)), skip=skip)
    snapshot = zotero.read_all()
    assert snapshot.version == emulator.library.version == 151
    assert len(snapshot.items) == 151


def test_a_library_that_never_rests_is_not_read(emulator, zotero):
    fill(emulator, 150)
    emulator.faults.add(Interfere(lambda: fill(emulator, 1)), path="/items", times=1000)
    with pytest.raises(UnsettledReadError) as caught:
        zotero.read_all()
    assert caught.value.exit_code == 75


@pytest.mark.parametrize(
    "fault", [DropAfter(), Answer(200, LOGIN), Answer(502, LOGIN), Truncate(), Truncate(announced=False)]
)
def test_a_write_whose_answer_is_lost_is_not_repeated(emulator, zotero, fault):
    emulator.faults.add(fault)
    with pytest.raises(UncertainWriteError) as caught:
        zotero.write_items([WRITE])
    assert caught.value.exit_code == 75
    assert len(emulator.writes) == 1


@pytest.mark.parametrize("fault", [DropBefore(), DropAfter()])
def test_a_write_that_was_lost_can_be_made_again(emulator, zotero, fault):
    emulator.faults.add(fault)
    with pytest.raises(UncertainWriteError):
        zotero.write_items([WRITE])
    done = bool(emulator.library.items)
    (result,) = zotero.write_items([WRITE]).results
    assert isinstance(result, Refused if done else Written)
    assert len(emulator.library.items) == 1
    assert [item.key for item in zotero.read_items([A])] == [A]


def test_a_write_waits_while_the_server_is_busy(emulator, zotero):
    emulator.faults.add(Answer(429, "slow", {"Retry-After": "3"}))
    emulator.faults.add(Answer(503, "down"))
    assert isinstance(zotero.write_items([WRITE]).results[0], Written)
    assert emulator.clock.naps == [3.0, 2.0]
    assert len(emulator.library.items) == 1


def test_a_server_that_stays_down_is_temporary(emulator, zotero):
    emulator.api.maintenance = True
    with pytest.raises(TemporaryError, match="maintenance") as caught:
        zotero.write_items([WRITE])
    assert caught.value.exit_code == 75
    assert not emulator.library.items
    zotero.read_all()


@pytest.mark.parametrize(
    ("headers", "naps"),
    [
        ({"Backoff": "5"}, [5.0]),
        ({"Backoff": "0.5", "Retry-After": "2"}, [2.0]),
        ({"Backoff": "86400"}, [300.0]),
        ({"Backoff": "soon"}, []),
        ({"Backoff": "-3"}, []),
        ({"Backoff": "nan"}, []),
    ],
)
def test_a_server_that_asks_for_time_gets_it(emulator, zotero, headers, naps):
    emulator.faults.add(AddHeaders(headers))
    zotero.has_moved(NEW)
    zotero.has_moved(NEW)
    assert emulator.clock.naps == naps


def test_why_a_call_waits_is_told_as_it_waits(emulator):
    told: list[tuple[str, int]] = []

    def tell(why: str) -> None:
        told.append((why.replace(emulator.url, "http://z"), len(emulator.clock.naps)))

    emulator.faults.add(Answer(429, "slow", {"Retry-After": "7"}))
    emulator.faults.add(Answer(503, KEY))
    emulator.faults.add(Interfere(lambda: fill(emulator, 1)), path="/items")
    emulator.faults.add(AddHeaders({"Backoff": "3"}), path="/items")
    with ZoteroLibrary("user", USER, KEY, endpoint=emulator.url, clock=emulator.clock, tell=tell) as library:
        library.read_all()
        library.has_moved(NEW)
    assert told == [
        ("http://z: gets too many requests (429); waiting 7 s", 0),
        ("http://z: is down for maintenance (503); waiting 2 s", 1),
        (f"http://z/users/{USER}: changed while it was being read; waiting 1 s", 2),
        ("http://z: asks for a pause; waiting 3 s", 3),
    ]
    assert emulator.clock.naps == [7.0, 2.0, 1.0, 3.0]


def test_no_tls_is_told_at_once(emulator):
    secure = emulator.url.replace("http:", "https:")
    with (
        ZoteroLibrary("user", USER, KEY, endpoint=secure, clock=emulator.clock) as library,
        pytest.raises(ServiceError, match="no secure connection") as caught,
    ):
        library.write_items([WRITE])
    assert caught.value.exit_code == 69
    assert emulator.clock.naps == []


def test_a_handshake_that_breaks_is_tried_again(emulator):
    """The other side hangs up before it says anything: no matter of certificates."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60.0)
        port = server.getsockname()[1]
        met: list[int] = []

        def hang_up() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                met.append(1)
                connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        patience = Patience(attempts=2)
        with (
            ZoteroLibrary(
                "user",
                USER,
                KEY,
                endpoint=f"https://127.0.0.1:{port}",
                clock=emulator.clock,
                patience=patience,
            ) as library,
            pytest.raises(ServiceError, match="cannot be reached"),
        ):
            library.read_all()
        thread.join()
    assert (len(met), emulator.clock.naps) == (2, [1.0])


def test_a_pause_that_has_passed_is_not_waited_again(emulator, zotero):
    emulator.faults.add(AddHeaders({"Backoff": "5"}))
    zotero.has_moved(NEW)
    emulator.clock.jump(10)
    zotero.has_moved(NEW)
    assert emulator.clock.naps == []


def test_a_clock_that_is_set_back_stops_nothing(emulator, zotero):
    emulator.faults.add(AddHeaders({"Backoff": "5"}))
    zotero.has_moved(NEW)
    emulator.clock.jump(-1_000_000)
    zotero.has_moved(NEW)
    assert emulator.clock.naps == [300.0]


def test_many_requests_keep_to_the_limits(emulator, zotero):
    for number in range(230):
        zotero.has_moved(LibraryVersion(number))
    assert emulator.api.limiter.refused == len(emulator.clock.naps) > 0


def test_ten_thousand_items_are_read_within_the_limits(emulator, zotero):
    fill(emulator, 10_000)
    assert len(zotero.read_all().items) == 10_000
    assert emulator.api.limiter.refused <= 1


def test_no_server_is_unavailable(emulator):
    with ZoteroLibrary("user", USER, KEY, endpoint="http://127.0.0.1:9", clock=emulator.clock) as nowhere:
        for call in (nowhere.read_all, lambda: nowhere.write_items([WRITE])):
            with pytest.raises(ServiceError, match="cannot be reached") as caught:
                call()
            assert caught.value.exit_code == 69


def test_a_slow_server_is_temporary(emulator):
    emulator.faults.add(Delay(0.2))
    patience = Patience(attempts=1)
    with (
        ZoteroLibrary(
            "user", USER, KEY, endpoint=emulator.url, clock=emulator.clock, patience=patience, timeout=0.05
        ) as library,
        pytest.raises(TemporaryError, match="ReadTimeout"),
    ):
        library.read_all()


def test_a_wrong_key_is_not_allowed(emulator):
    with ZoteroLibrary("user", USER, "wrong", endpoint=emulator.url, clock=emulator.clock) as library:
        for call in (library.rights, library.read_all, lambda: library.write_items([WRITE])):
            with pytest.raises(NotAllowedError, match="Invalid key") as caught:
                call()
            assert caught.value.exit_code == 77


@pytest.mark.parametrize(
    ("kind", "number", "key", "rights"),
    [
        ("user", USER, KEY, Rights(read=True, write=True)),
        ("user", USER, READ_ONLY_KEY, Rights(read=True, write=False)),
        ("user", USER + 1, KEY, Rights(read=False, write=False)),
        ("group", GROUP, KEY, Rights(read=True, write=True)),
        ("group", GROUP, READ_ONLY_KEY, Rights(read=True, write=False)),
        ("group", GROUP + 1, KEY, Rights(read=False, write=False)),
    ],
)
def test_rights_are_those_of_the_key_in_this_library(emulator, kind, number, key, rights):
    with ZoteroLibrary(kind, number, key, endpoint=emulator.url, clock=emulator.clock) as library:
        assert library.rights() == rights


def test_a_key_with_no_rights_at_all_may_do_nothing(emulator):
    emulator.api.keyring.keys["blind"] = ApiKey("blind", USER, library=False)
    for kind, number in (("user", USER), ("group", GROUP)):
        with ZoteroLibrary(kind, number, "blind", endpoint=emulator.url, clock=emulator.clock) as library:
            assert library.rights() == Rights(read=False, write=False)


def test_a_locked_library_is_temporary(emulator, zotero):
    emulator.faults.add(Answer(409, "Conflict"))
    with pytest.raises(TemporaryError, match="locked"):
        zotero.write_items([WRITE])
    assert not emulator.library.items


@pytest.mark.parametrize(
    "endpoint", ["http://..", f"http://{'a' * 64}.org", "http://x:port", "http://\u2603"]
)
def test_an_address_that_nothing_can_be_sent_to_is_a_matter_of_configuration(endpoint):
    with ZoteroLibrary("user", USER, KEY, endpoint=endpoint) as library, pytest.raises(ConfigError):
        library.rights()


def test_a_library_that_is_not_there_is_a_matter_of_configuration(emulator):
    with ZoteroLibrary("group", GROUP + 1, KEY, endpoint=emulator.url, clock=emulator.clock) as library:
        with pytest.raises(MissingTargetError) as caught:
            library.read_all()
        assert caught.value.exit_code == 78


def test_a_group_is_a_library_of_its_own(emulator):
    with ZoteroLibrary("group", GROUP, KEY, endpoint=emulator.url, clock=emulator.clock) as library:
        library.write_items([WRITE])
        assert [item.key for item in library.read_all().items] == [A]
        assert library.id == f"{emulator.url}/groups/{GROUP}"
    assert not emulator.library.items


def test_a_server_that_does_not_know_a_field_says_so():
    write = ItemWrite(key=A, version=NEW, type="preprint", fields={"citationKey": "a2024b"})
    with (
        Emulator(without=("citationKey",)) as old,
        ZoteroLibrary("user", USER, KEY, endpoint=old.url) as library,
    ):
        (result,) = library.write_items([write]).results
    assert isinstance(result, Refused)
    assert "citationKey" in result.message


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "api.zotero.org",
        "ftp://x",
        "https://",
        "https://me:secret@x",
        "https://x?key=secret",
        "https://x y",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_shown(endpoint):
    with pytest.raises(ConfigError) as caught:
        ZoteroLibrary("user", USER, KEY, endpoint=endpoint)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "se cret", "secret\n", "secret\r\nX: y", "sécret", "secret\x00"])
def test_a_key_that_is_none_is_refused_and_not_shown(key):
    with pytest.raises(ConfigError) as caught:
        ZoteroLibrary("user", USER, key)
    assert "cret" not in str(caught.value)
    assert caught.value.__context__ is None


ECHO = f"who are you, {KEY}? " + "x" * 190 + KEY
JSON = {"Content-Type": "application/json", "Last-Modified-Version": "1", "Total-Results": "1"}


@pytest.mark.parametrize(
    "fault",
    [
        *(Answer(status, ECHO) for status in (200, 400, 403, 404, 409, 412, 413, 418, 500)),
        Answer(429, ECHO, {"Retry-After": "99999"}),
        Answer(200, f'["{KEY}"]', JSON),
        Answer(200, f'[{{"data": {{"key": 1, "version": "{KEY}"}}}}]', JSON),
        DropAfter(),
    ],
)
def test_the_key_is_never_shown(emulator, zotero, caplog, fault):
    caplog.set_level(logging.DEBUG)
    shown = [repr(zotero), str(zotero.id), *_trouble(emulator, zotero, fault)]
    assert not [text for text in [*shown, caplog.text] if KEY in text]
    assert not [exchange for exchange in emulator.log if KEY in exchange.path or KEY in str(exchange.query)]
    assert {exchange.headers["authorization"] for exchange in emulator.log} == {f"Bearer {KEY}"}


@pytest.mark.parametrize("name", ["Location", "Last-Modified-Version", "Content-Type", "Total-Results"])
def test_the_key_is_not_shown_where_headers_hold_it(emulator, zotero, name):
    for status in (200, 302):
        fault = Answer(status, "[]", {**JSON, name: KEY, "Total-Results": KEY})
        assert not [text for text in _trouble(emulator, zotero, fault) if KEY in text]


def _trouble(emulator, zotero, fault):
    """What the errors of all kinds of calls say."""
    for call in (zotero.read_all, zotero.rights, lambda: zotero.write_items([WRITE])):
        emulator.faults.add(fault, times=6)
        with pytest.raises(BibkitError) as caught:
            call()
        emulator.faults.clear()
        yield from (str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value)))


def test_what_a_server_says_cannot_act_on_a_terminal(emulator, zotero):
    emulator.faults.add(Answer(400, "\x1b[2J\x07 bad\r\nline\u202e"))
    with pytest.raises(ServiceError) as caught:
        zotero.read_all()
    assert caught.value.message.isprintable()


def test_a_report_that_does_not_fit_the_request_is_no_report(emulator, zotero):
    headers = {"Content-Type": "application/json", "Last-Modified-Version": "1"}
    bodies = [
        "[]",
        "{}",
        '{"successful": {}, "unchanged": {}, "failed": {}}',
        '{"successful": {"1": {}}, "unchanged": {}, "failed": {}}',
        '{"successful": {"0": {"key": "B2345678", "version": 1}}, "unchanged": {}, "failed": {}}',
        '{"successful": {"0": {"key": "A2345678"}}, "unchanged": {}, "failed": {}}',
        '{"successful": {}, "unchanged": {"0": "A2345678"}, "failed": {"0": {"code": 1, "message": ""}}}',
    ]
    for body in bodies:
        emulator.faults.add(Answer(200, body, headers))
        with pytest.raises(UncertainWriteError):
            zotero.write_items([WRITE])


def test_a_closed_library_says_so(emulator):
    library = ZoteroLibrary("user", USER, KEY, endpoint=emulator.url)
    library.close()
    with pytest.raises(RuntimeError, match="closed"):
        library.read_all()


def test_collections_are_created_within_each_other(emulator, zotero):
    lab, box = CollectionKey("LAB23456"), CollectionKey("BXX23456")
    zotero.create_collections([NewCollection(lab, "Lab"), NewCollection(box, "Box", lab)])
    assert emulator.library.collections[box].data["parentCollection"] == lab


def test_messages_are_read_as_text(emulator, zotero):
    write = ItemWrite(key=A, version=NEW, type="preprint", fields={'a<b>&"c"': "x"})
    (result,) = zotero.write_items([write]).results
    assert isinstance(result, Refused)
    assert result.message == "Invalid property 'a<b>&\"c\"'"
