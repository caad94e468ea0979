"""RIS, the tagged format of reference managers and databases: `read_ris` and `write_ris`.

A line is `XX  - value`; an entry runs from `TY  - ` to `ER  - `. The specification is Research Information
Systems' (https://web.archive.org/web/20120526103719/http://refman.com/support/risformat_intro.asp); what it
leaves open is settled by what Zotero, EndNote and bibutils write and read.

Written in UTF-8 with no byte order mark, CRLF, one line a value however long, and an empty line after an
entry. RIS has no escapes: a line break in a value becomes a space, a comma or asterisk in a name goes.

*Not represented*, and reported: affiliations, score and code of a paper listing; aliases of a citation key;
contributors; a genre of preprints, proceedings and manuals (whose `M3` says the type); an ISSN beside an
ISBN or a report's number; of a range of dates or an approximate one all but the first date; fields of other
formats with no tag; blocks of other formats. A truncated list of authors is said in a note, `N1`: a name
`others` would be a person to every reference manager, and so is a body of that name left out.

A record's raw sources are the values of `TY`, `DA`, `Y2` and `AN` that bibkit would write in other words.
"""

from bibkit.formats.ris.reader import read_ris
from bibkit.formats.ris.writer import write_ris

__all__ = ["read_ris", "write_ris"]
