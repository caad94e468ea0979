import os

import pytest
from hypothesis import HealthCheck, settings

# No test depends on how fast a machine is. CI draws the same examples each time: it fails for a change,
# not by chance. Everywhere else new ones are drawn.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("dev", **_COMMON)
settings.register_profile("ci", **_COMMON, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite golden files; then read the difference")


@pytest.fixture
def accept(request):
    """Say whether golden files are to be rewritten."""
    return request.config.getoption("--accept")
