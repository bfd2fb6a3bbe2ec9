from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tui.journal import writer as journal_writer
from tui.journal.chain import Record, Wholeness
from tui.journal.file import Journal, read_journal, verify_journal
from tui.journal.writer import JournalWriter

PATIENCE = 20.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "em01_9398" / "session.jsonl"


class Trouble:
    """What the writer says, and a way to wait for the next word of it."""

    def __init__(self) -> None:
        self.said: list[str | None] = []
        self._new = threading.Semaphore(0)

    def __call__(self, reason: str | None) -> None:
        self.said.append(reason)
        self._new.release()

    def wait(self) -> str | None:
        assert self._new.acquire(timeout=PATIENCE)
        return self.said[-1]

    def wait_for(self, reason: str | None) -> None:
        while reason not in self.said:
            self.wait()


def test_what_was_taken_is_written_in_order(path: Path) -> None:
    writer = JournalWriter(path)
    for number in range(500):
        writer.write({"number": number})
    assert writer.close()
    links = list(read_journal(path))
    assert [link.record for link in links] == [{"number": number} for number in range(500)]
    assert verify_journal(path).last_hash == writer.last_hash


def test_a_folder_that_cannot_be_made_is_said_once_and_nothing_is_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_writer, "TRY_AGAIN_AFTER", 0.01)
    path.parent.write_text("a file where the folder should be")
    trouble = Trouble()
    writer = JournalWriter(path, trouble)
    writer.write({"number": 1})
    assert "exists" in (trouble.wait() or "")
    writer.write({"number": 2})
    path.parent.unlink()
    assert trouble.wait() is None
    assert writer.close()
    assert [link.record for link in read_journal(path)] == [{"number": 1}, {"number": 2}]
    assert len(trouble.said) == 2


def test_a_failed_sync_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Journal) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Journal, "sync", failing)
    monkeypatch.setattr(journal_writer, "SYNC_AFTER", 0.0)
    trouble = Trouble()
    writer = JournalWriter(path, trouble)
    writer.write({"number": 1})
    assert trouble.wait() == "Input/output error"
    writer.close()


def test_a_change_is_synced_without_another_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = threading.Event()
    monkeypatch.setattr(Journal, "sync", lambda self: synced.set())
    monkeypatch.setattr(journal_writer, "SYNC_AFTER", 0.01)
    writer = JournalWriter(path)
    writer.write({"number": 1})
    assert synced.wait(PATIENCE)
    writer.close()


def test_too_much_that_cannot_be_written_drops_the_oldest_and_counts(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_writer, "MOST_WAITING", 3)
    monkeypatch.setattr(journal_writer, "TRY_AGAIN_AFTER", 0.01)
    path.parent.write_text("in the way")
    trouble = Trouble()
    writer = JournalWriter(path, trouble)
    writer.write({"number": 0})
    trouble.wait()
    for number in range(1, 6):
        writer.write({"number": number})
    assert writer.lost == 3
    path.parent.unlink()
    trouble.wait_for("3 records are missing in it, of a time in which it could not be written")
    assert writer.close()
    assert [link.record for link in read_journal(path)] == [{"number": n} for n in (3, 4, 5)]
    assert trouble.said[-1] is not None  # what is lost stays lost


def test_leaving_does_not_wait_for_a_disk_that_hangs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def hanging(self: Journal, records: Sequence[Record]) -> None:
        released.wait(PATIENCE)

    monkeypatch.setattr(Journal, "append", hanging)
    monkeypatch.setattr(journal_writer, "LAST_SECONDS", 0.01)
    writer = JournalWriter(path)
    writer.write({"number": 1})
    assert not writer.close()
    released.set()


def test_closing_writes_what_is_still_waiting(path: Path) -> None:
    writer = JournalWriter(path)
    writer.write({"number": 1})
    assert writer.close()
    assert verify_journal(path).wholeness is Wholeness.WHOLE
