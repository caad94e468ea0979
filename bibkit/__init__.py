"""bibkit: paper listings to BibTeX, CSL-JSON and RIS, with citation keys that never change.

The public API is re-exported here, each name loaded when it is first used, so that starting the command
line costs no import that the command does not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bibkit.citekeys import KeyLedger, assign_keys
    from bibkit.config import Settings, load_settings
    from bibkit.diagnostics import Diagnostic, Severity, Source
    from bibkit.errors import BibkitError
    from bibkit.formats import FORMATS
    from bibkit.ledger import load_ledger, save_ledger
    from bibkit.model.dates import PartialDate
    from bibkit.model.names import Body, Creator, Person, Role
    from bibkit.model.record import ItemType, ListingFacts, Record
    from bibkit.model.work import CitationKey, Entry, Work
    from bibkit.pipeline import (
        ConvertOptions,
        ConvertReport,
        ExportOptions,
        ExportReport,
        convert,
        export,
        load,
    )
    from bibkit.works import collate

__version__ = "0.1.0"

_HOME: Final = {
    "FORMATS": "formats",
    "BibkitError": "errors",
    "Body": "model.names",
    "CitationKey": "model.work",
    "ConvertOptions": "pipeline",
    "ConvertReport": "pipeline",
    "Creator": "model.names",
    "Diagnostic": "diagnostics",
    "Entry": "model.work",
    "ExportOptions": "pipeline",
    "ExportReport": "pipeline",
    "ItemType": "model.record",
    "KeyLedger": "citekeys",
    "ListingFacts": "model.record",
    "PartialDate": "model.dates",
    "Person": "model.names",
    "Record": "model.record",
    "Role": "model.names",
    "Settings": "config",
    "Severity": "diagnostics",
    "Source": "diagnostics",
    "Work": "model.work",
    "assign_keys": "citekeys",
    "collate": "works",
    "convert": "pipeline",
    "export": "pipeline",
    "load": "pipeline",
    "load_ledger": "ledger",
    "load_settings": "config",
    "save_ledger": "ledger",
}

__all__ = [
    "FORMATS",
    "BibkitError",
    "Body",
    "CitationKey",
    "ConvertOptions",
    "ConvertReport",
    "Creator",
    "Diagnostic",
    "Entry",
    "ExportOptions",
    "ExportReport",
    "ItemType",
    "KeyLedger",
    "ListingFacts",
    "PartialDate",
    "Person",
    "Record",
    "Role",
    "Settings",
    "Severity",
    "Source",
    "Work",
    "assign_keys",
    "collate",
    "convert",
    "export",
    "load",
    "load_ledger",
    "load_settings",
    "save_ledger",
]


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    if name not in _HOME:
        raise AttributeError(f"module 'bibkit' has no attribute {name!r}")
    return getattr(import_module(f"bibkit.{_HOME[name]}"), name)
