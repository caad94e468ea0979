"""The laws of the three-way merge: the user's values stay, and a second run writes nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bibkit.sync.library import (
    CollectionKey,
    ItemCreator,
    ItemKey,
    ItemWrite,
    LibraryVersion,
    RemoteItem,
    Tag,
)
from bibkit.sync.merge import merge_item
from bibkit.sync.values import EXTRA, ItemValues, find_lines, put_line

# Small alphabets: what matters is which values are equal.
FIELDS = ("title", "date")
LABELS = ("bibkit score:", "arXiv:")
WORDS = ("a", "b", "c")
CREATORS = tuple(ItemCreator("author", word, "x") for word in WORDS)

some_fields = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(WORDS))
some_lines = st.sets(st.sampled_from(LABELS)).flatmap(
    lambda labels: st.fixed_dictionaries(
        {label: st.sampled_from(WORDS).map(f"{label} ".__add__) for label in labels}
    )
)
some_creators = st.lists(st.sampled_from(CREATORS), max_size=2).map(tuple)
some_tags = st.lists(
    st.builds(Tag, st.sampled_from(WORDS), st.booleans()), unique_by=lambda tag: tag.name
).map(tuple)
some_collections = st.lists(st.sampled_from([CollectionKey(word) for word in WORDS]), unique=True).map(tuple)
values = st.builds(
    ItemValues,
    type=st.just("preprint"),
    fields=some_fields,
    creators=some_creators,
    tags=some_tags,
    lines=some_lines,
    collections=some_collections,
)
extras = st.lists(
    st.sampled_from(["mine", "", "bibkit score: a", "bibkit score: b", "arXiv: c", "Citation Key: x"]),
    max_size=4,
).map(lambda lines: "\n".join(lines).strip())


@st.composite
def remotes(draw):
    fields = dict(draw(some_fields))
    if extra := draw(extras):
        fields[EXTRA] = extra
    return RemoteItem(
        key=ItemKey("A2345678"),
        version=LibraryVersion(7),
        type="preprint",
        fields=fields,
        creators=draw(some_creators),
        tags=draw(some_tags),
        collections=draw(some_collections),
    )


bases = st.none() | values


def after(write: ItemWrite | None, remote: RemoteItem) -> RemoteItem:
    """The item after a write, as a library makes it."""
    if write is None:
        return remote
    fields = {name: value.strip() for name, value in {**remote.fields, **write.fields}.items()}
    return replace(
        remote,
        fields={name: value for name, value in fields.items() if value},
        creators=remote.creators if write.creators is None else write.creators,
        tags=remote.tags if write.tags is None else write.tags,
        collections=remote.collections if write.collections is None else write.collections,
    )


@given(bases, values, remotes())
def test_a_second_merge_writes_nothing(base, desired, remote):
    first = merge_item(base, desired, remote)
    second = merge_item(first.base, desired, after(first.write, remote))
    assert second.write is None
    # What the user has in place of a value that is not wanted any more is told once.
    assert second.kept == tuple(kept for kept in first.kept if kept.wanted)


@given(bases, values, remotes())
def test_a_merge_that_was_cut_off_is_made_again(base, desired, remote):
    # The write took effect, and the base is still the old one.
    first = merge_item(base, desired, remote)
    assert merge_item(base, desired, after(first.write, remote)).write is None


@given(values, values, remotes())
def test_what_the_user_changed_stays(base, desired, remote):
    result = after(merge_item(base, desired, remote).write, remote)
    for name in FIELDS:
        if remote.fields.get(name, "") != base.fields.get(name, ""):
            assert result.fields.get(name) == remote.fields.get(name)
    if remote.creators != base.creators:
        assert result.creators == remote.creators
    for label in LABELS:
        held = find_lines(remote.fields.get(EXTRA, ""), label)
        if held != base.lines.get(label, ""):
            assert find_lines(result.fields.get(EXTRA, ""), label) == held


@given(values, values, remotes())
def test_what_only_bibkit_changed_is_written(base, desired, remote):
    result = after(merge_item(base, desired, remote).write, remote)
    for name in FIELDS:
        if remote.fields.get(name, "") == base.fields.get(name, ""):
            assert result.fields.get(name, "") == desired.fields.get(name, "")


@given(values, remotes())
def test_adoption_fills_and_never_replaces(desired, remote):
    result = after(merge_item(None, desired, remote).write, remote)
    for name in FIELDS:
        assert result.fields.get(name, "") == (remote.fields.get(name) or desired.fields.get(name, ""))
    assert result.creators == (remote.creators or desired.creators)


@given(bases, values, remotes())
def test_tags_and_memberships_are_only_added(base, desired, remote):
    write = merge_item(base, desired, remote).write
    result = after(write, remote)
    assert result.tags[: len(remote.tags)] == remote.tags
    assert result.collections[: len(remote.collections)] == remote.collections
    if write is not None and write.tags is not None:
        assert len(write.tags) > len(remote.tags)  # never sent where they are the same
        assert len({tag.name for tag in write.tags}) == len(write.tags)


@given(values, values, remotes())
def test_what_the_user_took_off_is_not_put_back(base, desired, remote):
    result = after(merge_item(base, desired, remote).write, remote)
    removed = {tag.name for tag in base.tags} - {tag.name for tag in remote.tags}
    assert not removed & {tag.name for tag in result.tags}
    assert not (set(base.collections) - set(remote.collections)) & set(result.collections)


@st.composite
def edits(draw):
    """What a user does to an item between two syncs."""
    fields = dict(draw(some_fields)) if draw(st.booleans()) else None
    taken = draw(st.sets(st.sampled_from(WORDS)))
    extra = draw(st.none() | extras)
    return fields, taken, extra


def edited(item: RemoteItem, edit) -> RemoteItem:
    fields, taken, extra = edit
    held = dict(item.fields if fields is None else fields | {EXTRA: item.fields.get(EXTRA, "")})
    if extra is not None:
        held[EXTRA] = extra
    return replace(
        item,
        fields={name: text for name, text in held.items() if text},
        tags=tuple(tag for tag in item.tags if tag.name not in taken),
        collections=tuple(key for key in item.collections if key not in taken),
    )


@given(remotes(), st.lists(st.tuples(values, edits()), max_size=5))
def test_what_the_user_took_away_never_comes_back_however_sources_change(remote, story):
    # The base that a merge gives is the next one's; the user acts after each of them.
    base, item = None, remote
    emptied, untagged, moved = set(), set(), set()
    for desired, edit in story:
        merge = merge_item(base, desired, item)
        base, item = merge.base, after(merge.write, item)
        assert not untagged & {tag.name for tag in item.tags}
        assert not moved & set(item.collections)
        assert not emptied & set(item.fields)
        before, item = item, edited(item, edit)
        untagged |= {tag.name for tag in base.tags} - {tag.name for tag in item.tags}
        moved |= set(base.collections) - set(item.collections)
        untagged -= {tag.name for tag in item.tags}
        moved -= set(item.collections)
        emptied |= {name for name in before.fields if base.fields.get(name)}
        emptied -= set(item.fields)


@given(values)
def test_a_value_that_went_with_the_type_and_was_emptied_stays_empty(desired):
    # The user makes a preprint an article: the server puts the repository into another field, the user
    # empties that one.
    base = ItemValues(type="preprint", fields={"repository": "arXiv"})
    item = RemoteItem(key=ItemKey("A2345678"), version=LibraryVersion(2), type="journalArticle")
    wanted = replace(desired, type="journalArticle", fields={**desired.fields, "publisher": "arXiv"})
    first = merge_item(base, wanted, item)
    assert "publisher" not in after(first.write, item).fields
    second = merge_item(first.base, wanted, after(first.write, item))
    assert second.write is None


@given(bases, values, remotes())
def test_lines_of_others_stay_in_their_order(base, desired, remote):
    result = after(merge_item(base, desired, remote).write, remote)

    def foreign(item: RemoteItem) -> list[str]:
        lines = item.fields.get(EXTRA, "").split("\n")
        return [line for line in lines if line and not line.startswith(LABELS)]

    assert foreign(result) == foreign(remote)


@given(bases, values, remotes())
def test_changes_say_what_the_write_does(base, desired, remote):
    merge = merge_item(base, desired, remote)
    assert (merge.write is None) == (not merge.changes)
    assert not {change.name for change in merge.changes} & {kept.name for kept in merge.kept}
    for change in merge.changes:
        assert change.old != change.new
    if merge.write is not None:
        assert (merge.write.key, merge.write.version, merge.write.type) == (remote.key, remote.version, None)
        assert after(merge.write, remote) != remote


def test_the_base_is_what_was_wanted_and_not_what_was_there():
    # The counter-example that the module's law comes from.
    wanted = ItemValues(type="preprint", fields={"title": "a"})
    edited = RemoteItem(
        key=ItemKey("A2345678"), version=LibraryVersion(1), type="preprint", fields={"title": "b"}
    )
    assert merge_item(wanted, wanted, edited).write is None
    held = ItemValues(type="preprint", fields={"title": "b"})
    write = merge_item(held, wanted, edited).write
    assert write is not None
    assert write.fields == {"title": "a"}


@given(extras, st.sampled_from(LABELS), st.sampled_from(WORDS))
def test_a_line_is_put_where_it_was(extra, label, word):
    line = f"{label} {word}"
    held = find_lines(extra, label)
    result = put_line(extra, label, line)
    assert find_lines(result, label).split("\n") == [line, *held.split("\n")[1:]]
    if held:
        assert len(result.split("\n")) == len(extra.split("\n"))
    assert put_line(result, label, line) == result
