"""What the person running the drill needs, from reading to reading."""

from __future__ import annotations

from datetime import timedelta

from tests.support.drill_cases import finished, working
from tests.support.making import at, point, session, task
from tests.support.making import plan as plan_of
from tests.support.states import judged, state
from tui.analysis.drill import Drill, Goals
from tui.analysis.estimate import Estimate
from tui.analysis.targets import TargetVerdict
from tui.enterprise_manager.resources import ReplicaPoint
from tui.monitor.snapshot import Snapshot

STALL = timedelta(minutes=10)


def test_no_risk_is_told_while_what_a_forecast_rests_on_is_being_read() -> None:
    read, goals = state(session(working("a", 0))), Goals(rto=timedelta(minutes=10))
    unsaid = judged(read, at(9), goals, settled=False).rto
    assert unsaid.verdict is TargetVerdict.UNKNOWN
    assert judged(read, at(9), goals, settled=True).rto.verdict is TargetVerdict.AT_RISK
    assert judged(read, at(10.1), goals, settled=False).rto.verdict is TargetVerdict.NOT_MET


def test_an_estimate_is_kept_through_a_gap_until_it_is_contradicted_or_over() -> None:
    def shown(drill: Drill, minute: float, read: Snapshot) -> Estimate | None:
        return judged(read, at(minute), drill=drill).outlook.estimate

    known = plan_of("a", "b", "c", "d")
    done = [finished(vm, 0, 2) for vm in "abc"]
    whole = state(session(*done, working("d", 2)), plan=known)
    drill = Drill(STALL)
    before = shown(drill, 3, whole)
    assert before is not None
    partial = state(session(*done[:1], working("d", 2)), plan=known)
    through = shown(drill, 3.2, partial)
    assert through is not None
    assert through.latest == before.latest
    assert through.earliest >= at(3.2)
    assert shown(drill, 30, partial) is None, "its latest end has gone by"

    drill = Drill(STALL)
    assert shown(drill, 3, whole) is not None
    assert shown(drill, 3.2, state(session(*done, working("d", 2), state="Stopping"))) is None


def test_a_session_in_a_state_nobody_knows_runs_until_it_ends() -> None:
    resuming = session(
        *(finished(vm, 0, 2) for vm in "abc"), working("d", 2), state="Resuming", result=""
    )
    read = state(resuming, plan=plan_of("a", "b", "c", "d"))
    assert read.elapsed(at(3)) == timedelta(minutes=3)
    assert judged(read, at(3)).outlook.estimate is not None
    over = resuming.model_copy(update={"state": "Stopped"})
    assert state(over).elapsed(at(3)) is None, "its end is not known"


def test_the_rpo_is_that_of_the_tasks_there_are_also_where_as_many_others_were_before() -> None:
    points: dict[str, ReplicaPoint | None] = {
        name: point(name, at(-60 * hours)) for name, hours in (("p-a", 2), ("p-b", 5))
    }
    drill = Drill(timedelta(minutes=10))
    worst = []
    for name in ("a", "b", "a"):
        shown = state(session(task(name, point=f"p-{name}")), points=points)
        view = judged(shown, at(1), Goals(rpo=timedelta(hours=4)), drill=drill)
        assert view.rpo.worst is not None
        worst.append((view.rpo.worst.key.vm_name, view.rpo.worst.rpo, view.rpo.over_target))
    assert worst == [
        ("a", timedelta(hours=2), 0),
        ("b", timedelta(hours=5), 1),
        ("a", timedelta(hours=2), 0),
    ]
