"""Fixtures: the engines, each found once a session; see `engines_support`."""

import json
import os
from pathlib import Path

import pytest
from engines_support import Engine, absent, find_engine

MODULES = Path(__file__).resolve().parents[2] / ".engines" / "node_modules"


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


@pytest.fixture(scope="session")
def citation_js(node, tmp_path_factory):
    """Return a function that reads the text of a RIS file with citation-js."""
    places = (MODULES, *map(Path, os.environ.get("NODE_PATH", "").split(os.pathsep)))
    modules = next((path for path in places if (path / "@citation-js" / "plugin-ris").is_dir()), None)
    if modules is None:
        absent("the npm package @citation-js/plugin-ris is not installed under .engines")
    folder = tmp_path_factory.mktemp("citation-js")

    def read(text: str) -> list[dict]:
        (folder / "in.ris").write_bytes(text.encode())
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NODE_PATH", str(modules))
            script = Path(__file__).with_name("read_ris.cjs")
            done = node.run(script, folder / "in.ris", folder / "out.json", cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads((folder / "out.json").read_text(encoding="utf-8"))

    return read
