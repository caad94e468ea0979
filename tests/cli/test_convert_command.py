"""`bibkit convert` as its users meet it: any format to any other, clean copies, what is lost, exit codes."""

import json

import pytest

BIB = """\
% my references
@string{jf = "Journal of Foo"}
@preamble{"\\newcommand{\\noop}[1]{}"}

@article{Knuth:1984,
  author = {Donald E. Knuth and others}, title = "{Literate} Programming of \\emph{webs}",
  journal = jf, year = 1984, month = may, mykey = {zz}}
@comment{by hand}
@inproceedings{child, crossref = {proc}, title = {A child}, author = {Jane Doe}}
@proceedings{proc, title = {Proceedings}, booktitle = {Proceedings}, year = 2001}
"""
ITEMS = [
    {"id": "b2", "type": "book", "title": "Second", "author": [{"family": "Lee", "given": "Ann"}]},
    {"id": "a1", "type": "book", "title": "First", "author": [{"literal": "ACM"}], "custom": {"mine": 1}},
]
RIS = "TY  - JOUR\r\nID  - roe2001\r\nAU  - Roe, Jane\r\nTI  - A title\r\nPY  - 2001\r\nER  - \r\n\r\n"


@pytest.fixture
def files(project):
    """A file of each format with keys."""
    (project / "refs.bib").write_text(BIB, encoding="utf-8")
    (project / "refs.json").write_text(json.dumps(ITEMS), encoding="utf-8")
    (project / "refs.ris").write_bytes(RIS.encode())
    return project


def keys_of(text: str) -> list[str]:
    return [item["id"] for item in json.loads(text)]


@pytest.mark.parametrize("name", ["refs.bib", "refs.json", "refs.ris"])
@pytest.mark.parametrize("to", ["bibtex", "biblatex", "csljson", "ris"])
def test_any_format_to_any_other(bibkit, files, name, to):
    ran = bibkit("convert", name, "-t", to)
    assert ran.code == 0
    back = bibkit("convert", "-", "-t", "csljson", stdin=ran.out.encode())
    assert back.code == 0
    assert sorted(keys_of(back.out)) == sorted(keys_of(bibkit("convert", name, "-t", "csljson").out))


def test_a_clean_copy_keeps_order_comments_strings_and_values(bibkit, files):
    copy = bibkit("convert", "refs.bib", "-t", "bibtex").out
    for piece in (
        "% my references\n",
        '@string{jf = "Journal of Foo"}\n',
        '@preamble{"\\newcommand{\\noop}[1]{}"}\n',
        'title   = "{Literate} Programming of \\emph{webs}",\n',
        "journal = jf,\n",
        "@comment{by hand}\n",
        "crossref = {proc},\n",
        "mykey   = {zz}\n",
    ):
        assert piece in copy
    places = [copy.index(piece) for piece in ("@string", "Knuth:1984", "@comment", "child", "@proceedings")]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["refs.bib", "refs.json", "refs.ris"])
def test_a_clean_copy_is_the_same_from_the_second_time_on(bibkit, files, name):
    assert bibkit("convert", name, "-o", f"one-{name}").code == 0
    assert bibkit("convert", f"one-{name}", "-o", f"two-{name}").code == 0
    one = (files / f"one-{name}").read_bytes()
    assert one
    assert (files / f"two-{name}").read_bytes() == one
    before = (files / f"two-{name}").stat().st_mtime_ns
    ran = bibkit("convert", f"one-{name}", "-o", f"two-{name}")
    assert f"two-{name}: up to date" in ran.err
    assert (files / f"two-{name}").stat().st_mtime_ns == before


def test_a_file_may_be_its_own_output(bibkit, files):
    assert bibkit("convert", "refs.bib", "-o", "refs.bib").code == 0
    clean = (files / "refs.bib").read_bytes()
    assert bibkit("convert", "refs.bib", "-o", "refs.bib").code == 0
    assert (files / "refs.bib").read_bytes() == clean


def test_a_clean_copy_keeps_the_order_and_another_format_is_sorted(bibkit, files):
    assert keys_of(bibkit("convert", "refs.json", "-t", "csljson").out) == ["b2", "a1"]
    bib = bibkit("convert", "refs.json", "-t", "bibtex").out
    assert bib.index("@book{a1") < bib.index("@book{b2")


def test_a_rejected_block_stays_in_place_and_is_warned_of(bibkit, project):
    (project / "broken.bib").write_text("@book{a, title={A}}\n@book{b, title={B\n@book{c, title={C}}\n")
    ran = bibkit("convert", "broken.bib", "-o", "clean.bib")
    assert ran.code == 0
    assert "broken.bib:2: warning" in ran.err
    assert "unsafe-block-kept" in ran.err
    copy = (project / "clean.bib").read_text()
    assert copy.index("@book{a") < copy.index("@book{b, title={B\n") < copy.index("@book{c")
    assert bibkit("convert", "broken.bib", "-o", "no.bib", "--strict").code == 65
    assert not (project / "no.bib").exists()


def test_the_output_may_be_piped_to_the_next(bibkit, files):
    ran = bibkit("convert", "-", "-t", "ris", stdin=json.dumps(ITEMS).encode())
    assert ran.code == 0
    assert ran.out.startswith("TY  - BOOK\r\nID  - a1\r\n")
    assert "1 file (csljson) to ris: 2 entries" in ran.err


@pytest.mark.parametrize(
    ("name", "text", "format_"),
    [
        ("a.txt", BIB, "bibtex"),
        ("a.ris", json.dumps(ITEMS), "csljson"),
        ("a.bib", RIS, "ris"),
        ("a", "\n\n" + RIS, "ris"),
        ("a.bib", "Words first.\n@book{a, title={A}}", "bibtex"),
        ("a.json", " [ ] ", "csljson"),
    ],
)
def test_the_format_is_told_by_text_and_name(bibkit, project, name, text, format_):
    (project / name).write_text(text, encoding="utf-8")
    ran = bibkit("convert", name, "-t", format_, "-o", "out", "--json")
    assert json.loads(ran.out)["sources"] == [{"path": name, "format": format_}]


def test_the_format_may_be_said(bibkit, project):
    (project / "odd").write_text("Words.\n@book{a, title={A}}")
    assert bibkit("convert", "odd", "-t", "ris").code == 65
    assert "ID  - a\r\n" in bibkit("convert", "odd", "-t", "ris", "-f", "bibtex").out


def test_a_listing_is_converted_with_made_keys(bibkit, page):
    ran = bibkit("convert", page, "-t", "bibtex")
    assert ran.code == 0
    assert "@misc{gao2024mobizo," in ran.out
    assert "2 citation keys made" in ran.err


def test_every_loss_is_named_with_its_entry(bibkit, files):
    ran = bibkit("convert", "refs.bib", "-o", "out.ris", "--json")
    report = json.loads(ran.out)
    assert (ran.code, report["to"], report["records"]) == (0, "ris", 3)
    assert {
        "code": "field-not-carried",
        "message": "RIS cannot carry `mykey`",
        "key": "Knuth:1984",
        "path": "refs.bib",
        "line": 5,
    } in report["losses"]
    assert "refs.bib:5: Knuth:1984: RIS cannot carry `mykey` [field-not-carried]" in ran.err
    assert report["counts"]["info"]["field-not-carried"] == len(report["losses"])
    lost = [said["message"] for said in report["diagnostics"] if said["code"] == "block-not-carried"]
    assert ["comment" in message for message in lost] == [True, False]
    assert "preamble" in lost[1]


def test_a_type_that_the_target_has_not_is_a_loss_of_its_entry(bibkit, project):
    (project / "a.json").write_text(json.dumps([{"id": "k", "type": "software", "title": "T"}]))
    ran = bibkit("convert", "a.json", "-t", "bibtex")
    assert (
        "a.json:1: k: BibTeX cannot carry the type `software`, written as @misc [type-not-carried]" in ran.err
    )


def test_quiet_says_nothing_of_losses(bibkit, files):
    assert not bibkit("convert", "refs.bib", "-t", "ris", "-q").err


def test_records_without_a_key_are_given_one(bibkit, project):
    text = "TY  - BOOK\nAU  - Lee, Ann\nTI  - The Words\nPY  - 2001\nER  - \n"
    (project / "a.ris").write_text(text + text.replace("Words", "Words again") + text.replace("Lee", "Roe"))
    first = bibkit("convert", "a.ris", "-t", "csljson")
    keys = keys_of(first.out)
    assert len(set(keys)) == 3
    assert "roe2001words" in keys
    assert all(key.startswith("lee2001words-") for key in keys if key != "roe2001words")
    assert "3 entries bring no citation key" in first.err
    turned = text.replace("Lee", "Roe") + text.replace("Words", "Words again") + text
    (project / "a.ris").write_text(turned)
    assert bibkit("convert", "a.ris", "-t", "csljson").out == first.out


def test_keys_may_be_assigned_anew(bibkit, files):
    ran = bibkit("convert", "refs.bib", "-t", "bibtex", "--keys", "assign")
    assert ran.code == 0
    assert "@article{knuth1984literate," in ran.out
    assert "@inproceedings{doe2001child," in ran.out
    assert "{proc}" not in ran.out
    assert "Proceedings" in ran.out.partition("doe2001child")[2].partition("@proceedings")[0]


def test_one_key_in_two_files_is_settled_and_nothing_dropped(bibkit, project):
    (project / "a.bib").write_text("@book{k, title={A}, author={Ann Lee}, year=2001}\n")
    (project / "b.bib").write_text("@book{k, title={B}, author={Bob Roe}, year=2002}\n")
    ran = bibkit("convert", "a.bib", "b.bib", "-t", "csljson")
    keys = keys_of(ran.out)
    assert ran.code == 65
    assert "k" in keys
    assert [key[:2] for key in keys] == ["k", "k-"]
    assert "the citation key k is that of a.bib:1 too" in ran.err
    assert "key-clash" in ran.err
    assert bibkit("convert", "b.bib", "a.bib", "-t", "csljson").out == ran.out


def test_one_work_in_two_files_stands_twice(bibkit, project):
    (project / "a.bib").write_text("@book{k, title={A}, author={Ann Lee}, year=2001}\n")
    (project / "b.bib").write_text((project / "a.bib").read_text())
    ran = bibkit("convert", "a.bib", "b.bib", "-t", "bibtex")
    assert ran.code == 0
    assert ran.out.count("title  = {A}") == 2
    assert "duplicate-key" in ran.err


def test_a_copy_keeps_a_key_that_stands_twice(bibkit, project):
    (project / "a.bib").write_text("@book{k, title={A}}\n@book{k, title={B}}\n")
    ran = bibkit("convert", "a.bib", "-t", "bibtex")
    assert (ran.code, ran.out.count("@book{k,")) == (0, 2)
    assert "duplicate-key" in ran.err


def test_a_key_that_cannot_be_written_is_replaced(bibkit, project):
    items = [{"id": "Lee, 2001", "type": "book", "title": "Words", "issued": {"date-parts": [[2001]]}}]
    (project / "a.json").write_text(json.dumps(items))
    ran = bibkit("convert", "a.json", "-t", "bibtex")
    assert ran.code == 0
    assert "@book{anon2001words," in ran.out
    assert "'Lee, 2001' cannot be a citation key there" in ran.err
    assert keys_of(bibkit("convert", "a.json", "-t", "csljson").out) == ["Lee, 2001"]


def test_references_follow_the_keys(bibkit, project):
    (project / "a.bib").write_text(
        "@book{x, title={One}, author={Ann Lee}, year=2001, related={y}}\n"
        "@book{y, title={Two}, author={Bob Roe}, year=2002, related={x, z}}\n"
    )
    out = bibkit("convert", "a.bib", "-t", "biblatex", "--keys", "assign").out
    assert "related = {roe2002two}" in out
    assert "related = {lee2001one,z}" in out


def test_several_files_of_one_format_stay_in_order_with_their_comments(bibkit, project):
    (project / "b.bib").write_text("% b\n@book{z, title={Z}}\n")
    (project / "a.bib").write_text("% a\n@book{y, title={Y}}\n")
    out = bibkit("convert", "b.bib", "a.bib", "-t", "bibtex").out
    places = [out.index(piece) for piece in ("% b", "{z,", "% a", "{y,")]
    assert places == sorted(places)


def test_ascii_is_for_bib_files(bibkit, project):
    (project / "a.json").write_text(json.dumps([{"id": "k", "type": "book", "title": "Ü"}]))
    assert '\\"U' in bibkit("convert", "a.json", "-t", "bibtex", "--ascii").out
    assert "Ü" in bibkit("convert", "a.json", "-t", "csljson", "--ascii").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["refs.bib"], "name a file with -o (refs.json), or a format with -t, one of bibtex, "),
        (["refs.bib", "-o", "out.txt"], "out.txt is the name of no format that is written: name it with -t"),
        (["refs.bib", "-t", "ris", "--json"], "name a file with -o"),
        (["refs.bib", "-t", "word"], "'word' is not one of"),
        (["refs.bib", "-t", "ris", "-f", "word"], "'word' is not one of"),
        (["-t", "ris"], "Missing argument"),
    ],
)
def test_wrong_usage_is_explained(bibkit, files, arguments, said):
    ran = bibkit("convert", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_what_cannot_be_read_stops_it(bibkit, files):
    ran = bibkit("convert", "refs.bib", "gone.bib", "-o", "out.ris")
    assert ran.code == 65
    assert "gone.bib" in ran.err
    assert not (files / "out.ris").exists()


def test_text_that_is_no_bibliography_is_refused(bibkit, project):
    (project / "words.txt").write_text("Words and words.\n")
    ran = bibkit("convert", "words.txt", "-t", "ris")
    assert (ran.code, ran.out) == (65, "")
    assert "no entry was found" in ran.err


def test_an_empty_file_gives_an_empty_copy(bibkit, project):
    (project / "a.bib").write_text("")
    assert (bibkit("convert", "a.bib", "-t", "bibtex").code) == 0
    (project / "a.json").write_text("[]")
    assert bibkit("convert", "a.json", "-t", "csljson").out == "[]\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("PMID- 123\nOWN - NLM\nTI  - A title\n", "MEDLINE"),
        ("%0 Journal Article\n%A Doe, J\n", "EndNote"),
        ("\nFN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n", "Web of Science"),
        ('<?xml version="1.0"?>\n<records/>', "XML"),
        ("<!DOCTYPE html>\n", "XML or HTML"),
        ("---\nreferences:\n- id: a\n", "YAML"),
        ('[{"key": "ABCD2345", "data": {"itemType": "book"}}]', "Zotero's own JSON"),
        ('{"config": {}, "items": [{"itemType": "book", "title": "T"}]}', "Zotero's own JSON"),
    ],
)
@pytest.mark.parametrize("name", ["refs.txt", "refs.ris", "refs.json"])
def test_formats_that_are_not_read_are_named(bibkit, project, text, named, name):
    (project / name).write_text(text)
    ran = bibkit("convert", name, "-t", "bibtex")
    assert (ran.code, ran.out) == (65, "")
    assert f"{name}: error: is {named}" in ran.err
    assert "Have it exported as BibTeX, CSL JSON or RIS." in ran.err
    assert f"{name}: info: left out: it is {named}" in bibkit("convert", ".", "-t", "bibtex").err


def test_text_without_any_entry_of_ris_is_warned_of(bibkit, files):
    ran = bibkit("convert", "refs.bib", "-f", "ris", "-t", "ris")
    assert "no-records" in ran.err
    assert bibkit("convert", "refs.bib", "-f", "ris", "-t", "ris", "--strict").code == 65


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"items": ITEMS}),
        json.dumps({"version": 1, "items": ITEMS}),
        json.dumps({"references": ITEMS, "other": [1]}),
        json.dumps({item["id"]: {**item, "id": None} for item in ITEMS}),
        "\n".join(map(json.dumps, ITEMS)),
        "\ufeff" + json.dumps(ITEMS),
    ],
)
def test_items_come_in_any_wrapping(bibkit, project, text):
    (project / "a.json").write_text(text, encoding="utf-8")
    ran = bibkit("convert", "a.json", "-t", "csljson")
    assert (ran.code, keys_of(ran.out)) == (0, ["b2", "a1"])


def test_a_folder_is_walked(bibkit, files):
    (files / "package.json").write_text('{"name": "x", "type": "module"}')
    (files / "notes.md").write_text("words")
    report = json.loads(bibkit("convert", ".", "-t", "ris", "-o", "out.ris", "--json").out)
    assert [source["path"] for source in report["sources"]] == ["refs.bib", "refs.json", "refs.ris"]
    skipped = [said["path"] for said in report["diagnostics"] if said["code"] == "skipped-file"]
    assert skipped == ["notes.md", "package.json"]


def test_a_disk_that_is_not_writable_is_said(bibkit, files):
    ran = bibkit("convert", "refs.bib", "-t", "ris", "-o", "gone/out.ris")
    assert ran.code == 73
