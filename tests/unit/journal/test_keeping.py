from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.support.making import SESSION_ID, session
from tests.support.observed import Course, everything, replayed
from tests.unit.journal.test_records import JDOE, RUNNING, everything_once
from tui.journal.chain import Wholeness
from tui.journal.keeping import Past, SessionJournal, read_past, this_watcher
from tui.journal.records import FORMAT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "em01_9398" / f"{SESSION_ID}.jsonl"


def keep(path: Path, course: Course) -> Past:
    """Let one run of the program keep its observations; what was there before it."""
    journal = SessionJournal(path, server="em01:9398", session_id=SESSION_ID, watcher=JDOE)
    before = journal.read()
    for observation in course.seen:
        journal.take(observation)
    assert journal.close()
    return before


def test_a_run_that_begins_again_has_all_of_the_one_before(path: Path) -> None:
    course = Course()
    everything_once(course)
    assert keep(path, course).observations == ()
    past = read_past(path)
    assert list(past.observations) == course.seen
    assert (past.server, past.session_id) == ("em01:9398", SESSION_ID)
    assert past.verification.wholeness is Wholeness.WHOLE
    assert [who for _, who in past.watchers] == [JDOE]
    assert everything(replayed(past.observations)) == everything(course.snapshot)


def test_the_second_run_adds_and_says_nothing_twice(path: Path) -> None:
    course = Course()
    everything_once(course)
    keep(path, course)
    again = Course(run="two")
    again.read(RUNNING)
    assert list(keep(path, again).observations) == course.seen
    past = read_past(path)
    assert list(past.observations) == [*course.seen, *again.seen]
    assert len(past.watchers) == 2
    kinds = [json.loads(line)["kind"] for line in path.read_text().splitlines()]
    assert kinds.count("journal") == 1


def test_no_journal_is_no_past(path: Path) -> None:
    assert read_past(path) == Past()


def test_of_an_altered_journal_what_stands_before_is_taken_in(path: Path) -> None:
    course = Course()
    everything_once(course)
    keep(path, course)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b"seen_at", b"sean_at")
    path.write_bytes(b"".join(lines))
    past = read_past(path)
    assert (past.verification.wholeness, past.verification.at) == (Wholeness.ALTERED, 7)
    assert 0 < len(past.observations) < len(course.seen)
    assert list(past.observations) == course.seen[: len(past.observations)]


def test_a_later_versions_journal_is_neither_read_nor_written(path: Path) -> None:
    keep(path, Course())
    text = path.read_text().replace(f'"format":{FORMAT}', f'"format":{FORMAT + 1}')
    path.write_text("\n".join(_summed(line) for line in text.splitlines()) + "\n")
    said: list[str | None] = []
    journal = SessionJournal(
        path, server="em01", session_id=SESSION_ID, watcher=JDOE, on_trouble=said.append
    )
    assert journal.read() == Past()
    journal.take(Course().seen[0])
    journal.close()
    assert "a later version wrote it" in (said[0] or "")
    assert path.read_text().count("opened") == 1


def _summed(line: str) -> str:
    """With a sum of its own again; what it is bound to does not matter here."""
    from tui.journal.chain import line_of

    record = json.loads(line)
    del record["sum"]
    return line_of(record, record.pop("prev")).decode()


def test_a_journal_that_cannot_be_read_is_said_and_the_monitor_goes_on(path: Path) -> None:
    path.mkdir(parents=True)
    said: list[str | None] = []
    told = threading.Event()

    def hear(reason: str | None) -> None:
        said.append(reason)
        told.set()

    journal = SessionJournal(
        path, server="em01", session_id=SESSION_ID, watcher=JDOE, on_trouble=hear
    )
    assert journal.read() == Past()
    assert said == ["Is a directory"]
    for observation in Course().seen:
        journal.take(observation)
    journal.close()


def test_nothing_to_write_makes_no_file(path: Path) -> None:
    journal = SessionJournal(path, server="em01", session_id=SESSION_ID, watcher=JDOE)
    assert journal.close()
    assert not path.exists()
    assert journal.last_hash is None


def test_the_last_hash_is_that_of_the_file(path: Path) -> None:
    journal = SessionJournal(path, server="em01", session_id=SESSION_ID, watcher=JDOE)
    course = Course()
    course.read(session())
    for observation in course.seen:
        journal.take(observation)
    writer = journal._writer
    assert writer is not None
    journal.close()
    assert writer.last_hash == read_past(path).verification.last_hash


def test_who_watches_is_told_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "jdoe")
    assert this_watcher("AB").user == "jdoe"
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert this_watcher().user
