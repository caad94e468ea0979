"""LaTeX text and Unicode, both ways: tables, the reader, the writer. Knows no record and no format."""

from bibkit.latex.maths import Accepted, Refused, check_maths
from bibkit.latex.reader import LatexText, read_latex, read_letters
from bibkit.latex.segments import Dollar, Maths, Segment, Text, split_maths
from bibkit.latex.writer import (
    Written,
    braces_balance,
    clean_text,
    unwritable,
    write_latex,
    write_maths,
    write_segment,
    write_text,
    write_verbatim,
)

__all__ = [
    "Accepted",
    "Dollar",
    "LatexText",
    "Maths",
    "Refused",
    "Segment",
    "Text",
    "Written",
    "braces_balance",
    "check_maths",
    "clean_text",
    "read_latex",
    "read_letters",
    "split_maths",
    "unwritable",
    "write_latex",
    "write_maths",
    "write_segment",
    "write_text",
    "write_verbatim",
]
