"""Markup of CSL's text variables: read to plain text, and kept apart in text that only looks like it."""

import pytest
from hypothesis import given
from strategies import texts

from bibkit.formats.csljson.markup import note_of, plain_note, plain_text, text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<i>E. coli</i> in <b>bold</b>", "E. coli in bold"),
        ('<span class="nocase">GPT</span>-<span style="font-variant: small-caps;">x</span>', "GPT-x"),
        ("H<sub>2</sub>O and 10<sup>-6</sup>", "H₂O and 10⁻⁶"),
        ("5<sup>th</sup> and x<sub>max,i</sub>", "5$^{th}$ and x$_{max,i}$"),
        ("a<sup>$b$</sup>", "a<sup>$b$</sup>"),
        ("<i><b>x</b></i>", "x"),
        ("<i>a<sup><b>2</b></sup></i>", "a<sup>2</sup>"),
        ("the <i> tag", "the <i> tag"),
        ("</i> closes <b>", "</i> closes <b>"),
        ("<i>a<b>b</i>", "a<b>b"),
        ("a < b > c, List<T>, <script>x</script>", "a < b > c, List<T>, <script>x</script>"),
        ("<sc>x</sc>", "x"),
    ],
)
def test_markup_is_read_to_plain_text(markup, text):
    assert plain_text(markup) == text


@given(texts())
def test_what_is_kept_apart_comes_back(text):
    assert plain_text(text_of(text)) == text
    assert plain_note(note_of(text)) == text


@pytest.mark.parametrize(
    "piece", ["<i>", "</i>", "<i></i>", "<sub>2", '<span class="nocase">', "<", "publisher:", "\n{:"]
)
def test_markup_is_read_in_linear_time(piece):
    plain_note(piece * 50_000)
    note_of(piece * 50_000)


def test_a_note_that_sets_variables_stays_what_it_is():
    assert note_of("publisher: X") == "publisher\u2060: X"
    assert note_of("See publisher: X") == "See publisher: X"
    assert plain_note("publisher: X") == "publisher: X"
