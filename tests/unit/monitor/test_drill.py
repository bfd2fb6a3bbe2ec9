"""What the person running the drill needs, over states and over leaving the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.monitor.drill_cases import finished, working
from tests.unit.monitor.making import SESSION_ID, at, session
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.monitor.assessment import assess
from tui.monitor.drill import DRILLS_KEPT, Drill, Drills, Goals
from tui.monitor.state import MonitorState


def state_of(
    *tasks: TaskSession, polls: int = 1, of: FailoverSession | None = None
) -> MonitorState:
    """A running session as some poll left it; polls are ten seconds apart."""
    read = of or session(*tasks)
    return MonitorState(
        SESSION_ID, session=read, assessment=assess(read), polls=polls, fetched_at=polls * 10.0
    )


def test_a_session_has_its_drill_back_however_its_id_is_spelled() -> None:
    drills = Drills(timedelta(minutes=3))
    drill = drills.of(SESSION_ID)
    drill.goals = Goals(rto=timedelta(minutes=30))
    assert drills.of(SESSION_ID.upper()) is drill
    assert drills.of("another") is not drill
    for number in range(DRILLS_KEPT - 1):
        drills.of(f"session-{number}")
        drills.of(SESSION_ID)
    assert drills.of(SESSION_ID) is drill
    assert len(drills._drills) == DRILLS_KEPT


def test_a_session_opened_again_does_not_tell_its_past_twice() -> None:
    drill = Drill(Goals())
    tasks = finished("a", 0, 1), working("b", 1)
    drill.take(state_of(*tasks), at(2))
    drill.note("storage team called", at(2))
    told = drill.events
    drill.take(MonitorState(SESSION_ID), at(3))
    assert drill.events == told
    drill.take(replace(state_of(*tasks), fetched_at=500.0), at(3))
    assert drill.events == told
    drill.take(replace(state_of(*tasks[:1], finished("b", 1, 3)), fetched_at=505.0), at(4))
    assert len(drill.events.events) == len(told.events) + 1
