"""Decoded trees -> the models of `resources.py`: lists and pages, points, plans, the logon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import Document, Items, items_of, member, one_line
from tui.enterprise_manager.entities import (
    ENTITY_MARKS,
    Tree,
    check_kind,
    identity,
    links_of,
    parent,
    read_all,
    word_of,
)
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    FailoverSession,
    LogonAnswer,
    PlanPage,
    PlanVm,
    ReplicaPoint,
    SessionPage,
)
from tui.enterprise_manager.sessions import session_of
from tui.enterprise_manager.tasks import TaskReader
from tui.errors import UnreadableAnswer

_PLAN_VM_MARKS: Final = frozenset({"name", "order", "failoverplanvmid"})

T = TypeVar("T")


def query_items(document: Document, wanted: str, page: int = 1) -> Items:
    """The items of one list (`cloudfailoversessions`) in a QueryResult.

    `page` is the one asked for. Raises `UnreadableAnswer` also for one without items of
    which the server says that there are more pages: that is no empty list.
    """
    items = _query_items(document, wanted)
    pages = page_count(document)
    if not items.found and pages > 1 and page <= pages:
        raise UnreadableAnswer(
            f"The server's answer has {pages} pages, and nothing on the one asked for."
        )
    return items


def _query_items(document: Document, wanted: str) -> Items:
    content = document.content
    if not isinstance(content, dict) or "entities" not in content:
        if isinstance(content, dict) and "paginginfo" in content and not content.get("refs"):
            return Items([])
        raise UnreadableAnswer("The server did not answer the query with a list of resources.")
    entities = content["entities"]
    if entities is None:
        if content.get("refs"):
            raise UnreadableAnswer("The server answered the query with references only.")
        return Items([])
    if not isinstance(entities, dict):
        raise UnreadableAnswer("The server did not answer the query with a list of resources.")
    others = [key for key, value in entities.items() if value is not None and key != wanted]
    if others and entities.get(wanted) is None:
        raise UnreadableAnswer(f"The server answered the query with {one_line(others[0], 60)}.")
    return items_of(entities.get(wanted), ENTITY_MARKS)


def page_count(document: Document) -> int:
    """PagesCount, at least 1."""
    return max(1, scalars.number(member(document.content, "paginginfo", "pagescount")) or 1)


def session_page(document: Document, page: int) -> SessionPage:
    """One page of the session list, without duplicates, in the server's order."""
    items = query_items(document, "cloudfailoversessions", page)
    with_state = sum(1 for item in items.found if scalars.text(item.get("state")) is not None)

    def read(item: Tree) -> FailoverSession:
        check_kind(item, "CloudFailoverSession")
        return session_of(item, TaskReader(), among=with_state)

    sessions, unreadable = read_all(items, read)
    found: dict[str, FailoverSession] = {}
    for each in sessions:
        found.setdefault(each.id, each)
    return SessionPage(
        sessions=tuple(found.values()), page=page, pages=page_count(document), unreadable=unreadable
    )


def replica_points(document: Document) -> tuple[ReplicaPoint, ...]:
    """The VM replica points of a query, newest first.

    One that cannot be read is a point of which nothing is known, with an empty id: it
    may be the newest one, or another VM's.
    """

    def read(item: Tree) -> ReplicaPoint:
        check_kind(item, "CloudVmReplicaPoint")
        return replica_point(item)

    points, unreadable = read_all(query_items(document, "cloudvmreplicapoints"), read)
    unknown = ReplicaPoint(id="", name="")
    return (*newest_first(points), *[unknown] * unreadable)


def replica_point(content: Tree) -> ReplicaPoint:
    """One VM replica point from its tree."""
    name = scalars.text(content.get("name")) or ""
    vm = scalars.text(content.get("vmdisplayname")) or scalars.text(content.get("vmname"))
    replica = parent(content, "cloudreplicareference")
    server = parent(content, "backupserverreference")
    return ReplicaPoint(
        id=identity(content),
        name=name,
        vm_name=vm or name.rpartition("@")[0] or None,
        created=scalars.moment(content.get("creationtimeutc")),
        point_type=scalars.text(content.get("pointtype")),
        state=scalars.text(content.get("state")),
        replica_name=replica.name,
        replica_id=replica.id,
        backup_server=server.name,
        backup_server_id=server.id,
    )


def plans(document: Document, page: int = 1) -> tuple[FailoverPlan, ...]:
    """The cloud failover plans of a query, on the page asked for.

    One that cannot be read is a plan of which nothing is known, with an empty id: it may
    be the one meant.
    """

    def read(item: Tree) -> FailoverPlan:
        check_kind(item, "CloudFailoverPlan")
        return plan(item)

    found, unreadable = read_all(query_items(document, "cloudfailoverplans", page), read)
    return (*found, *[FailoverPlan(id="", name="")] * unreadable)


def plan_page(document: Document, page: int) -> PlanPage:
    """One page of all plans."""
    return PlanPage(plans=plans(document, page), page=page, pages=page_count(document))


def plan(content: Tree) -> FailoverPlan:
    """One cloud failover plan, its VMs in boot order."""
    includes = member(content, "cloudfailoverplaninfo", "includes")
    listed, unreadable = read_all(items_of(includes, _PLAN_VM_MARKS), _plan_vm)
    server = parent(content, "backupserverreference")
    return FailoverPlan(
        id=identity(content),
        name=scalars.text(content.get("name")) or "",
        tenant=scalars.text(content.get("tenantname")),
        tenant_id=scalars.guid(content.get("tenantuid")),
        backup_server=server.name,
        backup_server_id=server.id,
        vms=tuple(sorted(listed, key=lambda vm: (vm.order is None, vm.order or 0))),
        unreadable_vms=unreadable,
    )


def _plan_vm(item: Tree) -> PlanVm:
    """Raises `UnreadableAnswer` for something that names no VM at all."""
    if _PLAN_VM_MARKS.isdisjoint(item):
        raise UnreadableAnswer("The plan holds something else than VMs.")
    return PlanVm(
        name=scalars.text(item.get("name")) or "", order=scalars.number(item.get("order"))
    )


def backup_server(content: Tree) -> BackupServer:
    """One backup server."""
    return BackupServer(
        id=identity(content),
        name=scalars.text(content.get("name")) or "",
        version=scalars.text(content.get("version")),
    )


def gateway(content: Tree) -> CloudGateway:
    """One cloud gateway."""
    server = parent(content, "backupserverreference")
    return CloudGateway(
        id=identity(content),
        name=scalars.text(content.get("name")) or "",
        enabled=scalars.flag(content.get("enabled")),
        backup_server=server.name,
        backup_server_id=server.id,
    )


def collection(
    document: Document, wanted: str, read: Callable[[Tree], T], unknown: T
) -> tuple[T, ...]:
    """The items of a collection at the root: `{"BackupServers": […]}` or its XML element.

    `unknown` stands for each one that cannot be read, so that there are no fewer of them.
    """
    content = document.content
    if document.root is None and isinstance(content, dict):
        if wanted not in content:
            raise UnreadableAnswer(f"The server's answer is not a list of {wanted}.")
        content = content[wanted]
    elif document.root is not None and document.root != wanted:
        raise UnreadableAnswer(f"The server's answer is not a list of {wanted}.")
    found, unreadable = read_all(items_of(content, ENTITY_MARKS), read)
    return (*found, *[unknown] * unreadable)


def logon(content: Tree) -> tuple[LogonAnswer, str | None]:
    """What a logon tells, and the id of the logon session, which is a secret."""
    kinds = {word_of(link, "type") for link in links_of(content)}
    found = scalars.guid(content.get("sessionid")) or scalars.guid(content.get("href"))
    answer = LogonAnswer(
        user_name=scalars.text(content.get("username")),
        cloud_connect="cloudconnectservice" in kinds,
    )
    return answer, found


def entity_of_logon(document: Document) -> Tree:
    """The LogonSession in a document. Raises `UnreadableAnswer` for anything else."""
    content = document.content
    if not isinstance(content, dict) or not ({"sessionid", "username"} & content.keys()):
        raise UnreadableAnswer("The server's answer to the logon is not a logon session.")
    check_kind(content, "LogonSession")
    return content
