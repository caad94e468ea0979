"""Fixtures: the engines, each found once a session; see `engines_support`."""

import pytest
from engines_support import Engine, find_engine


@pytest.fixture(scope="session")
def bibtex() -> Engine:
    return find_engine("bibtex")


@pytest.fixture(scope="session")
def biber() -> Engine:
    return find_engine("biber")


@pytest.fixture(scope="session")
def lualatex() -> Engine:
    return find_engine("lualatex")


@pytest.fixture(scope="session")
def pdflatex() -> Engine:
    return find_engine("pdflatex")


@pytest.fixture(scope="session")
def latexmk() -> Engine:
    return find_engine("latexmk")


@pytest.fixture(scope="session")
def pandoc() -> Engine:
    return find_engine("pandoc")


@pytest.fixture(scope="session")
def node() -> Engine:
    return find_engine("node")
