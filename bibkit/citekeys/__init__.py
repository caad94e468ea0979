"""Citation keys that never change: how they are made, the ledger of those issued, and how works get theirs.

Reading order: `scheme` (one record to a key), `claims` (the ledger as a value), `assign` (works to entries),
`renaming` (what a person does to keys), `keeping` (the keys of one file alone), `readback` (what exports say
of keys), `nearest` (what a wrong key may mean).
Pure: no file, no clock; the ledger's file is `bibkit.ledger`'s.
"""

from bibkit.citekeys.assign import Assignment, assign_keys
from bibkit.citekeys.claims import Claim, How, KeyLedger, Part, Settled, gather, resolve, settle, unite
from bibkit.citekeys.keeping import Kept, keep_keys, leave_keys, make_keys
from bibkit.citekeys.nearest import nearest_keys
from bibkit.citekeys.readback import Pinned, rebuild_ledger, take_pins
from bibkit.citekeys.renaming import Act, Change, find_claim, merge_keys, pin_key, rename_key
from bibkit.citekeys.scheme import SCHEME, KeyStyle, Origin, candidate_key, origin_of

__all__ = [
    "SCHEME",
    "Act",
    "Assignment",
    "Change",
    "Claim",
    "How",
    "Kept",
    "KeyLedger",
    "KeyStyle",
    "Origin",
    "Part",
    "Pinned",
    "Settled",
    "assign_keys",
    "candidate_key",
    "find_claim",
    "gather",
    "keep_keys",
    "leave_keys",
    "make_keys",
    "merge_keys",
    "nearest_keys",
    "origin_of",
    "pin_key",
    "rebuild_ledger",
    "rename_key",
    "resolve",
    "settle",
    "take_pins",
    "unite",
]
