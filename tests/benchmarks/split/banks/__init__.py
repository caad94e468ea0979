"""The words that made-up papers are put together from, as tables in TOML: `load`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:
    """Return a table of this folder."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def words(block: str) -> tuple[str, ...]:
    """Return the words of a block; an underscore in one stands for a space."""
    return tuple(word.replace("_", " ") for word in block.split())


def phrases(block: str) -> tuple[str, ...]:
    """Return the phrases of a block, which stand between semicolons."""
    return tuple(" ".join(phrase.split()) for phrase in block.split(";"))


def lines(block: str) -> tuple[str, ...]:
    """Return the lines of a block."""
    return tuple(block.strip().splitlines())
