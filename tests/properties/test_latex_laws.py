"""LaTeX and Unicode as laws: what is written is read back, whatever the text; what is read never breaks."""

import sys
from unittest.mock import patch

import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from bibkit.latex import (
    Accepted,
    Maths,
    Segment,
    Text,
    braces_balance,
    check_maths,
    clean_text,
    read_latex,
    reader,
    split_maths,
    unwritable,
    write_latex,
    write_maths,
    write_segment,
    write_text,
    write_verbatim,
)

# What LaTeX takes for something else than text, closer together than in any text.
_PIECES = (
    "\\", "\\\\", "\\$", "$", "$$", "{", "}", "{}", "\\{", "\\}", "%", "&", "#", "_", "^", "~", " ", "  ",
    "-", "--", "---", "–", "—", "'", "''", "`", "``", '"', ",", ",,", "?`", "!`", "<", ">", "<<", "|", "/",
    "\\/", "5", "x", "a", "i", "ab", ".", "(", ")", "\\(", "\\)", "\\[", "\\]", "\\'", '\\"', "\\^", "\\c",
    "\\v{s}", "\\i", "\\alpha", "\\times", "\\frac", "\\left(", "\\right)", "\\foo", "\\foo{x}",
    "\\cite[p]{x}", "\\url{", "\\href{u}{", "\\textbf{", "\\texttt{", "\\ensuremath{", "\\symbol{",
    "\\char", "http://a.b/~c--d", "é", "e\u0301", "\u0301", "\u0323", "ı", "ε", "²", "₂", "𝒩", "中",
    "\u00a0", "\u2028", "\n", "\t", "\x00", "\ufdd0", "\ud800", "$x$", "$x_i^2$", "$ε$", "$\\sim$",
    "$a^b^c$", "$\\foo$", "\\text{é}",
)  # fmt: skip

# What means the same wherever it stands, or nearly so.
_SIMPLE_PIECES = (
    '{\\"u}', "{\\v{s}}", "{\\bf a}", "{x}", "{}", "\\&", "{\\foo}", "{\\c", "{", "}", "\\", "-", " ", " ",
    "~", "$", "a", "\u0301",
)  # fmt: skip

_simple = st.lists(st.sampled_from(_SIMPLE_PIECES), max_size=6).map("".join)
_latex = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)
_texts = st.one_of(strategies.texts(min_size=0), _latex)
_modes = st.booleans()


def _read_back(text: str, *, ascii: bool) -> str:  # noqa: A002 - as in the functions under test
    """What the writer promises that the reader makes of a text."""
    return "".join(_segment_back(segment, ascii=ascii) for segment in split_maths(clean_text(text)))


def _segment_back(segment: Segment, *, ascii: bool) -> str:  # noqa: A002 - as above
    checked = check_maths(segment.text) if isinstance(segment, Maths) else None
    if isinstance(checked, Accepted) and (checked.source.isascii() or not ascii):
        return checked.source
    return segment.text


@settings(max_examples=600)
@given(_texts, _modes)
def test_what_is_written_is_read_back(text, ascii):  # noqa: A002 - as above
    assert read_latex(write_latex(text, ascii=ascii).source).text == _read_back(text, ascii=ascii)


@settings(max_examples=400)
@given(_texts, _modes)
def test_writing_what_was_read_back_changes_nothing(text, ascii):  # noqa: A002 - as above
    once = write_latex(text, ascii=ascii)
    again = write_latex(read_latex(once.source).text, ascii=ascii)
    assert again.source == once.source


@settings(max_examples=400)
@given(_texts, _modes)
def test_what_is_written_stays_in_its_field(text, ascii):  # noqa: A002 - as above
    source = write_latex(text, ascii=ascii).source
    assert braces_balance(source)
    assert len(source.splitlines()) <= 1
    assert unwritable(source) == ""
    assert source.isascii() or not ascii
    source.encode()


@settings(max_examples=400)
@given(_latex)
def test_whatever_is_read_can_be_written_and_read_again(source):
    text = read_latex(source).text
    assert read_latex(write_latex(text).source).text == _read_back(text, ascii=False)


@settings(max_examples=2_000)
@given(_simple | _latex)
def test_what_is_read_without_a_walk_is_what_the_walk_reads(source):
    with patch.object(reader, "_simple", return_value=None):
        walked = read_latex(source)
    assert read_latex(source) == walked


@given(_texts)
def test_plain_text_is_read_back_to_the_letter(text):
    source = write_text(text)
    # Dollars that could be taken for maths come back escaped: plain text has no maths to tell them from.
    assert read_latex(source).text.replace("\\", "") == clean_text(text).replace("\\", "")
    assert read_latex(source).unknown == ()
    assert not any(isinstance(segment, Maths) for segment in split_maths(source.replace("$", "")))


@given(_texts)
def test_segments_joined_are_the_text(text):
    segments = split_maths(text)
    assert "".join(segment.text for segment in segments) == text
    assert "".join(write_segment(segment).source for segment in split_maths(clean_text(text))) == (
        write_latex(text).source
    )


@given(st.lists(st.sampled_from(["5", "x", " ", "US", "\\$", "-", "."]), max_size=12).map("".join))
def test_escaped_dollars_never_become_maths(source):
    assert all(not isinstance(segment, Maths) for segment in split_maths(read_latex(source).text))


@given(_texts)
def test_maths_that_is_refused_is_text(text):
    maths = f"${text}$"
    written = write_maths(maths)
    if written.refused:
        assert read_latex(written.source).text == clean_text(maths)
        assert all(isinstance(segment, Text) for segment in split_maths(written.source.replace("\\$", "")))
    else:
        assert isinstance(check_maths(clean_text(maths)), Accepted)


@given(_texts, _modes)
def test_verbatim_text_ends_nowhere(text, ascii):  # noqa: A002 - as above
    source = write_verbatim(text, ascii=ascii)
    assert not set(source) & set("{}\\ \n\r\t")
    assert unwritable(source) == ""
    assert write_verbatim(source, ascii=ascii) == source


def test_every_character_of_the_planes_in_use_goes_through():
    planes = [*range(0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE0200), 0x10FFFE, sys.maxunicode]
    for start in range(0, len(planes), 256):
        characters = [chr(code) for code in planes[start : start + 256]]
        text = "".join(f"a{character}b " for character in characters)
        for ascii_ in (False, True):
            assert read_latex(write_text(text, ascii=ascii_)).text == clean_text(text), hex(planes[start])


def test_every_letter_goes_through_with_every_accent():
    above = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c"
    below = "\u0323\u0326\u0327\u0328\u0331\u0338"
    letters = [chr(code) for code in range(0x21, 0x250)]
    for marks in (*above, *below, *(first + second for first in above for second in below)):
        text = " ".join(letter + marks for letter in letters)
        assert read_latex(write_text(text, ascii=True)).text == clean_text(text)
