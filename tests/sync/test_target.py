"""How a collection is found: by key, by path, by what an earlier run used."""

import pytest

from bibkit.errors import ConfigError, MissingTargetError
from bibkit.sync.keys import derive_collection_key
from bibkit.sync.library import NEW, CollectionKey, NewCollection, RemoteCollection
from bibkit.sync.state import SyncState
from bibkit.sync.target import Resolved, Target, parse_path, resolve_target
from sync.memory import MemoryLibrary

LAB, LIST, OTHER = (CollectionKey(f"{name}23456"[:8].ljust(8, "2")) for name in ("LAB", "LUST", "UTHER"))
PATH = Target(("Lab", "Reading list"))


@pytest.fixture
def library():
    return MemoryLibrary()


def put(library, key, name, parent=None, *, trashed=False):
    library.put_collection(RemoteCollection(key=key, version=NEW, name=name, parent=parent, trashed=trashed))


def resolve(library, named=PATH, **known):
    state = SyncState(library=library.id, **known)
    return resolve_target(named, library.read_all(), state, library.read_deletions(NEW))


def derived(library, path):
    return derive_collection_key(library.id, path)


def test_a_path_is_followed_from_the_top(library):
    put(library, LAB, "Lab")
    put(library, LIST, "Reading list", LAB)
    put(library, OTHER, "Reading list")
    assert resolve(library) == Resolved(LIST)


def test_what_is_missing_is_made_with_keys_of_the_path(library):
    put(library, LAB, "Lab")
    key = derived(library, "Lab/Reading list")
    assert resolve(library) == Resolved(key, (NewCollection(key, "Reading list", LAB),))
    library.delete_collection(LAB)
    top = derived(library, "Lab")
    made = resolve(library)
    assert made.missing == (NewCollection(top, "Lab"), NewCollection(key, "Reading list", top))
    library.create_collections(made.missing)
    assert resolve(library) == Resolved(key)


def test_a_path_that_fits_two_is_an_error(library):
    put(library, LAB, "Lab")
    put(library, LIST, "Reading list", LAB)
    put(library, OTHER, "Reading list", LAB)
    with pytest.raises(ConfigError, match="fits 2 collections"):
        resolve(library)


def test_a_trashed_collection_is_not_found_by_its_name(library):
    put(library, LAB, "Lab")
    put(library, LIST, "Reading list", LAB, trashed=True)
    assert resolve(library).missing


def test_a_key_must_be_there(library):
    put(library, LIST, "whatever")
    assert resolve(library, Target(key=LIST)) == Resolved(LIST)
    with pytest.raises(MissingTargetError, match="is not in the library"):
        resolve(library, Target(key=LAB))


def test_the_collection_in_use_is_followed_by_its_key(library):
    put(library, LIST, "renamed")
    put(library, LAB, "Lab")
    put(library, OTHER, "Reading list", LAB)
    assert resolve(library, collection=LIST, target="Lab/Reading list") == Resolved(LIST)
    assert resolve(library, collection=LIST, target="Somewhere else") == Resolved(OTHER)


@pytest.mark.parametrize("trashed", [False, True])
def test_the_collection_in_use_is_not_made_again(library, trashed):
    if trashed:
        put(library, LIST, "Reading list", trashed=True)
    with pytest.raises(MissingTargetError, match="it is not made again") as caught:
        resolve(library, collection=LIST, target="Lab/Reading list")
    assert caught.value.exit_code == 78


@pytest.mark.parametrize("named", [PATH, Target(key=LIST)])
def test_a_collection_in_one_that_is_in_the_trash_is_in_the_trash(library, named):
    put(library, LAB, "Lab", OTHER, trashed=False)
    put(library, OTHER, "Group", trashed=True)
    put(library, LIST, "Reading list", LAB)
    with pytest.raises(MissingTargetError, match="is in the trash"):
        resolve(library, named, collection=LIST, target=str(named))
    put(library, OTHER, "Group", LAB)  # no library has such a circle, and nobody is to wait for its end
    assert resolve(library, named, collection=LIST, target=str(named)) == Resolved(LIST)


def test_without_a_state_a_renamed_collection_of_ours_is_found_and_a_deleted_one_not_made_again(library):
    library.create_collections(resolve(library).missing)
    key = derived(library, "Lab/Reading list")
    put(library, key, "renamed", derived(library, "Lab"))
    assert resolve(library) == Resolved(key)
    library.delete_collection(key)
    with pytest.raises(MissingTargetError):
        resolve(library)


def test_a_path_is_read_name_by_name():
    assert parse_path(" Lab / Reading list") == ("Lab", "Reading list")
    for text in ("", "Lab/", "/Lab", "Lab//x"):
        with pytest.raises(ConfigError, match="empty name"):
            parse_path(text)
