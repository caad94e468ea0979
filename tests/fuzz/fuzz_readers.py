"""Coverage-guided fuzzing of readers, by hand: `python fuzz_readers.py FORMAT [-max_total_time=1800]`.

FORMAT is `csljson` or `ris`. Needs atheris (PyPI), which is in no extra: it builds for few machines. What it
finds becomes a case in the tests of the reader that it breaks.
"""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["bibkit.formats.csljson", "bibkit.formats.ris", "bibkit.model"]):
    from bibkit.formats.base import ReadResult
    from bibkit.formats.csljson import read_csljson, write_csljson
    from bibkit.formats.ris import read_ris, write_ris
    from bibkit.model.work import CitationKey, Entry

PIECES = {
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
READ = {"csljson": read_csljson, "ris": read_ris}
WRITE = {"csljson": write_csljson, "ris": write_ris}


def copy_of(name: str, result: ReadResult) -> str:
    entries = [Entry(CitationKey(f"k{number}"), record) for number, record in enumerate(result.records)]
    return WRITE[name](entries, result.blocks).text


def fuzz(name: str, data: bytes) -> None:
    """No text raises, and a copy of a copy is the same."""
    provider = atheris.FuzzedDataProvider(data)
    pieces = list(PIECES[name])
    text = "".join(
        provider.PickValueInList(pieces) if provider.ConsumeIntInRange(0, 4) else provider.ConsumeUnicode(6)
        for _ in range(provider.ConsumeIntInRange(1, 60))
    )
    once = copy_of(name, READ[name](text, "in"))
    assert copy_of(name, READ[name](once, "in")) == once, text


def main() -> None:
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in READ:
        sys.exit(f"usage: fuzz_readers.py {{{','.join(READ)}}} [libFuzzer options]")
    atheris.Setup(sys.argv, lambda data: fuzz(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
