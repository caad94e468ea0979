import pytest

from bibkit.formats.bibtex.namelist import read_names
from bibkit.model.names import Body, Person, Role


def read(value):
    """Each name as (given, particle, family, suffix), or the text of a body."""
    return [
        creator.literal
        if isinstance(creator, Body)
        else (creator.given, creator.particle, creator.family, creator.suffix)
        for creator in read_names(value, Role.AUTHOR).creators
    ]


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("Jane Smith", ("Jane", None, "Smith", None)),
        ("Smith, Jane", ("Jane", None, "Smith", None)),
        ("Smith , Jane Q.", ("Jane Q.", None, "Smith", None)),
        ('Smith, J{\\"o}rg {\\noopsort{a}} Q.', ("Jörg Q.", None, "Smith", None)),
        ("Donald~E. Knuth", ("Donald E.", None, "Knuth", None)),
        ("Knuth,~D.~E.", ("D. E.", None, "Knuth", None)),
        ("Plato", (None, None, "Plato", None)),
        ("Smith,", (None, None, "Smith", None)),
        (", Jane", (None, None, "Jane", None)),
        ("Ludwig van Beethoven", ("Ludwig", "van", "Beethoven", None)),
        ("van Beethoven, Ludwig", ("Ludwig", "van", "Beethoven", None)),
        ("von Beethoven", (None, "von", "Beethoven", None)),
        ("de la Cruz, Jr., Mar{\\'\\i}a", ("María", "de la", "Cruz", "Jr.")),
        ("de la Cruz Santos, Juana", ("Juana", "de la", "Cruz Santos", None)),
        ("Charles Louis Xavier Joseph de la Vallee Poussin",
         ("Charles Louis Xavier Joseph", "de la", "Vallee Poussin", None)),
        ("AA bb CC dd EE", ("AA", "bb CC dd", "EE", None)),
        ("Berg van der Meer, J", ("J", "Berg van der", "Meer", None)),
        ("jean de la fontaine", (None, "jean de la", "fontaine", None)),
        ("Jean d'Alembert", ("Jean", None, "d'Alembert", None)),
        ("Gerard 't Hooft", ("Gerard", "'t", "Hooft", None)),
        ("Muhammad al-Khwarizmi", ("Muhammad", None, "al-Khwarizmi", None)),
        ("al-Khwarizmi, Muhammad", ("Muhammad", None, "al-Khwarizmi", None)),
        ("{\\'E}variste Galois", ("Évariste", None, "Galois", None)),
        ("Ana {\\'e}cole Foo", ("Ana", "école", "Foo", None)),
        ("Ana {\\em von} Foo", ("Ana", "von", "Foo", None)),
        ("Ana \\'ecole Foo", ("Ana", "école", "Foo", None)),
        ("Jan \\v{S}afa Foo", ("Jan Šafa", None, "Foo", None)),
        ("Jan \\v{s}afa Foo", ("Jan", "šafa", "Foo", None)),
        ("{\\oe}uvre Foo", (None, "œuvre", "Foo", None)),
        ("{\\O}rsted Foo", ("Ørsted", None, "Foo", None)),
        ("ørsted Foo", (None, "ørsted", "Foo", None)),
        ("Ana {de} Foo", ("Ana de", None, "Foo", None)),
        ("Ana {d}e Foo", ("Ana", "de", "Foo", None)),
        ("Mu\\~noz Foo, Jos\\'e", ("José", None, "Muñoz Foo", None)),
        ("{van der Berg}, Jan", ("Jan", None, "van der Berg", None)),
        ("{Barnes and Noble}, {A, B}", ("A, B", None, "Barnes and Noble", None)),
        ("Ben{-}Sasson, Eli", ("Eli", None, "Ben-Sasson", None)),
        ("村上, 春樹", ("春樹", None, "村上", None)),
        ("Достоевский, Фёдор", ("Фёдор", None, "Достоевский", None)),
        ("Фёдор фон Достоевский", ("Фёдор", "фон", "Достоевский", None)),
        ("Cafe\u0301, A", ("A", None, "Café", None)),
        ("1x Foo, B", ("B", "1x", "Foo", None)),
        ("family=Berg, given=Jan, prefix=van der, suffix=Jr., useprefix=true",
         ("Jan", "van der", "Berg", "Jr.")),
        ('given = "Hans, P.", family={Foo and Bar}', ("Hans, P.", None, "Foo and Bar", None)),
        ("given=Plato", (None, None, "Plato", None)),
    ],
)  # fmt: skip
def test_a_name_has_the_parts_that_bibtex_gives_it(value, parts):
    assert read(value) == [parts]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("{NASA}", ["NASA"]),
        ("{Barnes and Noble, Inc.}", ["Barnes and Noble, Inc."]),
        ('{{A} and {\\"O}}', ["A and Ö"]),
        ("B, A and {C and D} AND E F and\nH, G", [("A", None, "B", None), "C and D",
                                                 ("E", None, "F", None), ("G", None, "H", None)]),
        ("Anders, A and Sandra Land", [("A", None, "Anders", None), ("Sandra", None, "Land", None)]),
        ("", []),
        ("A, x = y", [("x = y", None, "A", None)]),
    ],
)  # fmt: skip
def test_a_list_parts_at_and_outside_of_braces(value, names):
    assert read(value) == names


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("A, B and others", []),
        ("A, B and {others}", ["others"]),
        ("A, B and et al.", ["others"]),
        ("A, B and et~al", ["others"]),
        ("A, B et al.", ["others"]),
        ("A, B, et al.", ["others"]),
        ("others and A, B", ["others"]),
    ],
)
def test_others_are_nobody(value, said):
    names = read_names(value, Role.EDITOR)
    assert names.truncated
    assert names.creators == (Person("A", "B", role=Role.EDITOR),)
    assert [note.code for note in names.notes] == said


def test_a_list_without_others_is_whole():
    assert not read_names("A, B and Others, C and {Et al. Ltd}", Role.AUTHOR).truncated


@pytest.mark.parametrize(
    ("value", "code", "names"),
    [
        ("A, B, C, D", "name-commas", ["A, B, C, D"]),
        ("A and and B", "empty-name", [(None, None, "A", None), (None, None, "B", None)]),
        ("and A", "empty-name", [(None, None, "A", None)]),
        ("{}", "empty-name", []),
        (",", "empty-name", []),
        ("Robert Downey Jr.", "name-suffix", [("Robert Downey", None, "Jr.", None)]),
        ("family=A, given=B, id=x", "name-option", [("B", None, "A", None)]),
    ],
)
def test_what_is_odd_is_said_and_kept(value, code, names):
    assert read(value) == names
    assert [note.code for note in read_names(value, Role.AUTHOR).notes] == [code]


def test_macros_that_nobody_knows_stay_and_are_named():
    names = read_names("Foo, \\person{x} and Bar", Role.AUTHOR)
    assert names.creators == (Person("Foo", "\\person{x}"), Person("Bar"))
    assert names.unknown == ("\\person",)
