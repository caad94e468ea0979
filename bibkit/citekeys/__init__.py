"""Citation keys that never change: how they are made, the ledger of those issued, and how works get theirs.

Reading order: `scheme` (one record to a key), `claims` (the ledger as a value), `assign` (works to entries).
Pure: no file, no clock; the ledger's file is `bibkit.ledger`'s.
"""

from bibkit.citekeys.assign import Assignment, assign_keys
from bibkit.citekeys.claims import Claim, How, KeyLedger, Settled, gather, resolve, settle, unite
from bibkit.citekeys.scheme import SCHEME, KeyStyle, Origin, candidate_key, origin_of

__all__ = [
    "SCHEME",
    "Assignment",
    "Claim",
    "How",
    "KeyLedger",
    "KeyStyle",
    "Origin",
    "Settled",
    "assign_keys",
    "candidate_key",
    "gather",
    "origin_of",
    "resolve",
    "settle",
    "unite",
]
