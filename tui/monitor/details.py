"""What belongs to a session but is not in it: its plan and its VM replica points.

Read once, cached, at most four requests at a time and never more than four a
second, so that the steady state stays at one request a poll.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from tui.analysis.status import is_done
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, ReplicaPoint
from tui.errors import (
    ConnectionTrouble,
    FailoverMonitorError,
    LogonExpired,
    NoPermission,
    NotFound,
    ServerBusy,
    WrongCredentials,
)
from tui.monitor.readiness import is_failed_over, points_of_server

AT_ONCE = 4
TRIES = 3
MOST_WAITING = 200
"""Waiting VMs of one plan that are asked about at most."""
POINTS_ASKED = 20
"""Newest points of a VM that are asked for: other backup servers' may lie among them."""
LONGEST_REST = 60
_PASSING = (ConnectionTrouble, ServerBusy, LogonExpired, WrongCredentials)


class DetailSource(Protocol):
    """The part of the client that details are read through."""

    async def replica_point(self, point_id: str) -> ReplicaPoint:
        """Read one VM replica point."""

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """Find cloud failover plans by name."""

    async def failover_plan(self, plan_id: str) -> FailoverPlan:
        """Read one cloud failover plan with its VMs."""

    async def replica_points_of(self, vm_name: str, limit: int = 20) -> tuple[ReplicaPoint, ...]:
        """Find the newest VM replica points of a VM."""


@dataclass(frozen=True)
class Details:
    """What is known so far.

    `points` by id; None for one the server no longer has; `unreadable_points` are those
    given up: they are not asked for any more. `plan_note` says in
    words why there is no plan, where that is so. `failed_over` names the VMs of
    the plan without a task whose newest replica point says that they run already.
    `complete` once the plan and these have been asked for, whatever came of it: from
    then on it is known, as far as it can be, what is still to come.
    """

    points: Mapping[str, ReplicaPoint | None] = field(default_factory=dict)
    plan: FailoverPlan | None = None
    plan_note: str | None = None
    failed_over: frozenset[str] = frozenset()
    complete: bool = False
    unreadable_points: frozenset[str] = frozenset()


class DetailReader:
    """Fills a `Details` step by step; `step` returns whether anything was asked.

    What the server keeps refusing is given up after `TRIES`. An outage says nothing
    about a plan or a point and costs no try: the reader rests, for ever more steps
    up to `LONGEST_REST`, and asks again.
    """

    def __init__(self, source: DetailSource) -> None:
        self._source = source
        self._failures: dict[str, int] = {}
        self._plan_failures = 0
        self._asked: set[str] = set()
        self._outages = 0
        self._rest = 0
        self._nothing_more: FailoverSession | None = None
        self.details = Details()

    async def step(self, session: FailoverSession) -> bool:
        """Ask for the plan first, then for up to four points, of tasks before waiting VMs."""
        if self._rest > 0:
            self._rest -= 1
            return False
        if session is self._nothing_more:
            return False
        outages = self._outages
        asked = await self._ask(session)
        if not (self.details.complete or self._wants_plan or self._unasked(session)):
            self.details = replace(self.details, complete=True)
            asked = True
        if self._outages > outages:
            self._rest = min(LONGEST_REST, 2 ** min(self._outages, 16))
        elif asked:
            self._outages = 0
        else:
            self._nothing_more = session
        return asked

    async def _ask(self, session: FailoverSession) -> bool:
        if self._wants_plan:
            await self._read_plan(session)
            return True
        missing = self._missing(session)
        if missing:
            found = await asyncio.gather(*(self._read_point(point_id) for point_id in missing))
            new = {point_id: point for point_id, answered, point in found if answered}
            self.details = replace(self.details, points={**self.details.points, **new})
            return True
        waiting = self._waiting(session)
        if waiting:
            names = await asyncio.gather(*(self._failed_over(name, session) for name in waiting))
            found_names = self.details.failed_over.union(name for name in names if name)
            self.details = replace(self.details, failed_over=found_names)
        return bool(waiting)

    def _waiting(self, session: FailoverSession) -> list[str]:
        """The next four of `_unasked`, from now on asked about."""
        waiting = self._unasked(session)[:AT_ONCE]
        self._asked.update(waiting)
        return waiting

    def _unasked(self, session: FailoverSession) -> list[str]:
        """The VMs of the plan that have no task and were not asked about yet."""
        plan = self.details.plan
        if (
            plan is None
            or len(self._asked) >= MOST_WAITING
            or is_done(session.state, session.ended)
        ):
            return []
        begun = {task.vm_name for task in session.tasks} | self._asked
        return [name for name in dict.fromkeys(vm.name for vm in plan.vms) if name not in begun]

    async def _failed_over(self, vm_name: str, session: FailoverSession) -> str | None:
        """The name back if the VM's newest replica point is in use; trouble means not known.

        Another backup server may have a VM of the same name: its points say nothing.
        """
        plan = self.details.plan
        server = (plan.backup_server if plan else None) or session.backup_server
        try:
            points = await self._source.replica_points_of(vm_name, limit=POINTS_ASKED)
        except _PASSING:
            self._outages += 1
            self._asked.discard(vm_name)
            return None
        except Exception:  # neither the server's no nor a defect must end the monitor
            return None
        return vm_name if is_failed_over(points_of_server(points, server)) else None

    @property
    def _wants_plan(self) -> bool:
        details = self.details
        return details.plan is None and details.plan_note is None

    def _missing(self, session: FailoverSession) -> list[str]:
        missing: dict[str, None] = {}
        for task in session.tasks:
            point_id = task.replica_point.id if task.replica_point else None
            if (
                point_id is not None
                and point_id not in self.details.points
                and point_id not in self.details.unreadable_points
            ):
                missing[point_id] = None
                if len(missing) == AT_ONCE:
                    break
        return list(missing)

    async def _read_point(self, point_id: str) -> tuple[str, bool, ReplicaPoint | None]:
        try:
            return point_id, True, await self._source.replica_point(point_id)
        except (NotFound, NoPermission):
            return point_id, True, None
        except _PASSING:
            self._outages += 1
            return point_id, False, None
        except Exception:  # a defect in reading one point must not end the monitor
            self._failures[point_id] = self._failures.get(point_id, 0) + 1
            if self._failures[point_id] >= TRIES:
                given_up = self.details.unreadable_points | {point_id}
                self.details = replace(self.details, unreadable_points=given_up)
            return point_id, False, None

    async def _read_plan(self, session: FailoverSession) -> None:
        plan, note = None, None
        try:
            plan, note = await _find_plan(self._source, session)
        except NoPermission:
            note = "the account may not read cloud failover plans"
        except _PASSING:
            self._outages += 1
            return
        except Exception as error:  # a defect here must not end the monitor either
            self._plan_failures += 1
            if self._plan_failures < TRIES:
                return
            note = "the cloud failover plan could not be read"
            if isinstance(error, FailoverMonitorError):
                note = error.sentence
        self.details = replace(self.details, plan=plan, plan_note=note)


async def _find_plan(
    source: DetailSource, session: FailoverSession
) -> tuple[FailoverPlan | None, str | None]:
    named = await source.failover_plans(session.plan_name)
    candidates = _of_backup_server(named, session.backup_server)
    if not candidates:
        return None, "no cloud failover plan of that name is left"
    if len(candidates) > 1:
        return None, f"{len(candidates)} cloud failover plans have that name"
    plan = candidates[0]
    if not plan.vms:
        plan = await source.failover_plan(plan.id)
    return plan, None


def _of_backup_server(
    plans: Iterable[FailoverPlan], backup_server: str | None
) -> list[FailoverPlan]:
    if backup_server is None:
        return list(plans)
    return [
        plan for plan in plans if plan.backup_server is None or plan.backup_server == backup_server
    ]
