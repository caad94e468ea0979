"""The use cases, each a function: the one place where files, formats, keys and the ledger are joined.

`loading` finds and reads sources; `exporting` makes the exports and keeps the ledger; `converting` makes one
file of others. They know no terminal: what there is to say comes back in a report, and progress goes to an
observer.
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
