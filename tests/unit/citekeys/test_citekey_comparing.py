"""Which keys of an earlier ledger are lost in a later one."""

from dataclasses import replace

from bibkit.citekeys import Claim, KeyLedger, Origin, gather, merge_keys, rename_key
from bibkit.citekeys.comparing import lost_keys


def claim(key, title, **values):
    return Claim(key, Origin(("Lei Gao",), title, "2024", ()), (f"title:{title}leigao",), **values)


ETHOS, PATHOS = claim("ethos", "ethos"), claim("pathos", "pathos", aliases=("old",))
LEDGER = gather([ETHOS, PATHOS])


def found(after):
    return [(lost.key, lost.was.key, lost.now and lost.now.origin.title) for lost in lost_keys(LEDGER, after)]


def test_nothing_is_lost_where_nothing_changed_or_something_came():
    assert found(LEDGER) == []
    assert found(gather([*LEDGER.claims, claim("new", "logos")])) == []


def test_what_a_person_did_loses_no_key():
    renamed = rename_key(LEDGER, "pathos", "mine").ledger
    assert found(renamed) == []
    merged = merge_keys(renamed, "mine", "ethos").ledger
    assert found(merged) == []
    assert lost_keys(merged, merged) == ()


def test_a_key_that_is_gone_is_lost_and_so_is_an_alias():
    assert found(gather([ETHOS])) == [("old", "pathos", None), ("pathos", "pathos", None)]
    assert found(gather([ETHOS, replace(PATHOS, aliases=())])) == [("old", "pathos", None)]
    assert len(found(KeyLedger())) == 3


def test_a_key_of_another_work_is_lost():
    other = claim("ethos", "logos")
    assert found(gather([other, PATHOS])) == [("ethos", "ethos", "logos")]


def test_a_work_that_a_line_of_another_branch_took_in_is_the_same():
    taken_in = replace(
        ETHOS,
        origin=Origin(("Lei Gao", "Li Li"), "ethos", "2024", ()),
        fingerprints=("doi:1", *ETHOS.fingerprints),
    )
    assert found(gather([taken_in, PATHOS])) == []


def test_a_merge_that_is_undone_by_hand_loses_no_key():
    assert lost_keys(merge_keys(LEDGER, "ethos", "pathos").ledger, LEDGER) == ()
