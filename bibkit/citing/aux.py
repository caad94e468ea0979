r"""Citations in an `.aux` file, as BibTeX reads it, and as biblatex leaves them there.

In: the text. Out: a `CitedList`. BibTeX takes a command only at the beginning of a line: `\citation{a,b}`,
`\@input{chapter.aux}` (its documentation, `btxdoc`, and `bibtex.web`, "Reading the auxiliary file"). biblatex
with biber writes `\abx@aux@cite{0}{key}` (before its version 3.15 without the section) and
`\abx@aux@nociteall`; with BibTeX it writes `\citation` too.
"""

from __future__ import annotations

import re
from typing import Final

from bibkit.citing.cited import EVERYTHING, Cited, CitedList, Included, Wanted

_COMMAND: Final = re.compile(r"\\(citation|@input|bibstyle)\{([^{}]*)\}")
_BIBLATEX: Final = re.compile(r"\\abx@aux@(?:cite(?:\{\d+\})?\{([^{}]*)\}|(nociteall))")

#: Entries that steer a style and are no works, by the names that packages give them.
_SETTINGS: Final = frozenset(
    {"biblatex-control", "REV41Control", "REV42Control", "apsrev41Control", "apsrev42Control",
     "aip41Control", "aip42Control", "aipnum41Control", "achemso-control", "IEEEexample:BSTcontrol"}
)  # fmt: skip


def read_aux(text: str) -> CitedList:
    """Return what an `.aux` file says, in its order."""
    parts: list[Cited | Included] = []
    biblatex, biber = False, True
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if (found := _BIBLATEX.match(line)) is not None:
            biblatex = True
            parts.append(Cited(EVERYTHING if found[2] else found[1].strip(), number))
        elif (found := _COMMAND.match(line)) is None:
            continue
        elif found[1] == "bibstyle":
            if found[2] == "biblatex":
                biblatex, biber = True, False
        elif found[1] == "@input":
            parts.append(Included(found[2], (found[2],), number))
        else:
            keys = (key.strip() for key in found[2].split(","))
            parts.extend(Cited(key, number) for key in keys if key and key not in _SETTINGS)
    return CitedList(tuple(parts), Wanted(biblatex=biblatex, biber=biblatex and biber))
