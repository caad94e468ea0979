import pytest
from hypothesis import settings

# A busy machine is no reason to fail: how long things take is the benchmarks' business.
settings.register_profile("bibkit", deadline=None)
settings.load_profile("bibkit")


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite golden files; then read the difference")


@pytest.fixture
def accept(request):
    """Say whether golden files are to be rewritten."""
    return request.config.getoption("--accept")
