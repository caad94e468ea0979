"""The API key from its three places, and that no error shows it."""

import sys

import pytest

from bibkit.config import ZoteroSettings
from bibkit.credentials import find_api_key
from bibkit.errors import ConfigError

SECRET = "secretKey0123456789abcde"  # noqa: S105 - of no account


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def printing(code):
    return f'"{sys.executable}" -c "{code}"'


def test_the_environment_wins(key_file):
    settings = ZoteroSettings(api_key_file=key_file)
    assert find_api_key(settings, {"BIBKIT_ZOTERO_API_KEY": " other\n"}) == "other"
    assert find_api_key(settings, {"BIBKIT_ZOTERO_API_KEY": ""}) == SECRET


def test_a_command_prints_it():
    settings = ZoteroSettings(api_key_command=printing(f"print('{SECRET}')"))
    assert find_api_key(settings, {}) == SECRET


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(ConfigError, match="others can read") as caught:
        find_api_key(ZoteroSettings(api_key_file=key_file), {})
    assert SECRET not in str(caught.value)
    assert caught.value.exit_code == 78


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (printing(f"print('{SECRET}'); raise SystemExit(3)"), "exit code 3"),
        (printing("print()"), "holds no API key"),
        ("/nowhere/at/all", "cannot be run"),
        ('"unclosed', "cannot be run"),
        (" ", "is empty"),
    ],
)
def test_a_command_that_fails_is_an_error_without_its_output(command, said):
    with pytest.raises(ConfigError, match=said) as caught:
        find_api_key(ZoteroSettings(api_key_command=command), {})
    assert SECRET not in str(caught.value)


def test_a_missing_or_empty_file_is_named(key_file, tmp_path):
    with pytest.raises(ConfigError, match="nothing"):
        find_api_key(ZoteroSettings(api_key_file=tmp_path / "nothing"), {})
    key_file.write_text(" \n", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds no API key"):
        find_api_key(ZoteroSettings(api_key_file=key_file), {})


def test_without_any_it_says_where_to_get_one(key_file):
    with pytest.raises(ConfigError, match="settings/keys/new"):
        find_api_key(ZoteroSettings(), {})
    with pytest.raises(ConfigError, match="both set"):
        find_api_key(ZoteroSettings(api_key_file=key_file, api_key_command="x"), {})
