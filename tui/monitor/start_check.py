"""Before a drill: is the plan ready? Findings from a bounded number of read requests.

At most `AT_ONCE` requests at a time and `MOST_VMS` + 4 in all. What a request could
not tell becomes a finding; the check itself does not fail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    ReplicaPoint,
)
from tui.errors import (
    ConnectionTrouble,
    FailoverMonitorError,
    LogonExpired,
    ServerTrouble,
    WrongCredentials,
)
from tui.light import dataclass
from tui.monitor.readiness import (
    MOST_VMS,
    Finding,
    Level,
    check_backup_servers,
    check_collection,
    check_gateways,
    check_plan,
    check_vm,
    chosen_plan,
    is_ambiguous,
    vm_names,
)
from tui.monitor.replicas import OwnReplicas, ReplicaSource, points_of_vm

AT_ONCE: Final = 4
GIVES_UP_AFTER: Final = 4
"""Requests in a row without an answer, after which the rest is left unasked."""

_NO_ANSWER: Final = (ConnectionTrouble, ServerTrouble, WrongCredentials, LogonExpired)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class StartCheck:
    """A check so far: `done` of `of` requests answered, `over` when no more will come.

    `of` grows once the plan's VMs are known. Findings stand in a fixed order: the
    plan, its VMs in boot order, gateways, backup servers, the last collection.
    `backup_server` is the one of the plan meant, None where any is; `tenant` whose plan is
    meant, or is, once that is known.
    """

    plan_name: str
    findings: tuple[Finding, ...] = ()
    done: int = 0
    of: int = 3
    over: bool = False
    backup_server: str | None = None
    tenant: str | None = None

    def count(self, level: Level) -> int:
        """How many findings have this level."""
        return sum(1 for finding in self.findings if finding.level is level)

    @property
    def worst(self) -> Level:
        """The gravest level of all findings."""
        for level in (Level.FAILED, Level.WARNING):
            if self.count(level):
                return level
        return Level.OK


class CheckSource(ReplicaSource, Protocol):
    """The part of the client that a start check reads through."""

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """Find cloud failover plans by name."""

    async def failover_plan(self, plan_id: str) -> FailoverPlan:
        """Read one cloud failover plan with its VMs."""

    async def cloud_gateways(self) -> tuple[CloudGateway, ...]:
        """The cloud gateways."""

    async def backup_servers(self) -> tuple[BackupServer, ...]:
        """The backup servers."""


async def run_start_check(
    source: CheckSource,
    plan_name: str,
    rpo_target: timedelta | None,
    now: Callable[[], datetime],
    publish: Callable[[StartCheck], None],
    *,
    backup_server: str | None = None,
    vms: Collection[str] = (),
    tenant: str | None = None,
) -> StartCheck:
    """Look at everything a start needs; `publish` gets every step and the result.

    Ages are by `now()`, aware: the server's time where it is known. `backup_server`,
    `tenant` and the `vms` of a session of the plan tell plans of one name apart. Cancelling
    ends it. Trouble with the server never raises.
    """
    check = StartCheck(plan_name, backup_server=backup_server, tenant=tenant)
    return await _Check(source, check, rpo_target, now, publish, vms).run()


class _Check:
    def __init__(
        self,
        source: CheckSource,
        check: StartCheck,
        rpo_target: timedelta | None,
        now: Callable[[], datetime],
        publish: Callable[[StartCheck], None],
        vms: Collection[str],
    ) -> None:
        self._source = source
        self._rpo_target = rpo_target
        self._now = now
        self._publish = publish
        self._session_vms = vms
        self._own: OwnReplicas | None = None
        self._own_turn = asyncio.Lock()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._silent = 0
        self._parts: dict[int, list[Finding]] = {}
        self._points: list[ReplicaPoint] = []
        self._check = check

    async def run(self) -> StartCheck:
        plan = await self._plan()
        names = vm_names(plan)[:MOST_VMS] if plan else ()
        self._check = replace(self._check, of=self._check.done + len(names) + 2)
        last = len(names) + 1
        async with asyncio.TaskGroup() as group:
            if plan is not None:
                for place, name in enumerate(names, start=1):
                    group.create_task(self._vm(place, name, plan))
            group.create_task(self._gateways(last, plan))
            group.create_task(self._servers(last + 1, plan))
        if names:
            self._parts[last + 2] = [check_collection(self._points, self._now())]
        self._tell(over=True)
        return self._check

    async def _plan(self) -> FailoverPlan | None:
        name = self._check.plan_name
        plans = await self._ask(0, name, self._source.failover_plans, name)
        if plans is None:
            return None
        check = self._check
        plan, finding = chosen_plan(
            plans, name, check.backup_server, self._session_vms, check.tenant
        )
        if plan is not None and not plan.vms:
            # Lists may leave the VMs out.
            self._check = replace(self._check, of=self._check.of + 1)
            plan = await self._ask(0, name, self._source.failover_plan, plan.id)
        if plan is not None:
            self._own = OwnReplicas(self._source, plan, plans)
            self._check = replace(self._check, tenant=plan.tenant)
            self._parts[0] = check_plan(plan)
        elif finding is not None:
            self._parts[0] = [finding]
        self._tell()
        return plan

    async def _vm(self, place: int, name: str, plan: FailoverPlan) -> None:
        asked = await self._ask(place, name, self._points_and_own, name, plan)
        if asked is None:
            return
        points, own = asked
        self._points.extend(points)
        finding = check_vm(
            name, points, rpo_target=self._rpo_target, now=self._now(), own_replica=own
        )
        self._parts[place] = [finding]
        self._tell()

    async def _points_and_own(
        self, vm_name: str, plan: FailoverPlan
    ) -> tuple[tuple[ReplicaPoint, ...], str | None]:
        """The points of that VM name, and the plan's own replica where there are several."""
        points = await points_of_vm(self._source, vm_name, plan)
        if self._own is None or not is_ambiguous(points):
            return points, None
        try:
            async with self._own_turn:
                return points, await self._own.of(vm_name)
        except FailoverMonitorError:
            # Without it they are told to be ambiguous.
            return points, None

    async def _gateways(self, place: int, plan: FailoverPlan | None) -> None:
        gateways = await self._ask(place, "cloud gateways", self._source.cloud_gateways)
        if gateways is not None:
            self._parts[place] = check_gateways(gateways, plan)
            self._tell()

    async def _servers(self, place: int, plan: FailoverPlan | None) -> None:
        servers = await self._ask(place, "backup servers", self._source.backup_servers)
        if servers is not None:
            self._parts[place] = check_backup_servers(servers, plan)
            self._tell()

    async def _ask(
        self,
        place: int,
        subject: str,
        request: Callable[..., Awaitable[Answer]],
        *arguments: object,
    ) -> Answer | None:
        """The answer, or None and a finding in its place."""
        async with self._gate:
            if self._silent >= GIVES_UP_AFTER:
                sentence = "not checked: the server has stopped answering"
            else:
                try:
                    answer = await request(*arguments)
                except FailoverMonitorError as error:
                    silent = isinstance(error, _NO_ANSWER)
                    self._silent = self._silent + 1 if silent else 0
                    sentence = f"not checked: {error.sentence}"
                except Exception as error:  # a defect here must not hide the other findings
                    sentence = f"not checked: unusable answer ({type(error).__name__})"
                else:
                    self._silent = 0
                    self._check = replace(self._check, done=self._check.done + 1)
                    return answer
            self._check = replace(self._check, done=self._check.done + 1)
            # Without its plan nothing can be said at all.
            level = Level.FAILED if place == 0 else Level.WARNING
            self._parts[place] = [Finding(level, subject, sentence)]
            self._tell()
            return None

    def _tell(self, *, over: bool = False) -> None:
        findings = tuple(found for place in sorted(self._parts) for found in self._parts[place])
        self._check = replace(self._check, findings=findings, over=over)
        self._publish(self._check)
