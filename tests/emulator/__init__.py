"""A stand-in for Zotero's server: Web API version 3, on a loopback socket, as hard as the real one.

Reading order: `messages` (requests, answers, refusals), `values` (what storing does to a value), `validation`
(what is refused), `state` (libraries and their versions), `access` (keys, rights, limits, write tokens),
`api` (the routes), `faults` (trouble on order), `http` (the socket). Facts marked [run] were measured on the
real server program, those marked [src] were read in its source; what is neither is marked [guess].
"""

from emulator.access import ApiKey
from emulator.clock import FakeClock
from emulator.faults import (
    AddHeaders,
    Answer,
    Delay,
    DropAfter,
    DropBefore,
    Faults,
    Interfere,
    Truncate,
)
from emulator.http import Emulator
from emulator.messages import Exchange
from emulator.state import LibraryState

__all__ = [
    "AddHeaders",
    "Answer",
    "ApiKey",
    "Delay",
    "DropAfter",
    "DropBefore",
    "Emulator",
    "Exchange",
    "FakeClock",
    "Faults",
    "Interfere",
    "LibraryState",
    "Truncate",
]
