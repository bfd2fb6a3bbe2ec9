"""An event as commands get it: what is known, null for what is not, never 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from tests.support.making import SESSION_ID, at, done, plan, session, stopped, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, judged, state
from tui.analysis.drill import Goals
from tui.analysis.targets import RtoView, TargetVerdict
from tui.monitor.clock import ServerClock
from tui.presentation.event_data import (
    MEMBERS,
    MOST_TEXT,
    Origin,
    event_data,
    event_text,
    notification_texts,
    rto_left,
    vm_counts,
)
from tui.presentation.happening import Dated, Happening

HERE = Origin("em01:9398")
FAILED = Happening(
    at(4), "task failed", "sql02", "No space", Dated.SERVER, timedelta(seconds=125.6)
)
TEN = timedelta(minutes=10)
OPEN = RtoView(TargetVerdict.OPEN, TEN, at(0), at(10), timedelta(minutes=4))


def test_before_any_data_what_is_not_known_is_null() -> None:
    data = event_data(Happening(at(1), "no data yet"), EMPTY, HERE, now=at(2), seen_at=at(3))
    assert list(data) == list(MEMBERS)
    known = {name: value for name, value in data.items() if value is not None}
    assert known == {
        "schema": "failover-monitor-event/1",
        "kind": "no data yet",
        "at": "2026-11-23T13:51:00Z",
        "clock": "here",
        "seen_at": "2026-11-23T13:53:00Z",
        "text": f"session {SESSION_ID}: no data yet",
        "server": "em01:9398",
        "rehearsal": False,
        "session_id": SESSION_ID,
    }


def test_with_data_it_says_how_the_session_stands() -> None:
    shown = state(session(done("up"), done("sql02", "Failed", "No space"), task("a"), progress=9))
    goals = Goals(rto=TEN, rpo=timedelta(hours=4))
    shown = replace(
        shown,
        drill=judged(shown, at(4), goals),
        details=replace(shown.details, tenant="Oak"),
        server_clock=ServerClock(at(4), 0.0, timedelta()),
    )
    data = event_data(FAILED, shown, Origin("em01:9398", "P", True), now=at(4.5), seen_at=at(5))
    assert data["clock"] == "server"
    assert data["text"].startswith("REHEARSAL ABC Company Failover Plan: task failed sql02: No")
    assert (data["profile"], data["rehearsal"], data["tenant"]) == ("P", True, "Oak")
    assert (data["plan"], data["backup_server"]) == ("ABC Company Failover Plan", "vbr01")
    assert (data["vm"], data["message"], data["duration_seconds"]) == ("sql02", "No space", 126)
    assert data["status"] == "running with errors"
    assert data["verdict"] == "RTO CANNOT BE MET, RUNNING WITH ERRORS"
    assert (data["started_at"], data["ended_at"]) == ("2026-11-23T13:50:00Z", None)
    assert data["elapsed_seconds"] == 270
    counts = data["vms"]
    assert counts.pop("total") == sum(counts.values()) == 3
    assert {name: count for name, count in counts.items() if count} == {
        "success": 1,
        "failed": 1,
        "running": 1,
    }
    assert data["rto"] == {
        "verdict": "cannot be met",
        "target_seconds": 600,
        "left_seconds": 330,
        "overrun_seconds": 0,
    }
    assert data["rpo"] == {"verdict": "open", "target_seconds": 14400, "worst_seconds": None}


def test_of_what_is_over_the_time_is_that_of_the_session() -> None:
    shown = state(stopped(done("a")))
    shown = replace(shown, drill=judged(shown, at(30), Goals(rto=timedelta(minutes=4))))
    data = event_data(FAILED, shown, HERE, now=at(99), seen_at=at(99))
    assert (data["ended_at"], data["elapsed_seconds"]) == ("2026-11-23T14:00:00Z", 600)
    assert data["rto"]["verdict"] == "not met"
    assert (data["rto"]["left_seconds"], data["rto"]["overrun_seconds"]) == (0, 360)


@pytest.mark.parametrize(
    ("view", "now", "left"),
    [
        (OPEN, 4, 360),
        (OPEN, 10, 0),
        (OPEN, 12, -120),
        (replace(OPEN, deadline=None), 4, None),
        (RtoView(TargetVerdict.NO_TARGET), 4, None),
        # Once it is over the margin is that of the end, whatever the clock says.
        (replace(OPEN, over=True, left=timedelta(seconds=90), overrun=timedelta()), 99, 90),
        (replace(OPEN, over=True, left=timedelta(), overrun=timedelta(seconds=90)), 4, -90),
        (replace(OPEN, over=True, left=None, overrun=timedelta()), 4, None),
        (replace(OPEN, over=True, left=timedelta(), overrun=None), 4, None),
    ],
)
def test_the_time_left_is_negative_once_it_has_passed(
    view: RtoView, now: float, left: int | None
) -> None:
    found = rto_left(view, at(now) + timedelta(microseconds=999_999 if now != 10 else 0))
    assert found == (None if left is None else timedelta(seconds=left))


def test_vms_are_counted_once_each_and_those_that_cannot_be_read_are_unknown() -> None:
    damaged = session(done("a"), task("b", "Odd"), task("c", "Stopping")).model_copy(
        update={"unreadable_tasks": 2}
    )
    shown = state(damaged, plan=plan("a", "b", "c", "d", "e", "f")).assessment
    assert shown is not None
    counts = vm_counts(shown)
    assert counts["unknown"] == 1 + shown.unreadable
    assert (counts["stopping"], counts["success"]) == (1, 1)
    assert sum(counts.values()) == shown.total


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_a_long_message_is_cut_so_that_a_pipe_takes_it_in_one_piece(more: int, cut: bool) -> None:
    message = "x" * (MOST_TEXT + more)
    data = event_data(replace(FAILED, message=message), EMPTY, HERE, now=at(1), seen_at=at(1))
    assert (data["message"] != message) is cut
    assert len(data["message"]) == MOST_TEXT


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_the_line_for_a_subject_has_four_hundred_characters(more: int, cut: bool) -> None:
    bare = event_text(replace(FAILED, message="x"), EMPTY, HERE)
    whole = replace(FAILED, message="x" * (401 - len(bare) + more))
    text = event_text(whole, EMPTY, HERE)
    assert len(text) == 400
    assert text.endswith("...") is cut


@given(OUTSIDE, OUTSIDE, OUTSIDE)
def test_nothing_from_outside_makes_a_second_line_of_a_subject(
    plan: str, vm: str, message: str
) -> None:
    shown = state(session(plan=plan))
    text = event_text(Happening(at(1), "task failed", vm, message), shown, HERE)
    assert text.isprintable()
    assert len(text) <= 400


def test_a_notification_tells_the_gravest_first_and_counts_the_rest() -> None:
    news = [
        Happening(at(1), "task failed", "a", "No space"),
        Happening(at(1), "connection lost", None, "Too slow."),
        Happening(at(1), "rto not met", None, "RTO 10 min NOT MET"),
        Happening(at(1), "session failed", None, "Aborted"),
        Happening(at(1), "refused", None, "May not read it."),
    ]
    shown = state(session(task("a")))
    title, text = notification_texts(news, shown, HERE)
    assert title == "ABC Company Failover Plan"
    assert text == "session failed, rto not met, refused: May not read it., 2 more"
    assert notification_texts(news[:3], shown, HERE)[1] == (
        "rto not met, task failed a: No space, connection lost"
    )
    rehearsed = notification_texts(news[:1], EMPTY, replace(HERE, rehearsal=True))
    assert rehearsed == (f"REHEARSAL session {SESSION_ID}", "task failed a: No space")
