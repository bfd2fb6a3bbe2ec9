from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.server_address import ServerAddress
from tui.settings.remembered import (
    LastLogon,
    Memory,
    forget,
    logon_as_text,
    remembered_logon,
    remembered_theme,
)
from tui.theme_names import CHOICES

PATIENCE = 30.0


@pytest.mark.parametrize("name", CHOICES)
def test_what_was_chosen_is_read_again_and_is_for_this_user_only(tmp_path: Path, name: str) -> None:
    path = tmp_path / "state" / "theme"
    memory = Memory(path)
    memory.remember("contrast")
    memory.remember(name)
    memory.settle(PATIENCE)
    assert remembered_theme(path) == name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["theme"]


def test_the_last_of_many_choices_holds(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "theme")
    for _ in range(50):
        for name in CHOICES:
            memory.remember(name)
    memory.settle(PATIENCE)
    assert remembered_theme(tmp_path / "theme") == CHOICES[-1]


@pytest.mark.parametrize(
    "content", [b"", b"drak\n", b"\xff\xfe", b"dark" * 100_000, b"dark\nlight\n"]
)
def test_anything_else_in_the_file_is_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "theme"
    path.write_bytes(content)
    assert remembered_theme(path) is None


def test_no_file_a_folder_and_a_pipe_are_nothing_and_nobody_waits(tmp_path: Path) -> None:
    assert remembered_theme(tmp_path / "none") is None
    assert remembered_theme(tmp_path) is None
    assert remembered_theme(Path("/dev/null/no home")) is None
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        assert remembered_theme(tmp_path / "pipe") is None


def test_what_cannot_be_written_is_nobodys_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "theme").mkdir()
    for path in (tmp_path / "file" / "theme", tmp_path / "theme", Path("/dev/null/x/theme")):
        memory = Memory(path)
        memory.remember("light")
        memory.settle(PATIENCE)
        assert remembered_theme(path) is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "theme"]


LOGONS = [
    LastLogon(ServerAddress("https", "em01"), r"NOC\jdoe"),
    LastLogon(ServerAddress("http", "fe80::1", 9400), "jörg@example.org"),
]


@pytest.mark.parametrize("logon", LOGONS)
def test_the_last_logon_is_read_again_and_is_for_this_user_only(
    tmp_path: Path, logon: LastLogon
) -> None:
    path = tmp_path / "state" / "last_logon"
    memory = Memory(path)
    memory.remember(logon_as_text(logon))
    memory.settle(PATIENCE)
    assert remembered_logon(path) == logon
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    forget(path)
    assert remembered_logon(path) is None
    forget(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "[" * 5000,
        '{"scheme": "https", "host": "em01", "port": 9398}',
        '{"scheme": "ftp", "host": "em01", "port": 9398, "user": "u"}',
        '{"scheme": "https", "host": "u:p@em01", "port": 9398, "user": "u"}',
        '{"scheme": "https", "host": "em01/x", "port": 9398, "user": "u"}',
        '{"scheme": "https", "host": "em\\u001b01", "port": 9398, "user": "u"}',
        '{"scheme": "https", "host": "", "port": 9398, "user": "u"}',
        '{"scheme": "https", "host": 5, "port": 9398, "user": "u"}',
        '{"scheme": "https", "host": "em01", "port": true, "user": "u"}',
        '{"scheme": "https", "host": "em01", "port": 70000, "user": "u"}',
        '{"scheme": "https", "host": "em01", "port": 9398, "user": "u:x"}',
        '{"scheme": "https", "host": "em01", "port": 9398, "user": 5}',
        '{"scheme": "https", "host": "em01", "port": 9398, "user": ""}',
    ],
)
def test_whatever_else_stands_there_is_no_logon(tmp_path: Path, content: str) -> None:
    path = tmp_path / "last_logon"
    path.write_text(content)
    assert remembered_logon(path) is None


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_logon_or_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "last_logon"
    path.write_bytes(content)
    remembered_logon(path)
