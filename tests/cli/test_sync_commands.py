"""The commands of sync against the emulated server, as a user and as a scheduler run them."""

import json
import re
import time

import pytest
from emulator import AddHeaders, Answer, Emulator
from emulator.fixtures import emulator, one_tls_context
from emulator.http import GROUP, KEY, READ_ONLY_KEY, USER

from bibkit.config import ZoteroSettings
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


def rewrite(page, old, new):
    page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


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


def test_long_values_are_shown_where_they_differ(bibkit, zotero, page):
    long = "The same words at the beginning of both, " * 9
    rewrite(page, "We present", f"{long} We present")
    bibkit("sync")
    rewrite(page, "We present", "We now present")
    (line,) = [line for line in bibkit("plan").out.splitlines() if "abstractNote" in line]
    old, new = line.split(" -> ")
    assert '"ginning of both, We present LipoAgent' in old
    assert '"ginning of both, We now present LipoAgent' in new
    assert len(line) < 300
    (shown,) = [a for a in json.loads(bibkit("plan", "--json").out)["actions"] if a["changes"]]
    assert shown["changes"][0]["old"].startswith(long[:80])
    assert shown["changes"][0]["new"].endswith("lipid design.")


def test_a_plan_says_of_everything_what_becomes_of_it(bibkit, zotero, page, monkeypatch):
    library = zotero.library
    theirs = library.add(
        itemType="preprint",
        title="LipoAgent: Coordinating Fine-Tuned LLM Agents for Safer Lipid Design",
        creators=[{"creatorType": "author", "firstName": "Leshu", "lastName": "Li"}],
        date="2026",
    )
    ran = bibkit("plan")
    assert f"adopt    li2026lipoagent ({theirs})" in ran.out
    assert 'citationKey: "" -> "li2026lipoagent"' in ran.out
    assert '    date: "2026" stays, not "2026-05-24"' in ran.out
    assert '    title: "MobiZO: Enabling Efficient LLM' in ran.out
    assert ran.out.splitlines()[-1] == "create 1, adopt 1"
    bibkit("sync")
    rewrite(page, "We present", "Here we present")
    key = next(key for key, item in library.items.items() if key != theirs)
    library.edit(key, title="Mine")
    ran = bibkit("plan")
    assert ran.out.splitlines()[-1] == "update 1, keep 1"
    library.edit(key, deleted=1)
    assert f"noop     gao2024mobizo ({key}): is in the trash; left there" in bibkit("plan").out
    library.delete("item", [key])
    assert "noop     gao2024mobizo: was deleted in the library; not made again" in bibkit("plan").out
    monkeypatch.setenv("BIBKIT_ZOTERO_ADOPT", "never")
    assert "update 1, noop 1" in bibkit("plan").out


def test_what_others_wrote_cannot_act_on_a_terminal(bibkit, zotero):
    bibkit("sync")
    key = next(iter(zotero.library.items))
    zotero.library.edit(key, title="\u202eelttiT \x9b2J\u200b", shortTitle="x")
    ran = bibkit("plan")
    assert '"\\u202eelttiT \\u009b2J\\u200b" stays' in ran.out
    assert ran.out.replace("\n", "").isprintable()


def test_a_report_says_all_that_a_scheduler_needs(bibkit, zotero):
    ran = bibkit("sync", "--json", "--quiet")
    assert ran.err == ""
    told = json.loads(ran.out)
    assert {name: told[name] for name in ("exit_code", "error", "written", "not_done", "gone")} == {
        "exit_code": 0,
        "error": None,
        "written": 2,
        "not_done": [],
        "gone": 0,
    }
    assert told["collections"] == ["Lab", "Reading list"]
    assert [action["kind"] for action in told["actions"]] == ["create", "create"]
    assert told["counts"]["create"] == 2
    again = json.loads(bibkit("sync", "--json").out)
    assert (again["up_to_date"], again["written"]) == (True, 0)
    told = json.loads(bibkit("status", "--json").out)
    assert (told["exit_code"], told["error"], told["works"]) == (0, None, 2)


def test_an_item_that_moved_is_not_done_and_told(bibkit, zotero, page):
    bibkit("sync")
    rewrite(page, "We ", "Here we ")
    bibkit("plan", "-o", "plan.json")
    first, second = zotero.library.items
    zotero.library.edit(first, place="Here")
    ran = bibkit("apply", "plan.json", "--json")
    assert ran.code == 75
    told = json.loads(ran.out)
    assert (told["written"], told["exit_code"]) == (1, 75)
    assert [each["item"] for each in told["not_done"]] == [first]
    assert "was changed since the plan was made" in told["not_done"][0]["message"]
    assert "update 2; 1 item written, 1 not done" in ran.err
    assert "Here we " not in zotero.library.items[first].data["abstractNote"]
    assert "Here we " in zotero.library.items[second].data["abstractNote"]
    again = bibkit("apply", "plan.json")
    assert (again.code, "0 items written, 1 not done, 1 done before" in again.err) == (75, True)
    assert bibkit("sync").code == 0


def test_the_log_says_when_and_where(bibkit, zotero, monkeypatch):
    zotero.faults.add(Answer(429, "slow", {"Retry-After": "7"}))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    lines = bibkit("sync").err.splitlines()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    assert re.fullmatch(f"{stamp} sync", lines[0])
    assert re.fullmatch(rf"{stamp} {zotero.url}: gets too many requests \(429\); waiting 7 s", lines[1])
    assert re.fullmatch(rf"{stamp} {zotero.url}/users/{USER}: create 2; 2 items written", lines[-1])
    zotero.faults.add(Answer(429, "slow", {"Retry-After": "7"}))
    assert bibkit("sync", "--quiet").err == ""


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


def test_a_run_that_ended_early_is_told_and_gone_on_with(bibkit, zotero, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    zotero.faults.add(Answer(503, "down"), method="POST", path="/items", times=1000)
    ran = bibkit("sync", "--json")
    assert (ran.code, json.loads(ran.out)["exit_code"]) == (75, 75)
    assert "is down for maintenance" in ran.err
    assert "unfinished:  2 items of a run that ended early" in bibkit("status").out
    assert json.loads(bibkit("status", "--json").out)["unfinished"] == 2
    zotero.faults.clear()
    assert "2 items written" in bibkit("sync").err
    assert "unfinished:  nothing" in bibkit("status").out


def test_what_the_server_refuses_is_told_and_the_rest_is_done(bibkit, zotero, page, monkeypatch):
    """A server of another schema: one work needs a field that it has not."""
    with Emulator(without=("numPages",)) as old:
        monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", old.url)
        book = "@book{b, title = {A Book}, author = {Ada Byron}, year = 2020, pagetotal = {9}}"
        (page.parent / "b.bib").write_text(book, encoding="utf-8")
        ran = bibkit("sync", "--json")
        assert ran.code == 65
        told = json.loads(ran.out)
        assert (told["written"], [each["citation_key"] for each in told["not_done"]]) == (2, ["b"])
        assert told["not_done"][0]["reason"] == "invalid"
        assert "not done: b: Invalid property 'numPages'" in ran.err
        assert "create 3; 2 items written, 1 not done" in ran.err
        assert len(old.library.items) == 2


def test_works_that_match_one_item_are_a_conflict(bibkit, zotero, page):
    entry = "@book{%s, title = {One Book}, author = {Ada Byron}, year = 2020, publisher = {%s}}\n"
    (page.parent / "b.bib").write_text(entry % ("one", "A") + entry % ("two", "B"), encoding="utf-8")
    creators = [{"creatorType": "author", "firstName": "Ada", "lastName": "Byron"}]
    key = zotero.library.add(itemType="book", title="One Book", creators=creators, date="2020")
    before = dict(zotero.library.items[key].data)
    shown = bibkit("plan").out
    assert f"conflict one ({key}): 2 works match the item {key}" in shown
    assert f"conflict two ({key}): 2 works match the item {key}" in shown
    assert bibkit("sync").code == 0
    assert zotero.library.items[key].data == before
    assert len(zotero.library.items) == 3


def test_works_that_are_gone_are_told_and_left(bibkit, zotero, page, project):
    bibkit("sync")
    text = page.read_text(encoding="utf-8")
    page.write_text(text[: text.index("78.4AI")], encoding="utf-8")
    assert "1 work gone from the sources; their items are left alone" in bibkit("plan").out
    assert bibkit("sync").code == 0
    assert "works:       2 (1 of them gone from the sources)" in bibkit("status").out
    assert len(zotero.library.items) == 2
    ran = bibkit("sync", page, "nowhere.txt")
    assert (ran.code, "--keep-going goes on with the others" in ran.err) == (65, True)
    ran = bibkit("sync", page, "nowhere.txt", "--keep-going")
    assert (ran.code, "nowhere.txt" in ran.err) == (65, True)
    assert len(zotero.library.items) == 2


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
    if name == "COLLECTION_KEY":
        monkeypatch.delenv("BIBKIT_ZOTERO_COLLECTION")
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


@pytest.mark.parametrize(
    ("library", "adopt", "place", "adopted"),
    [
        ("user", None, "Lab", True),
        ("user", None, None, True),
        ("user", "library", "Elsewhere", True),
        ("user", "collection", "Lab", True),
        ("user", "collection", "Elsewhere", False),
        ("user", "never", "Lab", False),
        ("group", None, "Lab", True),
        ("group", None, None, False),
        ("group", "library", "Elsewhere", True),
        ("group", "never", "Lab", False),
    ],
)
def test_what_is_there_is_adopted_where_it_may_be(
    bibkit, zotero, monkeypatch, *, library, adopt, place, adopted
):
    state = zotero.library if library == "user" else zotero.group
    monkeypatch.setenv("BIBKIT_ZOTERO_LIBRARY", f"{library}/{state.id}")
    monkeypatch.setenv("BIBKIT_ZOTERO_COLLECTION", "Lab")
    if adopt is not None:
        monkeypatch.setenv("BIBKIT_ZOTERO_ADOPT", adopt)
    shelves = {name: state.add_collection(name) for name in ("Lab", "Elsewhere")}
    theirs = state.add(
        itemType="preprint",
        title="LipoAgent: Coordinating Fine-Tuned LLM Agents for Safer Lipid Design",
        creators=[{"creatorType": "author", "firstName": "L.", "lastName": "Li"}],
        date="24 May 2026",
        collections=[] if place is None else [shelves[place]],
        tags=[{"tag": "mine"}],
    )
    before = dict(state.items[theirs].data)
    assert bibkit("sync").code == 0
    after = state.items[theirs].data
    assert len(state.items) == (2 if adopted else 3)
    if adopted:
        assert after["citationKey"] == "li2026lipoagent"
        assert set(after["collections"]) == {*before["collections"], shelves["Lab"]}
        assert {"mine"} < {tag["tag"] for tag in after["tags"]}
        kept = ("itemType", "title", "creators", "date")
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    else:
        assert after == before
    zotero.log.clear()
    assert bibkit("sync").code == 0
    assert zotero.writes == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_server_may_stand_under_a_path(bibkit, zotero, monkeypatch, project, slash):
    with Emulator(prefix="/gate/zotero") as behind:
        monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", behind.url + slash)
        for _ in range(150):
            behind.library.add(itemType="preprint", title="x")
        assert bibkit("sync").code == 0
        assert len(behind.library.items) == 152
        behind.log.clear()
        assert "nothing has changed" in bibkit("sync").err
        assert len(behind.log) == 1
        monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", behind.url.removesuffix("/zotero"))
        monkeypatch.setenv("BIBKIT_ZOTERO_STATE", str(project / "other"))
        ran = bibkit("sync")
        assert (ran.code, "Check the number" in ran.err) == (78, True)


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


def test_the_year_of_retrieval_may_be_said_to_each_run(bibkit, zotero, monkeypatch):
    monkeypatch.delenv("BIBKIT_AS_OF")
    unknown, said = bibkit("plan").out, bibkit("plan", "--as-of", "2026").out
    assert "li2026lipoagent" not in unknown
    assert "li2026lipoagent" in said
    assert bibkit("sync", "--as-of", "2026").code == 0
    assert "2026-05-24" in {stored.data["date"] for stored in zotero.library.items.values()}


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://zotero.example.invalid", True),
        ("http://192.0.2.1/api", True),
        ("https://zotero.example.invalid", False),
        ("http://localhost:9", False),
        ("http://127.0.0.1:9", False),
        ("http://[::1]:9", False),
    ],
)
def test_a_key_that_goes_over_the_network_in_the_clear_is_warned_of(endpoint, said):
    assert ZoteroSettings(endpoint=endpoint).is_overheard() is said


def test_the_warning_is_printed_by_a_quiet_run_too(bibkit, zotero, monkeypatch):
    monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", "http://zotero.invalid")
    ran = bibkit("sync", "--quiet")
    assert ran.code == 69
    assert "[unencrypted-key]" in ran.err
