import pytest

from bibkit.citekeys import Claim, How, KeyLedger, Origin, gather, resolve, settle, unite
from bibkit.citekeys.scheme import content_letters
from bibkit.diagnostics import Severity


def claim(key, title="ethos", *, ids=(), prints=None, **values):
    origin = values.pop("origin", Origin(("Lei Gao",), title, "2024", tuple(ids)))
    fingerprints = (*ids, f"title:{title}leigao") if prints is None else prints
    return Claim(key, origin, tuple(sorted(fingerprints)), **values)


def suffix(one, length=3):
    return content_letters(one.origin)[:length]


def settled(*claims):
    result = settle(gather(claims))
    assert settle(gather(claims[::-1])) == result
    assert settle(result.ledger).ledger == result.ledger
    return result.ledger.claims, [diagnostic.message for diagnostic in result.diagnostics]


def test_a_settled_ledger_stays_as_it_is():
    ledger = gather([claim("b", "b"), claim("a", "a", aliases=("c",))])
    assert [one.key for one in ledger.claims] == ["a", "b"]
    assert settle(ledger).ledger is ledger
    assert settle(KeyLedger()).diagnostics == ()
    assert {key: one.key for key, one in resolve(ledger).items()} == {"a": "a", "b": "b", "c": "a"}


def test_lines_of_one_key_and_origin_are_joined():
    one = claim("k", prints=("title:a",), aliases=("x",), issued=2, how=How.ADOPTED, scheme=2)
    other = claim("k", prints=("doi:b",), aliases=("y",), issued=1, how=How.MADE)
    expected = claim("k", prints=("doi:b", "title:a"), aliases=("x", "y"), issued=1, how=How.ADOPTED)
    assert unite(gather([one]), gather([other])).claims == (expected,)
    assert unite(gather([other]), gather([one])).claims == (expected,)
    assert unite() == KeyLedger()


def test_same_key_same_work_is_one_claim():
    first = claim("k", origin=Origin(("Lei Gao", "et al."), "ethos", "2024", ()), issued=2)
    second = claim("k", origin=Origin(("Lei Gao", "Li Li"), "ethos", "2024", ()), issued=1, aliases=("x",))
    claims, said = settled(first, second)
    assert said == []
    assert claims == (second,)


@pytest.mark.parametrize(
    ("values", "others", "leader"),
    [
        ({"how": How.PINNED, "issued": 9}, {"how": How.ADOPTED, "issued": 1}, "a"),
        ({"how": How.MADE, "issued": 1}, {"how": How.ADOPTED, "issued": 9}, "b"),
        ({"issued": 2}, {"issued": 1}, "b"),
        ({}, {}, "a"),
    ],
)
def test_a_shared_alias_makes_claims_of_one_work_one(values, others, leader):
    claims, said = settled(claim("a", aliases=("x",), **values), claim("b", aliases=("x",), **others))
    assert said == []
    assert len(claims) == 1
    assert claims[0].key == leader
    assert set(claims[0].all_keys()) == {"a", "b", "x"}
    assert claims[0].issued == min(values.get("issued", 1), others.get("issued", 1))


def test_a_renamed_key_and_its_old_line_are_one():
    renamed = claim("mine", aliases=("gao2024ethos",), how=How.PINNED, issued=3)
    claims, said = settled(renamed, claim("gao2024ethos", issued=3))
    assert (claims, said) == ((renamed,), [])


def test_same_key_different_works_the_older_keeps_it():
    older, younger = claim("k", "pathos", issued=1), claim("k", "ethos", issued=2, how=How.PINNED)
    claims, said = settled(younger, older)
    moved = f"k-{suffix(younger)}"
    assert [one.key for one in claims] == ["k", moved]
    assert claims[0] == older
    assert (claims[1].origin, claims[1].how, claims[1].issued) == (younger.origin, How.MADE, 2)
    kept = 'citation key k was issued to two works: it stays that of "pathos" (Lei Gao, 2024);'
    assert said == [f'{kept} the key of "ethos" (Lei Gao, 2024) is {moved}']
    assert settle(gather([older, younger])).diagnostics[0].severity is Severity.ERROR


def test_of_the_same_age_the_lower_origin_keeps_it():
    claims, _ = settled(claim("k", "b"), claim("k", "a"), claim("k", "c"))
    assert claims[0].origin.title == "a"
    assert {one.origin.title for one in claims[1:]} == {"b", "c"}


def test_identifiers_that_differ_make_works_different():
    claims, said = settled(claim("k", ids=("doi:1",)), claim("k", ids=("doi:2",)))
    assert (len(claims), len(said)) == (2, 1)


def test_an_alias_that_is_another_works_is_lost_and_resolves_there():
    claims, said = settled(claim("a", "a", aliases=("x",)), claim("b", "b", aliases=("x", "y")))
    assert [(one.key, one.aliases) for one in claims] == [("a", ("x",)), ("b", ("y",))]
    assert said[0].endswith('the key of "b" (Lei Gao, 2024) is b')


def test_a_key_that_is_an_older_works_alias_moves():
    claims, _ = settled(claim("a", "a", aliases=("k",), issued=1), claim("k", "b", issued=2))
    assert [one.key for one in claims] == ["a", f"k-{suffix(claim('k', 'b'))}"]


def test_a_suffix_that_is_taken_grows():
    loser = claim("k", "b", issued=2)
    in_the_way = claim(f"k-{suffix(loser)}", "c")
    claims, _ = settled(claim("k", "a"), loser, in_the_way)
    assert f"k-{suffix(loser, 4)}" in [one.key for one in claims]
    assert in_the_way in claims


def test_a_suffixed_key_that_a_work_has_already_takes_its_older_line_in():
    loser = claim("k", "b", issued=2, aliases=("z",))
    moved = claim(f"k-{suffix(loser)}", "b", issued=3)
    claims, said = settled(claim("k", "a"), loser, moved)
    assert [one.key for one in claims] == ["k", moved.key]
    assert (claims[1].aliases, claims[1].issued) == (("z",), 2)
    assert len(said) == 1


def test_losers_do_not_take_each_others_keys():
    one, other = claim("k", "b", issued=2), claim("k", "c", issued=2)
    names = [f"k-{suffix(one)}", f"k-{suffix(other)}"]
    claims, said = settled(claim("k", "a"), one, other, claim("x", "d", aliases=(names[0].upper(),)))
    assert len({item.key.lower() for item in claims} | {names[0]}) == 5
    assert len(said) == 2


def test_works_of_nobody_and_no_date_are_named_so():
    nameless = Claim("k", Origin((), "b", "", ()), ("title:b",), issued=2)
    _, said = settled(claim("k", "a"), nameless)
    assert '"b" (no creator, no date)' in said[0]


def test_chains_through_aliases_are_followed_to_the_end():
    first, middle, last = (
        claim("a", aliases=("x",)),
        claim("b", aliases=("x", "y")),
        claim("c", aliases=("y",)),
    )
    claims, said = settled(first, middle, last)
    assert (len(claims), said) == (1, [])
    assert set(claims[0].all_keys()) == set("abcxy")


def test_a_link_through_a_third_line_is_a_link():
    claims, said = settled(
        claim("k", "a", prints=("title:1",)),
        claim("k", "b", prints=("title:2",)),
        claim("k", "c", prints=("title:1", "title:2")),
    )
    assert (len(claims), said) == (1, [])
