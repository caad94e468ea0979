"""The use cases, each a function: the one place where files, formats, keys and the ledger are joined.

`loading` finds and reads sources; `exporting` makes the exports and keeps the ledger; `converting` makes one
file of others; `keys` finds, explains and changes keys that were issued. `papers` finds and reads the files
of papers; `citing` makes the bibliography that they cite; `rewriting` puts present keys in the place of old
ones. They know no terminal: what there is to say comes back in a report, and progress goes to an observer.
"""

from bibkit.pipeline.citing import CitedOptions, CitedReport, cited
from bibkit.pipeline.converting import ConvertOptions, ConvertReport, convert
from bibkit.pipeline.exporting import ExportOptions, ExportReport, export
from bibkit.pipeline.keys import (
    ChangeReport,
    CheckReport,
    KeyRing,
    check_keys,
    explain,
    look_at_keys,
    merge_keys,
    pin_key,
    rename_key,
)
from bibkit.pipeline.loading import Loaded, Progress, load, parsed
from bibkit.pipeline.rewriting import FilePlan, RewritePlan, apply_rewriting, plan_rewriting

__all__ = [
    "ChangeReport",
    "CheckReport",
    "CitedOptions",
    "CitedReport",
    "ConvertOptions",
    "ConvertReport",
    "ExportOptions",
    "ExportReport",
    "FilePlan",
    "KeyRing",
    "Loaded",
    "Progress",
    "RewritePlan",
    "apply_rewriting",
    "check_keys",
    "cited",
    "convert",
    "explain",
    "export",
    "load",
    "look_at_keys",
    "merge_keys",
    "parsed",
    "pin_key",
    "plan_rewriting",
    "rename_key",
]
