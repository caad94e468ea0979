import pytest

from bibkit.formats.base import BlockKind
from bibkit.formats.bibtex.scanner import ScannedBlock, ScannedEntry, expand_value, scan_bibtex

LAST = "\n@misc{last, note = {sound}}"


def entries(text):
    """Key and fields of every entry."""
    return [
        (block.key, block.named_values()) for block in scan_bibtex(text) if isinstance(block, ScannedEntry)
    ]


def others(text):
    """Kind and text of every block that is no entry."""
    return [
        (block.kind.value, text[block.start : block.end].strip())
        for block in scan_bibtex(text)
        if isinstance(block, ScannedBlock) and text[block.start : block.end].strip()
    ]


def notes(text):
    return [note.code for block in scan_bibtex(text) for note in block.notes]


def reasons(text):
    return [block.reason for block in scan_bibtex(text) if isinstance(block, ScannedBlock) and block.reason]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{plain}", "plain"),
        ("{}", ""),
        ('""', ""),
        ("{ kept as it stands\n }", " kept as it stands\n "),
        ("{a {b {c {d {e {f}}}}} g}", "a {b {c {d {e {f}}}}} g"),
        ('"x {"} y {q"} z"', 'x {"} y {q"} z'),
        ('"a {b {c {d {e} " }}} f"', 'a {b {c {d {e} " }}} f'),
        ('{say "hi"}', 'say "hi"'),
        (r"{C:\\}", r"C:\\"),
        (r"{a \{ b \} c}", r"a \{ b \} c"),
        ("{mail me@home.org, or @article{x}}", "mail me@home.org, or @article{x}"),
        ("{50% of it}", "50% of it"),
        ("1984", "1984"),
        ("may", "May"),
        ("MAY", "May"),
        ('may # "~5"', "May~5"),
        ('{a} # "b" # 3 # acm', "ab3ACM Press"),
        ("Acm", "ACM Press"),
        ("acm # undefined", "ACM Pressundefined"),
    ],
)
def test_a_value_says_what_bibtex_reads(value, says):
    text = f'@string{{acm = "ACM Press"}}@misc{{k, before = 1, title = {value}, after = {{2}}}}{LAST}'
    assert entries(text) == [
        ("k", [("before", "1"), ("title", says), ("after", "2")]),
        ("last", [("note", "sound")]),
    ]


def test_the_source_of_a_value_stands_as_written():
    text = '@misc{k, a = {x {Y}}, b = "z", c = 12, d = May, e = may#  {x} %c\n # 1}'
    (entry,) = scan_bibtex(text)
    assert [source for _, source in entry.fields] == ["{x {Y}}", '"z"', "12", "May", "may # {x} # 1"]


@pytest.mark.parametrize(
    "text",
    [
        "@misc{k,a={1}}",
        "@misc{k,a={1},}",
        "@misc(k,a={1})",
        "@misc(k,a={1},)",
        "@ misc {k , a = {1} , }",
        "@\nmisc\n{\nk\n,\na\n=\n{1}\n}",
        "@misc{\tk,\r\n\ta\t=\r\n{1}\r\n}",
        "@misc{k,\x0c a={1}}",
        "@misc{k,\u00a0a\u2003=\u2028{1}}",
        "@misc{k,\ra={1}\r}",
        "free text @misc{k,a={1}} and more",
        "@@misc{k,a={1}}",
        "@misc{k,a={1}% a comment\n}",
        "@misc{ % a comment\n k % a comment\n , a % a comment\n = % a comment\n {1} % a comment\n }",
        "@misc{k,% @misc{no,}\n a={1}}",
    ],
)
def test_an_entry_is_found_however_it_is_laid_out(text):
    assert entries(text + LAST) == [("k", [("a", "1")]), ("last", [("note", "sound")])]


@pytest.mark.parametrize(
    "key",
    [
        "a",
        "DBLP:conf/x/Y-1",
        "a=b",
        "a(b)",
        "a'b",
        "müller東",
        "a%b",
        "ключ",
        "10.1000/182",
        "a+b_c",
        "é",
        "1",
    ],
)
def test_a_key_of_any_script_is_read(key):
    assert entries(f"@misc{{{key}, a = {{1}}}}") == [(key, [("a", "1")])]
    assert entries(f"@misc{{{key}}}") == [(key, [])]


def test_a_key_may_be_missing_and_an_entry_empty():
    assert entries("@misc{, a = {1}} @misc{} @misc{k,} @misc{k}") == [
        ("", [("a", "1")]),
        ("", []),
        ("k", []),
        ("k", []),
    ]


def test_types_and_field_names_of_any_kind_are_kept_as_written():
    text = "@My-Type:x/+{k, bdsk-url-1 = {1}, Título = {2}, ti@tle$^|`~ = {3}, __marked = {4}}"
    (entry,) = scan_bibtex(text)
    assert entry.type == "My-Type:x/+"
    assert [name for name, _ in entry.fields] == ["bdsk-url-1", "Título", "ti@tle$^|`~", "__marked"]


def test_fields_and_entries_that_stand_twice_are_all_there():
    text = "@misc{k, a = 1, A = 2} @misc{K, a = 3}"
    assert entries(text) == [("k", [("a", "1"), ("A", "2")]), ("K", [("a", "3")])]


def test_a_string_holds_from_where_it_stands():
    text = '@misc{a,t=x}@string{x="1"}@misc{b,t=x}@STRING(X = x # {2},)@misc{c,t=X}'
    assert entries(text) == [("a", [("t", "x")]), ("b", [("t", "1")]), ("c", [("t", "12")])]
    assert notes(text) == ["undefined-string"]


def test_strings_that_grow_without_bound_are_rejected():
    text = "@string{a = {aaaa}}" + "@string{a = a # a}" * 200 + LAST
    assert len(reasons(text)) > 100
    assert "expand to far more" in reasons(text)[0]
    assert entries(text) == [("last", [("note", "sound")])]


def test_what_is_no_entry_is_a_block_of_its_kind():
    text = (
        "Some text, me@home.org.\n\n"
        '@string{acm = "ACM"}\n@preamble{"\\def\\x{y}" # acm}\n@Preamble({)}) @comment{kept {as} it is}\n'
        "% a comment\n@misc{k, a = 1}\n@comment without a brace\n"
    )
    assert others(text) == [
        ("comment", "Some text, me@home.org."),
        ("string", '@string{acm = "ACM"}'),
        ("preamble", '@preamble{"\\def\\x{y}" # acm}'),
        ("preamble", "@Preamble({)})"),
        ("comment", "@comment{kept {as} it is}"),
        ("comment", "% a comment"),
        ("comment", "@comment without a brace"),
    ]
    assert entries(text) == [("k", [("a", "1")])]


def test_a_string_block_has_its_definition():
    (block,) = scan_bibtex('@string{Acm = "ACM" # { Press}}')
    assert block.kind is BlockKind.STRING
    assert block.defines == ("Acm", "ACM Press")


@pytest.mark.parametrize(
    "text",
    [
        "@comment{@misc{no, a = {1}}}",
        "@Comment{ {{}} @misc{no,}\n@misc{no,}\n}",
        "% @misc{no, a = {1}}",
        "see 100% @misc{no, a = {1}}",
        "%@misc{no,\n%  a = {1}\n%}",
    ],
)
def test_an_entry_in_a_comment_is_none_and_is_said(text):
    assert entries(text + LAST) == [("last", [("note", "sound")])]
    assert notes(text + LAST) == ["commented-entry"]


@pytest.mark.parametrize("text", ["@comment{", "@comment{ {", "@comment(", "@comment", "@comment x"])
def test_a_comment_that_does_not_end_hides_nothing(text):
    assert others(text + LAST) == [("comment", text.strip())]
    assert entries(text + LAST) == [("last", [("note", "sound")])]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@misc{k, a = {1} b = {2}}", "'b' after the field a"),
        ("@misc{k, a = {1},, b = {2}}", "',' where a name should stand"),
        ("@misc{k, a = }", "'}' where a value should stand"),
        ("@misc{k, a = {1} # , b = 1}", "',' where a value should stand"),
        ("@misc{k, a {1}}", "'{' where the = after a should stand"),
        ("@misc{k, 1a = {1}}", "'1' where a name should stand"),
        ("@misc{k, a = 12b}", "'b' after the field a"),
        ("@misc{k, a = 2020-05-13}", "'-' after the field a"),
        ("@misc{k l, a = 1}", "'l' after the citation key"),
        ("@misc{a = {1}, b = {2}}", "no citation key"),
        ("@misc{a={1}, b={2}}", "no citation key"),
        ("@misc{k{x}y, a = {1}}", "'{' after the citation key"),
        ('@misc{k, a = "x \\"o y"}', "'o' after the field a"),
        ("@misc{k, a = {1}", "does not end after the field a"),
        ("@misc{k, a = {1}\n", "does not end after the field a"),
        ("@misc{k, a = {1", "never closes"),
        ("@misc{k, a = {x { y}, b = {2}\n}", "does not end after the field a"),
        ("@misc{k, a = {x \\{ y}, b = {2}\n}\n", "does not end after the field a"),
        ('@misc{k, a = "1', "never closes"),
        ('@misc{k, a = "{1"}', "never closes"),
        ('@misc{k, a = "x } y"}', "closes nothing"),
        ('@misc{k, a = "x } y",\n b = {2}\n}', "closes nothing"),
        ("@misc(k, a = {1}", "does not end after the field a"),
        ("@misc k, a = {1}}", "no { or ( follows"),
        ("@{k, a = {1}}", "no { or ( follows"),
        ("  @misc", "no { or ( follows"),
        ("@1misc{k, a = 1}", "no { or ( follows"),
        ("@misc{", "'{' after the citation key"),
        ("@misc{k", "does not end after the citation key"),
        ("@string{a = {1}, b = {2}}", "'b' where the bracket that closes it should stand"),
        ("@string{a}", "'}' where the = after a should stand"),
        ("@string{1a = {1}}", "'1' where a name should stand"),
        ("@preamble{a b}", "'b' where the bracket that closes it should stand"),
        ("@preamble{", "'@' where a value should stand"),
    ],
)
def test_a_broken_block_costs_itself_alone(text, reason):
    for before, after in [("", LAST), (LAST[1:] + "\n", LAST), (LAST[1:] + "\n\n", "\n\n" + LAST)]:
        whole = before + text + after
        assert [key for key, _ in entries(whole)] == ["last"] * (1 + bool(before))
        assert others(whole) == [("rejected", text.strip())]
        (found,) = reasons(whole)
        assert reason in found


def test_after_a_broken_entry_the_next_on_its_line_is_found():
    assert entries("@misc{k, a = } @misc{l, a = 1} @misc{m, a = } @misc(n, a = 2)") == [
        ("l", [("a", "1")]),
        ("n", [("a", "2")]),
    ]


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("@misc(k, a = ) @misc{l, b = {2}}", "@misc(k, a = )"),
        ("@misc(k, a = {1} b = {2}) @misc(l, b = {2})", "@misc(k, a = {1} b = {2})"),
        ("@misc{k, a = {1} @misc{l, b = {2}}", "@misc{k, a = {1}"),
        ("@misc{k, a = {1} b = {3} @misc{l, b = {2}}", "@misc{k, a = {1} b = {3}"),
        ("@misc{k, a = x @misc{l, b = {2}}", "@misc{k, a = x"),
        ("@misc{k @misc{l, b = {2}}", "@misc{k"),
        ("@misc{k, a = {1},, } @misc{l, b = {2}}", "@misc{k, a = {1},, }"),
        ("@string(s = ) @misc{l, b = {2}}", "@string(s = )"),
        ('@preamble{"x" @misc{l, b = {2}}', '@preamble{"x"'),
        ('@misc(k, a = "x } y") @misc{l, b = {2}}', '@misc(k, a = "x } y")'),
    ],
)
@pytest.mark.parametrize("after", ["", "\n", LAST])
def test_a_good_entry_behind_a_broken_one_on_its_line_is_read(text, rejected, after):
    assert entries(text + after) == [("l", [("b", "2")])] + [("last", [("note", "sound")])] * (after == LAST)
    assert others(text + after) == [("rejected", rejected)]


@pytest.mark.parametrize(
    "text",
    [
        "@misc{k, a = } what follows it",
        "@misc{k, a = } % what follows it",
        "@misc{k, a = } } what follows it",
        "@misc{k, %}} what follows it",
        "@misc(k, a = ) what follows it",
        "@misc{k, a = {1} b = {2}} what {follows} it",
        "@misc{k, a = }, what = {follows it}",
    ],
)
@pytest.mark.parametrize("after", ["", "\n", LAST])
def test_what_stands_behind_a_broken_entry_on_its_line_stays_with_it(text, after):
    assert others(text + after) == [("rejected", text)]
    assert entries(text + after) == [("last", [("note", "sound")])] * (after == LAST)


def test_an_at_sign_in_a_broken_entry_begins_none_in_the_middle_of_a_line():
    text = "@misc{k, a = {an { unclosed one with me@home.org and @article{fake, b = {1}} in it}\n}\n" + LAST
    assert entries(text) == [("last", [("note", "sound")])]
    assert len(reasons(text)) == 1


def test_an_entry_that_lacks_a_brace_does_not_swallow_the_rest_of_the_file():
    text = "\n".join(f"@misc{{k{n}, a = {{{'{' if n == 2 else ''}1}}}}" for n in range(50)) + "\n}"
    assert [key for key, _ in entries(text)] == [f"k{n}" for n in range(50) if n != 2]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("@misc{k, a = {x}}, b = {1}}", "stray-brace"),
        ("@misc{k, a = {x\n@misc{l, b = 1}\n}}", "entry-in-value"),
        ("@misc{k, a = {x})", "mixed-brackets"),
        ("@misc(k, a = {x}}", "mixed-brackets"),
        ("@string(s = {x}} @misc{k, a = s}", "mixed-brackets"),
        ("@string{s = {x},) @misc{k, a = s}", "mixed-brackets"),
        ("@preamble{{x}) @misc{k, a = 1}", "mixed-brackets"),
        ("@misc{k, a = x}", "undefined-string"),
        ("@misc{k, a = {1} # x}", "undefined-string"),
    ],
)
def test_what_is_sound_but_odd_is_said(text, code):
    assert [key for key, _ in entries(text + LAST)] == ["k", "last"]
    assert notes(text + LAST) == [code]


def test_comments_between_the_parts_of_an_entry_are_kept():
    (entry,) = scan_bibtex("@misc{k, % one\n a = {50% of it}, %two\r\n% three\n}")
    assert entry.comments == ("% one", "%two", "% three")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_block_has_its_line(newline):
    text = newline.join(
        [
            "text",
            "",
            "@string{a = {",
            "}}",
            "@misc{k,",
            " a = 1",
            "}",
            "@misc{l, a = }",
            " @misc{m}",
            "end",
            "",
        ]
    )
    assert [block.line for block in scan_bibtex(text)] == [1, 3, 5, 8, 9, 10]


def test_a_value_is_expanded_with_the_strings_that_are_given():
    assert expand_value(' acm # {, } # may # "x" ', {"acm": "ACM"}) == "ACM, Mayx"
    assert expand_value("{a", {}) is None
    assert expand_value("{a} b", {}) is None
    assert expand_value("", {}) is None
    assert [block.values[0] for block in scan_bibtex("@misc{k, a = acm}", {"acm": "ACM"})] == ["ACM"]
