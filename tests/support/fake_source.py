"""A client that answers from a script."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from tests.support.making import point, session
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import (
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
    """Answers each session with `answer`, pages from `listed`, details from their tables.

    Set `answer` to an exception and it is raised. `asked` counts the requests by
    kind, `at_once` is the most that were under way together. Each request yields
    to the event loop `rounds` times, so that requests can overlap.
    """

    def __init__(self, answer: Answer | None = None, rounds: int = 3) -> None:
        self.answer: Answer = session() if answer is None else answer
        self.server_time: Callable[[], datetime | None] = lambda: None
        self.sessions: dict[str, Answer] = {}
        self.points: dict[str, ReplicaPoint | Exception] = {}
        self.points_of_vms: Exception | None = None
        self.plans: Iterable[FailoverPlan] | Exception = ()
        self.whole_plans: dict[str, FailoverPlan] = {}
        self.listed: list[FailoverSession] = []
        self.named: Exception | None = None
        self.cloud_connect: bool | None = None
        self.page_size = 100
        self.page_answers: dict[int, SessionPage | Exception] = {}
        self.asked: Counter[str] = Counter()
        self.pages_asked: list[int] = []
        self.asked_for: list[str] = []
        self.at_once = 0
        self.before_point: Callable[[], None] = lambda: None
        self._rounds = rounds
        self._under_way = 0

    def go_down(self) -> None:
        """From now on nothing answers."""
        self.answer = ConnectionRefused("Nothing listens on em01:9398.")

    async def failover_session(self, session_id: str) -> SessionReading:
        """The session of that id from `sessions`, else `answer`."""
        self.asked_for.append(session_id)
        await self._travel("session")
        answer = self.sessions.get(session_id, self.answer)
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
        """Those of `listed` with that name; `named` is raised where it is an exception."""
        self.asked_for.append(name)
        await self._travel("named")
        if self.named is not None:
            raise self.named
        return tuple(session for session in self.listed if session.name == name)[:limit]

    async def replica_point(self, point_id: str) -> ReplicaPoint:
        """The point from `points`, else one made up; an exception there is raised."""
        self.asked_for.append(point_id)
        await self._travel("point")
        self.before_point()
        answer = self.points.get(point_id, point(point_id))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """Every plan in `plans`, whatever its name."""
        self.asked_for.append(name)
        await self._travel("plans")
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
        await self._travel("plan")
        if plan_id not in self.whole_plans:
            raise NotFound("There is no such plan.")
        return self.whole_plans[plan_id]

    async def _travel(self, kind: str) -> None:
        self.asked[kind] += 1
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        try:
            for _ in range(self._rounds):
                await asyncio.sleep(0)
        finally:
            self._under_way -= 1

    async def replica_points_of(
        self,
        vm_name: str,
        limit: int = 20,
        *,
        backup_server: str | None = None,
        not_of: str | None = None,
    ) -> tuple[ReplicaPoint, ...]:
        """The points of that VM, from `points`, filtered as a server does."""
        await self._travel("points of a VM")
        if self.points_of_vms is not None:
            raise self.points_of_vms
        found = [point for point in self.points.values() if isinstance(point, ReplicaPoint)]
        return tuple(
            point
            for point in newest_first(found)
            if (point.vm_name or "").lower() == vm_name.lower()
            and (backup_server is None or point.backup_server in (None, backup_server))
            and (not_of is None or point.replica_id != not_of)
        )[:limit]
