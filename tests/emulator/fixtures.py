"""Fixtures that the tests of the emulator and those of sync share."""

from collections.abc import Iterator

import httpcore2
import pytest

from emulator.http import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """Each HTTP client loads all certificates, in a tenth of a second; here none of them speaks TLS."""
    context = httpcore2.default_ssl_context()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", lambda **_: context)
        yield
