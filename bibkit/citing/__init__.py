r"""What papers cite: citations found in LaTeX's files, and keys changed in them.

Reading order: `commands` (what cites, in tables), `live` (which text TeX reads), `arguments` (groups and
options), `tex` (citations and included files), `macros` (commands that a paper defines itself), `aux` and
`bcf` (what LaTeX wrote for BibTeX and biber), `rewriting` (other keys in place of old ones), `diffs`.
Pure: text goes in, values come out; no file is opened.
"""

from bibkit.citing.aux import read_aux
from bibkit.citing.bcf import read_bcf
from bibkit.citing.cited import EVERYTHING, Cited, CitedList, Included, Wanted
from bibkit.citing.commands import COMMANDS, Command
from bibkit.citing.diffs import render_diff
from bibkit.citing.macros import Macros, join_macros, read_macros
from bibkit.citing.rewriting import Change, Rewriting, is_citable, rewrite_tex
from bibkit.citing.tex import Citation, Key, TexReading, read_tex

__all__ = [
    "COMMANDS",
    "EVERYTHING",
    "Change",
    "Citation",
    "Cited",
    "CitedList",
    "Command",
    "Included",
    "Key",
    "Macros",
    "Rewriting",
    "TexReading",
    "Wanted",
    "is_citable",
    "join_macros",
    "read_aux",
    "read_bcf",
    "read_macros",
    "read_tex",
    "render_diff",
    "rewrite_tex",
]
