"""Observations through a journal and back, without a disk."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import earlier_run, finished, working
from tests.support.making import SESSION_ID, at, plan, point, session, stopped
from tests.support.observed import Course, everything, replayed
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.errors import ConnectionRefused, TimedOut
from tui.journal import records
from tui.journal.playing import Player, UnknownFormat
from tui.journal.records import Recorder, Watcher, header
from tui.monitor.observations import Observation, Reading

JDOE = Watcher(user="jdoe", host="noc1", version="0.1.0", fingerprint="AB", utc_offset=3600.0)
RUNNING = session(working("a", 0), working("b", 0))


def written(observations: Iterable[Observation], recorder: Recorder | None = None) -> list[Any]:
    recorder = recorder or Recorder(JDOE)
    found = [header("em01:9398", SESSION_ID)]
    for observation in observations:
        found += recorder.records(observation)
    return [json.loads(json.dumps(record)) for record in found]


def played(found: Iterable[Any]) -> tuple[list[Observation], Player]:
    player = Player()
    return list(player.observations(found)), player


def kinds(found: Iterable[Any]) -> list[str]:
    return [record["kind"] for record in found]


def everything_once(course: Course) -> None:
    """One of each kind of observation."""
    course.read(RUNNING)
    course.detail({"p": point("a"), "gone": None}, plan=plan("a", "b"), complete=True)
    course.meet(session(), stopped())
    course.learn(earlier_run(finished("a", 0, 1.0), finished("b", 0, 2.0)))
    course.aim(Goals(timedelta(minutes=5), None, at(-10)))
    course.wait(20)
    shown = course.read(session(finished("a", 0, 0.2, "Failed", "no space"), working("b", 0)))
    assert shown.assessment is not None
    course.acknowledge(shown.assessment.failures[0].key, "jdoe")
    course.note("storage called", "jdoe")
    course.pause()
    course.pause(paused=False)
    course.pace(10.0)
    course.be_silent()
    course.fail(ConnectionRefused("em01 refused the connection."))
    course.wait(20)
    course.read(stopped(finished("a", 0, 0.2, "Failed", "no space"), finished("b", 0, 0.6)))
    course.leave()


def test_every_kind_of_observation_comes_back_as_it_was() -> None:
    course = Course()
    everything_once(course)
    found, player = played(written(course.seen))
    assert found == course.seen
    assert player.unreadable == 0
    assert (player.server, player.session_id) == ("em01:9398", SESSION_ID)
    ((run, begun, who),) = player.watchers
    assert (run, begun, who) == ("one", course.seen[0].seen_at, JDOE)
    assert everything(replayed(found)) == everything(course.snapshot)


def test_a_reading_is_kept_whole_once_and_then_what_changed() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(20)
    failed = working("a", 0), finished("b", 0, 0.3, "Failed", "no space")
    course.read(session(*failed))
    course.wait(20)
    course.read(session(*failed, working("c", 0)))
    course.wait(20)
    course.read(session(failed[0]))
    first, second, third, fourth = written(course.seen)[3:]
    assert "full" in first
    assert "full" not in second
    assert set(second["tasks"]) == {"1"}
    assert "vm_name" not in second["tasks"]["1"]
    assert second["tasks"]["1"]["failure_message"] == "no space"
    assert third["count"] == 3
    assert set(third["tasks"]) == {"2"}
    assert fourth["count"] == 1
    assert "tasks" not in fourth
    assert played(written(course.seen))[0] == course.seen


def test_a_member_that_goes_is_gone_when_read_back() -> None:
    course = Course()
    course.read(session(working("a", 0), message="no licence"))
    course.wait(20)
    course.read(session(working("a", 0)))
    assert written(course.seen)[-1]["head"] == {"failure_message": None}
    assert played(written(course.seen))[0] == course.seen


def test_readings_that_bring_nothing_are_kept_rarely() -> None:
    course = Course()
    for _ in range(240):
        course.read(RUNNING)
        course.wait(5)
    told = kinds(written(course.seen))
    assert told[:4] == ["journal", "watch", "opened", "reading"]
    assert told[4:] == ["unchanged"] * 3
    last = played(written(course.seen))[0][-1]
    assert isinstance(last, Reading)
    assert last.session == RUNNING


def progressing(percent: int) -> FailoverSession:
    tasks = (task_at("a", percent), task_at("b", percent // 2))
    return session(*tasks, progress=percent)


def task_at(name: str, percent: int) -> TaskSession:
    begun = working(name, 0)
    return TaskSession(
        vm_name=begun.vm_name,
        replica_point=begun.replica_point,
        created=begun.created,
        state=begun.state,
        result=begun.result,
        progress=percent,
    )


def test_progress_alone_is_thinned_and_told_before_anything_else() -> None:
    course = Course()
    for percent in range(20):
        course.read(progressing(percent))
        course.wait(1)
    before_note = written(course.seen)
    assert kinds(before_note).count("reading") == 2
    course.note("now")
    after = written(course.seen)
    assert kinds(after)[-2:] == ["reading", "note"]
    found, _ = played(after)
    last = found[-2]
    assert isinstance(last, Reading)
    assert last.session == progressing(19)


def test_a_failure_is_told_at_once_whatever_else_moves() -> None:
    course = Course()
    course.read(progressing(10))
    course.wait(1)
    course.read(progressing(11))
    course.wait(1)
    course.read(session(task_at("a", 12), finished("b", 0, 0.1, "Failed", "x"), progress=12))
    assert kinds(written(course.seen))[-1] == "reading"
    assert everything(replayed(played(written(course.seen))[0])).keys()
    assert played(written(course.seen))[0][-1] == course.seen[-1]


def test_one_reason_for_no_answer_is_told_rarely_another_one_at_once() -> None:
    course = Course()
    for _ in range(20):
        course.fail(TimedOut("No answer within 10 s."))
        course.wait(20)
    course.fail(ConnectionRefused("refused"))
    course.wait(5)
    course.read(RUNNING)
    course.wait(5)
    course.fail(ConnectionRefused("refused"))
    told = kinds(written(course.seen))[3:]
    assert told == ["no answer"] * 2 + ["no answer", "reading", "no answer"]


def test_what_the_journal_holds_already_is_not_said_again() -> None:
    course = Course()
    everything_once(course)
    recorder = Recorder(JDOE)
    recorder.knows(course.seen)
    again = Course(run="two")
    again.meet(session(), stopped())
    again.learn(earlier_run(finished("a", 0, 1.0), finished("b", 0, 2.0)))
    again.aim(Goals(timedelta(minutes=5), None, at(-10)))
    assert kinds(written(again.seen, recorder)) == ["journal", "watch", "opened"]
    again.learn()
    assert kinds(written(again.seen, recorder))[-1] == "earlier runs"


def test_two_monitors_in_one_journal_do_not_confuse_their_readings() -> None:
    one, two = Course(run="one"), Course(run="two")
    first, second = Recorder(JDOE), Recorder(JDOE)
    lines = [header("em01", SESSION_ID)]
    for number in range(4):
        for course in (one, two):
            tasks = (task_at("a", number), finished(f"{course.seen[0].kind}{number}", 0, 0.1))
            course.read(session(*tasks))
            course.wait(20)
    for observation, other in zip(one.seen, two.seen, strict=True):
        lines += first.records(observation) + second.records(other)
    found, player = played(lines)
    assert found[::2] == one.seen
    assert found[1::2] == two.seen
    assert [run for run, _, _ in player.watchers] == ["one", "two"]


def test_what_cannot_be_understood_is_counted_and_the_rest_goes_on() -> None:
    course = Course()
    course.read(RUNNING)
    lines = written(course.seen)
    odd: list[Any] = [
        {"kind": "brain wave", "run": "one"},
        {"kind": "note", "run": "one"},
        {"kind": "reading", "run": "nobody", "seen_at": "2026-01-01T00:00:00Z"},
        {"kind": "reading", "run": "one", "seen_at": "yesterday"},
        {"kind": "watch", "run": "one"},
        {"no": "kind"},
    ]
    found, player = played([*lines[:3], *odd, *lines[3:]])
    assert found == course.seen
    assert player.unreadable == len(odd)


def test_members_of_a_later_version_are_passed_over() -> None:
    course = Course()
    everything_once(course)
    lines = [{**record, "mood": "good"} for record in written(course.seen)]
    assert played(lines)[0] == course.seen


@pytest.mark.parametrize("format_", [records.FORMAT + 1, "2", None])
def test_a_later_format_is_refused_not_misread(format_: object) -> None:
    with pytest.raises(UnknownFormat, match="this version reads up to"):
        played([{**header("em01", SESSION_ID), "format": format_}])


_tasks = st.builds(
    lambda name, percent, state: (
        task_at(name, percent)
        if state == "Working"
        else finished(name, 0, percent / 10, state, f"{name} {percent}")
    ),
    st.sampled_from("abcd"),
    st.integers(0, 100),
    st.sampled_from(["Working", "Failed", "Success", "Warning"]),
)
_sessions = st.builds(
    lambda tasks, percent: session(*tasks, progress=percent),
    st.lists(_tasks, max_size=4, unique_by=lambda each: each.vm_name),
    st.integers(0, 100) | st.none(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_sessions, st.integers(0, 400)), min_size=1, max_size=12))
def test_the_last_state_and_every_failure_survive_whatever_happens(
    steps: list[tuple[FailoverSession, int]],
) -> None:
    course = Course()
    course.pace(400.0)
    for shown, seconds in steps:
        course.read(shown)
        course.wait(seconds)
    course.leave()
    found, player = played(written(course.seen))
    assert player.unreadable == 0
    readings = [each.session for each in found if isinstance(each, Reading)]
    assert readings[-1] == steps[-1][0]
    again, live = replayed(found), course.snapshot
    assert again.assessment == live.assessment
    assert again.failed_seen_at == live.failed_seen_at
    assert set(again.events.events) == set(live.events.events)


@pytest.mark.parametrize(("seconds", "is_kept"), [(14.9, False), (15.0, True), (15.1, True)])
def test_progress_by_itself_is_kept_every_fifteen_seconds(seconds: float, is_kept: bool) -> None:
    course = Course()
    course.read(session(working("a", 0, 10)))
    before = len(written(course.seen))
    course.wait(seconds)
    course.read(session(working("a", 0, 20)))
    assert (len(written(course.seen)) > before) is is_kept


@pytest.mark.parametrize(("seconds", "is_kept"), [(299.0, False), (300.0, True)])
def test_that_nothing_changed_is_kept_every_five_minutes(seconds: float, is_kept: bool) -> None:
    for again in (Course.read, Course.fail):
        course = Course()
        course.read(RUNNING)
        if again is Course.fail:
            course.fail()
        before = len(written(course.seen))
        course.wait(seconds)
        if again is Course.fail:
            course.fail()
        else:
            course.read(RUNNING)
        assert (len(written(course.seen)) > before) is is_kept
