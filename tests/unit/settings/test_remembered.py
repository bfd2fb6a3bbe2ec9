from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tui.settings.remembered import ThemeMemory, remembered_theme
from tui.theme_names import CHOICES

PATIENCE = 30.0


@pytest.mark.parametrize("name", CHOICES)
def test_what_was_chosen_is_read_again_and_is_for_this_user_only(tmp_path: Path, name: str) -> None:
    path = tmp_path / "state" / "theme"
    memory = ThemeMemory(path)
    memory.remember("contrast")
    memory.remember(name)
    memory.settle(PATIENCE)
    assert remembered_theme(path) == name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["theme"]


def test_the_last_of_many_choices_holds(tmp_path: Path) -> None:
    memory = ThemeMemory(tmp_path / "theme")
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
        memory = ThemeMemory(path)
        memory.remember("light")
        memory.settle(PATIENCE)
        assert remembered_theme(path) is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "theme"]
