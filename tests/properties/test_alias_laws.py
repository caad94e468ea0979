"""Entries for older keys come back as older keys, whatever records, keys and files hold."""

import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from bibkit.citekeys.aliases import aliases_of, with_alias_entries, without_alias_entries
from bibkit.formats.bibtex import write_bibtex
from bibkit.formats.bibtex.reader import read_bibtex
from bibkit.model.work import CitationKey, Entry

KEYS = st.text("abAB_:&$-.ö", min_size=1, max_size=3).map(CitationKey)
ENTRIES = st.lists(
    st.builds(Entry, KEYS, strategies.records(), st.lists(KEYS, max_size=3, unique=True).map(tuple)),
    max_size=4,
    unique_by=lambda entry: entry.key,
)


@settings(max_examples=50)
@given(ENTRIES, st.booleans())
def test_entries_for_older_keys_are_read_back_as_older_keys(entries, ascii_):
    doubled = with_alias_entries(entries)
    keys = [entry.key for entry in doubled]
    assert keys == sorted(keys)
    main = {entry.key for entry in entries}
    own = {key.lower() for key in main}
    added = [key for key in keys if key not in main]
    assert len({key.lower() for key in added} - own) == len(added)
    text = write_bibtex(doubled, ascii=ascii_).text
    records, _ = without_alias_entries(read_bibtex(text, "library.bib").records)
    assert [record.brought_key for record in records] == sorted(main)
    wanted = {
        (alias, entry.key)
        for entry in entries
        for alias in entry.aliases
        if sum(alias.lower() == key.lower() for one in entries for key in (one.key, *one.aliases)) == 1
    }
    found = {(alias, record.brought_key) for record in records for alias in aliases_of(record)}
    assert wanted <= found
    # What has no entry of its own stands in a list, unless biber would refuse the file for it.
    assert {alias for alias, _ in found} <= {alias for entry in entries for alias in entry.aliases}
