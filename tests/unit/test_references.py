from dataclasses import replace

from bibkit.formats.bibtex.reader import read_bibtex
from bibkit.model.work import CitationKey, Entry
from bibkit.pipeline.references import REFERENCES, with_parents


def entries(text, path="a.bib"):
    return [Entry(CitationKey(record.brought_key), record) for record in read_bibtex(text, path).records]


def ordered(found, all_entries, names=REFERENCES):
    return [entry.key for entry in with_parents(found, all_entries, names=names)]


def test_parents_come_behind_and_bring_theirs():
    found = entries(
        "@book{top, title={T}} @proceedings{p, title={P}, xref={TOP}} @misc{set, entryset={a, p}, title={S}}"
        "@inproceedings{a, title={A}, crossref={p}} @misc{other, title={O}}"
    )
    by_key = {entry.key: entry for entry in found}
    assert ordered([by_key["a"]], found) == ["a", "p", "top"]
    assert ordered([by_key["a"]], found, {"crossref"}) == ["a", "p"]
    assert ordered([by_key["top"], by_key["p"], by_key["other"], by_key["a"]], found) == [
        "other",
        "a",
        "p",
        "top",
    ]
    assert ordered([by_key["top"], by_key["p"], by_key["other"]], found, {"crossref"}) == [
        "top",
        "p",
        "other",
    ]
    assert ordered([by_key["other"], by_key["set"]], found) == ["other", "set", "a", "p", "top"]


def test_a_parent_is_of_the_same_file_and_may_be_missing():
    child = entries("@misc{a, title={A}, xref={p, gone}}")
    assert ordered(child, [*child, *entries("@misc{p, title={P}}", "b.bib")]) == ["a"]


def test_a_ring_ends():
    found = entries(
        "@misc{a, title={A}, xref={b}} @misc{b, title={B}, xref={a}} @misc{c, title={C}, xref={c}} @misc{d}"
    )
    assert ordered(found, found) == ["d", "a", "b", "c"]


def test_an_entry_under_two_keys_brings_its_parent_once():
    found = entries("@inproceedings{a, title={A}, crossref={p}} @proceedings{p, title={P}}")
    twice = [found[1], found[0], replace(found[0], key=CitationKey("old"))]
    assert ordered(twice, found) == ["a", "old", "p"]


def test_a_long_chain_takes_its_time():
    chain = (
        "".join(f"@misc{{k{n}, title={{T}}, xref={{k{n + 1}}}}}" for n in range(3_000))
        + "@misc{k3000, note={x}}"
    )
    found = entries(chain)
    assert ordered(found[:1], found) == [f"k{n}" for n in range(3_001)]
    assert ordered(found[::-1], found) == [f"k{n}" for n in range(3_001)]
