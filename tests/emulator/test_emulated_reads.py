"""Reads, rights, limits and faults, fact by fact."""

import threading
import time

import httpx2
import pytest

from emulator import AddHeaders, Answer, ApiKey, Delay, DropAfter, DropBefore, Interfere, Truncate
from emulator.http import GROUP, KEY, READ_ONLY_KEY, USER

A = "A2345678"


@pytest.mark.parametrize(("asked", "given"), [(None, 25), (10, 10), (100, 100), (500, 100)])
def test_a_page_has_a_limit(web, asked, given):
    """25 where nothing is asked, 100 at most."""
    web.add(120)
    response = web.get("/items", **({} if asked is None else {"limit": asked}))
    assert len(response.json()) == given
    assert response.headers["Total-Results"] == "120"


def test_pages_lead_to_each_other(web):
    """Link has next, last and alternate, and keeps the other parameters (`since` too)."""
    web.add(7)
    first = web.get("/items", limit=3, since=0)
    assert set(first.links) == {"next", "last", "alternate"}
    assert "since=0" in first.links["next"]["url"]
    assert "start=6" in first.links["last"]["url"]
    seen = [item["key"] for item in first.json()]
    while "next" in first.links:
        first = web.client.get(first.links["next"]["url"])
        seen += [item["key"] for item in first.json()]
    assert sorted(seen) == sorted(web.emulator.library.items)
    assert KEY not in first.links["alternate"]["url"]


def test_keys_and_versions_come_without_limit(web):
    """`format=keys` and `format=versions` are unlimited; a list of keys has a limit of 100."""
    web.add(130)
    assert len(web.get("/items", format="versions").json()) == 130
    assert len(web.get("/items", format="keys").text.split()) == 130
    keys = list(web.emulator.library.items)[:30]
    assert len(web.get("/items", itemKey=",".join(keys)).json()) == 30


def test_the_last_change_comes_first(web):
    first, second = web.add(2)
    web.emulator.clock.jump(5)
    web.emulator.library.edit(first, title="new")
    assert [item["key"] for item in web.get("/items").json()] == [first, second]


def test_since_is_strict(web):
    """`since=N`: strictly greater."""
    keys = web.add(3)
    assert set(web.get("/items", since=2, format="versions").json()) == {keys[2]}


def test_the_trash_is_hidden(web):
    """Not in lists unless `includeTrashed=1`, under `since` too; in /items/trash, and at its own address."""
    kept, trashed = web.add(2)
    web.emulator.library.edit(trashed, deleted=1)
    assert [item["key"] for item in web.get("/items").json()] == [kept]
    assert set(web.get("/items", since=0, format="versions").json()) == {kept}
    assert set(web.get("/items", includeTrashed=1, format="versions").json()) == {kept, trashed}
    assert [item["key"] for item in web.get("/items/trash").json()] == [trashed]
    assert web.data(trashed)["deleted"] == 1


def test_an_unmoved_library_answers_304(web):
    """If-Modified-Since-Version at the library's version: 304 with no version; not for one object."""
    key = web.add()[0]
    response = web.get("/items", {"If-Modified-Since-Version": "1"})
    assert (response.status_code, "Last-Modified-Version" in response.headers) == (304, False)
    assert web.get("/items", {"If-Modified-Since-Version": "0"}).status_code == 200
    assert web.get(f"/items/{key}", {"If-Modified-Since-Version": "1"}).status_code == 200


def test_one_object_has_its_own_version(web):
    first, _ = web.add(2)
    assert web.version(web.get(f"/items/{first}")) == 1
    assert web.get(f"/items/{A}").status_code == 404
    assert web.get("/items/xyz").status_code == 404


def test_a_collection_lists_its_items(web):
    """Of a missing collection: 404 "Collection not found"."""
    lab = web.emulator.library.add_collection("Lab")
    box = web.emulator.library.add_collection("Box", lab)
    inside, _ = web.add(collections=[lab])[0], web.add()
    assert [item["key"] for item in web.get(f"/collections/{lab}/items").json()] == [inside]
    assert [each["key"] for each in web.get(f"/collections/{lab}/collections").json()] == [box]
    assert [each["key"] for each in web.get("/collections/top").json()] == [lab]
    response = web.get(f"/collections/{A}/items")
    assert (response.status_code, response.text) == (404, "Collection not found")


def test_children_are_items_with_a_parent(web):
    key = web.add()[0]
    note = web.emulator.library.add(itemType="note", note="x", parentItem=key)
    assert [child["key"] for child in web.get(f"/items/{key}/children").json()] == [note]
    assert [item["key"] for item in web.get("/items/top").json()] == [key]
    assert "collections" not in web.data(note)


def test_three_places_for_a_key(web):
    """Zotero-API-Key, `key=`, or Bearer; a wrong one: 403 "Invalid key"."""
    url = f"{web.emulator.url}/users/{USER}/items"
    for options in ({"headers": {"Authorization": f"Bearer {KEY}"}}, {"params": {"key": KEY}}):
        assert httpx2.get(url, **options).status_code == 200
    response = httpx2.get(url, headers={"Zotero-API-Key": "wrong"})
    assert (response.status_code, response.text) == (403, "Invalid key")
    assert httpx2.get(url).status_code == 403


def test_wrong_keys_are_counted(web):
    """More than 5 failures within 5 minutes from one address: 429."""
    url = f"{web.emulator.url}/keys/current"
    statuses = [httpx2.get(url, headers={"Zotero-API-Key": "wrong"}).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]
    web.emulator.clock.jump(301)
    assert httpx2.get(url, headers={"Zotero-API-Key": "wrong"}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_who_may_only_read_cannot_write(web, method):
    """403 "Write access denied"."""
    web.add(key=A)
    path = "/items" if method == "POST" else f"/items/{A}"
    headers = {"Zotero-API-Key": READ_ONLY_KEY, "If-Unmodified-Since-Version": "1"}
    response = web.ask(method, path, json=[], headers=headers)
    assert (response.status_code, response.text) == (403, "Write access denied")
    assert A in web.emulator.library.items


def test_nobody_writes_without_a_key(web):
    """Anonymous write: 403."""
    url = f"{web.emulator.url}/users/{USER}/items"
    assert httpx2.post(url, json=[{"itemType": "preprint"}]).status_code == 403
    assert not web.emulator.library.items


def test_a_key_may_be_for_all_groups(web):
    """`access.groups` is by group, or `all`."""
    web.emulator.api.keyring.keys["all"] = ApiKey("all", USER, library=False, groups={0: True})
    headers = {"Zotero-API-Key": "all"}
    assert web.get("//keys/current", headers).json()["access"] == {
        "groups": {"all": {"library": True, "write": True}}
    }
    assert web.get(f"//groups/{GROUP}/items", headers).status_code == 200
    assert web.get("/items", headers).status_code == 403


def test_a_key_tells_its_rights(web):
    """`/keys/current`: user id, and access by library."""
    info = web.get("//keys/current").json()
    assert info["userID"] == USER
    assert info["access"]["user"]["write"]
    assert info["access"]["groups"] == {str(GROUP): {"library": True, "write": True}}
    assert (
        web.get("//keys/current", {"Zotero-API-Key": READ_ONLY_KEY}).json()["access"]["user"].get("write")
        is None
    )


def test_other_libraries_are_closed(web):
    assert web.get(f"//users/{USER + 1}/items").status_code == 403
    assert web.get("//groups/1/items").status_code == 404
    assert web.get(f"//groups/{GROUP}/items").status_code == 200


def test_the_bucket_holds_a_hundred(web):
    """100 requests at once, 10 a second after that; 429 at request 101, as HTML, with Retry-After 10."""
    statuses = [web.get("/items", limit=1).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    response = web.get("/items")
    assert (response.text, response.headers["Retry-After"]) == ("Request rate limit exceeded", "10")
    assert response.headers["Content-Type"].startswith("text/html")
    web.emulator.clock.jump(1)
    assert [web.get("/items").status_code for _ in range(11)] == [200] * 10 + [429]


def test_five_requests_at_once(web):
    """5 concurrent requests for a user; the sixth: 429, with a Retry-After of 1 to 30 seconds."""
    answers: list[httpx2.Response] = []

    def ask() -> None:
        url = f"{web.emulator.url}/users/{USER}/items"
        answers.append(httpx2.get(url, headers={"Zotero-API-Key": KEY}, timeout=60.0))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    with web.emulator.api.lock:  # the server is at work on five of them
        for thread in threads:
            thread.start()
        while not answers:
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [429] + [200] * 5
    assert answers[0].text == "Concurrent request limit exceeded"
    assert 1 <= int(answers[0].headers["Retry-After"]) <= 30
    assert web.get("/items").status_code == 200


def test_five_writers_with_one_version(web):
    """5 concurrent posts with the same library version: exactly one 200, four 412."""
    statuses: list[int] = []

    def write() -> None:
        headers = {"Zotero-API-Key": KEY, "If-Unmodified-Since-Version": "0"}
        url = f"{web.emulator.url}/users/{USER}/items"
        statuses.append(httpx2.post(url, json=[{"itemType": "preprint"}], headers=headers).status_code)

    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 412, 412, 412, 412]


def test_maintenance_lets_read(web):
    """503 in read-only mode has no Retry-After [src]."""
    web.emulator.api.maintenance = True
    response = web.post({"itemType": "preprint"})
    assert (response.status_code, "Retry-After" in response.headers) == (503, False)
    assert web.get("/items").status_code == 200


def test_types_and_fields_are_told(web):
    fields = [each["field"] for each in web.get("//itemTypeFields", itemType="preprint").json()]
    assert {"repository", "archiveID", "genre", "citationKey"} <= set(fields)
    assert not {"number", "publisher", "publicationTitle", "volume"} & set(fields)
    assert web.get("//items/new", itemType="preprint").json()["title"] == ""
    assert web.get("//itemTypeFields", itemType="nothing").status_code == 400


def test_faults_strike_what_they_were_ordered_for(web):
    faults = web.emulator.faults
    post = {"itemType": "preprint"}
    faults.add(DropBefore(), method="POST", skip=1)
    assert web.post(post).status_code == 200
    with pytest.raises(httpx2.RemoteProtocolError):
        web.post(post)
    assert len(web.emulator.library.items) == 1
    faults.add(DropAfter(), method="POST", path="/items$")
    with pytest.raises(httpx2.RemoteProtocolError):
        web.post(post)
    assert len(web.emulator.library.items) == 2
    assert not faults.waiting


def test_faults_change_what_is_seen(web):
    faults = web.emulator.faults
    faults.add(Truncate())
    with pytest.raises(httpx2.RemoteProtocolError):
        web.get("/items")
    faults.add(Truncate(announced=False))
    with pytest.raises(ValueError, match="Expecting"):
        web.get("/items").json()
    faults.add(Answer(200, "<html>"))
    assert web.get("/items").headers["Content-Type"] == "text/html"
    faults.add(AddHeaders({"Backoff": "5"}))
    assert web.get("/items").headers["Backoff"] == "5"
    faults.add(Delay(0.2))
    with pytest.raises(httpx2.ReadTimeout):
        web.ask("GET", "/items", timeout=0.02)
    faults.add(Interfere(web.add))
    assert len(web.get("/items").json()) == 1
    assert [exchange.status for exchange in web.emulator.log][-1] == 200
