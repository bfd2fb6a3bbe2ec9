"""However often a logon is renewed, one logon session is open, and none at the end."""

from __future__ import annotations

import contextlib

from pydantic import SecretStr

from tests.support.simulated import build_service
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.errors import FailoverMonitorError
from tui.simulator.exchange import Request, Response
from tui.simulator.in_process import ServiceTransport
from tui.simulator.logons import Account


async def test_a_401_to_one_resource_leaves_no_logon_session_open() -> None:
    service = build_service(users={"jdoe": Account("Corr3ct-Horse")})
    client = EnterpriseManager(
        parse_server("vbem01"),
        Credentials("jdoe", SecretStr("Corr3ct-Horse")),
        transport=ServiceTransport(service),
    )
    most = 0

    def refuse_points(request: Request) -> Response | None:
        nonlocal most
        most = max(most, service.open_logons)
        return Response(401) if "vmReplicaPoints" in request.path else None

    service.fault = refuse_points
    for number in range(20):
        await client.failover_sessions()
        with contextlib.suppress(FailoverMonitorError):
            await client.replica_point(f"{number:08}-0000-0000-0000-000000000000")
    assert most <= 2, "the old and the new one, while the old one is being ended"
    await client.aclose()
    assert service.open_logons == 0
