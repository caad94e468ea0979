"""Real-looking files, and what they come to in CSL-JSON and RIS, with everything that is said of them.

`pytest --accept` rewrites what is expected; the difference is to be read.
"""

from pathlib import Path

import pytest

from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.formats.ris import read_ris, write_ris
from bibkit.model.work import Entry

FOLDER = Path(__file__).parent / "formats"
READ = {".json": read_csljson, ".ris": read_ris}
WRITE = {".json": write_csljson, ".ris": write_ris}


@pytest.mark.parametrize("case", sorted(path.name for path in FOLDER.iterdir()))
def test_files_come_to_what_is_expected(case, accept):
    (source,) = (FOLDER / case).glob("input.*")
    result = READ[source.suffix](source.read_bytes().decode(), source.name)
    keyed = [
        Entry(record.brought_key or f"k{number}", record) for number, record in enumerate(result.records)
    ]
    said = [*map(str, result.diagnostics)]
    texts = {}
    for suffix, write in WRITE.items():
        rendered = write(keyed, result.blocks)
        texts[f"expected{suffix}"] = rendered.text
        said += map(str, rendered.diagnostics)
    texts["said.txt"] = "".join(f"{line}\n" for line in said)
    for name, text in texts.items():
        if accept:
            (FOLDER / case / name).write_bytes(text.encode())
        assert (FOLDER / case / name).read_bytes().decode() == text


@pytest.mark.parametrize("case", sorted(path.name for path in FOLDER.iterdir()))
@pytest.mark.parametrize("suffix", sorted(READ))
def test_a_copy_of_what_is_expected_is_the_same(case, suffix):
    text = (FOLDER / case / f"expected{suffix}").read_bytes().decode()
    result = READ[suffix](text, "copy")
    keyed = [Entry(record.brought_key, record) for record in result.records]
    assert WRITE[suffix](keyed, result.blocks).text == text
