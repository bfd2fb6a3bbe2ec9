"""A profile added to a settings file: the rest stays as it was, and nothing wrong is written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.settings.test_file import GOOD
from tui.errors import InvalidSettings
from tui.server_address import ServerAddress
from tui.settings.adding import add_profile, profile_lines, profile_name
from tui.settings.commented import commented_settings
from tui.settings.file import read_settings

EM01 = ServerAddress("https", "em01.example.org")


@pytest.mark.parametrize(
    "before",
    ["", "theme = 'dark'", GOOD, commented_settings(), "[profiles.a]\nserver = 'x'\n# last"],
)
def test_what_was_there_stays_to_the_letter(tmp_path: Path, before: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(before.encode())
    path.chmod(0o640)
    name = add_profile(path, EM01, r"NOC\jdoe")
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert name == "em01"
    profile = read_settings(path).table.profiles[name]
    assert (profile.server, profile.user) == ("em01.example.org", r"NOC\jdoe")
    assert r"user = 'NOC\jdoe'" in after
    assert stat.S_IMODE(path.stat().st_mode) == (0o640 if before else 0o600)


def test_a_file_that_is_not_there_is_made_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    assert add_profile(path, EM01, "jdoe") == "em01"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_line_ends_and_byte_order_mark_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfbell = true\r\n")
    add_profile(path, EM01, "jdoe")
    body = path.read_bytes()
    assert body.startswith(b"\xef\xbb\xbfbell = true\r\n\r\n[profiles.em01]\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert read_settings(path).table.profiles["em01"].user == "jdoe"


def test_a_name_that_is_taken_gets_another(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    made = [add_profile(path, EM01, user) for user in (r"NOC\jdoe", r"NOC\jdoe", "jdoe@x")]
    assert made == ["em01", "em01-jdoe", "em01-2"]
    assert list(read_settings(path).table.profiles) == made


@pytest.mark.parametrize(
    ("server", "name", "line"),
    [
        (EM01, "em01", 'server = "em01.example.org"'),
        (ServerAddress("https", "10.1.2.3", 9400), "10.1.2.3", 'server = "10.1.2.3:9400"'),
        (ServerAddress("http", "EM01", 9399), "em01", 'server = "http://EM01:9399"'),
        (ServerAddress("https", "fe80::1"), "fe80::1", 'server = "https://[fe80::1]:9398"'),
    ],
)
def test_server_and_name_as_a_person_would_write_them(
    server: ServerAddress, name: str, line: str
) -> None:
    assert profile_name(server, "u", ()) == name
    assert line in profile_lines(name, server, "u")


def test_a_file_that_takes_no_table_stays_and_the_lines_are_told(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("profiles = {a = {server = 'x'}}\n")
    with pytest.raises(InvalidSettings) as caught:
        add_profile(path, EM01, "jdoe")
    assert "[profiles.em01]  server = " in caught.value.full_text
    assert path.read_text() == "profiles = {a = {server = 'x'}}\n"


def test_what_is_no_file_stays_what_it_is() -> None:
    """FAILOVER_MONITOR_CONFIG=/dev/null is how people have no settings."""
    path = Path(os.devnull)
    before = path.stat()
    with pytest.raises(InvalidSettings, match="is no file"):
        add_profile(path, EM01, "jdoe")
    after = path.stat()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidSettings) as caught:
        add_profile(tmp_path / "file" / "config.toml", EM01, "jdoe")
    assert "Nothing was written; by hand: [profiles.em01]" in caught.value.full_text


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=":"), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
def test_whoever_it_is_it_is_read_back_or_refused(tmp_path: Path, user: str, before: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(before.encode())
    try:
        name = add_profile(path, EM01, user)
    except InvalidSettings:
        assert path.read_bytes() == before.encode()
    else:
        assert read_settings(path).table.profiles[name].user == user.strip()
