from __future__ import annotations

import httpx
import pytest

from tests.support.simulated import SteppedClock, build_service
from tui.simulator.exchange import Response
from tui.simulator.in_process import ServiceTransport


async def test_a_client_visits_without_a_socket(clock: SteppedClock) -> None:
    service = build_service("failures", clock=clock)
    async with httpx.AsyncClient(
        transport=ServiceTransport(service), base_url="https://em.invalid:9398/api"
    ) as client:
        logon = await client.post("/sessionMngr/?v=latest", auth=("demo", "demo"))
        assert logon.status_code == 201
        client.cookies.clear()
        headers = {
            "X-RestSvcSessionId": logon.headers["x-restsvcsessionid"],
            "Accept": "application/json",
        }
        path = f"/cloud/failoverSessions/{service.featured_session}?format=Entity"
        session = (await client.get(path, headers=headers)).json()
        assert session["State"] == "Working"
        found = await client.get(
            "/query",
            params={"type": "CloudFailoverSession", "filter": 'Name=="Alpine Dental DR"'},
            headers=headers,
        )
        assert {ref["Name"] for ref in found.json()["Refs"]["Refs"]} == {"Alpine Dental DR"}


@pytest.mark.parametrize(("status", "body"), [(204, b""), (503, b"ab")])
async def test_a_fault_is_passed_on(clock: SteppedClock, status: int, body: bytes) -> None:
    service = build_service(clock=clock)
    service.fault = lambda _: Response(status, {}, body)
    async with httpx.AsyncClient(transport=ServiceTransport(service)) as client:
        response = await client.get("https://em.invalid/api/")
    assert response.status_code == status
    assert response.content == body
