"""The task sessions of a cloud failover session, read fast.

A poll of a big failover lists a thousand tasks of which a few changed. A task
whose fields all equal those of the previous reading is the same object again,
which costs a dictionary look-up instead of date parsing, and lets whoever
compares readings use identity first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import items_of, lowered
from tui.enterprise_manager.resources import ReplicaPointReference, TaskSession
from tui.errors import UnreadableAnswer

_MARKS: Final = frozenset({"vmname", "state"})
_Fields = tuple[Any, ...]

_TASK: Final = (
    "vmname",
    "vmreplicapointlink",
    "creationtimeutc",
    "endtimeutc",
    "state",
    "result",
    "progress",
    "failuremessage",
)
_LINK: Final = ("href", "name")
_SPELLINGS_KEPT: Final = 64


class TaskReader:
    """Reads lists of tasks, remembering the tasks of the last list only."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._known: dict[_Fields, tuple[_Fields, TaskSession]] = {}

    def read(self, value: Any) -> tuple[TaskSession, ...]:
        """The tasks in the server's order. Raises `UnreadableAnswer`."""
        known = self._known
        seen: dict[_Fields, tuple[_Fields, TaskSession]] = {}
        found = []
        # A single task and the list's wrapper are told apart by their lower-cased keys.
        listed = lowered(value) if isinstance(value, dict) else value
        for item in items_of(listed, _MARKS):
            fields = _fields(item)
            # The old key stays, so that an unchanged task leaves no new object behind.
            entry = known.get(fields) or seen.get(fields) or (fields, _task(fields))
            seen[entry[0]] = entry
            found.append(entry[1])
        self._known = seen
        return tuple(found)


def _fields(item: dict[str, Any]) -> _Fields:
    """Everything read from a task, as the server wrote it."""
    vm, link, *others = _members(item, _TASK)
    href, name = _members(link, _LINK) if isinstance(link, dict) else (None, None)
    fields = (vm, href, name, *others)
    try:
        hash(fields)
    except TypeError:
        return tuple(None if isinstance(field, list | dict) else field for field in fields)
    return fields


_spellings: dict[tuple[str, ...], dict[tuple[str, ...], tuple[str, ...]]] = {_TASK: {}, _LINK: {}}


def _members(item: dict[str, Any], names: tuple[str, ...]) -> Iterable[Any]:
    """The members of these lower-cased names, in whatever case; None for an absent one.

    All tasks of an answer are spelled alike, so how is worked out once for each set of keys.
    """
    known = _spellings[names]
    there = tuple(item)
    keys = known.get(there)
    if keys is None:
        if len(known) >= _SPELLINGS_KEPT:
            known.clear()
        spelled = {key.lower(): key for key in there}
        keys = known[there] = tuple(spelled.get(name, name) for name in names)
    return map(item.get, keys)


def _task(fields: _Fields) -> TaskSession:
    vm, href, name, created, ended, state, result, progress, message = fields
    point_name = scalars.text(name)
    point_id = scalars.guid(href)
    if vm is None and state is None and point_name is None:
        raise UnreadableAnswer("The server's answer holds something else among the tasks.")
    point = None
    if point_id or point_name:
        point = ReplicaPointReference(id=point_id, name=point_name or "")
    return TaskSession(
        vm_name=scalars.text(vm) or (point_name or "").rpartition("@")[0],
        replica_point=point,
        created=scalars.moment(created),
        ended=scalars.moment(ended),
        state=scalars.text(state) or "",
        result=scalars.text(result) or "",
        progress=scalars.percentage(progress),
        failure_message=scalars.message(message),
    )
