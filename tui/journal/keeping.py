"""The journal of one session while it is followed: what it holds already, and what is added."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tui import __version__
from tui.journal.chain import Tally, Verification, Wholeness
from tui.journal.file import read_journal
from tui.journal.records import Player, Recorder, UnknownFormat, Watcher, header
from tui.journal.writer import JournalWriter
from tui.monitor.observations import Observation


@dataclass(frozen=True)
class Past:
    """What a journal holds.

    `observations` in the order in which they were written, up to the first altered line.
    `watchers` are the runs of the program: when each began, and who. `verification` says what
    became of the chain; `unreadable` counts records that this version does not understand.
    """

    observations: tuple[Observation, ...] = ()
    watchers: tuple[tuple[datetime, Watcher], ...] = ()
    verification: Verification = field(default_factory=lambda: Verification(Wholeness.EMPTY))
    server: str | None = None
    session_id: str | None = None
    unreadable: int = 0


def read_past(path: Path) -> Past:
    """All that a journal holds. Raises OSError, and `UnknownFormat` for a later version's."""
    player, tally = Player(), Tally()
    try:
        links = tally.through(read_journal(path))
        records = (link.record for link in links if link.record is not None)
        observations = tuple(player.observations(records))
    except FileNotFoundError:
        return Past()
    return Past(
        observations,
        tuple((at, watcher) for _, at, watcher in player.watchers),
        tally.verification,
        player.server,
        player.session_id,
        player.unreadable,
    )


class SessionJournal:
    """One session's journal. `read` first, on a thread; then `take` each observation.

    `on_trouble` is told, perhaps on another thread, why nothing can be written, and None once
    it can again.
    """

    def __init__(
        self,
        path: Path,
        *,
        server: str,
        session_id: str,
        watcher: Watcher,
        on_trouble: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        """Reads and writes nothing yet. `server` is `host:port` as shown to people."""
        self.path = path
        self._header = header(server, session_id)
        self._recorder = Recorder(watcher)
        self._on_trouble = on_trouble
        self._writer: JournalWriter | None = None
        self._fit = True

    def read(self) -> Past:
        """What it holds; nothing where it cannot be read, which `on_trouble` is told."""
        try:
            past = read_past(self.path)
        except UnknownFormat as error:
            # Lines of an older format among those of a newer one would be misread by both.
            self._fit = False
            self._on_trouble(f"a later version wrote it ({error})")
            return Past()
        except OSError as error:
            self._on_trouble(error.strerror or type(error).__name__)
            return Past()
        self._recorder.knows(past.observations)
        return past

    def take(self, observation: Observation) -> None:
        """Write what is new in it, beside the caller."""
        if not self._fit:
            return
        for record in self._recorder.records(observation):
            if self._writer is None:
                self._writer = JournalWriter(self.path, self._on_trouble, first=self._header)
            self._writer.write(record)

    @property
    def last_hash(self) -> str | None:
        """The hash of the last line written here; None before there is one."""
        return self._writer.last_hash if self._writer is not None else None

    @property
    def lost(self) -> int:
        """How many records could not be kept until they could be written."""
        return self._writer.lost if self._writer is not None else 0

    def close(self) -> bool:
        """Write what is still to be written; False if that could not be done in time."""
        writer, self._writer = self._writer, None
        return writer.close() if writer is not None else True


def this_watcher(fingerprint: str | None = None) -> Watcher:
    """The person and machine that run this program, as far as the system tells."""
    offset = datetime.now(UTC).astimezone().utcoffset()
    return Watcher(
        user=user_name(),
        host=socket.gethostname() or "unknown",
        version=__version__,
        fingerprint=fingerprint,
        utc_offset=offset.total_seconds() if offset is not None else 0.0,
    )


def user_name() -> str:
    """Who runs this program. Never raises: there are users without a name."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
