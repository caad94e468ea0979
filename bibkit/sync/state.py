"""`SyncState`: what sync remembers of one library between runs; a pure value.

It says of each work which item stands for it and what bibkit last wanted there. It never says what the
library held: see `bibkit.sync.merge`. Losing it costs knowledge of what the user removed, never a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bibkit.sync.library import NEW, CollectionKey, ItemKey, LibraryId, LibraryVersion
from bibkit.sync.values import ItemValues


@dataclass(frozen=True, slots=True)
class Known:
    """The item of a work, and what bibkit last wanted it to say; `base` None: nothing was written yet."""

    item: ItemKey
    base: ItemValues | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """What is known of a library: `works` by the origins of their claims, which never change.

    `serial` grows with every change, so that a plan tells which state it was made from. `collection` is the
    one that items are put into, and `target` how the configuration names it. `settled` tells what was wanted
    when nothing was left to write, and `version` is the library's at that moment; "" says that there was
    none. `gone` are the works that the last whole run did not want any more, `synced_at` is when it ended.
    """

    library: LibraryId
    serial: int = 0
    version: LibraryVersion = NEW
    collection: CollectionKey | None = None
    works: Mapping[str, Known] = field(default_factory=dict)
    target: str = ""
    settled: str = ""
    synced_at: str = ""
    gone: tuple[str, ...] = ()

    def remember(self, known: Mapping[str, Known]) -> SyncState:
        """Return the state that knows this of some works, by their origins, one serial on."""
        return replace(self, serial=self.serial + 1, works={**self.works, **known})

    def weakened(self) -> SyncState:
        """Return what of this state can be trusted later: each work's item, and what was ever added to it.

        A text that was wanted once may be what the user went back to since, and then looks like bibkit's.
        Without such texts, a state from before can fill what is empty, and overwrite nothing.
        """
        works = {
            origin: replace(
                known,
                base=None
                if known.base is None
                else ItemValues(
                    type=known.base.type, tags=known.base.tags, collections=known.base.collections
                ),
            )
            for origin, known in self.works.items()
        }
        return replace(self, works=works, settled="")
