r"""Random `.tex` files whose citations are known: each is built, and so each key has a known place.

`documents()` gives `Document`s: a text, the lists of keys that it cites with the place of each key, and keys
that stand only where TeX reads nothing (`dead...`).
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st

PLAIN_COMMANDS = ("cite", "citep", "Citet", "nocite", "parencite", "footfullcite", "citeauthor", "mcite")
MANY_COMMANDS = ("cites", "textcites", "Autocites")
KEYS = (*(f"key{number}" for number in range(12)), "Müller:2020", "a/b.c-d_e", "10.1000+x")


@dataclass(frozen=True)
class Listed:
    """One list of keys: each with its offset in the text, and whether the command has an option."""

    command: str
    keys: tuple[tuple[int, str], ...]
    noted: bool = False


@dataclass
class Built:
    """A stretch of a document while it is built: text, and lists with offsets from its beginning."""

    text: str = ""
    lists: list[Listed] = field(default_factory=list)

    def add(self, other: "Built | str") -> "Built":
        """Put a stretch behind this one."""
        if isinstance(other, str):
            other = Built(other)
        shift = len(self.text)
        self.text += other.text
        self.lists.extend(
            Listed(one.command, tuple((at + shift, key) for at, key in one.keys), one.noted)
            for one in other.lists
        )
        return self


@dataclass(frozen=True)
class Document:
    """A whole file."""

    text: str
    lists: tuple[Listed, ...]


keys = st.sampled_from(KEYS)
_words = st.text(st.sampled_from("abc xyz.,;:()<>=|!~&$^_äß"), max_size=12)
_dead_text = st.sampled_from(
    (r"\cite{dead}", r"see \citep[x]{dead1,dead2}", r"\cites{dead}{dead3}", r"{ \cite{dead4}", "", "}")
)
# Blanks, and comments with whatever in them: never a blank line.
_gaps = st.sampled_from(("", "", "", " ", "\n", "  \n\t", "% \\cite{dead}\n", " % } dead,\n   ", "%\n% x\n"))
# What TeX skips between a command and its arguments, too.
_options = st.sampled_from(("", "", "[p.~3]", "[see][]", "[{[}x{]}, \\emph{y}]", "[a]%\n [b]"))


@st.composite
def _key_lists(draw: st.DrawFn, command: str) -> Built:
    """A group with keys."""
    found = draw(st.lists(keys, min_size=1, max_size=5))
    built = Built("{")
    places = []
    for number, key in enumerate(found):
        if number:
            built.add(",")
        built.add(draw(_gaps))
        places.append((len(built.text), key))
        built.add(key)
        # Blanks behind a key are no part of it; a comment there is none either.
        built.add(draw(_gaps))
    built.add("}")
    built.lists.append(Listed(command, tuple(places)))
    return built


@st.composite
def citations(draw: st.DrawFn) -> Built:
    """A command that cites, with options and one list, or several."""
    many = draw(st.booleans())
    command = draw(st.sampled_from(MANY_COMMANDS if many else PLAIN_COMMANDS))
    built = Built("\\" + command)
    built.add(draw(st.sampled_from(("", "*", " ", "\n", "%c\n"))))
    if many:
        built.add(draw(st.sampled_from(("", "(pre)", "(pre)(post)"))))
    for _ in range(draw(st.integers(1, 3)) if many else 1):
        options = draw(_options)
        built.add(options).add(draw(st.sampled_from(("", " "))))
        built.add(draw(_key_lists(command)))
        last = built.lists[-1]
        built.lists[-1] = Listed(command, last.keys, bool(options))
    # What follows must not look like a further argument.
    return built.add(draw(st.sampled_from((".", "\\relax", "\n\n", " x"))))


@st.composite
def _dead(draw: st.DrawFn) -> Built:
    """Text that TeX does not read as LaTeX, with citations in it."""
    inner = draw(_dead_text)
    kind = draw(
        st.sampled_from(
            (
                "% {}\n",
                "\\begin{{verbatim}}\n{}\n\\end{{verbatim}}",
                "\\begin{{lstlisting}}[caption=x]\n{}\n\\end{{lstlisting}}",
                "\\begin{{comment}}\n{}\n\\end{{comment}}",
                "\\begin{{minted}}{{tex}}\n{}%\n\\end{{minted}}",
                "\\begin{{filecontents*}}{{x.tex}}\n{}\n\\end{{filecontents*}}",
                "\\verb|{}|",
                "\\verb*+{}+",
                "\\lstinline[language=TeX]!{}!",
                "\\iffalse {} \\ifx\\a\\b \\else\\fi % \\fi\n \\fi",
                "\\begin{{comment}}% \\cite{{dead}}\n\\end{{comment}}",
            )
        )
    )
    return Built(kind.format(inner))


@st.composite
def _escapes(draw: st.DrawFn) -> Built:
    """Characters that are escaped, and commands that cite nothing."""
    return Built(
        draw(
            st.sampled_from(
                (r"50\% ", r"\{", r"\}", r"\\", r"\\[2pt]", r"\[x\]", r"\citestyle{plain}", r"\cite{#1}",
                 r"\let\oldcite\cite ", r"\string\cite{dead}", r"\url{http://x/%7Edead\cite}",
                 r"\renewcommand\cite[1]{x}", r"\label{key1}", r"\ref{key2}")
            )
        )
    )  # fmt: skip


@st.composite
def _pieces(draw: st.DrawFn, depth: int = 2) -> Built:
    kind = draw(st.integers(0, 9))
    if kind <= 3:
        return draw(citations())
    if kind <= 5:
        return draw(_dead()).add(" ")
    if kind <= 6:
        return draw(_escapes()).add(" ")
    if kind <= 7 or depth == 0:
        return Built(draw(_words))
    built = Built(draw(st.sampled_from(("{", "\\footnote{", "\\emph{"))))
    for piece in draw(st.lists(_pieces(depth - 1), max_size=3)):
        built.add(piece)
    return built.add("}")


@st.composite
def paragraphs(draw: st.DrawFn) -> Document:
    """Text for the body of a document that LaTeX compiles with biblatex, `listings` and `verbatim`."""
    plain = st.sampled_from(("text ", r"50\% ", r"\emph{x} ")).map(Built)
    pieces = st.one_of(citations(), citations(), _dead(), plain)
    built = Built("x ")
    for piece in draw(st.lists(pieces, min_size=2, max_size=6)):
        built.add(piece).add("\n")
    return Document(built.text, tuple(built.lists))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A file; its lines end in LF or in CRLF."""
    built = Built()
    if draw(st.booleans()):
        built.add("\\documentclass{article}\n\\begin{document}\n")
    for piece in draw(st.lists(_pieces(), max_size=8)):
        built.add(piece).add(draw(st.sampled_from(("", " ", "\n", "\n\n"))))
    if draw(st.booleans()):
        built.add("\\end{document}\n\\cite{dead}\n")
    if draw(st.booleans()):
        return Document(built.text, tuple(built.lists))
    return Document(
        built.text.replace("\n", "\r\n"),
        tuple(
            Listed(
                one.command,
                tuple((at + built.text.count("\n", 0, at), key) for at, key in one.keys),
                one.noted,
            )
            for one in built.lists
        ),
    )
