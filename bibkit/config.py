"""`bibkit.toml`, `[tool.bibkit]` in `pyproject.toml`, and BIBKIT_* variables, to one frozen `Settings`.

The file is looked for from the working folder upwards; the nearest one counts, whole. Paths in it are
relative to it. The environment wins over the file, and the command line over both.

    [export]
    sources = ["seeds"]                      # BIBKIT_SOURCES, separated as in PATH
    output = "exports"                       # BIBKIT_OUTPUT
    to = ["bibtex", "csljson", "ris"]        # BIBKIT_TO, separated by commas
    key-style = "short"                      # BIBKIT_KEY_STYLE: short or hashed
    ledger = "exports/citekeys.jsonl"        # BIBKIT_LEDGER
    ascii = false                            # BIBKIT_ASCII: 1 or 0

    [listing]
    as-of = 2026                             # BIBKIT_AS_OF: a year or a date
    [listing.retrieved]                      # the same for single files: the first pattern that fits;
    "smith-*.txt" = 2026                     # one without a slash fits the file's name, in any folder
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from bibkit import files
from bibkit.errors import ConfigError, ParseError, UnreadableSourceError
from bibkit.model.dates import PartialDate, parse_partial_date

if TYPE_CHECKING:
    from pydantic import ValidationError

KeyStyle = Literal["short", "hashed"]
FormatName = Literal["bibtex", "biblatex", "csljson", "ris"]

_FILE: Final = "bibkit.toml"
_PYPROJECT: Final = "pyproject.toml"
_TRUE_AND_FALSE: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told beside its flags; all paths are absolute or relative to the working folder."""

    sources: tuple[Path, ...] = (Path("seeds"),)
    output: Path = Path("exports")
    to: tuple[FormatName, ...] = ("bibtex", "csljson", "ris")
    key_style: KeyStyle = "short"
    ledger: Path | None = None
    ascii: bool = False
    as_of: PartialDate | None = None
    retrieved: tuple[tuple[str, PartialDate], ...] = ()
    folder: Path = field(default_factory=Path)

    def ledger_path(self) -> Path:
        """Return where the ledger is: beside the exports unless it is named."""
        return self.ledger or self.output / "citekeys.jsonl"

    def retrieved_on(self, path: str) -> PartialDate | None:
        """Return the year or date on which a listing was retrieved, by the first pattern that fits."""
        if not self.retrieved or path == files.STANDARD_INPUT:
            return self.as_of
        relative = Path(os.path.relpath(path, self.folder))
        for pattern, date in self.retrieved:
            if fnmatchcase(relative.as_posix() if "/" in pattern else relative.name, pattern):
                return date
        return self.as_of


def load_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings for a run in `folder`; raise `ConfigError` naming the file and the key."""
    return _with_environment(_from_file(folder), environment)


def parse_as_of(text: str) -> PartialDate:
    """Return the year or the full date that `--as-of` takes; raise `ParseError` for anything else."""
    date = parse_partial_date(text)
    if date.month is not None and date.day is None:
        raise ParseError(f"{text!r} is a month", hint="Write a year (2026) or a whole date (2026-03-31).")
    return date


def _from_file(folder: Path) -> Settings:
    for parent in (folder.absolute(), *folder.absolute().parents):
        path = parent / _FILE
        if path.is_file():
            return _parse(_load_toml(path), path)
        path = parent / _PYPROJECT
        if path.is_file():
            tool = _load_toml(path).get("tool")
            if isinstance(tool, dict) and "bibkit" in tool:
                return _parse(tool["bibkit"], path)
    return Settings()


def _load_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(files.read_text(path))
    except (tomllib.TOMLDecodeError, UnreadableSourceError) as trouble:
        raise ConfigError(f"{path}: is not TOML: {trouble}") from trouble


def _parse(table: object, path: Path) -> Settings:
    from pydantic import BaseModel, ConfigDict, Field, ValidationError  # noqa: PLC0415 - start-up time

    def hyphens(name: str) -> str:
        return name.replace("_", "-")

    class Table(BaseModel):
        model_config = ConfigDict(extra="forbid", alias_generator=hyphens)

    class Export(Table):
        sources: tuple[str, ...] = ("seeds",)
        output: str = "exports"
        to: tuple[FormatName, ...] = Field(default=("bibtex", "csljson", "ris"), min_length=1)
        key_style: KeyStyle = "short"
        ledger: str | None = None
        ascii: bool = False

    class Listing(Table):
        as_of: int | str | dt.date | None = None
        retrieved: dict[str, int | str | dt.date] = Field(default_factory=dict)

    class Root(Table):
        export: Export = Export()
        listing: Listing = Listing()

    try:
        root = Root.model_validate(table)
    except ValidationError as trouble:
        raise ConfigError(f"{path}: {_first_trouble(trouble)}") from trouble
    base = path.parent
    export, listing = root.export, root.listing
    return Settings(
        sources=tuple(_below(base, source) for source in export.sources),
        output=_below(base, export.output),
        to=tuple(dict.fromkeys(export.to)),
        key_style=export.key_style,
        ledger=None if export.ledger is None else _below(base, export.ledger),
        ascii=export.ascii,
        as_of=None if listing.as_of is None else _date(listing.as_of, f"{path}: listing.as-of"),
        retrieved=tuple(
            (pattern, _date(value, f"{path}: listing.retrieved.{pattern!r}"))
            for pattern, value in listing.retrieved.items()
        ),
        folder=base,
    )


def _first_trouble(trouble: ValidationError) -> str:
    first = trouble.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    return f"{name}: is no setting" if first["type"] == "extra_forbidden" else f"{name}: {first['msg']}"


def _below(base: Path, path: str) -> Path:
    # Shown as the user would type it from where they stand.
    return Path(os.path.relpath(base / path))


def _date(value: float | str | dt.date, where: str) -> PartialDate:
    try:
        return parse_as_of(str(value))
    except ParseError as trouble:
        raise ConfigError(f"{where}: {trouble}") from trouble


def _with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    if value := environment.get("BIBKIT_SOURCES"):
        paths = tuple(Path(part) for part in value.split(os.pathsep) if part)
        settings = replace(settings, sources=paths)
    if value := environment.get("BIBKIT_OUTPUT"):
        settings = replace(settings, output=Path(value))
    if value := environment.get("BIBKIT_LEDGER"):
        settings = replace(settings, ledger=Path(value))
    if value := environment.get("BIBKIT_TO"):
        names = (_format(part.strip()) for part in value.split(","))
        settings = replace(settings, to=tuple(dict.fromkeys(names)))
    if value := environment.get("BIBKIT_KEY_STYLE"):
        settings = replace(settings, key_style=_key_style(value))
    if value := environment.get("BIBKIT_ASCII"):
        if value.lower() not in _TRUE_AND_FALSE:
            raise ConfigError(f"BIBKIT_ASCII: {value!r} is neither 1 nor 0")
        settings = replace(settings, ascii=_TRUE_AND_FALSE[value.lower()])
    if value := environment.get("BIBKIT_AS_OF"):
        settings = replace(settings, as_of=_date(value, "BIBKIT_AS_OF"), retrieved=())
    return settings


def _format(value: str) -> FormatName:
    match value:
        case "bibtex" | "biblatex" | "csljson" | "ris":
            return value
        case _:
            raise ConfigError(f"BIBKIT_TO: {value!r} is no format", hint="`bibkit formats` lists them.")


def _key_style(value: str) -> KeyStyle:
    match value:
        case "short" | "hashed":
            return value
        case _:
            raise ConfigError(f"BIBKIT_KEY_STYLE: {value!r} is neither short nor hashed")
