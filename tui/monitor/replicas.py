"""Whose replica points are these? Asks for a VM's points, and for what tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from tui.analysis.identity import OfServer, folded, of_server, replicas_of
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import (
    FailoverPlan,
    FailoverSession,
    ReplicaPoint,
    SessionReading,
)
from tui.errors import NoPermission, NotFound, UnreadableAnswer

POINTS_ASKED: Final = 20
"""Newest points of a VM that are asked for: as many as a replica usually keeps."""

RUNS_READ: Final = 3
"""Newest sessions of a plan that are read for the replicas it brought up."""

_SESSIONS_ASKED: Final = 20


class PointSource(Protocol):
    """The part of the client that replica points are found through."""

    async def replica_points_of(
        self,
        vm_name: str,
        limit: int = 20,
        *,
        backup_server: str | None = None,
        not_of: str | None = None,
    ) -> tuple[ReplicaPoint, ...]:
        """The newest VM replica points of one VM, newest first."""


class ReplicaSource(PointSource, Protocol):
    """The part of the client that tells which replica a plan brought up."""

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """The newest sessions of that name."""

    async def failover_session(self, session_id: str) -> SessionReading:
        """Read one session with its tasks."""

    async def replica_point(self, point_id: str) -> ReplicaPoint:
        """Read one VM replica point."""


async def points_of_vm(
    source: PointSource, vm_name: str, owner: OfServer
) -> tuple[ReplicaPoint, ...]:
    """The newest points of every replica of that VM's name on the owner's backup server.

    One request; a second one where the first page is full of a single replica's points,
    because those of another one may lie behind it.
    """
    server = owner.backup_server
    points = await source.replica_points_of(vm_name, POINTS_ASKED, backup_server=server)
    found = of_server(points, owner)
    replicas = replicas_of(found)
    if len(points) >= POINTS_ASKED and len(replicas) == 1 and replicas[0].id is not None:
        others = await source.replica_points_of(
            vm_name, POINTS_ASKED, backup_server=server, not_of=replicas[0].id
        )
        found += [point for point in of_server(others, owner) if point not in found]
    return tuple(found)


class OwnReplicas:
    """Which replica is a plan's own VM's, told by the sessions of that plan.

    A session names the points that it brought up, and a point the replica. Asks only when
    asked, and for each thing once. `rivals` are other plans of the plan's name and backup
    server: sessions of that name may be theirs.
    """

    def __init__(
        self, source: ReplicaSource, plan: FailoverPlan, rivals: Sequence[FailoverPlan] = ()
    ) -> None:
        self._source = source
        self._plan = plan
        self._rivals = [rival for rival in rivals if rival.id != plan.id]
        self._points: dict[str, list[str]] | None = None

    async def of(self, vm_name: str) -> str | None:
        """The GUID of the VM's replica, None where no session tells it.

        Raises what the client raises, but for points that are gone or not to be read.
        """
        if self._points is None:
            self._points = await self._read_runs()
        for point_id in self._points.get(folded(vm_name), ()):
            try:
                point = await self._source.replica_point(point_id)
            except (NotFound, NoPermission, UnreadableAnswer):
                continue
            if point.replica_id is not None:
                return point.replica_id
        return None

    async def _read_runs(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        named = await self._source.failover_sessions_named(self._plan.name, _SESSIONS_ASKED)
        for listed in newest_first(of_server(named, self._plan))[:RUNS_READ]:
            try:
                session = (await self._source.failover_session(listed.id)).session
            except (NotFound, UnreadableAnswer):
                continue
            if not self._is_own(session):
                continue
            for task in session.tasks:
                if task.replica_point is not None and task.replica_point.id is not None:
                    found.setdefault(folded(task.vm_name), []).append(task.replica_point.id)
        return found

    def _is_own(self, session: FailoverSession) -> bool:
        """Whether every VM of the session is one of this plan's, and of no rival's."""
        vms = {folded(task.vm_name) for task in session.tasks}
        if not vms or not vms <= _names(self._plan):
            return False
        return not any(not rival.vms or vms <= _names(rival) for rival in self._rivals)


def _names(plan: FailoverPlan) -> set[str]:
    return {folded(vm.name) for vm in plan.vms}
