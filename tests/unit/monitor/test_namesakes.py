"""Two tenants' VMs of the same names, with the real client against the simulated server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from tests.support.fake_clock import START
from tests.support.simulated import SimulatedServer, SteppedClock
from tui.analysis.assessment import assess
from tui.analysis.identity import replicas_of
from tui.analysis.status import Status
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.monitor.details import DetailReader
from tui.monitor.readiness import Level
from tui.monitor.start_check import run_start_check
from tui.simulator.in_process import ServiceTransport
from tui.simulator.logons import DEFAULT_USERS
from tui.simulator.scenario import build_world

PLAN = "Harbour Logistics full site"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture(params=[25, 1], ids=["with earlier sessions", "the plan's first session"])
async def client(
    request: pytest.FixtureRequest, clock: SteppedClock
) -> AsyncIterator[EnterpriseManager]:
    service = SimulatedServer(build_world("tenants", sessions=request.param), clock)
    user = next(iter(DEFAULT_USERS))
    made = EnterpriseManager(
        parse_server("em01"),
        Credentials(user, SecretStr(DEFAULT_USERS[user].password)),
        transport=ServiceTransport(service),
    )
    yield made
    await made.aclose()
    assert service.writes == 0


async def test_the_server_has_two_replicas_of_one_vm_name(client: EnterpriseManager) -> None:
    points = await client.replica_points_of("web02", backup_server="vbr-north.cloud.example")
    assert len(replicas_of(points)) == 2
    assert {point.replica_name for point in points} == {"Webserver replication"}
    first = points[0].replica_id
    others = await client.replica_points_of("web02", not_of=first)
    assert others
    assert first not in {point.replica_id for point in others}


async def test_a_vm_to_come_is_not_done_before_because_another_tenants_is(
    client: EnterpriseManager,
) -> None:
    (session_id,) = [
        session.id
        for session in (await client.failover_sessions()).sessions
        if session.state == "Working"
    ]
    session = (await client.failover_session(session_id)).session
    reader = DetailReader(client)
    while await reader.step(session):
        pass
    details = reader.details
    assert details.plan is not None
    assert (details.plan.name, details.tenant) == (PLAN, "Harbour Logistics")
    assert details.failed_over == frozenset()
    seen = assess(session, plan=details.plan, failed_over=details.failed_over)
    assert (seen.total, seen.count(Status.ALREADY)) == (14, 0)
    known = len((await client.failover_sessions()).sessions) > 1
    assert bool(details.ambiguous) != known


async def test_the_start_check_tells_whose_points_it_judged(client: EnterpriseManager) -> None:
    check = await run_start_check(client, PLAN, timedelta(hours=4), lambda: START, lambda _: None)
    assert check.tenant == "Harbour Logistics"
    told = {finding.subject: finding for finding in check.findings}
    known = len((await client.failover_sessions()).sessions) > 1
    for vm in ("web02", "app03"):
        assert ("does not tell which" in told[vm].sentence) != known
        assert known or told[vm].level is not Level.OK
    assert told["cloud gateways"].sentence == "2 of 2 of vbr-north.cloud.example enabled"
