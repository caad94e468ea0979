from dataclasses import replace

import pytest

from bibkit.diagnostics import Source
from bibkit.formats.base import Block, BlockKind
from bibkit.formats.bibtex import is_biblatex, read_bibtex, write_biblatex, write_bibtex
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry


def read(text):
    return read_bibtex(text, "x.bib")


def entries(result, **changes):
    """Entries under their own keys, with the changes made to the first."""
    found = [Entry(CitationKey(one.brought_key), one) for one in result.records]
    return [replace(found[0], record=replace(found[0].record, **changes)), *found[1:]]


def copy(text, write=write_bibtex, **changes):
    result = read(text)
    return write(entries(result, **changes), result.blocks).text


CLEAN = """Text, as it stands.

@string{acm = {ACM Press}}

@Article{k,
  Author    = "M{\\"u}ller, J. and {GPT} and others",
  title     = {{GPT} \\emph{E. coli} \\"u 50% $x$},
  month     = jan # "~1",
  year      = 2020,
  publisher = acm # { Inc.},
  x-Field   = {},
  keywords  = {a},
  keywords  = {b}
}

% A comment.

@misc{broken, title = }

@misc{l,
}

@comment{the end}
"""


@pytest.mark.parametrize("write", [write_bibtex, write_biblatex])
def test_what_is_clean_is_copied_to_the_letter(write):
    assert copy(CLEAN, write) == CLEAN


def test_what_is_not_laid_out_is_laid_out_and_says_the_same():
    text = '@Misc(k,Title="x",% why\n author = acm)@misc{l}'
    assert copy(text) == '% why\n\n@Misc{k,\n  Title  = "x",\n  author = acm\n}\n\n@misc{l,\n}\n'


def test_what_a_record_says_otherwise_is_written_anew_and_the_rest_stays():
    text = "@Article{k, Title = {{A} b}, year = 1999, month = may, note = {{N}}, x = {y}, volume = {1}}"
    assert copy(
        text,
        title="New",
        issued=PartialDate(2020, 3),
        volume=None,
        doi="10.1/x",
        creators=(Person("Smith", "Jane"),),
        unmapped=(("z", "w"),),
    ) == (
        "@Article{k,\n  note   = {{N}},\n  author = {Smith, Jane},\n  title  = {New},\n  year   = {2020},\n"
        "  month  = mar,\n  doi    = {10.1/x},\n  z      = {w}\n}\n"
    )


def test_a_record_of_another_type_gets_that_types_fields():
    text = "@misc{k, title = {{T}}, howpublished = {J}, note = {{N}}}"
    assert copy(text, type=ItemType.ARTICLE) == (
        "@article{k,\n  title   = {{T}},\n  note    = {{N}},\n  journal = {J}\n}\n"
    )


def test_without_the_files_strings_they_are_written_out():
    result = read(
        "@string{a = {A {B}}}@misc{k, note = a, title = a # { c}, month = jan, year = 2020, x = undefined}"
    )
    assert write_bibtex(entries(result)).text == (
        "@misc{k,\n  note  = {A {B}},\n  title = {A {B} c},\n  month = jan,\n  year  = 2020,\n"
        "  x     = undefined\n}\n"
    )


def test_a_string_stands_by_name_only_where_it_says_the_same():
    text = "@string{a = {1}}\n@misc{k, note = a}\n@string{a = {2}}\n@misc{l, note = a}"
    result = read(text)
    assert "{1}" not in write_bibtex(entries(result), result.blocks).text.replace("@string{a = {1}}", "")
    turned = write_bibtex(entries(result)[::-1], result.blocks).text
    assert turned.count("{2}") == 2
    assert turned.count("note = {1}") == 1


CHILD_FIRST = (
    "@inproceedings{c, title = {C}, crossref = {p}}\n@proceedings{p, title = {P}, booktitle = {{B}}}"
)
PARENT_FIRST = (
    "@proceedings{p, title = {P}, booktitle = {{B}}}\n@inproceedings{c, title = {C}, crossref = {p}}"
)


@pytest.mark.parametrize("text", [CHILD_FIRST, PARENT_FIRST])
@pytest.mark.parametrize("write", [write_bibtex, write_biblatex])
def test_a_reference_stays_in_a_copy(text, write):
    written = copy(text, write)
    assert "crossref = {p}" in written
    assert written.count("{{B}}") == 1


def test_a_reference_that_would_not_hold_is_written_out():
    result = read(CHILD_FIRST)
    alone = write_bibtex(entries(result)[:1]).text
    turned = write_bibtex(entries(result)[::-1]).text
    for written in (alone, turned):
        assert "crossref" not in written
        assert "booktitle = {{B}}" in written
    assert "crossref" in write_biblatex(entries(result)[::-1]).text


def test_xdata_stays_where_the_file_has_it():
    result = read("@xdata{x, publisher = {{P}}}\n@report{k, title = {T}, xdata = {x}}")
    copied = write_biblatex(entries(result), result.blocks).text
    assert "xdata = {x}" in copied
    assert copied.count("{{P}}") == 1
    assert "publisher = {{P}}" in write_biblatex(entries(result)).text
    assert "xdata" not in write_biblatex(entries(result)).text


BIBLATEX = (
    "@thesis{k, title = {{T}}, subtitle = {S}, type = {phdthesis}, institution = {{I}}, date = {2020-05},"
    " location = {{L}}, eprint = {2401.00001}, eprinttype = {arxiv}, eprintclass = {cs.LG}, titleaddon = {x}}"
)


def test_a_file_of_biblatex_gets_names_that_bibtex_knows():
    assert copy(BIBLATEX, write_bibtex) == (
        "@phdthesis{k,\n"
        "  school        = {{I}},\n"
        "  address       = {{L}},\n"
        "  primaryClass  = {cs.LG},\n"
        "  titleaddon    = {x},\n"
        "  title         = {T: S},\n"
        "  year          = {2020},\n"
        "  month         = may,\n"
        "  eprint        = {2401.00001},\n"
        "  archivePrefix = {arXiv}\n}\n"
    )
    assert "@thesis" in copy(BIBLATEX, write_biblatex)


def test_a_file_of_bibtex_keeps_names_that_biblatex_has_too():
    text = "@online{k, title = {T}, location = {L}, year = 2020, date = {2020}}"
    assert "@online" in copy(text)
    assert "location = {L}" in copy(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@misc{k, year = 2020}", False),
        ("@misc{k, date = {2020}, year = 2020}", False),
        ("@online{k, url = {x}}", False),
        ("@misc{k, date = {2020}}", True),
        ("@article{k, JournalTitle = {x}}", True),
        ("@misc{a} @Thesis{k}", True),
    ],
)
def test_a_file_of_biblatex_is_told_by_what_no_other_has(text, found):
    assert is_biblatex(read(text).records) is found


def test_in_ascii_only_sources_in_ascii_stay():
    result = read('@misc{k, title = {{G\\"o} x}, note = {É}, título = {é}}')
    assert write_bibtex(entries(result), ascii=True).text == (
        "@misc{k,\n  title = {{G\\\"o} x},\n  note  = {{\\'E}}\n}\n"
    )


@pytest.mark.parametrize(
    "raw",
    [
        (("@", "misc"), ("note", "{a}, title = {b}")),
        (("@", "misc"), ("note", "{a")),
        (("@", "misc"), ("no te", "{a}")),
        (("@", "misc"), ("note", "{a\ud800}")),
        (("@", "mi{sc"), ("note", "{a}")),
    ],
)
def test_a_source_that_breaks_out_of_its_field_is_none(raw):
    record = Record(type=ItemType.DOCUMENT, note="said", raw=raw)
    assert write_bibtex([Entry(CitationKey("k"), record)]).text == "@misc{k,\n  note = {said}\n}\n"


def test_an_entry_type_that_another_format_kept_is_written():
    record = Record(
        type=ItemType.DOCUMENT, title="T", unmapped=(("entrytype", "dictionary"), ("crossref", "p"))
    )
    rendered = write_bibtex([Entry(CitationKey("k"), record)])
    assert rendered.text == "@dictionary{k,\n  title = {T}\n}\n"
    assert [found.code for found in rendered.diagnostics] == ["field-not-carried"]


def test_blocks_of_another_format_are_not_carried():
    block = Block(BlockKind.COMMENT, "ER  - ", Source("x.ris", 1), format="ris")
    rendered = write_bibtex([], [block])
    assert rendered.text == ""
    assert [found.code for found in rendered.diagnostics] == ["block-not-carried"]


def test_a_rejected_block_in_a_copy_takes_no_entry_in():
    """What it leaves open closes in the copy, where an entry is laid out in brackets that balance."""
    text = "@misc{k, a = {\n\n@misc{l, b = {2})\n}}\n"
    result = read(text)
    assert [one.brought_key for one in result.records] == ["l"]
    rendered = write_bibtex(entries(result), result.blocks)
    assert rendered.text == "% @misc{k, a = {\n\n@misc{l,\n  b = {2}\n}\n\n}}\n"
    assert "as a comment" in rendered.diagnostics[0].message
    assert copy(rendered.text) == rendered.text


@pytest.mark.parametrize(
    "text",
    [
        "@misc{k, a = {\n@misc{k, b = {2})\n}}\n",
        "@misc(k,% x\ndate = {\n@book(k,% x\n},\n@misc{l,1 }*\n$x$},\n}\n",
        "@@misc{k, a = {\n@@misc{k, )}}@misc{k,\n",
    ],
)
def test_nor_does_it_take_one_of_its_own_key_in(text):
    result = read(text)
    copied = copy(text)
    assert read(copied).records == result.records
    assert copy(copied) == copied


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_rejected_block_is_a_comment_line_by_line(newline):
    text = newline.join(["@misc{k,", "", " a = {", "@misc{l, b = {2})", "}}", ""])
    copied = copy(text)
    assert copied.startswith(newline.join(["% @misc{k,", "% ", "%  a = {\n"]))
    assert copy(copied) == copied


def test_comments_in_an_entry_stand_before_it_but_behind_it_next_to_a_rejected_block():
    assert copy("@misc{k, % {\n a = 1}") == "% {\n\n@misc{k,\n  a = 1\n}\n"
    text = "@misc{j, %}\n@misc{k, % {\n a = 1}"
    assert copy(text) == "@misc{j, %}\n\n@misc{k,\n  a = 1\n}\n\n% {\n"
    assert copy(copy(text)) == copy(text)


def test_a_blank_that_is_no_space_keeps_text_from_becoming_an_entry():
    text = "\x1e@misc\n\n@misc{k,\n}\n"
    assert copy(text) == text
