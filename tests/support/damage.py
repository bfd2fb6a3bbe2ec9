"""Answers of a server, damaged one place at a time."""

from __future__ import annotations

import copy
import re
from typing import Any

from hypothesis import strategies as st

from tests.support import bodies

Tree = dict[str, Any]
Place = tuple[Any, Any]
"""A container and the key or index in it."""

ODD_DATES = ("1900-01-01T00:00:00Z", "1970-01-01T02:00:00Z", "0001-01-01T00:00:00", "soon", "")
ODD_SCALARS: tuple[Any, ...] = (None, "", 0, 7, True, 1.5, "x")
ODD_TREES: tuple[Any, ...] = ([], {}, ["x"], {"Value": "x"}, [None])
DAMAGES = ("drop", "null", "retype", "wrap", "duplicate", "reorder", "beside", "date")


def trio(**changes: Any) -> Tree:
    """A session of three VMs: one failed, one is up, one still works."""
    return bodies.session(
        bodies.wrapped(
            bodies.task(
                "sql", State="Stopped", Result="Failed", Progress=15,
                EndTimeUTC="2026-03-01T08:04:10Z", FailureMessage="No space & <disk>",
                VmReplicaPointLink=_point("sql", 1),
            ),
            bodies.task(
                "web", State="Stopped", Result="Success", Progress=100,
                EndTimeUTC="2026-03-01T08:06:00Z", VmReplicaPointLink=_point("web", 2),
            ),
            bodies.task("app", Progress=35, EndTimeUTC=None, VmReplicaPointLink=_point("app", 3)),
        ),
        **{"EndTimeUTC": None, **changes},
    )  # fmt: skip


def _point(vm: str, number: int) -> Tree:
    point_id = f"{number:08}-525f-41b6-89c6-ec1b8cb703b3"
    kind, name = "CloudVmReplicaPointReference", f"{vm}@2026-01-01 00:00:00"
    return bodies.link("Related", kind, f"cloud/vmReplicaPoints/{point_id}", name)


def tasks_of(tree: Tree) -> list[Any]:
    """The task list within a session's tree."""
    listed: list[Any] = tree["CloudFailoverTasks"]["CloudFailoverTasks"]
    return listed


def places(tree: Any) -> list[Place]:
    """Every place in a tree, its root excluded."""
    found: list[Place] = []
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        found.append((tree, key))
        found += places(tree[key])
    return found


@st.composite
def damaged(draw: st.DrawFn, tree: Tree, most: int = 2) -> Tree:
    """A copy with up to `most` places damaged; no item of a list is simply left out.

    That would be another answer, and nobody could tell.
    """
    found = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, most))):
        container, key = draw(st.sampled_from(places(found)))
        _damage(draw, draw(st.sampled_from(DAMAGES)), container, key)
    return found


def _damage(draw: st.DrawFn, damage: str, container: Any, key: Any) -> None:
    listed = isinstance(container, list)
    if damage == "drop" and not listed:
        del container[key]
    elif damage == "duplicate" and listed:
        container.insert(key, copy.deepcopy(container[key]))
    elif damage == "reorder":
        _reorder(draw, container)
    elif damage == "beside" and isinstance(container[key], dict):
        name = draw(st.sampled_from(["TotalCount", "Note", "Extra"]))
        container[key][name] = _odd(draw)
    elif damage == "wrap":
        container[key] = draw(st.sampled_from([[container[key]], {"Value": container[key]}]))
    elif damage == "date":
        container[key] = draw(st.sampled_from(ODD_DATES))
    else:
        container[key] = (
            None
            if damage == "null"
            else copy.deepcopy(draw(st.sampled_from((*ODD_SCALARS, *ODD_TREES))))
        )


def _odd(draw: st.DrawFn) -> Any:
    return copy.deepcopy(draw(st.sampled_from((*ODD_SCALARS, *ODD_TREES))))


def _reorder(draw: st.DrawFn, container: Any) -> None:
    if isinstance(container, list):
        container[:] = draw(st.permutations(container))
    else:
        order = draw(st.permutations(list(container)))
        items = {name: container[name] for name in order}
        container.clear()
        container.update(items)


_OPENING = re.compile(rb"<(?:\w+:)?[A-Za-z]\w*")
ATTRIBUTES = (
    b' xsi:type="xsd:string"',
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"',
    b' xmlns:q="http://www.w3.org/2001/XMLSchema-instance" q:type="q:what"',
    b' xsi:nil="false"',
    b' Colour="red"',
    b' Count="3"',
    b' odd:State="Stopped"',
)


@st.composite
def with_attributes(draw: st.DrawFn, xml: bytes) -> bytes:
    """The document with attributes that mean nothing on some of its elements."""
    for _ in range(draw(st.integers(1, 3))):
        ends = [match.end() for match in _OPENING.finditer(xml)]
        at = draw(st.sampled_from(ends))
        attribute = draw(st.sampled_from(ATTRIBUTES))
        if attribute.split(b"=")[0] not in xml[at : xml.index(b">", at)]:
            xml = xml[:at] + attribute + xml[at:]
    return xml
