"""RIS reader: how lines come, what their tags become, and what breaks."""

from dataclasses import replace

import pytest

from bibkit.formats.base import BlockKind
from bibkit.formats.ris import read_ris, write_ris
from bibkit.model.dates import ExtendedDate, PartialDate, parse_date
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType
from bibkit.model.work import Entry


def read(*lines, type_="JOUR"):
    (record,) = read_ris("\n".join([f"TY  - {type_}", *lines, "ER  - "]), "in.ris").records
    return record


def codes(result):
    return [one.code for one in result.diagnostics]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\n\n"])
@pytest.mark.parametrize("last", ["ER  - \n", "ER  - ", "ER  -", "ER - ", "ER  - ,\n\n"])
def test_lines_end_in_any_way(end, mark, last):
    text = mark + f"TY  - JOUR\nTI  - A\nER  - \n\nTY  - BOOK\nTI  - B\n{last}"
    result = read_ris(text.replace("\n", end), "in.ris")
    assert [(record.type, record.title) for record in result.records] == [
        (ItemType.ARTICLE, "A"),
        (ItemType.BOOK, "B"),
    ]
    assert result.blocks == ()
    assert result.diagnostics == ()
    assert [record.source.line for record in result.records] == [
        1 + 2 * (len(mark) > 1),
        5 + 2 * (len(mark) > 1),
    ]


def test_a_missing_er_costs_nothing_and_is_reported_once():
    result = read_ris("TY  - JOUR\nTI  - A\nTY  - BOOK\nTI  - B", "in.ris")
    assert [record.title for record in result.records] == ["A", "B"]
    assert [one.message for one in result.diagnostics] == ["an entry has no `ER`: 2 entries"]


def test_tags_may_have_one_space_or_no_value():
    record = read("TI - One space", "SP  -", "EP  - 9", "VL  - ", "IS -", "LA  -  en ")
    assert (record.title, record.pages, record.volume, record.issue, record.language) == (
        "One space",
        "9",
        None,
        None,
        "en",
    )


def test_wrapped_lines_are_joined():
    record = read(
        "TI  - A title that a program wrapped at some column since it thought so",
        "and went on with",
        "AB  - First paragraph.",
        "Second paragraph.",
        "",
        "KW  - one",
        "two",
        "three",
        "AU  - Doe,",
        "Jane",
    )
    assert record.title.endswith("thought so and went on with")
    assert record.abstract == "First paragraph.\nSecond paragraph."
    assert record.keywords == ("one", "two", "three")
    assert record.creators == (Person("Doe", "Jane"),)


def test_line_separators_of_unicode_end_no_line():
    text = "TY  - JOUR\nTI  - a\u2028b\u2029c\x85d\x0be\nAB  - f\ngone\u2028on\nER  - \n"
    result = read_ris(text, "in.ris")
    assert result.records[0].title == "a b c d e"
    assert result.records[0].abstract == "f\ngone on"
    assert codes(result) == ["character-replaced"]


def test_values_that_a_copy_could_not_tell_apart_are_one():
    record = read(
        "T2  - a\x01b", "JO  - a\x02b", "JF  - a\ufffdb", "N1  - Author list truncated in the source"
    )
    assert record.container_title == "a\ufffdb"
    assert record.unmapped == ()
    record = read("N1  - Author list truncated in the source", "(et al.)", "N1  - x")
    assert record.creators_truncated
    assert record.note == "x"


@pytest.mark.parametrize(
    "name",
    [
        "Doe, J. et al. ,",
        "Doe, J. et al. et al. , et al.",
        "Doe, J.,et al",
        "Doe, J., ET AL.;",
        "Doe, J. et. al.",
    ],
)
def test_et_al_is_seen_whatever_stands_around_it(name):
    record = read(f"AU  - {name}", "AU  - others et al.")
    assert record.creators == (Person("Doe", "J."),)
    assert record.creators_truncated


@pytest.mark.parametrize("name", ["Metal, J.", "Et Al", "Chantal", "Doe, Jet al", "Doe, Al"])
def test_names_that_look_like_et_al_are_names(name):
    assert len(read(f"AU  - {name}").creators) == (name != "Et Al")


def test_authors_come_first_whatever_their_tag_and_each_role_together():
    record = read("A2  - Ed, A.", "ED  - Ed, B.", "A3  - Ser, C.", "A1  - Au, D.", "AU  - Au, E.")
    assert [(one.family, one.given) for one in record.creators] == [
        ("Au", "E."),
        ("Au", "D."),
        ("Ed", "A."),
        ("Ed", "B."),
        ("Ser", "C."),
    ]


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("0079", PartialDate(79)),
        ("800", PartialDate(800)),
        ("98", ExtendedDate(literal="98")),
        ("-58", ExtendedDate(literal="-58")),
        ("58 BC", ExtendedDate(literal="58 BC")),
        ("0000", ExtendedDate(literal="0000")),
    ],
)
def test_years_before_1000_are_kept_as_they_are(value, date):
    record = read(f"PY  - {value}")
    assert record.issued == date
    (again,) = read_ris(write_ris([Entry("k", record)]).text, "out.ris").records
    assert again.issued == date


def test_what_is_no_name_leaves_no_comma():
    record = read("AU  - *,,III,  x")
    text = write_ris([Entry("k", record)]).text
    assert "AU  - III x\r\n" in text
    assert write_ris([Entry("k", record)]).losses[0].code == "name-changed"


def test_controls_are_replaced_and_reported_once_a_file():
    result = read_ris("TY  - JOUR\nTI  - a\x00b\nKW  - \x1b[1m\nER  - \n", "in.ris")
    assert result.records[0].title == "a\ufffdb"
    assert result.records[0].keywords == ("\ufffd[1m",)
    assert [(one.code, one.message[-7:]) for one in result.diagnostics] == [("character-replaced", "1 entry")]


def test_what_stands_outside_of_entries_is_a_block():
    text = "Some Database\n\n1.\nTY  - JOUR\nER  - \nAU  - Nobody, A.\nER  - \nTY  - BOOK\nER  - \nEF  - \n"
    result = read_ris(text, "in.ris")
    assert [(block.kind, block.text, block.source.line, block.index) for block in result.blocks] == [
        (BlockKind.COMMENT, "Some Database\n\n1.", 1, 0),
        (BlockKind.REJECTED, "AU  - Nobody, A.\nER  -", 6, 1),
        (BlockKind.COMMENT, "EF  -", 10, 2),
    ]
    assert [(one.code, one.source.line) for one in result.diagnostics] == [("rejected-block", 6)]


@pytest.mark.parametrize(
    ("value", "creator"),
    [
        ("Doe, Jane", Person("Doe", "Jane")),
        ("Doe,Jane", Person("Doe", "Jane")),
        ("van der Berg, Jan, Jr.", Person("Berg", "Jan", "van der", "Jr.")),
        ("King, , Jr.", Person("King", None, None, "Jr.")),
        ("Plato", Person("Plato")),
        ("World Health Organization", Body("World Health Organization")),
        ("OpenAI,", Body("OpenAI")),
        ("hooks, bell", Person("hooks", "bell")),
        ("Smith, L", Person("Smith", "L")),
        ("Smith, Paul", Person("Smith", "Paul")),
        ("Smith, J., Jr., PhD", Person("Smith", "J.", None, "Jr., PhD")),
        (", Jane", Body("Jane")),
    ],
)
def test_names_are_family_given_suffix(value, creator):
    assert read(f"AU  - {value}").creators == (creator,)


@pytest.mark.parametrize("value", ["others", "et al", "et al.", "Et Al.", "et alii", "and others", "et al.,"])
def test_a_name_may_say_that_there_are_more(value):
    record = read("AU  - Doe, Jane", f"AU  - {value}")
    assert record.creators == (Person("Doe", "Jane"),)
    assert record.creators_truncated


@pytest.mark.parametrize(
    "value", ["Doe, Jane, et al.", "Doe, Jane et al", "Doe, Jane; et al.", "Doe, Jane et. al., et al;"]
)
def test_so_may_the_end_of_a_name(value):
    record = read(f"AU  - {value}")
    assert record.creators == (Person("Doe", "Jane"),)
    assert record.creators_truncated


def test_the_note_of_a_truncated_list_is_read_and_others_stay():
    record = read("N1  - Mine", "N1  - Author list truncated in the source (et al.)", "N1  - Yours")
    assert record.creators_truncated
    assert record.note == "Mine"
    assert record.unmapped == (("N1", "Yours"),)


def test_roles_depend_on_the_type():
    lines = ("AU  - A, A", "A1  - B, B", "A2  - C, C", "A3  - D, D", "A4  - E, E", "ED  - F, F")
    roles = {one.family: one.role for one in read(*lines, type_="CHAP").creators}
    assert roles == {
        "A": Role.AUTHOR,
        "B": Role.AUTHOR,
        "C": Role.EDITOR,
        "D": Role.SERIES_EDITOR,
        "E": Role.TRANSLATOR,
        "F": Role.EDITOR,
    }
    book = {one.family: one.role for one in read(*lines, type_="BOOK").creators}
    assert (book["C"], book["D"]) == (Role.SERIES_EDITOR, Role.EDITOR)


@pytest.mark.parametrize(
    ("lines", "issued", "left"),
    [
        (["PY  - 2020"], PartialDate(2020), ()),
        (["PY  - 2020", "DA  - 2020/05/13/"], PartialDate(2020, 5, 13), ()),
        (["DA  - 2020/05//"], PartialDate(2020, 5), ()),
        (["DA  - 2020/00/00"], PartialDate(2020), ()),
        (["PY  - 2020/05/02"], PartialDate(2020, 5, 2), ()),
        (["Y1  - 2020/05"], PartialDate(2020, 5), ()),
        (["Y1  - 2020/05/02/", "DA  - 2020///"], PartialDate(2020, 5, 2), ()),
        (["DA  - 2020-05-13"], PartialDate(2020, 5, 13), ()),
        (["DA  - 2001///Spring"], parse_date("2001-21"), ()),
        (["PY  - 2020", "DA  - May 12"], PartialDate(2020), (("DA", "May 12"),)),
        (["PY  - 2020", "DA  - 2021/01/01"], PartialDate(2020), (("DA", "2021/01/01"),)),
        (["PY  - in press"], ExtendedDate(literal="in press"), ()),
        (["PY  - 2020/02/31"], ExtendedDate(literal="2020/02/31"), ()),
        (["PY  - 2020//13"], ExtendedDate(literal="2020//13"), ()),
        (["DA  - 12/05/2020"], None, (("DA", "12/05/2020"),)),
        (["PY  - 0000"], ExtendedDate(literal="0000"), ()),
    ],
)
def test_dates_come_from_both_tags(lines, issued, left):
    record = read(*lines)
    assert record.issued == issued
    assert record.unmapped == left


def test_a_date_of_access_that_is_none_stays():
    assert read("Y2  - 2020/1/2").accessed == PartialDate(2020, 1, 2)
    assert read("Y2  - yesterday").unmapped == (("Y2", "yesterday"),)


@pytest.mark.parametrize(
    ("type_", "lines", "expected", "genre"),
    [
        ("GEN", [], ItemType.DOCUMENT, None),
        ("GEN", ["M3  - Preprint"], ItemType.PREPRINT, None),
        ("GEN", ["DO  - 10.48550/arXiv.2401.00001"], ItemType.PREPRINT, None),
        ("UNPB", ["AN  - arXiv:2401.00001"], ItemType.PREPRINT, None),
        ("UNPB", [], ItemType.MANUSCRIPT, None),
        ("UNPD", [], ItemType.MANUSCRIPT, None),
        ("MANSCPT", ["UR  - https://arxiv.org/abs/2401.00001v2"], ItemType.PREPRINT, None),
        ("INPR", [], ItemType.ARTICLE, None),
        ("JOUR", ["DO  - 10.48550/arXiv.2401.00001", "M3  - preprint"], ItemType.ARTICLE, "preprint"),
        ("BOOK", ["M3  - proceedings"], ItemType.PROCEEDINGS, None),
        ("BOOK", ["M3  - Manual"], ItemType.MANUAL, None),
        ("RPRT", ["M3  - manual"], ItemType.REPORT, "manual"),
        ("THES", ["M3  - PhD thesis"], ItemType.THESIS, "PhD thesis"),
        ("CPAPER", [], ItemType.CONFERENCE_PAPER, None),
        ("EBOOK", [], ItemType.BOOK, None),
        ("ECHAP", [], ItemType.CHAPTER, None),
        ("WEB", [], ItemType.WEBPAGE, None),
        ("MPCT", [], ItemType.DOCUMENT, None),
    ],
)
def test_types_are_those_of_the_table(type_, lines, expected, genre):
    record = read(*lines, type_=type_)
    assert (record.type, record.genre) == (expected, genre)


def test_a_type_that_is_no_records_is_reported_and_written_back():
    text = "TY  - MPCT\r\nID  - k\r\nTI  - T\r\nER  - \r\n\r\n"
    result = read_ris(text + "TY  - FOO\r\nER  - \r\nTY  - \r\nER  - \r\n", "in.ris")
    assert [(one.severity, one.message) for one in result.diagnostics] == [
        ("info", "RIS type MPCT is read as document: 1 entry"),
        ("warning", "an entry has type 'FOO', which RIS has not; it is read as a document"),
        ("warning", "an entry has no type; it is read as a document"),
    ]
    assert write_ris([Entry("k", result.records[0])]).text == text
    book = replace(result.records[0], type=ItemType.BOOK)
    assert write_ris([Entry("k", book)]).text.startswith("TY  - BOOK")


def test_an_inferred_preprint_is_reported_once():
    text = "TY  - GEN\nAN  - arXiv:2401.00001 [cs.CL]\nER  - \n" * 2
    result = read_ris(text, "in.ris")
    assert [(record.arxiv_id, record.arxiv_class) for record in result.records] == [
        ("2401.00001", "cs.CL")
    ] * 2
    assert [one.message for one in result.diagnostics] == [
        "an entry with an arXiv id is a preprint: 2 entries"
    ]


def test_what_a_work_stands_in_comes_under_many_tags():
    assert read("JF  - Journal of X", "JO  - J. X", "JA  - JX").container_title == "Journal of X"
    short = read("T2  - Journal of X", "JO  - Journal of X", "J2  - J. X")
    assert short.unmapped == (("container-title-short", "J. X"),)
    assert read("JA  - JX").container_title == "JX"
    chapter = read("BT  - The Book", "T3  - LNCS", type_="CHAP")
    assert (chapter.container_title, chapter.unmapped) == ("The Book", (("collection-title", "LNCS"),))
    book = read("BT  - The Book", "T2  - LNCS", type_="BOOK")
    assert (book.title, book.container_title, book.unmapped) == (
        "The Book",
        None,
        (("collection-title", "LNCS"),),
    )
    paper = read("T2  - ICML 2020", "C3  - Proc.", "C1  - New York", "CY  - Vienna", type_="CONF")
    assert (paper.container_title, paper.place) == ("Proc.", "New York")
    assert paper.unmapped == (("event-title", "ICML 2020"), ("event-place", "Vienna"))


@pytest.mark.parametrize(
    ("type_", "value", "field"),
    [
        ("JOUR", "1234-567X", "issn"),
        ("JOUR", "0028-0836 (Print)", "issn"),
        ("BOOK", "978-3-16-148410-0", "isbn"),
        ("BOOK", "316148410X", "isbn"),
        ("BOOK", "?", "isbn"),
        ("RPRT", "TR-7", "number"),
        ("PAT", "US123", "number"),
        ("RPRT", "9783161484100", "isbn"),
    ],
)
def test_a_standard_number_is_told_by_its_form(type_, value, field):
    assert getattr(read(f"SN  - {value}", type_=type_), field) == value


def test_numbers_pages_and_identifiers():
    article = read(
        "M1  - 7", "C7  - e12", "SP  - 1-9", "EP  - 9", "M3  - https://doi.org/10.1000/x", "N2  - A"
    )
    assert (article.issue, article.number, article.pages, article.doi) == ("7", "e12", "1-9", "10.1000/x")
    assert (article.genre, article.abstract) == (None, "A")
    assert read("IS  - 2", "M1  - 7").unmapped == (("M1", "7"),)
    assert read("M1  - 7", type_="ELEC").number == "7"
    assert read("DO  - doi:10.1/x").doi == "10.1/x"
    assert read("AN  - 12345").unmapped == (("AN", "12345"),)


def test_unknown_and_repeated_tags_are_kept_in_order_and_written_back():
    record = read(
        "L1  - a.pdf", "TI  - T", "TI  - Other", "XX  - x", "L1  - b.pdf", "UR  - u", "UR  - v", "CN  - c"
    )
    assert record.unmapped == (
        ("L1", "a.pdf"),
        ("TI", "Other"),
        ("XX", "x"),
        ("L1", "b.pdf"),
        ("UR", "v"),
        ("call-number", "c"),
    )
    text = write_ris([Entry("k", record)]).text
    assert "L1  - a.pdf\r\nTI  - Other\r\nXX  - x\r\nL1  - b.pdf\r\nUR  - v\r\nCN  - c\r\n" in text
    assert read_ris(text, "in.ris").records[0].unmapped == record.unmapped


@pytest.mark.parametrize(
    "lines",
    [
        ["EP  - 1", "EP  - 2", "EP  - 3"],
        ["SP  - 1-2", "EP  - 2", "SP  - 9"],
        ["AN  - arXiv:2401.00001"],
        ["CY  - Oslo"],
        ["T2  - A", "C3  - A", "J2  - B", "JO  - C"],
        ["DA  - 2020", "PY  - 2021/01/01", "Y1  - 2022"],
        ["AU  - et al,", "ED  - , ,"],
    ],
)
@pytest.mark.parametrize("type_", ["JOUR", "CONF", "BOOK", "GEN", "FOO", ""])
def test_a_copy_of_odd_lines_is_the_same_from_the_second_time_on(type_, lines):
    once = write_ris([Entry("k", read(*lines, type_=type_))]).text
    again = read_ris(once, "in.ris").records
    assert write_ris([Entry("k", record) for record in again]).text == once


def test_text_after_er_is_a_note_and_text_after_ty_too():
    record = read_ris("TY  - JOUR\nlost\nTI  - T\nER  - found\n", "in.ris").records[0]
    assert (record.note, record.unmapped) == ("lost", (("N1", "found"),))


def test_a_copy_keeps_dates_as_their_author_wrote_them():
    text = "TY  - JOUR\r\nID  - k\r\nPY  - 2020\r\nDA  - 2020/5/1\r\nY2  - 2020-06\r\nER  - \r\n\r\n"
    record = read_ris(text, "in.ris").records[0]
    assert write_ris([Entry("k", record)]).text == text
    other = replace(record, raw=(("ris:DA", "someday"), ("ris:Y2", "2020-06\u2028")))
    assert "DA  - 2020/05/01/\r\nY2  - 2020/06//\r\n" in write_ris([Entry("k", other)]).text
    changed = replace(record, issued=PartialDate(2021), accessed=None)
    assert "DA  - 2021///\r\nER" in write_ris([Entry("k", changed)]).text


def test_another_word_in_a_date_is_reported():
    result = read_ris("TY  - JOUR\nDA  - 2020/05/13/Wednesday\nER  - \n", "in.ris")
    assert result.records[0].issued == PartialDate(2020, 5, 13)
    assert codes(result) == ["date-part-not-kept"]
