"""Everything one simulated Enterprise Manager holds, put together for a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from tui.light import dataclass
from tui.simulator.course import Run
from tui.simulator.entities import (
    BackupServer,
    Gateway,
    Plan,
    ReplicaPoint,
    Result,
    between,
    chance,
    guid,
)
from tui.simulator.invented_names import GATEWAYS, SERVERS

HOUR: Final = 3600.0
DAY: Final = 86400.0


def replica_point(plan: Plan, vm: str, created: float) -> ReplicaPoint:
    """A point of a VM of this plan's tenant; all its plans share the VM's points."""
    uid = guid("point", plan.tenant, vm, round(created))
    replica = guid("replica", plan.server.name, plan.tenant, vm)
    return ReplicaPoint(uid, vm, created, plan.job, plan.server, replica)


def newest_point(plan: Plan, vm: str, before: float, run: object = "live") -> ReplicaPoint:
    """The newest point that a run beginning at `before` finds.

    Between ten minutes and four hours old; one VM in sixteen has fallen behind by a day.
    """
    age = between(600, 4 * HOUR, "age", plan.tenant, vm, run)
    if chance("behind", vm) < 1 / 16:
        age += DAY
    return replica_point(plan, vm, before - age)


@dataclass(frozen=True)
class World:
    """The state of the server as a function of time.

    `featured`: the session that the scenario is about. The points that it and `others`
    use fail over with them; `skipped` points are failed over already. The points of
    `past` runs of the same plan exist and are Ready, since those runs have been undone;
    those of other plans' past runs are gone.
    """

    featured: Run
    others: tuple[Run, ...]
    past: tuple[Run, ...]
    plans: tuple[Plan, ...]
    skipped: tuple[ReplicaPoint, ...] = ()
    servers: tuple[BackupServer, ...] = SERVERS
    gateways: tuple[Gateway, ...] = GATEWAYS

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """All sessions that there ever will be, newest first."""
        runs = [self.featured, *self.others, *self.past]
        return tuple(sorted(runs, key=lambda run: -run.start))

    @cached_property
    def _runs_by_uid(self) -> dict[str, Run]:
        return {run.uid: run for run in self.runs}

    @cached_property
    def points(self) -> dict[str, ReplicaPoint]:
        """All replica points by GUID: worked out when first asked for, since many."""
        points = {point.uid: point for plan in self.plans for point in self._newest(plan)}
        same = [run for run in self.past if run.plan.uid == self.featured.plan.uid]
        for run in (self.featured, *self.others, *same):
            points.update((task.point.uid, task.point) for task in run.tasks)
        return points

    def _newest(self, plan: Plan) -> Iterator[ReplicaPoint]:
        """The three newest points of each VM. Replication ended when the first run began."""
        live = (self.featured, *self.others)
        starts = [run.start for run in live if run.plan.tenant == plan.tenant]
        anchor = min(starts, default=0.0)
        for vm in plan.vms:
            newest = newest_point(plan, vm, anchor)
            yield newest
            for age in (1, 2):
                yield replica_point(plan, vm, newest.created - age * 4 * HOUR)

    @cached_property
    def _failed_over(self) -> dict[str, float]:
        """From which second on a point, by GUID, is in state Failover."""
        since = {point.uid: -math.inf for point in self.skipped}
        for run in (self.featured, *self.others):
            for task in run.tasks:
                if task.result is not Result.FAILED:
                    known = since.get(task.point.uid, math.inf)
                    since[task.point.uid] = min(known, task.end)
        return since

    def visible(self, moment: float) -> Sequence[Run]:
        """The sessions that have begun by `moment`, newest first."""
        return [run for run in self.runs if run.start <= moment]

    def run(self, uid: str, moment: float) -> Run | None:
        """A session by GUID, once it has begun."""
        run = self._runs_by_uid.get(uid)
        return run if run and run.start <= moment else None

    def plan(self, uid: str) -> Plan | None:
        """A plan by GUID."""
        return next((plan for plan in self.plans if plan.uid == uid), None)

    def point_state(self, point: ReplicaPoint, moment: float) -> str:
        """Ready, or Failover once the VM runs from this point."""
        return "Failover" if moment >= self._failed_over.get(point.uid, math.inf) else "Ready"
