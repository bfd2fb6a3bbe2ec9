"""A client that answers with readings, from a script.

What answers in bytes, on a socket, is `fake_server`; what answers as Enterprise Manager does is
the simulator, in `simulated`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from tests.support.making import point, session
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    FailoverSession,
    PlanPage,
    ReplicaPoint,
    SessionPage,
    SessionReading,
)
from tui.errors import ConnectionRefused, NotFound

Answer = FailoverSession | Exception


class FakeSource:
    """Answers each session with `coming`, one after the other, and then with `answer`; pages
    and names from `listed`; all else from its tables.

    An exception in place of an answer is raised, and so is what `trouble` has for a kind of
    request, or for the VM, plan or point that is asked about. `asked` counts the requests by
    kind, `on_asked` hears of each, `at_once` is the most that were under way together. Each
    request yields to the event loop as often as `rounds` says in turn, so that requests can
    overlap and overtake each other.
    """

    def __init__(self, answer: Answer | None = None, rounds: Sequence[int] = (3,)) -> None:
        self.answer: Answer = session() if answer is None else answer
        self.coming: list[Answer] = []
        self.server_time: Callable[[], datetime | None] = lambda: None
        self.sessions: dict[str, Answer] = {}
        self.points: dict[str, ReplicaPoint | Exception] = {}
        self.plans: Iterable[FailoverPlan] | Exception = ()
        self.whole_plans: dict[str, FailoverPlan] = {}
        self.listed: list[FailoverSession] = []
        self.gateways: tuple[CloudGateway, ...] = ()
        self.servers: tuple[BackupServer, ...] = ()
        self.cloud_connect: bool | None = None
        self.page_size = 100
        self.page_answers: dict[int, SessionPage | Exception] = {}
        self.trouble: dict[str, Exception] = {}
        self.asked: Counter[str] = Counter()
        self.on_asked: Callable[[str], None] = lambda _: None
        self.pages_asked: list[int] = []
        self.asked_for: list[str] = []
        self.at_once = 0
        self._rounds = rounds
        self._under_way = 0

    def go_down(self) -> None:
        """From now on nothing answers."""
        self.answer = ConnectionRefused("Nothing listens on em01:9398.")

    async def failover_session(self, session_id: str) -> SessionReading:
        """The session of that id from `sessions`, else the next that comes."""
        self.asked_for.append(session_id)
        await self._travel("session", session_id)
        answer = self.sessions.get(session_id)
        if answer is None:
            answer = self.coming.pop(0) if self.coming else self.answer
        if isinstance(answer, Exception):
            raise answer
        return SessionReading(session=answer, server_time=self.server_time())

    async def failover_sessions(self, page: int = 1, page_size: int = 100) -> SessionPage:
        """A page of `listed`, unless `page_answers` has another answer for it."""
        self.pages_asked.append(page)
        await self._travel("page")
        answer = self.page_answers.get(page)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        size = min(page_size, self.page_size)
        first = (page - 1) * size
        pages = -(-len(self.listed) // size)
        return SessionPage(
            sessions=tuple(self.listed[first : first + size]), page=page, pages=pages
        )

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """Those of `listed` with that name, in whatever case."""
        self.asked_for.append(name)
        await self._travel("named", name)
        found = (session for session in self.listed if session.name.lower() == name.lower())
        return tuple(found)[:limit]

    async def replica_point(self, point_id: str) -> ReplicaPoint:
        """The point from `points`, else one made up."""
        self.asked_for.append(point_id)
        await self._travel("point", point_id)
        answer = self.points.get(point_id, point(point_id))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def replica_points_of(
        self,
        vm_name: str,
        limit: int = 20,
        *,
        backup_server: str | None = None,
        not_of: str | None = None,
    ) -> tuple[ReplicaPoint, ...]:
        """The points of that VM, from `points`, filtered as a server does."""
        await self._travel("points of a VM", vm_name)
        found = [point for point in self.points.values() if isinstance(point, ReplicaPoint)]
        return tuple(
            point
            for point in newest_first(found)
            if (point.vm_name or "").lower() == vm_name.lower()
            and (backup_server is None or point.backup_server in (None, backup_server))
            and (not_of is None or point.replica_id != not_of)
        )[:limit]

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """Every plan in `plans`, whatever its name."""
        self.asked_for.append(name)
        await self._travel("plans", name)
        if isinstance(self.plans, Exception):
            raise self.plans
        return tuple(self.plans)

    async def all_failover_plans(self, page: int = 1, page_size: int = 100) -> PlanPage:
        """All of `plans`, on one page."""
        await self._travel("all plans")
        if isinstance(self.plans, Exception):
            raise self.plans
        return PlanPage(plans=tuple(self.plans), page=page, pages=1)

    async def failover_plan(self, plan_id: str) -> FailoverPlan:
        """The plan with its VMs, from `whole_plans`."""
        await self._travel("plan", plan_id)
        if plan_id not in self.whole_plans:
            raise NotFound("There is no such plan.")
        return self.whole_plans[plan_id]

    async def cloud_gateways(self) -> tuple[CloudGateway, ...]:
        await self._travel("gateways")
        return self.gateways

    async def backup_servers(self) -> tuple[BackupServer, ...]:
        await self._travel("servers")
        return self.servers

    async def _travel(self, kind: str, about: str = "") -> None:
        self.asked[kind] += 1
        self.on_asked(kind)
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        try:
            for _ in range(self._rounds[self.asked.total() % len(self._rounds)]):
                await asyncio.sleep(0)
        finally:
            self._under_way -= 1
        for key in (kind, about):
            if key in self.trouble:
                raise self.trouble[key]
