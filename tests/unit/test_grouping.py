from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bibkit.model.grouping import group_same

TEXTS = st.sets(
    st.sampled_from(["doi:1", "doi:2", "arxiv:1", "arxiv:2", "title:a", "title:b", "title:c"]), max_size=4
)
THINGS = st.lists(TEXTS.map(lambda texts: tuple(sorted(texts))), max_size=9)


def ids_of(texts):
    return tuple(text for text in texts if not text.startswith("title:"))


def grouped(things):
    groups = group_same(things, [ids_of(thing) for thing in things], lambda number: things[number])
    return sorted(sorted(things[number] for number in group) for group in groups)


def kinds_clash(one, other):
    for kind in ("doi:", "arxiv:"):
        mine, others = ({text for text in texts if text.startswith(kind)} for texts in (one, other))
        if mine and others and not mine & others:
            return True
    return False


@given(THINGS)
def test_every_thing_is_in_one_group(things):
    groups = group_same(things, [ids_of(thing) for thing in things], lambda number: things[number])
    assert sorted(number for group in groups for number in group) == list(range(len(things)))
    assert all(group == sorted(group) for group in groups)


@given(THINGS, st.randoms(use_true_random=False))
def test_the_order_of_things_decides_nothing(things, random):
    shuffled = list(things)
    random.shuffle(shuffled)
    assert grouped(shuffled) == grouped(things)


@given(THINGS)
def test_things_without_clashes_are_joined_as_far_as_links_go(things):
    titles = [tuple(text for text in thing if text.startswith("title:")) for thing in things]
    groups = group_same(titles, [()] * len(titles), lambda number: titles[number])
    for one, other in combinations(groups, 2):
        assert not {text for number in one for text in titles[number]} & {
            text for number in other for text in titles[number]
        }
    assert len(groups) == len(components(titles))


@given(THINGS)
def test_a_group_holds_no_two_identifiers_of_a_kind_and_none_is_split_for_nothing(things):
    single = [
        tuple(text for text in thing if not (text.endswith("2") and text[:-1] + "1" in thing))
        for thing in things
    ]
    groups = group_same(single, [ids_of(thing) for thing in single], lambda number: single[number])
    held = [{text for number in group for text in single[number]} for group in groups]
    for texts in held:
        ids = ids_of(texts)
        assert len({text.partition(":")[0] for text in ids}) == len(ids)
    for one, other in combinations(held, 2):
        if one & other:
            assert kinds_clash(one, other)


def test_links_by_identifiers_weigh_more_than_links_by_title():
    things = [("title:a",), ("doi:2", "title:a"), ("doi:1", "title:a"), ("doi:1", "title:b")]
    assert grouped(things) == [
        [("doi:1", "title:a"), ("doi:1", "title:b"), ("title:a",)],
        [("doi:2", "title:a")],
    ]


def test_thousands_that_clash_take_time_in_proportion():
    things = [(f"doi:{number}", "title:editorial") for number in range(20_000)]
    assert len(grouped(things)) == 20_000
    chain = [(f"title:{number}", f"title:{number + 1}") for number in range(20_000)]
    assert len(grouped(chain[::-1])) == 1


def components(things):
    left, found = list(things), []
    while left:
        texts, group = set(left.pop()), 1
        while linked := [thing for thing in left if texts & set(thing)]:
            left = [thing for thing in left if not texts & set(thing)]
            texts = texts.union(*linked)
            group += len(linked)
        found.append(group)
    return found
