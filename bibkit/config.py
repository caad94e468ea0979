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
    aliases = "ids"                          # BIBKIT_ALIASES: ids, or entries for BibTeX

    [listing]
    as-of = 2026                             # BIBKIT_AS_OF: a year or a date
    [listing.retrieved]                      # the same for single files: the first pattern that fits;
    "smith-*.txt" = 2026                     # one without a slash fits the file's name, in any folder

    [zotero]                                 # each also as BIBKIT_ZOTERO_LIBRARY, and so on
    library = "user/475425"                  # or "group/123"
    collection = "Lab/Reading list"          # names from the top; created if missing
    collection-key = "ABCD2345"              # instead of the names
    adopt = "library"                        # where items that are there count: library, collection, never
    api-key-file = "~/.config/bibkit/key"    # of mode 0600
    api-key-command = "pass show zotero"     # instead of the file; BIBKIT_ZOTERO_API_KEY wins over both
    state = ".bibkit"                        # a folder: what was synced, for each library
    endpoint = "https://api.zotero.org"      # another server of the same Web API
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from bibkit import files
from bibkit.errors import ConfigError, ParseError, UnreadableSourceError
from bibkit.model.dates import PartialDate, parse_partial_date

if TYPE_CHECKING:
    from pydantic import ValidationError

KeyStyle = Literal["short", "hashed"]
AliasStyle = Literal["ids", "entries"]
FormatName = Literal["bibtex", "biblatex", "csljson", "ris"]

Adopt = Literal["library", "collection", "never"]
LibraryKind = Literal["user", "group"]

_FILE: Final = "bibkit.toml"
_PYPROJECT: Final = "pyproject.toml"
_TRUE_AND_FALSE: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_LIBRARY: Final = re.compile(r"(user|group)/([1-9]\d{0,15})")
_COLLECTION_KEY: Final = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")
_ZOTERO: Final = "BIBKIT_ZOTERO_"


@dataclass(frozen=True, slots=True)
class ZoteroSettings:
    """Which library and collection is synced, and where the API key is found; the key itself is not here."""

    library: str = ""
    collection: str = ""
    collection_key: str = ""
    adopt: Adopt | None = None
    api_key_file: Path | None = None
    api_key_command: str | None = None
    state: Path = Path(".bibkit")
    endpoint: str = "https://api.zotero.org"

    def library_parts(self) -> tuple[LibraryKind, int]:
        """Return whose library it is, and the number; raise `ConfigError` if none is set, or a wrong one."""
        found = _LIBRARY.fullmatch(self.library)
        if found is None:
            what = f"is {self.library!r}" if self.library else "is not set"
            raise ConfigError(
                f"zotero.library {what}",
                hint='Write it in bibkit.toml as library = "user/475425" or "group/123". Your number'
                " stands at https://www.zotero.org/settings/keys.",
            )
        return "group" if found[1] == "group" else "user", int(found[2])

    def is_overheard(self) -> bool:
        """Return whether the API key would go over a network for anyone there to read."""
        from ipaddress import ip_address  # noqa: PLC0415 - start-up time
        from urllib.parse import urlsplit  # noqa: PLC0415 - as above

        try:
            address = urlsplit(self.endpoint)
            host = address.hostname or ""
            return address.scheme == "http" and host != "localhost" and not ip_address(host).is_loopback
        except ValueError:  # the host is a name, or none
            return True

    def adoption(self) -> Adopt:
        """Return where items that are there may be taken for works."""
        return self.adopt or ("library" if self.library_parts()[0] == "user" else "collection")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told beside its flags; all paths are absolute or relative to the working folder."""

    sources: tuple[Path, ...] = (Path("seeds"),)
    output: Path = Path("exports")
    to: tuple[FormatName, ...] = ("bibtex", "csljson", "ris")
    key_style: KeyStyle = "short"
    ledger: Path | None = None
    ascii: bool = False
    aliases: AliasStyle = "ids"
    as_of: PartialDate | None = None
    retrieved: tuple[tuple[str, PartialDate], ...] = ()
    folder: Path = field(default_factory=Path)
    zotero: ZoteroSettings = ZoteroSettings()

    def ledger_path(self) -> Path:
        """Return where the ledger is: beside the exports unless it is named."""
        return self.ledger or self.output / "citekeys.jsonl"

    def with_retrieval(self, as_of: PartialDate | None) -> Settings:
        """Return settings by which all listings were retrieved then; the same ones where nothing is said."""
        return self if as_of is None else replace(self, as_of=as_of, retrieved=())

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
    except tomllib.TOMLDecodeError as trouble:
        raise ConfigError(f"{path}: is not TOML: {trouble}") from trouble
    except UnreadableSourceError as trouble:
        raise ConfigError(f"{path}: {trouble.reason}", hint=trouble.hint) from trouble


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
        aliases: AliasStyle = "ids"

    class Listing(Table):
        as_of: int | str | dt.date | None = None
        retrieved: dict[str, int | str | dt.date] = Field(default_factory=dict)

    class Zotero(Table):
        library: str = ""
        collection: str = ""
        collection_key: str = ""
        adopt: Adopt | None = None
        api_key_file: str | None = None
        api_key_command: str | None = None
        state: str = ".bibkit"
        endpoint: str = "https://api.zotero.org"

    class Root(Table):
        export: Export = Export()
        listing: Listing = Listing()
        zotero: Zotero = Zotero()

    try:
        root = Root.model_validate(table)
    except ValidationError as trouble:
        tables = {
            table: [str(setting.alias) for setting in model.model_fields.values()]
            for table, model in (("export", Export), ("listing", Listing), ("zotero", Zotero))
        }
        raise _wrong(path, trouble, tables) from trouble
    base = path.parent
    export, listing, zotero = root.export, root.listing, root.zotero
    return Settings(
        sources=tuple(_below(base, source) for source in export.sources),
        output=_below(base, export.output),
        to=tuple(dict.fromkeys(export.to)),
        key_style=export.key_style,
        ledger=None if export.ledger is None else _below(base, export.ledger),
        ascii=export.ascii,
        aliases=export.aliases,
        as_of=None if listing.as_of is None else _date(listing.as_of, f"{path}: listing.as-of"),
        retrieved=tuple(
            (pattern, _date(value, f"{path}: listing.retrieved.{pattern!r}"))
            for pattern, value in listing.retrieved.items()
        ),
        folder=base,
        zotero=ZoteroSettings(
            library=zotero.library,
            collection=zotero.collection,
            collection_key=_collection_key(zotero.collection_key, f"{path}: zotero.collection-key"),
            adopt=zotero.adopt,
            api_key_file=None if zotero.api_key_file is None else _below(base, zotero.api_key_file),
            api_key_command=zotero.api_key_command,
            state=_below(base, zotero.state),
            endpoint=zotero.endpoint,
        ),
    )


def _wrong(path: Path, trouble: ValidationError, tables: Mapping[str, Sequence[str]]) -> ConfigError:
    """Name the first setting that is wrong, never its value: it may be a key in the wrong place."""
    first = trouble.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "extra_forbidden":
            hint = _nearest_setting([str(part) for part in first["loc"]], tables)
            return ConfigError(f"{path}: {name}: is no setting", hint=hint)
        case "tuple_type":
            return ConfigError(f"{path}: {name}: should be a list", hint='Write it as ["one", "two"].')
        case "too_short":
            return ConfigError(f"{path}: {name}: should not be empty")
        case "string_type":
            return ConfigError(f"{path}: {name}: should be a text in quotes")
        case _:
            return ConfigError(f"{path}: {name}: {first['msg'].replace('Input should', 'should')}")


def _nearest_setting(names: Sequence[str], tables: Mapping[str, Sequence[str]]) -> str:
    if len(names) == 1:
        stands = [table for table, settings in tables.items() if names[0].replace("_", "-") in settings]
        if stands:
            return f"It belongs below [{stands[0]}]."
        return f"A setting stands in one of the tables {', '.join(f'[{table}]' for table in tables)}."
    settings = tables[names[0]]
    near = get_close_matches(names[1].replace("_", "-"), settings, n=1)
    return f"Did you mean {near[0]}?" if near else f"[{names[0]}] takes {', '.join(settings)}."


def _below(base: Path, path: str) -> Path:
    # Shown as the user would type it from where they stand.
    return Path(os.path.relpath(base / Path(path).expanduser()))


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
    if value := environment.get("BIBKIT_ALIASES"):
        settings = replace(settings, aliases=_alias_style(value))
    if value := environment.get("BIBKIT_AS_OF"):
        settings = replace(settings, as_of=_date(value, "BIBKIT_AS_OF"), retrieved=())
    return replace(settings, zotero=_zotero_environment(settings.zotero, environment))


def _zotero_environment(zotero: ZoteroSettings, environment: Mapping[str, str]) -> ZoteroSettings:
    given = {
        name.removeprefix(_ZOTERO): value
        for name, value in environment.items()
        if name.startswith(_ZOTERO) and value
    }
    if value := given.get("LIBRARY"):
        zotero = replace(zotero, library=value)
    _refuse_both(given)
    # Either says the whole of it: one from the environment is never joined to the other from the file.
    if value := given.get("COLLECTION"):
        zotero = replace(zotero, collection=value, collection_key="")
    if value := given.get("COLLECTION_KEY"):
        key = _collection_key(value, f"{_ZOTERO}COLLECTION_KEY")
        zotero = replace(zotero, collection="", collection_key=key)
    if value := given.get("ADOPT"):
        zotero = replace(zotero, adopt=_adopt(value))
    if value := given.get("API_KEY_FILE"):
        zotero = replace(zotero, api_key_file=Path(value).expanduser(), api_key_command=None)
    if value := given.get("API_KEY_COMMAND"):
        zotero = replace(zotero, api_key_command=value, api_key_file=None)
    if value := given.get("STATE"):
        zotero = replace(zotero, state=Path(value))
    if value := given.get("ENDPOINT"):
        zotero = replace(zotero, endpoint=value)
    return zotero


def _refuse_both(given: Mapping[str, str]) -> None:
    for one, other in (("COLLECTION", "COLLECTION_KEY"), ("API_KEY_FILE", "API_KEY_COMMAND")):
        if one in given and other in given:
            raise ConfigError(f"{_ZOTERO}{one} and {_ZOTERO}{other} are both set", hint="Take one out.")


def _collection_key(value: str, where: str) -> str:
    if value and not _COLLECTION_KEY.fullmatch(value):
        raise ConfigError(
            f"{where}: {value!r} is no key of a collection",
            hint="It is the last part of the collection's address on zotero.org, 8 letters and digits.",
        )
    return value


def _adopt(value: str) -> Adopt:
    match value:
        case "library" | "collection" | "never":
            return value
        case _:
            raise ConfigError(f"{_ZOTERO}ADOPT: {value!r} is neither library, collection nor never")


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


def _alias_style(value: str) -> AliasStyle:
    match value:
        case "ids" | "entries":
            return value
        case _:
            raise ConfigError(f"BIBKIT_ALIASES: {value!r} is neither ids nor entries")
