"""The law of renaming: whatever people, pages and branches do, every key that was ever issued resolves.

A machine that does it all in any order: records come and go, keys are pinned and renamed, works are merged,
two branches of the ledger grow apart and are united as git unites them, and old lines come back.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bibkit.citekeys import (
    How,
    KeyLedger,
    assign_keys,
    gather,
    merge_keys,
    pin_key,
    rename_key,
    resolve,
    settle,
    unite,
)
from bibkit.diagnostics import Source
from bibkit.errors import KeyTakenError
from bibkit.ledger import parse_ledger, render_ledger
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate

NAMES = st.sampled_from(["mine", "Mine", "yours", "gao2024ethos", "gao2024pathos-x", "Ключ:1"])
ALIASES = st.sampled_from(["", "", "a1", "A2, b3", "gao2024ethos, old", "OLD", "mine"])


@st.composite
def papers(draw):
    """One of a few papers, as a page or a file shows it: with identifiers or without."""
    number = draw(st.integers(1, 4))
    keyed = draw(st.booleans())
    return Record(
        type=ItemType.PREPRINT,
        title=f"{draw(st.sampled_from(['Ethos', 'Pathos']))} {number}",
        creators=(Person("Gao", "Lei"),),
        issued=PartialDate(2024),
        doi=draw(st.sampled_from([None, f"10.1000/{number}", f"10.1000/{number}.x"])),
        arxiv_id=draw(st.sampled_from([None, f"2401.0000{number}"])),
        brought_key=f"{draw(st.sampled_from('ab'))}{number}" if keyed else None,
        unmapped=(("ids", draw(ALIASES)),) if keyed else (),
        source=Source(
            draw(st.sampled_from(["a.bib", "b.bib"])) if keyed else "in.txt", draw(st.integers(1, 99))
        ),
    )


def one_a_key(records):
    """Of records of one file with one key the first: its reader sees to that."""
    kept = {}
    for record in records:
        place = (record.brought_key, record.source.path) if record.brought_key else id(record)
        kept.setdefault(place, record)
    return list(kept.values())


class Keys(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.records = []
        self.ledgers = [KeyLedger(), KeyLedger()]  # of the two branches
        self.lines = []  # every line that ever stood in a ledger
        self.issued = [set(), set()]  # the keys that a branch has to know
        self.merged = [[], []]  # pairs of keys that a person said are of one work

    def keep(self, branch, ledger):
        self.ledgers[branch] = ledger
        self.lines.extend(render_ledger(ledger).splitlines(keepends=True))
        self.issued[branch] |= set(resolve(ledger))

    def key(self, data, branch):
        return data.draw(st.sampled_from(sorted(resolve(self.ledgers[branch]))))

    @initialize(
        records=st.lists(papers(), min_size=2, max_size=6),
        more=st.lists(papers(), min_size=1, max_size=2),
        apart=st.booleans(),
        random=st.randoms(use_true_random=False),
    )
    def begin(self, records, more, apart, random):
        """The branches begin with what one of them issued, or know nothing of each other."""
        self.come(more)
        self.export(1, random)
        self.records = one_a_key(records)
        self.export(0, random)
        if not apart:
            self.fork(0)

    @rule(records=st.lists(papers(), min_size=1, max_size=3))
    def come(self, records):
        self.records = one_a_key(self.records + records)

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def go(self, data):
        self.records.remove(data.draw(st.sampled_from(self.records)))

    @rule(branch=st.integers(0, 1), random=st.randoms(use_true_random=False))
    def export(self, branch, random):
        works = list(collate(self.records).works)
        before = self.ledgers[branch]
        first = assign_keys(before, works)
        random.shuffle(works)
        assert assign_keys(before, works) == first
        again = assign_keys(first.ledger, works)
        assert (again.entries, again.ledger) == (first.entries, first.ledger)
        keys = [entry.key for entry in first.entries]
        assert len(set(keys)) == len(keys)
        written = [key for entry in first.entries for key in (entry.key, *entry.aliases)]
        assert len(set(written)) == len(written)
        after = resolve(first.ledger)
        for claim in before.claims:
            kept = after[claim.key]
            assert (kept.key, kept.origin, kept.how, kept.issued) == (
                claim.key,
                claim.origin,
                claim.how,
                claim.issued,
            )
            assert set(kept.all_fingerprints()) >= set(claim.all_fingerprints())
            assert [part.origin for part in kept.parts()] == [part.origin for part in claim.parts()]
        self.keep(branch, first.ledger)

    @rule(data=st.data(), branch=st.integers(0, 1))
    def pin(self, data, branch):
        change = pin_key(self.ledgers[branch], self.key(data, branch))
        assert change.after.how is How.PINNED
        self.keep(branch, change.ledger)

    @rule(data=st.data(), branch=st.integers(0, 1), new=NAMES, own=st.booleans())
    def rename(self, data, branch, new, own):
        ledger = self.ledgers[branch]
        old = self.key(data, branch)
        if own:
            new = data.draw(st.sampled_from(resolve(ledger)[old].all_keys()))
        others = {key.lower() for key, claim in resolve(ledger).items() if claim != resolve(ledger)[old]}
        if new.lower() in others:
            with pytest.raises(KeyTakenError):
                rename_key(ledger, old, new)
            return
        change = rename_key(ledger, old, new)
        assert resolve(change.ledger)[old].key == new
        self.keep(branch, change.ledger)

    @rule(data=st.data(), branch=st.integers(0, 1))
    def merge(self, data, branch):
        one, other = self.key(data, branch), self.key(data, branch)
        change = merge_keys(self.ledgers[branch], one, other)
        assert change.ledger == merge_keys(self.ledgers[branch], other, one).ledger
        self.merged[branch].append((one, other))
        self.keep(branch, change.ledger)

    @rule(branch=st.integers(0, 1))
    def fork(self, branch):
        self.ledgers[1 - branch] = self.ledgers[branch]
        self.issued[1 - branch] = set(self.issued[branch])
        self.merged[1 - branch] = list(self.merged[branch])

    @rule(branch=st.integers(0, 1), data=st.data())
    def unite(self, branch, data):
        """As `merge=union` does: the lines of both sides, and some that were gone come back."""
        mine, theirs = (render_ledger(ledger).splitlines(keepends=True) for ledger in self.ledgers)
        old = data.draw(st.lists(st.sampled_from(self.lines), max_size=3)) if self.lines else []
        lines = data.draw(st.permutations([*mine, *theirs, *old]))
        united = parse_ledger("".join(lines))
        assert united == unite(*self.ledgers, parse_ledger("".join(old)))
        settled = settle(united)
        assert settle(settled.ledger) == replace(settled, diagnostics=())
        self.issued[branch] = {*self.issued[0], *self.issued[1]}
        self.issued[branch] |= {
            key for claim in parse_ledger("".join(old)).claims for key in claim.all_keys()
        }
        self.merged[branch] = [*self.merged[0], *self.merged[1]]
        if settled.diagnostics:  # a key that stood for two works stands for one of them now
            self.merged[branch] = []
        self.keep(branch, settled.ledger)

    @invariant()
    def every_key_resolves(self):
        for ledger, issued, merged in zip(self.ledgers, self.issued, self.merged, strict=True):
            found = resolve(ledger)
            held = [key for claim in ledger.claims for key in claim.all_keys()]
            assert len(held) == len(set(held))
            assert issued <= set(found)
            for one, other in merged:
                assert found[one].key == found[other].key
            assert parse_ledger(render_ledger(ledger)) == ledger == gather(ledger.claims)


def listed(title, name):
    creators = (Person("Gao", name),)
    return Record(type=ItemType.PREPRINT, title=title, creators=creators, issued=PartialDate(2024))


LISTED = st.lists(
    st.builds(
        listed, st.sampled_from(["Ethos", "Ethos, again", "Pathos", "???"]), st.sampled_from(["Lei", "Li"])
    ),
    max_size=4,
)


@given(st.lists(LISTED, min_size=1, max_size=4), st.data())
def test_growth_changes_no_key_but_where_a_person_did(batches, data):
    ledger, records, before = KeyLedger(), [], {}
    for batch in batches:
        records = records + batch
        works = collate(records).works
        assignment = assign_keys(ledger, works)
        ledger = assignment.ledger
        found = resolve(ledger)
        after = {}
        for work in works:
            held = [entry for entry in assignment.entries if entry.record is work.record]
            if not held:  # it is one of several that are one, and another leads them
                keys = {found[before[id(source)]].key for source in work.sources if id(source) in before}
                held = [entry for entry in assignment.entries if entry.key in keys]
            after.update((id(source), held[0].key) for source in work.sources)
        for record, key in before.items():
            assert found[key].key == after[record]
        before = after
        for _ in range(data.draw(st.integers(0, 2)) if found else 0):
            one, other = (data.draw(st.sampled_from(sorted(found))) for _ in "ab")
            ledger = merge_keys(ledger, one, other).ledger
            ledger = rename_key(ledger, one, data.draw(st.sampled_from([one, other]))).ledger


TestKeys = Keys.TestCase
TestKeys.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
