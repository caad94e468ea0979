"""Keys for the objects that sync creates: text in, a key out, the same on every machine and in every run.

A key is a function of whose library it is and of what the object stands for. So two runs that know nothing of
each other choose one key for one work, and the second creation is refused by the library. Of the library's id
its end counts (`users/1`): the same library may be reached by several addresses.
"""

from __future__ import annotations

import hashlib

from bibkit.sync.library import KEY_ALPHABET, KEY_LENGTH, CollectionKey, ItemKey, LibraryId


def derive_item_key(library: LibraryId, origin: str, attempt: int = 0) -> ItemKey:
    """Return the key of the item that stands for an origin; the next `attempt` gives another one.

    Another one is needed only where something that is no item of ours stands at the key.
    """
    return ItemKey(_derive("item", library, origin, attempt))


def derive_collection_key(library: LibraryId, path: str, attempt: int = 0) -> CollectionKey:
    """Return the key of the collection that is created for a path of names."""
    return CollectionKey(_derive("collection", library, path, attempt))


def _derive(kind: str, library: LibraryId, text: str, attempt: int) -> str:
    # NUL stands in none of the parts: no two different ones can run together into the same bytes.
    owner = "/".join(library.split("/")[-2:])
    seed = "\0".join((kind, owner, text, str(attempt)))
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest(), "big")
    letters = []
    for _ in range(KEY_LENGTH):
        number, index = divmod(number, len(KEY_ALPHABET))
        letters.append(KEY_ALPHABET[index])
    return "".join(letters)
