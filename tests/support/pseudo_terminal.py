"""A real process behind a pseudo-terminal, its screen read by the emulator."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tests.support.emulator import Emulator

_ROOT = Path(__file__).resolve().parents[2]
_SYNC_QUERY, _SYNC_ANSWER = "\x1b[?2026$p", b"\x1b[?2026;2$y"


class PseudoTerminal:
    """Starts `arguments` with Python; a terminal that supports synchronized updates."""

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        width: int = 80,
        height: int = 20,
    ) -> None:
        self.emulator = Emulator(width, height)
        self.sent = 0
        self._decode = getincrementaldecoder("utf-8")().decode
        self._answered = False
        self._master, slave = os.openpty()
        self._set_size(width, height)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=_ROOT,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
        )
        os.close(slave)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(5)

    def _set_size(self, width: int, height: int) -> None:
        size = struct.pack("HHHH", height, width, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def resize(self, width: int, height: int) -> None:
        """Change the size, leaving rubbish on the screen; the kernel sends SIGWINCH."""
        self.emulator.resize(width, height)
        self._set_size(width, height)

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def hang_up(self) -> None:
        """Close the terminal."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def take(self, seconds: float) -> None:
        """Show what comes within `seconds`; returns after the first of it."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return
        try:
            data = os.read(self._master, 65536)
        except OSError:
            data = b""
        self.sent += len(data)
        text = self._decode(data)
        if _SYNC_QUERY in text and not self._answered:
            self._answered = True
            os.write(self._master, _SYNC_ANSWER)
        self.emulator.feed(text)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Read until `condition` holds."""
        wait_for(condition, self, seconds=seconds)

    def shows(self, text: str) -> bool:
        return any(text in line for line in self.emulator.lines())

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stopped(self) -> bool:
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return stat.rsplit(")", 1)[1].split()[0] == "T"


def wait_for(
    condition: Callable[[], bool], *terminals: PseudoTerminal, seconds: float = 10.0
) -> None:
    """Read from the terminals in turn until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        screens = "\n\n".join("\n".join(t.emulator.lines()) for t in terminals)
        assert time.monotonic() < deadline, f"in vain:\n{screens}"
        for terminal in terminals:
            terminal.take(0.02)
