"""Writes, fact by fact: what each test quotes was measured on the real server program, unless marked
otherwise.
"""

import pytest

from emulator import ApiKey
from emulator.http import USER

A, B = "A2345678", "B2345678"
AUTHOR = {"creatorType": "author"}
PREPRINT = {"itemType": "preprint", "title": "t"}


def test_a_post_answers_a_report_by_index(web):
    """POST an array: 200 with successful, success, unchanged and failed, each by index as text."""
    key = web.add(title="same")[0]
    version = web.data(key)["version"]
    response = web.post(PREPRINT, {"key": key, "version": version, "title": "same"}, {"itemType": "nothing"})
    report = response.json()
    assert response.status_code == 200
    assert (
        report["success"]["0"] == report["successful"]["0"]["key"] == report["successful"]["0"]["data"]["key"]
    )
    assert report["unchanged"] == {"1": key}
    assert list(report["failed"]) == ["2"]
    assert report["failed"]["2"]["code"] == 400


def test_a_failure_has_no_key_and_an_escaped_message(web):
    """`failed[].key` is normally absent; the message is HTML-escaped."""
    failure = web.post({"key": A, "version": 0, "itemType": "preprint", 'a<&>"': "x"}).json()["failed"]["0"]
    assert failure == {"code": 400, "message": "Invalid property 'a&lt;&amp;&gt;&quot;'"}


def test_each_object_gets_its_own_version(web):
    """Fifty new items: versions 24 to 73; the header has the last."""
    web.add(23)
    response = web.post(*[PREPRINT] * 50)
    versions = [entry["version"] for entry in response.json()["successful"].values()]
    assert versions == list(range(24, 74))
    assert web.version(response) == 73


def test_an_unchanged_object_moves_the_library(web):
    """Fifty unchanged: 73 to 123, the items' versions untouched; failed ones move nothing."""
    web.add(50, title="same")
    versions = web.get("/items", format="versions").json()
    response = web.post(*({"key": k, "version": v, "title": "same"} for k, v in versions.items()))
    assert len(response.json()["unchanged"]) == 50
    assert web.version(response) == 100
    assert web.get("/items", format="versions").json() == versions
    assert web.version(web.post({"itemType": "nothing"})) == 100


def test_tags_that_are_not_empty_always_change_an_item(web):
    """The same tags again are `successful` with a new version; empty ones on an item with none are
    unchanged.
    """
    tagged = web.add(tags=[{"tag": "x"}])[0]
    bare = web.add()[0]
    same = {"key": tagged, "version": web.data(tagged)["version"], "tags": [{"tag": "x"}]}
    none = {"key": bare, "version": web.data(bare)["version"], "tags": []}
    report = web.post(same, none).json()
    assert report["success"] == {"0": tagged}
    assert report["unchanged"] == {"1": bare}


def test_a_post_with_a_key_changes_what_it_mentions(web):
    """POST with key is PATCH; collections, tags, creators and relations are replaced whole."""
    lab, box = (web.emulator.library.add_collection(name) for name in ("Lab", "Box"))
    uri = "http://zotero.org/users/1/items/"
    before = {
        "tags": [{"tag": "x"}, {"tag": "y"}],
        "creators": [{**AUTHOR, "firstName": "A", "lastName": "B"}, {**AUTHOR, "name": "C"}],
        "collections": [lab],
        "relations": {"dc:relation": [f"{uri}{A}", f"{uri}{B}"]},
    }
    key = web.add(title="t", url="u", **before)[0]
    web.post({"key": key, "version": web.version(), "title": "new"})
    data = web.data(key)
    assert (data["title"], data["url"]) == ("new", "u")
    assert {name: data[name] for name in before} == before
    after = {
        "tags": [{"tag": "z"}],
        "creators": [{**AUTHOR, "name": "D"}],
        "collections": [box],
        "relations": {"owl:sameAs": f"{uri}{A}"},
    }
    web.post({"key": key, "version": web.version(), **after})
    data = web.data(key)
    assert {name: data[name] for name in before} == after


def test_version_0_creates_exactly_once(web):
    """Own key and version 0: created; the same again: 412, and the library's version stays."""
    sent = {"key": A, "version": 0, **PREPRINT}
    assert web.post(sent).json()["success"] == {"0": A}
    code, message, _ = web.failed(sent)
    assert (code, "expected 0, found 1" in message) == (412, True)
    assert web.version() == 1


def test_a_key_needs_a_version_or_a_header(web):
    """Own key, no version, no header: 428; with If-Unmodified-Since-Version it passes."""
    assert web.failed({"key": A, **PREPRINT})[0] == 428
    assert web.post({"key": A, **PREPRINT}, If_Unmodified_Since_Version="0").json()["success"] == {"0": A}
    assert web.failed({"key": A, "title": "x"})[0] == 428


def test_an_object_that_is_missing_cannot_have_a_version(web):
    """404 "Item doesn't exist (expected version 7; use 0 instead)"."""
    assert web.failed({"key": A, "version": 7, **PREPRINT})[:2] == (
        404,
        "Item doesn't exist (expected version 7; use 0 instead)",
    )


def test_a_stale_version_fails_and_a_higher_one_passes(web):
    """A stale version: 412; one higher than the current: accepted."""
    key = web.add()[0]
    web.emulator.library.edit(key, title="moved")
    assert web.failed({"key": key, "version": 1, "title": "x"})[0] == 412
    assert web.post({"key": key, "version": 99, "title": "x"}).json()["success"] == {"0": key}


@pytest.mark.parametrize("key", ["A234567", "A23456789", "a2345678", "A0345678", "A1345678", "AO345678", ""])
def test_a_key_has_eight_of_its_characters(web, key):
    """`^[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}$`, else 400."""
    assert web.failed({"key": key, "version": 0, **PREPRINT})[0] == 400


def test_the_second_of_two_twins_fails(web):
    """A duplicate key in one batch: the second fails with 412."""
    sent = {"key": A, "version": 0, **PREPRINT}
    report = web.post(sent, sent).json()
    assert report["success"] == {"0": A}
    assert report["failed"]["1"]["code"] == 412


def test_the_header_checks_the_library(web):
    """If-Unmodified-Since-Version that is stale: HTTP 412 with text and the library's version; nothing
    written.
    """
    web.add(2)
    response = web.post(PREPRINT, If_Unmodified_Since_Version="1")
    assert (response.status_code, web.version(response)) == (412, 2)
    assert "application/json" not in response.headers["Content-Type"]
    assert web.post(PREPRINT, If_Unmodified_Since_Version="2").status_code == 200
    refused = web.post(PREPRINT, If_Unmodified_Since_Version="x")
    assert (refused.status_code, "Last-Modified-Version" in refused.headers) == (400, False)


@pytest.mark.parametrize(
    ("method", "version", "body", "status"),
    [
        ("PATCH", "1", {"title": "x"}, 204),
        ("PATCH", None, {"title": "x", "version": 1}, 204),
        ("PATCH", None, {"title": "x"}, 428),
        ("PATCH", "9", {"title": "x"}, 412),
        ("PATCH", "1", {"title": "x", "version": 2}, 400),
        ("PUT", "1", {"itemType": "preprint", "tags": [], "collections": [], "relations": {}}, 204),
        ("PUT", "1", {"itemType": "preprint"}, 400),
        ("DELETE", "1", None, 204),
        ("DELETE", None, None, 428),
        ("DELETE", "9", None, 412),
    ],
)
def test_single_writes_check_the_object(web, method, version, body, status):
    """Missing version 428, stale 412, header unlike the body's version 400; success 204 with the version."""
    key = web.add(title="t")[0]
    headers = {} if version is None else {"If-Unmodified-Since-Version": version}
    response = web.ask(method, f"/items/{key}", json=body, headers=headers)
    assert response.status_code == status
    if status == 204:
        assert web.version(response) == 2


@pytest.mark.parametrize(
    ("body", "header", "status"),
    [
        ({"title": "x"}, None, 404),
        ({"version": 7}, None, 412),
        (PREPRINT, "7", 412),
        ({"version": 0, **PREPRINT}, None, 204),
        (PREPRINT, "0", 204),
    ],
)
def test_a_patch_of_a_missing_item(web, body, header, status):
    """No version: 404; a version above 0: 412; version 0, as header or property: created."""
    headers = {} if header is None else {"If-Unmodified-Since-Version": header}
    assert web.ask("PATCH", f"/items/{A}", json=body, headers=headers).status_code == status
    assert (A in web.emulator.library.items) == (status == 204)


def test_a_put_replaces_what_it_does_not_mention(web):
    """PUT needs itemType, tags, collections, relations; the rest is cleared."""
    key = web.add(title="t", url="u")[0]
    body = {"itemType": "preprint", "title": "new", "tags": [], "collections": [], "relations": {}}
    web.ask("PUT", f"/items/{key}", json=body, headers={"If-Unmodified-Since-Version": "1"})
    assert (web.data(key)["title"], web.data(key)["url"]) == ("new", "")


def test_a_write_token_is_spent_by_success(web):
    """Used again after success: 412 "Write token already used", and no answer is replayed; not spent where
    every object failed; for each API key; 12 hours; allowed beside If-Unmodified-Since-Version.
    """
    token, short = {"Zotero_Write_Token": "0123456789abcdef"}, {"Zotero_Write_Token": "1234"}
    assert web.post({"itemType": "nothing"}, **token).status_code == 200
    assert web.post(PREPRINT, **token).json()["success"]
    again = web.post(PREPRINT, **token)
    assert (again.status_code, again.text) == (412, "Write token already used")
    other = ApiKey("emulatorOtherKey01234567", USER)
    web.emulator.api.keyring.keys[other.key] = other
    assert web.post(PREPRINT, Zotero_API_Key=other.key, **token).status_code == 200
    both = {"Zotero_Write_Token": "fedcba9876543210", "If_Unmodified_Since_Version": str(web.version())}
    assert web.post(PREPRINT, **both).status_code == 200
    web.emulator.clock.jump(12 * 3600 + 1)
    assert web.post(PREPRINT, **token).status_code == 200
    assert web.post(PREPRINT, **short).status_code == 400


def test_the_size_and_shape_of_a_post(web):
    """More than 50: 413; no array: 400 "... must be a JSON array"; an empty one: an empty report."""
    assert web.post(*[PREPRINT] * 51).status_code == 413
    response = web.ask("POST", "/items", json=PREPRINT)
    assert (response.status_code, response.text) == (400, "Uploaded data must be a JSON array")
    assert web.ask("POST", "/items", content=b"[").status_code == 400
    assert web.post().json() == {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({}, 400, "'itemType' property not provided"),
        ({"itemType": "nothing"}, 400, "'nothing' is not a valid itemType"),
        ({"nothing": "x"}, 400, "Invalid property 'nothing'"),
        ({"publisher": "x"}, 400, "'publisher' is not a valid field for type 'preprint'"),
        ({"number": "x"}, 400, "'number' is not a valid field for type 'preprint'"),
        ({"publicationTitle": "x"}, 400, "'publicationTitle' is not a valid field for type 'preprint'"),
        ({"volume": "1"}, 400, "'volume' is not a valid field for type 'preprint'"),
        ({"title": ["x"]}, 400, "Unexpected array for property 'title'"),
        ({"accessDate": "yesterday"}, 400, "'accessDate' must be in ISO 8601"),
        ({"tags": "x"}, 400, "'tags' property must be an array"),
        ({"tags": ["x"]}, 400, "Tag must be an object"),
        ({"tags": [{"name": "x"}]}, 400, "Invalid tag property 'name'"),
        ({"creators": [{**AUTHOR, "lastName": "x"}]}, 400, "'firstName' creator field must be set"),
        ({"creators": [{"creatorType": "author", "name": "x", "firstName": ""}]}, 400, "mutually exclusive"),
        ({"creators": [{**AUTHOR, "name": "x"}, {**AUTHOR, "name": " "}]}, 400, "must contain"),
        ({"creators": [{"creatorType": "inventor", "name": "x"}]}, 400, "not a valid creator type for item"),
        ({"creators": [{"creatorType": "nobody", "name": "x"}]}, 400, "'nobody' is not a valid creator type"),
        ({"collections": ["x"]}, 400, "'x' is not a valid collection key"),
        ({"relations": {"dc:other": "x"}}, 400, "Unsupported predicate 'dc:other'"),
        ({"relations": {"dc:relation": "https://example.org"}}, 400, "must be Zotero item URIs"),
        ({"relations": "x"}, 400, "'relations' property must be an object"),
        ({"note": "x"}, 400, "'note' property is valid only for note and attachment items"),
        ({"parentItem": A}, 400, "Child item must be note or attachment"),
        ({"dateAdded": "then"}, 400, "'dateAdded' must be in ISO 8601"),
        ({"title": "x" * 70_000}, 413, "too long"),
        ({"tags": [{"tag": "x" * 256}]}, 413, "too long"),
    ],
)  # fmt: skip
def test_what_is_refused_of_an_item(web, sent, code, message):
    """Unknown property or a field of another type 400; too long 413; creators need both names."""
    base = {} if sent in ({}, {"itemType": "nothing"}) else {"itemType": "preprint"}
    found, said, _ = web.failed({**base, **sent})
    assert (found, message in said) == (code, True), said
    assert web.version() == 0


def test_a_field_that_is_too_long_is_named(web):
    assert web.failed({**PREPRINT, "abstractNote": "x" * 70_000})[2] == {"field": "abstractNote"}


def test_an_author_goes_with_every_type(web):
    """Creator types are those of the item type, and `author` with all of them [src]."""
    author = {"creatorType": "author", "firstName": "", "lastName": "X"}
    assert web.post({"itemType": "computerProgram", "creators": [author]}).json()["success"]


def test_the_citation_key_is_for_regular_items(web):
    """`citationKey` is native on every type but note, attachment and annotation."""
    assert web.post({**PREPRINT, "citationKey": "k"}).json()["success"]
    assert web.failed({"itemType": "note", "note": "x", "citationKey": "k"})[0] == 400


def test_what_an_item_names_must_exist(web):
    """A missing collection or parent: 409, the collection in `data`."""
    assert web.failed({**PREPRINT, "collections": [A]})[::2] == (409, {"collection": A})
    assert web.failed({"itemType": "note", "note": "x", "parentItem": A})[0] == 409


def test_values_are_not_stored_as_sent(web):
    """Trim, CRLF to LF, controls stripped, numbers to text, null to "", accessDate to ISO; the rest
    verbatim.
    """
    sent = {
        "itemType": "preprint",
        "title": "  e\u0301  <i>x</i>  $\\alpha$ ",
        "abstractNote": "a\r\nb\x01\x0bc\td",
        "date": " 2020/5 ",
        "place": None,
        "seriesNumber": 7,
        "accessDate": "2024-01-02 03:04:05",
        "relations": [],
        "tags": [{"tag": " b "}, {"tag": "a", "type": 1}, {"tag": "c", "type": 0}],
    }
    key = web.post(sent).json()["success"]["0"]
    data = web.data(key)
    assert data["title"] == "e\u0301  <i>x</i>  $\\alpha$"
    assert data["abstractNote"] == "a\nbc\td"
    assert (data["date"], data["place"], data["seriesNumber"]) == ("2020/5", "", "7")
    assert data["accessDate"] == "2024-01-02T03:04:05Z"
    assert data["relations"] == {}
    assert data["tags"] == [{"tag": "a", "type": 1}, {"tag": "b"}, {"tag": "c"}]
    again = {name: sent[name] for name in ("title", "abstractNote", "seriesNumber", "accessDate")}
    assert web.post({"key": key, "version": data["version"], **again}).json()["unchanged"] == {"0": key}


def test_a_change_of_type_moves_fields_and_drops_some(web):
    """preprint to journalArticle: the repository becomes the publisher, archiveID and genre are dropped."""
    key = web.add(title="t", repository="arXiv", archiveID="arXiv:1", genre="Preprint")[0]
    web.post({"key": key, "version": 1, "itemType": "journalArticle"})
    data = web.data(key)
    assert (data["title"], data["publisher"]) == ("t", "arXiv")
    assert "arXiv:1" not in data.values()
    assert "Preprint" not in data.values()


def test_the_trash_is_a_property(web):
    """`deleted: 1` trashes; a POST without it leaves the item there; version 0 on a trashed key: 412."""
    key = web.add(title="t")[0]
    web.post({"key": key, "version": 1, "deleted": 1})
    web.post({"key": key, "version": 2, "title": "u"})
    assert web.data(key)["deleted"] == 1
    assert web.failed({"key": key, "version": 0, **PREPRINT})[0] == 412
    web.post({"key": key, "version": 3, "deleted": 0})
    assert "deleted" not in web.data(key)


def test_the_date_of_change_is_the_servers_unless_sent(web):
    """dateModified moves with a change, unless it is sent; dateAdded cannot change."""
    key = web.add(title="t")[0]
    first = web.data(key)["dateModified"]
    web.emulator.clock.jump(60)
    web.post({"key": key, "version": 1, "title": "u"})
    assert web.data(key)["dateModified"] > first
    web.post({"key": key, "version": 2, "title": "v", "dateModified": "2020-01-02T03:04:05Z"})
    assert web.data(key)["dateModified"] == "2020-01-02T03:04:05Z"
    assert web.failed({"key": key, "version": 3, "dateAdded": "2020-01-02T03:04:05Z"})[0] == 400


def test_collections_are_objects_too(web):
    """Keys, versions, 412 on a second creation; a long name 413; a missing parent 409 [guess]."""
    sent = {"key": A, "version": 0, "name": "Lab"}
    assert web.post(sent, path="/collections").json()["success"] == {"0": A}
    assert web.failed(sent, "/collections")[0] == 412
    assert web.failed({"name": "x" * 256}, "/collections")[0] == 413
    assert web.failed({"name": ""}, "/collections")[0] == 400
    assert web.failed({}, "/collections")[0] == 400
    assert web.failed({"name": "x", "colour": "red"}, "/collections")[0] == 400
    assert web.failed({"name": "x", "parentCollection": B}, "/collections")[0] == 409


def test_deleting_a_collection_moves_no_item(web):
    """Memberships end, the items' versions stay; collections in it go with it [src]."""
    lab = web.emulator.library.add_collection("Lab")
    web.emulator.library.add_collection("Box", lab)
    key = web.add(collections=[lab])[0]
    before = web.data(key)
    web.ask("DELETE", f"/collections/{lab}", headers={"If-Unmodified-Since-Version": "1"})
    assert web.data(key) == {**before, "collections": []}
    assert web.get("/collections").json() == []
    assert web.get("/deleted", since=0).json()["collections"] == [lab]


def test_members_can_be_added_behind_the_versions_back(web):
    """The undocumented POST to a collection's items: 204; the library's version stays."""
    lab = web.emulator.library.add_collection("Lab")
    key = web.add()[0]
    web.add()
    response = web.ask("POST", f"/collections/{lab}/items", content=key.encode())
    assert response.status_code == 204
    assert (web.data(key)["collections"], web.data(key)["version"], web.version()) == ([lab], 3, 3)
    assert web.ask("DELETE", f"/collections/{lab}/items/{key}").status_code == 500


def test_the_deleted_are_logged_until_they_are_made_again(web):
    """DELETE: the key is in /deleted; created again with version 0 it leaves it; children go with their
    item.
    """
    key = web.add()[0]
    note = web.emulator.library.add(itemType="note", note="x", parentItem=key)
    web.ask("DELETE", "/items", params={"itemKey": key}, headers={"If-Unmodified-Since-Version": "2"})
    assert sorted(web.get("/deleted", since=2).json()["items"]) == sorted([key, note])
    assert web.get("/deleted", since=3).json()["items"] == []
    web.post({"key": key, "version": 0, **PREPRINT})
    assert web.get("/deleted", since=0).json()["items"] == [note]
    assert web.get("/deleted").status_code == 400
