"""`bibkit cited` as its users meet it: what a paper cites, in any format, and keys that stand for nothing."""

import json
import re

import pytest

BIB = """\
@string{lncs = "Lecture Notes"}
@inproceedings{child, crossref = {Proc}, title = {A child}, author = {Jane Doe}}
@inproceedings{other, crossref = {Proc}, title = {Another}, author = {John Roe}}
@proceedings{proc, title = {Proceedings}, booktitle = {Proceedings}, year = 2001, series = lncs}
@xdata{house, publisher = {House}}
@book{Knuth:1984, title = {Literate Programming}, author = {Knuth, Donald}, year = 1984, xdata = {house}}
@misc{related-one, title = {Of it}, year = 1990, related = {Knuth:1984}}
"""


@pytest.fixture
def library(bibkit, page):
    """Sources of two kinds, exported; lipoagent's key was another one first."""
    (page.parent / "refs.bib").write_text(BIB, encoding="utf-8")
    assert bibkit("export", "--as-of", "2026", "--to", "bibtex").code == 0
    exported = page.parent.parent / "exports" / "library.bib"
    exported.write_text(exported.read_text().replace("{li2026lipoagent,", "{lipoagent,"))
    assert bibkit("export", "--as-of", "2026", "--to", "bibtex").code == 0
    return page.parent.parent


def write(folder, **texts):
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def keys_of(bib):
    return re.findall(r"^@\w+\{([^,]+),", bib, re.MULTILINE)


def test_what_is_cited_comes_in_the_order_of_the_paper_or_of_the_keys(bibkit, library):
    write(library, p_tex=r"\cite{Knuth:1984}\cite{gao2024mobizo,Knuth:1984} % \cite{child}")
    assert keys_of(bibkit("cited", "p.tex").out) == ["Knuth:1984", "gao2024mobizo"]
    assert keys_of(bibkit("cited", "p.tex", "--order", "sorted").out) == ["Knuth:1984", "gao2024mobizo"]
    write(library, p_tex=r"\cite{gao2024mobizo}\cite{Knuth:1984}")
    ran = bibkit("cited", "p.tex")
    assert (ran.code, keys_of(ran.out)) == (0, ["gao2024mobizo", "Knuth:1984"])
    assert "1 file, 2 keys cited: 2 entries for bibtex" in ran.err
    assert keys_of(bibkit("cited", "p.tex", "--order", "sorted").out) == ["Knuth:1984", "gao2024mobizo"]


def test_an_entry_is_that_of_the_export(bibkit, library):
    write(library, p_aux="\\citation{gao2024mobizo}\n")
    assert bibkit("cited", "p.aux").out in (library / "exports" / "library.bib").read_text()


def test_files_that_are_included_count_where_they_stand(bibkit, library):
    write(
        library,
        p_tex="\\input{a}\n\\include{ch/b}\n\\cite{gao2024mobizo}\n\\input{ch/b}\n",
        a_tex="\\newcommand{\\mine}[1]{\\cite{#1}}\\mine{Knuth:1984}",
        ch__b_tex="\\mine{child}\\input{p}",
    )
    ran = bibkit("cited", "p.tex")
    assert keys_of(ran.out) == ["Knuth:1984", "child", "gao2024mobizo", "proc"]
    assert "3 files, 3 keys cited" in ran.err


def test_names_are_relative_as_import_makes_them(bibkit, library):
    write(
        library,
        p_tex="\\import{ch/}{a}",
        b_tex="\\cite{Knuth:1984}",
        ch__a_tex="\\input{b}",
        ch__b_tex="\\cite{child}",
    )
    assert keys_of(bibkit("cited", "p.tex").out) == ["child", "proc"]
    write(library, p_tex="\\input{ch/a}")
    assert keys_of(bibkit("cited", "p.tex").out) == ["Knuth:1984"]


def test_a_local_package_defines_and_cites_nothing(bibkit, library):
    write(
        library,
        p_tex="\\usepackage{natbib,mine}\\mine{child}",
        mine_sty="\\newcommand{\\mine}[1]{\\cite{#1}}\\cite{nothing}",
    )
    assert keys_of(bibkit("cited", "p.tex").out) == ["child", "proc"]


def test_text_that_never_ends_is_told(bibkit, library):
    write(library, p_tex="\\cite{child}\n\\begin{verbatim}\n\\cite{nothing}")
    ran = bibkit("cited", "p.tex")
    assert (ran.code, keys_of(ran.out)) == (0, ["child", "proc"])
    assert "p.tex:2: warning: verbatim or skipped text begins here and never ends" in ran.err


def test_nested_aux_files_and_a_missing_one(bibkit, library):
    write(
        library,
        p_aux="\\@input{ch.aux}\n\\@input{gone.aux}\n\\citation{child}\n",
        ch_aux="\\citation{Knuth:1984}",
    )
    ran = bibkit("cited", "p.aux")
    assert (ran.code, keys_of(ran.out)) == (0, ["Knuth:1984", "child", "proc"])
    assert "p.aux:2: warning: gone.aux was not found" in ran.err


def test_a_key_that_stands_for_nothing_is_an_error_with_its_place_and_the_nearest(bibkit, library):
    write(library, p_tex="\\cite{child}\n\\cite{Knuht:1984, gao2024mobizo}\n\\cite{Knuht:1984}\\cite{zzz}")
    ran = bibkit("cited", "p.tex", "-o", "p.bib")
    assert ran.code == 65
    assert (
        "p.tex:2: error: Knuht:1984 (and cited 1 more time) is the key of no work; did you mean Knuth:1984?"
        in ran.err
    )
    assert "p.tex:3: error: zzz is the key of no work [unknown-citation]" in ran.err
    assert "nothing was written: keys are cited that stand for no work" in ran.err
    assert not (library / "p.bib").exists()
    ran = bibkit("cited", "p.tex", "-o", "p.bib", "--keep-going")
    assert ran.code == 65
    assert keys_of((library / "p.bib").read_text()) == ["child", "gao2024mobizo", "proc"]


def test_a_work_that_no_source_has_any_more_is_told_apart(bibkit, library):
    write(library, p_tex="\\cite{gao2024mobizo}")
    (library / "seeds" / "page.txt").unlink()
    ran = bibkit("cited", "p.tex")
    assert ran.code == 65
    assert 'gao2024mobizo is the key of a work "mobizo enabling' in ran.err
    assert "that no source has any more" in ran.err


def test_a_work_without_a_key_is_not_given_one(bibkit, library):
    (library / "seeds" / "new.bib").write_text("@misc{fresh, title = {New}, author = {New, Nina}}")
    ledger = (library / "exports" / "citekeys.jsonl").read_bytes()
    write(library, p_tex="\\cite{fresh}", all_tex="\\nocite{*}")
    ran = bibkit("cited", "p.tex")
    assert ran.code == 65
    assert "a work of the sources has no key yet: run `bibkit export` first" in ran.err
    ran = bibkit("cited", "all.tex")
    assert ran.code == 0
    assert "left out: a work of the sources has no key yet; run `bibkit export` first [no-key-yet]" in ran.err
    assert "fresh" not in keys_of(ran.out)
    assert (library / "exports" / "citekeys.jsonl").read_bytes() == ledger
    assert bibkit("export", "--as-of", "2026").code == 0
    assert keys_of(bibkit("cited", "p.tex").out) == ["fresh"]


def test_everything_is_what_the_export_has_and_old_keys(bibkit, library):
    write(library, p_aux="\\citation{lipoagent}\n\\citation{*}\n", q_aux="\\citation{li2026lipoagent,*}\n")
    exported = keys_of((library / "exports" / "library.bib").read_text())
    assert keys_of(bibkit("cited", "p.aux").out) == exported
    keys = keys_of(bibkit("cited", "q.aux").out)
    assert sorted(keys) == sorted({*exported, "li2026lipoagent"} - {"lipoagent"})


def test_an_old_key_compiles_as_it_stands(bibkit, library):
    write(library, p_tex="\\cite{li2026lipoagent}", b_tex="\\usepackage{biblatex}\\cite{li2026lipoagent}")
    assert keys_of(bibkit("cited", "p.tex").out) == ["li2026lipoagent"]
    assert json.loads(bibkit("cited", "p.tex", "-t", "csljson").out)[0]["id"] == "li2026lipoagent"
    assert "ID  - li2026lipoagent" in bibkit("cited", "p.tex", "-t", "ris").out
    out = bibkit("cited", "b.tex").out
    assert keys_of(out) == ["lipoagent"]
    assert re.search(r"ids\s*= \{li2026lipoagent\}", out)
    write(
        library,
        b_aux="\\bibstyle{biblatex}\n\\citation{li2026lipoagent}\n\\abx@aux@cite{0}{li2026lipoagent}\n",
    )
    ran = bibkit("cited", "b.aux")
    assert keys_of(ran.out) == ["li2026lipoagent"]
    assert "for biblatex" in ran.err


def test_a_work_under_two_keys_is_told(bibkit, library):
    write(library, p_tex="\\cite{li2026lipoagent,child,lipoagent}")
    ran = bibkit("cited", "p.tex")
    assert (ran.code, keys_of(ran.out)) == (0, ["li2026lipoagent", "child", "lipoagent", "proc"])
    assert "li2026lipoagent, lipoagent are one work, which the paper lists 2 times" in ran.err
    assert "`bibkit rewrite` makes them one key" in ran.err
    assert re.findall(r"aliasof *= \{(.*)\}", ran.out) == ["lipoagent"]  # read again, they are one
    (library / "seeds" / "part.bib").write_text(ran.out)
    before = (library / "exports" / "library.bib").read_text()
    assert bibkit("export", "--as-of", "2026", "--to", "bibtex").code == 0
    assert keys_of((library / "exports" / "library.bib").read_text()) == keys_of(before)
    (library / "seeds" / "part.bib").unlink()
    assert keys_of(bibkit("cited", "p.tex", "-t", "biblatex").out) == ["lipoagent", "child", "proc"]


def test_parents_come_behind_their_children(bibkit, library):
    write(library, p_tex="\\cite{proc,child}\\cite{other}")
    out = bibkit("cited", "p.tex").out
    assert keys_of(out) == ["child", "other", "proc"]
    assert out.count("crossref = {Proc}") == 2
    write(library, p_tex="\\cite{related-one}")
    assert keys_of(bibkit("cited", "p.tex", "-t", "biblatex").out) == ["related-one", "Knuth:1984"]
    assert keys_of(bibkit("cited", "p.tex").out) == ["related-one"]
    assert len(json.loads(bibkit("cited", "p.tex", "-t", "csljson").out)) == 1


def test_a_papers_own_entries_are_its_own(bibkit, library):
    write(
        library,
        p_tex="\\begin{filecontents}{x.bib}\n@misc{own,\n title={X}}\n\\end{filecontents}\\cite{own,child}"
        "\\bibitem{by-hand}\\cite{by-hand}",
    )
    ran = bibkit("cited", "p.tex")
    assert (ran.code, keys_of(ran.out)) == (0, ["child", "proc"])
    write(library, p_tex="\\cite{child}\\input{p.bbl}", p_bbl="\\bibitem{child} What BibTeX made of it")
    assert keys_of(bibkit("cited", "p.tex").out) == ["child", "proc"]


def test_case_is_the_same_to_bibtex_alone(bibkit, library):
    write(library, p_tex="\\cite{KNUTH:1984}")
    ran = bibkit("cited", "p.tex")
    assert (ran.code, keys_of(ran.out)) == (0, ["Knuth:1984"])
    assert "KNUTH:1984 is cited, Knuth:1984 is there: the same to BibTeX, and not to biber" in ran.err
    ran = bibkit("cited", "p.tex", "-t", "biblatex")
    assert ran.code == 65
    assert "did you mean Knuth:1984?" in ran.err


def test_a_file_is_of_the_kind_that_its_text_tells(bibkit, library):
    bcf = (
        '<?xml version="1.0"?><bcf:controlfile xmlns:bcf="https://sourceforge.net/projects/biblatex">'
        '<bcf:section number="0"><bcf:citekey order="1">Knuth:1984</bcf:citekey></bcf:section>'
        "</bcf:controlfile>"
    )
    for text in (b"\\relax\n\\citation{Knuth:1984}\n", b"\\cite{Knuth:1984}", bcf.encode()):
        ran = bibkit("cited", "-", stdin=text)
        assert (ran.code, keys_of(ran.out)) == (0, ["Knuth:1984"])
    assert "for biblatex" in ran.err
    write(library, p_bcf=bcf, q_tex="\\cite{child}")
    assert keys_of(bibkit("cited", "q.tex", "p.bcf").out) == ["child", "Knuth:1984", "proc"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html/>", "p.bcf:1: is no .bcf file of biblatex's\nCompile the paper again"),
        ("", "p.bcf:1: is not XML"),
    ],
)
def test_a_file_that_is_none_is_refused(bibkit, library, text, said):
    write(library, p_bcf=text)
    ran = bibkit("cited", "p.bcf")
    assert ran.code == 65
    assert said in ran.err


def test_a_paper_that_cites_nothing_and_one_that_is_not_there(bibkit, library):
    write(library, p_tex="nothing")
    ran = bibkit("cited", "p.tex", "-o", "p.bib")
    assert (ran.code, (library / "p.bib").exists()) == (65, False)
    assert "no citation was found" in ran.err
    ran = bibkit("cited", "gone.tex")
    assert ran.code == 65
    assert "gone.tex: cannot be read: no such file" in ran.err


def test_without_a_ledger_it_says_what_to_do(bibkit, page):
    write(page.parent.parent, p_tex="\\cite{a}")
    ran = bibkit("cited", "p.tex")
    assert ran.code == 65
    assert "there is no ledger of citation keys\nRun `bibkit export` first" in ran.err


def test_a_source_that_cannot_be_read_stops_it(bibkit, library):
    write(library, p_tex="\\cite{child}")
    (library / "seeds" / "bad.bib").write_bytes(b"@misc{\xff}")
    ran = bibkit("cited", "p.tex")
    assert (ran.code, ran.out) == (65, "")
    assert "a source could not be read" in ran.err
    ran = bibkit("cited", "p.tex", "--keep-going")
    assert (ran.code, keys_of(ran.out)) == (65, ["child", "proc"])
    ran = bibkit("cited", "p.tex", "-s", "seeds/refs.bib")
    assert (ran.code, keys_of(ran.out)) == (0, ["child", "proc"])


def test_the_output_says_the_format_and_stays_if_it_is_right(bibkit, library):
    write(library, p_tex="\\cite{child}")
    assert bibkit("cited", "p.tex", "-o", "p.json").code == 0
    assert json.loads((library / "p.json").read_text())[0]["id"] == "child"
    before = (library / "p.json").stat().st_mtime_ns
    ran = bibkit("cited", "p.tex", "-o", "p.json", "--json")
    report = json.loads(ran.out)
    assert (library / "p.json").stat().st_mtime_ns == before
    assert (report["to"], report["changed"], report["entries"], report["unknown"]) == (
        "csljson",
        False,
        1,
        [],
    )
    write(library, p_tex="\\usepackage{biblatex}\\cite{child}")
    assert "for biblatex" in bibkit("cited", "p.tex", "-o", "p.bib").err
    write(library, p_tex="\\cite{nope}")
    report = json.loads(bibkit("cited", "p.tex", "-o", "x.bib", "--json", "-q").out)
    assert (report["exit_code"], report["unknown"]) == (65, ["nope"])
    assert report["diagnostics"][-1]["path"] == "p.tex"
    assert bibkit("cited", "p.tex", "--json").code == 2
    assert bibkit("cited").code == 2


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("p.tex", "p.tex: is an input, or what `bibkit export` writes"),
        ("chapter.tex", "chapter.tex: is an input, or what `bibkit export` writes"),
        ("exports/library.bib", "library.bib: is an input, or what `bibkit export` writes"),
        ("exports/citekeys.jsonl", "citekeys.jsonl: is an input, or what `bibkit export` writes"),
        ("{seeds}/refs.bib", "refs.bib: is a source, and has 5 works that are nowhere else"),
        ("link.bib", "link.bib: is a source, and has 5 works that are nowhere else"),
    ],
)
def test_it_does_not_write_over_what_it_reads(bibkit, library, page, output, said):
    write(library, p_tex=r"\input{chapter}", chapter_tex=r"\cite{Knuth:1984}")
    (library / "link.bib").symlink_to(page.parent / "refs.bib")
    output = library / output.format(seeds=page.parent.name)
    before = output.read_bytes()
    ran = bibkit("cited", "p.tex", "-o", str(output))
    assert (ran.code, ran.out) == (73, "")
    assert said in ran.err
    assert "Choose another file with -o" in ran.err
    assert output.read_bytes() == before


def test_it_may_write_again_where_it_wrote_among_the_sources(bibkit, library, page):
    write(library, p_tex=r"\cite{Knuth:1984}")
    part = str(page.parent / "part.bib")
    assert bibkit("cited", "p.tex", "-o", part).code == 0
    write(library, p_tex=r"\cite{gao2024mobizo}")
    ran = bibkit("cited", "p.tex", "-o", part)
    assert ran.code == 0
    assert "part.bib:1: warning: is written, and is one of the sources too" in ran.err
    assert keys_of((page.parent / "part.bib").read_text(encoding="utf-8")) == ["gao2024mobizo"]
