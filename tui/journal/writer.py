"""Writes a journal beside the monitor: nothing on screen ever waits for a disk.

One thread takes the records, appends them, and syncs some seconds after the last change. What
cannot be written now is kept and tried again, so that a full disk or a folder that was
read-only for a while loses nothing as long as the monitor runs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

from tui.journal.chain import START, Record
from tui.journal.file import Journal

SYNC_AFTER: Final = 2.0
"""Seconds after which a change is forced to the disk."""

TRY_AGAIN_AFTER: Final = 5.0
"""Seconds between tries while the journal cannot be written."""

MOST_WAITING: Final = 20_000
"""Records kept while they cannot be written; the oldest are dropped and counted after that."""

LAST_SECONDS: Final = 1.0
"""How long leaving waits for what is still to be written."""


class JournalWriter:
    """Takes records from one thread, writes them on another."""

    def __init__(
        self,
        path: Path,
        on_trouble: Callable[[str | None], None] = lambda reason: None,
        *,
        first: Record | None = None,
    ) -> None:
        """`on_trouble` is told on the writer's thread why nothing can be written, or what was
        lost; None: all is well.

        `first` is written before all else where the journal is new.
        """
        self.path = path
        self._first = first
        self.lost = 0
        self.last_hash = START
        self._on_trouble = on_trouble
        self._waiting: deque[Record] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._trouble: str | None = None
        self._told: str | None = None
        self._journal: Journal | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, record: Record) -> None:
        """Take a record in; returns at once."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1
            self._waiting.append(record)
            self._changed.notify()

    @property
    def unwritten(self) -> int:
        """Records that were lost, and those that still wait."""
        return self.lost + len(self._waiting)

    def close(self) -> bool:
        """Write and sync what is there, within `LAST_SECONDS`; False if that did not succeed."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(LAST_SECONDS)
        return not self._thread.is_alive() and not self._waiting

    def _run(self) -> None:
        sync_at: float | None = None
        while True:
            records, closing = self._wait(sync_at)
            if records and self._append(records):
                sync_at = sync_at or monotonic() + SYNC_AFTER
            if sync_at is not None and (closing or monotonic() >= sync_at):
                self._attempt(lambda journal: journal.sync())
                sync_at = None
            if closing:
                if self._journal is not None:
                    self._journal.close()
                return

    def _wait(self, sync_at: float | None) -> tuple[list[Record], bool]:
        """Until there is something to do; what there is to write stays in the queue meanwhile."""
        with self._changed:
            if self._trouble is not None and not self._closing:
                self._changed.wait_for(lambda: self._closing, TRY_AGAIN_AFTER)
            elif not self._waiting and not self._closing:
                left = None if sync_at is None else max(0.0, sync_at - monotonic())
                self._changed.wait_for(lambda: self._waiting or self._closing, left)
            return list(self._waiting), self._closing

    def _append(self, records: list[Record]) -> bool:
        if not self._attempt(lambda journal: journal.append(self._beginning(journal) + records)):
            return False
        written = {id(record) for record in records}
        with self._changed:
            # Some may have been dropped at the front meanwhile, to make room.
            while self._waiting and id(self._waiting[0]) in written:
                self._waiting.popleft()
        return True

    def _beginning(self, journal: Journal) -> list[Record]:
        return [self._first] if self._first is not None and journal.is_empty() else []

    def _attempt(self, work: Callable[[Journal], None]) -> bool:
        stuck: str | None = None
        try:
            if self._journal is None:
                self._journal = Journal(self.path)
            work(self._journal)
            self.last_hash = self._journal.last_hash
        except OSError as error:
            stuck = error.strerror or type(error).__name__
        self._trouble = stuck
        told = self._to_tell(stuck)
        if told != self._told:
            self._told = told
            self._on_trouble(told)
        return stuck is None

    def _to_tell(self, stuck: str | None) -> str | None:
        """What was lost stays lost, and is told once the journal can be written again as well."""
        if not self.lost:
            return stuck
        if stuck is not None:
            return f"{stuck}; the oldest of what waits for it is being lost"
        records = "1 record is" if self.lost == 1 else f"{self.lost} records are"
        return f"{records} missing in it, of a time in which it could not be written"
