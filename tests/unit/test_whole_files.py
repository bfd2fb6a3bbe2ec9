from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui.whole_files import replace_file


def test_it_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")
    before = path.stat().st_ino
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_ino != before
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_its_mode_is_what_was_asked_for(tmp_path: Path, umask: int, mode: int) -> None:
    path = tmp_path / "file"
    before = os.umask(umask)
    try:
        replace_file(path, b"x", mode=mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_one(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "real"
    target.parent.mkdir()
    link = tmp_path / "link"
    link.symlink_to(target)
    replace_file(link, b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(folder, b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are files of POSIX systems")
def test_a_device_is_written_to_and_stays_one() -> None:
    """Run by root, a report into /dev/null must not make a file of it."""
    controller, terminal = os.openpty()
    try:
        path = Path(os.ttyname(terminal))
        before = path.stat()
        replace_file(path, b"x")
        after = path.stat()
        assert os.read(controller, 10) == b"x"
        assert (stat.S_ISCHR(after.st_mode), after.st_ino) == (True, before.st_ino)
    finally:
        os.close(controller)
        os.close(terminal)


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are files of POSIX systems")
def test_a_pipe_is_refused_and_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="It is no file"):
        replace_file(path, b"x")
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]
