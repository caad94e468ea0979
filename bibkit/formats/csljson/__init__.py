"""CSL-JSON, the input format of citation processors: `read_csljson` and `write_csljson`.

The specification is CSL 1.0.2's (https://docs.citationstyles.org/en/stable/specification.html) with its
schema of items (https://github.com/citation-style-language/schema, `csl-data.json`). A file is one array of
items in UTF-8; `id` and `citation-key` are both the citation key.

*Not represented* by a variable of CSL's own, and therefore carried in `custom`, the member that the schema
leaves to programs:

* `creators_truncated`: CSL has no "et al."; the list of names also ends in `{"literal": "others"}`;
* `score`, `code`, `date`, `uncertain`: what a paper listing prints (`date` only where it gives no year);
* `affiliations`, `aliases`, `arxiv_class`, and `arxiv_id` where `number` cannot hold it;
* `type` for proceedings and manuals, which CSL calls books;
* `categories` and `keywords` where the one string `keyword` does not tell them apart;
* `issued`, `accessed`: in EDTF, the dates of which a CSL date says less (one end open, in doubt);
* `unmapped`: fields of another format that CSL has no variable for.

Blocks (comments, preambles, rejected text) have no place in JSON, and a lone surrogate none in UTF-8. Text
that a citation processor would take for markup, or for a setting of another variable, is kept apart with a
word joiner (`markup.py`): CSL has no escape.

A record's raw sources are the JSON values of the variables that bibkit would write in other words: markup,
kinds of particles, forms of dates.
"""

from bibkit.formats.csljson.reader import read_csljson
from bibkit.formats.csljson.writer import write_csljson

__all__ = ["read_csljson", "write_csljson"]
