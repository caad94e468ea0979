"""What an entry says as an item: the server takes all of it, and gives back what it took."""

from emulator import LibraryState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import HOSTILE, KEYS, records

from bibkit.model.work import Entry
from bibkit.sync.library import NEW, ItemKey, ItemWrite
from bibkit.sync.merge import merge_item
from bibkit.sync.values import EXTRA, ItemValues
from bibkit.zotero import wire
from bibkit.zotero.item import FIELDS, UNMAPPED, stored_text, to_values
from bibkit.zotero.schema import complaints, item_types

KEY = ItemKey("A2345678")
types = st.none() | st.sampled_from(sorted(item_types()))
# One piece of hostile text a field: whole texts of them take long to draw.
text = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=4)
unmapped = st.dictionaries(st.sampled_from([*UNMAPPED, "x"]), text, max_size=3).map(
    lambda found: tuple(found.items())
)
one_entry = st.builds(
    Entry, key=KEYS, record=records(text, unmapped=unmapped), aliases=st.lists(KEYS, max_size=1).map(tuple)
)
# Records are large, and machines are slow.
some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stored(values: ItemValues):
    """The item as the server holds it after it was created with these values."""
    state = LibraryState("users", 1, item_types(), lambda: 0.0)
    fields = {**values.fields, EXTRA: "\n".join(values.lines.values())}
    write = ItemWrite(
        key=KEY, version=NEW, type=values.type, fields=fields, creators=values.creators, tags=values.tags
    )
    report, _ = state.write_many("item", [wire.write_item(write)], checked=False)
    assert not report["failed"], report["failed"]
    item = state.items[KEY]
    return wire.read_item({"data": {"key": KEY, "version": item.version, **item.data}}, "")


@some
@given(one_entry, types)
def test_the_server_takes_what_is_said(entry: Entry, item_type):
    values = to_values(entry, item_type).values
    assert complaints(values.type, values.fields, [creator.type for creator in values.creators]) == ()
    stored(values)


@some
@given(one_entry, types)
def test_what_was_written_needs_no_second_write(entry: Entry, item_type):
    values = to_values(entry, item_type).values
    remote = stored(values)
    for base in (values, None):
        merge = merge_item(base, values, remote)
        assert merge.write is None
        assert merge.kept == ()


@some
@given(one_entry)
def test_every_text_is_said_or_told(entry: Entry):
    said = to_values(entry)
    texts = {*said.values.fields.values(), *(tag.name for tag in said.values.tags)}
    for name, _ in FIELDS:
        text = stored_text(getattr(entry.record, name) or "")
        assert not text or text in texts or name in said.not_carried
    for name, value in entry.record.unmapped:
        assert not stored_text(value) or stored_text(value) in texts or name in said.not_carried
    for creator in said.values.creators:
        assert creator.name or creator.given
    assert len(said.values.creators) == len(entry.record.creators) or "creators" in said.not_carried
