"""What Enterprise Manager sends, as frozen models.

Built by `decoding.py` from JSON (v12 and v13 key case) or XML. Tolerant: unknown
fields are ignored, unknown states and results kept as the server spelled them,
absent, null and empty all mean None, dates that cannot be mean None (`scalars.moment`,
`scalars.told_end`), progress is clamped to 0..100 and None where the server gave no number.
All times are aware UTC datetimes.

What comes by the thousand is a dataclass with slots: validated all the same, in a
tenth of a model's memory.

Source of the fields: Veeam's Enterprise Manager REST reference, build 13.0.1,
"GET /cloud/failoverSessions/{ID}" and its siblings.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from pydantic import BaseModel, ConfigDict
from pydantic.dataclasses import dataclass

_TOLERANT = ConfigDict(extra="ignore", defer_build=True)


class Resource(BaseModel):
    """Base: frozen, so that a poll's result can be shared and compared freely."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


@dataclass(frozen=True, slots=True, config=_TOLERANT)
class ReplicaPointReference:
    """The VM replica point that a task session brings up.

    `id` is the GUID taken from the link's Href, None where the link has none.
    `name` is `vm@date`; the date is locale text, so split only at the last `@`.
    """

    id: str | None
    name: str


@dataclass(frozen=True, slots=True, config=_TOLERANT)
class TaskSession:
    """One VM replica in a cloud failover session. It has no id of its own."""

    vm_name: str
    replica_point: ReplicaPointReference | None = None
    created: datetime | None = None
    ended: datetime | None = None
    state: str = ""
    result: str = ""
    progress: int | None = None
    failure_message: str | None = None


but_progress = attrgetter(*(each.name for each in fields(TaskSession) if each.name != "progress"))
"""What a task says besides its progress."""


class FailoverSession(Resource):
    """A cloud failover session. `id` is a lower-case GUID. `name` is the plan's name.

    `tasks` is empty in lists (the query answers without them) and may be empty
    in a finished session: both documented finished examples list none. What stood
    among them and could not be read is counted in `unreadable_tasks`. `unlike_tasks` of
    them are listed more than once, and not alike: the reading that is furthest stands.
    """

    id: str
    name: str
    plan_name: str
    backup_server: str | None = None
    created: datetime | None = None
    ended: datetime | None = None
    state: str = ""
    result: str = ""
    progress: int | None = None
    failure_message: str | None = None
    tasks: tuple[TaskSession, ...] = ()
    unreadable_tasks: int = 0
    unlike_tasks: int = 0
    backup_server_id: str | None = None


class SessionPage(Resource):
    """One page of the session list, newest first. `page` counts from 1.

    `unreadable` items of the list are not among the sessions.
    """

    sessions: tuple[FailoverSession, ...]
    page: int
    pages: int
    unreadable: int = 0


class ReplicaPoint(Resource):
    """A VM replica point. `created` is what RPO is computed from.

    `replica_id` tells the replica that it belongs to: `replica_name` is its job's name,
    which several VMs and tenants share. In lists, a point that could not be read has an
    empty `id` and nothing else.
    """

    id: str
    name: str
    vm_name: str | None = None
    created: datetime | None = None
    point_type: str | None = None
    state: str | None = None
    replica_name: str | None = None
    replica_id: str | None = None
    backup_server: str | None = None
    backup_server_id: str | None = None


@dataclass(frozen=True, slots=True, config=_TOLERANT)
class PlanVm:
    """A VM in a cloud failover plan; `order` is its place in the boot order, from 0."""

    name: str
    order: int | None = None


class FailoverPlan(Resource):
    """A cloud failover plan. `vms` in boot order; empty in lists that leave them out.

    `unreadable_vms` of its VMs are not among them. In lists, a plan that could not be
    read has an empty `id` and nothing else.
    """

    id: str
    name: str
    tenant: str | None = None
    tenant_id: str | None = None
    backup_server: str | None = None
    backup_server_id: str | None = None
    vms: tuple[PlanVm, ...] = ()
    unreadable_vms: int = 0


class PlanPage(Resource):
    """One page of the list of all cloud failover plans. `page` counts from 1."""

    plans: tuple[FailoverPlan, ...]
    page: int
    pages: int


class BackupServer(Resource):
    """A backup server that Enterprise Manager collects from."""

    id: str
    name: str
    version: str | None = None


class CloudGateway(Resource):
    """A cloud gateway; `enabled` is None where the server does not say."""

    id: str
    name: str
    enabled: bool | None = None
    backup_server: str | None = None
    backup_server_id: str | None = None


class LogonAnswer(Resource):
    """What a logon tells besides the token, which stays inside `logon.py`.

    `cloud_connect` is False when the server offers no CloudConnectService link: then it
    should have no cloud failover sessions at all. None where its answer could not be read.
    """

    user_name: str | None = None
    cloud_connect: bool | None = None


class SessionReading(Resource):
    """One poll's worth: the session and the server's clock at that moment.

    `server_time` is the `Date` header, None if absent or unreadable. `session` is the very
    same object as in the previous reading where the body's bytes are the same.
    """

    session: FailoverSession
    server_time: datetime | None = None
