"""One request, one response: the whole of the simulated Enterprise Manager."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import parse_qs

from tui.simulator import query_answers, resources
from tui.simulator.clock import Clock, system_clock
from tui.simulator.documents import VERSIONS, Documents
from tui.simulator.exchange import Request, Response
from tui.simulator.logons import DEFAULT_USERS, Logons, LogonSession
from tui.simulator.queryable import Source
from tui.simulator.refusal import Refusal
from tui.simulator.wire import Api, Dialect, Node, write
from tui.simulator.world import World

BASE: Final = "https://em01.cloud.example:9398"
"""The server's own idea of its address: never the one that a client asked."""

IDLE_TIMEOUT: Final = 900.0
"""Seconds after which an unused logon expires, as documented."""

_LOGON_HEADER: Final = "X-RestSvcSessionId"
_COOKIE: Final = re.compile(rf"(?:^|;)\s*{_LOGON_HEADER}=([^;\s]*)", re.IGNORECASE)
_HEADERS: Final = {
    "Cache-Control": "private",
    "Server": "Microsoft-HTTPAPI/2.0",
    "X-Content-Type-Options": "nosniff",
}


class Service:
    """A simulated Enterprise Manager over a world. Thread-safe.

    Second 0 of the world is the clock's time when the service is made. `idle_timeout` in
    seconds of that clock.
    """

    def __init__(
        self,
        world: World,
        clock: Clock = system_clock,
        idle_timeout: float = IDLE_TIMEOUT,
        api: Api = "v12",
    ) -> None:
        self.world = world
        self.begin = clock().astimezone(UTC)
        self._clock = clock
        self._api = api
        self._logons = Logons(DEFAULT_USERS, idle_timeout)
        self._documents = Documents(BASE, self.begin, api)
        self._lock = threading.RLock()

    def now(self) -> datetime:
        """The server's present, in UTC; its Date header says the same."""
        return self._clock()

    def handle(self, request: Request) -> Response:
        """Answer a request. Never raises for anything that a client sent."""
        with self._lock:
            return self._answer(request)

    def _answer(self, request: Request) -> Response:
        now = self._clock()
        dialect = Dialect("application/json" in request.header("accept").lower(), self._api)
        try:
            status, headers, node = self._dispatch(request, now, dialect)
        except Refusal as refusal:
            status, headers = refusal.status, refusal.headers
            node = query_answers.error(status, refusal.message)
        return self._response(status, headers, node, dialect, now)

    def _response(
        self,
        status: int,
        headers: Mapping[str, str],
        node: Node | None,
        dialect: Dialect,
        now: datetime,
    ) -> Response:
        date = format_datetime(now.astimezone(UTC), usegmt=True)
        if node is None:
            return Response(status, {**_HEADERS, "Date": date, **headers})
        body = write(node, dialect)
        kind = {"Content-Type": dialect.content_type}
        return Response(status, {**_HEADERS, "Date": date, **kind, **headers}, body)

    def _dispatch(
        self, request: Request, now: datetime, dialect: Dialect
    ) -> tuple[int, Mapping[str, str], Node | None]:
        segments = [part for part in request.path.split("/") if part]
        below = [part.lower() for part in segments[1:]]
        if not segments or segments[0].lower() != "api":
            raise Refusal(404, "Not Found")
        if request.method == "POST" and below == ["sessionmngr"]:
            return self._log_on(request, now)
        if request.method == "DELETE" and len(below) == 2 and below[0] == "logonsessions":
            return self._log_off(request, below[1], now)
        if request.method != "GET":
            raise Refusal(405, f"Method {request.method} is not allowed")
        if not below:
            return 200, {}, self._documents.root()
        return 200, {}, self._read(request, below, now, dialect)

    def _log_on(
        self, request: Request, now: datetime
    ) -> tuple[int, Mapping[str, str], Node | None]:
        if "content-length" not in request.headers:
            raise Refusal(411, "Length Required")
        version = parse_qs(request.query).get("v", ["latest"])[0].lower()
        if version != "latest" and version not in VERSIONS:
            raise Refusal(401, "Unsupported version")
        known = self._logons.account(request.header("authorization"))
        if known is None:
            raise Refusal(401, "Unauthorized", {"WWW-Authenticate": "Basic Realm=RestSvc"})
        session = self._logons.begin(*known, now)
        node = self._documents.logon_session(session.id, session.user)
        cookie = f"{_LOGON_HEADER}={session.token}; Path=/api;"
        headers = {
            _LOGON_HEADER: session.token,
            "Set-Cookie": cookie,
            "Location": self._documents.href(f"logonSessions/{session.id}"),
        }
        return 201, headers, node

    def _log_off(
        self, request: Request, session_id: str, now: datetime
    ) -> tuple[int, Mapping[str, str], Node | None]:
        session = self._session(request, now)
        if session.id != session_id:
            raise Refusal(403, "Access denied")
        self._logons.end(session)
        return 204, {}, None

    def _session(self, request: Request, now: datetime) -> LogonSession:
        # A cookie wins over the header, even when it is stale.
        cookie = _COOKIE.search(request.header("cookie"))
        token = cookie[1] if cookie else request.header(_LOGON_HEADER)
        session = self._logons.find(token, now)
        if session is None:
            raise Refusal(401, "Session has expired or does not exist")
        return session

    def _read(self, request: Request, below: list[str], now: datetime, dialect: Dialect) -> Node:
        session = self._session(request, now)
        if len(below) == 2 and below == ["logonsessions", session.id]:
            return self._documents.logon_session(session.id, session.user)
        if below[0] in {"cloud", "query"} and not session.account.cloud:
            raise Refusal(403, "Access denied")
        if below == ["cloud"]:
            return self._documents.cloud(session.id)
        source = Source(
            world=self.world,
            documents=self._documents,
            moment=(now - self.begin).total_seconds(),
            dialect=dialect,
        )
        return resources.answer(source, below, request.query)
