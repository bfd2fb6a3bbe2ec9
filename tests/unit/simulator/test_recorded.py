from __future__ import annotations

import math

from tui.simulator import build_service
from tui.simulator.entities import Result, State
from tui.simulator.recorded import (
    RecordedDrill,
    RecordedSession,
    RecordedTask,
    Seen,
    recorded_world,
)

UID = "4347c445-0000-4000-8000-000000000001"
SESSION = RecordedSession(
    UID,
    -30.0,
    (
        Seen(0.0, "Working", "None", 10),
        Seen(60.0, "Stopped", "Failed", 100, 58.0, "1 of 2 failed"),
    ),
    (
        RecordedTask(
            "vm1",
            -20.0,
            (Seen(0.0, "Working", "None", 40), Seen(20.0, "Stopped", "Success", 100, 18.0)),
            point=-3_600.0,
        ),
        RecordedTask(
            "vm2",
            12.0,
            (
                Seen(15.0, "Starting", "None", None),
                Seen(40.0, "Stopped", "Failed", 30, 39.0, "no space"),
            ),
        ),
    ),
)
DRILL = RecordedDrill("Plan", SESSION, ("vm1", "vm2"), tenant="Tenant", server="vbr01")


def test_it_goes_as_it_was_seen_to_go() -> None:
    run = recorded_world(DRILL).featured
    first, second = run.tasks
    assert [first.phase(at) for at in (0, 19, 20)] == [
        (State.WORKING, 40),
        (State.WORKING, 40),
        (State.STOPPED, 100),
    ]
    assert second.phase(14) is None
    assert second.phase(15) == (State.STARTING, 0)
    assert second.phase(1e6) == (State.STOPPED, 30)
    assert run.standing(59).state is State.WORKING
    over = run.standing(61)
    assert (over.result, over.ended, over.message) == (Result.FAILED, 58.0, "1 of 2 failed")


def test_what_never_ended_goes_on() -> None:
    seen = (Seen(0.0, "Working", "None", 10),)
    session = RecordedSession(UID, 0.0, seen, (RecordedTask("vm1", 0.0, seen),))
    run = recorded_world(RecordedDrill("Plan", session, ("vm1",))).featured
    assert run.end == math.inf
    assert run.standing(1e7).state is State.WORKING
    assert run.tasks[0].end == math.inf


def test_words_that_nobody_knows_do_no_harm() -> None:
    seen = (Seen(0.0, "Dreaming", "Perhaps", 10),)
    session = RecordedSession(UID, 0.0, seen, (RecordedTask("vm1", 0.0, seen),))
    run = recorded_world(RecordedDrill("Plan", session, ("vm1",))).featured
    assert run.standing(0).result is Result.NONE
    assert run.tasks[0].phase(0) == (State.WORKING, 10)


def test_the_world_holds_the_plan_and_the_recorded_points() -> None:
    earlier = RecordedSession("e" * 8, -9e4, (Seen(-9e4, "Stopped", "Success", 100, -8e4),), ())
    world = recorded_world(RecordedDrill("Plan", SESSION, ("vm1", "vm2"), earlier=(earlier,)))
    assert [run.uid for run in world.visible(0)] == [UID, "e" * 8]
    assert world.featured.tasks[0].point.created == -3_600.0
    assert {task.point.uid for task in world.featured.tasks} <= set(world.points)


def test_the_server_serves_it() -> None:
    service = build_service(recorded=DRILL)
    assert service.world.featured.uid == UID
    assert service.world.plans[0].tenant == "Tenant"
