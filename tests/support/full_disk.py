"""A disk that can be full: a small file system of its own, else a limit on the size of files.

The first can be mounted by root alone, the second works everywhere that has `prlimit`. Both
can be filled and emptied while the program runs, as often as a test likes.
"""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

SIZE = 2 * 1024 * 1024
DISKS = ["tmpfs", "limit"]


class Disk(Protocol):
    """A folder on it, and the two states."""

    folder: Path

    def fill(self, pid: int) -> None:
        """From now on the process can write nothing here."""

    def make_room(self, pid: int) -> None:
        """From now on it can."""


class _Mounted:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, pid: int) -> None:
        with self._filler.open("wb", buffering=0) as file:
            size = 65536
            while size:
                try:
                    file.write(b"x" * size)
                except OSError:
                    size //= 2

    def make_room(self, pid: int) -> None:
        self._filler.unlink()


class _Limited:
    """The process may make no file longer: the same calls fail, for another reason."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int) -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))

    def make_room(self, pid: int) -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def disk_of(kind: str, folder: Path) -> Iterator[Disk]:
    """Skips the test where the kind is not to be had."""
    folder.mkdir()
    if kind == "limit":
        if not hasattr(resource, "prlimit"):
            pytest.skip("this system has no prlimit")
        yield _Limited(folder)
        return
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no file system can be mounted here")
    try:
        yield _Mounted(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True)
