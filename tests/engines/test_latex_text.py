"""What the LaTeX of plain text prints: LuaLaTeX sets it, and its glyphs are read from the boxes it made.

pdfLaTeX with T1 fonts takes the same source of every letter that it has.
"""

import re
import unicodedata

import pytest
from engines_support import find_engine

from bibkit.latex import read_latex, write_text
from bibkit.latex.tables import WRITTEN_ACCENTS, text_macros

_LUA = r"""
\documentclass{article}
\usepackage{amsmath,amssymb}
\begin{document}
\directlua{
  out = io.open("printed.txt", "w")
  glyph, glue, disc = node.id("glyph"), node.id("glue"), node.id("disc")
  hlist, vlist = node.id("hlist"), node.id("vlist")
  function dump(list)
    for n in node.traverse(list) do
      if n.id == glyph then out:write(utf8.char(n.char))
      elseif n.id == glue then out:write(" ")
      elseif n.id == disc and n.replace then dump(n.replace)
      elseif n.id == hlist or n.id == vlist then dump(n.list) end
    end
  end
}
\def\print#1{\setbox0\hbox{#1}\directlua{dump(tex.box[0].list) out:write("\string\n")}}
"""

# What TeX's text fonts always print for these: an apostrophe and quotes.
_CURLED = str.maketrans({"'": "’", "`": "‘", '"': "”"})

_LETTERS = "".join(
    chr(code)
    for code in (*range(0xC0, 0x180), *range(0x1CD, 0x1DD), *range(0x1E00, 0x1F00))
    if chr(code).isalpha() and "\\symbol" not in write_text(chr(code), ascii=True)
)


@pytest.fixture(scope="module")
def print_by_lualatex(tmp_path_factory):
    lualatex = find_engine("lualatex")

    def printed(sources: list[str]) -> list[str]:
        folder = tmp_path_factory.mktemp("printed")
        lines = "\n".join(f"\\print{{{source}}}" for source in sources)
        (folder / "print.tex").write_text(f"{_LUA}{lines}\n\\end{{document}}\n", encoding="utf-8")
        done = lualatex.run("-interaction=nonstopmode", "-halt-on-error", "print.tex", cwd=folder)
        assert done.returncode == 0, done.stdout[-2000:]
        # A character that the font lacks is followed by the glyph that stands for it.
        return (folder / "printed.txt").read_text(encoding="utf-8").replace("\U000f0000", "").split("\n")[:-1]

    return printed


def test_ascii_prints_as_itself(print_by_lualatex):
    texts = [f"x{character}y" for character in map(chr, range(0x21, 0x7F))]
    printed = print_by_lualatex([write_text(text) for text in texts])
    assert printed == [text.translate(_CURLED) for text in texts]


def test_pairs_print_as_two_characters(print_by_lualatex):
    texts = [f"x{pair}y" for pair in ("--", "---", "''", "``", ",,", "<<", ">>", "?`", "!`", "-----", "'''")]
    printed = print_by_lualatex([write_text(text) for text in texts])
    assert printed == [text.translate(_CURLED) for text in texts]


def test_text_that_looks_like_latex_prints_as_that_text(print_by_lualatex):
    texts = [
        r"\method{} is \cite{x}",
        r"\begin{document}",
        r"C:\new\~x",
        "a_b^c & 50% of #1 for $5",
        "{}{{}}",
    ]
    printed = print_by_lualatex([write_text(text) for text in texts])
    assert printed == texts


def test_letters_with_accents_print_as_themselves(print_by_lualatex):
    # The bar under a letter is another one to LuaLaTeX (U+0332) than to everybody else (U+0331).
    letters = [letter for letter in _LETTERS if "\u0331" not in unicodedata.normalize("NFD", letter)]
    printed = print_by_lualatex([write_text(letter, ascii=True) for letter in letters])
    assert [unicodedata.normalize("NFC", text) for text in printed] == letters


def test_characters_without_a_macro_print_as_themselves(print_by_lualatex):
    texts = ["Д", "中", "ʒ", "א"]
    sources = [write_text(text, ascii=True) for text in texts]
    assert all("\\symbol" in source for source in sources)
    assert print_by_lualatex(sources) == texts


def test_every_macro_of_text_is_taken_by_lualatex(print_by_lualatex):
    assert print_by_lualatex(sorted(text_macros().values()))


@pytest.mark.parametrize(
    ("encoding", "without"), [("T1", set()), ("OT1", set("ÐðÞþĐđŊŋ„‚«»‹›ĄąĘęĮįŲų\u0328"))]
)
def test_every_macro_of_text_is_taken_by_pdflatex(tmp_path, encoding, without):
    sources = {text_macros()[character]: character for character in text_macros()}
    sources |= {write_text(letter, ascii=True): letter for letter in _LETTERS}
    sources |= {f"{{\\{accent}{{x}}}}": mark for mark, accent in WRITTEN_ACCENTS.items()}
    lines = "\n\n".join(f"x {source} y" for source in sources)
    (tmp_path / "text.tex").write_text(
        f"\\documentclass{{article}}\\usepackage[{encoding}]{{fontenc}}\\usepackage{{amsmath,amssymb}}\n"
        f"\\begin{{document}}\n{lines}\n\\end{{document}}\n"
    )
    done = find_engine("pdflatex").run(
        "-interaction=nonstopmode", "-file-line-error", "text.tex", cwd=tmp_path
    )
    wrong = {int(line) for line in re.findall(r"^\./text\.tex:([0-9]+): ", done.stdout, re.MULTILINE)}
    refused = {
        character
        for number, character in enumerate(sources.values())
        if {3 + 2 * number, 4 + 2 * number} & wrong
    }
    assert refused == without


def test_every_macro_that_is_written_is_read():
    assert {read_latex(source).text: source for source in text_macros().values()} == text_macros()
