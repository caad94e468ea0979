"""The commands of sync against the emulated server, as a user and as a scheduler run them."""

import json

import pytest
from emulator import AddHeaders, Answer, Emulator
from emulator.fixtures import emulator, one_tls_context
from emulator.http import GROUP, KEY, READ_ONLY_KEY, USER

from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.syncing import _not_carried

__all__ = ["emulator", "one_tls_context"]


@pytest.fixture
def zotero(emulator, page, monkeypatch):
    """The emulated server, named by the environment; two works in seeds/."""
    monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", emulator.url)
    monkeypatch.setenv("BIBKIT_ZOTERO_LIBRARY", f"user/{USER}")
    monkeypatch.setenv("BIBKIT_ZOTERO_COLLECTION", "Lab/Reading list")
    monkeypatch.setenv("BIBKIT_ZOTERO_API_KEY", KEY)
    monkeypatch.setenv("BIBKIT_AS_OF", "2026")
    return emulator


def titles(zotero):
    return sorted(stored.data["title"] for stored in zotero.library.items.values())


def test_a_sync_creates_and_the_next_asks_once_and_writes_nothing(bibkit, zotero):
    ran = bibkit("sync")
    assert (ran.code, ran.out) == (0, "")
    assert "2 items written" in ran.err
    assert len(titles(zotero)) == 2
    names = {each.data["name"] for each in zotero.library.collections.values()}
    assert names == {"Lab", "Reading list"}
    zotero.log.clear()
    again = bibkit("sync")
    assert again.code == 0
    assert "nothing has changed" in again.err
    assert [exchange.status for exchange in zotero.log] == [304]


def test_a_plan_is_shown_and_writes_nothing(bibkit, zotero, project):
    ran = bibkit("plan")
    assert ran.code == 1
    assert "create   gao2024mobizo" in ran.out
    assert "create 2" in ran.out
    assert zotero.writes == []
    assert sorted(path.name for path in project.iterdir()) == ["seeds"]
    assert bibkit("sync", "--dry-run").code == 0
    assert zotero.writes == []
    bibkit("sync")
    assert bibkit("plan").code == 0


def test_a_saved_plan_is_applied_and_applied_again(bibkit, zotero, project):
    assert bibkit("plan", "-o", "plan.json").code == 1
    assert (project / "exports" / "citekeys.jsonl").exists()
    ran = bibkit("apply", "plan.json", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["written"] == 2
    writes = len(zotero.writes)
    assert bibkit("apply", "plan.json").code == 0
    assert len(zotero.writes) == writes
    assert bibkit("plan").code == 0


def test_what_the_user_did_is_shown_and_stays(bibkit, zotero, page):
    bibkit("sync")
    key = next(key for key, each in zotero.library.items.items() if "MobiZO" in each.data["title"])
    zotero.library.edit(key, title="My own title")
    page.write_text(page.read_text(encoding="utf-8").replace("MobiZO: Enabling", "MobiZO: enabling"))
    shown = bibkit("plan").out
    assert f"update   gao2024mobizo ({key})" in shown or f"keep     gao2024mobizo ({key})" in shown
    assert '"My own title" stays' in shown
    ran = bibkit("sync", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["actions"][0]["kept"][0]["held"] == "My own title"
    assert "My own title" in titles(zotero)


def test_works_that_a_person_merged_leave_both_items_and_a_renamed_key_is_sent(bibkit, zotero):
    bibkit("sync")
    assert bibkit("keys", "merge", "gao2024mobizo", "li2026lipoagent").code == 0
    assert bibkit("keys", "rename", "li2026lipoagent", "mine").code == 0
    ran = json.loads(bibkit("sync", "--json").out)
    assert (ran["exit_code"], ran["written"], ran["gone"]) == (0, 1, 1)
    keys = {each.data["citationKey"] for each in zotero.library.items.values()}
    assert keys == {"mine", "li2026lipoagent"}
    writes = len(zotero.writes)
    assert bibkit("sync").code == 0
    assert len(zotero.writes) == writes


def test_status_says_what_there_is(bibkit, zotero):
    assert "last sync:   never" in bibkit("status").out
    bibkit("sync")
    ran = json.loads(bibkit("status", "--json").out)
    assert (ran["works"], ran["unfinished"], ran["target"]) == (2, 0, "Lab/Reading list")
    assert ran["last_sync"]
    assert "unfinished:  nothing" in bibkit("status").out


def test_the_brakes(bibkit, zotero, page):
    ran = bibkit("sync", "--max-changes", "1")
    assert ran.code == 65
    assert "2 items would be written" in ran.err
    assert zotero.writes == []
    assert bibkit("sync", "--max-changes", "2").code == 0
    text = page.read_text(encoding="utf-8")
    writes = len(zotero.writes)
    page.write_text("", encoding="utf-8")
    assert bibkit("sync").code == 65
    page.write_text(
        "LGSep 3, 2024\nAnother Paper on Rather Different ThingsAda Byron, Alan Turing\nWe show.\n"
    )
    ran = bibkit("sync")
    assert ran.code == 65
    assert "2 of 2 works that were synced before are gone" in ran.err
    assert len(zotero.writes) == writes
    assert bibkit("sync", "--allow-shrink").code == 0
    assert bibkit("sync").code == 0
    assert len(titles(zotero)) == 3
    page.write_text(text, encoding="utf-8")
    assert bibkit("sync", "--allow-shrink").code == 0
    assert len(titles(zotero)) == 3


@pytest.mark.parametrize("command", [("plan",), ("sync",), ("sync", "--dry-run")])
def test_a_wrong_key_is_refused_and_not_shown(bibkit, zotero, monkeypatch, command):
    monkeypatch.setenv("BIBKIT_ZOTERO_API_KEY", "wrongKey0123456789abcdef")
    ran = bibkit(*command)
    assert ran.code == 77
    assert "wrongKey" not in ran.err + ran.out


def test_a_key_that_may_only_read_plans_and_does_not_sync(bibkit, zotero, monkeypatch):
    monkeypatch.setenv("BIBKIT_ZOTERO_API_KEY", READ_ONLY_KEY)
    assert bibkit("plan").code == 1
    ran = bibkit("sync")
    assert ran.code == 77
    assert "may not write" in ran.err
    assert zotero.writes == []


def test_a_server_that_knows_no_citation_keys_gets_nothing(bibkit, zotero, monkeypatch):
    with Emulator(without=("citationKey",)) as old:
        monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", old.url)
        ran = bibkit("sync")
        assert ran.code == 69
        assert "knows no citation keys" in ran.err
        assert old.writes == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LIBRARY", "users/1", "zotero.library"),
        ("COLLECTION", "Lab//x", "empty name"),
        ("COLLECTION_KEY", "22222222", "is not in the library"),
        ("ENDPOINT", "http://user:secret@host", "plain http"),
    ],
)
def test_a_wrong_setting_is_78(bibkit, zotero, monkeypatch, *, name, value, said):
    monkeypatch.setenv(f"BIBKIT_ZOTERO_{name}", value)
    ran = bibkit("sync")
    assert (ran.code, said in ran.err, "secret" in ran.err) == (78, True, False)
    assert zotero.writes == []


def test_without_a_collection_or_a_key_it_says_so(bibkit, zotero, monkeypatch):
    monkeypatch.delenv("BIBKIT_ZOTERO_COLLECTION")
    ran = bibkit("sync")
    assert (ran.code, "neither is set" in ran.err) == (78, True)
    monkeypatch.delenv("BIBKIT_ZOTERO_API_KEY")
    ran = bibkit("sync")
    assert (ran.code, "there is no Zotero API key" in ran.err) == (78, True)


def test_a_path_that_fits_two_collections_is_78(bibkit, zotero):
    zotero.library.add_collection("Lab", None, "LABLAB22")
    zotero.library.add_collection("Reading list", "LABLAB22", "LIST2222")
    zotero.library.add_collection("Reading list", "LABLAB22", "LIST3333")
    ran = bibkit("sync")
    assert (ran.code, "fits 2 collections" in ran.err) == (78, True)


def test_a_page_of_html_is_no_library(bibkit, zotero, project):
    zotero.faults.add(Answer(200, "<html>log in</html>"), times=1000)
    ran = bibkit("sync")
    assert ran.code == 69
    assert "not one of Zotero's Web API" in ran.err


def test_a_group_adopts_in_its_collection_only(bibkit, zotero, monkeypatch):
    monkeypatch.setenv("BIBKIT_ZOTERO_LIBRARY", f"group/{GROUP}")
    assert bibkit("sync").code == 0
    assert len(zotero.group.items) == 2
    assert zotero.library.items == {}


@pytest.mark.parametrize("text", ["", "{}", '{"kind": "plan", "version": 9}', "<html>"])
def test_a_plan_that_is_none_is_65(bibkit, zotero, project, text):
    (project / "plan.json").write_text(text, encoding="utf-8")
    ran = bibkit("apply", "plan.json")
    assert (ran.code, "plan.json" in ran.err) == (65, True)
    assert bibkit("apply", "nowhere.json").code == 65
    assert zotero.writes == []


def test_a_stale_plan_and_one_of_another_library_are_refused(bibkit, zotero, page, monkeypatch):
    bibkit("plan", "-o", "plan.json")
    more = "\nLGSep 3, 2024\nAnother Paper on Rather Different ThingsAda Byron, Alan Turing\nWe show.\n"
    page.write_text(page.read_text(encoding="utf-8") + more, encoding="utf-8")
    bibkit("sync")
    writes = len(zotero.writes)
    ran = bibkit("apply", "plan.json")
    assert (ran.code, "stale" in ran.err) == (75, True)
    monkeypatch.setenv("BIBKIT_ZOTERO_LIBRARY", f"group/{GROUP}")
    assert bibkit("apply", "plan.json").code == 65
    assert len(zotero.writes) == writes


def test_a_damaged_state_stops_a_sync(bibkit, zotero, project):
    bibkit("sync")
    (state,) = project.glob(".bibkit/*/state.json")
    state.write_text("{", encoding="utf-8")
    writes = len(zotero.writes)
    for command in ("sync", "plan", "status"):
        ran = bibkit(command)
        assert (ran.code, "state.json" in ran.err) == (65, True)
    assert len(zotero.writes) == writes


def test_with_its_state_lost_it_makes_nothing_twice(bibkit, zotero, project):
    bibkit("sync")
    writes = len(zotero.writes)
    for path in project.glob(".bibkit/*/*"):
        path.unlink()
    assert bibkit("sync").code == 0
    assert len(titles(zotero)) == 2
    assert len(zotero.writes) == writes


def test_a_wish_for_a_pause_is_no_trouble(bibkit, zotero):
    zotero.faults.add(AddHeaders({"Backoff": "0"}), times=3)
    assert bibkit("sync").code == 0


def test_the_key_is_never_printed_or_kept(bibkit, zotero, project):
    ran = [bibkit("plan", "-o", "plan.json"), bibkit("apply", "plan.json", "--json"), bibkit("status")]
    assert not any(KEY in each.out + each.err for each in ran)
    written = [path for path in project.rglob("*") if path.is_file()]
    assert written
    assert not any(KEY in path.read_text(encoding="utf-8") for path in written)
    assert not any(KEY in exchange.path + str(exchange.query) for exchange in zotero.log)


def test_what_zotero_has_no_place_for_is_said():
    record = Record(type=ItemType.PREPRINT, title="T", volume="7", container_title="Journal")
    said = [str(each) for each in _not_carried([Entry(CitationKey("k"), record)])]
    assert len(said) == 2
    assert any("'volume'" in each and "1 entry (k)" in each for each in said)
