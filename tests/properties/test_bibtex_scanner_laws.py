"""What holds for every text that is scanned as `.bib`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts
from timing import FACTOR, assert_linear

from bibkit.formats.bibtex.scanner import ScannedEntry, scan_bibtex

PIECES = (
    "@misc{k,", "@article{key,\n", "@misc(k,", "@string{s = ", "@preamble{", "@comment{", "@comment", "@",
    "a = ", "title={", "={", "}", "{", "}}", '"', ",", "#", "(", ")", "\n", "\r\n", " ", "%", "\\", "x",
    "may", "12", "s", "@misc{k, a = {1}}\n", '@string{s = "t"}\n', "\n@misc{l, b = {2}}\n",
)  # fmt: skip


def bib_like():
    return st.lists(st.one_of(st.sampled_from(PIECES), texts()), max_size=30).map("".join)


def value_text():
    """Text whose braces balance."""
    return texts(min_size=0).map(balanced)


def balanced(text):
    depth, out = 0, []
    for character in text:
        if character == "}" and not depth:
            continue
        depth += (character == "{") - (character == "}")
        out.append(character)
    return "".join(out) + "}" * depth


@given(bib_like())
def test_the_spans_cover_every_character_in_order(text):
    end, line_starts = 0, text.count("\n")
    for block in scan_bibtex(text):
        assert block.begin == end
        assert block.begin <= block.start <= block.end
        assert not text[block.begin : block.start].strip()
        assert 1 <= block.line <= line_starts + text.count("\r") + 1
        end = block.end
    assert end == len(text)


@given(st.lists(bib_like(), max_size=3), st.lists(value_text(), min_size=1, max_size=4))
def test_what_is_sound_is_found_whatever_stands_before_it(junk, values):
    """A sound entry on lines of its own survives anything that closes what it opens."""
    fields = ",\n".join(f"  f{n} = {{{value}}}" for n, value in enumerate(values))
    sound = f"\n@misc{{sound,\n{fields}\n}}\n"
    text = "".join(balanced(piece.replace('"', "").replace("%", "")) for piece in junk)
    found = [block for block in scan_bibtex(text + sound) if isinstance(block, ScannedEntry)]
    assert found
    assert found[-1].key == "sound"
    assert list(found[-1].values) == values


@given(st.lists(st.tuples(st.sampled_from(["a", "B-c", "títle"]), value_text()), max_size=4))
def test_fields_come_back_as_they_were_written(fields):
    for opening, closing in ("{}", "()"):
        body = ", ".join(f"{name} = {{{value}}}" for name, value in fields)
        (entry,) = scan_bibtex(f"@misc{opening}k, {body}{closing}")
        assert entry.named_values() == fields
        assert list(entry.fields) == [(name, f"{{{value}}}") for name, value in fields]


# Each is what costs more than linear time where a scanner looks ahead for what never comes.
LONG = {
    "at signs": "@",
    "lines of at signs": "@\n",
    "heads": "@a{x, t={\n",
    "heads with groups": "@a{x, t={ {}\n",
    "heads with quotes": '@a(x, t="\n',
    "heads with quoted groups": '@a(x, t=" { {} {}\n',
    "broken entries on one line": "@a{x,=}",
    "entries without an end on one line": "@a{x,b=1 ",
    "broken entries in parentheses on one line": "@a(x,={})",
    "broken entries without an end on one line": "@a(x,b={1},={}",
    "closed values of an entry that broke far behind them": '@a(x,b="{}@a(x,b={}',
    "entries in quotes": '@a(x, t=" {\n',
    "comments that never end": "@comment{",
    "commented heads": "%@a{\n",
    "comments in heads": "@a{%\n",
    "blank lines": " " * 50 + "\n",
    "closing braces": "@a{x}}",
    "growing strings": "@string{a=a#a}\n",
}


@pytest.mark.parametrize("name", LONG)
def test_the_cost_is_linear(name):
    small, large = LONG[name] * 2_000, LONG[name] * FACTOR * 2_000
    assert_linear(lambda: assert_whole(small), lambda: assert_whole(large))


@pytest.mark.parametrize(
    "text",
    [
        "@a{x, t={" + "word " * 2_000_000 + "}}",
        "@a{x, t=" + "{" * 100_000 + "}" * 100_000 + "}",
        "@a{x, t=" + "{" * 100_000,
        "@a{x" + "," * 1_000_000 + "}",
        "@a{x," + "a=1," * 250_000 + "}",
        "@a{x, t=" + "a#" * 250_000 + "a}",
        "{" * 100_000,
    ],
    ids=["10 MB value", "braces", "open braces", "commas", "fields", "concatenation", "no entry"],
)
def test_a_text_of_extreme_shape_is_scanned(text):
    assert_whole(text)


def assert_whole(text):
    end = 0
    for block in scan_bibtex(text):
        assert block.begin == end
        end = block.end
    assert end == len(text)
