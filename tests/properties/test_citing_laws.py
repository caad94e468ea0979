"""Laws of finding citations and of rewriting them, on files whose citations are known."""

from hypothesis import given
from hypothesis import strategies as st
from tex_grammar import KEYS, documents, keys

from bibkit.citing import read_aux, read_macros, read_tex, render_diff, rewrite_tex
from bibkit.citing.diffs import _lines

INJECTIVE = {key: f"new-{number}" for number, key in enumerate(KEYS)}


def found_lists(text):
    return [
        (one.command, tuple((key.pieces[0].start, key.text) for key in one.keys if key.text), one.noted)
        for one in read_tex(text).citations()
        if any(key.literal for key in one.keys)
    ]


def apply_diff(text, diff):
    """Return what a unified diff makes of a text, each line that it takes away or keeps being there."""
    old, new, at = _lines(text), [], 0
    lines = diff.split("\n")[2:]
    for number, line in enumerate(lines):
        unended = number + 1 < len(lines) and lines[number + 1].startswith("\\")
        content = line[1:] + ("" if unended else "\n")
        if line.startswith("@@"):
            begin = line.split(" ")[1][1:].split(",")
            start = int(begin[0]) - (0 if begin[1:] == ["0"] else 1)
            new.extend(old[at:start])
            at = start
        elif line.startswith((" ", "-")):
            assert old[at] == content
            at += 1
        if line.startswith((" ", "+")):
            new.append(content)
    return "".join(new + old[at:])


@given(documents())
def test_every_citation_is_found_where_it_stands_and_nothing_else(document):
    assert found_lists(document.text) == [(one.command, one.keys, one.noted) for one in document.lists]


@given(documents())
def test_a_key_is_replaced_and_no_other_character(document):
    expected, at = "", 0
    for place, key in sorted(pair for one in document.lists for pair in one.keys):
        expected += document.text[at:place] + INJECTIVE[key]
        at = place + len(key)
    expected += document.text[at:]
    # Two keys of a list that are one are one afterwards too, and so nothing arises that has to go.
    distinct = [one for one in document.lists if len({key for _, key in one.keys}) == len(one.keys)]
    if len(distinct) == len(document.lists):
        assert rewrite_tex(document.text, read_tex(document.text), INJECTIVE).text == expected


@given(documents(), st.dictionaries(keys, st.sampled_from(("new1", "new2", "key0"))))
def test_rewriting_twice_is_rewriting_once_and_lists_say_the_same_works(document, renamed):
    renamed.pop("key0", None)  # a key that others become is a present one
    first = rewrite_tex(document.text, read_tex(document.text), renamed)
    again = rewrite_tex(first.text, read_tex(first.text), renamed)
    assert again.text == first.text
    assert again.changes == ()
    now = [one.keys for one in read_tex(first.text).citations() if any(key.literal for key in one.keys)]
    assert len(now) == len(document.lists)
    for keys_now, listed in zip(now, document.lists, strict=True):
        wanted = [renamed.get(key, key) for _, key in listed.keys]
        assert list(dict.fromkeys(key.text for key in keys_now)) == list(dict.fromkeys(wanted))
        if not any(key in renamed for _, key in listed.keys):
            assert [key.text for key in keys_now] == wanted


@given(documents(), st.dictionaries(keys, st.sampled_from(("new1", "new2"))))
def test_where_nothing_is_to_be_rewritten_nothing_is(document, renamed):
    cited = {key for one in document.lists for _, key in one.keys}
    left = {key: new for key, new in renamed.items() if key not in cited}
    result = rewrite_tex(document.text, read_tex(document.text), left)
    assert (result.text, result.edits, result.changes) == (document.text, (), ())
    assert render_diff("x", document.text, result.edits) == ""


@given(documents(), st.dictionaries(keys, st.sampled_from(("new1", "new2")), min_size=3))
def test_the_diff_is_what_was_done(document, renamed):
    result = rewrite_tex(document.text, read_tex(document.text), renamed)
    if result.edits:
        assert apply_diff(document.text, render_diff("x", document.text, result.edits)) == result.text


@given(st.text(st.sampled_from(r"\{}[]()%,*<>|\n\r ab#&\cite\verb\iffalse\fi\begin{verbatim}\newcommand")))
def test_any_text_is_read_and_given_back(text):
    reading = read_tex(text, read_macros(text))
    assert len(reading.live) == len(text)
    assert rewrite_tex(text, reading, {}).text == text
    read_aux(text)


SOUP = (
    r"\cite", r"\cites", r"\volcite", r"\newcommand", r"\def", r"\let", r"\verb", r"\url", r"\href",
    r"\input", r"\iffalse", r"\else", r"\fi", r"\begin{verbatim}", r"\end{verbatim}", r"\endinput",
    r"\end{document}", r"\MakeShortVerb{\|}", "{", "}", "[", "]", "(", ")", "%", "\n", "\r\n", " ", "a",
    "b", ",", "#1", "*", "|",
)  # fmt: skip


@given(st.lists(st.sampled_from(SOUP), max_size=40).map("".join))
def test_any_soup_of_commands_is_rewritten_once(text):
    reading = read_tex(text, read_macros(text))
    assert len(reading.live) == len(text)
    renamed = {"a": "long-new", "ab": "long-new", "aa": "n2"}
    first = rewrite_tex(text, reading, renamed)
    again = rewrite_tex(first.text, read_tex(first.text, read_macros(first.text)), renamed)
    assert again.text == first.text
    if first.edits:
        assert apply_diff(text, render_diff("x", text, first.edits)) == first.text
