"""The real command in a real pseudo-terminal, its screen read by pyte.

Nothing here sleeps for a fixed time: every wait is on a condition, with a time-out
that is generous because machines that run tests are noisy.
"""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

import pyte

from tests.support.ending import Closed

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds after which a wait is given up and the screen is shown."""

ALTERNATE_SCREEN, CURSOR, SYNCHRONIZED = 1049, 25, 2026

# The new process makes the terminal its controlling one and then becomes the command,
# keeping its process id. Done there and not in a function between fork and exec, which
# could deadlock: tests run servers on threads.
_BECOME = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(1, termios.TIOCSCTTY, 0)
if sys.argv[1] == "ignore": signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
# pyte takes the letters of these for text. None of them changes what is seen.
_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[(?:[<=>][\d;]*[@-~]|\?[\d;]*\$[@-~]|\?[\d;]*u)")
_UNFINISHED = re.compile(r"\x1b(?:\[[\d;:<=>?$ !]*)?\Z")
_SYNC_QUERY, _SYNC_ANSWER = "\x1b[?2026$p", b"\x1b[?2026;2$y"

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "backspace": "\x7f",
    "ctrl+c": "\x03",
    "ctrl+u": "\x15",
    "ctrl+p": "\x10",
    "ctrl+z": "\x1a",
}


class _Screen(pyte.Screen):
    """pyte's screen with an alternate one, and with a note of the private modes that are on."""

    def __init__(self, columns: int, lines: int) -> None:
        # Lines wrap and the cursor shows, until told otherwise.
        self.private = {7, CURSOR}
        self._kept: dict[int, str] = {}
        super().__init__(columns, lines)

    def set_title(self, param: str) -> None:
        if not param.startswith(";"):  # pyte takes the pointer's shape (OSC 22) for a title
            super().set_title(param)

    def set_mode(self, *numbers: int, **how: bool) -> None:
        if how.get("private"):
            if ALTERNATE_SCREEN in numbers and ALTERNATE_SCREEN not in self.private:
                self._kept = dict(enumerate(self.display))
                self.erase_in_display(2)
            self.private.update(numbers)
        super().set_mode(*numbers, **how)

    def reset_mode(self, *numbers: int, **how: bool) -> None:
        if how.get("private"):
            if ALTERNATE_SCREEN in numbers and ALTERNATE_SCREEN in self.private:
                self.erase_in_display(2)
                self.cursor_position(1, 1)
                for text in self._kept.values():
                    if text.strip():
                        self.draw(text.rstrip())
                        self.carriage_return()
                        self.linefeed()
            self.private.difference_update(numbers)
        super().reset_mode(*numbers, **how)


@dataclass(frozen=True)
class Ended:
    """How a process ended: exit code (negative: the signal), CPU seconds of its whole life."""

    code: int
    cpu: float


class Terminal(Closed):
    """`python ARGUMENTS` behind a pseudo-terminal that is its stdin, stdout and stderr.

    `env` is the whole environment. With `stdin`, standard input is a pipe that holds
    those bytes. With `ignore_hangup`, the process is started as by `nohup`. `python` is the
    interpreter that runs it, in `folder`.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        *,
        columns: int = 80,
        lines: int = 24,
        stdin: bytes | None = None,
        ignore_hangup: bool = False,
        python: Path = Path(sys.executable),
        folder: Path = ROOT,
    ) -> None:
        self.screen = _Screen(columns, lines)
        self.output = bytearray()
        self._stream = pyte.Stream(self.screen)
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._ended: Ended | None = None
        self._reading = True
        self._master, slave = os.openpty()
        self._set_size(columns, lines)
        self.modes_before = termios.tcgetattr(slave)
        become = [str(python), "-I", "-c", _BECOME, "ignore" if ignore_hangup else "usual"]
        self._process = subprocess.Popen(
            [*become, *arguments],
            stdin=slave if stdin is None else subprocess.PIPE,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env=dict(env),
            start_new_session=True,
        )
        self.pid = self._process.pid
        # Kept open, so that what the process leaves behind can still be read.
        self._slave = slave
        if stdin is not None and self._process.stdin is not None:
            with self._process.stdin as pipe:
                pipe.write(stdin)

    def close(self) -> None:
        self.hang_up()
        if self._reap() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.until(lambda: self._reap() is not None)

    @property
    def text(self) -> str:
        """The screen, one line per row, without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def rows(self) -> list[str]:
        return self.text.split("\n")

    def shows(self, *texts: str) -> bool:
        """Whether all of these are on the screen, each within one row."""
        rows = self.rows
        return all(any(text in row for row in rows) for text in texts)

    def row_with(self, text: str) -> str:
        """The first row that holds the text.

        Raises: AssertionError with the screen if there is none, as between two frames.
        """
        for row in self.rows:
            if text in row:
                return row
        raise AssertionError(f"no row with {text!r}; the screen:\n{self.text}")

    def cpu_seconds(self) -> float:
        """What the running process has used so far, in user and kernel mode."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def background(self, row: int, column: int = 5) -> str:
        """The colour behind a cell, as pyte names it."""
        return str(self.screen.buffer[row][column].bg)

    @property
    def is_restored(self) -> bool:
        """As a shell wants it: main screen, cursor, no mouse, echo, no title."""
        modes = self.terminal_modes() == self.modes_before
        return self.screen.private == {7, CURSOR} and modes and not self.screen.title

    def keys(self, *names: str) -> None:
        """Press keys: names of KEYS, or text that is typed as it is."""
        for name in names:
            os.write(self._master, KEYS.get(name, name).encode())

    def raw(self, data: bytes) -> None:
        """Send these bytes as if they were typed."""
        os.write(self._master, data)

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as when the SSH connection dies."""
        for descriptor in (self._slave, self._master):
            if descriptor >= 0:
                os.close(descriptor)
        self._slave = self._master = -1

    def stop_reading(self) -> None:
        """From now on take no output, as a line that has died without a word."""
        self._reading = False

    def terminal_modes(self) -> list[object]:
        """The line discipline's settings, as `termios.tcgetattr` gives them."""
        return termios.tcgetattr(self._slave)

    def left_to_read(self) -> bytes:
        """What was typed and nobody has read: the next program gets it."""
        waiting = struct.unpack("i", ioctl(self._slave, termios.FIONREAD, b"\0" * 4))[0]
        return os.read(self._slave, waiting) if waiting else b""

    def wait_for(self, *texts: str, timeout: float = PATIENCE) -> None:
        """Read until all of these are on the screen, each within one row."""
        self.until(lambda: self.shows(*texts), timeout, ", ".join(texts))

    def until(
        self, condition: Callable[[], object], timeout: float = PATIENCE, what: str = "condition"
    ) -> None:
        deadline = time.monotonic() + timeout
        # Half of a frame is not looked at, as a terminal does not show it either.
        while SYNCHRONIZED in self.screen.private or not condition():
            shown = f"{what!r} in vain for {timeout} s; the screen:\n{self.text}"
            assert time.monotonic() < deadline, shown
            if self._ended is not None and not self._readable(0):
                raise AssertionError(f"{what!r}: the process ended; the screen:\n{self.text}")
            self._take()

    def read_for(self, seconds: float) -> None:
        """Read what comes meanwhile. Only to vary when the next thing happens."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._take()

    @property
    def has_ended(self) -> bool:
        """Whether the process is over."""
        return self._reap() is not None

    def wait(self, timeout: float = PATIENCE) -> Ended:
        """Read until the process has ended, then what it left behind."""
        self.until(lambda: self._reap() is not None, timeout, "end of the process")
        while self._readable(0):
            self._take()
        assert self._ended is not None
        return self._ended

    def _reap(self) -> Ended | None:
        if self._ended is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._process.returncode = code
                self._ended = Ended(code, usage.ru_utime + usage.ru_stime)
        return self._ended

    def _readable(self, seconds: float) -> bool:
        if self._master < 0 or not self._reading:
            return False
        return bool(select.select([self._master], [], [], seconds)[0])

    def _take(self) -> None:
        if self._master < 0 or not self._reading:
            # Nothing to read any more: something else is waited for.
            time.sleep(0.005)
            return
        if not self._readable(0.02):
            return
        data = os.read(self._master, 65536)
        self.output += data
        text = self._rest + self._decode(data)
        if _SYNC_QUERY in text:
            os.write(self._master, _SYNC_ANSWER)
        unfinished = _UNFINISHED.search(text)
        self._rest = unfinished[0] if unfinished else ""
        self.take(text[: len(text) - len(self._rest)])

    def take(self, text: str) -> None:
        """Show what has come; no sequence in it is cut."""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))

    def _set_size(self, columns: int, lines: int) -> None:
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
