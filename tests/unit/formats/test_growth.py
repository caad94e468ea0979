"""Reading CSL-JSON and RIS takes time in proportion to the text, however it is shaped."""

import pytest
from timing import FACTOR, assert_linear

from bibkit.formats.csljson import read_csljson
from bibkit.formats.ris import read_ris

LENGTH = 2_000

RIS = {
    "one value": lambda n: "TY  - JOUR\nAB  - " + "word " * n * 20 + "\nER  - \n",
    "lines that go on": lambda n: "TY  - JOUR\nAB  - x\n" + "more\n" * n + "ER  - \n",
    "keywords that go on": lambda n: "TY  - JOUR\nKW  - x\n" + "more\n" * n + "ER  - \n",
    "commas in a name": lambda n: "TY  - JOUR\nAU  - a" + ", a" * n + "\nER  - \n",
    "blanks in a name": lambda n: "TY  - JOUR\nAU  - a" + "  " * n + "et al" + "  " * n + "x\nER  - \n",
    "et al. again and again": lambda n: "TY  - JOUR\nAU  - x" + " et al." * n + "\nER  - \n",
    "authors": lambda n: "TY  - JOUR\n" + "AU  - Doe, Jane\n" * n + "ER  - \n",
    "titles": lambda n: "TY  - JOUR\n" + "TI  - A\nT2  - B\nJO  - C\n" * n + "ER  - \n",
    "pages": lambda n: "TY  - JOUR\n" + "SP  - 1\nEP  - 2\n" * n + "ER  - \n",
    "unknown tags": lambda n: "TY  - JOUR\n" + "XX  - 1\n" * n + "ER  - \n",
    "entries that do not end": lambda n: "TY  - JOUR\n" * n,
    "entries before one end": lambda n: "TY  - JOUR\n" * n + "ER  - \n",
    "ends of nothing": lambda n: "ER  - \n" * n,
    "an end with text": lambda n: "TY  - JOUR\nER  - x\n" * n,
    "lines outside": lambda n: "words\n" * n,
    "blank lines": lambda n: "\n \n" * n + "TY  - JOUR\nER  - \n",
    "line breaks of old": lambda n: "TY  - JOUR\rTI  - x\rER  - \r" * n,
    "controls": lambda n: "TY  - JOUR\nTI  - " + "\x01\u2028" * n + "\nER  - \n",
    "hyphens in pages": lambda n: "TY  - JOUR\nSP  - 1" + "-" * n + "2\nER  - \n",
}
JSON = {
    "one value": lambda n: '[{"id": "a", "type": "book", "title": "' + "word " * n * 20 + '"}]',
    "brackets": lambda n: "[" * n,
    "brackets in an item": lambda n: '[{"id": "a", "x": ' + "[" * n + "]" * n + "}]",
    "braces": lambda n: '{"a": ' * n,
    "broken items": lambda n: '[{"id": "a" "b"},\n' * n,
    "items on one line that are broken": lambda n: "[" + '{"id": nope},' * n + "]",
    "names": lambda n: '[{"author": [' + ", ".join(['{"family": "Doe", "given": "J"}'] * n) + "]}]",
    "bodies": lambda n: '[{"author": [' + ", ".join(['{"literal": "Doe"}'] * n) + "]}]",
    "keywords": lambda n: '[{"keyword": "' + "a, " * n + '"}]',
    "unmapped members": lambda n: "[{" + ", ".join(f'"x{one}": 1' for one in range(n)) + "}]",
    "a name again and again": lambda n: "[{" + ", ".join(['"x": 1'] * n) + "}]",
    "tags": lambda n: '[{"title": "' + "<i>" * n + "</b>" * n + '"}]',
    "tags in pairs": lambda n: '[{"title": "' + "<i>a<sup>2</sup></i>" * n + '"}]',
    "a note of assignments": lambda n: '[{"note": "' + "DOI: 1\\\\n" * n + '"}]',
    "dashes": lambda n: '[{"page": "' + "--" * n + '"}]',
    "stray text": lambda n: "x, " * n,
    "objects in a row": lambda n: '{"id": 1, "type": "book"}\n' * n,
    "our own lists": lambda n: '[{"custom": {"unmapped": [' + ", ".join(['["a", "b"]'] * n) + "]}}]",
}


@pytest.mark.parametrize(
    ("read", "make"),
    [pytest.param(read_ris, make, id=f"RIS: {name}") for name, make in RIS.items()]
    + [pytest.param(read_csljson, make, id=f"CSL-JSON: {name}") for name, make in JSON.items()],
)
def test_time_grows_as_the_text_does(read, make):
    small, large = make(LENGTH), make(FACTOR * LENGTH)
    assert_linear(lambda: read(small, "in"), lambda: read(large, "in"))
