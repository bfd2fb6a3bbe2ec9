"""What the person running the drill needs, over states and over leaving the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.drill_cases import finished, plan_of, working
from tests.support.making import SESSION_ID, at, session
from tui.analysis.assessment import assess
from tui.analysis.estimate import Estimate
from tui.analysis.targets import RtoVerdict, RtoView
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.monitor.details import Details
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


def test_no_risk_is_told_before_plan_and_earlier_runs_were_asked_for() -> None:
    def judged(drill: Drill, minute: float, *, complete: bool) -> RtoView:
        state = state_of(working("a", 0))
        drill.take(replace(state, details=Details(complete=complete)), at(minute))
        view = drill.view(at(minute), as_of=at(minute), stale=False)
        assert view is not None
        return view.rto

    goals = Goals(rto=timedelta(minutes=10))
    drill = Drill(goals)
    unsaid = judged(drill, 9, complete=False)
    assert unsaid.verdict is RtoVerdict.UNKNOWN
    assert "still being read" in unsaid.reason
    assert judged(drill, 9.1, complete=True).verdict is RtoVerdict.UNKNOWN
    drill.learn(())
    assert judged(drill, 9.2, complete=True).verdict is RtoVerdict.AT_RISK

    waited = Drill(goals)
    assert judged(waited, 8.5, complete=False).verdict is RtoVerdict.UNKNOWN
    assert judged(waited, 9.5, complete=False).verdict is RtoVerdict.AT_RISK, "not for ever"
    assert judged(Drill(goals), 10.1, complete=False).verdict is RtoVerdict.MISSED


def test_an_estimate_is_kept_through_a_gap_until_it_is_contradicted_or_over() -> None:
    def shown(drill: Drill, minute: float, state: MonitorState) -> Estimate | None:
        drill.take(state, at(minute))
        view = drill.view(at(minute), as_of=at(minute), stale=False)
        assert view is not None
        return view.outlook.estimate

    known = Details(plan=plan_of("a", "b", "c", "d"))
    done = [finished(vm, 0, 2) for vm in "abc"]
    whole = replace(state_of(*done, working("d", 2)), details=known)
    drill = Drill(Goals())
    before = shown(drill, 3, whole)
    assert before is not None
    partial = replace(state_of(*done[:1], working("d", 2), polls=2), details=known)
    through = shown(drill, 3.2, partial)
    assert through is not None
    assert through.latest == before.latest
    assert through.earliest >= at(3.2)
    assert shown(drill, 30, partial) is None, "its latest end has gone by"

    stopping = session(*done, working("d", 2), state="Stopping")
    drill = Drill(Goals())
    assert shown(drill, 3, whole) is not None
    assert shown(drill, 3.2, state_of(polls=2, of=stopping)) is None


def test_a_session_in_a_state_nobody_knows_runs_until_it_ends() -> None:
    resuming = session(
        *(finished(vm, 0, 2) for vm in "abc"), working("d", 2), state="Resuming", result=""
    )
    state = replace(state_of(of=resuming), details=Details(plan=plan_of("a", "b", "c", "d")))
    assert state.elapsed(at(3)) == timedelta(minutes=3)
    drill = Drill(Goals())
    drill.take(state, at(3))
    view = drill.view(at(3), as_of=at(3), stale=False)
    assert view is not None
    assert view.outlook.estimate is not None
    over = resuming.model_copy(update={"state": "Stopped"})
    assert state_of(of=over).elapsed(at(3)) is None, "its end is not known"
