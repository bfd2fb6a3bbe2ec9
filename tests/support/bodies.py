"""Answers of Enterprise Manager in every shape that its reference and recordings show."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import quoteattr

SESSION_ID = "5f0e3a52-7c1d-4b9e-8a34-90aa12bc34de"
OTHER_ID = "11112222-3333-4444-8555-666677778888"
POINT_ID = "0c9d8e7f-6a5b-4c3d-9e2f-1a0b9c8d7e6f"
LOGON_ID = "7d1f2e3c-aaaa-4bbb-8ccc-0123456789ab"
TOKEN = "N2QxZjJlM2MtYWFhYS00YmJiLThjY2MtMDEyMzQ1Njc4OWFi"
PASSWORD = "Tr0ub4dor-é-геслó"
ELSEWHERE = "http://inner.example:9399/api"

Tree = dict[str, Any]


def link(rel: str, kind: str | None, href: str, name: str | None = None) -> Tree:
    return {"Rel": rel, "Href": f"{ELSEWHERE}/{href}", "Name": name, "Type": kind}


def task(vm: str, **changes: Any) -> Tree:
    return {
        "VmReplicaPointLink": link(
            "Related",
            "CloudVmReplicaPointReference",
            f"cloud/vmReplicaPoints/{POINT_ID}",
            f"{vm}@Feb 19 2025  3:33AM",
        ),
        "CreationTimeUTC": "2026-03-01T08:00:05.5Z",
        "State": "Working",
        "Result": "None",
        "Progress": 40,
        "FailureMessage": None,
        "VmName": vm,
    } | changes


def session(tasks: Any, session_id: str = SESSION_ID, **changes: Any) -> Tree:
    return {
        "CloudFailoverTasks": tasks,
        "CloudFailoverPlanName": None,
        "JobUid": None,
        "JobName": None,
        "JobType": "FailoverPlan",
        "CreationTimeUTC": "2026-03-01T08:00:00.123Z",
        "State": "Working",
        "Result": "None",
        "Progress": 0,
        "FailureMessage": None,
        "Name": "Harbour plan",
        "UID": f"urn:veeam:CloudFailoverSession:{session_id}",
        "Links": [
            link("Up", "BackupServerReference", f"backupServers/{OTHER_ID}", "vbr07"),
            link("Alternate", "CloudFailoverSessionReference", f"x/{session_id}", "Harbour plan"),
        ],
        "Href": f"{ELSEWHERE}/cloud/failoverSessions/{session_id}?format=Entity",
        "Type": "CloudFailoverSession",
    } | changes


def wrapped(*tasks: Tree) -> Tree:
    return {"CloudFailoverTasks": list(tasks) or None}


def query(wanted: str, items: Any, inner: str | None = None, pages: int = 1) -> Tree:
    """A QueryResult as v12 and v13 write it: every other list is null."""
    others = dict.fromkeys(["Jobs", "Replicas", "SystemSessions", "CloudTenants"])
    return {
        "Refs": None,
        "Entities": others | {wanted: {inner or wanted: items}},
        "Resources": None,
        "Links": None,
        "PagingInfo": {"Links": [], "PageNum": 1, "PageSize": 100, "PagesCount": pages},
    }


def logon(cloud_connect: bool = True) -> Tree:
    links = [link("Delete", None, f"logonSessions/{LOGON_ID}")]
    if cloud_connect:
        links.append(link("Down", "CloudConnectService", "cloud"))
    return {
        "UserName": "NOC\\jdoe",
        "SessionId": LOGON_ID,
        "Links": links,
        "Href": f"{ELSEWHERE}/logonSessions/{LOGON_ID}",
        "Type": "LogonSession",
    }


def v12(tree: Any) -> bytes:
    return json.dumps(tree).encode()


def v13(tree: Any) -> bytes:
    """Every key lower-cased at its leading run of capitals: UID is uid, JobType jobType."""
    return json.dumps(_camel(tree)).encode()


def v95(tree: Any) -> bytes:
    """No keys for what is absent, and a bare array for an empty list."""
    return json.dumps(_without_nulls(tree)).encode()


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel_key(key): _camel(item) for key, item in value.items()}
    return [_camel(item) for item in value] if isinstance(value, list) else value


def _camel_key(key: str) -> str:
    capitals = len(key) - len(key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if capitals <= 1 or capitals == len(key):
        return key[:capitals].lower() + key[capitals:]
    return key[: capitals - 1].lower() + key[capitals - 1 :]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        if value and all(item is None for item in value.values()):
            return []
        return {k: _without_nulls(item) for k, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


_ATTRIBUTES = {"Href", "Type", "Name", "UID", "VmName", "VmDisplayName", "Rel", "StatusCode"}
_ITEM_NAMES = {"Links": "Link", "BackupServers": "BackupServer"}


def xml(root: str, tree: Tree, prefix: str = "") -> bytes:
    """The same tree in XML: scalars of `_ATTRIBUTES` as attributes, the rest as elements."""
    namespace = f"xmlns{f':{prefix}' if prefix else ''}"
    text = _element(root, tree, f"{prefix}:" if prefix else "")
    head, _, tail = text.partition(" " if " " in text.split(">", 1)[0] else ">")
    joint = " " if text[len(head)] == " " else ">"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\r\n{head}'
        f' {namespace}="http://www.veeam.com/ent/v1.0"{joint}{tail}'
    ).encode()


def _element(name: str, value: Any, prefix: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, dict):
        text = quoteattr(str(value))[1:-1]
        return f"<{prefix}{name}>{text}</{prefix}{name}>"
    attributes = "".join(
        f" {key}={quoteattr(str(item))}"
        for key, item in value.items()
        if key in _ATTRIBUTES and item is not None
    )
    inner = "".join(
        _children(key, item, prefix) for key, item in value.items() if key not in _ATTRIBUTES
    )
    return f"<{prefix}{name}{attributes}>{inner}</{prefix}{name}>"


def _children(key: str, item: Any, prefix: str) -> str:
    if not isinstance(item, list):
        return _element(key, item, prefix)
    if key in _ITEM_NAMES:
        inner = "".join(_element(_ITEM_NAMES[key], one, prefix) for one in item)
        return f"<{prefix}{key}>{inner}</{prefix}{key}>"
    return "".join(_element(key, one, prefix) for one in item)
