"""The file that `--log-file` names: what was asked, how it went, how long it took.

Redacted by construction: the only things that can be written are the fields of a
RequestRecord, which know no secret. Nothing is attached to the logging module's root,
so no library can write here.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import InvalidSettings
from tui.masking import masked

if TYPE_CHECKING:
    from tui.enterprise_manager.request_log import RequestRecord

MAX_BYTES = 1024 * 1024
"""The size at which a file is put aside."""

FILES = 3
"""The file being written and the older ones, together."""

_MAX_LINE = 2000
_NO_FILE = "it is a pipe or a socket, which may hold the program up"


class RequestLog:
    """A rotating log. Call it with a RequestRecord; close it at the end.

    A full disk or a vanished folder stops no monitor: such lines are dropped and counted in
    `lost`, the first of them is told to `on_trouble` with its reason, and once lines are
    taken again the log says where how many are missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handler = _PrivateRotatingFile(path)
        self._said = 0
        self.on_trouble: Callable[[str], object] = lambda sentence: None

    def __call__(self, record: RequestRecord) -> None:
        """Write one exchange with the server, or one question that came to nothing."""
        if not record.method:
            self._write(f"{record.path} failed {record.seconds:.3f} s {record.error}")
            return
        status = "no answer" if record.status is None else str(record.status)
        error = f" {record.error}" if record.error else ""
        self._write(
            f"{record.method} {record.path} {status} {record.size} B {record.seconds:.3f} s{error}"
        )

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


def open_request_log(path: Path) -> RequestLog:
    """Open the log for appending, readable by its owner only.

    Keeps at most 3 files of 1 MiB: `path`, `path.1`, `path.2`. Raises
    InvalidSettings where the file cannot be written.
    """
    try:
        return RequestLog(path)
    except OSError as error:
        reason = error.strerror
    raise InvalidSettings(f"The log file {path} cannot be written: {reason}.")


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
