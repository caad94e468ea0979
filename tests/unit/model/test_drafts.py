"""Values made the quick way are those of the frozen class in every respect."""

import copy
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from bibkit.model.dates import PartialDate
from bibkit.model.drafts import maker_of
from bibkit.model.names import Person, Role, make_person
from bibkit.model.record import ItemType, Record, make_record


@pytest.mark.parametrize(
    ("made", "plain"),
    [
        (make_person("Gao"), Person("Gao")),
        (make_person("Gao", "Yu", "van", "Jr.", Role.EDITOR), Person("Gao", "Yu", "van", "Jr.", Role.EDITOR)),
        (make_record(type=ItemType.BOOK), Record(type=ItemType.BOOK)),
        (
            make_record(type=ItemType.BOOK, title="T", creators=(Person("Gao"),), raw=(("a", "b"),)),
            Record(type=ItemType.BOOK, title="T", creators=(Person("Gao"),), raw=(("a", "b"),)),
        ),
    ],
)
def test_a_made_value_is_a_plain_one(made, plain):
    assert type(made) is type(plain)
    assert (made, hash(made), repr(made)) == (plain, hash(plain), repr(plain))
    for one in fields(plain):
        assert getattr(made, one.name) == getattr(plain, one.name)
    for copied in (copy.copy(made), copy.deepcopy(made), replace(made)):
        assert (type(copied), copied) == (type(plain), plain)


def test_a_made_value_is_frozen():
    record = make_record(type=ItemType.BOOK)
    with pytest.raises(FrozenInstanceError):
        record.title = "T"
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        record.unknown = "T"


def test_the_arguments_are_those_of_the_class():
    with pytest.raises(TypeError, match="title_"):
        make_record(type=ItemType.BOOK, title_="T")
    with pytest.raises(TypeError, match="type"):
        make_record(title="T")
    with pytest.raises(TypeError, match="positional"):
        make_record(ItemType.BOOK)


def test_a_class_that_checks_its_fields_has_no_quick_way():
    with pytest.raises(TypeError, match="PartialDate checks its fields"):
        maker_of(PartialDate)


def test_a_class_whose_defaults_are_made_anew_has_no_quick_way():
    @dataclass(frozen=True, slots=True)
    class Listed:
        names: list[str] = field(default_factory=list)

    with pytest.raises(TypeError, match="Listed"):
        maker_of(Listed)
