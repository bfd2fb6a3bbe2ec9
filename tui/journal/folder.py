"""The folder of the journals: a folder for each server, in it a file for each session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tui.journal.file import SUFFIX, in_use
from tui.light import dataclass

_UNFIT: Final = re.compile(r"[^a-z0-9.-]+")


@dataclass(frozen=True)
class Stored:
    """A journal in the folder. `size` in bytes; `changed` is the file's time, aware UTC."""

    path: Path
    size: int
    changed: datetime

    @property
    def server(self) -> str:
        """The name of the folder it is in: the server's host and port."""
        return self.path.parent.name

    @property
    def session_id(self) -> str:
        """The session's ID."""
        return self.path.name.removesuffix(SUFFIX)


@dataclass(frozen=True)
class Pruned:
    """What pruning did: the journals removed, and why the others of those due were not."""

    removed: tuple[Stored, ...] = ()
    kept: tuple[tuple[Stored, str], ...] = ()


def path_of(folder: Path, server: str, session_id: str) -> Path:
    """Where the journal of a session is. `server` is `host:port` as shown to people.

    Whatever the names are, the path stays within the folder.
    """
    place = _UNFIT.sub("_", server.lower()).strip(".") or "_"
    name = _UNFIT.sub("_", session_id.lower()).strip(".") or "_"
    return folder / place / f"{name}{SUFFIX}"


def stored(folder: Path) -> tuple[Stored, ...]:
    """All journals, the one changed last first; none where there is no folder.

    Raises OSError where the folder cannot be read.
    """
    return tuple(sorted(_found(folder), key=lambda each: (each.changed, each.path), reverse=True))


def _found(folder: Path) -> Iterator[Stored]:
    if not folder.exists():
        return
    for place in folder.iterdir():
        if not place.is_dir():
            continue
        for path in place.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except FileNotFoundError:  # pruned by another monitor meanwhile
                continue
            changed = datetime.fromtimestamp(status.st_mtime, UTC)
            yield Stored(path, status.st_size, changed)


def prune(
    folder: Path, *, now: datetime, oldest: timedelta, most_bytes: int, keep: Path | None = None
) -> Pruned:
    """Remove what is too old, then the oldest until the rest fits into `most_bytes`.

    Age counts from a journal's last change. Never `keep`, and none that a monitor has open.
    Raises OSError where the folder cannot be read; what cannot be removed is told.
    """
    removed: list[Stored] = []
    kept: list[tuple[Stored, str]] = []
    oldest_first = stored(folder)[::-1]
    total = sum(each.size for each in oldest_first)
    for each in oldest_first:
        if total <= most_bytes and now - each.changed <= oldest:
            continue
        reason = _removal_refused(each.path, keep)
        if reason is not None:
            kept.append((each, reason))
            continue
        removed.append(each)
        total -= each.size
    return Pruned(tuple(removed), tuple(kept))


def _removal_refused(path: Path, keep: Path | None) -> str | None:
    """Remove it; what speaks against that."""
    try:
        if path == keep or in_use(path):
            return "in use"
        path.unlink(missing_ok=True)
    except OSError as error:
        return error.strerror or type(error).__name__
    return None
