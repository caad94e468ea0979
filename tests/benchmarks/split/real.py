"""Front matter of real papers, printed as pages: `draw_real_pages` from `.bib` entries that packages ship.

Entries are looked for in folders, in archives (wheels, source distributions) and in whatever text holds
them (`.bib` files, docstrings). A small reader of its own takes title and authors; an entry in which it
finds markup that it does not know is left out, so that the truth is what a page would print. Nothing of it
is kept in this project. The published figures stand on these packages, and on what TeX Live ships:

    pip download --no-deps -d papers mteb tensorflow-datasets ir_datasets lm_eval
    pip download --no-deps --no-binary :all: -d papers nilearn scanpy scvi-tools squidpy imbalanced-learn \\
        esda spreg StrawberryFields
    python tests/benchmarks/split_accuracy.py --papers papers
    python tests/benchmarks/split_accuracy.py --papers /usr/share/texlive/texmf-dist/bibtex/bib
"""

from __future__ import annotations

import gzip
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .pages import PAGE, PRINTED, Case, Page

FULL: Final = "full names"
INITIALS: Final = "initials"

_SUFFIXES: Final = (".bib", ".bib.gz", ".py", ".md")
_NO_ABSTRACT: Final = "The text of this abstract was not part of the package."
_ENTRY: Final = re.compile(
    r"@(?:article|inproceedings|conference|misc|techreport|phdthesis|mastersthesis|unpublished|online|report"
    r"|thesis)\s*\{\s*[^\s,{}\"]*\s*,",
    re.IGNORECASE,
)
_FIELD: Final = re.compile(r"\s*,?\s*([A-Za-z_-]+)\s*=\s*")
_MARKS: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
_ACCENT: Final = re.compile(r"\\(?:(['`^\"~=.])\s*|([uvHcdrk])(?:\s+|(?=\{)))\{?\\?([A-Za-z])\}?")
_LETTERS: Final = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "i": "ı",
    "j": "ȷ", "oe": "œ", "OE": "Œ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
}  # fmt: skip
_LETTER: Final = re.compile(
    r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])\s*(?:\{\})?"
)
_ESCAPED: Final = re.compile(r"\\([&%#_$])")
_UNCLEAN: Final = re.compile(r"[\\{}~$^_@<>\x00-\x1f|=]|--|``|''|\bet al\b|https?:")
_UNCLEAN_NAME: Final = re.compile(r"[\\{}~$^_@<>*,;:/()\[\]0-9\x00-\x1f|&?!\"]|--|\b(?:and|AND|und|et)\b")
_NOBODY: Final = frozenset({"Others", "Anonymous", "Anon.", "Unknown", "Collectif"})
_INITIAL: Final = re.compile(r"(?:[^\W\d_]\.[ -]?)+|[A-Z]{1,2}")
_PARTICLE: Final = re.compile(r"[a-zà-ÿ][a-zà-ÿ']*")


def draw_real_pages(paths: Sequence[Path], initials: str = FULL) -> Iterator[Page]:
    """Yield pages of 25 of the distinct papers below paths, in the order of the files.

    `FULL` gives the papers whose printed authors have a given name in full, `INITIALS` the others.
    """
    cases = [case for case in _cases(paths) if (case.form == INITIALS) == (initials == INITIALS)]
    for number, start in enumerate(range(0, len(cases), PAGE)):
        yield Page(f"{initials.replace(' ', '-')}-{number:04}", tuple(cases[start : start + PAGE]))


def _cases(paths: Sequence[Path]) -> Iterator[Case]:
    """Yield each paper once."""
    seen: set[str] = set()
    for text in _texts(paths):
        for fields in _entries(text):
            case = _case(fields)
            if case is not None:
                key = "".join(letter for letter in case.title.casefold() if letter.isalnum())
                if key not in seen:
                    seen.add(key)
                    yield case


def _texts(paths: Sequence[Path]) -> Iterator[str]:
    """Yield the texts below paths that may hold entries."""
    for path in paths:
        files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        for file in files:
            for name, data in _members(file):
                if name.endswith(_SUFFIXES):
                    yield _decoded(gzip.decompress(data) if name.endswith(".gz") else data)


def _members(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files in an archive, or the file itself."""
    if file.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(file) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(_SUFFIXES):
                    yield name, archive.read(name)
    elif file.name.endswith((".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")):
        with tarfile.open(file) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name.endswith(_SUFFIXES) else None
                if content is not None:
                    yield member.name, content.read()
    elif file.name.endswith(_SUFFIXES):
        yield file.name, file.read_bytes()


def _decoded(data: bytes) -> str:
    """Return the text of a file; one of another encoding holds nothing that could be trusted."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Yield the fields of the entries of a text, as they stand there."""
    for match in _ENTRY.finditer(text):
        fields: dict[str, str] = {}
        place = match.end()
        while field := _FIELD.match(text, place):
            value, place = _value(text, field.end())
            if value is None:
                break
            fields.setdefault(field[1].lower(), value)
        yield fields


def _value(text: str, place: int) -> tuple[str | None, int]:
    """Return a value in braces or quotes, or a bare word, and the place after it; None if it never ends."""
    opener = text[place : place + 1]
    if opener not in {"{", '"'}:
        bare = re.compile(r"[^\s,{}\"#]+").match(text, place)
        return (bare[0], bare.end()) if bare else (None, place)
    depth = 0
    for end in range(place + 1, min(len(text), place + 20_000)):
        match text[end]:
            case "{":
                depth += 1
            case "}" if depth:
                depth -= 1
            case "}" if opener == "{":
                return text[place + 1 : end], end + 1
            case '"' if opener == '"' and not depth:
                return text[place + 1 : end], end + 1
            case _:
                pass
    return None, place


def _case(fields: dict[str, str]) -> Case | None:
    """Return an entry as a page would print it, or None where its title or a name is not clean."""
    title = _title(fields.get("title", ""))
    listed = re.split(r"\s+and\s+", fields.get("author", "").strip())
    names = [_name(name) for name in listed if name != "others"]
    if title is None or not names or len(names) > 400 or any(name is None for name in names):
        return None
    printed = tuple(name for name in names[:PRINTED] if name is not None)
    if len(set(printed)) < len(printed):
        return None
    abstract = " ".join(_unmarked(fields.get("abstract", "")).split())
    return Case(
        header="LGJan 5, 2024",
        title=title,
        authors=printed,
        truncated=len(names) > PRINTED or (len(names) == PRINTED and listed[-1] == "others"),
        affiliations=(),
        abstract=_NO_ABSTRACT if len(abstract) < 80 or _UNCLEAN.search(abstract) else abstract,
        ending=_shape(title),
        form=INITIALS if any(_is_initials(name) for name in printed) else _form(printed[0]),
    )


def _title(source: str) -> str | None:
    """Return a title as text, or None where it is not clean."""
    title = " ".join(_unmarked(source).split())
    if len(title) < 12 or " " not in title or _UNCLEAN.search(title) or title.endswith((",", ";", ":")):
        return None
    return title


def _name(source: str) -> str | None:
    """Return a name, given names first, or None where it is not clean."""
    if source.startswith("{") and source.endswith("}"):
        name = _unmarked(source)
    else:
        match [part.strip() for part in _unmarked(source).split(",")]:
            case [name]:
                pass
            case [family, given]:
                name = f"{given} {family}".strip()
            case [family, suffix, given]:
                name = f"{given} {family} {suffix}"
            case _:
                return None
    name = " ".join(name.split())
    if len(name) < 2 or len(name) > 60 or _UNCLEAN_NAME.search(name) or name.islower() or name in _NOBODY:
        return None
    return re.sub(r"\b([^\W\d_])\.(?=[^\W\d_])", r"\1. ", name)


def _unmarked(source: str) -> str:
    """Read the accents, the letters and the braces of LaTeX; other markup stays, and is seen."""
    if "\\" in source:
        source = _ACCENT.sub(lambda match: match[3] + _MARKS[match[1] or match[2]], source)
        source = _LETTER.sub(lambda match: _LETTERS[match[1]], source)
        source = _ESCAPED.sub(r"\1", source)
    return unicodedata.normalize("NFC", source.replace("{", "").replace("}", "").replace("~", " "))


def _is_initials(name: str) -> bool:
    """Return whether a name of several words has no given name in full."""
    words = name.split()
    given = [word for word in words[:-1] if not _PARTICLE.fullmatch(word)]
    return bool(given) and all(_INITIAL.fullmatch(word) for word in given)


def _form(name: str) -> str:
    """Return how a name begins."""
    word = name.split(maxsplit=1)[0]
    if " " not in name:
        return "one word"
    if _INITIAL.fullmatch(word):
        return "initial and given name"
    if re.fullmatch(r"[A-Z][a-z]+(?:-[A-Za-z]?[a-z]+)*", word):
        return "plain"
    return "other"


def _shape(title: str) -> str:
    """Return how a title ends."""
    word = title.rsplit(maxsplit=1)[-1]
    if not word[-1].isalnum():
        return "bracket" if word[-1] in ")]" else "punctuation"
    if word[-1].isdigit():
        return "digit"
    if word.islower():
        return "small letters"
    if word.istitle():
        return "title case"
    return "capitals or mixed"
