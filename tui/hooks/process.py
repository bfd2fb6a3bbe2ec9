"""One run of a command on an event: its input, its end, and what it said where it failed.

On a thread of its own, with nothing of the event loop's in it: starting a program blocks where
its disk does not answer, and a screen must not wait for that.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from threading import Event
from time import monotonic
from typing import Final, cast

from tui.pipe_reader import PipeReader

_LOOK_SECONDS: Final = 0.02
"""Between two looks whether it has ended, or is to be ended."""

_SECONDS_TO_DIE: Final = 0.5
"""For one that was killed; one that waits for a disk takes its time."""

_MOST_SAID: Final = 300
"""Characters of its last line of errors that are repeated."""


class CommandRun:
    """Runs one command with `data` as its standard input, for `seconds` at most.

    In a process group of its own, which is ended with it: what it leaves behind too. What it
    prints is thrown away; of its standard error the last line is kept.
    """

    def __init__(
        self, command: Sequence[str], data: bytes, environ: Mapping[str, str], seconds: float
    ) -> None:
        self._command = list(command)
        self._data = data
        self._environ = dict(environ)
        self._seconds = seconds
        self._to_end = Event()

    def end(self) -> None:
        """From any thread: no time is left for it."""
        self._to_end.set()

    def outcome(self) -> str | None:
        """Run it; blocks. What went wrong, to stand after its name; None if nothing did."""
        try:
            process = subprocess.Popen(  # noqa: S603 - a person chose the command
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=self._environ,
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            return f"could not be started: {getattr(error, 'strerror', None) or 'its name is odd'}"
        errors = PipeReader(cast(FileIO, process.stderr))
        in_time = self._see_through(process)
        _kill(process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_DIE)
        if self._to_end.is_set() and not in_time:
            return "was ended: no time was left for it"
        if not in_time:
            return f"took longer than {self._seconds:g} s and was ended"
        return _failure(process.returncode, errors)

    def _see_through(self, process: subprocess.Popen[bytes]) -> bool:
        """Hand the event over, wait; False where it had to be ended.

        It need not read, and may close its end; then the rest of the event is lost on it.
        """
        give_up_at = monotonic() + self._seconds
        pipe = cast(FileIO, process.stdin)
        rest = memoryview(self._data)
        if os.name == "posix":
            os.set_blocking(pipe.fileno(), False)
        while not self._to_end.is_set() and monotonic() < give_up_at:
            if rest:
                rest = _handed_over(pipe, rest)
                if not rest:
                    pipe.close()
            elif self._to_end.wait(_LOOK_SECONDS):
                break
            if _has_ended(process):
                break
        with suppress(OSError):
            pipe.close()
        return _has_ended(process)


def _handed_over(pipe: FileIO, rest: memoryview) -> memoryview:
    """What is still to be written, after a moment in which the pipe may have taken some."""
    try:
        if os.name != "posix":  # only sockets can be waited for there; an event is short
            return rest[os.write(pipe.fileno(), rest) :]
        if not select.select((), (pipe,), (), _LOOK_SECONDS)[1]:
            return rest
        return rest[os.write(pipe.fileno(), rest) :]
    except BlockingIOError:
        return rest
    except (OSError, ValueError):
        return rest[:0]


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended, without taking note of it where the system can do that.

    Until it is waited for, its number names its process group and nobody else's.
    """
    if process.returncode is not None:
        return True
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the command with all that it started, whether or not it has ended itself."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _failure(code: int | None, errors: PipeReader) -> str | None:
    if not code:
        return None
    how = f"failed with exit code {code}" if code > 0 else f"was ended by signal {-code}"
    lines = errors.all().decode("utf-8", "replace").strip().splitlines()
    last = "".join(c if c.isprintable() else "?" for c in lines[-1][:_MOST_SAID]) if lines else ""
    return f"{how}: {last}" if last else how
