"""The journal of one session while it is followed: what it holds already, and what is added."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui import __version__
from tui.journal.chain import Tally, Verification, Wholeness
from tui.journal.file import in_use, read_journal
from tui.journal.folder import path_of, prune
from tui.journal.playing import Player, UnknownFormat
from tui.journal.records import Recorder, Watcher, header
from tui.journal.writer import JournalWriter
from tui.light import dataclass
from tui.monitor.observations import Observation
from tui.settings.resolved import JournalOptions


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
    """One session's journal, as a `tui.monitor.live_session.Keeper`.

    `read` first, on a thread; what is taken before that is not kept.
    """

    def __init__(
        self,
        path: Path,
        *,
        server: str,
        session_id: str,
        watcher: Callable[[], Watcher],
        options: JournalOptions | None = None,
    ) -> None:
        """Reads and writes nothing yet. `server` is `host:port` as shown to people; `watcher`
        is asked once, by `read`, which also removes what `options` do not want kept."""
        self._options = options
        self.path = path
        self._header = header(server, session_id)
        self._watcher = watcher
        self._recorder: Recorder | None = None
        self._on_trouble: Callable[[str | None], None] = lambda _: None
        self._writer: JournalWriter | None = None
        self._fit = True
        self._missing = 0

    def hear(self, told: Callable[[str | None], None]) -> None:
        """Tell, on any thread, why nothing can be written, and None once it can again."""
        self._on_trouble = told

    def read(self) -> tuple[Observation, ...]:
        """What it holds; nothing where it cannot be read, which is told."""
        self._recorder = Recorder(self._watcher())
        try:
            past = read_past(self.path)
            also = in_use(self.path) if past.observations else False
        except UnknownFormat as error:
            # Lines of an older format among those of a newer one would be misread by both.
            self._fit = False
            self._on_trouble(f"a later version wrote it ({error})")
            return ()
        except OSError as error:
            self._on_trouble(error.strerror or type(error).__name__)
            return ()
        self._recorder.knows(past.observations)
        self._tidy()
        self._tell(past, also=also)
        return past.observations

    def past(self) -> tuple[Observation, ...]:
        """What it holds now, what was just written too; nothing where it cannot be read."""
        try:
            return read_past(self.path).observations
        except (OSError, UnknownFormat):
            return ()

    def _tidy(self) -> None:
        options = self._options
        if options is not None:
            with suppress(OSError):  # a folder that cannot be read says so when it is written
                prune(
                    options.folder,
                    now=datetime.now(UTC),
                    oldest=options.max_age,
                    most_bytes=options.max_bytes,
                    keep=self.path,
                )

    def _tell(self, past: Past, *, also: bool) -> None:
        """What a person should know of it: damage, or that another monitor writes it too."""
        found = past.verification
        if found.wholeness is Wholeness.ALTERED:
            self._on_trouble(f"it was altered at line {found.at}; what follows is not taken in")
        elif also:
            who = past.watchers[-1][1] if past.watchers else None
            by = f" of {who.user} on {who.host}" if who is not None else ""
            self._on_trouble(f"another monitor{by} keeps it too; both are in it")

    def take(self, observation: Observation) -> None:
        """Write what is new in it, beside the caller."""
        if not self._fit or self._recorder is None:
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
        """How many records could not be kept until they could be written; once it is closed,
        how many are missing in it."""
        return self._missing + (self._writer.lost if self._writer is not None else 0)

    def close(self) -> bool:
        """Write what is still to be written; False if that could not be done in time."""
        writer, self._writer = self._writer, None
        if writer is None:
            return True
        written = writer.close()
        self._missing += writer.unwritten
        return written


def keepers(
    options: JournalOptions | None, server: str, fingerprint: Callable[[], str | None]
) -> Callable[[str], SessionJournal | None]:
    """What gives the journal of each session of a server; None for all where none is kept.

    `fingerprint` is that of the server's certificate, where it is known; it may block.
    """

    def of_session(session_id: str) -> SessionJournal | None:
        if options is None:
            return None
        return SessionJournal(
            path_of(options.folder, server, session_id),
            server=server,
            session_id=session_id,
            watcher=lambda: this_watcher(fingerprint()),
            options=options,
        )

    return of_session


def this_watcher(fingerprint: str | None = None) -> Watcher:
    """The person and machine that run this program, as far as the system tells."""
    return Watcher(
        user=user_name(),
        host=socket.gethostname() or "unknown",
        version=__version__,
        fingerprint=fingerprint,
        utc_offset=local_offset().total_seconds(),
    )


def local_offset() -> timedelta:
    """How far the local time of this machine is ahead of UTC."""
    return datetime.now(UTC).astimezone().utcoffset() or timedelta()


def user_name() -> str:
    """Who runs this program. Never raises: there are users without a name."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
