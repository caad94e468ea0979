"""Citation keys that never change: how they are made, the ledger of those issued, and how works get theirs.

Reading order: `scheme` (one record to a key), `claims` (the ledger as a value), `assign` (works to entries),
`keeping` (the keys of one file alone), `readback` (what exports say of keys), `nearest` (what a wrong key may
mean).
Pure: no file, no clock; the ledger's file is `bibkit.ledger`'s.
"""

from bibkit.citekeys.assign import Assignment, assign_keys
from bibkit.citekeys.claims import Claim, How, KeyLedger, Settled, gather, resolve, settle, unite
from bibkit.citekeys.keeping import Kept, keep_keys, leave_keys, make_keys
from bibkit.citekeys.nearest import nearest_keys
from bibkit.citekeys.readback import Pinned, rebuild_ledger, take_pins
from bibkit.citekeys.scheme import SCHEME, KeyStyle, Origin, candidate_key, origin_of

__all__ = [
    "SCHEME",
    "Assignment",
    "Claim",
    "How",
    "Kept",
    "KeyLedger",
    "KeyStyle",
    "Origin",
    "Pinned",
    "Settled",
    "assign_keys",
    "candidate_key",
    "gather",
    "keep_keys",
    "leave_keys",
    "make_keys",
    "nearest_keys",
    "origin_of",
    "rebuild_ledger",
    "resolve",
    "settle",
    "take_pins",
    "unite",
]
