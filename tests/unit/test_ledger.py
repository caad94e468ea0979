import json
from dataclasses import replace

import pytest

from bibkit.citekeys import Claim, How, KeyLedger, Origin, Part, assign_keys, gather
from bibkit.errors import LedgerError
from bibkit.ledger import load_ledger, parse_ledger, render_ledger, save_ledger
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate

CLAIM = Claim(
    key="gao2024ethos",
    origin=Origin(("Lei Gao", "et al."), "ethos", "2024-09-23", ("doi:10.1000/a",)),
    fingerprints=("doi:10.1000/a", "title:ethosleigao"),
    aliases=("old",),
    how=How.PINNED,
    scheme=1,
    issued=3,
)
LINE = (
    '{"v": 1, "key": "gao2024ethos", "aliases": ["old"], "how": "pinned", "issued": 3, "scheme": 1, "origin":'
    ' {"creators": ["Lei Gao", "et al."], "title": "ethos", "date": "2024-09-23", "ids": ["doi:10.1000/a"],'
    ' "adopted": ""}, "fingerprints": ["doi:10.1000/a", "title:ethosleigao"]}\n'
)


def changed(**values):
    """The line with other values; `...` leaves one out."""
    value = json.loads(LINE) | values
    return json.dumps({name: part for name, part in value.items() if part is not ...})


def test_a_claim_is_a_line_in_a_fixed_order():
    assert render_ledger(KeyLedger((CLAIM,))) == LINE
    assert parse_ledger(LINE) == KeyLedger((CLAIM,))


def test_a_claim_with_merged_works_is_a_line_of_a_newer_version():
    part = Part(Origin(("A", "B"), "pathos", "2023", ()), ("b", "c"), ("title:pathosa",))
    claim = replace(CLAIM, aliases=("b", "c", "old"), merged=(part,))
    line = render_ledger(KeyLedger((claim,)))
    assert line.startswith('{"v": 2, ')
    assert line.endswith(
        ', "merged": [{"keys": ["b", "c"], "origin": {"creators": ["A", "B"], "title": "pathos",'
        ' "date": "2023", "ids": [], "adopted": ""}, "fingerprints": ["title:pathosa"]}]}\n'
    )
    assert parse_ledger(line).claims == (claim,)
    # A hand that forgot the aliases, or put lists out of order, loses nothing.
    value = json.loads(line)
    value["aliases"] = ["old"]
    value["merged"][0]["keys"] = ["c", "b", "c"]
    assert parse_ledger(json.dumps(value)).claims == (claim,)


@pytest.mark.parametrize("merged", [None, [{}], [{"keys": ["a b"], "origin": {}, "fingerprints": []}], "x"])
def test_a_merged_work_that_is_none_is_refused(merged):
    with pytest.raises(LedgerError, match=r"citekeys\.jsonl:1: is not a line of a ledger: merged"):
        parse_ledger(changed(v=2, merged=merged))


def test_an_empty_text_is_an_empty_ledger():
    assert parse_ledger("") == parse_ledger("\n \r\n") == KeyLedger()
    assert render_ledger(KeyLedger()) == ""


def test_lines_may_come_in_any_order_and_twice():
    other = changed(key="b")
    ledger = parse_ledger(f"{LINE}{other}\n{LINE}")
    assert [claim.key for claim in ledger.claims] == ["b", "gao2024ethos"]
    assert parse_ledger(f"{other}\r\n{LINE}") == ledger
    assert parse_ledger(f"{other}\n{LINE.rstrip()}") == ledger


def test_only_a_line_feed_ends_a_line():
    claim = Claim("k", Origin(("A\u2028\x85B\x0b\x1e",), "\u2029", "", ()), ("title:\u2028",))
    text = render_ledger(gather([claim]))
    assert text.count("\n") == 1
    assert parse_ledger(text).claims == (claim,)


def test_lists_that_a_hand_put_out_of_order_are_put_in_order():
    line = changed(aliases=["z", "gao2024ethos", "a", "z"], fingerprints=["title:b", "doi:a", "title:b"])
    [claim] = parse_ledger(line).claims
    assert (claim.aliases, claim.fingerprints) == (("a", "z"), ("doi:a", "title:b"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x", "Invalid JSON"),
        (LINE[:-20], "Invalid JSON"),
        (LINE.rstrip() * 2, "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON"),
        ("\ud800", "should be a valid string"),
        ('"\\ud800"', "Invalid JSON"),
        ("[]", "should be an object"),
        ("null", "should be an object"),
        (changed(v=...), "v: Field required"),
        (changed(v=0), "v: "),
        (changed(v=True), "v: "),
        (changed(v="2"), "v: "),
        (changed(key="a b"), "key: "),
        (changed(key=""), "key: "),
        (changed(key=7), "key: "),
        (changed(aliases=["a\nb"]), "aliases.0: "),
        (changed(how="guessed"), "how: "),
        (changed(issued=0), "issued: "),
        (changed(issued="1"), "issued: "),
        (changed(scheme=-1), "scheme: "),
        (changed(origin={}), "origin.creators: Field required"),
        (changed(fingerprints=["ethos"]), "fingerprints.0: "),
        (changed(fingerprints=...), "fingerprints: Field required"),
        (changed(note="mine"), "note: Extra inputs are not permitted"),
    ],
)
def test_what_is_not_a_claim_is_refused_with_its_line_and_what_to_do(line, said):
    with pytest.raises(LedgerError) as trouble:
        parse_ledger(f"{LINE}\n{line}\n", "keys/citekeys.jsonl")
    assert trouble.value.message.startswith("keys/citekeys.jsonl:3: is not a line of a ledger: ")
    assert said in trouble.value.message
    assert "older copy" in trouble.value.hint
    assert trouble.value.exit_code == 65


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", "||||||| base", ">>>>>>> branch"])
def test_marks_that_git_left_are_named(mark):
    with pytest.raises(LedgerError, match=r"citekeys\.jsonl:2: git left a conflict here") as trouble:
        parse_ledger(f"{LINE}{mark}\n{LINE}")
    assert "keep the lines of both sides" in trouble.value.hint


@pytest.mark.parametrize("line", ['{"v": 3}', changed(v=12, note="new")])
def test_a_newer_version_is_named(line):
    with pytest.raises(
        LedgerError, match=r"the ledger is of version (3|12), and this bibkit knows version 2 at most"
    ):
        parse_ledger(line)


def test_a_file_is_written_once_and_read_back(tmp_path):
    path = tmp_path / "citekeys.jsonl"
    records = [Record(type=ItemType.PREPRINT, title=title, creators=(Person("李", "白"),)) for title in "abç"]
    ledger = assign_keys(KeyLedger(), collate(records).works).ledger
    assert save_ledger(path, ledger) is True
    assert save_ledger(path, ledger) is False
    assert load_ledger(path) == ledger
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_ledger(path) == ledger
    path.write_text("x")
    with pytest.raises(LedgerError, match=r"citekeys\.jsonl:1: "):
        load_ledger(path)
