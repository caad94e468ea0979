from dataclasses import replace

from bibkit.formats.bibtex.reader import read_bibtex
from bibkit.model.work import CitationKey, Entry
from bibkit.pipeline.references import parents_of


def entries(text, path="a.bib"):
    return [Entry(CitationKey(record.brought_key), record) for record in read_bibtex(text, path).records]


def keys(found):
    return [entry.key for entry in found]


def test_parents_come_behind_and_bring_theirs():
    found = entries(
        "@book{top, title={T}} @proceedings{p, title={P}, xref={TOP}} @misc{set, entryset={a, p}, title={S}}"
        "@inproceedings{a, title={A}, crossref={p}} @misc{other, title={O}}"
    )
    by_key = {entry.key: entry for entry in found}
    assert keys(parents_of([by_key["a"]], found)) == ["a", "p", "top"]
    assert keys(parents_of([by_key["top"], by_key["p"], by_key["a"]], found)) == ["a", "p", "top"]
    assert keys(parents_of([by_key["other"], by_key["set"]], found)) == ["other", "set", "a", "p", "top"]


def test_a_parent_is_of_the_same_file_and_may_be_missing():
    child = entries("@misc{a, title={A}, xref={p, gone}}")
    assert keys(parents_of(child, [*child, *entries("@misc{p, title={P}}", "b.bib")])) == ["a"]


def test_a_ring_ends():
    found = entries(
        "@misc{a, title={A}, xref={b}} @misc{b, title={B}, xref={a}} @misc{c, title={C}, xref={c}}"
    )
    assert sorted(keys(parents_of(found, found))) == ["a", "b", "c"]


def test_an_entry_under_two_keys_brings_its_parent_once():
    found = entries("@inproceedings{a, title={A}, crossref={p}} @proceedings{p, title={P}}")
    twice = [found[0], replace(found[0], key=CitationKey("old"))]
    assert keys(parents_of(twice, found)) == ["a", "old", "p"]
