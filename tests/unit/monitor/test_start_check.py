"""A start check asks what it needs, no more at once than it may, and tells what it could not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from tests.support.fake_clock import START, FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import at, done, plan, stopped
from tests.support.simulated import SimulatedServer, SteppedClock
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    ReplicaPoint,
    TaskSession,
)
from tui.errors import ConnectionRefused, NoPermission, WrongCredentials
from tui.monitor.readiness import (
    MOST_VMS,
    Level,
)
from tui.monitor.start_check import AT_ONCE, GIVES_UP_AFTER, StartCheck, run_start_check
from tui.simulator.in_process import ServiceTransport
from tui.simulator.logons import DEFAULT_USERS
from tui.simulator.scenario import build_world

HOUR = timedelta(hours=1)


def a_point(
    number: int, vm: str, hours: float = 0.3, replica_id: str | None = None
) -> ReplicaPoint:
    """One of a VM's, so many hours old."""
    return ReplicaPoint(
        id=f"{vm}-{number}",
        replica_id=replica_id,
        name=f"{vm}@then",
        vm_name=vm,
        created=at(-60 * hours),
        state="Ready",
        backup_server="vbr01",
        replica_name="job",
    )


def ready(vms: int = 3, *, listed_vms: bool = True) -> FakeSource:
    """A server with one plan, all of it ready; later questions are answered before earlier ones."""
    source = FakeSource(rounds=(21, 11, 1))
    names = [f"vm{number}" for number in range(vms)]
    whole = plan(*names)
    source.plans = [whole if listed_vms else whole.model_copy(update={"vms": ()})]
    source.whole_plans = {whole.id: whole}
    source.points = {vm: a_point(1, vm) for vm in names}
    source.gateways = (CloudGateway(id="gw1", name="gw1", enabled=True, backup_server="vbr01"),)
    source.servers = (BackupServer(id="1", name="vbr01"),)
    return source


def of_two_replicas(vms: int) -> FakeSource:
    """Each VM has two replicas of one name; only one of them is fresh, and `ours` is not."""
    source = ready(vms)
    for vm in list(source.points):
        source.points[vm] = a_point(1, vm, 0.1, "theirs")
        source.points[f"{vm} of ours"] = a_point(2, vm, 72, "ours")
    return source


def run_of_the_plan(source: FakeSource, *tasks: TaskSession) -> None:
    """The plan has run once, and brought up a replica of ours."""
    source.points["point-VM0"] = source.points["point-vm0"] = a_point(3, "", 72, "ours")
    source.listed = [stopped(*tasks).model_copy(update={"name": "ABC"})]
    source.answer = source.listed[0]


async def checked(source: FakeSource) -> tuple[StartCheck, list[StartCheck]]:
    steps: list[StartCheck] = []
    result = await run_start_check(source, "ABC", HOUR, FakeClock().now, steps.append)
    assert steps[-1] == result
    assert result.over
    assert [step.over for step in steps[:-1]] == [False] * (len(steps) - 1)
    assert result.done == result.of
    for step in steps:
        assert 0 <= step.done <= step.of
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    return result, steps


@pytest.mark.parametrize("listed_vms", [True, False])
async def test_a_ready_plan(listed_vms: bool) -> None:
    source = ready(listed_vms=listed_vms)
    result, steps = await checked(source)
    assert result.worst is Level.OK
    assert result.count(Level.UNKNOWN) == 1
    assert [finding.subject for finding in result.findings] == [
        "ABC",
        "vm0",
        "vm1",
        "vm2",
        "cloud gateways",
        "vbr01",
        "last collection",
    ]
    assert source.asked.total() == result.of == (6 if listed_vms else 7)
    assert len(steps) >= 6


async def test_of_several_replicas_the_one_that_a_session_of_the_plan_brought_up_counts() -> None:
    source = of_two_replicas(1)
    result, _ = await checked(source)
    assert (result.worst, result.findings[1].level) == (Level.FAILED, Level.FAILED)
    assert "does not tell" in result.findings[1].sentence

    run_of_the_plan(source, done("VM0"))
    result, _ = await checked(source)
    assert result.findings[1].sentence == "newest point 3 d old, over the RPO target of 1 h"

    run_of_the_plan(source, done("vm0"), done("another plan's"))
    result, _ = await checked(source)
    assert "does not tell" in result.findings[1].sentence


async def test_trouble_with_the_sessions_leaves_the_replicas_ambiguous() -> None:
    source = of_two_replicas(2)
    source.trouble = {"named": NoPermission("Not allowed.")}
    result, _ = await checked(source)
    assert all("does not tell" in finding.sentence for finding in result.findings[1:3])


async def test_requests_are_bounded_in_number_and_at_once() -> None:
    source = ready(MOST_VMS + 50)
    result, _ = await checked(source)
    assert source.asked.total() == MOST_VMS + 3
    assert source.at_once == AT_ONCE
    assert result.findings[1].sentence == f"only the first {MOST_VMS} VMs in boot order are checked"


async def test_trouble_with_one_request_is_a_finding() -> None:
    source = ready()
    source.trouble = {"vm1": NoPermission("Not allowed."), "gateways": ValueError("odd")}
    result, _ = await checked(source)
    told = {finding.subject: finding for finding in result.findings}
    assert told["vm1"].sentence == "not checked: Not allowed."
    assert told["cloud gateways"].sentence == "not checked: unusable answer (ValueError)"
    assert told["vm0"].level is told["vm2"].level is Level.OK
    assert result.worst is Level.WARNING


async def test_without_the_plan_the_check_has_failed() -> None:
    source = ready()
    source.trouble = {"plans": NoPermission("Not allowed.")}
    result, _ = await checked(source)
    assert result.worst is Level.FAILED
    assert source.asked == {"plans": 1, "gateways": 1, "servers": 1}


@pytest.mark.parametrize("error", [ConnectionRefused("Down."), WrongCredentials("Wrong.")])
async def test_a_server_that_has_gone_is_not_asked_for_every_vm(error: Exception) -> None:
    source = ready(100)
    source.trouble = {"points of a VM": error, "gateways": error, "servers": error}
    result, _ = await checked(source)
    assert source.asked.total() <= 1 + GIVES_UP_AFTER + AT_ONCE
    assert result.findings[-2].sentence == "not checked: the server has stopped answering"


async def test_cancelling_ends_it() -> None:
    source = ready(50)
    busy = asyncio.Event()
    source.on_asked = lambda _: busy.set() if source.asked.total() == 10 else None
    task = asyncio.create_task(
        run_start_check(source, "ABC", HOUR, FakeClock().now, lambda _: None)
    )
    await busy.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    asked = source.asked.total()
    for _ in range(50):
        await asyncio.sleep(0)
    assert source.asked.total() == asked


async def test_with_the_real_client_against_the_simulated_server() -> None:
    service = SimulatedServer(build_world("drill"), SteppedClock(START))
    user = next(iter(DEFAULT_USERS))
    client = EnterpriseManager(
        parse_server("em01"),
        Credentials(user, SecretStr(DEFAULT_USERS[user].password)),
        transport=ServiceTransport(service),
    )
    try:
        page = await client.failover_sessions()
        names = {session.plan_name for session in page.sessions}
        for name in sorted(names):
            result = await run_start_check(client, name, HOUR, FakeClock(START).now, lambda _: None)
            assert result.done == result.of
            told = {finding.subject: finding.sentence for finding in result.findings}
            assert not any(text.startswith("not checked") for text in told.values())
            assert "cloud gateways" in told
            if name == "Full site failover":
                assert told[name].startswith("2 cloud failover plans have this name")
            else:
                assert told["last collection"].startswith("~ ")
    finally:
        await client.aclose()
    assert service.writes == 0
