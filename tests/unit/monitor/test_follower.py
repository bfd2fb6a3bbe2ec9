"""Observations in, snapshots out: no terminal, no server, no clock but the observations' own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.drill_cases import earlier_run, finished, working
from tests.support.making import SESSION_ID, at, plan, point, session, stopped
from tests.support.observed import MONOTONIC, Course, everything, replayed
from tui.analysis.drill import Goals
from tui.analysis.events import EventKind
from tui.analysis.stall import Movement
from tui.analysis.status import Status
from tui.analysis.targets import TargetVerdict
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import WrongCredentials
from tui.monitor.follower import NEW_FOR
from tui.monitor.judging import SETTLING
from tui.monitor.observations import Opened
from tui.monitor.snapshot import Snapshot

RUNNING = session(working("a", 0), working("b", 0))
FAILED = session(working("a", 0), finished("b", 0, 0.5, "Failed", "no space"))


def kinds(snapshot: Snapshot) -> list[EventKind]:
    return [event.kind for event in snapshot.events.events]


def verdict(snapshot: Snapshot) -> TargetVerdict:
    assert snapshot.drill is not None
    return snapshot.drill.rto.verdict


def movements(snapshot: Snapshot) -> set[Movement]:
    assert snapshot.drill is not None
    return {motion.movement for motion in snapshot.drill.motions.values()}


def known(course: Course) -> None:
    """Plan and earlier runs were asked for, and there are none."""
    course.detail(complete=True)
    course.learn()


# What a reading brings ---------------------------------------------------------------


def test_the_first_reading_brings_everything_that_is_shown() -> None:
    course = Course()
    course.wait(60)
    shown = course.read(FAILED)
    assert shown.session is FAILED
    assert shown.assessment is not None
    assert shown.assessment.status is Status.RUNNING_WITH_ERRORS
    assert shown.drill is not None
    assert [cause.count for cause in shown.drill.causes] == [1]
    assert shown.drill.slots.used == 1
    assert shown.fetched_at == course.monotonic
    assert shown.next_poll_at == course.monotonic + 5
    assert shown.server_now(course.monotonic + 1, at(99)) == at(1) + timedelta(seconds=1)
    assert kinds(shown)[:2] == [EventKind.SESSION, EventKind.TASK_STARTED]


def test_a_slow_answer_is_asked_for_again_from_question_to_question() -> None:
    course = Course()
    course.wait(10)
    assert course.read(RUNNING, asked_at=course.monotonic - 2).next_poll_at == MONOTONIC + 13
    shown = course.read(RUNNING, asked_at=course.monotonic - 60)
    assert shown.next_poll_at == course.monotonic + 2.5, "half of the time for the server"


def test_an_answer_that_makes_no_sense_changes_nothing() -> None:
    course = Course()
    before = everything(course.read(RUNNING))
    with pytest.raises(TypeError):
        course.read(FailoverSession.model_construct(id=SESSION_ID, tasks=None))
    assert everything(course.snapshot) == before
    assert course.read(FAILED).session is FAILED


def test_the_end_is_read_twice_before_the_polls_become_rare() -> None:
    course = Course()
    intervals = []
    for read in (RUNNING, stopped(), stopped(), stopped(), RUNNING):
        course.wait(5)
        intervals.append(course.read(read).interval)
    assert intervals == [5, 5, 60, 60, 5]
    course.read(stopped())
    assert course.read(stopped()).wanted_interval == 5
    assert course.pace(300).interval == 300


# Failures, alarms, acknowledgements ----------------------------------------------------


def test_what_had_failed_before_somebody_looked_is_no_alarm() -> None:
    shown = Course().read(FAILED)
    assert (shown.alarms, dict(shown.new_failures)) == (0, {})
    assert [key.vm_name for key in shown.failed_seen_at] == ["b"]


def test_a_failure_is_new_for_ten_seconds_whoever_looks_when() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(30)
    shown = course.read(FAILED)
    (key,) = shown.new_failures
    assert (key.vm_name, shown.alarms) == ("b", 1)
    assert shown.failed_seen_at[key] == at(0.5)
    assert course.follower.due == course.monotonic + NEW_FOR
    assert course.wait(NEW_FOR - 0.001).new_failures
    assert not course.wait(0.001).new_failures
    assert course.read(FAILED).alarms == 1


def test_an_acknowledged_failure_is_not_new_and_keeps_who_took_note() -> None:
    course = Course()
    course.read(RUNNING)
    shown = course.read(FAILED)
    (key,) = shown.new_failures
    assert [view.key for view in shown.unacknowledged] == [key]
    course.wait(60)
    shown = course.acknowledge(key, "jdoe")
    assert not shown.new_failures
    assert not shown.unacknowledged
    assert (shown.acknowledged[key].at, shown.acknowledged[key].author) == (at(1), "jdoe")
    event = shown.events.events[-1]
    assert (event.kind, event.key, event.author) == (EventKind.ACKNOWLEDGED, key, "jdoe")
    assert everything(course.acknowledge(key, "somebody else")) == everything(shown)


# Time alone --------------------------------------------------------------------------------


def test_old_data_says_nothing_of_what_moves_from_the_moment_it_is_old() -> None:
    course = Course()
    course.read(RUNNING)
    course.read(session(working("a", 0, 20), working("b", 0, 20)))
    assert movements(course.snapshot) == {Movement.MOVING}
    assert movements(course.wait(10.0)) == {Movement.MOVING}
    assert movements(course.wait(0.01)) == {Movement.CANNOT_TELL}
    assert movements(course.read(RUNNING)) == {Movement.MOVING}


def test_while_paused_nothing_is_said_of_what_moves() -> None:
    course = Course()
    course.read(RUNNING)
    course.read(session(working("a", 0, 20), working("b", 0, 20)))
    assert movements(course.pause()) == {Movement.CANNOT_TELL}
    assert movements(course.pause(False)) == {Movement.MOVING}


def test_a_target_that_goes_by_is_judged_at_its_moment_by_whoever_looks() -> None:
    course = Course()
    course.aim(Goals(rto=timedelta(minutes=1)))
    course.read(RUNNING)
    known(course)
    assert verdict(course.snapshot) is TargetVerdict.OPEN
    assert verdict(course.wait(59.9)) is TargetVerdict.OPEN
    looked = course.wait(0.2)
    assert verdict(looked) is TargetVerdict.AT_RISK
    assert looked.drill is not None
    assert looked.drill.rto.since is not None
    assert abs(looked.drill.rto.since - at(1)) < timedelta(milliseconds=1)
    course.wait(600)
    assert course.read(RUNNING).drill is not None
    assert everything(course.snapshot) == everything(replayed(course.seen))


def test_a_risk_is_told_after_a_minute_even_if_nothing_was_learned() -> None:
    course = Course()
    course.wait(9 * 60)
    course.aim(Goals(rto=timedelta(minutes=12)))
    course.read(RUNNING)
    course.wait(100)
    course.pace(60.0)
    course.read(RUNNING)
    assert verdict(course.snapshot) is not TargetVerdict.UNKNOWN
    slow = Course()
    slow.pace(600.0)
    slow.aim(Goals(rto=timedelta(minutes=10)))
    slow.wait(8.5 * 60)
    assert verdict(slow.read(RUNNING)) is TargetVerdict.UNKNOWN
    assert verdict(slow.wait(SETTLING - 0.1)) is TargetVerdict.UNKNOWN
    assert verdict(slow.wait(0.1)) is TargetVerdict.AT_RISK


def test_a_server_at_the_end_of_all_dates_stops_nothing() -> None:
    course = Course(ahead=0)
    course.aim(Goals(rto=timedelta(minutes=1)))
    late = at(0).replace(year=9999, month=12, day=31, hour=23, minute=59)
    shown = course.read(
        session(working("a", 0), created=late - timedelta(seconds=30)), server_time=late
    )
    assert shown.drill is not None
    assert shown.drill.rto.deadline == late + timedelta(seconds=30)
    later = course.wait(3600).drill
    assert later is not None
    assert later.rto.deadline == shown.drill.rto.deadline


# Trouble -------------------------------------------------------------------------------------


def test_trouble_keeps_the_data_and_its_beginning_and_ends_with_an_answer() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(5)
    course.be_silent()
    assert course.snapshot.asked_at == course.monotonic - 4
    shown = course.fail()
    assert shown.asked_at is None
    course.wait(30)
    shown = course.fail(WrongCredentials("Wrong user or password."))
    assert shown.session is RUNNING
    assert shown.trouble is not None
    assert (shown.trouble.failures, shown.trouble.since) == (2, MONOTONIC + 5)
    assert shown.trouble.needs_logon
    assert kinds(shown)[-1] is EventKind.CONNECTION_LOST
    course.wait(30)
    shown = course.read(RUNNING)
    assert shown.trouble is None
    assert shown.events.events[-1].lasted == timedelta(seconds=60)


# Details, runs, goals ----------------------------------------------------------------------------


def test_details_add_up() -> None:
    course = Course()
    course.read(RUNNING)
    course.detail(plan=plan("a", "b", "c"))
    shown = course.detail({"point-a": point("point-a"), "point-b": None})
    assert shown.assessment is not None
    assert shown.assessment.count(Status.WAITING) == 1
    course.detail(unreadable_points=frozenset({"point-x"}), failed_over=frozenset({"c"}))
    shown = course.detail({"point-c": point("point-c")}, complete=True)
    assert set(shown.details.points) == {"point-a", "point-b", "point-c"}
    assert shown.details.unreadable_points == {"point-x"}
    assert shown.details.complete
    assert shown.assessment is not None
    assert shown.assessment.count(Status.ALREADY) == 1


def test_earlier_runs_are_compared_with_and_an_empty_answer_takes_none_away() -> None:
    course = Course()
    course.read(RUNNING)
    run = earlier_run(finished("a", 0, 2))
    course.meet(run)
    shown = course.learn(run)
    assert shown.usual == {"a": timedelta(minutes=2)}
    assert shown.comparison is not None
    assert shown.comparison.earlier_id == run.id
    assert shown.neighbours.older is not None
    assert shown.neighbours.older.id == run.id
    assert course.learn().runs == (run,)


def test_a_persons_targets_hold_against_those_of_the_settings() -> None:
    course = Course()
    course.aim(Goals(rto=timedelta(minutes=30)), by_person=False)
    assert course.snapshot.goals.rto == timedelta(minutes=30)
    course.aim(Goals(rto=timedelta(minutes=5)))
    shown = course.aim(Goals(rto=timedelta(minutes=30)), by_person=False)
    assert shown.goals.rto == timedelta(minutes=5)


def test_notes_are_by_the_servers_clock() -> None:
    course = Course(ahead=90)
    course.read(RUNNING)
    course.wait(30)
    shown = course.note(" switched DNS ", "jdoe")
    event = shown.events.events[-1]
    assert (event.at, event.text, event.author) == (at(2), "switched DNS", "jdoe")


# Leaving and coming back ------------------------------------------------------------------------


def test_leaving_and_coming_back_loses_nothing_and_tells_nothing_twice() -> None:
    course = Course()
    course.read(RUNNING)
    course.note("storage team called")
    course.pause()
    course.fail()
    before = course.leave()
    course.wait(3600)
    assert course.snapshot.drill is before.drill, "nobody follows, nothing falls due"
    shown = course.open()
    assert (shown.paused, shown.trouble, shown.next_poll_at) == (False, None, None)
    assert shown.session is RUNNING
    shown = course.read(FAILED)
    assert shown.alarms == 1, "it failed while nobody looked"
    assert kinds(shown).count(EventKind.TASK_STARTED) == 2
    assert [event.text for event in shown.events.events if event.kind is EventKind.NOTE]


@pytest.mark.parametrize("run", ["one", "two"])
def test_what_was_due_before_it_is_opened_again_came_about_whoever_looked(run: str) -> None:
    """The program was killed: nothing tells that it was left."""

    def course(looks: list[float], ahead: float) -> Snapshot:
        course = Course()
        known(course)
        course.aim(Goals(rto=timedelta(minutes=3)))
        course.wait(60)
        course.read(RUNNING)
        course.wait(1)
        course.read(FAILED)
        for seconds in looks:
            course.wait(seconds)
        course.seconds += 300 - sum(looks)
        opened = Opened(
            seen_at=at(0) + timedelta(seconds=course.seconds),
            monotonic=course.monotonic + (ahead if run == "two" else 0.0),
            session_id=SESSION_ID,
            interval=5.0,
            stall_after=timedelta(minutes=10),
            run=run,
        )
        return course.follower.take(opened)

    unseen, looked_on = course([], 1000.0), course([5, 10, 60, 120], 1000.0)
    assert everything(unseen) == everything(looked_on)
    assert unseen.new_failures == {}, "ten seconds had gone by"
    assert verdict(unseen) is TargetVerdict.CANNOT_BE_MET


def test_another_run_of_the_program_goes_on_with_its_own_monotonic_clock() -> None:
    course = Course()
    course.aim(Goals(rto=timedelta(minutes=30)))
    course.read(RUNNING)
    same = Course()
    same.aim(Goals(rto=timedelta(minutes=30)))
    same.read(RUNNING)
    for each in (course, same):
        each.wait(60)
    booted = -700.0
    shown = course.open("two", monotonic=course.monotonic + booted)
    expected = same.open()
    assert shown.fetched_at == (expected.fetched_at or 0) + booted
    assert shown.server_now(course.monotonic + booted, at(9)) == at(1)
    assert replace(shown, fetched_at=None) == replace(expected, fetched_at=None)


def test_a_failure_among_very_many_is_judged_with_the_reading_that_brings_it() -> None:
    names = [f"vm-{number:03}" for number in range(301)]
    course = Course()
    course.aim(Goals(timedelta(minutes=5)))
    course.read(session(*(working(name, 0) for name in names)))
    course.wait(1)
    failed = finished(names[0], 0, 0.01, "Failed", "no space")
    shown = course.read(session(failed, *(working(name, 0) for name in names[1:])))
    assert verdict(shown) is TargetVerdict.CANNOT_BE_MET
    assert shown.drill is not None
    assert shown.drill.rto.recovery.failed == 1
