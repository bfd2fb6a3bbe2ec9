"""The client's methods: what they ask for, and what they make of the answers."""

from __future__ import annotations

import asyncio
import gc
import threading
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.support import bodies
from tests.support.fake_server import Received, asking, http, session_body
from tui.enterprise_manager.collection_pause import uncollected
from tui.enterprise_manager.request_log import RequestRecord
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.sessions import LastReading
from tui.errors import (
    ConnectionLost,
    InvalidSessionId,
    UnreadableAnswer,
)


async def test_a_logon_tells_user_and_cloud_connect() -> None:
    async with asking(http(200)) as (client, _):
        assert not client.logged_on
        answer = await client.log_on()
        assert (answer.user_name, answer.cloud_connect) == ("NOC\\jdoe", True)
        assert client.logged_on
        assert client.user_name == "NOC\\jdoe"
    assert not client.logged_on


async def test_what_travels_in_headers() -> None:
    async with asking(http(200, session_body())) as (client, server):
        await client.failover_session(bodies.SESSION_ID)
        await client.failover_session(bodies.SESSION_ID)
    logon, *_rest = server.requests
    assert logon.headers["Content-Length"] == "0"
    expected = httpx.BasicAuth("NOC\\jdoe", bodies.PASSWORD)._auth_header
    assert logon.headers["Authorization"] == expected
    assert logon.path == "/api/sessionMngr/?v=latest"
    assert logon.headers["Host"] == f"127.0.0.1:{server.port}"
    for request in server.requests:
        assert request.headers.get_list("Accept") == ["application/json"]
        assert "cookie" not in request.headers
    for request in server.asked:
        assert request.headers["X-RestSvcSessionId"] == bodies.TOKEN
        assert "authorization" not in request.headers


async def test_xml_is_asked_for_by_a_setting() -> None:
    body = bodies.xml("CloudFailoverSession", bodies.session([bodies.task("web01")]))
    async with asking(http(200, body), accept="xml") as (client, server):
        reading = await client.failover_session(bodies.SESSION_ID)
    assert reading.session.tasks[0].vm_name == "web01"
    assert server.asked[0].headers["Accept"] == "application/xml"


async def test_the_list_is_asked_for_newest_first_and_page_by_page() -> None:
    tree = bodies.query("CloudFailoverSessions", [bodies.session(None)], pages=7)
    async with asking(http(200, bodies.v13(tree))) as (client, server):
        page = await client.failover_sessions(page=3, page_size=50)
    assert dict(server.asked[0].url.params) == {
        "type": "CloudFailoverSession",
        "format": "Entities",
        "sortDesc": "CreationTime",
        "pageSize": "50",
        "page": "3",
    }
    assert (page.page, page.pages, len(page.sessions)) == (3, 7, 1)


async def test_the_same_bytes_give_the_same_object() -> None:
    bodies_in_turn = iter([session_body(), session_body(), session_body(41)])

    def in_turn(_request: Received) -> bytes:
        return http(200, next(bodies_in_turn), Date="Sun, 01 Mar 2026 12:00:00 GMT")

    async with asking(in_turn) as (client, server):
        first = await client.failover_session(f"urn:veeam:CloudFailoverSession:{bodies.SESSION_ID}")
        second = await client.failover_session(bodies.SESSION_ID.upper())
        third = await client.failover_session(bodies.SESSION_ID)
    assert first.server_time == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert second.session is first.session
    assert third.session.tasks[0].progress == 41
    assert server.asked[0].url.path == f"/api/cloud/failoverSessions/{bodies.SESSION_ID}"


@pytest.mark.parametrize(("tasks", "elsewhere"), [(10, False), (2000, True)])
async def test_a_large_answer_is_decoded_off_the_event_loop(
    tasks: int, elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    read = LastReading.read

    def noting(self: LastReading, body: bytes) -> FailoverSession:
        threads.append((threading.current_thread(), gc.isenabled()))
        return read(self, body)

    monkeypatch.setattr(LastReading, "read", noting)
    listed = bodies.wrapped(*(bodies.task(f"vm{number}") for number in range(tasks)))
    async with asking(http(200, bodies.v12(bodies.session(listed)))) as (client, _):
        reading = await client.failover_session(bodies.SESSION_ID)
    assert len(reading.session.tasks) == tasks
    ((thread, collecting),) = threads
    assert (thread is not threading.main_thread()) is elsewhere
    assert collecting is not elsewhere
    assert gc.isenabled()


def test_pausing_the_collector_nests_and_resumes_what_was() -> None:
    with uncollected():
        with pytest.raises(ZeroDivisionError), uncollected():
            raise ZeroDivisionError
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


async def test_an_id_of_another_kind_is_refused_before_asking() -> None:
    async with asking(http(200)) as (client, server):
        with pytest.raises(InvalidSessionId):
            await client.failover_session(f"urn:veeam:BackupServer:{bodies.OTHER_ID}")
    assert server.requests == []


def point(point_id: str, name: str = "web01", created: str = "2026-02-28T23:00:00Z") -> Any:
    return {
        "Type": "CloudVmReplicaPoint",
        "Name": f"{name}@2026-02-28 23:00:00",
        "UID": f"urn:veeam:CloudVmReplicaPoint:{point_id}",
        "VmDisplayName": name,
        "Links": [
            bodies.link("Up", "BackupServerReference", "b", "vbr07"),
            bodies.link("Up", "CloudReplicaReference", "r", "Replica of web"),
        ],
        "CreationTimeUTC": created,
        "PointType": "Snapshot",
        "State": "Ready",
    }


async def test_a_replica_point_is_asked_for_once() -> None:
    async with asking(http(200, bodies.v13(point(bodies.POINT_ID)))) as (client, server):
        first = await client.replica_point(bodies.POINT_ID)
        assert await client.replica_point(bodies.POINT_ID.upper()) is first
    assert first.vm_name == "web01"
    assert (first.replica_name, first.backup_server) == ("Replica of web", "vbr07")
    assert (first.point_type, first.state) == ("Snapshot", "Ready")
    assert first.created == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert len(server.asked) == 1


async def test_at_most_four_replica_points_at_once() -> None:
    now, most = 0, 0

    four, released = asyncio.Event(), asyncio.Event()

    async def slow(request: Received) -> bytes:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 4:
            four.set()
        await released.wait()
        now -= 1
        return http(200, bodies.v12(point(request.url.path.rsplit("/", 1)[1])))

    ids = [f"0c9d8e7f-6a5b-4c3d-9e2f-{number:012d}" for number in range(12)]
    async with asking(slow) as (client, server):
        reading = asyncio.gather(*(client.replica_point(found) for found in ids))
        await four.wait()
        for _ in range(200):
            # Long enough for a fifth to come through loopback.
            await asyncio.sleep(0)
        released.set()
        points = await reading
    assert [found.id for found in points] == ids
    assert most == 4
    assert len(server.paths("POST")) == 1


async def test_the_points_of_a_vm_newest_first() -> None:
    items = [
        point(bodies.POINT_ID, created="2026-02-27T23:00:00Z"),
        point(bodies.OTHER_ID, created="2026-02-28T23:00:00Z"),
    ]
    listed = bodies.v12(bodies.query("CloudVmReplicaPoints", items, "CloudReplicas"))
    async with asking(http(200, listed)) as (client, server):
        points = await client.replica_points_of('we"b 01', limit=5)
    assert [found.id for found in points] == [bodies.OTHER_ID, bodies.POINT_ID]
    params = server.asked[0].url.params
    assert params["filter"] == 'VmDisplayName=="we""b 01"'
    assert (params["type"], params["pageSize"]) == ("CloudVmReplicaPoint", "5")


async def test_points_are_asked_for_by_server_and_without_one_replica() -> None:
    empty = bodies.v12(bodies.query("CloudVmReplicaPoints", [], "CloudReplicas"))

    def picky(request: Received) -> bytes:
        return http(400) if "urn:" in request.url.params["filter"] else http(200, empty)

    async with asking(picky) as (client, server):
        await client.replica_points_of("web01", backup_server='vbr "07"')
        assert await client.replica_points_of("web01", not_of=bodies.OTHER_ID) == ()
    assert [request.url.params["filter"] for request in server.asked] == [
        'VmDisplayName=="web01";BackupServerName=="vbr ""07"""',
        f'VmDisplayName=="web01";ReplicaUid!="urn:veeam:CloudReplica:{bodies.OTHER_ID}"',
        f'VmDisplayName=="web01";ReplicaUid!="{bodies.OTHER_ID}"',
    ]


async def test_a_server_that_takes_no_replica_in_a_filter_leaves_other_points_unknown() -> None:
    async with asking(http(400)) as (client, _):
        (unknown,) = await client.replica_points_of("web01", not_of=bodies.OTHER_ID)
    assert (unknown.id, unknown.created, unknown.replica_id) == ("", None, None)


PLAN = {
    "Type": "CloudFailoverPlan",
    "Name": "Harbour plan",
    "UID": f"urn:veeam:CloudFailoverPlan:{bodies.OTHER_ID}",
    "Links": [bodies.link("Up", "BackupServerReference", "b", "vbr07")],
    "TenantName": "Harbour Ltd",
    "CloudFailoverPlanInfo": {
        "Includes": {
            "CloudFailoverPlanVms": [
                {"Name": "web01", "Order": 1, "FailoverPlanVMId": "x"},
                {"Name": "dc01", "Order": "0", "FailoverPlanVMId": "y"},
            ]
        }
    },
}


async def test_plans_by_name_and_by_id() -> None:
    listed = bodies.v13(bodies.query("CloudFailoverPlans", [PLAN]))

    def answering(request: Received) -> bytes:
        return http(200, listed if request.url.path == "/api/query" else bodies.v12(PLAN))

    async with asking(answering) as (client, server):
        (by_name,) = await client.failover_plans("Harbour; plan, (1)")
        by_id = await client.failover_plan(bodies.OTHER_ID)
    assert by_name == by_id
    assert [vm.name for vm in by_id.vms] == ["dc01", "web01"]
    assert (by_id.tenant, by_id.backup_server) == ("Harbour Ltd", "vbr07")
    assert server.asked[0].url.params["filter"] == 'Name=="Harbour; plan, (1)"'
    assert "filter=Name%3D%3D%22Harbour%3B%20plan%2C%20%281%29%22" in server.asked[0].path


SERVER = {
    "Name": "vbr07",
    "Version": "13.0.1.2067",
    "UID": f"urn:veeam:BackupServer:{bodies.OTHER_ID}",
}
GATEWAY = {"Name": "gw1", "Enabled": True, "UID": f"urn:veeam:CloudGateway:{bodies.OTHER_ID}"}


@pytest.mark.parametrize(
    ("servers", "gateways"),
    [
        (bodies.v12({"BackupServers": [SERVER]}), bodies.v12({"CloudGateways": [GATEWAY]})),
        (bodies.v13({"BackupServers": [SERVER]}), bodies.v13({"CloudGateways": [GATEWAY]})),
        (
            bodies.xml("BackupServers", {"BackupServer": [SERVER]}),
            bodies.xml("CloudGateways", {"CloudGateway": [GATEWAY]}),
        ),
    ],
)
async def test_backup_servers_and_gateways(servers: bytes, gateways: bytes) -> None:

    def answering(request: Received) -> bytes:
        return http(200, servers if "backupServers" in request.path else gateways)

    async with asking(answering) as (client, _):
        (server,) = await client.backup_servers()
        (gateway,) = await client.cloud_gateways()
    assert (server.name, server.version) == ("vbr07", "13.0.1.2067")
    assert (gateway.name, gateway.enabled) == ("gw1", True)


async def test_a_collection_of_something_else_is_unreadable() -> None:
    async with asking(http(200, bodies.v12({"Refs": []}))) as (client, _):
        with pytest.raises(UnreadableAnswer):
            await client.backup_servers()


async def test_the_log_is_redacted_by_construction() -> None:
    records: list[RequestRecord] = []
    async with asking(http(200, session_body()), on_request=records.append) as (client, _):
        await client.failover_session(bodies.SESSION_ID)
    assert [(record.method, record.status) for record in records] == [
        ("POST", 201),
        ("GET", 200),
        ("DELETE", 204),
    ]
    assert records[1].size == len(session_body())
    assert all(record.seconds >= 0 and record.error is None for record in records)
    assert records[2].path == "/api/logonSessions/…"
    assert bodies.LOGON_ID not in repr(records)


async def test_the_log_names_errors() -> None:
    records: list[RequestRecord] = []
    async with asking(b"", on_request=records.append) as (client, _):
        with pytest.raises(ConnectionLost):
            await client.failover_session(bodies.SESSION_ID)
    assert (records[1].status, records[1].error) == (None, "ConnectionLost")


async def test_a_plans_sessions_are_asked_for_by_name_in_one_request() -> None:
    tree = bodies.query("CloudFailoverSessions", [bodies.session(None)], pages=7)
    async with asking(http(200, bodies.v13(tree))) as (client, server):
        sessions = await client.failover_sessions_named('A "B" plan', limit=50)
    assert len(sessions) == 1
    (asked,) = server.asked
    assert dict(asked.url.params) == {
        "type": "CloudFailoverSession",
        "format": "Entities",
        "sortDesc": "CreationTime",
        "pageSize": "50",
        "page": "1",
        "filter": 'Name=="A ""B"" plan"',
    }
