"""What sources hold to works: the one way for every use case that gives works their keys."""

from __future__ import annotations

from bibkit.citekeys import KeyLedger, resolve
from bibkit.citekeys.aliases import without_alias_entries
from bibkit.pipeline.loading import Loaded
from bibkit.works import Collation, collate


def collate_sources(loaded: Loaded, ledger: KeyLedger) -> Collation:
    """Return the works of sources, and what there is to say of them.

    An entry that stands for an older key of another of its file is no work: its key goes to that one. Entries
    that the ledger knows to be one work are not called possible duplicates.
    """
    records, said = without_alias_entries(loaded.records())
    known: dict[str, str] = {key: claim.key for key, claim in resolve(ledger).items()}
    collation = collate(records, loaded.keyed_files(), one_work=known)
    return Collation(collation.works, (*said, *collation.diagnostics))
