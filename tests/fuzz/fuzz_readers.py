"""Coverage-guided fuzzing of readers, by hand: `python fuzz_readers.py FORMAT [-max_total_time=1800]`.

FORMAT is a format that is read and written, but listings. Needs atheris (PyPI), which is in no extra: it
builds for few machines. What it finds becomes a case in the tests of the reader that it breaks.
"""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["bibkit.formats", "bibkit.latex", "bibkit.model"]):
    from bibkit.formats.base import BlockKind, ReadResult
    from bibkit.formats.bibtex import is_bibtex_key, read_bibtex, write_biblatex, write_bibtex
    from bibkit.formats.csljson import read_csljson, write_csljson
    from bibkit.formats.ris import read_ris, write_ris
    from bibkit.model.work import CitationKey, Entry

from bibtex_accounts import unaccounted

BIB_PIECES = (
    *(
        "@misc{k,\n",
        "@article{key,",
        "@book(b,",
        "@inproceedings{c, crossref={k},",
        "@xdata{x,",
        "@proceedings{p,",
    ),
    *('@string{s = "t"}\n', "@string{jan = {J}}\n", "@preamble{{x}}", "@comment{c}", "@comment", "@", "\n@"),
    *(
        "author = {",
        "editor = ",
        "title = {",
        "title = ",
        "year = ",
        "month = ",
        "date = {",
        "pages = {1--2},",
    ),
    *(
        "crossref = {k},",
        "xdata = {x},",
        "keywords = {",
        "eprint = {2401.00001},",
        "archivePrefix = {arXiv},",
    ),
    *(
        "howpublished = {",
        "\\url{",
        "type = {phdthesis},",
        "langid = {",
        "family=",
        "given=",
        "prefix=",
        "note = s # ",
    ),
    *(
        " and ",
        " and others",
        "others",
        "van der ",
        "Jr., ",
        ", ",
        "{\\'e}",
        "\\textbf{",
        "$x$",
        "\\method{}",
        "\\",
    ),
    *(
        "2020-05",
        "199X",
        "1723~",
        "/",
        "0476",
        "-44",
        "jan",
        "sept",
        "May 3",
        "Spring",
        "in press",
        "%",
        "% x\n",
    ),
    *(
        "}",
        "{",
        "}}",
        "},\n",
        '"',
        ",",
        "=",
        "#",
        "(",
        ")",
        "\n",
        " ",
        "}\n",
        "=",
        "s",
        "doi = {",
        "file = {",
        "ids = {",
    ),
)
PIECES = {
    "bibtex": BIB_PIECES,
    "biblatex": BIB_PIECES,
    "csljson": (
        *('{"id": "a", "type": "book", ', '"title": "', '"author": [{"family": "', '"given": "', '"}], '),
        *(
            '"issued": {"date-parts": [[',
            "2020, ",
            '"custom": {',
            '"unmapped": [["',
            '"keyword": "',
            '"note": "',
        ),
        *(
            "]]",
            "}",
            "]",
            "{",
            "[",
            '"',
            ", ",
            ": ",
            "\n",
            "<i>",
            "</i>",
            "true",
            "null",
            '"items": [',
            "others",
        ),
    ),
    "ris": (
        *(
            "TY  - ",
            "JOUR\n",
            "GEN\n",
            "CONF\n",
            "ER  - \n",
            "AU  - ",
            "DA  - ",
            "2020/05/13/",
            "PY  - ",
            "N1  - ",
        ),
        *(
            "T2  - ",
            "JO  - ",
            "J2  - ",
            "KW  - ",
            "SN  - ",
            "SP  - ",
            "EP  - ",
            "CY  - ",
            "C1  - ",
            "AN  - arXiv:",
        ),
        *("2401.00001", "\n", "\r", "\r\n", ", ", "et al.", "M3  - ", "preprint", "UR  - ", "XX  -", "AB - "),
    ),
}
READ = {"bibtex": read_bibtex, "biblatex": read_bibtex, "csljson": read_csljson, "ris": read_ris}
WRITE = {"bibtex": write_bibtex, "biblatex": write_biblatex, "csljson": write_csljson, "ris": write_ris}


def check_bib(text: str, result: ReadResult) -> None:
    """Every letter is accounted for, and every block that was rejected is said."""
    assert not unaccounted(text, result), ascii(text)
    rejected = sum(block.kind is BlockKind.REJECTED for block in result.blocks)
    assert rejected == sum(found.code == "rejected-block" for found in result.diagnostics), ascii(text)


CHECK = {"bibtex": check_bib, "biblatex": check_bib}


def copy_of(name: str, result: ReadResult) -> str:
    entries = []
    for number, record in enumerate(result.records):
        key = record.brought_key
        kept = name in CHECK and key is not None and is_bibtex_key(key)
        entries.append(Entry(CitationKey(key if kept and key else f"k{number}"), record))
    return WRITE[name](entries, result.blocks).text


def fuzz(name: str, data: bytes) -> None:
    """No text raises, and a copy of a copy is the same."""
    provider = atheris.FuzzedDataProvider(data)
    pieces = list(PIECES[name])
    text = "".join(
        provider.PickValueInList(pieces) if provider.ConsumeIntInRange(0, 4) else provider.ConsumeUnicode(6)
        for _ in range(provider.ConsumeIntInRange(1, 60))
    )
    result = READ[name](text, "in")
    if name in CHECK:
        CHECK[name](text, result)
    once = copy_of(name, result)
    assert copy_of(name, READ[name](once, "in")) == once, ascii(text)


def main() -> None:
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in READ:
        sys.exit(f"usage: fuzz_readers.py {{{','.join(READ)}}} [libFuzzer options]")
    atheris.Setup(sys.argv, lambda data: fuzz(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
