import hashlib

import pytest

from bibkit.citekeys import candidate_key, origin_of
from bibkit.citekeys.scheme import Origin, base_of_key, content_letters, own_keys
from bibkit.model.dates import ExtendedDate, PartialDate
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, Record


def record(*creators, **values):
    return Record(type=ItemType.PREPRINT, creators=creators, **values)


GAO = Person("Gao", "Lei")


@pytest.mark.parametrize(
    ("creators", "title", "date", "key"),
    [
        ((GAO,), "MobiZO: Enabling Efficient LLM Fine-Tuning", PartialDate(2024, 9, 23), "gao2024mobizo"),
        ((GAO,), "The ETHOS of it", PartialDate(2024), "gao2024ethos"),
        ((Person("Li", "Leshu"),), "LipoAgent: Coordinating", None, "lindlipoagent"),
        ((Person("Yu-Hang", "Tang"),), "Ignition", PartialDate(2025), "yuhang2025ignition"),
        ((Person("Cruz", "María", "de la", "Jr."),), "3D", PartialDate(2020), "cruz20203d"),
        ((), "LipoAgent", None, "anonndlipoagent"),
        ((), None, None, "anonnduntitled"),
        ((), "???", None, "anonnduntitled"),
        ((Person("O’Neill"),), "Don’t stop", PartialDate(380), "oneill0380dont"),
        ((Person("Wang 0001"),), "On the Of", PartialDate(2020), "wang2020on"),
        ((Person("0001"),), "A", PartialDate(2020), "anon2020a"),
        ((Person("3M"),), "C++", PartialDate(2020), "m2020c"),
        ((Person("Wang 12"),), "α-Decay", PartialDate(2020), "wang122020decay"),
        ((Body("The LIGO & Virgo Collaboration"),), "A", None, "ligovirgocollaborationnda"),
        ((Body("AT&T"),), "A* search", None, "attndsearch"),
        ((Body("The Of"),), "x", None, "theofndx"),
        ((Body("😀"),), "x", None, "anonndx"),
        ((Person("E", role=Role.EDITOR), GAO), "x", None, "gaondx"),
        ((GAO,), "x", ExtendedDate(start=PartialDate(2020), open_end=True), "gao2020x"),
        ((GAO,), "x", ExtendedDate(literal="spring"), "gaondx"),
        ((Person("W" * 99),), "x" * 99, None, f"{'w' * 24}nd{'x' * 20}"),
        ((Person("李", "白"),), "基于 学习", PartialDate(2026), "li2026jiyu"),
    ],
)
def test_short_keys(creators, title, date, key):
    assert candidate_key(record(*creators, title=title, issued=date)) == key
    hashed = candidate_key(record(*creators, title=title, issued=date), "hashed")
    assert hashed[:-4] == key
    assert hashed[-4] == "-"


def test_an_abstract_makes_no_word_of_a_key():
    assert candidate_key(record(GAO, abstract="Some text")) == "gaonduntitled"


def test_the_origin_is_what_the_record_shows():
    shown = record(
        GAO,
        Person("A\u030akesson", "B.", "van", "Jr."),
        title="The {Title}: new",
        creators_truncated=True,
        issued=PartialDate(2024, 9),
        doi="10.1000/A",
        arxiv_id="2401.00001v2",
    )
    assert origin_of(shown) == Origin(
        creators=("Lei Gao", "B. van Åkesson Jr.", "et al."),
        title="the title new",
        date="2024-09",
        ids=("arxiv:2401.00001", "doi:10.1000/a"),
    )
    assert origin_of(record()) == Origin((), "", "", ())


def test_the_letters_of_the_hash_are_these_for_ever():
    # From the description: SHA-256 of '[["Lei Gao"],"ethos","2024",[]]', in base 26.
    origin = Origin(("Lei Gao",), "ethos", "2024", ())
    number = int(hashlib.sha256(b'[["Lei Gao"],"ethos","2024",[]]').hexdigest(), 16)
    letters = "".join(chr(ord("a") + number // 26**place % 26) for place in range(8))
    assert content_letters(origin) == letters == "pewogqfd"
    assert content_letters(Origin(("Lei Gao",), "ethos", "2024", (), "k")) != letters
    assert content_letters(Origin(("李\u2028",), "", "", ())) == "jelqfojv"


def test_own_keys_grow_and_never_end():
    keys = own_keys("gao2024ethos", "abcdefgh")
    assert [next(keys) for _ in range(8)] == [
        "gao2024ethos-abc",
        "gao2024ethos-abcd",
        "gao2024ethos-abcde",
        "gao2024ethos-abcdef",
        "gao2024ethos-abcdefg",
        "gao2024ethos-abcdefgh",
        "gao2024ethos-abcdefgh2",
        "gao2024ethos-abcdefgh3",
    ]
    long = own_keys("w" * 48, "abcdefgh")
    assert all(len(next(long)) <= 60 for _ in range(2000))


@pytest.mark.parametrize(
    ("key", "base"),
    [
        ("gao2024ethos", "gao2024ethos"),
        ("gao2024ethos-abc", "gao2024ethos"),
        ("Smith:2020", "smith2020"),
        ("10.1000/x", "x"),
        ("Ключ", "klyuch"),
        ("-", "anon"),
        ("x" * 99, "x" * 48),
    ],
)
def test_a_key_gives_the_base_for_another(key, base):
    assert base_of_key(key) == base
