"""What is the same thing as what: by ID where the server gives one, by name only without.

Two tenants may have a VM, a job and a plan of one name on one backup server. What cannot
be told apart is told to be ambiguous by whoever asks; nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import compress, count
from operator import is_not
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from tui.enterprise_manager.in_time import newest_of
from tui.light import dataclass

if TYPE_CHECKING:
    from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, ReplicaPoint

_FAILED_OVER: Final = frozenset({"failover", "permanentfailover"})


def folded(name: str) -> str:
    """What a name is compared by, as Windows and vSphere do: not by case and outer blanks."""
    return name.strip().casefold()


def differing(before: Sequence[object], after: Sequence[object]) -> list[int]:
    """The places, up to the end of the shorter one, at which another object stands.

    What is unchanged is the same object again at each stage of a poll, which works on these
    places only.
    """
    if before is after:
        return []
    return list(compress(count(), map(is_not, before, after)))


class Difference(NamedTuple):
    """Where a list is not the one before it, up to the end of that one; it may be longer.

    At the places `moved` nothing but the progress is another one; at those `changed` more is,
    or may be.
    """

    moved: Sequence[int] = ()
    changed: Sequence[int] = ()


Item = TypeVar("Item")


class Successive(tuple[Item, ...]):
    """A tuple that knows where it differs from the one that it follows, which is no longer.

    What it has besides is new: no task has changed its place. It does not
    hold that one: each would hold all of a month's polls.
    """

    mark: object
    _followed: tuple[object, Difference] | None

    def __new__(
        cls,
        items: Iterable[Item],
        before: Sequence[Item] | None = None,
        where: Difference = Difference(),  # noqa: B008  # it cannot be changed
    ) -> Successive[Item]:
        """Without one `before` it follows nothing."""
        made = super().__new__(cls, items)
        made.mark = object()
        made._followed = (before.mark, where) if isinstance(before, Successive) else None
        return made

    def since(self, before: Sequence[Item]) -> Difference | None:
        """Where it differs from that one; None where that is not known."""
        if before is self:
            return Difference()
        if self._followed is None or not isinstance(before, Successive):
            return None
        mark, where = self._followed
        return where if mark is before.mark else None


def known_difference(before: Sequence[Item], after: Sequence[Item]) -> Difference | None:
    """Where `after` is not `before`, if it follows that one; None where it is another list."""
    return after.since(before) if isinstance(after, Successive) else None


def difference(before: Sequence[Item], after: Sequence[Item]) -> Difference:
    """The same of any two lists, up to the end of the shorter one."""
    known = known_difference(before, after)
    return Difference((), differing(before, after)) if known is None else known


class OfServer(Protocol):
    """What belongs to a backup server, as far as the server's answer tells."""

    @property
    def backup_server(self) -> str | None:
        """Its name."""

    @property
    def backup_server_id(self) -> str | None:
        """Its GUID."""


T = TypeVar("T", bound=OfServer)


def may_share_server(one: OfServer, other: OfServer) -> bool:
    """Whether both belong to one backup server, as far as is known: by ID, else by name."""
    if one.backup_server_id is not None and other.backup_server_id is not None:
        return one.backup_server_id == other.backup_server_id
    if one.backup_server is None or other.backup_server is None:
        return True
    return folded(one.backup_server) == folded(other.backup_server)


def of_server(items: Iterable[T], owner: OfServer) -> list[T]:
    """Those that are not known to be another backup server's."""
    return [item for item in items if may_share_server(item, owner)]


def may_be_runs_of_one_plan(vms: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two runs of plans of one name can be the same plan's, by the VMs they had.

    Runs without a VM in common are another plan's; where either lists none, nothing is told.
    """
    mine, theirs = set(map(folded, vms)), set(map(folded, others))
    return not mine or not theirs or not mine.isdisjoint(theirs)


def plan_by_vms(plans: Sequence[FailoverPlan], vms: Iterable[str]) -> FailoverPlan | None:
    """The only one of several plans that has all these VMs; None where that is not one.

    A plan whose VMs are not known, all or some, may have any.
    """
    wanted = set(map(folded, vms))
    if not wanted:
        return None
    fitting = [
        plan
        for plan in plans
        if not plan.vms or plan.unreadable_vms or wanted <= {folded(vm.name) for vm in plan.vms}
    ]
    return fitting[0] if len(fitting) == 1 and fitting[0].vms else None


def tenants_of(plans: Iterable[FailoverPlan]) -> tuple[str, ...]:
    """The tenants' names, each once; two tenants of one name stand there twice."""
    found = {plan.tenant_id or plan.tenant: plan.tenant for plan in plans if plan.tenant}
    return tuple(sorted(name for name in found.values() if name))


@dataclass(frozen=True)
class Tenants:
    """Whose sessions they are, told by the plans: a session names no tenant."""

    plans: tuple[FailoverPlan, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, list[FailoverPlan]]:
        found: dict[str, list[FailoverPlan]] = {}
        for plan in self.plans:
            found.setdefault(folded(plan.name), []).append(plan)
        return found

    def of(self, session: FailoverSession) -> str | None:
        """The tenant of the session's plan; None where no plan, or none alone, can be it."""
        plans = of_server(self._by_name.get(folded(session.plan_name), ()), session)
        if len(plans) > 1:
            plan = plan_by_vms(plans, (task.vm_name for task in session.tasks))
            plans = [plan] if plan is not None else plans
        return the_tenant(plans)


def the_tenant(plans: Sequence[FailoverPlan]) -> str | None:
    """The tenant of all of these plans, None where that is not one."""
    found = tenants_of(plans)
    return found[0] if len(found) == 1 and all(plan.tenant for plan in plans) else None


@dataclass(frozen=True, slots=True)
class Replica:
    """The points of one replica, at least one. `id` None where the server names none."""

    id: str | None
    points: tuple[ReplicaPoint, ...]

    @property
    def newest(self) -> ReplicaPoint:
        """Its newest point."""
        return newest_of(self.points) or self.points[0]

    @property
    def is_failed_over(self) -> bool:
        """Whether its newest point's state shows that the VM already runs as a replica."""
        return (self.newest.state or "").lower() in _FAILED_OVER


def replicas_of(points: Iterable[ReplicaPoint]) -> tuple[Replica, ...]:
    """The replicas that points belong to, in the order of their first point.

    By the replica's GUID. Points that tell none belong to one replica for each name of a
    job: which of them they are, or whether to one with a GUID, nobody knows.
    """
    found: dict[tuple[str | None, str | None], list[ReplicaPoint]] = {}
    for point in points:
        name = None if point.replica_id or not point.replica_name else folded(point.replica_name)
        found.setdefault((point.replica_id, name), []).append(point)
    return tuple(Replica(key[0], tuple(each)) for key, each in found.items())
