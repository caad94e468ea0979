"""What LaTeX calls the characters of Unicode in text: accents, letters, symbols, and macros that only style.

Facts of LaTeX's kernel, of the packages in common use, and of Unicode. Where several macros mean one
character, the first one listed is the one that is written. Maths has tables of its own
(`bibkit.latex.maths_tables`).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from bibkit.latex.maths_tables import MATHS_SYMBOLS, pairs, words

# ----------------------------------------------------------------------------------------------------------
# Text: accents.

ACCENTS: Final = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "h": "\u0309",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "G": "\u030f",
    "f": "\u0311",
    "d": "\u0323",
    "textcommabelow": "\u0326",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
}
"""Accent macro to combining character."""

BRACED_ACCENTS: Final = frozenset("hGft")
"""Accent macros that are taken for one only before a brace: else they are too likely something else."""

WRITTEN_ACCENTS: Final = {mark: name for name, mark in ACCENTS.items() if name not in {"h", "G", "f", "t"}}
"""Combining character to the accent macro that is written for it: those that TeX's 8-bit engines know."""

SPACING_ACCENTS: Final = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "¯",
    "\u0306": "˘",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030a": "˚",
    "\u030b": "˝",
    "\u030c": "ˇ",
    "\u0327": "¸",
    "\u0328": "˛",
}
"""Combining character to the character that an accent over nothing (`\\~{}`) is."""

# ----------------------------------------------------------------------------------------------------------
# Text: letters and symbols.

LETTERS: Final = pairs(
    "aa å AA Å ae æ AE Æ oe œ OE Œ o ø O Ø l ł L Ł ss ß i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ"
)
"""Macros that are letters: an accent may stand on them."""

_CYRILLIC: Final = pairs(
    "CYRA А CYRB Б CYRV В CYRG Г CYRD Д CYRE Е CYRYO Ё CYRZH Ж CYRZ З CYRI И CYRISHRT Й CYRK К CYRL Л"
    " CYRM М CYRN Н CYRO О CYRP П CYRR Р CYRS С CYRT Т CYRU У CYRF Ф CYRH Х CYRC Ц CYRCH Ч CYRSH Ш"
    " CYRSHCH Щ CYRHRDSN Ъ CYRERY Ы CYRSFTSN Ь CYREREV Э CYRYU Ю CYRYA Я CYRIE Є CYRII І CYRYI Ї CYRJE Ј"
    " CYRLJE Љ CYRNJE Њ CYRTSHE Ћ CYRDJE Ђ CYRDZHE Џ CYRUSHRT Ў CYRGUP Ґ CYRDZE Ѕ"
)

OTHER_SCRIPTS: Final = {
    **pairs(
        "textalpha α textbeta β textgamma γ textdelta δ textepsilon ε textzeta ζ texteta η texttheta θ"
        " textiota ι textkappa κ textlambda λ textmugreek μ textnu ν textxi ξ textomicron ο textpi π"
        " textrho ρ textsigma σ textvarsigma ς texttau τ textupsilon υ textphi φ textchi χ textpsi ψ"
        " textomega ω textGamma Γ textDelta Δ textTheta Θ textLambda Λ textXi Ξ textPi Π textSigma Σ"
        " textUpsilon Υ textPhi Φ textPsi Ψ textOmega Ω"
    ),
    **_CYRILLIC,
    **{name.lower(): letter.lower() for name, letter in _CYRILLIC.items()},
}
"""Macros of Greek and Cyrillic letters in text: read, but not written, since they need fonts set up."""

DOTLESS: Final = {"ı": "i", "ȷ": "j"}
"""Dotless letters, which an accent takes the place of the dot on."""

TEXT_SYMBOLS: Final = {
    "textbackslash": "\\",
    "backslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "lbrace": "{",
    "rbrace": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textasciigrave": "`",
    "textquotesingle": "'",
    "textquotedbl": '"',
    "textdollar": "$",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textunderscore": "_",
    "textpercent": "%",
    "textampersand": "&",
    "textnumbersign": "#",
    "textasteriskcentered": "∗",
    "slash": "/",
    "nobreakspace": "\u00a0",
    "textvisiblespace": "␣",
    "textcompwordmark": "\u200c",
    "textendash": "–",
    "textemdash": "—",
    "textthreequartersemdash": "–",
    "texttwelveudash": "—",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "lq": "‘",
    "rq": "’",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "quotesinglbase": "‚",
    "quotedblbase": "„",
    "glqq": "„",
    "grqq": "“",
    "guillemotleft": "«",
    "guillemotright": "»",
    "guillemetleft": "«",
    "guillemetright": "»",
    "flqq": "«",
    "frqq": "»",
    "guilsinglleft": "‹",
    "guilsinglright": "›",
    "textexclamdown": "¡",
    "textquestiondown": "¿",
    "textellipsis": "…",
    "ldots": "…",
    "dots": "…",
    "textperiodcentered": "·",
    "textcentereddot": "·",
    "textbullet": "•",
    "textopenbullet": "◦",
    "textbardbl": "‖",
    "textbrokenbar": "¦",
    "textdagger": "†",
    "textdaggerdbl": "‡",
    "dag": "†",
    "ddag": "‡",
    "textsection": "§",
    "S": "§",
    "textparagraph": "¶",
    "P": "¶",
    "textpilcrow": "¶",
    "textcopyright": "©",
    "copyright": "©",
    "textregistered": "®",
    "texttrademark": "™",
    "textservicemark": "℠",
    "textcircledP": "℗",
    "textordfeminine": "ª",
    "textordmasculine": "º",
    "textdegree": "°",
    "degree": "°",
    "textcelsius": "℃",
    "textnumero": "№",
    "textestimated": "℮",
    "textreferencemark": "※",
    "textdiscount": "⁒",
    "textperthousand": "‰",
    "textpertenthousand": "‱",
    "textonehalf": "½",
    "textonequarter": "¼",
    "textthreequarters": "¾",
    "textonesuperior": "¹",
    "texttwosuperior": "²",
    "textthreesuperior": "³",
    "textfractionsolidus": "⁄",
    "texttimes": "×",
    "textdiv": "÷",
    "textpm": "±",
    "textminus": "−",
    "textlnot": "¬",
    "textsurd": "√",
    "textmu": "µ",
    "textohm": "Ω",
    "textmho": "℧",
    "textcurrency": "¤",
    "textcent": "¢",
    "textsterling": "£",
    "pounds": "£",
    "textyen": "¥",
    "texteuro": "€",
    "euro": "€",
    "EUR": "€",
    "textwon": "₩",
    "textnaira": "₦",
    "textpeso": "₱",
    "textbaht": "฿",
    "textdong": "₫",
    "textlira": "₤",
    "textcolonmonetary": "₡",
    "textflorin": "ƒ",
    "textguarani": "₲",
    "textleftarrow": "←",
    "textrightarrow": "→",
    "textuparrow": "↑",
    "textdownarrow": "↓",
    "textlangle": "〈",
    "textrangle": "〉",
    "textlbrackdbl": "⟦",
    "textrbrackdbl": "⟧",
    "textlquill": "⁅",
    "textrquill": "⁆",
    "textmusicalnote": "♪",
    "textborn": "⭑",
    "textdied": "†",
    "textmarried": "⚭",
    "textdivorced": "⚮",
    "textrecipe": "℞",
    "textinterrobang": "‽",
    "textblank": "␢",
    "textasciidieresis": "¨",
    "textasciimacron": "¯",
    "textasciiacute": "´",
    "textasciibreve": "˘",
    "textasciicaron": "ˇ",
    "SS": "SS",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "LaTeXe": "LaTeX2ε",
    "BibTeX": "BibTeX",
    "XeTeX": "XeTeX",
    "XeLaTeX": "XeLaTeX",
    "LuaTeX": "LuaTeX",
    "LuaLaTeX": "LuaLaTeX",
    "pdfTeX": "pdfTeX",
    "pdfLaTeX": "pdfLaTeX",
    "AmS": "AMS",
    "MF": "METAFONT",
    "MP": "METAPOST",
    "eTeX": "eTeX",
    "TikZ": "TikZ",
    "KOMAScript": "KOMA-Script",
    "hyphen": "-",
    "adddot": ".",
}
"""Macros of text that stand for characters; like TeX, the reader takes the space after them away."""

CONTROL_SYMBOLS: Final = {
    "%": "%",
    "&": "&",
    "#": "#",
    "_": "_",
    "{": "{",
    "}": "}",
    " ": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    ">": " ",
    "\\": " ",
    "!": "",
    "/": "",
    "-": "",
    "@": "",
    "|": "‖",
}
"""A backslash and one character that is no letter: what it stands for."""

DROPPED: Final = words(
    "bf it sl em sc rm sf tt cal bfseries itshape slshape scshape upshape mdseries rmfamily sffamily"
    " ttfamily normalfont selectfont boldmath unboldmath tiny scriptsize footnotesize small normalsize"
    " large Large LARGE huge Huge noindent indent centering raggedright raggedleft sloppy fussy"
    " protect relax xspace null leavevmode allowbreak nobreak linebreak nolinebreak pagebreak nopagebreak"
    " break smallskip medskip bigskip hfill hfil vfill ignorespaces unskip"
)
"""Macros that only change how text looks: nothing is left of them."""

SPACES: Final = words(
    "space quad qquad enspace enskip thinspace medspace thickspace newline par tabularnewline"
)
"""Macros that are a space."""

STYLES: Final = words(
    "textbf textit textsl textsc textrm textsf textup textmd textnormal textlf textulc textsw textssc"
    " emph mbox fbox text underline uline uwave sout mkbibemph mkbibitalic mkbibbold mkbibacro autocap"
    " hologo textlatin textgreek"
    " textcyr textcyrillic"
)
"""Macros with one argument whose text is what they say."""

TYPEWRITER: Final = frozenset({"texttt", "textttt", "code"})
"""As `STYLES`, in a typewriter font: hyphens and quotes in it are no ligatures."""

SECOND_ARGUMENT: Final = frozenset({"textcolor", "colorbox", "foreignlanguage", "textlang", "bibinfo"})
"""Macros with two arguments of which the second is the text."""

RAW_URLS: Final = frozenset({"url", "nolinkurl", "path"})
"""Macros whose argument is raw text."""

SUPERSCRIPTS: Final = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
SUBSCRIPTS: Final = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))


_NOT_WRITTEN: Final = words(
    "textasteriskcentered textvisiblespace glqq grqq flqq frqq lq rq textlangle textrangle degree euro EUR"
    " textmu textlquill textrquill textlbrackdbl textrbrackdbl textohm textmho"
    # pandoc drops these without a word, and takes their form in maths.
    " texttimes textdiv textpm textlnot textsurd textleftarrow textrightarrow textuparrow textdownarrow"
    " textbardbl textdaggerdbl ddag textellipsis textperiodcentered textcentereddot"
)
"""Macros that are read but not written: of packages, not in every font, or not read by everybody."""

_OTHER_FORMS: Final = {
    "\u00a0": "{~}",
    "–": "{--}",
    "—": "{---}",
    "¡": "{!`}",
    "¿": "{?`}",
    "−": "{\\ensuremath{-}}",
}
"""Characters that are no macro in LaTeX, or one that few programs read."""


@cache
def text_macros() -> dict[str, str]:
    r"""Return what each character beyond ASCII that has a macro of text is in ASCII, braces and all.

    A character that only maths has a macro for is that macro in `\\ensuremath`.
    """
    macros = dict(_OTHER_FORMS)
    for name, character in LETTERS.items():
        macros.setdefault(character, f"{{\\{name}}}")
    for name, character in TEXT_SYMBOLS.items():
        if len(character) == 1 and not character.isascii() and name not in _NOT_WRITTEN:
            macros.setdefault(character, f"{{\\{name}}}")
    for plain, character in SUPERSCRIPTS.items():
        macros[character] = f"{{\\textsuperscript{{{plain}}}}}"
    for plain, character in SUBSCRIPTS.items():
        macros[character] = f"{{\\textsubscript{{{plain}}}}}"
    for name, character in MATHS_SYMBOLS.items():
        if not character.isascii():
            macros.setdefault(character, f"{{\\ensuremath{{\\{name}}}}}")
    return macros
