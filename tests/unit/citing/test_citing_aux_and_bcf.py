import pytest

from bibkit.citing import Cited, Included, Wanted, read_aux, read_bcf
from bibkit.errors import UnreadableSourceError

ROOT = '<bcf:controlfile version="3.9" xmlns:bcf="https://sourceforge.net/projects/biblatex">'


def bcf(body):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ROOT}\n{body}\n</bcf:controlfile>\n'


def keys(found):
    return [part.key for part in found.parts]


def test_an_aux_file_of_bibtex():
    found = read_aux(
        "\\relax \n\\citation{a,b}\n\\citation{*}\r\n\\@input{ch1.aux}\n\\bibstyle{unsrt}\n"
        "\\bibdata{lib,apsrev}\n\\citation{REV42Control}\n \\citation{no}\n"
        "\\newlabel{x}{\\citation{no}}\n\\citation{c }"
    )
    assert found.parts == (
        Cited("a", 2),
        Cited("b", 2),
        Cited("*", 3),
        Included("ch1.aux", ("ch1.aux",), 4),
        Cited("c", 10),
    )
    assert found.wanted == Wanted()


@pytest.mark.parametrize("before", ["\\abx@aux@cite{0}{", "\\abx@aux@cite{"])
def test_an_aux_file_of_biblatex(before):
    found = read_aux(f"\\relax \n{before}a}}\n\\abx@aux@segm{{0}}{{0}}{{a}}\n\\abx@aux@nociteall\n")
    assert keys(found) == ["a", "*"]
    assert found.wanted == Wanted(biblatex=True, biber=True)


def test_an_aux_file_of_biblatex_with_bibtex():
    found = read_aux(
        "\\bibstyle{biblatex}\n\\citation{biblatex-control}\n\\citation{a}\n\\abx@aux@cite{0}{a}\n"
    )
    assert keys(found) == ["a", "a"]
    assert found.wanted == Wanted(biblatex=True, biber=False)


def test_a_bcf_file_gives_each_section_in_the_order_of_biber():
    found = read_bcf(
        bcf(
            '<bcf:section number="0"><bcf:citekey type="set" members="c, d">set</bcf:citekey>\n'
            '<bcf:citekey order="2" intorder="1">b</bcf:citekey>\n'
            '<bcf:citekey order="1" intorder="2">&lt;a&amp;</bcf:citekey>\n'
            '<bcf:citekey order="1" intorder="1" nocite="1">n</bcf:citekey></bcf:section>\n'
            '<bcf:section number="1"><bcf:citekey order="1">set</bcf:citekey>'
            '<bcf:citekey order="2" nocite="1">*</bcf:citekey></bcf:section>'
            '<bcf:section number="0"><bcf:citekey order="3">set</bcf:citekey></bcf:section>'
        )
    )
    assert keys(found) == ["n", "<a&", "b", "c", "d", "set", "*"]
    assert found.parts[0].line == 6
    assert found.wanted == Wanted(biblatex=True, biber=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.bcf:1: is not XML: no element found"),
        (bcf("<a>"), "x.bcf:4: is not XML: mismatched tag"),
        ('<?xml version="1.0"?><html/>', "x.bcf:1: is no .bcf file of biblatex's"),
        ('<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<x/>', "x.bcf:2: has a document type"),
        (
            '<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
            "x.bcf:2: has a document type",
        ),
        (bcf("&undefined;"), "x.bcf:3: is not XML: undefined entity"),
        ("<\udcff>", "x.bcf: is not UTF-8"),
    ],
)
def test_what_is_no_bcf_file_is_refused_with_its_place(text, said):
    with pytest.raises(UnreadableSourceError) as trouble:
        read_bcf(text, "x.bcf")
    assert said in str(trouble.value)
