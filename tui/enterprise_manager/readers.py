"""Decoded trees -> the models of `resources.py`.

An answer of another kind than asked (a reference without state, an error, a
page of something else, another session) raises `UnreadableAnswer`: showing
nothing new is better than showing a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import Document, items_of, member, one_line
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    FailoverSession,
    LogonAnswer,
    PlanVm,
    ReplicaPoint,
    SessionPage,
)
from tui.enterprise_manager.tasks import TaskReader
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
    """The GUID from UID or Href. Raises `UnreadableAnswer` where neither has one."""
    found = scalars.guid(content.get("uid")) or scalars.guid(content.get("href"))
    if found is None:
        raise UnreadableAnswer("The server's answer does not say which resource it is.")
    return found


def up_link(content: Tree, kind: str) -> str | None:
    """The Name of the link to the parent of that kind (`BackupServerReference`)."""
    for link in items_of(content.get("links"), _LINK_MARKS):
        rel, told = scalars.text(link.get("rel")), scalars.text(link.get("type"))
        if rel and told and rel.lower() == "up" and told.lower() == kind:
            return scalars.text(link.get("name"))
    return None


def session(content: Tree, tasks: TaskReader, *, among: int = 0) -> FailoverSession:
    """One session from its tree.

    Raises `UnreadableAnswer` for one without a state, unless it is `among` so many
    others that have one: then it is a whole one whose state nobody knows.
    """
    state = scalars.text(content.get("state"))
    if state is None and not among:
        raise UnreadableAnswer("The server's answer has no state: it is only a reference.")
    name = scalars.text(content.get("name"))
    plan_name = scalars.text(content.get("cloudfailoverplanname")) or name or ""
    return FailoverSession(
        id=identity(content),
        name=name or plan_name,
        plan_name=plan_name,
        backup_server=up_link(content, "backupserverreference"),
        created=scalars.moment(content.get("creationtimeutc")),
        ended=scalars.moment(content.get("endtimeutc")),
        state=state or "",
        result=scalars.text(content.get("result")) or "",
        progress=scalars.percentage(content.get("progress")),
        failure_message=scalars.message(content.get("failuremessage")),
        tasks=tasks.read(content.get("cloudfailovertasks")),
    )


def query_items(document: Document, wanted: str) -> list[Tree]:
    """The items of one list (`cloudfailoversessions`) in a QueryResult."""
    content = document.content
    if not isinstance(content, dict) or "entities" not in content:
        if isinstance(content, dict) and "paginginfo" in content and not content.get("refs"):
            return []
        raise UnreadableAnswer("The server did not answer the query with a list of resources.")
    entities = content["entities"]
    if entities is None:
        if content.get("refs"):
            raise UnreadableAnswer("The server answered the query with references only.")
        return []
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
    found: dict[str, FailoverSession] = {}
    items = query_items(document, "cloudfailoversessions")
    with_state = sum(1 for item in items if scalars.text(item.get("state")) is not None)
    for item in items:
        check_kind(item, "CloudFailoverSession")
        read = session(item, TaskReader(), among=with_state)
        found.setdefault(read.id, read)
    return SessionPage(sessions=tuple(found.values()), page=page, pages=page_count(document))


def replica_point(content: Tree) -> ReplicaPoint:
    """One VM replica point from its tree."""
    name = scalars.text(content.get("name")) or ""
    vm = scalars.text(content.get("vmdisplayname")) or scalars.text(content.get("vmname"))
    return ReplicaPoint(
        id=identity(content),
        name=name,
        vm_name=vm or name.rpartition("@")[0] or None,
        created=scalars.moment(content.get("creationtimeutc")),
        point_type=scalars.text(content.get("pointtype")),
        state=scalars.text(content.get("state")),
        replica_name=up_link(content, "cloudreplicareference"),
        backup_server=up_link(content, "backupserverreference"),
    )


def plan(content: Tree) -> FailoverPlan:
    """One cloud failover plan, its VMs in boot order."""
    includes = items_of(member(content, "cloudfailoverplaninfo", "includes"), _PLAN_VM_MARKS)
    vms = [
        PlanVm(name=scalars.text(item.get("name")) or "", order=scalars.number(item.get("order")))
        for item in includes
    ]
    vms.sort(key=lambda vm: (vm.order is None, vm.order or 0))
    return FailoverPlan(
        id=identity(content),
        name=scalars.text(content.get("name")) or "",
        tenant=scalars.text(content.get("tenantname")),
        backup_server=up_link(content, "backupserverreference"),
        vms=tuple(vms),
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
    return CloudGateway(
        id=identity(content),
        name=scalars.text(content.get("name")) or "",
        enabled=scalars.flag(content.get("enabled")),
    )


def collection(document: Document, wanted: str, read: Callable[[Tree], T]) -> tuple[T, ...]:
    """The items of a collection at the root: `{"BackupServers": […]}` or its XML element."""
    content = document.content
    if document.root is None and isinstance(content, dict):
        if wanted not in content:
            raise UnreadableAnswer(f"The server's answer is not a list of {wanted}.")
        content = content[wanted]
    elif document.root is not None and document.root != wanted:
        raise UnreadableAnswer(f"The server's answer is not a list of {wanted}.")
    return tuple(read(item) for item in items_of(content, ENTITY_MARKS))


def logon(content: Tree) -> tuple[LogonAnswer, str | None]:
    """What a logon tells, and the id of the logon session, which is a secret."""
    links = items_of(content.get("links"), _LINK_MARKS)
    kinds = {(scalars.text(link.get("type")) or "").lower() for link in links}
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
