"""Names: as they stand in a `.bib` file; what BibTeX and biber make of them is the engine tests' matter."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import creators

from bibkit.formats.bibtex.names import is_plain, write_cuttable, write_name, write_names
from bibkit.latex import braces_balance, write_text
from bibkit.model.names import Body, Person, Role


@pytest.mark.parametrize(
    ("creator", "text"),
    [
        # People.
        (Person("Gao", "Lei"), "Gao, Lei"),
        (Person("Kung", "H. T."), "Kung, H. T."),
        (Person("Berg", "Jan", "van der"), "van der Berg, Jan"),
        (Person("Cruz", "María", "de la", "Jr."), "de la Cruz, Jr., María"),
        (Person("King", "Martin", suffix="Jr."), "King, Jr., Martin"),
        (Person("Entezari Zarch", "H."), "Entezari Zarch, H."),
        (Person("Smith-Jones", "Ann-Marie"), "Smith-Jones, Ann-Marie"),
        (Person("Arcy", "Mark", "d'"), "d' Arcy, Mark"),
        (Person("O'Neill", "Tim"), "O'Neill, Tim"),
        (Person("ying", "Liu"), "ying, Liu"),
        (Person("李", "明"), "李, 明"),
        # Single names.
        (Person("Mausam"), "Mausam"),
        (Person("Gogh", None, "van"), "van Gogh"),
        (Person("Entezari Zarch"), "{Entezari Zarch}"),
        (Person("al-Khwarizmi"), "{al-Khwarizmi}"),
        (Person("", "Mausam"), "Mausam"),
        (Person(" \n"), ""),
        # What would be read as a particle.
        (Person("van Berg", "Jan"), "{van Berg}, Jan"),
        (Person("al-Rfou", "Rami"), "{al-Rfou}, Rami"),
        (Person("Álvarez García", "José"), "{Álvarez García}, José"),
        (Person("o'Neill Brady", "Tim"), "{o'Neill Brady}, Tim"),
        (Person("doe", "jane"), "{doe}, jane"),
        (Person("de Berg", "Jan", "van"), "van {de Berg}, Jan"),
        # What would end a label of natbib.
        (Person("Doe (sen.)", "John"), "Doe {(}sen.{)}, John"),
        (Person("Team[x]"), "Team{[}x{]}"),
        (Person("Berg", "J. (Jan)", "d'[x"), "d'{[}x Berg, J. (Jan)"),
        # What would end a name or a part of it.
        (Person("Acme, Inc", "Bob"), "{Acme, Inc}, Bob"),
        (Person("Foo", "A and B"), "Foo, {A and B}"),
        (Person("Smith AND Co", "Bob"), "{Smith AND Co}, Bob"),
        (Person("and", "Foo"), "{and}, Foo"),
        (Person("Foo", "Bar-"), "Foo, {Bar-}"),
        (Person("Rfou", "Rami", "al-"), "al{-} Rfou, Rami"),
        # What biber would take for something else.
        (Person("others"), "others{}"),
        (Person("Others"), "Others{}"),
        (Person("others", "Ann"), "others, Ann"),
        (Body("others"), "{others{}}"),
        (Person("0"), "0{}"),
        (Person("Foo", "given=x"), "Foo, given{=}x"),
        (Person("}x", "y"), r"\-\/{\textbraceright}x, y"),
        # Bodies.
        (Body("The LIGO Collaboration"), "{The LIGO Collaboration}"),
        (Body("Barnes and Noble, Inc."), "{Barnes and Noble, Inc.}"),
        (Body("Google"), "{Google}"),
        (Body("R&D x{}"), r"{R\&D x{\textbraceleft}{\textbraceright}}"),
        (Body("  "), ""),
    ],
)
def test_a_name_is_read_as_it_was_meant(creator, text):
    written = write_name(creator, write_text)
    assert (written.text, written.blurred) == (text, None)


@pytest.mark.parametrize(
    ("creator", "text", "blurred"),
    [
        (Person("Souza", "Ana", "De"), "De Souza, Ana", "the particle of a name"),
        (Person("Briain", "Dara", "Ó"), "Ó Briain, Dara", "the particle of a name"),
        (Person("Hooft", "Gerard", "'t"), "'t Hooft, Gerard", "the particle of a name"),
        (Person("Foo", "X", "von and"), "{von and} Foo, X", "the particle of a name"),
        (Person("Souza", None, "De"), "{De Souza}", "a part of a name"),
        (Person("King", suffix="Jr."), "{King Jr.}", "a part of a name"),
        # biber counts commas in braces too, and drops the entry.
        (Person("a,b,c,d", None, "van"), "{van a,b,c,d}", "a part of a name"),
        (Person("King", "Martin", suffix="Jr., M.D."), "{Martin King Jr., M.D.}", "a part of a name"),
    ],
)
def test_what_no_reader_could_tell_apart_is_said(creator, text, blurred):
    written = write_name(creator, write_text)
    assert (written.text, written.blurred) == (text, blurred)


def test_the_list_ends_in_others_where_the_source_says_et_al():
    assert write_names(["Gao, Lei", "{Google}"], truncated=True) == "Gao, Lei and {Google} and others"
    assert write_names(["Gao, Lei"], truncated=False) == "Gao, Lei"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Ångström", r"{\AA}ngstr{\"o}m"),
        ("‘Abd", r"{\textquoteleft Abd}"),
        ("‘’", r"\-\/{\textquoteleft}{\textquoteright}"),
        ("a—b–c", r"a{\textemdash}b{\textendash}c"),
    ],
)
def test_in_ascii_a_word_has_a_first_letter(text, source):
    assert write_name(Person("Foo", text), partial(write_text, ascii=True)).text == f"Foo, {source}"


PARTS = st.text("aBÉ李 -.'’,{}\\=0&_", min_size=1, max_size=8) | st.sampled_from(["and", "others", "Lei"])
PEOPLE = st.builds(Person, PARTS, st.none() | PARTS, st.none() | st.sampled_from(["van", "De", "al-"]))


@given(PARTS, PARTS)
def test_the_short_cut_leads_to_the_same_name(family, given_name):
    name = f"{family}, {given_name}"
    if is_plain(name):
        assert write_text(name) == write_name(Person(family, given_name), write_text).text


@pytest.mark.parametrize(
    "name", ["Entezari Zarch, H.", "Smith-Jones, Ann-Marie", "Łukasz, Jan", "Andersen, Sandy"]
)
def test_the_short_cut_is_taken(name):
    assert is_plain(name)


@pytest.mark.parametrize(
    "name", ["And, Lei", "Foo And, Lei", "Foo, Lei and", "Foo, A AND B", "A_b, C", "A''b, C"]
)
def test_the_short_cut_is_not_taken_where_more_than_letters_need_an_escape(name):
    assert not is_plain(name)


@given(creators(roles=(Role.AUTHOR,)), st.booleans())
def test_the_text_of_a_name_stays_in_its_field(creator, ascii_):
    text = write_name(creator, partial(write_text, ascii=ascii_)).text
    assert braces_balance(text)
    assert "\n" not in text
    text.encode("ascii" if ascii_ else "utf-8")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Łukasz", r"{\L}ukasz"),
        ("Jean-Émile Ö.", r"Jean-{\'E}mile {\"O}."),
        ("Müller", r"M{\"u}ller"),
        ("Leé", r"Le{\'e}"),
        ("Lecerré", "Lecerré"),
        ("Достоевский 李", "Достоевский 李"),
        ("πρ ªº ʼn", "πρ ªº ʼn"),
        ("Đức & Søn", r"{\DJ}ức \& Søn"),
        ("plain", "plain"),
    ],
)
def test_a_letter_that_bibtex_may_cut_in_two_is_a_macro(text, source):
    assert write_cuttable(text, write_text) == source
