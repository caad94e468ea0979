"""Libraries for the tests of sync."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from emulator import Emulator
from emulator.fixtures import emulator, one_tls_context
from emulator.http import KEY, READ_ONLY_KEY, USER

from bibkit.zotero.client import ZoteroLibrary
from sync.memory import MemoryLibrary
from sync.worlds import EmulatorWorld, MemoryWorld, World

__all__ = ["emulator", "one_tls_context"]


@pytest.fixture
def zotero(emulator: Emulator) -> Iterator[ZoteroLibrary]:
    with ZoteroLibrary("user", USER, KEY, endpoint=emulator.url, clock=emulator.clock) as library:
        yield library


@pytest.fixture(params=["memory", "zotero"])
def make_world(request: pytest.FixtureRequest) -> Iterator[Callable[[bool], World]]:
    """Make a library with the right to write or without, and its user."""
    with ExitStack() as stack:

        def make(write: bool = True) -> World:  # noqa: FBT001, FBT002 - the one thing that differs
            if request.param == "memory":
                memory = MemoryLibrary(write=write)
                return MemoryWorld(memory, memory)
            emulator = stack.enter_context(Emulator())
            key = KEY if write else READ_ONLY_KEY
            library = ZoteroLibrary("user", USER, key, endpoint=emulator.url, clock=emulator.clock)
            return EmulatorWorld(emulator, stack.enter_context(library))

        yield make


@pytest.fixture
def world(make_world: Callable[[bool], World]) -> World:
    return make_world(True)
