"""A command behind a pseudo-terminal: what it wrote and when, and what it cost.

Only bytes and times are taken while it runs; what they show is worked out afterwards
(`replay.py`), because an emulator is slower than what it would have to keep up with.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.serving import PASSWORD, ROOT, USER, Server
from tests.support.ending import Closed
from tui.connecting import TEST_INTERVAL

COLUMNS, LINES = 200, 60
_SYNC_QUERY, _SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """`at` in `time.monotonic` seconds, `cpu` in seconds with all waited-for children,
    `rss` and `pss` in bytes, `written` in bytes to the terminal.
    """

    at: float
    cpu: float
    rss: int
    pss: int
    written: int


def environment(**more: str) -> dict[str, str]:
    """A small environment, the same for every command. No settings file of a person's."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    nowhere = {"HOME": "/nonexistent", "FAILOVER_MONITOR_PASSWORD": PASSWORD}
    return {**kept, **terminal, **nowhere, **more}


def monitor(
    server: Server, *, interval: float | None = None, session: bool = True
) -> tuple[list[str], dict[str, str]]:
    """Command and environment of `failover-monitor` on that server."""
    command = [sys.executable, "-m", "tui"]
    command += [server.session] if session else []
    command += ["--server", server.url, "--user", USER]
    chosen = {} if interval is None else {TEST_INTERVAL: str(interval)}
    return command, environment(**chosen)


class Recorder(Closed):
    """Runs `command` in a terminal of 200x60 and records it from its first byte on.

    `chunks` are moments and bytes, `cpu_at` what the process had taken when each came.

    The terminal says that it supports synchronized updates, as most do.
    """

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        size: tuple[int, int] = (COLUMNS, LINES),
        folder: Path = ROOT,
    ) -> None:
        self.size = size
        self.chunks: list[tuple[float, bytes]] = []
        self.cpu_at: list[float] = []
        self.started = time.monotonic()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            _become(command, environ, size, folder)
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """End the command: politely, then not."""
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        if not wait(self._is_gone, 5.0):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self._reader.join(5)
        os.close(self._master)

    def _is_gone(self) -> bool:
        return os.waitpid(self.pid, os.WNOHANG)[0] != 0

    def _read(self) -> None:
        tail = b""
        while not self._ended:
            if not select.select([self._master], [], [], 0.2)[0]:
                continue
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                return
            self.chunks.append((time.monotonic(), data))
            self.cpu_at.append(_cpu_of(self.pid))
            tail = tail[-len(_SYNC_QUERY) :] + data
            if _SYNC_QUERY in tail:
                os.write(self._master, _SYNC_ANSWER)
                tail = b""

    def press(self, keys: str) -> float:
        """Type; returns when, in `time.monotonic` seconds."""
        at = time.monotonic()
        os.write(self._master, keys.encode())
        return at

    def output(self) -> bytes:
        """Everything written so far."""
        return b"".join(data for _, data in list(self.chunks))

    def has_written_since(self, chunks: int) -> bool:
        """Whether more than so many chunks have come."""
        return len(self.chunks) > chunks

    def between(self, since: float, until: float) -> list[tuple[float, bytes]]:
        """What came in a stretch of `time.monotonic`."""
        return [chunk for chunk in list(self.chunks) if since <= chunk[0] < until]

    def usage(self) -> Usage:
        """What it has cost up to now."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        cpu = sum(map(int, fields[11:15])) / _TICKS
        rollup = _rollup(self.pid)
        written = sum(len(data) for _, data in list(self.chunks))
        return Usage(time.monotonic(), cpu, rollup["Rss"], rollup["Pss"], written)


def _become(
    command: Sequence[str], environ: Mapping[str, str], size: tuple[int, int], folder: Path
) -> None:
    """In the child: take the size, then be the command."""
    try:
        columns, lines = size
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.chdir(folder)
        os.execvpe(command[0], list(command), dict(environ))
    finally:
        os._exit(127)


def _cpu_of(pid: int) -> float:
    """Seconds of processor time that a process took itself; nothing once it has ended."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _rollup(pid: int) -> dict[str, int]:
    """Resident and proportional size in bytes."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0]) * 1024
    return found


def wait(condition: Callable[[], object], seconds: float) -> bool:
    """Whether the condition came true within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    """The same, ending the benchmark with a sentence if it does not."""
    if not wait(condition, seconds):
        raise SystemExit(f"benchmark: waited {seconds:.0f} s for {what} in vain")
