"""What pyzotero's own calls do to a sync tool, shown on the emulated server, and bibkit's call beside it.

A test here that fails on pyzotero's half says that pyzotero has changed, and that a way round may go.
"""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from emulator import AddHeaders, Answer, DropBefore, Emulator, Interfere
from emulator.http import KEY, USER
from pyzotero import errors
from pyzotero.zotero import Zotero

from bibkit.errors import ServiceError, TemporaryError, UncertainWriteError
from bibkit.sync.library import (
    NEW,
    CollectionKey,
    ItemKey,
    ItemWrite,
    LibraryVersion,
    NewCollection,
    Refusal,
    Refused,
    Written,
)
from bibkit.zotero.client import ZoteroLibrary
from bibkit.zotero.schema import complaints
from sync.runs import Bibkit, work

A, B = ItemKey("A2345678"), ItemKey("B2345678")
SLOW_DOWN = Answer(429, "Request rate limit exceeded", {"Retry-After": "10"})


@pytest.fixture
def pyzotero(emulator: Emulator) -> Iterator[Zotero]:
    client = Zotero(USER, "user", KEY)
    client.endpoint = emulator.url
    yield client
    assert client.client is not None
    client.client.close()


def stored_title(emulator: Emulator) -> str:
    return emulator.library.items[A].data["title"]


def test_1_an_update_on_a_429_is_lost_and_reported_as_done(emulator, pyzotero, zotero):
    version = emulator.library.edit(
        emulator.library.add(key=A, itemType="preprint", title="old"), title="older"
    )
    pyzotero.item_fields()
    emulator.faults.add(SLOW_DOWN, method="POST")
    assert pyzotero.update_items([{"key": A, "version": version, "title": "new"}]) is True
    assert stored_title(emulator) == "older"

    emulator.faults.add(SLOW_DOWN, method="POST")
    report = zotero.write_items([ItemWrite(key=A, version=LibraryVersion(version), fields={"title": "new"})])
    assert isinstance(report.results[0], Written)
    assert stored_title(emulator) == "new"
    assert emulator.clock.naps == [10.0]


def test_2_a_creation_on_a_429_is_a_json_error(emulator, pyzotero, zotero):
    emulator.faults.add(SLOW_DOWN, method="POST")
    with pytest.raises(json.JSONDecodeError):
        pyzotero.create_items([{"itemType": "preprint", "title": "t"}])

    emulator.faults.add(SLOW_DOWN, method="POST")
    with pytest.raises(json.JSONDecodeError):
        pyzotero.create_collections([{"name": "Shelf"}])
    emulator.faults.add(Answer(429, "Request rate limit exceeded"), method="POST")
    with pytest.raises(errors.TooManyRetriesError):
        pyzotero.create_items([{"itemType": "preprint", "title": "t"}])
    assert not emulator.library.items
    assert not emulator.library.collections

    for answer in (SLOW_DOWN, Answer(429, "Request rate limit exceeded")):
        emulator.faults.add(answer, method="POST")
    zotero.write_items([ItemWrite(key=A, version=NEW, type="preprint", fields={"title": "t"})])
    assert stored_title(emulator) == "t"
    emulator.faults.add(SLOW_DOWN, method="POST")
    zotero.create_collections([NewCollection(CollectionKey("SHELF234"), "Shelf")])
    assert list(emulator.library.collections) == ["SHELF234"]


def test_3_an_update_that_was_refused_is_reported_as_done(emulator, pyzotero, zotero):
    emulator.library.add(key=A, itemType="preprint", title="old")
    emulator.library.edit(A, title="the user's")
    assert pyzotero.update_items([{"key": A, "version": 1, "title": "new"}]) is True
    assert stored_title(emulator) == "the user's"

    (result,) = zotero.write_items(
        [ItemWrite(key=A, version=LibraryVersion(1), fields={"title": "new"})]
    ).results
    assert isinstance(result, Refused)
    assert result.reason is Refusal.MOVED


def test_4_a_creation_that_failed_is_an_answer_like_any_other(emulator, pyzotero, zotero):
    report = pyzotero.create_items([{"itemType": "preprint", "publisher": "none"}])
    assert list(report["failed"]) == ["0"]
    assert "key" not in report["failed"]["0"]

    write = ItemWrite(key=A, version=NEW, type="preprint", fields={"publisher": "none"})
    assert zotero.write_items([write]).results == (
        Refused(A, Refusal.INVALID, "'publisher' is not a valid field for type 'preprint'"),
    )


def test_5_chunks_before_a_failed_one_are_written_and_not_told(emulator, pyzotero, zotero, tmp_path):
    with pytest.raises(errors.TooManyItemsError):
        pyzotero.create_items([{"itemType": "preprint"}] * 51)
    keys = [emulator.library.add(itemType="preprint", title="old") for _ in range(60)]
    changes = [{"key": key, "version": 60, "title": "new"} for key in keys]
    pyzotero.item_fields()
    emulator.faults.add(Answer(500, "An error occurred"), method="POST", skip=1)
    with pytest.raises(errors.HTTPError):
        pyzotero.update_items(changes)
    titles = [item.data["title"] for item in emulator.library.items.values()]
    assert titles.count("new") == 50

    with pytest.raises(ValueError, match="1 to 50"):
        zotero.write_items([_update(ItemKey(key)) for key in keys])
    bibkit = Bibkit(tmp_path, zotero, [work(number) for number in range(60)])
    emulator.faults.add(Answer(500, "An error occurred"), method="POST", path="/items", skip=1)
    outcome = bibkit.sync()
    assert (outcome.written, outcome.not_done) == (10, ())  # in the second round; the first knows its fifty
    assert len(bibkit.store.load().works) == 60
    assert len(emulator.library.items) == 120


def test_6_maintenance_is_not_waited_out(emulator, pyzotero, zotero):
    down = Answer(503, "Zotero is down", {"Retry-After": "7"})
    emulator.faults.add(down)
    with pytest.raises(errors.HTTPError):
        pyzotero.items()
    assert pyzotero.backoff_until == 0.0
    emulator.faults.add(Answer(500, "An error occurred"))
    with pytest.raises(errors.HTTPError):
        pyzotero.collections()

    emulator.faults.add(Answer(500, "An error occurred"))
    zotero.has_moved(NEW)
    assert emulator.clock.naps == [1.0]
    emulator.clock.naps.clear()
    emulator.faults.add(down)
    emulator.faults.add(Answer(503, "Zotero is down"))
    zotero.read_all()
    assert emulator.clock.naps == [7.0, 2.0]


def test_7_a_date_breaks_it_and_any_number_is_slept(emulator, pyzotero, zotero, monkeypatch):
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    # An hour after the emulator's clock.
    date = Answer(429, "slow", {"Retry-After": "Fri, 15 Jan 2027 09:00:00 GMT"})
    emulator.faults.add(date)
    with pytest.raises(ValueError, match="could not convert"):
        pyzotero.items()
    emulator.faults.add(AddHeaders({"Backoff": "100000"}))
    pyzotero.url_params = None
    pyzotero.items()
    pyzotero.items()
    assert naps[-1] > 99_000
    # What the server asked of one object, another one does not know.
    emulator.faults.add(AddHeaders({"Backoff": "60"}))
    pyzotero.items()
    another = Zotero(USER, "user", KEY, client=pyzotero.client)
    another.endpoint = emulator.url
    slept = len(naps)
    another.items()
    assert len(naps) == slept

    emulator.faults.add(date)
    with pytest.raises(TemporaryError, match="3600 seconds"):
        zotero.read_all()
    emulator.faults.add(AddHeaders({"Backoff": "100000"}))
    zotero.read_all()
    assert emulator.clock.naps == [300.0]
    # A run has one object, whose every call knows it.
    emulator.faults.add(AddHeaders({"Backoff": "60"}))
    zotero.has_moved(NEW)
    zotero.rights()
    assert emulator.clock.naps == [300.0, 60.0]


def test_8_a_failed_read_leaves_its_parameters_to_the_next(emulator, pyzotero, zotero):
    emulator.faults.add(Answer(500, "An error occurred"))
    with pytest.raises(errors.HTTPError):
        pyzotero.items(q="foo", since=99)
    pyzotero.collections()
    assert emulator.log[-1].query["q"] == "foo"

    emulator.faults.add(Answer(500, "An error occurred"), times=6)
    with pytest.raises(ServiceError):
        zotero.read_items([A])
    zotero.read_deletions(NEW)
    assert emulator.log[-1].query == {"since": "0"}


def test_9_and_10_templates_and_fields_need_the_network(emulator, pyzotero, zotero):
    # That a field is one of some type is all that is checked: a preprint has no publisher.
    pyzotero.check_items([{"itemType": "preprint", "publisher": "x"}])
    assert emulator.log[-1].path == "/itemFields"
    for cached in pyzotero.templates.values():
        cached["updated"] = cached["updated"] - timedelta(hours=2)
    emulator.faults.add(Answer(304))
    with pytest.raises(errors.HTTPError, match="304"):
        pyzotero.item_fields()
    # Where the server has something new to say, the old is returned all the same.
    emulator.faults.add(Answer(200, "[]", {"Content-Type": "application/json"}))
    assert pyzotero.item_fields()
    with Emulator(without=("citationKey",)) as old:
        pyzotero.endpoint = old.url
        pyzotero.templates.clear()
        with pytest.raises(errors.InvalidItemFieldsError):
            pyzotero.check_items([{"itemType": "preprint", "citationKey": "x"}])

    asked = len(emulator.log)
    zotero.write_items([ItemWrite(key=A, version=NEW, type="preprint")])
    assert [exchange.path for exchange in emulator.log[asked:]] == [f"/users/{USER}/items"]
    assert complaints("preprint", {"publisher": "x"}) == ("'publisher' is not a field of preprint",)
    assert zotero.knows_citation_keys()


def test_11_a_repeated_creation_is_not_protected(emulator, pyzotero, zotero):
    for _ in range(2):
        pyzotero.create_items([{"itemType": "preprint", "title": "twice"}])
    assert len(emulator.library.items) == 2
    tokens = {exchange.headers["zotero-write-token"] for exchange in emulator.log}
    assert len(tokens) == 2

    for _ in range(2):
        zotero.write_items([ItemWrite(key=A, version=NEW, type="preprint", fields={"title": "once"})])
    assert len(emulator.library.items) == 3


def test_12_a_membership_is_sent_twice(emulator, pyzotero, zotero):
    shelf = CollectionKey(emulator.library.add_collection("Shelf"))
    emulator.library.add(key=A, itemType="preprint", collections=[shelf])
    pyzotero.addto_collection(shelf, pyzotero.item(A))
    assert json.loads(emulator.log[-1].body)["collections"] == [shelf, shelf]

    version = emulator.library.items[A].version
    zotero.write_items([ItemWrite(key=A, version=LibraryVersion(version), collections=(shelf,))])
    assert json.loads(emulator.log[-1].body) == [{"key": A, "version": version, "collections": [shelf]}]


def test_13_a_deletion_checks_the_first_version_only(emulator, pyzotero, zotero):
    for key in (A, B):
        emulator.library.add(key=key, itemType="preprint")
    first, second = pyzotero.item(A), pyzotero.item(B)
    first["version"] = emulator.library.edit(B, title="the user's")
    pyzotero.delete_item([first, second])
    assert not emulator.library.items
    many = [{"key": emulator.library.add(itemType="preprint"), "version": 0} for _ in range(120)]
    many[0]["version"] = emulator.library.version
    with pytest.raises(errors.RequestEntityTooLargeError):
        pyzotero.delete_item(many)
    assert len(emulator.log[-1].query["itemKey"].split(",")) == 120
    assert not [name for name in dir(zotero) if "delete" in name.lower()]  # bibkit cannot delete


def test_14_pages_of_different_versions_are_joined(emulator, pyzotero, zotero):
    def write_in_between() -> None:
        emulator.library.add(itemType="preprint", title="new on top")

    for number in range(150):
        emulator.library.add(itemType="preprint", title=f"{number}")
    emulator.faults.add(Interfere(write_in_between), path="/items", skip=1)
    torn = pyzotero.everything(pyzotero.items(limit=100))
    titles = [item["data"]["title"] for item in torn]
    assert "new on top" not in titles
    assert len(titles) > len(set(titles))

    emulator.faults.add(Interfere(write_in_between), path="/items", skip=1)
    snapshot = zotero.read_all()
    assert snapshot.version == emulator.library.version
    assert {item.key for item in snapshot.items} == set(emulator.library.items)


def test_15_one_call_takes_another_ones_pages(emulator, pyzotero, zotero):
    for number in range(30):
        emulator.library.add(itemType="preprint", title=f"{number}")
        emulator.library.add_collection(f"{number}")
    pyzotero.items(limit=10)
    pyzotero.collections(limit=10)
    (following,) = {item["data"].get("itemType") for item in pyzotero.follow()}
    assert following is None  # those are collections

    keys = [ItemKey(key) for key in emulator.library.items]
    found: dict[int, list[str]] = {}

    def read(number: int) -> None:
        found[number] = [item.key for item in zotero.read_items(keys[number : number + 10])]

    threads = [threading.Thread(target=read, args=[number]) for number in range(0, 30, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: keys[number : number + 10] for number in range(0, 30, 10)}


def test_15_an_address_with_tags_in_it_is_a_list_of_tags(emulator, pyzotero):
    emulator.library.add(key=A, itemType="preprint", title="t")
    prefix = "http://tags.example/zotero"

    def forward(request: httpx2.Request) -> httpx2.Response:
        return httpx2.get(str(request.url).replace(prefix, emulator.url), headers=request.headers)

    with httpx2.Client(transport=httpx2.MockTransport(forward)) as client:
        there = Zotero(USER, "user", KEY, client=client)
        there.endpoint = prefix
        with pytest.raises(KeyError):
            there.items()
        library = ZoteroLibrary("user", USER, KEY, endpoint=prefix)
        library.close()
        library._zotero.client = client
        assert [item.key for item in library.read_all().items] == [A]


def test_16_the_key_is_put_into_the_address(emulator, pyzotero, zotero):
    pyzotero.key_info()
    assert KEY in emulator.log[-1].path

    zotero.rights()
    assert emulator.log[-1].path == "/keys/current"


def test_17_the_trash_looks_like_nothing_at_all(emulator, pyzotero, zotero):
    emulator.library.add(key=A, itemType="preprint", deleted=1)
    assert pyzotero.items() == []
    for _ in range(101):
        emulator.library.add(itemType="preprint")
    assert len(pyzotero.items()) == 100

    snapshot = zotero.read_all()
    assert len(snapshot.items) == 102
    assert [item.key for item in snapshot.items if item.trashed] == [A]


def test_18_a_redirected_write_becomes_a_read(emulator, pyzotero, zotero):
    moved = Answer(302, "", {"Location": f"{emulator.url}/users/{USER}/items"})
    emulator.faults.add(moved, method="POST")
    assert pyzotero.create_items([{"itemType": "preprint"}]) == []
    assert [exchange.method for exchange in emulator.log] == ["POST", "GET"]

    emulator.faults.add(moved, method="POST")
    with pytest.raises(ServiceError, match="302"):
        zotero.write_items([ItemWrite(key=A, version=NEW, type="preprint")])
    assert len(emulator.log) == 3


def test_19_network_errors_come_through_raw(emulator, pyzotero, zotero):
    emulator.faults.add(DropBefore(), times=2)
    with pytest.raises(httpx2.RemoteProtocolError):
        pyzotero.items()
    with pytest.raises(UncertainWriteError):
        zotero.write_items([ItemWrite(key=A, version=NEW, type="preprint")])


def _update(key: ItemKey) -> ItemWrite:
    return ItemWrite(key=key, version=LibraryVersion(1), fields={"title": "new"})
