"""CSL-JSON reader: the forms in which items come, what their members become, and what breaks."""

import json

import pytest

from bibkit.diagnostics import Severity
from bibkit.formats.base import BlockKind
from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.model.dates import ExtendedDate, PartialDate, parse_date
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, ListingFacts
from bibkit.model.work import Entry


def read(item):
    result = read_csljson(json.dumps([item]), "in.json")
    (record,) = result.records
    return record


def codes(result):
    return [one.code for one in result.diagnostics]


def copy(item):
    record = read(item)
    return json.loads(write_csljson([Entry(record.brought_key or "k", record)]).text)[0]


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": "a", "type": "book"}, {"id": "b", "type": "book"}]',
        '\ufeff\r\n[{"id": "a", "type": "book"},\r\n{"id": "b", "type": "book"}]\r\n',
        '{"items": [{"id": "a", "type": "book"}, {"id": "b", "type": "book"}]}',
        '{"references": [{"id": "a", "type": "book"}, {"id": "b", "type": "book"},]}',
        '{"a": {"type": "book"}, "b": {"type": "book"}}',
        '{"id": "a", "type": "book"}\n{"id": "b", "type": "book"}\n',
        '[{"id": "a", "type": "book"}][{"id": "b", "type": "book"}]',
    ],
)
def test_items_come_in_many_forms(text):
    result = read_csljson(text, "in.json")
    assert [record.brought_key for record in result.records] == ["a", "b"]
    assert {record.type for record in result.records} == {ItemType.BOOK}
    assert result.blocks == ()


@pytest.mark.parametrize("text", ["", " \n", "[]", "{}", '{"items": []}', "[ , ]"])
def test_nothing_is_no_record(text):
    result = read_csljson(text, "in.json")
    assert not result.blocks
    assert len(result.records) == (text == "{}")


def test_one_item_alone_is_read():
    result = read_csljson('{"id": "a", "type": "book"}', "in.json")
    assert result.records[0].brought_key == "a"


def test_members_beside_the_list_of_items_are_kept():
    result = read_csljson('{"config": {"x": 1},\n "items": [{"id": 1, "type": "book"}]}', "in.json")
    (block,) = result.blocks
    assert (block.kind, block.text, block.index) == (BlockKind.COMMENT, '"config": {"x": 1}', 0)
    assert result.records[0].brought_key == "1"
    assert result.records[0].source.line == 2


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"id": "x" "type": "book"}', "not JSON: Expecting ',' delimiter"),
        ('{"id": "x", "type": "book", "volume": NaN}', "not JSON: NaN is not JSON"),
        ('{"title": "a } b", "x": [}', "not JSON: Expecting value"),
        ("oops", "not JSON: Expecting value"),
        ("42", "an item is an object"),
        ('"text, {text"', "an item is an object"),
        ("[1, [2]]", "an item is an object"),
        ('{"title": "line\nbreak"}', "not JSON: Invalid control character at"),
    ],
)
def test_a_broken_item_costs_itself_alone(broken, reason):
    text = '[\n  {"id": "a", "type": "book"},\n  ' + broken + ',\n  {"id": "b", "type": "book"}\n]\n'
    result = read_csljson(text, "in.json")
    assert [record.brought_key for record in result.records] == ["a", "b"]
    (block,) = result.blocks
    assert (block.kind, block.text, block.reason, block.index) == (BlockKind.REJECTED, broken, reason, 1)
    (said,) = result.diagnostics
    assert (said.severity, said.code, str(said.source)) == (Severity.WARNING, "rejected-block", "in.json:3")


def test_an_item_that_does_not_end_costs_itself_alone_where_lines_tell():
    text = '[\n  {"id": "a",\n   "author": [{"family": "X"},\n  {"id": "b", "type": "book"}\n]'
    result = read_csljson(text, "in.json")
    assert [record.brought_key for record in result.records] == ["b"]
    assert result.blocks[0].text.startswith('{"id": "a"')


def test_a_file_that_is_cut_off_gives_what_is_whole():
    result = read_csljson('[{"id": "a", "type": "book"}, {"id": "b", "ty', "in.json")
    assert [record.brought_key for record in result.records] == ["a"]
    assert [block.reason for block in result.blocks] == [
        "not JSON: Unterminated string starting at",
        "the list of items does not end",
    ]


@pytest.mark.parametrize(
    ("text", "keys", "reasons"),
    [
        (
            '{"x": 1, "items": [{"id": "a", "type": "book"}, oops, {"id": "b", "type": "book"}]}',
            ["a", "b"],
            ["not JSON: Expecting value"],
        ),
        (
            '{"x": tru, "items": [{"id": "a", "type": "book"}]}',
            ["a"],
            ["not JSON: Expecting value"],
        ),
        ('{"items": [{"id": "a", "type": "book"}], 7}', ["a"], ["not a member of an object"]),
        ('{"items": [{"id": "a", "type": "book"}]', ["a"], ["the object around the items does not end"]),
        ('{"a": {"type": "book"}, "b" {"type": "book"}}', [], ["not JSON: Expecting ':' delimiter"]),
        ('{"id" 1}\n{"id" 2}\n{"id": "a", "type": "book"}', ["a"], ["not JSON: Expecting ':' delimiter"] * 2),
        ('hello [{"id": "a", "type": "book"}]', ["a"], ["neither a list nor an object"]),
    ],
)
def test_what_is_broken_around_items_costs_no_item(text, keys, reasons):
    result = read_csljson(text, "in.json")
    assert [record.brought_key for record in result.records] == keys
    assert [block.reason for block in result.blocks if block.reason] == reasons


def test_names_that_are_none_are_kept_aside():
    record = read({"id": "k", "type": "book", "author": [7, {"family": "A"}], "editor": [{}]})
    assert record.creators == ()
    assert record.unmapped == (("author", '[7, {"family": "A"}]'), ("editor", "[{}]"))


def test_nesting_without_end_is_a_rejected_block():
    result = read_csljson("[" * 100_000, "in.json")
    assert not result.records
    assert result.blocks[0].reason == "nested too deeply"


@pytest.mark.parametrize("member", ["id", "type", "title", "author", "issued", "keyword", "custom", "foo"])
@pytest.mark.parametrize(("opening", "closing"), [('{"a": ', "}"), ("[", "]")])
def test_nesting_that_is_nearly_too_deep_is_kept_or_rejected(member, opening, closing):
    outcomes = set()
    for depth in range(900, 1010, 1):
        value = opening * depth + "1" + closing * depth
        result = read_csljson(
            f'[{{"type": "book", "{member}": {value}}},\n{{"type": "book", "id": "b"}}]', "in.json"
        )
        assert result.records[-1].brought_key == "b"
        outcomes.add(len(result.records) + len(result.blocks))
    assert outcomes == {2}


@pytest.mark.parametrize("text", ['{"items": [], "a":', '{"items": [{"type": "book"}, x], "b"  :\n'])
def test_a_file_may_end_behind_a_colon(text):
    assert read_csljson(text, "in.json").blocks[-1].kind is BlockKind.REJECTED


def test_a_number_too_long_to_read_is_a_rejected_block():
    result = read_csljson(
        '[{"id": "a", "volume": ' + "9" * 5000 + '}, {"id": "b", "type": "book"}]', "in.json"
    )
    assert [record.brought_key for record in result.records] == ["b"]


def test_a_name_that_stands_twice_is_reported_and_kept():
    result = read_csljson('[{"id": "a", "type": "book", "title": "x", "title": "y"}]', "in.json")
    assert result.records[0].title == "y"
    assert result.records[0].unmapped == (("title", "x"),)
    assert codes(result) == ["doubled-name"]
    names = [f'"x{number}": 1' for number in range(30_000)]
    assert len(read_csljson("{" + ", ".join(names + names) + "}", "in.json").records) == 1


def test_keys_are_brought_and_another_id_is_reported():
    assert read({"id": 7, "type": "book"}).brought_key == "7"
    assert read({"type": "book"}).brought_key is None
    result = read_csljson('[{"id": "http://z.org/1", "citation-key": "doe2020", "type": "book"}]', "in.json")
    assert result.records[0].brought_key == "doe2020"
    assert codes(result) == ["id-not-kept"]


@pytest.mark.parametrize(
    ("name", "creator"),
    [
        ({"family": "Doe", "given": "Jane"}, Person("Doe", "Jane")),
        ({"given": "Jane", "family": "Doe"}, Person("Doe", "Jane")),
        ({"family": "Doe"}, Person("Doe")),
        ({"given": "Plato"}, Person("Plato")),
        ({"family": "Berg", "given": "J.", "dropping-particle": "van der"}, Person("Berg", "J.", "van der")),
        ({"family": "Berg", "given": "J.", "non-dropping-particle": "van"}, Person("Berg", "J.", "van")),
        (
            {"family": "Fontaine", "given": "J.", "dropping-particle": "de", "non-dropping-particle": "La"},
            Person("Fontaine", "J.", "de La"),
        ),
        (
            {"family": "King", "given": "M.", "suffix": "Jr.", "comma-suffix": True},
            Person("King", "M.", None, "Jr."),
        ),
        ({"literal": "WHO, Geneva"}, Body("WHO, Geneva")),
        ({"family": "<i>X</i>", "given": "Y"}, Person("X", "Y")),
        ("Jane Doe", Body("Jane Doe")),
    ],
)
def test_names_have_parts_or_are_literal(name, creator):
    item = {"id": "k", "type": "book", "author": [name, {"family": "Z", "given": "Z"}]}
    assert read(item).creators == (creator, Person("Z", "Z"))
    again = copy(item)
    assert again["author"] == (
        [{"literal": name}, {"family": "Z", "given": "Z"}] if name == "Jane Doe" else item["author"]
    )


@pytest.mark.parametrize(
    ("name", "creator", "written"),
    [
        ({"family": "WHO", "isInstitution": True}, Body("WHO"), {"literal": "WHO"}),
        ({"family": "WHO", "isInstitution": "true"}, Body("WHO"), {"literal": "WHO"}),
        ({"literal": "WHO", "isInstitution": 1}, Body("WHO"), {"literal": "WHO"}),
        ({"family": "Doe", "isInstitution": False}, Person("Doe"), {"family": "Doe"}),
    ],
)
def test_the_old_mark_of_an_institution_is_read(name, creator, written):
    item = {"id": "k", "type": "book", "author": [name]}
    result = read_csljson(json.dumps(item), "in.json")
    assert result.records[0].creators == (creator,)
    assert codes(result) == []
    assert copy(item)["author"] == [written]


@pytest.mark.parametrize(
    "last", [{"literal": "others"}, {"family": "others"}, {"literal": "et al."}, {"literal": "Et Al"}]
)
def test_a_last_name_may_say_that_there_are_more(last):
    record = read({"id": "k", "type": "book", "author": [{"family": "A", "given": "B"}, last]})
    assert record.creators == (Person("A", "B"),)
    assert record.creators_truncated


def test_no_other_name_says_so():
    others = {"literal": "others"}
    between = read({"type": "book", "author": [{"family": "A"}, others, {"family": "B"}]})
    assert not between.creators_truncated
    editors = read({"type": "book", "author": [{"family": "A"}], "editor": [{"family": "B"}, others]})
    assert not editors.creators_truncated
    assert editors.creators[-1] == Body("others", Role.EDITOR)
    denied = read({"type": "book", "author": [others], "custom": {"creators_truncated": False}})
    assert denied.creators == (Body("others"),)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [[2020, 5, 13]]}, PartialDate(2020, 5, 13)),
        ({"date-parts": [["2020", "05"]]}, PartialDate(2020, 5)),
        ({"date-parts": [[2020, 0, 0]]}, PartialDate(2020)),
        ({"date-parts": [[2020, None]]}, PartialDate(2020)),
        ({"date-parts": [2020, 5]}, PartialDate(2020, 5)),
        ({"date-parts": [[2020], [2021, 3]]}, parse_date("2020/2021-03")),
        ({"date-parts": [[2020], [0]]}, parse_date("2020/..")),
        ({"date-parts": [[2020]], "circa": "about"}, parse_date("2020~")),
        ({"date-parts": [[2020]], "circa": 0}, PartialDate(2020)),
        ({"date-parts": [[2020]], "season": 1}, parse_date("2020-21")),
        ({"date-parts": [[2020, 15]]}, parse_date("2020-23")),
        ({"date-parts": [[2020, 22]]}, parse_date("2020-22")),
        ({"date-parts": [[2020]], "season": "winter"}, parse_date("2020-24")),
        ({"date-parts": [[2020, 2, 30]]}, ExtendedDate(literal="2020-2-30")),
        ({"date-parts": [[-44, 3, 15]]}, ExtendedDate(literal="-44-3-15")),
        ({"date-parts": [[2020], [2021], [2022]]}, ExtendedDate(literal="2020/2021/2022")),
        ({"raw": "2020-05-13"}, PartialDate(2020, 5, 13)),
        ({"raw": "13 May 2020"}, ExtendedDate(literal="13 May 2020")),
        ({"edtf": "2020-05/2020-06"}, parse_date("2020-05/2020-06")),
        ({"literal": "in press"}, ExtendedDate(literal="in press")),
        ({"literal": "2020", "circa": True}, parse_date("2020~")),
        ({"raw": "2020/2021", "circa": True}, parse_date("2020~/2021")),
        ({"date-parts": [[2020, 1, 1, 1]]}, ExtendedDate(literal="2020-1-1-1")),
        ({"date-parts": [[2020]], "season": 9}, ExtendedDate(literal="2020 9")),
        ({"date-parts": [["May 2020"]]}, ExtendedDate(literal="May 2020")),
        ("2020-05", PartialDate(2020, 5)),
        (2020, PartialDate(2020)),
    ],
)
def test_dates_come_in_many_forms(value, date):
    item = {"id": "k", "type": "book", "issued": value}
    assert read(item).issued == date
    once = copy(item)
    assert copy(once) == once


@pytest.mark.parametrize(
    "value", [[], {"date-parts": []}, {"date-parts": [[]]}, {"date-parts": [[None]]}, {"season": 1}, True]
)
def test_a_date_that_says_nothing_is_none_and_reported(value):
    result = read_csljson(json.dumps([{"id": "k", "type": "book", "issued": value}]), "in.json")
    assert result.records[0].issued is None
    assert codes(result) == ([] if value == [] else ["bad-value"])


def test_a_copy_keeps_the_words_of_its_author():
    item = {
        "id": "k",
        "citation-key": "k",
        "type": "motion_picture",
        "title": 'On <i>E. coli</i> and <span class="nocase">GPT</span>',
        "author": [
            {"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"},
            {"literal": "others"},
        ],
        "volume": 3,
        "page": "1\u201310",
        "issued": {"raw": "2020-05-13"},
        "DOI": "https://doi.org/10.1/x",
        "original-date": {"date-parts": [["1999"]]},
        "event-title": "<b>ICML</b>",
        "keyword": "a; b",
        "note": "publisher: set by hand",
        "custom": {"creators_truncated": True},
    }
    record = read(item)
    assert record.title == "On E. coli and GPT"
    assert record.volume == "3"
    assert record.doi == "10.1/x"
    assert record.keywords == ("a", "b")
    assert copy(item) == item


def test_what_was_changed_is_written_anew():
    from dataclasses import replace

    record = read(
        {"id": "k", "type": "book", "title": "<i>old</i>", "note": "DOI: 1", "issued": {"raw": "2020"}}
    )
    changed = replace(record, title="new", note="DOI: 2", issued=PartialDate(2021))
    written = json.loads(write_csljson([Entry("k", changed)]).text)[0]
    assert (written["title"], written["note"]) == ("new", "DOI\u2060: 2")
    assert written["issued"] == {"date-parts": [[2021]]}


@pytest.mark.parametrize(
    ("number", "arxiv", "left"),
    [
        ("arXiv:2401.00001", ("2401.00001", None), None),
        ("arXiv:2401.00001v2 [cs.CL]", ("2401.00001v2", "cs.CL"), None),
        ("arxiv:hep-th/9901001", ("hep-th/9901001", None), None),
        ("arXiv:unknown", (None, None), "arXiv:unknown"),
        ("7", (None, None), "7"),
    ],
)
def test_the_number_of_a_preprint_may_be_its_arxiv_id(number, arxiv, left):
    record = read({"type": "article", "genre": "preprint", "number": number, "publisher": "arXiv"})
    assert (record.arxiv_id, record.arxiv_class) == arxiv
    assert (record.number, record.genre, record.type) == (left, None, ItemType.PREPRINT)


def test_other_types_are_read_as_the_nearest_and_reported_once():
    items = [{"id": n, "type": "song"} for n in range(3)] + [{"id": 9, "type": "unheard-of"}, {"id": 10}]
    result = read_csljson(json.dumps(items), "in.json")
    assert {record.type for record in result.records} == {ItemType.DOCUMENT}
    assert [one.message for one in result.diagnostics] == [
        "CSL type `song` is read as document: 3 items",
        'an item has type "unheard-of", which CSL has not; it is read as a document',
        "an item has no type; it is read as a document",
    ]


def test_what_csl_has_not_is_kept_aside_and_comes_back():
    item = {
        "id": "k",
        "type": "book",
        "foo": {"bar": 1},
        "shortTitle": "S",
        "title": ["a", "b"],
        "volume": True,
    }
    result = read_csljson(json.dumps([item]), "in.json")
    assert result.records[0].unmapped == (
        ("foo", '{"bar": 1}'),
        ("title-short", "S"),
        ("title", '["a", "b"]'),
        ("volume", "true"),
    )
    assert codes(result) == ["unknown-member", "bad-value", "bad-value"]
    assert copy(item)["title-short"] == "S"
    assert copy(item)["custom"] == {
        "unmapped": [["foo", '{"bar": 1}'], ["title", '["a", "b"]'], ["volume", "true"]]
    }


def test_custom_is_ours_or_kept():
    item = {
        "id": "k",
        "type": "book",
        "custom": {
            "score": 1,
            "code": True,
            "date": "May 24",
            "theirs": [1],
            "arxiv_id": 7,
            "type": "manual",
        },
    }
    record = read(item)
    assert record.listing == ListingFacts(score=1.0, code=True, date="May 24")
    assert record.type is ItemType.MANUAL
    assert record.unmapped == (("custom.arxiv_id", "7"), ("custom", '{"theirs": [1]}'))
    assert read({"type": "book", "custom": "text"}).unmapped == (("custom", "text"),)
    other = read({"type": "article-journal", "custom": {"type": "manual"}})
    assert (other.type, other.unmapped) == (ItemType.ARTICLE, (("custom.type", '"manual"'),))
    dated = read(
        {"type": "book", "issued": "2020", "custom": {"date": "May", "issued": "1999/..", "accessed": "x"}}
    )
    assert (dated.listing, dated.issued, dated.accessed) == (None, PartialDate(2020), None)
    lists = read({"type": "book", "keyword": "a, b", "custom": {"categories": [], "keywords": ["c"]}})
    assert lists.keywords == ("a", "b")


def test_a_copy_of_odd_keywords_is_the_same():
    once = copy({"id": "k", "type": "book", "keyword": ";,"})
    assert copy(once) == once


def test_lists_of_keywords_are_read_too():
    assert read({"type": "book", "keyword": ["a, b", "cs.LG"]}).keywords == ("a, b",)
    assert read({"type": "book", "keyword": "cs.LG; hep-th; edge"}).categories == ("cs.LG", "hep-th")


@pytest.mark.parametrize(
    ("member", "kept", "said"),
    [
        ({"id": ["a"]}, ("id", '["a"]'), "`id` is neither text nor a number"),
        ({"citation-key": {"x": "a"}}, ("citation-key", '{"x": "a"}'), "`citation-key` is neither"),
    ],
)
def test_a_key_that_is_none_is_kept_aside(member, kept, said):
    result = read_csljson(json.dumps([{"type": "book", **member}]), "in.json")
    assert result.records[0].unmapped == (kept,)
    assert result.records[0].brought_key is None
    assert said in result.diagnostics[0].message


@pytest.mark.parametrize(
    "item", [{"id": 7}, {"citation-key": 7}, {"id": "http://zotero.org/1", "citation-key": 7}]
)
def test_a_key_may_be_a_number(item):
    result = read_csljson(json.dumps([{"type": "book", **item}]), "in.json")
    assert result.records[0].brought_key == "7"
    assert codes(result) == ["id-not-kept"] * (len(item) == 2)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            {"issued": {"date-parts": [[2020]], "literal": "spring"}},
            "`issued` says more than a date in `literal`",
        ),
        ({"issued": {"raw": "in press", "circa": True}}, "`issued` says more than a date in `circa`"),
        ({"submitted": {"raw": "2020", "timestamp": 9}}, "`submitted` says more than a date in `timestamp`"),
        ({"author": [{"family": "Lee", "literal": "Ann Lee"}]}, "a name is read without its `literal`"),
        ({"author": [{"literal": "ACM", "suffix": "Inc", "ORCID": "1"}]}, "without its `suffix`, `ORCID`"),
    ],
)
def test_what_is_said_beside_a_date_or_a_name_is_reported(item, said):
    result = read_csljson(json.dumps([{"id": "k", "type": "book", **item}]), "in.json")
    assert said in result.diagnostics[0].message


def test_numbers_are_text_in_names_and_switches_are_none_in_dates():
    record = read(
        {"type": "book", "author": [{"family": "Lee", "given": 3}], "issued": {"literal": False, "raw": 5}}
    )
    assert record.creators == (Person("Lee", "3"),)
    assert record.issued == ExtendedDate(literal="5")


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [[79, 8, 24]]}, PartialDate(79, 8, 24)),
        ({"raw": "800"}, PartialDate(800)),
        (800, PartialDate(800)),
        ("98", ExtendedDate(literal="98")),
        ({"date-parts": [[-375]]}, ExtendedDate(literal="-375")),
        ({"date-parts": [[-50], [79]]}, ExtendedDate(literal="-50/79")),
        ({"date-parts": [[0]]}, ExtendedDate(literal="0")),
    ],
)
def test_years_before_1000_are_kept_as_they_are(value, date):
    record = read({"id": "k", "type": "book", "issued": value})
    assert record.issued == date
    (again,) = read_csljson(write_csljson([Entry("k", record)]).text, "out.json").records
    assert again.issued == date
