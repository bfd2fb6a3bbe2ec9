"""The types that can be queried, and their fields: the names differ from the elements'."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tui.light import dataclass
from tui.simulator.course import Run
from tui.simulator.documents import Documents
from tui.simulator.entities import Plan, ReplicaPoint, guid
from tui.simulator.filters import Column, Kind, comparable
from tui.simulator.wire import Dialect, Node
from tui.simulator.world import World


@dataclass(frozen=True)
class Source:
    """What a query reads: the world at a moment, and the form the answer takes."""

    world: World
    documents: Documents
    moment: float
    dialect: Dialect


@dataclass(frozen=True)
class Queried:
    """How a type answers a query.

    `key` is its member of Entities and `plural` the list in it; `columns` by name in
    lower case.
    """

    key: str
    plural: str
    columns: Callable[[Source], Mapping[str, Column]]
    items: Callable[[Source], Sequence[Any]]
    entity: Callable[[Source, Any], Node]


def _text(read: Callable[[Any], str | None]) -> Column:
    return Column(Kind.TEXT, lambda item: (read(item) or "").lower())


def _uid(read: Callable[[Any], str]) -> Column:
    return Column(Kind.UID, read)


def _session_columns(source: Source) -> dict[str, Column]:
    moment, date = source.moment, source.documents.moment

    def ended(run: Run) -> Any:
        seconds = run.standing(moment).ended
        return None if seconds is None else date(seconds)

    def state(run: Run) -> Any:
        return comparable(run.standing(moment).state, Kind.STATE)

    def result(run: Run) -> Any:
        return comparable(run.standing(moment).result, Kind.RESULT)

    return {
        "uid": _uid(lambda run: run.uid),
        "name": _text(lambda run: run.plan.name),
        "type": _text(lambda _: "FailoverPlan"),
        "creationtime": Column(Kind.DATE, lambda run: date(run.start)),
        "endtime": Column(Kind.DATE, ended),
        "state": Column(Kind.STATE, state),
        "result": Column(Kind.RESULT, result),
        "failuremessage": _text(lambda run: run.standing(moment).message),
        "backupserveruid": _uid(lambda run: run.plan.server.uid),
        "backupservername": _text(lambda run: run.plan.server.name),
    }


def _session(source: Source, run: Run) -> Node:
    return source.documents.session(run, source.moment, source.dialect, with_tasks=False)


def _point_columns(source: Source) -> dict[str, Column]:
    def state(point: ReplicaPoint) -> str:
        return source.world.point_state(point, source.moment)

    vm = _text(lambda point: point.vm)
    return {
        "uid": _uid(lambda point: point.uid),
        "name": _text(source.documents.point_name),
        "creationtime": Column(Kind.DATE, lambda point: source.documents.moment(point.created)),
        "vmname": vm,
        "vmdisplayname": vm,
        "type": _text(lambda point: point.type),
        "state": _text(state),
        "replicauid": _uid(lambda point: point.replica_uid),
        "replicaname": _text(lambda point: point.replica),
        "backupserveruid": _uid(lambda point: point.server.uid),
        "backupservername": _text(lambda point: point.server.name),
    }


def _point(source: Source, point: ReplicaPoint) -> Node:
    state = source.world.point_state(point, source.moment)
    return source.documents.point(point, state, listed=True)


def _plan_columns(_source: Source) -> dict[str, Column]:
    def tenant(plan: Plan) -> str:
        return guid("tenant", plan.tenant)

    return {
        "uid": _uid(lambda plan: plan.uid),
        "name": _text(lambda plan: plan.name),
        "description": _text(lambda plan: plan.description),
        "cloudtenantuid": _uid(tenant),
        "cloudtenantname": _text(lambda plan: plan.tenant),
        "backupserveruid": _uid(lambda plan: plan.server.uid),
        "backupservername": _text(lambda plan: plan.server.name),
    }


QUERIED: Final[dict[str, Queried]] = {
    "cloudfailoversession": Queried(
        key="CloudFailoverSessions",
        plural="CloudFailoverSessions",
        columns=_session_columns,
        items=lambda source: source.world.visible(source.moment),
        entity=_session,
    ),
    "cloudvmreplicapoint": Queried(
        key="CloudVmReplicaPoints",
        plural="CloudReplicas",
        columns=_point_columns,
        items=lambda source: tuple(source.world.points.values()),
        entity=_point,
    ),
    "cloudfailoverplan": Queried(
        key="CloudFailoverPlans",
        plural="CloudFailoverPlans",
        columns=_plan_columns,
        items=lambda source: source.world.plans,
        entity=lambda source, plan: source.documents.plan(plan),
    ),
}
"""The queried types by name in lower case."""
