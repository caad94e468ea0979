"""Where the Zotero API key comes from: the environment, a private file, or the output of a command.

The key is returned and kept nowhere; no error here shows it, nor what a command printed.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bibkit import files
from bibkit.config import ZoteroSettings
from bibkit.errors import ConfigError, UnreadableSourceError

VARIABLE: Final = "BIBKIT_ZOTERO_API_KEY"
_SECONDS: Final = 60.0


def find_api_key(settings: ZoteroSettings, environment: Mapping[str, str]) -> str:
    """Return the API key; raise `ConfigError` where there is none, or it cannot be had."""
    if key := environment.get(VARIABLE, "").strip():
        return key
    if settings.api_key_file is not None and settings.api_key_command is not None:
        raise ConfigError("zotero.api-key-file and zotero.api-key-command are both set", hint="Take one out.")
    if settings.api_key_file is not None:
        return _checked(_read(settings.api_key_file), f"{settings.api_key_file}")
    if settings.api_key_command is not None:
        return _checked(_run(settings.api_key_command), "zotero.api-key-command")
    raise ConfigError(
        "there is no Zotero API key",
        hint=f"Make one at https://www.zotero.org/settings/keys/new and give it in {VARIABLE}, or in a file"
        " of mode 0600 that api-key-file names in bibkit.toml.",
    )


def _read(path: Path) -> str:
    try:
        text = files.read_text(path)
    except UnreadableSourceError as trouble:
        raise ConfigError(str(trouble)) from trouble
    if not files.is_private(path):
        raise ConfigError(f"{path}: others can read the API key", hint=f"chmod 600 {shlex.quote(str(path))}")
    return text


def _run(command: str) -> str:
    try:
        arguments = shlex.split(command)
        if not arguments:
            raise ConfigError("zotero.api-key-command is empty")
        done = subprocess.run(  # noqa: S603 - the command is the user's own, and goes to no shell
            arguments, stdout=subprocess.PIPE, check=False, timeout=_SECONDS, text=True
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as trouble:
        why = type(trouble).__name__
        raise ConfigError(f"zotero.api-key-command cannot be run ({why})") from None
    if done.returncode:
        raise ConfigError(f"zotero.api-key-command ended with exit code {done.returncode}")
    return done.stdout


def _checked(text: str, where: str) -> str:
    key = text.strip()
    if not key:
        raise ConfigError(f"{where}: holds no API key")
    return key
