"""The `.bib` file, in the dialects of BibTeX and biblatex: `read_bibtex`, `write_bibtex`, `write_biblatex`.

The grammar is BibTeX's (btxdoc and btxhak, https://ctan.org/pkg/bibtex), names and types of biblatex those of
its manual (https://ctan.org/pkg/biblatex). Text is UTF-8, or ASCII with LaTeX's macros; an entry has a field
a line, in one order (`mapping`).

*Not represented*, and reported: affiliations, score and code of a paper listing; creators other than
authors, editors and translators (biblatex has contributors, too); line breaks; characters that are no text.
In BibTeX besides: the types web page, software, data set and patent, and a preprint with no arXiv id, which
are all `@misc`; of a date, more than its first day or its season. Aliases of a key are biblatex's `ids`,
which BibTeX ignores.
"""

from bibkit.formats.bibtex.mapping import is_bibtex_key
from bibkit.formats.bibtex.reader import read_bibtex
from bibkit.formats.bibtex.writer import write_biblatex, write_bibtex
from bibkit.formats.bibtex.written import is_biblatex

__all__ = ["is_biblatex", "is_bibtex_key", "read_bibtex", "write_biblatex", "write_bibtex"]
