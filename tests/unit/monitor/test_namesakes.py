"""Two tenants' VMs of the same names, with the real client against the simulated server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from tests.support import bodies
from tests.support.fake_clock import START
from tests.support.fake_server import Received, asking, http
from tests.support.simulated import SimulatedServer, SteppedClock
from tui.analysis.assessing import assess
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


# By hand, in the vendor's shapes ------------------------------------------------

OURS, THEIRS = "ddb68d1e-b42a-4b3e-b4fe-b52f1fccc91a", "042fc8d4-b42a-4b3e-b4fe-b52f1fccc91a"
VBR01, VBR02 = "8fff3b8e-c3f1-4ef5-aecc-561f07bf9982", "9fff3b8e-c3f1-4ef5-aecc-561f07bf9982"


def entity(kind: str, number: int, server: str = VBR01, **members: Any) -> dict[str, Any]:
    name = "vbr01" if server == VBR01 else "vbr02"
    links = [bodies.link("Up", "BackupServerReference", f"backupServers/{server}", name)]
    links += members.pop("Links", [])
    uid = f"urn:veeam:{kind}:{number:08}-525f-41b6-89c6-ec1b8cb703b3"
    return {"UID": uid, "Type": kind, "Links": links, **members}


def replica_point(number: int, replica: str, hours: float) -> dict[str, Any]:
    up = bodies.link("Up", "CloudReplicaReference", f"cloud/replicas/{replica}", "Web Replication")
    created = (START - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return entity(
        "CloudVmReplicaPoint", number, Links=[up], Name="web01@x", VmDisplayName="web01",
        CreationTimeUTC=created, PointType="Snapshot", State="Ready",
    )  # fmt: skip


WEB01 = {"FailoverPlanVMId": "a4f16718", "Name": "web01", "Order": 0}
THE_PLAN = entity(
    "CloudFailoverPlan",
    1,
    Name="Plan A",
    TenantName="ABC",
    CloudFailoverPlanInfo={"Includes": {"CloudFailoverPlanVms": [WEB01]}},
)
POINTS = [replica_point(2, THEIRS, 0.1), replica_point(3, OURS, 72)]
GATEWAYS = [
    entity("CloudGateway", number, server, Name=f"gw-{number}", Enabled=enabled)
    for number, server, enabled in ((1, VBR01, False), (2, VBR01, False), (3, VBR02, True))
]


def answering(session: dict[str, Any] | None) -> Callable[[Received], bytes]:
    sessions = [session] if session else []
    queries = {
        "CloudFailoverPlan": bodies.query("CloudFailoverPlans", [THE_PLAN]),
        "CloudVmReplicaPoint": bodies.query("CloudVmReplicaPoints", POINTS, "CloudReplicas"),
        "CloudFailoverSession": bodies.query("CloudFailoverSessions", sessions),
    }

    def answer(request: Received) -> bytes:
        path = request.url.path
        found: Any = {"BackupServers": [entity("BackupServer", 9, Name="vbr01")]}
        if path.endswith("/query"):
            found = queries[request.url.params["type"]]
        elif "gateways" in path:
            found = {"CloudGateways": GATEWAYS}
        elif "vmReplicaPoints" in path:
            found = POINTS[1]
        elif "failoverSessions" in path:
            found = session
        return http(200, bodies.v12(found))

    return answer


@pytest.mark.parametrize("known", [False, True])
async def test_web01_of_two_tenants_is_never_ready_by_the_others_point(known: bool) -> None:
    ours = bodies.task("WEB01", State="Stopped", Result="Success")
    ours["VmReplicaPointLink"]["Href"] = "x/00000003-525f-41b6-89c6-ec1b8cb703b3"
    up = [bodies.link("Up", "BackupServerReference", f"backupServers/{VBR01}", "vbr01")]
    session = bodies.session([ours], State="Stopped", Name="Plan A", Links=up)
    async with asking(answering(session if known else None)) as (client, _):
        check = await run_start_check(
            client, "Plan A", timedelta(hours=4), lambda: START, lambda _: None
        )
    told = {finding.subject: finding for finding in check.findings}
    assert told["web01"].level is Level.FAILED
    assert ("does not tell which" in told["web01"].sentence) != known
    assert told["web01"].sentence.endswith("newest point 3 d old, over the RPO target of 4 h")
    assert told["cloud gateways"].sentence == "0 of 2 of vbr01 enabled"
    assert (check.worst, check.tenant) == (Level.FAILED, "ABC")
