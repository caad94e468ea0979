"""Collation: entries of one file stay apart, and keys stay whatever order the sources come in."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bibkit.citekeys import KeyLedger, assign_keys
from bibkit.diagnostics import Source
from bibkit.model.dates import PartialDate
from bibkit.model.identity import strong_ids
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate

KEYED = {"a.ris", "b.json"}
FEW = st.builds(
    Record,
    type=st.just(ItemType.ARTICLE),
    title=st.sampled_from(["Editorial", "One", None]),
    creators=st.sampled_from([(), (Person("Doe", "Jane"),), (Person("Roe"),)]),
    issued=st.sampled_from([None, PartialDate(2020), PartialDate(2021)]),
    doi=st.sampled_from([None, None, "10.1000/a", "10.1000/b"]),
    brought_key=st.sampled_from([None, None, "k", "l"]),
    source=st.builds(Source, st.sampled_from(["a.ris", "b.json", "page.txt"]), st.just(1)),
)


def on_lines(records):
    """Return the records, each on a line of its own; a listing brings no key."""
    return [
        replace(
            record,
            source=Source(record.source.path, line),
            brought_key=record.brought_key if record.source.path in KEYED else None,
        )
        for line, record in enumerate(records, 1)
    ]


@given(st.lists(FEW, max_size=6).map(on_lines))
def test_no_work_has_two_entries_of_one_file_or_two_identifiers_of_a_kind(records):
    works = collate(records, KEYED).works
    assert sum(len(work.sources) for work in works) == len(records)
    for work in works:
        files = [source.source.path for source in work.sources if source.source.path in KEYED]
        assert len(files) == len(set(files))
        assert len({text for source in work.sources for text in strong_ids(source)}) <= 1


@given(st.lists(FEW, max_size=6).map(on_lines), st.randoms(use_true_random=False))
def test_keys_stay_in_the_next_run_and_in_any_order(records, random):
    first = assign_keys(KeyLedger(), collate(records, KEYED).works)
    shuffled = random.sample(records, len(records))
    again = assign_keys(first.ledger, collate(shuffled, KEYED).works)
    assert again.entries == first.entries
    assert again.ledger == first.ledger
    assert assign_keys(KeyLedger(), collate(shuffled, KEYED).works).entries == first.entries
