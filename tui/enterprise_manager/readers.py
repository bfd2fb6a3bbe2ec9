"""Decoded trees -> the models of `resources.py`.

An answer of another kind than asked (a reference without state, an error, a
page of something else, another session) raises `UnreadableAnswer`: showing
nothing new is better than showing a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import Document, Items, items_of, member, one_line
from tui.enterprise_manager.ends import told_end
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
from tui.enterprise_manager.tasks import TaskReader, Tasks
from tui.errors import UnreadableAnswer

ENTITY_MARKS: Final = frozenset({"uid", "href"})
_PLAN_VM_MARKS: Final = frozenset({"name", "order", "failoverplanvmid"})
_LINK_MARKS: Final = frozenset({"rel", "href"})

T = TypeVar("T")
Tree = dict[str, Any]


def entity(document: Document, kind: str, asked_id: str | None = None) -> Tree:
    """The one resource in a document, checked to be of that kind and to be the asked one."""
    content = document.content
    if not isinstance(content, dict):
        raise UnreadableAnswer(f"The server answered with something else than a {kind}.")
    if "statuscode" in content and "uid" not in content:
        said = scalars.message(content.get("message"))
        raise UnreadableAnswer(
            f"The server answered with an error: {one_line(said)}"
            if said
            else "The server answered with an error that has no text."
        )
    if document.root is not None and "type" not in content and document.root != kind.lower():
        raise UnreadableAnswer(f"The server answered with something else than a {kind}.")
    check_kind(content, kind)
    found = identity(content)
    if asked_id is not None and found != asked_id:
        raise UnreadableAnswer(
            f"The server answered with another {kind} than the one asked for ({found})."
        )
    return content


def check_kind(content: Tree, kind: str) -> None:
    """Refuse a resource whose Type or UID says that it is something else."""
    told = scalars.text(content.get("type"))
    if told is not None and told.lower() != kind.lower():
        raise UnreadableAnswer(
            f"The server answered with a {one_line(told, 60)} where a {kind} was asked for."
        )
    uid = scalars.text(content.get("uid")) or ""
    parts = uid.lower().split(":")
    if len(parts) >= 4 and parts[0] == "urn" and parts[2].strip() != kind.lower():
        raise UnreadableAnswer(
            f"The server answered with {one_line(uid, 90)} where a {kind} was asked for."
        )


def identity(content: Tree) -> str:
    """The GUID from UID, Href or the link to its other form.

    Raises `UnreadableAnswer` where none of them has one.
    """
    found = scalars.guid(content.get("uid")) or scalars.guid(content.get("href"))
    if found is None:
        own = (link for link in links_of(content) if _word(link, "rel") == "alternate")
        found = next((guid for link in own if (guid := scalars.guid(link.get("href")))), None)
    if found is None:
        raise UnreadableAnswer("The server's answer does not say which resource it is.")
    return found


def links_of(content: Tree) -> list[Tree]:
    """The links of a resource; none where they are something else than links."""
    try:
        return items_of(content.get("links"), _LINK_MARKS).found
    except UnreadableAnswer:
        return []


class Parent(NamedTuple):
    """What a resource belongs to: a name for people, and the GUID that tells it apart."""

    name: str | None = None
    id: str | None = None


def parent(content: Tree, kind: str) -> Parent:
    """Name and GUID of the link to the parent of that kind (`backupserverreference`)."""
    for link in links_of(content):
        if _word(link, "rel") == "up" and _word(link, "type") == kind:
            return Parent(scalars.text(link.get("name")), scalars.guid(link.get("href")))
    return Parent()


def _word(content: Tree, key: str) -> str:
    return (scalars.text(content.get(key)) or "").lower()


def read_all(items: Items, read: Callable[[Tree], T]) -> tuple[tuple[T, ...], int]:
    """What could be read of a list, and how many of its items could not.

    Raises the first item's `UnreadableAnswer` where none could: it is another list then.
    """
    found: list[T] = []
    unreadable = items.unreadable
    failure: UnreadableAnswer | None = None
    for item in items.found:
        try:
            found.append(read(item))
        except UnreadableAnswer as met:
            unreadable += 1
            failure = failure or met
    if failure is not None and not found:
        raise failure.with_traceback(None)
    return tuple(found), unreadable


class TaskSource(Protocol):
    """Who reads the list of tasks."""

    def read(self, value: Any) -> Tasks:
        """The tasks in a member of a session's tree."""


def session(content: Tree, tasks: TaskSource, *, among: int = 0) -> FailoverSession:
    """One session from its tree.

    Raises `UnreadableAnswer` for one without a state, unless it is `among` so many
    others that have one: then it is a whole one whose state nobody knows.
    """
    state = scalars.text(content.get("state"))
    if state is None and not among:
        raise UnreadableAnswer("The server's answer has no state: it is only a reference.")
    name = scalars.text(content.get("name"))
    plan_name = scalars.text(content.get("cloudfailoverplanname")) or name or ""
    server = parent(content, "backupserverreference")
    created = scalars.moment(content.get("creationtimeutc"))
    result = scalars.text(content.get("result")) or ""
    listed = tasks.read(content.get("cloudfailovertasks"))
    return FailoverSession(
        id=identity(content),
        name=name or plan_name,
        plan_name=plan_name,
        backup_server=server.name,
        backup_server_id=server.id,
        created=created,
        ended=told_end(scalars.moment(content.get("endtimeutc")), created, state or "", result),
        state=state or "",
        result=result,
        progress=scalars.percentage(content.get("progress")),
        failure_message=scalars.message(content.get("failuremessage")),
        tasks=listed.found,
        unreadable_tasks=listed.unreadable,
        unlike_tasks=listed.unlike,
    )


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
        return session(item, TaskReader(), among=with_state)

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
    kinds = {_word(link, "type") for link in links_of(content)}
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
