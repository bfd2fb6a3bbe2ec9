"""What the simulator's tests use to ask a SimulatedServer."""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ElementTree
from typing import Any

from tests.support.simulated import SimulatedServer
from tui.simulator.exchange import Request, Response


def basic(user: str = "demo", password: str = "demo") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def log_on(service: SimulatedServer, user: str = "demo", password: str = "demo") -> Response:
    headers = {
        "authorization": basic(user, password),
        "content-length": "0",
        "accept": "application/json",
    }
    return service.handle(Request("POST", "/api/sessionMngr/", "v=latest", headers))


class Caller:
    """A client that is logged on."""

    def __init__(
        self, service: SimulatedServer, user: str = "demo", password: str = "demo"
    ) -> None:
        self.service = service
        self.token = log_on(service, user, password).headers["X-RestSvcSessionId"]
        self.id = base64.b64decode(self.token).decode()

    def ask(
        self,
        path: str,
        query: str = "",
        *,
        method: str = "GET",
        json: bool = True,
        cookie: str | None = None,
    ) -> Response:
        kind = "json" if json else "xml"
        headers = {"accept": f"application/{kind}", "x-restsvcsessionid": self.token}
        if cookie is not None:
            headers["cookie"] = cookie
        return self.service.handle(Request(method, f"/api/{path}", query, headers))

    def json(self, path: str, query: str = "") -> Any:
        response = self.ask(path, query)
        assert response.status == 200, response.body
        return json.loads(response.body)

    def xml(self, path: str, query: str = "") -> ElementTree.Element:
        response = self.ask(path, query, json=False)
        assert response.status == 200, response.body
        return ElementTree.fromstring(response.body)

    def featured(self) -> Any:
        """The scenario's session, as v12 JSON."""
        path = f"cloud/failoverSessions/{self.service.featured_session}"
        return self.json(path, "format=Entity")

    def tasks(self) -> list[Any]:
        """The tasks of the scenario's session, as v12 JSON."""
        return self.featured()["CloudFailoverTasks"]["CloudFailoverTasks"] or []
