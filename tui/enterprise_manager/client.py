"""EnterpriseManager: one method per resource the monitor reads. Sends nothing but
the logon, the logoff and GET.

Only ids are taken from hrefs: a server's own idea of its host, scheme and port
is often wrong from outside, so every URL is built on the configured address.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar
from urllib.parse import quote

import httpx

from tui.enterprise_manager import readers
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.collection_pause import uncollected
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.decoding import parse
from tui.enterprise_manager.entities import entity
from tui.enterprise_manager.logon import Logon
from tui.enterprise_manager.refusals import list_refusal, refusal
from tui.enterprise_manager.request_log import OnRequest, failures_heard
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    FailoverSession,
    LogonAnswer,
    PlanPage,
    ReplicaPoint,
    SessionPage,
    SessionReading,
)
from tui.enterprise_manager.scalars import http_date
from tui.enterprise_manager.sessions import SessionReadings
from tui.enterprise_manager.transport import Accept, Answer, Transport
from tui.enterprise_manager.trust import ServerTrust
from tui.errors import RequestRejected

POINTS_AT_ONCE: Final = 4
POINTS_KEPT: Final = 20_000
THREAD_FROM: Final = 500_000
"""Bytes from which a body is decoded in a thread; below, decoding takes under 10 ms."""
UNCOLLECTED_FROM: Final = 50_000
"""Bytes from which decoding pauses the garbage collector; see `garbage.py`."""

T = TypeVar("T")


class EnterpriseManager:
    """One Enterprise Manager, as seen by one account. Not for use from several threads.

    All methods that ask the server raise `ConnectionTrouble`, `RefusedByServer`,
    `ServerTrouble` and `UnreadableAnswer` from `tui.errors`, and nothing else.
    """

    def __init__(
        self,
        server: ServerAddress,
        credentials: Credentials,
        *,
        trust: ServerTrust | None = None,
        accept: Accept = "json",
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        on_request: OnRequest | None = None,
    ) -> None:
        """Opens nothing yet. `proxy` is a URL, else the environment decides.

        `transport` replaces the network, for tests. `on_request` hears of every
        exchange, redacted.
        """
        self.server = server
        self.on_request = on_request
        self._transport = Transport(
            server,
            trust or ServerTrust(),
            accept=accept,
            transport=transport,
            proxy=proxy,
            on_request=on_request,
        )
        self._logon = Logon(self._transport, server, credentials)
        self._readings = SessionReadings()
        self._saw_sessions = False
        self._points: OrderedDict[str, ReplicaPoint] = OrderedDict()
        self._point_slots = asyncio.Semaphore(POINTS_AT_ONCE)

    @property
    def user_name(self) -> str:
        """The user as typed."""
        return self._logon.user_name

    @property
    def logged_on(self) -> bool:
        """Whether a logon session is held, as far as known without asking."""
        return self._logon.is_on

    @property
    def cloud_connect(self) -> bool | None:
        """Whether the server has Cloud Connect: by a session that was read, else by what the
        logon told; None while nothing was."""
        return True if self._saw_sessions else self._logon.cloud_connect

    def supply_credentials(self, credentials: Credentials) -> None:
        """Credentials that a person typed anew: the only way on after `WrongCredentials`."""
        self._logon.supply(credentials)

    @failures_heard
    async def log_on(self) -> LogonAnswer:
        """Log on. The other methods do it by themselves when needed.

        Raises `WrongCredentials`, `NoPermission`, `NotEnterpriseManager`,
        `CertificateUnknown` and `CertificateChanged` besides the usual. A server
        without Cloud Connect is told by the answer, not by an error.
        """
        return await self._logon.log_on()

    async def log_off(self) -> None:
        """End exactly the own logon session, within 2 s; never raises."""
        await self._logon.log_off()

    async def aclose(self) -> None:
        """Log off and close the sockets; never raises."""
        await self._logon.log_off()
        await self._transport.aclose()

    @failures_heard
    async def failover_sessions(self, page: int = 1, page_size: int = 100) -> SessionPage:
        """One page of the cloud failover sessions, newest first, without their tasks."""
        path = _query("CloudFailoverSession", page, page_size, sort="CreationTime")
        answer = await self._list(path, "cloud failover sessions")
        return await _decoded(lambda body: readers.session_page(parse(body), page), answer.body)

    @failures_heard
    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """The newest sessions of that name, which is their plan's, without their tasks.

        One request for at most `limit`; plans of several backup servers may share the name.
        """
        path = _query(
            "CloudFailoverSession",
            page_size=limit,
            sort="CreationTime",
            where=_equals("Name", name),
        )
        answer = await self._list(path, "cloud failover sessions")
        page = await _decoded(lambda body: readers.session_page(parse(body), 1), answer.body)
        return page.sessions[:limit]

    @failures_heard
    async def failover_session(self, session_id: str) -> SessionReading:
        """One cloud failover session with its tasks.

        The same bytes as last time give the same object, and nothing is decoded. Raises
        `NotFound`, `InvalidSessionId`.
        """
        reading = self._readings.of(session_id)
        answer = await self._one(
            f"/api/cloud/failoverSessions/{reading.id}?format=Entity", "this cloud failover session"
        )
        server_time = http_date(answer.date)
        session = reading.same(answer.body)
        if session is not None:
            return SessionReading(session=session, server_time=server_time)
        async with reading.turn:
            session = reading.quickly(answer.body)
            if session is None:
                session = await _decoded(reading.read, answer.body)
        self._saw_sessions = True
        return SessionReading(session=session, server_time=server_time)

    @failures_heard
    async def replica_point(self, point_id: str) -> ReplicaPoint:
        """A VM replica point; asked for once, then remembered; at most four at once."""
        guid = point_id.lower()
        async with self._point_slots:
            known = self._points.get(guid)
            if known is not None:
                return known
            answer = await self._one(
                f"/api/cloud/vmReplicaPoints/{quote(guid, safe='')}?format=Entity",
                "this VM replica point",
            )
            content = entity(parse(answer.body), "CloudVmReplicaPoint", guid)
            point = readers.replica_point(content)
            self._points[guid] = point
            while len(self._points) > POINTS_KEPT:
                self._points.popitem(last=False)
            return point

    @failures_heard
    async def replica_points_of(
        self,
        vm_name: str,
        limit: int = 20,
        *,
        backup_server: str | None = None,
        not_of: str | None = None,
    ) -> tuple[ReplicaPoint, ...]:
        """The newest VM replica points of one VM name, newest first, at most `limit`.

        Of one backup server by its name, and without those of the replica with the GUID
        `not_of`, where given. A point with an empty id stands for what cannot be read, also
        for points that the server would not tell apart.
        """
        terms = [_equals("VmDisplayName", vm_name)]
        if backup_server is not None:
            terms.append(_equals("BackupServerName", backup_server))
        if not_of is None:
            return await self._points_where(terms, limit)
        for uid in (f"urn:veeam:CloudReplica:{not_of}", not_of):
            # Pages of the reference differ in which form of a UID a filter takes.
            with contextlib.suppress(RequestRejected):
                return await self._points_where([*terms, f'ReplicaUid!="{uid}"'], limit)
        return (ReplicaPoint(id="", name=""),)

    async def _points_where(self, terms: list[str], limit: int) -> tuple[ReplicaPoint, ...]:
        path = _query(
            "CloudVmReplicaPoint", page_size=limit, sort="CreationTime", where=";".join(terms)
        )
        answer = await self._list(path, "VM replica points")
        return readers.replica_points(parse(answer.body))[:limit]

    @failures_heard
    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """The cloud failover plans of that name: several if backup servers or tenants share it."""
        path = _query("CloudFailoverPlan", where=_equals("Name", name))
        answer = await self._list(path, "cloud failover plans")
        return readers.plans(parse(answer.body))

    @failures_heard
    async def all_failover_plans(self, page: int = 1, page_size: int = 100) -> PlanPage:
        """One page of all cloud failover plans that the account may see, in any order."""
        path = _query("CloudFailoverPlan", page, page_size)
        answer = await self._list(path, "cloud failover plans")
        return await _decoded(lambda body: readers.plan_page(parse(body), page), answer.body)

    @failures_heard
    async def failover_plan(self, plan_id: str) -> FailoverPlan:
        """One cloud failover plan with its VMs."""
        guid = plan_id.lower()
        answer = await self._one(
            f"/api/cloud/cloudFailoverPlans/{quote(guid, safe='')}?format=Entity",
            "this cloud failover plan",
        )
        return readers.plan(entity(parse(answer.body), "CloudFailoverPlan", guid))

    @failures_heard
    async def backup_servers(self) -> tuple[BackupServer, ...]:
        """The backup servers that Enterprise Manager collects from."""
        answer = await self._list("/api/backupServers?format=Entity", "backup servers")
        unknown = BackupServer(id="", name="")
        return readers.collection(
            parse(answer.body), "backupservers", readers.backup_server, unknown
        )

    @failures_heard
    async def cloud_gateways(self) -> tuple[CloudGateway, ...]:
        """The cloud gateways."""
        answer = await self._list("/api/cloud/gateways?format=Entity", "cloud gateways")
        unknown = CloudGateway(id="", name="")
        return readers.collection(parse(answer.body), "cloudgateways", readers.gateway, unknown)

    async def _one(self, path: str, what: str) -> Answer:
        answer = await self._logon.get(path)
        if 200 <= answer.status < 300:
            return answer
        raise refusal(answer, self.server, what)

    async def _list(self, path: str, what: str) -> Answer:
        answer = await self._logon.get(path)
        if 200 <= answer.status < 300:
            return answer
        raise list_refusal(answer, self.server, what, self.cloud_connect)


def _query(
    kind: str,
    page: int = 1,
    page_size: int = 100,
    *,
    sort: str | None = None,
    where: str | None = None,
) -> str:
    """The path of a query; `where` is a filter not yet percent-encoded."""
    order = f"&sortDesc={sort}" if sort else ""
    chosen = f"&filter={quote(where, safe='')}" if where else ""
    return f"/api/query?type={kind}&format=Entities{order}&pageSize={page_size}&page={page}{chosen}"


def _equals(name: str, value: str) -> str:
    """A filter term; a quote inside the value is doubled."""
    doubled = value.replace('"', '""')
    return f'{name}=="{doubled}"'


async def _decoded(read: Callable[[bytes], T], body: bytes) -> T:
    """Decode a body, a large one in a thread so that keys and clocks go on."""
    if len(body) < THREAD_FROM:
        return _decoded_now(read, body)
    return await asyncio.to_thread(_decoded_now, read, body)


def _decoded_now(read: Callable[[bytes], T], body: bytes) -> T:
    if len(body) < UNCOLLECTED_FROM:
        return read(body)
    with uncollected():
        return read(body)
