import pytest

from bibkit.citekeys.scheme import candidate_key
from bibkit.diagnostics import Severity, Source
from bibkit.formats.base import BlockKind
from bibkit.formats.bibtex import read_bibtex
from bibkit.model.dates import ExtendedDate, PartialDate
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, Record


def read(text):
    return read_bibtex(text, "x.bib")


def record(text):
    (found,) = read(text).records
    return found


def said(fields, type_="misc"):
    """The values that an entry with these fields sets, beside its type."""
    found = record(f"@{type_}{{k, {fields}}}")
    empty = Record(type=found.type)
    return {
        name: getattr(found, name)
        for name in Record.__dataclass_fields__
        if name not in {"raw", "source", "brought_key"} and getattr(found, name) != getattr(empty, name)
    }


def codes(text):
    return [(found.severity.value, found.code) for found in read(text).diagnostics]


def test_an_article_is_read_field_by_field():
    found = record(
        """
        @Article{smith2020,
          Author = {Smith, Jane and {The {LIGO} Group} and others},
          editor = {Doe, J.},
          title = {On {GPT} and $x_i$: \\emph{E. coli} \\& 50\\%},
          subtitle = "A {\\"o}bersicht",
          journal = {J. of X},
          volume = 12, number = {3}, pages = {1--20, 25},
          year = 2020, month = may # "~5",
          doi = {https://doi.org/10.1000/a_b}, url = {\\url{http://x.y/a\\_b%20~c}}, urldate = {2021-02-03},
          issn = {1234-5678}, language = {german}, keywords = {one, {two, three}; cs.LG},
          abstract = {A
            long one.}, note = {\\foo{x}}, series = {S}, date-added = {today}
        }"""
    )
    assert found == Record(
        type=ItemType.ARTICLE,
        title="On GPT and $x_i$: E. coli & 50%: A öbersicht",
        creators=(Person("Smith", "Jane"), Body("The LIGO Group"), Person("Doe", "J.", role=Role.EDITOR)),
        creators_truncated=True,
        issued=PartialDate(2020, 5, 5),
        abstract="A long one.",
        container_title="J. of X",
        volume="12",
        issue="3",
        pages="1-20, 25",
        doi="10.1000/a_b",
        url="http://x.y/a_b%20~c",
        accessed=PartialDate(2021, 2, 3),
        issn="1234-5678",
        language="de",
        categories=("cs.LG",),
        keywords=("one", "two, three"),
        note="\\foo{x}",
        unmapped=(("collection-title", "S"), ("date-added", "today")),
    )
    assert found.brought_key == "smith2020"
    assert found.source == Source("x.bib", 2)


@pytest.mark.parametrize(
    ("type_", "item_type", "genre"),
    [
        ("article", ItemType.ARTICLE, None),
        ("INPROCEEDINGS", ItemType.CONFERENCE_PAPER, None),
        ("Conference", ItemType.CONFERENCE_PAPER, None),
        ("proceedings", ItemType.PROCEEDINGS, None),
        ("book", ItemType.BOOK, None),
        ("mvbook", ItemType.BOOK, None),
        ("collection", ItemType.BOOK, None),
        ("inbook", ItemType.CHAPTER, None),
        ("incollection", ItemType.CHAPTER, None),
        ("booklet", ItemType.BOOKLET, None),
        ("manual", ItemType.MANUAL, None),
        ("phdthesis", ItemType.THESIS, "PhD thesis"),
        ("mastersthesis", ItemType.THESIS, "Master's thesis"),
        ("thesis", ItemType.THESIS, None),
        ("techreport", ItemType.REPORT, "Technical report"),
        ("report", ItemType.REPORT, None),
        ("online", ItemType.WEBPAGE, None),
        ("electronic", ItemType.WEBPAGE, None),
        ("software", ItemType.SOFTWARE, None),
        ("dataset", ItemType.DATASET, None),
        ("patent", ItemType.PATENT, None),
        ("unpublished", ItemType.MANUSCRIPT, None),
        ("misc", ItemType.DOCUMENT, None),
    ],
)
def test_every_entry_type_has_its_item_type(type_, item_type, genre):
    found = record(f"@{type_}{{k, title = {{x}}}}")
    assert (found.type, found.genre, found.unmapped) == (item_type, genre, ())


def test_an_unknown_entry_type_is_a_document_and_keeps_its_name():
    found = record("@Dictionary{k, title = {x}}")
    assert (found.type, found.unmapped) == (ItemType.DOCUMENT, (("entrytype", "Dictionary"),))
    assert codes("@Dictionary{k, title = {x}}") == [("info", "unknown-entry-type")]


@pytest.mark.parametrize(
    ("type_", "fields", "values"),
    [
        ("thesis", "type = phdthesis # {}, institution = {I}", {"genre": "PhD thesis", "publisher": "I"}),
        ("thesis", "type = {mathesis}", {"genre": "Master's thesis"}),
        ("phdthesis", "type = {Habilitation}, school = {S}", {"genre": "Habilitation", "publisher": "S"}),
        ("phdthesis", "type = {Thesis}", {}),
        ("report", "type = {resreport}, number = {7}", {"genre": "Research report", "number": "7"}),
        ("inproceedings", "booktitle = {B}, booksubtitle = {C}, organization = {O}",
         {"container_title": "B: C", "unmapped": (("organization", "O"),)}),
        ("inproceedings", "booktitle = {B?}, booksubtitle = {C}", {"container_title": "B? C"}),
        ("inbook", "maintitle = {M}, mainsubtitle = {N}", {"container_title": "M: N"}),
        ("inbook", "maintitle = {M}, booktitle = {B}",
         {"container_title": "B", "unmapped": (("maintitle", "M"),)}),
        ("inbook", "maintitle = {M}, booksubtitle = {C}",
         {"unmapped": (("maintitle", "M"), ("booksubtitle", "C"))}),
        ("article", "journaltitle = {J}, journal = {K}, location = {L}",
         {"container_title": "K", "place": "L", "unmapped": (("journaltitle", "J"),)}),
        ("article", "journal = {}, journaltitle = {J}", {"container_title": "J"}),
        ("article", "eid = {12}, number = {3}, issue = {Spring}",
         {"number": "12", "issue": "3", "unmapped": (("issue", "Spring"),)}),
        ("article", "booktitle = {B}", {"unmapped": (("booktitle", "B"),)}),
        ("book", "address = {A}, location = {L}", {"place": "A", "unmapped": (("location", "L"),)}),
        ("book", "series = {S}, number = {3}, edition = {2}",
         {"edition": "2", "unmapped": (("collection-title", "S"), ("collection-number", "3"))}),
        ("book", "pagetotal = {9}, shorttitle = {S}, eventdate = {2020-05}, annotation = {N}, chapter = {4}",
         {"unmapped": (("number-of-pages", "9"), ("title-short", "S"), ("event-date", "2020-05"),
                       ("annote", "N"), ("chapter-number", "4"))}),
        ("misc", "howpublished = {\\url{http://x.y/z_1}}", {"url": "http://x.y/z_1"}),
        ("misc", "howpublished = {http://x.y}, url = {http://x.y}", {"url": "http://x.y"}),
        ("misc", "howpublished = {A leaflet}", {"container_title": "A leaflet"}),
        ("misc", "langid = {ngerman}", {"language": "de-DE"}),
        ("misc", "language = {Klingon}", {"language": "Klingon"}),
        ("misc", "language = {en_US}, langid = {american}", {"language": "en-US"}),
        ("misc", "pages = {1-1--1-9}", {"pages": "1-1–1-9"}),
        ("misc", "keywords = {}, title = { }, note = {{}}", {}),
        ("misc", "file = {:a\\_b.pdf:PDF}, bdsk-url-1 = {http://x_y}",
         {"unmapped": (("file", ":a\\_b.pdf:PDF"), ("bdsk-url-1", "http://x_y"))}),
        ("misc", "editora = {X, Y}, editoratype = {collaborator}",
         {"creators": (Person("X", "Y", role=Role.CONTRIBUTOR),)}),
        ("misc", "editora = {X, Y}, editoratype = {founder}",
         {"unmapped": (("editora", "X, Y"), ("editoratype", "founder"))}),
        ("misc", "translator = {X, Y and others}",
         {"creators": (Person("X", "Y", role=Role.TRANSLATOR),), "creators_truncated": True}),
        ("misc", "title = {{\\noopsort{b}}Foo}", {"title": "Foo"}),
    ],
)  # fmt: skip
def test_a_field_says_what_it_says_in_its_type(type_, fields, values):
    genre = {"phdthesis": "PhD thesis"}.get(type_)
    wanted = values if "genre" in values or "type" in fields or not genre else {"genre": genre, **values}
    assert {name: value for name, value in said(fields, type_).items() if name != "type"} == wanted


@pytest.mark.parametrize(
    ("fields", "type_", "arxiv_id", "category"),
    [
        (
            "eprint = {1706.03762}, archivePrefix = {arXiv}, primaryClass = {cs.CL}",
            "misc",
            "1706.03762",
            "cs.CL",
        ),
        ("eprint = {arXiv:1706.03762v2 [cs.CL]}, eprinttype = {arxiv}", "online", "1706.03762v2", "cs.CL"),
        ("eprint = {hep-th/9711200}", "misc", "hep-th/9711200", None),
        ("doi = {10.48550/arXiv.1706.03762}", "misc", "1706.03762", None),
        ("url = {https://arxiv.org/abs/1706.03762}", "misc", "1706.03762", None),
    ],
)
def test_what_has_an_arxiv_id_and_no_other_home_is_a_preprint(fields, type_, arxiv_id, category):
    found = record(f"@{type_}{{k, {fields}}}")
    assert (found.type, found.arxiv_id, found.arxiv_class) == (ItemType.PREPRINT, arxiv_id, category)
    assert found.unmapped == ()


def test_an_eprint_of_another_archive_is_none_of_arxivs():
    found = record("@misc{k, eprint = {123}, eprinttype = {jstor}, eprintclass = {x}}")
    assert (found.type, found.arxiv_id) == (ItemType.DOCUMENT, None)
    assert found.unmapped == (("eprint", "123"), ("eprinttype", "jstor"), ("eprintclass", "x"))
    assert record("@misc{k, eprint = {123}}").arxiv_id is None


def test_an_article_with_an_arxiv_id_stays_one():
    found = record("@article{k, eprint = {1706.03762}, archivePrefix = {arXiv}}")
    assert (found.type, found.arxiv_id) == (ItemType.ARTICLE, "1706.03762")


@pytest.mark.parametrize(
    ("fields", "issued", "unmapped"),
    [
        ("year = 2020", PartialDate(2020), ()),
        ("year = {2020}, month = {mar}", PartialDate(2020, 3), ()),
        ("year = 2020, month = 5, day = 13", PartialDate(2020, 5, 13), ()),
        ("year = 2020, day = 13", PartialDate(2020), (("day", "13"),)),
        ("year = 2020, month = {Februar}", PartialDate(2020), (("month", "Februar"),)),
        ("month = jan", None, (("month", "January"),)),
        ("year = {in press}, month = jan", ExtendedDate(literal="in press"), (("month", "January"),)),
        ("year = {{\\noopsort{1}}1981}", PartialDate(1981), ()),
        ("date = {2020-05-13}", PartialDate(2020, 5, 13), ()),
        ("date = {1723~}", ExtendedDate(PartialDate(1723), circa=True), ()),
        ("date = {1723\\textasciitilde}", ExtendedDate(PartialDate(1723), circa=True), ()),
        ("date = {2020}, year = 2020", PartialDate(2020), ()),
        ("date = {2020-03}, year = 2020, month = mar", PartialDate(2020, 3), ()),
        ("date = {2020}, year = 2019", PartialDate(2020), (("year", "2019"),)),
        ("date = {13 May}, year = 2020, month = 5", PartialDate(2020, 5), (("date", "13 May"),)),
        ("date = {13 May}", ExtendedDate(literal="13 May"), ()),
    ],
)
def test_a_date_is_put_together_from_its_fields(fields, issued, unmapped):
    found = record(f"@misc{{k, {fields}}}")
    assert (found.issued, found.unmapped) == (issued, unmapped)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ("year = 476", "odoacer0476rome"),
        ("year = {0476}", "odoacer0476rome"),
        ("date = {0476-09-04}", "odoacer0476rome"),
        ("date = {0378/0476}", "odoacer0378rome"),
        ("year = {0044}", "odoacer0044rome"),
        ("year = {44}", "odoacerndrome"),
        ("year = {-44}", "odoacerndrome"),
        ("date = {-0043}", "odoacerndrome"),
    ],
)
def test_an_early_year_is_one_in_the_key(fields, key):
    """Two digits are those of a year in some century; years before Christ are kept as words."""
    assert candidate_key(record(f"@misc{{k, author = {{Odoacer}}, title = {{Rome}}, {fields}}}")) == key


def test_a_time_of_day_is_said():
    assert codes("@misc{k, date = {2020-05-13T10:00:00}}") == [("info", "time-not-kept")]
    assert codes("@misc{k, urldate = {2020-05-13T10:00Z}}") == [("info", "time-not-kept")]
    assert codes("@misc{k, date = {2020-05-13}}") == []


def test_a_month_that_a_file_defines_anew_is_that_month_all_the_same():
    text = "@string{jan = {Januar}}@misc{k, year = 2020, month = jan, note = jan}"
    assert record(text).issued == PartialDate(2020, 1)
    assert record(text).note == "Januar"


def test_raw_source_is_kept_as_written():
    text = '@string{acm = "ACM"}@Misc{k, Title = {{X} y}, year = 2020, month=jan # "~1", publisher = acm}'
    assert record(text).raw == (
        ("@", "Misc"),
        ("Title", "{{X} y}"),
        ("year", "2020"),
        ("month", 'jan # "~1"'),
        ("publisher", "acm"),
        ("#", "ACM"),
    )


def test_raw_source_says_what_a_string_of_its_own_name_says():
    text = "@string{jan = {jan}}@string{xfoox = {foo}}@inbook{k, chapter = jan, booktitle = xfoox}"
    assert record(text).raw[1:] == (("chapter", "jan"), ("#", "jan"), ("booktitle", "xfoox"), ("#", "foo"))


@pytest.mark.parametrize("field", ["keywords", "author", "year"])
def test_an_unknown_macro_is_counted_where_it_stands_again(field):
    text = f"@misc{{a, title = {{\\foo x}}, {field} = {{\\foo y}}}}@misc{{b, {field} = {{\\foo y}}}}"
    said = [one.message for one in read_bibtex(text, "x.bib").diagnostics if one.code == "unknown-macro"]
    assert said == ["\\foo has no known meaning and stays as it stands: 2 places"]


def test_fields_that_stand_twice_are_kept():
    found = record("@misc{k, note = {a}, NOTE = {b}, note = {a}, keywords = {c}, keywords = {d}, note = {e}}")
    assert found.note == "a"
    assert found.keywords == ("c", "d")
    assert found.unmapped == (("note-2", "b"), ("note-4", "e"))
    assert codes("@misc{k, note = {a}, NOTE = {b}}") == [("warning", "duplicate-field")]


def test_keys_that_stand_twice_are_said():
    text = "@misc{k, note = 1}\n@misc{K, note = 2}\n@misc{k, note = 3}\n@misc{, note = 4}"
    found = read(text)
    assert [one.note for one in found.records] == ["1", "2", "3", "4"]
    assert [one.brought_key for one in found.records] == ["k", "K", "k", None]
    assert codes(text) == [("warning", "key-case"), ("warning", "duplicate-key"), ("warning", "missing-key")]


def test_what_is_no_entry_is_a_block_in_its_place():
    text = (
        "Text.\n@string{s = {x}}\n@misc{a, % inside\n note = s}\n@misc{b\n@preamble{{p}}\n"
        "@xdata{d, note = 1}\n% end\n"
    )
    found = read(text)
    assert [(block.kind, block.text.strip(), block.index) for block in found.blocks] == [
        (BlockKind.COMMENT, "Text.", 0),
        (BlockKind.STRING, "@string{s = {x}}", 0),
        (BlockKind.COMMENT, "% inside", 0),
        (BlockKind.REJECTED, "@misc{b", 1),
        (BlockKind.PREAMBLE, "@preamble{{p}}", 1),
        (BlockKind.STRING, "@xdata{d, note = 1}", 1),
        (BlockKind.COMMENT, "% end", 1),
    ]
    assert all(block.format == "bibtex" for block in found.blocks)
    rejected = next(one for one in found.diagnostics if one.code == "rejected-block")
    assert (rejected.severity, rejected.source) == (Severity.WARNING, Source("x.bib", 5))


def test_strange_macros_are_said_once():
    text = "@misc{a, note = {\\foo}} @misc{b, note = {\\foo \\bar}}"
    messages = [found.message for found in read(text).diagnostics]
    assert messages == [
        "\\foo has no known meaning and stays as it stands: 2 places",
        "\\bar has no known meaning and stays as it stands: 1 place",
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "no entry at all", "% only a comment"])
def test_a_file_without_entries_has_no_records(text):
    found = read(text)
    assert found.records == ()
    assert [block.text for block in found.blocks] == [text.strip()] * bool(text.strip())
