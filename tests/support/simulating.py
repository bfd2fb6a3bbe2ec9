"""`simulate` in a process of its own."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support.ending import Closed, end
from tests.support.terminal import PATIENCE, ROOT


class SimulateProcess(Closed):
    """Started on a free port; `url`, `user` and `password` are what it printed.

    Paths among the `arguments` are those of `folder`.
    """

    def __init__(self, *arguments: str, env: Mapping[str, str], folder: Path = ROOT) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tui", "simulate", "--port", "0", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**env, "PYTHONPATH": str(ROOT)},
        )
        try:
            printed = self._three_lines()
        except BaseException:
            self.close()
            raise
        self.url = printed["URL"]
        self.user = printed["User"]
        self.password = printed["Password"]

    def _three_lines(self) -> dict[str, str]:
        assert self._process.stdout is not None
        descriptor, data = self._process.stdout.fileno(), b""
        deadline = time.monotonic() + PATIENCE
        while data.count(b"\n") < 3:
            left = deadline - time.monotonic()
            assert select.select([descriptor], [], [], max(0.0, left))[0], data
            chunk = os.read(descriptor, 4096)
            assert chunk, f"it ended: {data!r}"
            data += chunk
        return dict(line.split(": ", 1) for line in data.decode().splitlines())

    def close(self) -> int:
        """End it as with SIGTERM; returns its exit code."""
        return end(self._process, PATIENCE)
