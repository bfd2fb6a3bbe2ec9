from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.making import SESSION_ID, session
from tests.support.observed import Course, everything, replayed
from tests.unit.journal.test_records import JDOE, RUNNING, everything_once
from tui.journal.chain import Wholeness
from tui.journal.keeping import Past, SessionJournal, keepers, read_past, this_watcher
from tui.journal.records import FORMAT
from tui.settings.resolved import JournalOptions


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "em01_9398" / f"{SESSION_ID}.jsonl"


def keep(path: Path, course: Course) -> Past:
    """Let one run of the program keep its observations; what was there before it."""
    before = read_past(path)
    journal = opened(path)
    assert journal.read() == before.observations
    for observation in course.seen:
        journal.take(observation)
    assert journal.close()
    return before


def opened(path: Path, told: Callable[[str | None], None] = lambda _: None) -> SessionJournal:
    journal = SessionJournal(path, server="em01:9398", session_id=SESSION_ID, watcher=lambda: JDOE)
    journal.hear(told)
    return journal


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
    journal = opened(path, said.append)
    assert journal.read() == ()
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

    journal = opened(path, hear)
    assert journal.read() == ()
    assert said == ["Is a directory"]
    for observation in Course().seen:
        journal.take(observation)
    journal.close()


def test_nothing_to_write_makes_no_file(path: Path) -> None:
    journal = opened(path)
    journal.read()
    assert journal.close()
    assert not path.exists()
    assert journal.last_hash is None


def test_the_last_hash_is_that_of_the_file(path: Path) -> None:
    journal = opened(path)
    journal.read()
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


def test_another_monitor_on_the_same_session_is_told_and_both_are_kept(path: Path) -> None:
    keep(path, Course(run="one"))
    said: list[str | None] = []
    first, second = opened(path), opened(path, said.append)
    first.read()
    first.take(Course(run="two").seen[0])
    writer = first._writer
    assert writer is not None
    while writer.last_hash == "0" * 64:
        threading.Event().wait(0.01)
    second.read()
    assert said == ["another monitor of jdoe on noc1 keeps it too; both are in it"]
    second.take(Course(run="three").seen[0])
    assert second.close()
    assert first.close()
    assert len(read_past(path).watchers) == 3


def test_damage_is_told(path: Path) -> None:
    course = Course()
    everything_once(course)
    keep(path, course)
    path.write_bytes(path.read_bytes().replace(b"storage called", b"storage calmed"))
    said: list[str | None] = []
    opened(path, said.append).read()
    assert len(said) == 1
    assert "it was altered at line" in (said[0] or "")


def test_what_is_too_old_goes_when_a_session_is_opened(path: Path) -> None:
    options = JournalOptions(folder=path.parents[1], max_age=timedelta(days=1))
    keep(path, Course())
    old = path.with_name("old.jsonl")
    old.write_bytes(path.read_bytes())
    os.utime(old, (1_000_000, 1_000_000))
    journal = keepers(options, "em01:9398", lambda: "AB")(SESSION_ID)
    assert journal is not None
    assert journal.path == path
    journal.read()
    assert not old.exists()
    assert path.exists()


def test_where_none_is_to_be_kept_there_is_none() -> None:
    assert keepers(None, "em01:9398", lambda: None)(SESSION_ID) is None


def test_what_could_not_be_written_is_counted_at_the_end(path: Path) -> None:
    course = Course()
    everything_once(course)
    path.parent.write_text("in the way")
    journal = opened(path)
    journal.read()
    for observation in course.seen:
        journal.take(observation)
    assert not journal.close()
    assert journal.lost >= len(course.seen)


def test_of_a_whole_journal_nothing_is_missing(path: Path) -> None:
    course = Course()
    everything_once(course)
    journal = opened(path)
    journal.read()
    for observation in course.seen:
        journal.take(observation)
    assert journal.close()
    assert journal.lost == 0
