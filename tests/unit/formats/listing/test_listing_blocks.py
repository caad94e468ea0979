import pytest

from bibkit.formats.listing.blocks import Headed, Profile, Stray, cut_lines, read_parts


def shapes(text):
    return [
        (type(part).__name__, [line.text for line in (part.body if isinstance(part, Headed) else part.lines)])
        for part in read_parts(text)
    ]


def test_a_record_is_a_header_and_the_lines_below_it():
    (part,) = read_parts("\n\nCVMar 14, 2023\nTitle\n\nAuthor\n \nAbstract\n\n")
    assert isinstance(part, Headed)
    assert (part.line.number, part.line.text) == (3, "CVMar 14, 2023")
    assert [(line.number, line.text, line.after_blank) for line in part.body] == [
        (4, "Title", False),
        (6, "Author", True),
        (8, "Abstract", True),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_editors_count_them(end):
    lines = ["CVMar 14, 2023", "Title\u2028still it\x0b\x0c\x85\x1c", "Abstract"]
    (part,) = read_parts(end.join(lines))
    assert [line.number for line in part.body] == [2, 3]
    assert cut_lines(end.join(lines)) == lines


def test_a_mark_of_byte_order_is_no_text():
    assert shapes("\ufeffCVMar 14, 2023\nTitle") == [("Headed", ["Title"])]


def test_facts_before_the_first_header_are_a_profile():
    facts = ["h-index44", "155papers", "8,939citations", "Novelty51%", "AI Score61", "155 Papers", "Rank12"]
    assert shapes("\n".join([*facts[:5], "", *facts[5:], "", "CVMar 14, 2023", "T"])) == [
        ("Profile", facts),
        ("Headed", ["T"]),
    ]


def test_other_lines_before_the_first_header_are_stray():
    assert shapes("Zheng Lin\nh-index44\nAbout this page.\nCVMar 14, 2023\nT") == [
        ("Stray", ["Zheng Lin"]),
        ("Profile", ["h-index44"]),
        ("Stray", ["About this page."]),
        ("Headed", ["T"]),
    ]


def test_facts_between_two_pages_are_a_profile():
    assert shapes("CVMar 14, 2023\nT\nA\nh-index44\n155papers\nCVMar 14, 2023\nT") == [
        ("Headed", ["T", "A"]),
        ("Profile", ["h-index44", "155papers"]),
        ("Headed", ["T"]),
    ]


def test_a_fact_inside_an_abstract_is_the_abstracts():
    assert shapes("CVMar 14, 2023\nT\nh-index44\nmore") == [("Headed", ["T", "h-index44", "more"])]


def test_headers_in_a_row_have_no_body():
    assert shapes("CVMar 14, 2023\nCVMar 15, 2023\nT") == [("Headed", []), ("Headed", ["T"])]


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t\u2028", "\ufeff"])
def test_nothing_has_no_parts(text):
    assert read_parts(text) == []


def test_text_without_a_header_is_stray():
    assert shapes("Once upon a time\n\nthere was") == [("Stray", ["Once upon a time", "there was"])]
    assert isinstance(read_parts("x" * 100_000)[0], Stray)


@pytest.mark.parametrize(("line", "count"), [("155papers", 155), ("1,155 Papers", 1155), ("1 paper", 1)])
def test_a_profile_counts_papers(line, count):
    (part,) = read_parts(f"h-index44\n{line}\n")
    assert isinstance(part, Profile)
    assert part.count_papers() == {count}
