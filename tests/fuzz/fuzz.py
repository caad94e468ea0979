"""Coverage-guided fuzzing, by hand: `python tests/fuzz/fuzz.py TARGET [-max_total_time=1800 ...]`.

TARGET is `listing` or the name of a format that is written. Needs atheris (PyPI), which is in no extra: it
builds for few machines. What it finds becomes a case in the tests of the piece that it breaks.
"""

import json
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["bibkit"]):
    from bibkit.formats import FORMATS
    from bibkit.formats.base import Rendered
    from bibkit.formats.listing import read_listing
    from bibkit.model.dates import PartialDate
    from bibkit.model.names import Body, Person
    from bibkit.model.record import ItemType, Record
    from bibkit.model.work import CitationKey, Entry

import bibtex_grammar

TYPES = tuple(ItemType)
NOISE = ("LGSep 23, 2024\n", "78.4AIMay 24Code\n", " et al.", " · ", ", ", "\\textbf{", "$x$", "h-index44\n")


def fuzz_listing(data: bytes) -> None:
    """No text raises, and none of its lines with a letter or digit is left without an account."""
    provider = atheris.FuzzedDataProvider(data)
    text = "".join(
        provider.PickValueInList(list(NOISE)) if provider.ConsumeBool() else provider.ConsumeUnicode(40)
        for _ in range(provider.ConsumeIntInRange(1, 40))
    )
    result = read_listing(text, "page.txt", PartialDate(2026) if provider.ConsumeBool() else None)
    if text.strip():
        assert result.records or result.blocks or result.diagnostics


def drawn_entry(provider: atheris.FuzzedDataProvider) -> Entry:
    def text() -> str:
        return provider.ConsumeUnicode(provider.ConsumeIntInRange(1, 60)) or "x"

    creators = [
        Body(text()) if provider.ConsumeBool() else Person(text(), text() if provider.ConsumeBool() else None)
        for _ in range(provider.ConsumeIntInRange(0, 3))
    ]
    record = Record(
        type=provider.PickValueInList(list(TYPES)),
        title=text(),
        creators=tuple(creators),
        creators_truncated=provider.ConsumeBool(),
        issued=PartialDate(provider.ConsumeIntInRange(1, 9999)) if provider.ConsumeBool() else None,
        abstract=text(),
        keywords=(text(),),
        url=text(),
        doi=text(),
        pages=text(),
        note=text(),
    )
    return Entry(CitationKey("key2024word"), record)


def check_bibtex(rendered: Rendered) -> None:
    entries = bibtex_grammar.scan(rendered.text)
    assert [entry.key for entry in entries] == ["key2024word"]


def check_csljson(rendered: Rendered) -> None:
    assert [item["id"] for item in json.loads(rendered.text)] == ["key2024word"]


def check_ris(rendered: Rendered) -> None:
    lines = rendered.text.split("\r\n")
    assert [line[:6] for line in lines if line.startswith(("TY", "ER"))] == ["TY  - ", "ER  - "]
    assert all(not line or line[2:6] == "  - " for line in lines)


CHECKS = {"bibtex": check_bibtex, "biblatex": check_bibtex, "csljson": check_csljson, "ris": check_ris}


def fuzz_writer(name: str, data: bytes) -> None:
    """No record raises, and no value of one breaks out of its field."""
    writer = FORMATS[name].writer
    rendered = writer([drawn_entry(atheris.FuzzedDataProvider(data))])
    rendered.text.encode("utf-8")
    CHECKS[name](rendered)


def main() -> None:
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name == "listing":
        target = fuzz_listing
    elif name in CHECKS:
        target = lambda data: fuzz_writer(name, data)  # noqa: E731 - atheris takes one function
    else:
        sys.exit(f"TARGET is one of listing, {', '.join(CHECKS)}")
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
