"""The use cases, each a function: the one place where files, formats, keys and the ledger are joined.

`loading` finds and reads sources; `exporting` makes the exports and keeps the ledger; `converting` makes one
file of others; `keys` finds, explains and changes keys that were issued. `papers` finds and reads the files
of papers; `citing` makes the bibliography that they cite; `rewriting` puts present keys in the place of old
ones. They know no terminal: what there is to say comes back in a report, and progress goes to an observer.

Here stand those that most commands need. Each other one is imported from its own module, so that no command
starts with what it does not use.
"""

from bibkit.pipeline.converting import ConvertOptions, ConvertReport, convert
from bibkit.pipeline.exporting import ExportOptions, ExportReport, export
from bibkit.pipeline.loading import Loaded, Progress, load, parsed

__all__ = [
    "ConvertOptions",
    "ConvertReport",
    "ExportOptions",
    "ExportReport",
    "Loaded",
    "Progress",
    "convert",
    "export",
    "load",
    "parsed",
]
