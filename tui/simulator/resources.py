"""Answers every GET below /api that needs a logon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from tui.simulator import queries, query_answers
from tui.simulator.course import Run
from tui.simulator.entities import Plan, ReplicaPoint
from tui.simulator.queryable import Source
from tui.simulator.refusal import Refusal
from tui.simulator.wire import Node
from tui.simulator.world import DAY

RECENT: Final = 30 * DAY
"""How far back `/api/cloud/failoverSessions` looks."""

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def answer(source: Source, segments: Sequence[str], query: str) -> Node:
    """The document at a path (its segments below /api, in lower case); Refusal if none."""
    given = {name.lower(): value.lower() for name, value in parse_qsl(query)}
    entity = given.get("format") == "entity"
    match segments:
        case ["query"]:
            return queries.answer(source, query)
        case ["backupservers"]:
            return _backup_servers(source, entity)
        case ["cloud", "gateways"]:
            nodes = [source.documents.gateway(gateway) for gateway in source.world.gateways]
            return query_answers.entities("CloudGateways", nodes)
        case ["cloud", kind]:
            return _collection(source, kind, entity)
        case ["cloud", kind, uid]:
            return _one(source, kind, uid, entity)
    raise _missing("/".join(segments))


def _missing(what: str) -> Refusal:
    return Refusal(404, f"There is no resource [{what}]")


def _backup_servers(source: Source, entity: bool) -> Node:
    if not entity:
        raise Refusal(404, "References of backup servers are not simulated")
    nodes = [source.documents.backup_server(server) for server in source.world.servers]
    return query_answers.entities("BackupServers", nodes)


def _collection(source: Source, kind: str, entity: bool) -> Node:
    documents, world, moment = source.documents, source.world, source.moment
    if kind == "failoversessions":
        runs = [run for run in world.visible(moment) if run.start >= moment - RECENT]
        if not entity:
            return query_answers.references([documents.reference(run) for run in runs])
        nodes = [documents.session(run, moment, source.dialect, with_tasks=False) for run in runs]
        return query_answers.entities("CloudFailoverSessions", nodes)
    if kind == "vmreplicapoints":
        points = world.points.values()
        if not entity:
            return query_answers.references([documents.reference(point) for point in points])
        nodes = [
            documents.point(point, world.point_state(point, moment), listed=True)
            for point in points
        ]
        return query_answers.entities("CloudVmReplicaPoints", nodes)
    if kind == "cloudfailoverplans":
        if not entity:
            return query_answers.references([documents.reference(plan) for plan in world.plans])
        return query_answers.entities(
            "CloudFailoverPlans", [documents.plan(plan) for plan in world.plans]
        )
    raise _missing(f"cloud/{kind}")


def _one(source: Source, kind: str, uid: str, entity: bool) -> Node:
    if kind not in {"failoversessions", "vmreplicapoints", "cloudfailoverplans"}:
        raise _missing(f"cloud/{kind}")
    if not _GUID.fullmatch(uid):
        raise Refusal(400, "Guid should contain 32 digits with 4 dashes")
    item: Run | ReplicaPoint | Plan | None
    if kind == "failoversessions":
        item = source.world.run(uid, source.moment)
    elif kind == "vmreplicapoints":
        item = source.world.points.get(uid)
    else:
        item = source.world.plan(uid)
    if item is None:
        raise Refusal(404, f"There is no resource with id [{uid}]")
    if not entity:
        return source.documents.reference(item, alone=True)
    if isinstance(item, Run):
        return source.documents.session(item, source.moment, source.dialect)
    if isinstance(item, ReplicaPoint):
        return source.documents.point(item, source.world.point_state(item, source.moment))
    return source.documents.plan(item)
