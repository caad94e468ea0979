"""What other tools get wrong, by public reports: a test a case, named after it.

`CASES` has every case with its test; where another file has it already, that file is named.
"""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from bibkit.formats.bibtex import read_bibtex, write_biblatex, write_bibtex
from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.formats.ris import read_ris, write_ris
from bibkit.latex import braces_balance
from bibkit.model.dates import PartialDate
from bibkit.model.names import Body, Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry

TESTS = Path(__file__).resolve().parents[3]

CASES = {
    "an unbalanced brace in an abstract costs the rest of the file":
        "test_an_unbalanced_brace_in_an_abstract_costs_its_entry_alone",
    "an escaped brace counts to BibTeX, and a lone one takes the next fields in":
        "test_backslashes_do_not_escape_braces",
    "clean data are written unbalanced": "test_a_clean_record_is_written_balanced",
    "two backslashes before a brace": "test_two_backslashes_before_a_brace_are_no_escape_either",
    "an @ in a value starts a block": "test_an_at_sign_in_a_value_starts_nothing",
    "a quote in braces in a quoted value": "test_a_quote_in_braces_ends_no_quoted_value",
    "entries in parentheses are dropped": "test_entries_in_parentheses_are_read",
    "a per cent sign cuts an address off": "test_a_per_cent_sign_in_a_value_is_one",
    "a per cent sign or ampersand in a title breaks LaTeX": "test_signs_in_text_are_escaped",
    "signs in an address are escaped": "test_signs_in_an_address_are_not_escaped",
    "money is taken for maths": "test_money_is_no_maths",
    "text between two escaped dollars is deleted": "test_money_is_no_maths",
    "macros of a paper are deleted or glued": "test_macros_of_a_paper_alone_stay",
    "escapes are doubled on rewriting": "test_escapes_are_neither_lost_nor_doubled",
    "escapes are stripped on reading": "test_escapes_are_neither_lost_nor_doubled",
    "and others becomes a person": "test_and_others_is_nobody",
    "particles are dropped": "test_particles_stay_particles",
    "a body with and in its name is split": "test_a_body_with_and_in_its_name_is_one",
    "people with one name": "test_people_with_one_name_stay_where_they_are",
    "a hyphen in braces gives unbalanced initials": "test_a_hyphen_in_braces_is_one",
    "months in all spellings": "test_months_are_read_however_they_are_written",
    "keys that differ in case alone": "test_keys_that_differ_in_case_alone_both_stay",
    "keys change when the library grows": "properties/test_citekey_laws.py::test_growth_changes_no_key",
    "keys of another script become empty": "unit/citekeys/test_scheme.py::test_short_keys",
    "arXiv's fields are ignored": "test_an_arxiv_paper_is_a_preprint_with_its_class",
    "several fields of one name": "test_several_fields_of_one_name_are_kept",
    "an empty tag of RIS is continued":
        "unit/formats/ris/test_ris_reader.py::test_tags_may_have_one_space_or_no_value",
    "RIS without a last line break or ER":
        "unit/formats/ris/test_ris_reader.py::test_a_missing_er_costs_nothing_and_is_reported_once",
    "RIS with a byte order mark": "unit/formats/ris/test_ris_reader.py::test_lines_end_in_any_way",
    "wrapped lines of RIS": "unit/formats/ris/test_ris_reader.py::test_wrapped_lines_are_joined",
    "styles lower-case maths and names in titles":
        "test_maths_and_names_in_titles_keep_their_case",
    "time grows faster than the file": "properties/test_bibtex_scanner_laws.py::test_the_cost_is_linear",
    "types that are no standard are dropped": "test_types_that_are_no_standard_stay",
    "broken blocks grow with each saving":
        "test_a_broken_block_stays_as_it_is_however_often_it_is_saved",
}  # fmt: skip

AFTER = "\n@misc{after, note = {x}}\n"


def read(text):
    return read_bibtex(text, "x.bib")


def record(text):
    (found,) = read(text).records
    return found


def keys(text):
    return [one.brought_key for one in read(text).records]


def codes(text):
    return [found.code for found in read(text).diagnostics]


def copy(text):
    result = read(text)
    return write_bibtex(
        [Entry(CitationKey(one.brought_key), one) for one in result.records], result.blocks
    ).text


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_its_test(case):
    file, _, name = CASES[case].rpartition("::")
    path = TESTS / file if file else Path(__file__)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_an_unbalanced_brace_in_an_abstract_costs_its_entry_alone():
    text = "@misc{a, note = 1}\n@misc{b, abstract = {An { odd one},\n year = 2020\n}" + AFTER
    assert keys(text) == ["a", "after"]
    assert codes(text) == ["rejected-block"]
    assert keys(text + text) == ["a", "after"] * 2


def test_backslashes_do_not_escape_braces():
    assert keys("@misc{a, title = {a \\{ b},\n year = 2020\n}" + AFTER) == ["after"]
    assert record("@misc{a, title = {a \\{ b \\} c}}").raw[1] == ("title", "{a \\{ b \\} c}")


def written(**values):
    return write_bibtex([Entry(CitationKey("a"), Record(type=ItemType.DOCUMENT, **values))]).text


def test_a_clean_record_is_written_balanced():
    text = "@misc{a,\n  title = {{[}x{]} {a, b} \\{c\\} \\textbf{{d}}}\n}\n"
    assert copy(text) == text
    made = written(title="[x] {a, b} \\{c \\textbf{d", abstract="} {", url="http://x.y/{z")
    assert braces_balance(made)
    assert keys(made + AFTER) == ["a", "after"]


def test_two_backslashes_before_a_brace_are_no_escape_either():
    assert record("@misc{a, note = {C:\\\\}, year = 2020}").issued == PartialDate(2020)


@pytest.mark.parametrize("value", ["me@home.org", "@article{x, y}", "a @ b", "\n@ \n", "see\n @misc"])
def test_an_at_sign_in_a_value_starts_nothing(value):
    assert keys(f"@misc{{a, note = {{{value}}}, year = 2020}}{AFTER}") == ["a", "after"]


def test_a_quote_in_braces_ends_no_quoted_value():
    assert record('@misc{a, title = "x {"}y{"} z"}').title == 'x "y" z'


def test_entries_in_parentheses_are_read():
    assert keys('@article(a, title = {x) y}, note = "a)b")' + AFTER) == ["a", "after"]


def test_a_per_cent_sign_in_a_value_is_one():
    found = record("@misc{a, url = {http://x.y/a%20b?c=1&d_e#f}, note = {50% of it}}")
    assert found.url == "http://x.y/a%20b?c=1&d_e#f"
    assert found.note == "50% of it"


def test_signs_in_text_are_escaped():
    made = written(title="50% of A & B_c #1", abstract="~ ^ $5")
    assert "{50\\% of A \\& B\\_c \\#1}" in made
    assert record(made).title == "50% of A & B_c #1"
    assert record(made).abstract == "~ ^ $5"


@pytest.mark.parametrize("field", ["url", "doi"])
def test_signs_in_an_address_are_not_escaped(field):
    assert "{10.1/a_b?c=1&d#e%20~f}" in written(**{field: "10.1/a_b?c=1&d#e%20~f"})


def test_maths_and_names_in_titles_keep_their_case():
    assert "{On {$x_I$} in {GPT}}" in written(title="On $x_I$ in GPT")


def test_escapes_are_neither_lost_nor_doubled():
    text = "@misc{a,\n  title = {A \\& B 50\\% \\$5 \\_x \\#1},\n  url   = {http://x.y/a_b%20&c}\n}\n"
    assert record(text).title == "A & B 50% $5 _x #1"
    assert copy(text) == text
    assert copy(copy(text)) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("costs \\$5--\\$10 at", "costs $5–$10 at"),
        ("costs $5--$10 at", "costs $5–$10 at"),
        ("$x_i<y^2$ and $\\alpha$", "$x_i<y^2$ and $\\alpha$"),
    ],
)
def test_money_is_no_maths(source, text):
    assert record(f"@misc{{a, abstract = {{{source}}}}}").abstract == text


def test_macros_of_a_paper_alone_stay():
    found = record("@misc{a, abstract = {Our \\method{} beats \\cite{foo} by \\foo bar}}")
    assert found.abstract == "Our \\method{} beats \\cite{foo} by \\foo bar"
    assert codes("@misc{a, abstract = {\\method{}}}") == ["unknown-macro"]


@pytest.mark.parametrize("others", ["others", "{others}", "et al.", "OTHERS"])
def test_and_others_is_nobody(others):
    found = record(f"@misc{{a, author = {{Smith, J. and {others}}}}}")
    assert found.creators == (Person("Smith", "J."),)
    assert found.creators_truncated


def test_particles_stay_particles():
    found = record("@misc{a, author = {Jan van der Berg and de la Cruz, Jr., M. and Ludwig {van} Beethoven}}")
    assert found.creators == (
        Person("Berg", "Jan", "van der"),
        Person("Cruz", "M.", "de la", "Jr."),
        Person("Beethoven", "Ludwig van"),
    )


def test_a_body_with_and_in_its_name_is_one():
    found = record("@misc{a, author = {{Barnes and Noble, Inc.} and {The LIGO and Virgo}}}")
    assert found.creators == (Body("Barnes and Noble, Inc."), Body("The LIGO and Virgo"))


def test_people_with_one_name_stay_where_they_are():
    found = record("@misc{a, author = {Smith, J. and Plato and Doe, J. and Mausam}}")
    assert [one.family for one in found.creators] == ["Smith", "Plato", "Doe", "Mausam"]
    assert found.creators[1] == Person("Plato")


def test_a_hyphen_in_braces_is_one():
    assert record("@misc{a, author = {Ben{-}Sasson, Eli}}").creators == (Person("Ben-Sasson", "Eli"),)


@pytest.mark.parametrize(
    "month", ["mar", "{mar}", "3", "{03}", '"March"', "{Mar.}", "MAR", "{march}", "mar # {}"]
)
def test_months_are_read_however_they_are_written(month):
    assert record(f"@misc{{a, year = 2020, month = {month}}}").issued == PartialDate(2020, 3)


def test_sept_is_september():
    assert record("@misc{a, year = 2020, month = sept}").issued == PartialDate(2020, 9)
    assert codes("@misc{a, year = 2020, month = sept}") == ["undefined-string"]


@pytest.mark.parametrize("month", ["{1~jan}", 'jan # "~1"', '"1~" # jan', "{January 1st}"])
def test_a_day_in_the_month_is_the_day(month):
    assert record(f"@misc{{a, year = 2020, month = {month}}}").issued == PartialDate(2020, 1, 1)


def test_keys_that_differ_in_case_alone_both_stay():
    assert keys("@misc{Key, note = 1} @misc{key, note = 2}") == ["Key", "key"]
    assert codes("@misc{Key, note = 1} @misc{key, note = 2}") == ["key-case"]


@pytest.mark.parametrize("key", ["Müller2020", "東京", "ключ:1", "DBLP:conf/x/Y-1"])
def test_keys_of_any_script_stay(key):
    assert keys(f"@misc{{{key}, note = 1}}") == [key]


@pytest.mark.parametrize("names", [("archivePrefix", "primaryClass"), ("eprinttype", "eprintclass")])
def test_an_arxiv_paper_is_a_preprint_with_its_class(names):
    found = record(f"@misc{{a, eprint = {{1706.03762}}, {names[0]} = {{arXiv}}, {names[1]} = {{cs.CL}}}}")
    assert (found.type, found.arxiv_id, found.arxiv_class) == (ItemType.PREPRINT, "1706.03762", "cs.CL")


def test_several_fields_of_one_name_are_kept():
    found = record("@misc{a, keywords = {x}, keywords = {y, z}}")
    assert found.keywords == ("x", "y", "z")


def test_types_that_are_no_standard_stay():
    text = "@preprint{a,\n  note = {x}\n}\n\n@Foo{b,\n  note = {x}\n}\n"
    assert copy(text) == text


def test_a_broken_block_stays_as_it_is_however_often_it_is_saved():
    text = "@misc{a,\n  note = {x}\n}\n\n@misc{broken, = }\n\n@misc{b,\n  note = {x}\n}\n"
    assert copy(copy(copy(text))) == text


REALISTIC = r"""@misc{smith2023,
  author        = {Smith, Jane and van der Berg, Jan and {The LIGO Collaboration and Virgo} and Plato and
                   de la Cruz, Jr., Mar{\'\i}a and others},
  title         = {On {$\ell_1$} Norms in {GPT}: 50\% of \emph{it} \& {$x_i<y^2$}},
  year          = {2023},
  month         = may,
  eprint        = {2305.12345},
  archiveprefix = {arXiv},
  primaryclass  = {cs.CL},
  abstract      = {We use \method{} of \cite{foo}, which costs \$5--\$10 on 10~GPUs \# 1 of a\_b, ``now''.},
  url           = {https://x.y/a%20b?c=1&d=~e#f},
  doi           = {10.48550/arXiv.2305.12345},
  keywords      = {one, two},
  language      = {english}
}
"""


def test_a_realistic_record_is_read_whole_and_copied_to_the_letter():
    found = record(REALISTIC)
    assert found.creators == (
        Person("Smith", "Jane"),
        Person("Berg", "Jan", "van der"),
        Body("The LIGO Collaboration and Virgo"),
        Person("Plato"),
        Person("Cruz", "María", "de la", "Jr."),
    )
    assert found.creators_truncated
    assert found.title == r"On $\ell_1$ Norms in GPT: 50% of it & $x_i<y^2$"
    assert (found.type, found.arxiv_id, found.arxiv_class) == (ItemType.PREPRINT, "2305.12345", "cs.CL")
    assert found.issued == PartialDate(2023, 5)
    assert (
        found.abstract == r"We use \method{} of \cite{foo}, which costs $5–$10 on 10 GPUs # 1 of a_b, “now”."
    )
    assert found.url == "https://x.y/a%20b?c=1&d=~e#f"
    assert (found.doi, found.keywords, found.language) == ("10.48550/arXiv.2305.12345", ("one", "two"), "en")
    assert found.unmapped == ()
    assert copy(REALISTIC) == REALISTIC


#: Of a format, what writes it, what reads it, and what of the record it cannot carry, and says so.
FORMATS = {
    "bibtex": (write_bibtex, read_bibtex, {}),
    "biblatex": (write_biblatex, read_bibtex, {}),
    "csljson": (write_csljson, read_csljson, {}),
    "ris": (write_ris, read_ris, {"arxiv_class": None}),
}


@pytest.mark.parametrize("raw", [True, False], ids=["with its source", "without"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_realistic_record_goes_through_every_format_and_back(name, raw):
    """Nothing is lost that is not named: names, "et al.", arXiv's fields, maths, macros, addresses, case."""
    write, read_, lost = FORMATS[name]
    found = record(REALISTIC) if raw else replace(record(REALISTIC), raw=())
    there = write([Entry(CitationKey("smith2023"), found)])
    assert [loss.what for loss in there.losses] == [f"RIS cannot carry `{fact}`" for fact in lost]
    (between,) = read_(there.text, "between").records
    assert between.brought_key == "smith2023"
    back = write_bibtex([Entry(CitationKey("smith2023"), between)])
    assert back.losses == ()
    (again,) = read_bibtex(back.text, "back.bib").records
    assert again == replace(found, **lost)
