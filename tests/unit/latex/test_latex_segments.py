"""What in a record's text is maths: pandoc's rule, and what is added to it."""

import pytest

from bibkit.latex import Dollar, Maths, Text, split_maths


@pytest.mark.parametrize(
    "text",
    [
        "$5--$10", "$5 to $10", "US$5", "5 $ and 6 $", "a $x $ b", "a $ x$ b", "$", "$$", "$$$", "$ $",
        "\\$x", "x\\$", "\\$5 and \\$6", "$n+k$5", "$$ x $$", "$5-$10", "cost: $5/h, $6/h.",
    ],
)  # fmt: skip
def test_text(text):
    assert split_maths(text) == (Text(text),)


@pytest.mark.parametrize(
    "text", ["$x$", "$x_i^2$", "$$x$$", "$\\$5$", "$x \\\\$", "$\\sim$", "$5$", "$a$", "$\\{x\\}$", "$a b$"]
)
def test_maths(text):
    assert split_maths(text) == (Maths(text),)
    assert split_maths(f"a {text}, b") == (Text("a "), Maths(text), Text(", b"))


@pytest.mark.parametrize("maths", ["$\\sim$", "$x$", "$x_i$", "$^2$", "${n+k}$"])
def test_a_digit_may_follow_what_is_maths_for_certain(maths):
    assert split_maths(f"{maths}10") == (Maths(maths), Text("10"))


def test_a_pair_of_backslashes_escapes_nothing():
    assert split_maths("\\\\$x$") == (Text("\\\\"), Maths("$x$"))


def test_dollars_that_would_be_maths_are_segments():
    assert split_maths("US\\$5-US\\$ $y") == (
        Text("US"), Dollar("\\$"), Text("5-US"), Dollar("\\$"), Text(" "), Dollar("$"), Text("y")
    )  # fmt: skip
    assert split_maths("$x$ \\$a\\$") == (
        Maths("$x$"), Text(" "), Dollar("\\$"), Text("a"), Dollar("\\$")
    )  # fmt: skip


def test_an_escaped_dollar_is_no_delimiter():
    assert split_maths("\\$x$") == (Dollar("\\$"), Text("x"), Dollar("$"))
    assert split_maths("$x\\$") == (Dollar("$"), Text("x"), Dollar("\\$"))


def test_no_text_has_no_segment():
    assert split_maths("") == ()
