"""What it costs to read a `.bib` file grows with its length alone, whatever it is made of."""

import pytest
from timing import FACTOR, assert_linear

from bibkit.formats.bibtex import read_bibtex, write_biblatex
from bibkit.model.work import CitationKey, Entry

BITS = {ord("0"): "a", ord("1"): "b"}

# Shape -> the text of a file of that many pieces, and how many the smaller of two sizes has.
LONG = {
    "a long value": (lambda n: f"@misc{{k, abstract = {{{'word ' * n}}}}}", 250_000),
    "a long title with markup": (lambda n: f"@misc{{k, title = {{{'{GPT} $x$ ' * n}}}}}", 5_000),
    "nested braces": (lambda n: f"@misc{{k, title = {{{'{' * n}x{'}' * n}}}}}", 12_500),
    "nested braces in a name": (lambda n: f"@misc{{k, author = {{{'{' * n}x{'}' * n}}}}}", 10_000),
    "open braces": (lambda n: f"@misc{{k, title = {'{' * n}\n@misc{{l, note = 1}}", 12_500),
    "nested macros": (lambda n: "@misc{k, title = {" + "\\emph{" * n + "}" * n + "}}", 5_000),
    "unknown macros": (lambda n: "@misc{k, note = {" + "\\foo{x} " * n + "}}", 5_000),
    "unknown macros that all differ": (
        lambda n: f"@misc{{k, note = {{{''.join(f'{chr(92)}f{i:b}'.translate(BITS) for i in range(n))}}}}}",
        2_500,
    ),
    "names": (lambda n: f"@misc{{k, author = {{{' and '.join(['Doe, Jane'] * n)}}}}}", 12_500),
    "names that all differ": (
        lambda n: f"@misc{{k, author = {{{' and '.join(f'Doe{i}, J{i}' for i in range(n))}}}}}", 5_000,
    ),
    "and upon and": (lambda n: f"@misc{{k, author = {{{'and ' * n}}}}}", 12_500),
    "words of a name": (lambda n: f"@misc{{k, author = {{{'Ana de ' * n}}}}}", 5_000),
    "commas in a name": (lambda n: f"@misc{{k, author = {{{',' * n}}}}}", 125_000),
    "hyphens in a name": (lambda n: f"@misc{{k, author = {{{'a-{-}' * n}}}}}", 5_000),
    "ties in a name": (lambda n: f"@misc{{k, author = {{{'a~' * n}}}}}", 5_000),
    "accents in a name": (lambda n: "@misc{k, author = {" + "{\\'e}" * n + "}}", 5_000),
    "options of a name": (lambda n: f"@misc{{k, author = {{{'family=A, ' * n}given=B}}}}", 5_000),
    "commas": (lambda n: f"@misc{{k, keywords = {{{',' * n}}}}}", 125_000),
    "keywords": (lambda n: f"@misc{{k, keywords = {{{', '.join(['one'] * n)}}}}}", 10_000),
    "fields of keywords": (lambda n: f"@misc{{k, {', '.join(['keywords = {one, two}'] * n)}}}", 5_000),
    "concatenation": (lambda n: f"@string{{a = {{x}}}}@misc{{k, note = {'a # ' * n}a}}", 12_500),
    "digits": (lambda n: f"@misc{{k, year = {'1' * n}, pages = {'2' * n}, month = {'3' * n}}}", 50_000),
    "pages": (lambda n: f"@misc{{k, pages = {{{'1--2, ' * n}}}}}", 10_000),
    "a date": (lambda n: f"@misc{{k, date = {{{'2020/' * n}}}, month = {{{'jan ' * n}}}}}", 10_000),
    "an address": (lambda n: f"@misc{{k, url = {{http://x/{'a%20' * n}}}, doi = {{{'a ' * n}}}}}", 10_000),
    "fields": (lambda n: f"@misc{{k, {', '.join(f'f{i} = 1' for i in range(n))}}}", 5_000),
    "fields of one name": (lambda n: f"@misc{{k, {', '.join(['note = {x}'] * n)}}}", 5_000),
    "entries of one key": (lambda n: "@misc{k, note = 1}\n" * n, 2_500),
    "children of one parent": (
        lambda n: "".join(f"@inproceedings{{k{i}, title = {{T}}, crossref = {{p}}}}\n" for i in range(n))
        + "@proceedings{p, title = {P}, year = 2020}",
        12_500,
    ),
    "a chain of parents": (
        lambda n: "".join(f"@misc{{k{i}, crossref = {{k{i + 1}}}, note = {{x}}}}\n" for i in range(n)), 2_500,
    ),
    "a chain of xdata": (
        lambda n: "".join(f"@xdata{{k{i}, xdata = {{k{i + 1}}}}}\n" for i in range(n))
        + f"@xdata{{k{n}, note = {{x}}}} @misc{{m, xdata = {{k0}}}}",
        2_500,
    ),
    "a ring of parents": (
        lambda n: "".join(f"@misc{{k{i}, crossref = {{k{(i + 1) % n}}}, f{i} = 1}}\n" for i in range(n)),
        250,
    ),
    "references to many": (
        lambda n: f"@misc{{m, xdata = {{{','.join(f'k{i}' for i in range(n))}}}}}"
        + "".join(f"@xdata{{k{i}, f{i} = 1}}" for i in range(n)),
        2_500,
    ),
    "references to nobody": (
        lambda n: f"@misc{{m, xdata = {{{','.join(f'k{i}' for i in range(n))}}}}}", 5_000,
    ),
    "parents with much": (
        lambda n: f"@misc{{p, {', '.join(f'f{i} = 1' for i in range(n))}}}"
        + "".join(f"@misc{{k{i}, crossref = {{p}}}}" for i in range(50)),
        500,
    ),
    "broken entries": (lambda n: "@misc{k, a = {1} b = {2}}\n" * n, 2_500),
    "broken entries that never end": (lambda n: "@misc{k, a = {1} b = {2}\n" * n, 2_500),
    "strings": (
        lambda n: "".join(f"@string{{s{i} = {{x}}}}\n" for i in range(n)) + "@misc{k, note = s0}", 2_500,
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", LONG)
def test_reading_takes_linear_time(shape):
    make, size = LONG[shape]
    small, large = make(size), make(FACTOR * size)
    assert_linear(lambda: read_bibtex(small, "x.bib"), lambda: read_bibtex(large, "x.bib"))


@pytest.mark.parametrize("shape", ["children of one parent", "a chain of xdata", "fields", "broken entries"])
def test_copying_takes_linear_time(shape):
    make, _ = LONG[shape]
    assert_linear(copying(make(500)), copying(make(FACTOR * 500)))


def copying(text):
    result = read_bibtex(text, "x.bib")
    entries = [Entry(CitationKey(record.brought_key or "k"), record) for record in result.records]
    return lambda: write_biblatex(entries, result.blocks)
