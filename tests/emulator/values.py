"""What storing does to a value [run]: it is not kept as it was sent.

Trim, CRLF to LF, control characters stripped, numbers to strings, null to "", tags sorted and trimmed with
type 0 dropped, `accessDate` from SQL to ISO, `relations` [] to {}. Inner spaces, NFD, HTML, LaTeX and dates
are kept verbatim.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

SQL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SQL_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
ISO_8601 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TRIMMED = " \t\n\r\0\x0b"


def text(value: Any) -> str:
    """A field's value as it is stored."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return _CONTROLS.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip(_TRIMMED)


def field(name: str, value: Any, now: float) -> str:
    stored = text(value)
    if name != "accessDate":
        return stored
    if stored == "CURRENT_TIMESTAMP":
        return iso(now)
    return stored.replace(" ", "T") + "Z" if SQL_DATE_TIME.fullmatch(stored) else stored


def creators(values: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Creators as stored; a nameless one, as the template for new items has it, is dropped [src]."""
    stored = []
    for value in values:
        if "name" in value:
            creator = {"creatorType": value["creatorType"], "name": text(value["name"])}
        else:
            creator = {
                "creatorType": value["creatorType"],
                "firstName": text(value.get("firstName")),
                "lastName": text(value.get("lastName")),
            }
        if any(creator[part] for part in creator if part != "creatorType"):
            stored.append(creator)
    return stored


def tags(values: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tags as stored: by name, each once."""
    by_name: dict[str, dict[str, Any]] = {}
    for value in values:
        name = text(value.get("tag", ""))
        if not name:
            continue
        tag: dict[str, Any] = {"tag": name}
        if int(value.get("type", 0)):
            tag["type"] = int(value["type"])
        by_name.setdefault(name, tag)
    return [by_name[name] for name in sorted(by_name)]


def relations(value: Any) -> dict[str, Any]:
    return dict(value) if value else {}


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
