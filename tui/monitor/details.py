"""What belongs to a session but is not in it: its plan and its VM replica points.

Read once, cached, at most four requests at a time and never more than four a
second, so that the steady state stays at one request a poll.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from typing import Protocol

from tui.analysis.assessment import name_of
from tui.analysis.identity import (
    differing,
    folded,
    of_server,
    plan_by_vms,
    replicas_of,
    tenants_of,
    the_tenant,
)
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
from tui.light import dataclass
from tui.monitor.replicas import OwnReplicas, ReplicaSource, points_of_vm

AT_ONCE = 4
TRIES = 3
MOST_WAITING = 200
"""Waiting VMs of one plan that are asked about at most."""
MOST_RIVALS = 8
"""Plans of one name that are read for their VMs, to tell which is the session's."""
MOST_POINTS = 5_000
"""Replica points that are remembered, unless the session lists more tasks than that."""
LONGEST_REST = 60
_PASSING = (ConnectionTrouble, ServerBusy, LogonExpired, WrongCredentials)


class DetailSource(ReplicaSource, Protocol):
    """The part of the client that details are read through."""

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """Find cloud failover plans by name."""

    async def failover_plan(self, plan_id: str) -> FailoverPlan:
        """Read one cloud failover plan with its VMs."""


@dataclass(frozen=True)
class Details:
    """What is known so far.

    `points` by id; None for one the server no longer has; `unreadable_points` are those
    given up: they are not asked for any more. `plan_note` says in
    words why there is no plan, where that is so. `tenant` is whose plan it is, also where
    several plans have the name and are all one tenant's. `failed_over` names the VMs of
    the plan without a task whose newest replica point says that they run already,
    `ambiguous` those of which nobody knows, since several replicas have their name.
    `complete` once the plan and these have been asked for, whatever came of it: from
    then on it is known, as far as it can be, what is still to come.
    """

    points: Mapping[str, ReplicaPoint | None] = field(default_factory=dict)
    plan: FailoverPlan | None = None
    plan_note: str | None = None
    failed_over: frozenset[str] = frozenset()
    complete: bool = False
    unreadable_points: frozenset[str] = frozenset()
    tenant: str | None = None
    ambiguous: frozenset[str] = frozenset()

    def kept_for(self, session: FailoverSession | None) -> Details:
        """The same without the oldest points that no task of the session has any more.

        Whatever the tasks listed have stays, or it would be asked for again.
        """
        if max(len(self.points), len(self.unreadable_points)) <= MOST_POINTS:
            return self
        tasks = session.tasks if session is not None else ()
        named = {task.replica_point.id for task in tasks if task.replica_point is not None}
        others = [point_id for point_id in self.points if point_id not in named]
        gone = set(others[: max(0, len(self.points) - MOST_POINTS)])
        return replace(
            self,
            points={key: point for key, point in self.points.items() if key not in gone},
            unreadable_points=self.unreadable_points
            if len(self.unreadable_points) <= MOST_POINTS
            else self.unreadable_points & named,
        )


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
        self._rivals: tuple[FailoverPlan, ...] = ()
        self._own: OwnReplicas | None = None
        self._asked: set[str] = set()
        self._outages = 0
        self._rest = 0
        self._nothing_more: tuple[FailoverSession, Details] | None = None
        self.details = Details()

    @property
    def rests(self) -> bool:
        """Whether it waits for an outage to pass, which some more steps are for."""
        return self._rest > 0

    def has_all_for(self, session: FailoverSession, details: Details) -> bool:
        """Whether a session gives nothing to ask for beyond those details, as a step found for
        one like it."""
        known = self._nothing_more
        if known is None or known[1] is not details or not _asks_alike(known[0], session):
            return False
        self._nothing_more = (session, details)
        return True

    async def step(self, session: FailoverSession) -> bool:
        """Ask for the plan first, then for up to four points, of tasks before waiting VMs."""
        if self._rest > 0:
            self._rest -= 1
            return False
        if self.has_all_for(session, self.details):
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
            self._nothing_more = (session, self.details)
        return asked

    async def _ask(self, session: FailoverSession) -> bool:
        if self._wants_plan:
            await self._read_plan(session)
            return True
        if self.details.plan is None and self._rivals and self._choose(session):
            return True
        missing = self._missing(session)
        if missing:
            found = await asyncio.gather(*(self._read_point(point_id) for point_id in missing))
            new = {point_id: point for point_id, answered, point in found if answered}
            self.details = replace(self.details, points={**self.details.points, **new})
            return True
        waiting = self._waiting(session)
        if waiting:
            answers = await asyncio.gather(*(self._failed_over(name, session) for name in waiting))
            told = dict(zip(waiting, answers, strict=True))
            self.details = replace(
                self.details,
                failed_over=self.details.failed_over | _where(told, _Answer.YES),
                ambiguous=self.details.ambiguous | _where(told, _Answer.AMBIGUOUS),
            )
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
        begun = {folded(name) for name in (*(t.vm_name for t in session.tasks), *self._asked)}
        names: dict[str, str] = {}
        for vm in plan.vms:
            names.setdefault(folded(vm.name), vm.name)
        return [name for key, name in names.items() if key not in begun]

    async def _failed_over(self, vm_name: str, session: FailoverSession) -> _Answer:
        """Whether the VM's newest replica point is in use; trouble means not known.

        Other replicas may have the VM's name: those of another backup server say nothing,
        and of several on this one the plan's own, where its earlier sessions tell it.
        """
        owner = self.details.plan or session
        try:
            points = await points_of_vm(self._source, vm_name, owner)
            replicas = replicas_of(points)
            answers = {replica.is_failed_over for replica in replicas}
            if len(answers) == 2:
                own = await self._own_replica(vm_name)
                answers = {each.is_failed_over for each in replicas if own and each.id == own}
                if not answers:
                    return _Answer.AMBIGUOUS
        except _PASSING:
            self._outages += 1
            self._asked.discard(vm_name)
            return _Answer.NO
        except Exception:  # neither the server's no nor a defect must end the monitor
            return _Answer.NO
        return _Answer.YES if answers == {True} else _Answer.NO

    async def _own_replica(self, vm_name: str) -> str | None:
        plan = self.details.plan
        if plan is None:
            return None
        if self._own is None:
            self._own = OwnReplicas(self._source, plan, self._rivals)
        return await self._own.of(vm_name)

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
            failures = self._failures.pop(point_id, 0) + 1
            if failures < TRIES:
                self._failures[point_id] = failures
                if len(self._failures) > MOST_POINTS:
                    del self._failures[next(iter(self._failures))]
            else:
                given_up = self.details.unreadable_points | {point_id}
                self.details = replace(self.details, unreadable_points=given_up)
            return point_id, False, None

    async def _read_plan(self, session: FailoverSession) -> None:
        note = None
        try:
            named = await self._source.failover_plans(session.plan_name)
            rivals = of_server(named, session)
            rivals[:MOST_RIVALS] = [await self._whole(plan) for plan in rivals[:MOST_RIVALS]]
            self._rivals = tuple(rivals)
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
        if note is not None:
            self.details = replace(self.details, plan_note=note)
        elif not self._choose(session):
            self.details = replace(
                self.details, plan_note=_why_no_plan(rivals), tenant=the_tenant(rivals)
            )

    async def _whole(self, plan: FailoverPlan) -> FailoverPlan:
        """The plan with its VMs, which lists may leave out."""
        return plan if plan.vms or not plan.id else await self._source.failover_plan(plan.id)

    def _choose(self, session: FailoverSession) -> bool:
        """Take the session's plan, if it is known which one that is."""
        rivals = self._rivals
        plan: FailoverPlan | None
        if len(rivals) == 1 and rivals[0].id:
            plan = rivals[0]
        else:
            plan = plan_by_vms(rivals, (task.vm_name for task in session.tasks))
        if plan is None:
            return False
        self.details = replace(self.details, plan=plan, plan_note=None, tenant=plan.tenant)
        return True


def _asks_alike(before: FailoverSession, after: FailoverSession) -> bool:
    """Whether there is nothing to ask for the one that there was not for the other."""
    over = [is_done(each.state, each.ended) for each in (before, after)]
    return (
        len(before.tasks) == len(after.tasks)
        and over[0] is over[1]
        and (before.plan_name, before.backup_server) == (after.plan_name, after.backup_server)
        and all(
            name_of(before.tasks[place]) == name_of(after.tasks[place])
            for place in differing(before.tasks, after.tasks)
        )
    )


class _Answer(Enum):
    """Whether a VM runs as a replica already."""

    NO = 0
    YES = 1
    AMBIGUOUS = 2


def _where(told: Mapping[str, _Answer], answer: _Answer) -> frozenset[str]:
    return frozenset(name for name, each in told.items() if each is answer)


def _why_no_plan(rivals: Sequence[FailoverPlan]) -> str:
    if not rivals:
        return "no cloud failover plan of that name is left"
    tenants = tenants_of(rivals)
    whose = f" ({', '.join(tenants)})" if tenants else ""
    return f"{len(rivals)} cloud failover plans have that name{whose}"
