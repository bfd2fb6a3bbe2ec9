"""The file that `--log-file` names: what was asked, how it went, how long it took.

Redacted by construction: the only things that can be written are the fields of a
RequestRecord, which know no secret, and notes of this program's own, which are masked.
Nothing is attached to the logging module's root, so no library can write here.

Levels, each with those before it: `error`, what came to nothing; `warning`, what the server
refused or took long for, and commands on events that failed; `info`, every exchange; `debug`,
what goes out besides, and what this program runs on.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import platform
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from tui import __version__
from tui.errors import InvalidSettings
from tui.masking import masked
from tui.settings.resolved import LOG_LEVELS, LogLevel

if TYPE_CHECKING:
    from tui.enterprise_manager.request_log import RequestRecord

MAX_BYTES = 1024 * 1024
"""The size at which a file is put aside."""

FILES = 3
"""The file being written and the older ones, together."""

SLOW_SECONDS = 5.0
"""An answer that takes longer is a warning."""

_MAX_LINE = 2000
_NO_FILE = "it is a pipe or a socket, which may hold the program up"


class RequestLog:
    """A rotating log. Call it with a RequestRecord; close it at the end.

    A full disk or a vanished folder stops no monitor: such lines are dropped and counted in
    `lost`, the first of them is told to `on_trouble` with its reason, and once lines are
    taken again the log says where how many are missing.
    """

    def __init__(self, path: Path, level: LogLevel = "info") -> None:
        """`level` is the least grave that is written."""
        self._path = path
        self._level = LOG_LEVELS.index(level)
        self._handler = _PrivateRotatingFile(path)
        self._said = 0
        self.on_trouble: Callable[[str], object] = lambda sentence: None

    def __call__(self, record: RequestRecord) -> None:
        """Write one exchange with the server, or one question that came to nothing."""
        if not self._writes(_level_of(record)):
            return
        if not record.method:
            self._write(f"{record.path} failed {record.seconds:.3f} s {record.error}")
            return
        status = "no answer" if record.status is None else str(record.status)
        error = f" {record.error}" if record.error else ""
        self._write(
            f"{record.method} {record.path} {status} {record.size} B {record.seconds:.3f} s{error}"
        )

    def note(self, level: LogLevel, text: str) -> None:
        """Write what is no exchange with the server, with its level before it."""
        if self._writes(level):
            self._write(f"{level} {text}")

    def _writes(self, level: LogLevel) -> bool:
        return LOG_LEVELS.index(level) <= self._level

    @property
    def missing(self) -> str | None:
        """What its last line cannot tell: that there are more, which were not written."""
        count = self.lost - self._said
        if not count:
            return None
        lines = "1 line was" if count == 1 else f"{count} lines were"
        return f"{lines} not written to the log file {self._path}: {self._reason}."

    @property
    def lost(self) -> int:
        """How many lines could not be written."""
        return self._handler.lost

    def close(self) -> None:
        """Close the file; writing afterwards opens it again."""
        self._handler.close()

    def _write(self, text: str) -> None:
        line = masked(text)[:_MAX_LINE]
        line = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        missing = self.lost - self._said
        if missing:
            # On a line of its own, whatever the disk took of the one before.
            line = f"{missing} lines before this are missing: {self._reason}\n{moment} {line}"
            line = f"\n{moment} {line}"
        else:
            line = f"{moment} {line}"
        before = self.lost
        self._handler.handle(logging.makeLogRecord({"msg": line}))
        if self.lost == before:
            self._said = before
        elif not missing:
            self.on_trouble(
                f"The log file {self._path} takes no more lines: {self._reason}. How many are"
                " missing will stand in it."
            )

    @property
    def _reason(self) -> str:
        return self._handler.reason


def _level_of(record: RequestRecord) -> LogLevel:
    """An answer that says no is a warning, none at all or a broken one an error."""
    if record.error or record.status is None or record.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "error"
    refused = record.status >= HTTPStatus.BAD_REQUEST
    return "warning" if refused or record.seconds >= SLOW_SECONDS else "info"


def open_request_log(path: Path, level: LogLevel = "info") -> RequestLog:
    """Open the log for appending, readable by its owner only.

    Keeps at most 3 files of 1 MiB: `path`, `path.1`, `path.2`. Raises
    InvalidSettings where the file cannot be written.
    """
    try:
        return RequestLog(path, level)
    except OSError as error:
        reason = error.strerror
    raise InvalidSettings(f"The log file {path} cannot be written: {reason}.")


def begin_request_log(path: Path, level: LogLevel) -> RequestLog:
    """Open the log; its first line says what is running. Raises InvalidSettings."""
    log = open_request_log(path, level)
    log.note("debug", _this_program())
    return log


def _this_program() -> str:
    """What it is and what it runs on."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"failover-monitor {__version__}, Python {platform.python_version()}, {system}"


class _PrivateRotatingFile(RotatingFileHandler):
    """A rotating file of mode 0600 that never prints about its own troubles."""

    def __init__(self, path: Path) -> None:
        self.lost = 0
        self.reason = ""
        """Why the last of them could not be written."""
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=FILES - 1, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        # A pipe without a reader would hold the program at its start, one with a slow reader
        # at each line: it is refused, and opening it must not wait for one.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
        try:
            descriptor = os.open(self.baseFilename, flags, 0o600)
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise OSError(errno.EINVAL, _NO_FILE) from None
            raise
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, _NO_FILE)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Count instead of printing a traceback over the screen; the next line starts afresh."""
        self.lost += 1
        error = sys.exc_info()[1]
        self.reason = getattr(error, "strerror", None) or type(error).__name__
        broken, self.stream = self.stream, None
        if broken is not None:
            # What it still holds cannot be written either.
            with contextlib.suppress(OSError):
                broken.close()
