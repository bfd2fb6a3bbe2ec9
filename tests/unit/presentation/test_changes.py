"""What `watch` and commands on events are told of a session: each change once, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.making import SESSION_ID, at, done, point, session, stopped, task
from tests.support.states import EMPTY, state
from tui.analysis.assessing import assess
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.presentation.changes import Changes
from tui.presentation.happening import Dated, Happening

TWO = timedelta(minutes=2)


class Told:
    """Readings told one after the other."""

    def __init__(self) -> None:
        self._changes = Changes()

    def of(self, reading: FailoverSession, now: datetime) -> list[Happening]:
        return self._changes.lines(state(reading), now)


def told_of(*tasks: TaskSession, now: datetime) -> list[Happening]:
    """What of these tasks is told by a first reading besides the session's own lines."""
    return [each for each in Told().of(session(*tasks), now) if each.what.startswith("task")]


def test_a_first_reading_tells_what_has_begun_by_the_servers_clock() -> None:
    told = Told().of(session(task("a", created=at(1))), at(3))
    assert told == [
        Happening(
            at(0),
            "session started",
            None,
            f"ABC Company Failover Plan ({SESSION_ID})",
            Dated.SERVER,
        ),
        Happening(at(1), "task started", "a", "a@2026-11-23 13:00:00", Dated.SERVER),
        Happening(at(3), "session state", None, "Working", lasted=timedelta(minutes=3)),
    ]


def test_without_moments_of_the_server_they_are_when_it_was_seen() -> None:
    told = Told().of(session(task("a", created=None, point=None), created=None), at(3))
    assert [(each.at, each.what, each.dated, each.message) for each in told] == [
        (
            at(3),
            "session started",
            Dated.SEEN,
            f"ABC Company Failover Plan ({SESSION_ID})",
        ),
        (at(3), "task started", Dated.SEEN, None),
        (at(3), "session state", Dated.SEEN, "Working"),
    ]
    assert told[-1].lasted is None


def test_nothing_is_told_without_a_session_and_nothing_twice() -> None:
    changes = Changes()
    assert changes.lines(EMPTY, at(1)) == []
    reading = state(session(task("a"), message="Slow"))
    assert changes.lines(reading, at(1)) != []
    assert changes.lines(reading, at(2)) == []
    again = state(session(task("a"), message="Slow"))
    assert changes.lines(again, at(3)) == []


def test_starting_working_and_waiting_are_one_thing() -> None:
    told = Told()
    told.of(session(task("a", "Starting")), at(1))
    assert told.of(session(task("a", "Working")), at(2)) == []


def test_a_message_of_what_goes_on_is_told_when_it_changes_and_not_when_it_goes() -> None:
    told = Told()
    first = told.of(session(task("a", message="Copying"), message="Slow"), at(1))
    assert [(each.what, each.message) for each in first if "message" in each.what] == [
        ("task message", "Copying"),
        ("session message", "Slow"),
    ]
    other = told.of(session(task("a", message="Booting"), message="Slower"), at(2))
    assert other == [
        Happening(at(2), "task message", "a", "Booting"),
        Happening(at(2), "session message", None, "Slower"),
    ]
    assert told.of(session(task("a")), at(3)) == []


@pytest.mark.parametrize(
    ("ended", "what", "why"),
    [
        (done("a"), "task success", "took 2 min"),
        (done("a", "Success", "With a remark"), "task success", "With a remark"),
        (done("a", "Warning"), "task warning", "the server gave no message"),
        (done("a", "Failed"), "task failed", "the server gave no message"),
        (done("a", "Failed", "Disk full"), "task failed", "Disk full"),
    ],
)
def test_a_task_that_is_over_is_told_with_its_end_its_time_and_its_reason(
    ended: TaskSession, what: str, why: str
) -> None:
    told = Told()
    told.of(session(task("a")), at(1))
    expected = Happening(at(2), what, "a", why, Dated.SERVER, TWO)
    assert [each for each in told.of(session(ended), at(9)) if each.vm] == [expected]
    # One that was over at the first look is told with its start and its end.
    assert told_of(ended, now=at(9))[-1] == expected


def test_an_end_without_a_moment_is_told_when_it_was_seen() -> None:
    ended = replace(done("a", "Failed"), ended=None)
    told = told_of(ended, now=at(7))[-1]
    assert (told.at, told.dated, told.lasted) == (at(7), Dated.SEEN, timedelta(minutes=7))
    assert told.what == "task failed"
    without_times = replace(done("a"), created=None, ended=None)
    told = next(each for each in told_of(without_times, now=at(7)) if "success" in each.what)
    assert (told.message, told.lasted) == (None, None)


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (task("a", "Working", "Odd"), None),
        (task("a", "Resuming"), "the server says Resuming"),
        (task("a", "Stopped"), "the server says Stopped"),
        (task("a", "", ended=at(2)), "no result"),
    ],
)
def test_what_is_not_known_of_a_task_is_told_as_the_server_spelled_it(
    odd: TaskSession, why: str | None
) -> None:
    told = Told()
    told.of(session(task("a")), at(1))
    after = told.of(session(odd), at(3))
    assert [each.message for each in after if each.what == "task unknown"] == ([why] if why else [])


def test_a_task_that_stops_is_told_without_a_reason() -> None:
    told = Told()
    told.of(session(task("a"), task("b")), at(1))
    stopping = told.of(session(task("a", "Stopping"), task("b")), at(2))
    assert stopping == [Happening(at(2), "task stopping", "a", None, lasted=TWO)]


def test_a_task_that_the_server_no_longer_lists_is_told_as_that() -> None:
    changes, before = Changes(), state(session(task("a"), task("b")))
    changes.lines(before, at(1))
    reading = session(task("b"))
    left = replace(before, session=reading, assessment=assess(reading, before=before.assessment))
    (gone,) = changes.lines(left, at(2))
    assert (gone.what, gone.vm, gone.message) == (
        "task unknown",
        "a",
        "the server no longer lists it",
    )


@pytest.mark.parametrize(
    ("result", "message", "said"),
    [
        ("Success", None, "took 10 min"),
        ("Failed", None, "took 10 min"),
        ("Failed", "The plan was aborted", "The plan was aborted"),
    ],
)
def test_the_end_of_the_session_is_told_once_with_its_message_or_how_long_it_took(
    result: str, message: str | None, said: str
) -> None:
    told = Told()
    told.of(session(), at(1))
    over = stopped(result=result).model_copy(update={"failure_message": message})
    end = Happening(
        at(10), f"session {result.lower()}", None, said, Dated.SERVER, timedelta(minutes=10)
    )
    assert told.of(over, at(30)) == [end]


def test_the_end_of_a_session_without_any_moment_is_told_without_a_time() -> None:
    told = Told().of(session(state="Stopped", result="Success", created=None), at(4))
    end = told[-1]
    assert (end.at, end.what, end.message, end.dated) == (
        at(4),
        "session success",
        None,
        Dated.SEEN,
    )


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (session(state="Stopped"), "Stopped, no result yet"),
        (session(state="", ended=at(10)), "Ended, no result yet"),
    ],
)
def test_a_session_that_is_done_without_a_result_waits_for_it(
    over: FailoverSession, said: str
) -> None:
    told = Told()
    told.of(session(), at(1))
    assert [(each.what, each.message) for each in told.of(over, at(11))] == [
        ("session state", said)
    ]


def test_what_came_at_once_is_told_in_the_order_in_which_it_happened() -> None:
    late = task("late", "Stopped", "Failed", created=at(1), ended=at(8))
    early = task("early", "Stopped", "Success", created=at(2), ended=at(5))
    told = Told().of(session(late, early), at(9))
    moments = [each.at for each in told]
    assert moments == sorted(moments)
    assert [each.vm for each in told if "started" not in each.what and each.vm] == [
        "early",
        "late",
    ]


def test_tasks_that_are_named_anew_with_each_reading_do_not_fill_the_memory() -> None:
    told = Told()
    for number in range(9):
        told.of(session(task(f"vm{number}", point=None)), at(number))
    assert len(told._changes._tasks) <= 2
    # What is still listed is known all the same.
    assert told.of(session(task("vm8", point=None)), at(10)) == []


def test_the_replica_point_of_a_task_that_began_is_told_by_its_name() -> None:
    told = told_of(task("a", point=point("point-a").id), now=at(1))
    assert told[0].message == "a@2026-11-23 13:00:00"
