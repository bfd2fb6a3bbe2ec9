from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asking import Caller
from tests.support.simulated import SimulatedServer, SteppedClock, build_service
from tui.simulator import SCENARIOS
from tui.simulator.clock import AcceleratedClock
from tui.simulator.course import TaskScript, finishing
from tui.simulator.entities import Result, State
from tui.simulator.invented_names import featured_plan
from tui.simulator.schedule import SLOTS
from tui.simulator.world import replica_point

RUNNING = {"Starting", "Working", "Stopping"}


def counts(tasks: list[Any]) -> Counter[str]:
    return Counter(task["State"] if task["Result"] == "None" else task["Result"] for task in tasks)


def started(scenario: str, clock: SteppedClock, **options: Any) -> Caller:
    options.setdefault("idle_timeout", 1e9)
    return Caller(build_service(scenario, clock=clock, **options))


def time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_first_screen_of_the_demo_is_rich(clock: SteppedClock) -> None:
    caller = started("failures", clock)
    found = counts(caller.tasks())
    assert found["Success"] >= 1
    assert found["Working"] >= 3
    assert 14 - found.total() >= 2
    assert caller.featured()["State"] == "Working"


def test_the_demo_shows_a_failure_soon_and_is_over_within_minutes(clock: SteppedClock) -> None:
    caller = started("failures", clock)
    first = over = 0
    for second in range(360):
        if not first and counts(caller.tasks())["Failed"]:
            first = second
        if caller.featured()["State"] == "Stopped":
            over = second
            break
        clock.advance(1)
    session = caller.featured()
    length = time(session["EndTimeUTC"]) - time(session["CreationTimeUTC"])
    assert 20 <= first <= 40
    assert over
    assert timedelta(minutes=4) <= length <= timedelta(minutes=6)
    assert session["Result"] == "Failed"
    assert session["FailureMessage"].startswith(
        "Failover plan has been completed with errors: 3 of"
    )
    assert counts(caller.tasks()) == {"Success": 9, "Failed": 3, "Warning": 2}
    assert all(task["FailureMessage"] for task in caller.tasks() if task["Result"] != "Success")


@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_every_scenario_stays_consistent_second_by_second(
    scenario: str, clock: SteppedClock
) -> None:
    vms = 40 if scenario == "large" else None
    caller = started(scenario, clock, vms=vms)
    uid = caller.service.featured_session
    seen: dict[tuple[str, str, int], int] = {}
    shown = 0
    for _ in range(140):
        clock.advance(3)
        if caller.ask(f"cloud/failoverSessions/{uid}").status == 404:
            assert scenario == "drill"
            continue
        session = caller.featured()
        ordinals: Counter[str] = Counter()
        tasks = session["CloudFailoverTasks"]["CloudFailoverTasks"] or []
        for task in tasks:
            key = (task["VmName"], task["VmReplicaPointLink"]["Href"], ordinals[task["VmName"]])
            ordinals[task["VmName"]] += 1
            assert 0 <= task["Progress"] <= 100
            assert task["Progress"] >= seen.get(key, 0)
            seen[key] = task["Progress"]
            ended = task["State"] == "Stopped"
            assert ended == ("EndTimeUTC" in task)
            assert ended == (task["Result"] != "None")
            if ended:
                assert time(task["EndTimeUTC"]) <= clock()
        assert len(tasks) >= shown
        shown = len(tasks)
        assert sum(task["State"] in RUNNING for task in tasks) <= SLOTS
        assert (session["State"] == "Stopped") == ("EndTimeUTC" in session)
        assert (session["State"] == "Stopped") or session["Progress"] < 100
    if scenario not in {"stall", "large"}:
        assert caller.featured()["State"] == "Stopped"


def test_a_clean_run_succeeds_and_one_with_warnings_warns(clock: SteppedClock) -> None:
    clean, warned = started("clean", clock), started("warnings", clock)
    clock.advance(400)
    assert clean.featured()["Result"] == "Success"
    assert clean.featured()["FailureMessage"] is None
    assert warned.featured()["Result"] == "Warning"
    assert counts(warned.tasks()) == {"Success": 11, "Warning": 3}


def test_a_stalled_vm_never_moves_again_and_its_session_never_ends(clock: SteppedClock) -> None:
    caller = started("stall", clock)
    clock.advance(600)
    stuck = [task for task in caller.tasks() if task["State"] == "Working"]
    clock.advance(30 * 86400)
    assert [task for task in caller.tasks() if task["State"] == "Working"] == stuck
    assert [task["Progress"] for task in stuck] == [43]
    assert caller.featured()["State"] == "Working"


def test_a_stopped_run_stops_its_tasks_and_begins_no_more(clock: SteppedClock) -> None:
    caller = started("stopped", clock)
    clock.advance(36)
    session = caller.featured()
    assert session["State"] == "Stopping"
    assert counts(caller.tasks())["Stopping"] >= 1
    begun = len(caller.tasks())
    clock.advance(60)
    session = caller.featured()
    assert (session["State"], session["Result"]) == ("Stopped", "Failed")
    assert "canceled" in session["FailureMessage"]
    assert len(caller.tasks()) == begun < 14
    assert {task["State"] for task in caller.tasks()} == {"Stopped"}


def test_a_retry_has_tasks_only_for_what_failed_and_the_rest_runs_already(
    clock: SteppedClock,
) -> None:
    caller = started("retry", clock)
    retried = {task["VmName"] for task in caller.tasks()}
    assert len(retried) == 4
    newest = "type=CloudVmReplicaPoint&format=Entities&sortDesc=CreationTime&pageSize=1"
    plan = caller.service.world.featured.plan
    for vm in plan.vms:
        found = caller.json("query", f"{newest}&filter=VmName=={vm}")
        (point,) = found["Entities"]["CloudVmReplicaPoints"]["CloudReplicas"]
        assert point["State"] == ("Ready" if vm in retried else "Failover"), vm
    sessions = caller.json(
        "query", f'type=CloudFailoverSession&format=Entities&pageSize=2&filter=Name=="{plan.name}"'
    )["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"]
    assert [session["Result"] for session in sessions] == ["None", "Failed"]


def test_a_skipped_vm_has_no_task_and_a_point_that_runs(clock: SteppedClock) -> None:
    caller = started("skipped", clock)
    clock.advance(400)
    plan = caller.service.world.featured.plan
    (skipped,) = set(plan.vms) - {task["VmName"] for task in caller.tasks()}
    found = caller.json(
        "query",
        f"type=CloudVmReplicaPoint&format=Entities&filter=VmName=={skipped};State==Failover",
    )
    assert len(found["Entities"]["CloudVmReplicaPoints"]["CloudReplicas"]) == 1
    assert caller.featured()["Result"] == "Success"


def test_the_point_of_a_vm_runs_once_its_task_has_succeeded(clock: SteppedClock) -> None:
    caller = started("failures", clock)
    for task in caller.tasks():
        uid = task["VmReplicaPointLink"]["Href"].rpartition("/")[2]
        point = caller.json(f"cloud/vmReplicaPoints/{uid}", "format=Entity")
        assert (point["State"] == "Failover") == (task["Result"] == "Success")
        assert point["Name"] == task["VmReplicaPointLink"]["Name"]
        assert time(point["CreationTimeUTC"]) < time(task["CreationTimeUTC"])


def test_in_a_drill_the_session_begins_after_twenty_seconds(clock: SteppedClock) -> None:
    caller = started("drill", clock)
    path = f"cloud/failoverSessions/{caller.service.featured_session}"
    running = "type=CloudFailoverSession&format=Entities&filter=State!=Stopped"
    clock.advance(19)
    assert caller.ask(path).status == 404
    assert caller.json("query", running)["Entities"]["CloudFailoverSessions"] == {
        "CloudFailoverSessions": None
    }
    clock.advance(1)
    assert caller.featured()["State"] == "Starting"
    assert caller.featured()["CloudFailoverTasks"] == {"CloudFailoverTasks": None}


def test_earlier_runs_are_similar_and_one_failed(clock: SteppedClock) -> None:
    caller = started("clean", clock)
    clock.advance(400)
    name = caller.service.world.featured.plan.name
    found = caller.json(
        "query", f'type=CloudFailoverSession&format=Entities&filter=Name=="{name}"'
    )["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"]
    assert [session["Result"] for session in found] == [
        "Success",
        "Warning",
        "Failed",
        "Success",
        "Success",
    ]
    lengths = []
    for session in found:
        uid = session["UID"].rpartition(":")[2]
        tasks = caller.json(f"cloud/failoverSessions/{uid}", "format=Entity")
        rows = tasks["CloudFailoverTasks"]["CloudFailoverTasks"]
        assert len(rows) in {13, 14}
        (dc,) = [row for row in rows if row["VmName"] == "dc01"]
        lengths.append((time(dc["EndTimeUTC"]) - time(dc["CreationTimeUTC"])).total_seconds())
    assert len(set(lengths)) == 5
    assert max(lengths) < 1.6 * min(lengths)


def test_some_finished_sessions_list_no_tasks_and_some_do(clock: SteppedClock) -> None:
    caller = started("failures", clock)
    listed = [bool(run.tasks) and run.lists_tasks for run in caller.service.world.past]
    assert any(listed)
    assert not all(listed)


@pytest.mark.parametrize("sessions", [1, 3, 25, 300])
def test_there_are_as_many_sessions_as_asked_for(sessions: int, clock: SteppedClock) -> None:
    caller = started("failures", clock, sessions=sessions)
    found = caller.json("query", "type=CloudFailoverSession&format=Entities&pageSize=999")
    rows = found["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"]
    assert len({row["UID"] for row in rows}) == len(rows) == sessions


@pytest.mark.parametrize("scenario", list(SCENARIOS))
@pytest.mark.parametrize("vms", [1, 2, 5, 37])
def test_every_scenario_works_with_any_number_of_vms(
    scenario: str, vms: int, clock: SteppedClock
) -> None:
    caller = started(scenario, clock, vms=vms)
    plan = caller.service.world.featured.plan
    assert len(plan.vms) == vms
    clock.advance(3600)
    assert caller.featured()["Progress"] <= 100


def test_a_tenth_of_the_tasks_changes_each_second(clock: SteppedClock) -> None:
    caller = started("large", clock, vms=1000, changing_fraction=0.1)
    before = [task["Progress"] for task in caller.tasks()]
    assert len(before) == 1000
    for _ in range(120):
        clock.advance(1)
        after = [task["Progress"] for task in caller.tasks()]
        changed = sum(old != new for old, new in zip(before, after, strict=True))
        assert 90 <= changed <= 110
        before = after


def test_the_same_scenario_is_the_same_every_time(clock: SteppedClock) -> None:
    one, two = started("failures", clock), started("failures", SteppedClock(clock()))
    assert one.featured() == two.featured()


@settings(deadline=None)
@given(
    work=st.floats(1, 1e4),
    starting=st.floats(0, 60),
    reaches=st.integers(0, 100),
    ripple=st.floats(0, 0.04),
    moments=st.lists(st.floats(-100, 2e4), min_size=2, max_size=20),
)
def test_progress_never_goes_back_and_ends_where_it_should(
    work: float, starting: float, reaches: int, ripple: float, moments: list[float]
) -> None:
    point = replica_point(featured_plan(("a",)), "a", -60.0)
    open_end = TaskScript("a", point, 0.0, work, starting, reaches, ripple=ripple)
    script = finishing(open_end, Result.FAILED, "no", reaches)
    last = 0
    for moment in sorted(moments):
        phase = script.phase(moment)
        assert (phase is None) == (moment < 0)
        if phase:
            assert last <= phase[1] <= reaches
            last = phase[1]
    assert script.phase(script.end) == (State.STOPPED, reaches)


def test_an_accelerated_server_lives_faster_in_all_its_times(clock: SteppedClock) -> None:
    service = build_service("failures", speed=60, clock=clock)
    caller = Caller(service)
    begin = service.now()
    clock.advance(10)
    assert service.now() - begin == timedelta(seconds=600)
    assert caller.featured()["State"] == "Stopped"
    fast = AcceleratedClock(clock, 2)
    clock.advance(3)
    assert fast() - clock() == timedelta(seconds=3)


@pytest.mark.parametrize(
    "options",
    [
        {"scenario": "nonsense"},
        {"vms": 0},
        {"sessions": 0},
        {"speed": 0},
        {"speed": float("nan")},
        {"speed": float("inf")},
    ],
)
def test_senseless_options_are_refused_in_words(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        build_service(**options)


def test_the_clock_may_jump_back(clock: SteppedClock) -> None:
    caller = started("failures", clock)
    clock.advance(-500)
    service: SimulatedServer = caller.service
    assert caller.ask(f"cloud/failoverSessions/{service.featured_session}").status == 404
