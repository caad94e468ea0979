r"""The commands that cite, and what else of LaTeX's commands matters to who looks for citations: tables.

What a command takes is one scheme in all packages: a star, options in `[...]`, and groups `{...}`, one of
which holds the keys. biblatex's multicite commands take two options in `(...)` first, and repeat the rest.

The names are those of LaTeX, natbib (`natbib.sty`), biblatex (`biblatex.def`, `blx-natbib.def`,
`blx-mcite.def`, its manual, section 3.9), apacite, harvard, chicago, cite, revtex and abntex2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """What a command that cites takes: in which of its groups keys stand, and whether it goes on after it.

    `places` counts the groups in braces from 1; `many` says that options and groups may come again; one that
    does not `cites` only speaks of works that others cite.
    """

    places: tuple[int, ...] = (1,)
    many: bool = False
    cites: bool = True


PLAIN: Final = Command()
MANY: Final = Command(many=True)

_LATEX: Final = "cite nocite"
_NATBIB: Final = """
citet citep citealt citealp citenum citeauthor citefullauthor citeyear citeyearpar citetalias citepalias
Citet Citep Citealt Citealp Citeauthor Citefullauthor shortcites defcitealias bibentry
"""
_BIBLATEX: Final = """
Cite parencite Parencite footcite Footcite footcitetext Footcitetext smartcite Smartcite textcite Textcite
supercite autocite Autocite fullcite footfullcite citetitle Citetitle citedate citeurl notecite Notecite
pnotecite Pnotecite fnotecite Fnotecite citename citelist citefield
mcite Mcite mparencite Mparencite mfootcite mfootcitetext mtextcite Mtextcite msupercite mautocite Mautocite
"""
_BIBLATEX_MANY: Final = """
cites Cites parencites Parencites footcites Footcites footcitetexts Footcitetexts smartcites Smartcites
textcites Textcites supercites autocites Autocites fullcites footfullcites
"""
_BIBLATEX_VOLUME: Final = "volcite pvolcite fvolcite ftvolcite svolcite tvolcite avolcite"
_APACITE: Final = """
citeA citeNP citeauthorNP citeyearNP shortcite shortciteA shortciteNP shortciteauthor shortciteauthorNP
fullciteA fullciteNP fullciteauthor fullciteauthorNP maskcite maskciteA maskciteNP
"""
_HARVARD_AND_CHICAGO: Final = """
citeasnoun possessivecite citeaffixed citeN shortciteN shortciteANP citeANP citeyearN
"""
_CITE_AND_CLASSES: Final = "citen onlinecite citeonline citeauthoronline"

_PLAIN: Final = (_LATEX, _NATBIB, _BIBLATEX, _APACITE, _HARVARD_AND_CHICAGO, _CITE_AND_CLASSES)
#: biblatex knows an entry there by its own key alone, by none of its `ids`.
_SPEAKS_OF: Final = {
    "addtocategory": Command(places=(2,), cites=False),
    "assignrefcontextentries": Command(cites=False),
}
_VOLUME: Final = Command(places=(2,))
_VOLUMES: Final = Command(places=(2,), many=True)


def _table() -> dict[str, Command]:
    table = dict.fromkeys(" ".join(_PLAIN).split(), PLAIN)
    table.update(dict.fromkeys(_BIBLATEX_MANY.split(), MANY))
    for name in _BIBLATEX_VOLUME.split():
        table.update({name: _VOLUME, name.capitalize(): _VOLUME})
        table.update({f"{name}s": _VOLUMES, f"{name.capitalize()}s": _VOLUMES})
    return table | _SPEAKS_OF


#: What cites, by the name of the command without its backslash.
COMMANDS: Final[dict[str, Command]] = _table()

#: Commands of multibib for one of several bibliographies are these with its name behind (`\citepsec`).
OF_SEVERAL: Final = ("cite", "nocite", "citet", "citep", "citealt", "citealp", "citeauthor", "citeyear",
                     "citeyearpar", "Citet", "Citep", "Citealt", "Citealp", "Citeauthor")  # fmt: skip

#: Environments whose text TeX does not read as LaTeX; a paper may define more (`macros`).
VERBATIM: Final = frozenset(
    ("verbatim", "verbatim*", "Verbatim", "Verbatim*", "BVerbatim", "BVerbatim*", "LVerbatim", "LVerbatim*",
     "SaveVerbatim", "VerbatimOut", "verbatimtab", "verbatimwrite", "lstlisting", "minted", "tcblisting",
     "comment", "filecontents", "filecontents*", "luacode", "luacode*", "pycode", "pyconsole", "sagesilent")
)  # fmt: skip

#: Commands whose argument is not LaTeX: between two equal characters, or in braces, behind options.
INLINE_VERBATIM: Final = frozenset(
    {"verb", "Verb", "lstinline", "mintinline", "url", "path", "nolinkurl", "href"}
)

#: Those among them that take a language in braces first.
WITH_LANGUAGE: Final = frozenset({"mintinline"})

#: Those among them that are followed by a brace (or a bar), or are something else.
ONLY_BRACES: Final = frozenset({"href", "path", "nolinkurl"})

#: What begins a conditional of TeX, so that its `\fi` is not that of another around it.
CONDITIONALS: Final = frozenset(
    ("if", "ifcat", "ifnum", "ifdim", "ifodd", "ifvmode", "ifhmode", "ifmmode", "ifinner", "ifvoid", "ifhbox",
     "ifvbox", "ifx", "ifeof", "iftrue", "iffalse", "ifcase", "ifdefined", "ifcsname", "iffontchar",
     "ifincsname", "ifpdf", "ifxetex", "ifluatex", "ifPDFTeX", "ifXeTeX", "ifLuaTeX")
)  # fmt: skip
