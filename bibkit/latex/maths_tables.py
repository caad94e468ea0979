"""What maths is made of in LaTeX, amsmath and amssymb: symbols, and how each macro may stand.

Facts of the three, and of Unicode. Symbols are in a compact form (`name character name character ...`); where
several macros mean one character, the first one listed is the one that is written. Every macro is compiled
in its place by the engine tests.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final


def words(text: str) -> frozenset[str]:
    """Return the words of a compact table."""
    return frozenset(text.split())


def pairs(*tables: str) -> dict[str, str]:
    """Return the names and characters of compact tables."""
    names_and_characters = " ".join(tables).split()
    return dict(zip(names_and_characters[::2], names_and_characters[1::2], strict=True))


# ----------------------------------------------------------------------------------------------------------
# Maths: symbols.

_GREEK: Final = """
    alpha α beta β gamma γ delta δ epsilon ϵ zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ
    pi π rho ρ sigma σ tau τ upsilon υ phi ϕ chi χ psi ψ omega ω varepsilon ε vartheta ϑ varpi ϖ varrho ϱ
    varsigma ς varphi φ Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    digamma ϝ varkappa ϰ backepsilon ϶ varGamma 𝛤 varDelta 𝛥 varTheta 𝛩 varLambda 𝛬 varXi 𝛯 varPi 𝛱
    varSigma 𝛴 varUpsilon 𝛶 varPhi 𝛷 varPsi 𝛹 varOmega 𝛺
"""

_ATOMS: Final = """
    aleph ℵ imath ı jmath ȷ ell ℓ wp ℘ Re ℜ Im ℑ partial ∂ infty ∞ prime ′ nabla ∇ top ⊤ bot ⊥ forall ∀
    exists ∃ neg ¬ flat ♭ natural ♮ sharp ♯ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ triangleleft
    ◁ triangleright ▷ triangle △ bigtriangleup △ bigtriangledown ▽ wedge ∧ vee ∨ cap ∩ cup ∪ ddagger ‡
    dagger † sqcap ⊓ sqcup ⊔ uplus ⊎ amalg ⨿ wr ≀ div ÷ odot ⊙ oslash ⊘ otimes ⊗ ominus ⊖ oplus ⊕ mp ∓
    pm ± setminus ∖ cdot · ast ∗ times × star ⋆ propto ∝ sqsubseteq ⊑ sqsupseteq ⊒ parallel ∥ mid ∣
    dashv ⊣ vdash ⊢ nearrow ↗ searrow ↘ nwarrow ↖ swarrow ↙ Leftrightarrow ⇔ Leftarrow ⇐ Rightarrow ⇒
    leq ≤ geq ≥ succ ≻ prec ≺ approx ≈ succeq ⪰ preceq ⪯ supset ⊃ subset ⊂ supseteq ⊇ subseteq ⊆ in ∈
    ni ∋ gg ≫ ll ≪ leftrightarrow ↔ leftarrow ← rightarrow → sim ∼ simeq ≃ perp ⟂ equiv ≡ asymp ≍ smile ⌣
    frown ⌢ leftharpoonup ↼ leftharpoondown ↽ rightharpoonup ⇀ rightharpoondown ⇁ lmoustache ⎰
    rmoustache ⎱ Vert ‖ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ rangle ⟩
    langle ⟨ rceil ⌉ lceil ⌈ rfloor ⌋ lfloor ⌊ lgroup ⟮ rgroup ⟯ angle ∠ boxdot ⊡ boxplus ⊞ boxtimes ⊠
    leftrightharpoons ⇋ boxminus ⊟ Vdash ⊩ Vvdash ⊪ vDash ⊨ twoheadrightarrow ↠ twoheadleftarrow ↞
    leftleftarrows ⇇ rightrightarrows ⇉ upuparrows ⇈ downdownarrows ⇊ upharpoonright ↾ downharpoonright ⇂
    upharpoonleft ↿ downharpoonleft ⇃ rightarrowtail ↣ leftarrowtail ↢ leftrightarrows ⇆ rightleftarrows
    ⇄ Lsh ↰ Rsh ↱ rightsquigarrow ⇝ leftrightsquigarrow ↭ looparrowleft ↫ looparrowright ↬ circeq ≗
    succsim ≿ gtrsim ≳ gtrapprox ⪆ multimap ⊸ therefore ∴ because ∵ triangleq ≜ precsim ≾ lesssim ≲
    lessapprox ⪅ eqslantless ⪕ eqslantgtr ⪖ curlyeqprec ⋞ curlyeqsucc ⋟ preccurlyeq ≼ leqq ≦ leqslant ⩽
    lessgtr ≶ backprime ‵ risingdotseq ≓ fallingdotseq ≒ succcurlyeq ≽ geqq ≧ geqslant ⩾ gtrless ≷
    sqsubset ⊏ sqsupset ⊐ vartriangleright ⊳ vartriangleleft ⊲ trianglerighteq ⊵ trianglelefteq ⊴ bigstar
    ★ between ≬ blacktriangledown ▾ blacktriangleright ▶ blacktriangleleft ◀ vartriangle ▵ blacktriangle
    ▴ triangledown ▿ eqcirc ≖ lesseqgtr ⋚ gtreqless ⋛ lesseqqgtr ⪋ gtreqqless ⪌ Rrightarrow ⇛ Lleftarrow
    ⇚ veebar ⊻ barwedge ⊼ doublebarwedge ⩞ measuredangle ∡ sphericalangle ∢ Subset ⋐ Supset ⋑ Cup ⋓ Cap ⋒
    curlywedge ⋏ curlyvee ⋎ leftthreetimes ⋋ rightthreetimes ⋌ subseteqq ⫅ supseteqq ⫆ bumpeq ≏ Bumpeq ≎
    lll ⋘ ggg ⋙ pitchfork ⋔ dotplus ∔ backsim ∽ backsimeq ⋍ complement ∁ intercal ⊺ circledcirc ⊚
    circledast ⊛ circleddash ⊝ nleq ≰ ngeq ≱ nless ≮ ngtr ≯ nprec ⊀ nsucc ⊁ lneqq ≨ gneqq ≩ lneq ⪇ gneq ⪈
    precnsim ⋨ succnsim ⋩ lnsim ⋦ gnsim ⋧ precneqq ⪵ succneqq ⪶ precnapprox ⪹ succnapprox ⪺ lnapprox ⪉
    gnapprox ⪊ nsim ≁ ncong ≇ subsetneqq ⫋ supsetneqq ⫌ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉
    nparallel ∦ nmid ∤ nvdash ⊬ nVdash ⊮ nvDash ⊭ nVDash ⊯ ntrianglerighteq ⋭ ntrianglelefteq ⋬
    nleftarrow ↚ nrightarrow ↛ nLeftarrow ⇍ nRightarrow ⇏ nLeftrightarrow ⇎ nleftrightarrow ↮
    divideontimes ⋇ emptyset ∅ varnothing ∅ nexists ∄ Finv Ⅎ Game ⅁ mho ℧ eqsim ≂ beth ℶ gimel ℷ daleth ℸ
    lessdot ⋖ gtrdot ⋗ ltimes ⋉ rtimes ⋊ smallsetminus ∖ approxeq ≊ succapprox ⪸ precapprox ⪷
    curvearrowleft ↶ curvearrowright ↷ Bbbk 𝕜 checkmark ✓ maltese ✠ lnot ¬ land ∧ lor ∨ diamond ⋄
    bullet ∙ circ ∘ bigcirc ◯ le ≤ ge ≥ owns ∋ gets ← to → square □ Box □ Diamond ◇ blacksquare ■
    centerdot ⋅ lozenge ◊ blacklozenge ⧫ circlearrowright ↻ circlearrowleft ↺ doteqdot ≑ Doteq ≑ varpropto
    ∝ smallsmile ⌣ smallfrown ⌢ circledS Ⓢ nleqslant ⩽̸ ngeqslant ⩾̸ npreceq ⪯̸ nsucceq ⪰̸ nleqq ≦̸ ngeqq ≧̸
    diagup ╱ diagdown ╲ nsubseteqq ⫅̸ nsupseteqq ⫆̸ nshortmid ∤ nshortparallel ∦ ntriangleleft ⋪
    ntriangleright ⋫ eth ð shortmid ∣ shortparallel ∥ thicksim ∼ thickapprox ≈ lhd ⊲ unlhd ⊴ rhd ⊳ unrhd ⊵
    yen ¥ circledR ® lvert | rvert | vert | lVert ‖ rVert ‖ restriction ↾ leadsto ⇝ gggtr ⋙ llless ⋘
    doublecap ⋒ doublecup ⋓ ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟ P ¶ S § dag † ddag ‡ pounds £
    copyright © arrowvert | Arrowvert ‖ bracevert ⎪ lvertneqq ≨ gvertneqq ≩ varsubsetneq ⊊ varsupsetneq ⊋
    varsubsetneqq ⫋ varsupsetneqq ⫌ hslash ℏ
"""

_PHRASES: Final = """
    surd √ neq ≠ ne ≠ mapsto ↦ cong ≅ notin ∉ rightleftharpoons ⇌ doteq ≐ hookrightarrow ↪ hookleftarrow ↩
    bowtie ⋈ models ⊧ Longrightarrow ⟹ longrightarrow ⟶ longleftarrow ⟵ Longleftarrow ⟸ longmapsto ⟼
    longleftrightarrow ⟷ Longleftrightarrow ⟺ vdots ⋮ ddots ⋱ Join ⋈ hbar ℏ iff ⟺ cdots ⋯ ldots … dots …
    dashrightarrow ⇢ dashleftarrow ⇠ implies ⟹ impliedby ⟸ dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso …
"""

_BIG_OPERATORS: Final = """
    bigcap ⋂ bigcup ⋃ bigodot ⨀ bigoplus ⨁ bigotimes ⨂ bigsqcup ⨆ biguplus ⨄ bigvee ⋁ bigwedge ⋀ coprod ∐
    iiiint ⨌ iiint ∭ iint ∬ int ∫ oint ∮ prod ∏ sum ∑ smallint ∫
"""


MATHS_SYMBOLS: Final = pairs(_GREEK, _ATOMS, _PHRASES, _BIG_OPERATORS)
"""Macro of maths to the character that it is."""

MATHS_ATOMS: Final = frozenset(pairs(_GREEK, _ATOMS)) | {
    "backslash",
    "lbrace",
    "rbrace",
    "ldotp",
    "not",
}
"""Macros that are one symbol to TeX: they may be a script or an argument without braces."""

_NAMED_OPERATORS: Final = words(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf"
    " limsup ln log max min Pr projlim sec sin sinh sup tan tanh varinjlim varliminf varlimsup varprojlim"
)

MATHS_OPERATORS: Final = _NAMED_OPERATORS.union(pairs(_BIG_OPERATORS))
"""Macros that `\\limits` may follow."""

MATHS_PHRASES: Final = frozenset(pairs(_PHRASES)) | {"bmod", "colon", "idotsint", "mathstrut"}
"""Macros without arguments that TeX builds from several parts: a script of them needs braces."""

# ----------------------------------------------------------------------------------------------------------
# Maths: macros with arguments, spaces, fences.

MATHS_ALPHABETS: Final = words("mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathnormal")

MATHS_ARITY: Final = {
    **dict.fromkeys(MATHS_ALPHABETS, 1),
    **dict.fromkeys(
        words(
            "boldsymbol pmb operatorname hat bar tilde vec dot ddot dddot ddddot acute grave check breve"
            " mathring widehat widetilde overline underline overbrace underbrace overrightarrow overleftarrow"
            " overleftrightarrow underrightarrow underleftarrow underleftrightarrow sqrt xrightarrow"
            " xleftarrow boxed phantom hphantom vphantom mathop mathbin mathrel mathord mathopen mathclose"
            " mathpunct mathinner pmod pod mod"
        ),
        1,
    ),
    **dict.fromkeys(words("frac dfrac tfrac binom dbinom tbinom overset underset stackrel"), 2),
}
"""Macro to the number of its arguments."""

MATHS_OPTIONAL: Final = frozenset({"sqrt", "xrightarrow", "xleftarrow"})
"""Macros that may have an argument in square brackets first."""

MATHS_TEXT: Final = words("text textrm textbf textit textsf texttt textsc textup textnormal textsl mbox")
"""Macros in maths whose argument is text."""

MATHS_OPERATOR_MAKERS: Final = frozenset({"mathop", "operatorname", "underbrace", "overbrace"})
"""Macros whose argument `\\limits` may follow."""

MATHS_SCRIPTS: Final = MATHS_ALPHABETS | {"frac"} | (MATHS_TEXT - {"mbox"})
"""Macros with arguments that may be a script without braces: `x^\\mathrm{T}`."""

MATHS_SPACES: Final = words(
    "quad qquad enspace thinspace medspace thickspace negthinspace negmedspace negthickspace"
    " displaystyle textstyle scriptstyle scriptscriptstyle"
)
"""Macros that set a space or a size: a script after them stands on nothing."""

MATHS_INFIX: Final = frozenset({"over", "atop", "choose"})
"""Macros that take what stands on both their sides: one in a group."""

MATHS_DELIMITERS: Final = words(
    "langle rangle lceil rceil lfloor rfloor lgroup rgroup lmoustache rmoustache lbrace rbrace vert Vert"
    " lvert rvert lVert rVert uparrow downarrow updownarrow Uparrow Downarrow Updownarrow backslash"
    " ulcorner urcorner llcorner lrcorner arrowvert Arrowvert bracevert"
)
"""Macros that `\\left`, `\\right`, `\\middle` and `\\big` may stand before."""

MATHS_BIG: Final = frozenset(
    size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)

# ----------------------------------------------------------------------------------------------------------
# Maths: characters that are written otherwise than their macro, or that have none.

_MATHS_ALIASES: Final = {
    "⋅": "\\cdot",
    "•": "\\bullet",
    "−": "-",
    "‐": "-",
    "\u2011": "-",
    "–": "\\text{--}",
    "—": "\\text{---}",
    "∕": "/",
    "⁄": "/",
    "∶": ":",
    "≔": ":=",
    "≕": "=:",
    "∗": "*",
    "∼": "\\sim",
    "′": "'",
    "″": "''",
    "‴": "'''",
    "’": "'",
    "〈": "\\langle",
    "〉": "\\rangle",
    "µ": "\\mu",
    "ο": "o",
    "°": "^{\\circ}",
    "\u00a0": "~",
    "\u2009": "\\,",
    "\u202f": "\\,",
    "\u2002": "\\enspace",
    "\u2003": "\\quad",
    "½": "\\frac{1}{2}",
    "⅓": "\\frac{1}{3}",
    "¼": "\\frac{1}{4}",
    "¾": "\\frac{3}{4}",
    "⅔": "\\frac{2}{3}",
    "ℕ": "\\mathbb{N}",
    "ℤ": "\\mathbb{Z}",
    "ℚ": "\\mathbb{Q}",
    "ℝ": "\\mathbb{R}",
    "ℂ": "\\mathbb{C}",
    "ℙ": "\\mathbb{P}",
    "ℍ": "\\mathbb{H}",
    "ℬ": "\\mathcal{B}",
    "ℰ": "\\mathcal{E}",
    "ℱ": "\\mathcal{F}",
    "ℋ": "\\mathcal{H}",
    "ℐ": "\\mathcal{I}",
    "ℒ": "\\mathcal{L}",
    "ℳ": "\\mathcal{M}",
    "ℛ": "\\mathcal{R}",
    "ℭ": "\\mathfrak{C}",
    "ℌ": "\\mathfrak{H}",
    "ℨ": "\\mathfrak{Z}",
    "ℎ": "h",
    "€": "\\text{€}",
    "£": "\\pounds",
    "√": "\\surd",
    "¥": "\\yen",
}

_GREEK_CAPITALS: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True))

_ALPHABETS: Final = (
    (0x1D400, 52, "\\mathbf{%s}"),
    (0x1D434, 52, "%s"),
    (0x1D468, 52, "\\boldsymbol{%s}"),
    (0x1D49C, 26, "\\mathcal{%s}"),
    (0x1D4D0, 26, "\\boldsymbol{\\mathcal{%s}}"),
    (0x1D504, 52, "\\mathfrak{%s}"),
    (0x1D538, 26, "\\mathbb{%s}"),
    (0x1D56C, 52, "\\boldsymbol{\\mathfrak{%s}}"),
    (0x1D5A0, 52, "\\mathsf{%s}"),
    (0x1D5D4, 52, "\\boldsymbol{\\mathsf{%s}}"),
    (0x1D608, 52, "\\mathsf{%s}"),
    (0x1D63C, 52, "\\boldsymbol{\\mathsf{%s}}"),
    (0x1D670, 52, "\\mathtt{%s}"),
    (0x1D6A8, 58, "\\boldsymbol{%s}"),
    (0x1D6E2, 58, "%s"),
    (0x1D71C, 58, "\\boldsymbol{%s}"),
    (0x1D7CE, 10, "\\mathbf{%s}"),
    (0x1D7E2, 10, "\\mathsf{%s}"),
    (0x1D7F6, 10, "\\mathtt{%s}"),
)
"""Where an alphabet of Unicode's mathematical letters begins, how many of its letters LaTeX has, and how."""


@cache
def maths_macros() -> dict[str, str]:
    """Return what each character beyond ASCII is in maths."""
    macros: dict[str, str] = {}
    for name, character in MATHS_SYMBOLS.items():
        if not character.isascii():
            macros.setdefault(character, f"\\{name}")
    macros.update(_MATHS_ALIASES)
    for letter, latin in _GREEK_CAPITALS.items():
        macros[letter] = f"\\mathrm{{{latin}}}"
    for letter, form in _mathematical_letters():
        base = unicodedata.normalize("NFKC", letter)
        source = base if base.isascii() else macros.get(base)
        if source is not None:
            macros.setdefault(letter, form % source)
    return macros


def _mathematical_letters() -> Iterator[tuple[str, str]]:
    """Yield each of Unicode's mathematical letters and digits, with the form that it is written in."""
    for first, count, form in _ALPHABETS:
        for code in range(first, first + count):
            yield chr(code), form
