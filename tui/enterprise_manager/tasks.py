"""The task sessions of a cloud failover session, read fast.

A poll of a big failover lists a thousand tasks of which a few changed. A task
whose fields all equal those of the previous reading is the same object again,
which costs a dictionary look-up instead of date parsing, and lets whoever
compares readings use identity first.

Tasks have no id. Two of one answer with the same VM, the same replica point and the same
start are one task that is listed twice: a retry begins later, and another VM of that name
has points of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields as fields_of_class
from operator import attrgetter
from typing import Any, Final, NamedTuple

from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import PART_SIGNS, items_of, lowered, strict_json
from tui.enterprise_manager.resources import (
    ReplicaPointReference,
    TaskSession,
)
from tui.errors import UnreadableAnswer
from tui.light import dataclass

MARKS: Final = frozenset({"vmname", "state"})
Fields = tuple[Any, ...]
"""Everything that is read from a task, as the server wrote it."""

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
PROGRESS: Final = 7
"""Where the progress stands among the fields."""
_LINK: Final = ("href", "name")
_SPELLINGS_KEPT: Final = 64

BETWEEN: Final = b"},{"
"""What ends a task's text where another one follows."""

END: Final = b"}]"
"""What ends the last one's."""

_DIGITS: Final = re.compile(rb'"progress"\s*:\s*(\d{1,3})(?!\d)', re.IGNORECASE)
_NUMBER: Final = re.compile(rb"(?:0|[1-9]\d{0,2})(?!\d)")
_ANOTHER_NUMBER: Final = 987654321


Entry = tuple[Fields, TaskSession]


class Tasks(NamedTuple):
    """The tasks that could be read, each once, and how many there are besides that could not.

    `unlike` are those found that the answer lists more than once, and not alike.
    """

    found: tuple[TaskSession, ...]
    unreadable: int = 0
    unlike: int = 0


class TaskReader:
    """Reads lists of tasks, remembering the tasks of the last list only."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._known: dict[Fields, Entry] = {}

    def known(self, fields: Fields) -> TaskSession | None:
        """The task of the last list that had these fields."""
        entry = self._known.get(fields)
        return entry[1] if entry is not None else None

    def know(self, entries: Iterable[Entry]) -> None:
        """These are the tasks of the last list."""
        self._known = {entry[0]: entry for entry in entries}

    def read(self, value: Any) -> Tasks:
        """The tasks in the server's order. Raises `UnreadableAnswer` where none can be told."""
        known = self._known
        seen: dict[Fields, Entry] = {}
        found = []
        # A single task and the list's wrapper are told apart by their lower-cased keys.
        listed = lowered(value) if isinstance(value, dict) else value
        items, unreadable = items_of(listed, MARKS)
        for item in items:
            fields = fields_of(item)
            # The old key stays, so that an unchanged task leaves no new object behind.
            entry = known.get(fields) or seen.get(fields)
            if entry is None:
                task = task_of(fields)
                if task is None:
                    unreadable += 1
                    continue
                entry = (fields, task)
            seen[entry[0]] = entry
            found.append(entry[1])
        if items and not found:
            raise UnreadableAnswer("The server's answer holds something else among the tasks.")
        self._known = seen
        once, unlike = each_once(found)
        return Tasks(once, unreadable, unlike)


def identity_of(task: TaskSession) -> tuple[object, ...]:
    """What tells a task from the others of one answer, as far as anything does."""
    return task.vm_name, task.replica_point.id if task.replica_point else None, task.created


def each_once(listed: Sequence[TaskSession]) -> tuple[tuple[TaskSession, ...], int]:
    """Each task at its first place, by the reading that is furthest; how many readings differ.

    Without a point or a start nothing tells two tasks of one VM's name from two VMs.
    """
    found: dict[object, TaskSession] = {}
    unlike: set[object] = set()
    for number, task in enumerate(listed):
        identity: object = identity_of(task)
        if task.replica_point is None or task.replica_point.id is None or task.created is None:
            identity = number
        before = found.setdefault(identity, task)
        if before is not task and before != task:
            unlike.add(identity)
            found[identity] = max(before, task, key=_furthest)
    return tuple(found.values()), len(unlike)


def _furthest(task: TaskSession) -> tuple[bool, bool, int]:
    """Orders readings of one task: what has ended last, and a failure behind a success."""
    return task.ended is not None, task.result.lower() == "failed", task.progress or 0


def fields_of(item: dict[str, Any]) -> Fields:
    """Everything read from a task, as the server wrote it."""
    vm, link, *others = _members(item, _TASK)
    # A link that came as bare text is its address.
    href, name = _members(link, _LINK) if isinstance(link, dict) else (link, None)
    if isinstance(others[PROGRESS - 3], bool):  # True is no 1
        others[PROGRESS - 3] = None
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


def task_of(fields: Fields) -> TaskSession | None:
    """The task, None where nothing in it tells a VM or a state."""
    vm, href, name, created, ended, state, result, progress, message = fields
    point_name = scalars.text(name)
    point_id = scalars.guid(href)
    if vm is None and state is None and point_name is None:
        return None
    said_state, said_result = scalars.text(state) or "", scalars.text(result) or ""
    began = scalars.moment(created)
    point = None
    if point_id or point_name:
        point = ReplicaPointReference(id=point_id, name=point_name or "")
    return TaskSession(
        vm_name=scalars.text(vm) or (point_name or "").rpartition("@")[0],
        replica_point=point,
        created=began,
        ended=scalars.told_end(scalars.moment(ended), began, said_state, said_result),
        state=said_state,
        result=said_result,
        progress=scalars.percentage(progress),
        failure_message=scalars.message(message),
    )


class Doubt(Exception):
    """The whole body has to be decoded."""


@dataclass(slots=True)
class TaskSlice:
    """One task's `text` with what ends it, and what it said.

    `decoded` are the fields of the slice that it or one before it was decoded from, and `moved_to`
    what the progress has become since. `parts` is how many objects, lists and tags it may hold;
    `digits` where those of the progress begin and end, None unless that is proved.
    """

    text: bytes
    decoded: Fields
    task: TaskSession
    parts: int
    digits: tuple[int, int] | None = None
    moved_to: int | None = None

    @property
    def fields(self) -> Fields:
        """Everything that is read from it."""
        if self.moved_to is None:
            return self.decoded
        return (*self.decoded[:PROGRESS], self.moved_to, *self.decoded[PROGRESS + 1 :])

    @property
    def is_last(self) -> bool:
        """Whether the list ends with it."""
        return self.text.endswith(END)

    def moved(self, body: bytes, at: int) -> TaskSlice | None:
        """The slice that begins there, if only the digits of the progress differ from this one."""
        if self.digits is None:
            return None
        begin, end = self.digits
        number = body.startswith(self.text[:begin], at) and _NUMBER.match(body, at + begin)
        if not number or not body.startswith(self.text[end:], number.end()):
            return None
        progress, until = int(number[0]), number.end() + len(self.text) - end
        task = with_progress(self.task, min(progress, 100))
        digits = (begin, number.end() - at)
        return TaskSlice(body[at:until], self.decoded, task, self.parts, digits, progress)


_values_of = attrgetter(*(each.name for each in fields_of_class(TaskSession)))
_setters = [TaskSession.__dict__[each.name].__set__ for each in fields_of_class(TaskSession)]
_set_progress = TaskSession.__dict__["progress"].__set__


def with_progress(task: TaskSession, progress: int | None) -> TaskSession:
    """The same task at another progress, which has to be one: None or 0 to 100.

    Of what happens most, by the slots themselves: a tenth of what validating all fields costs.
    """
    copy = object.__new__(TaskSession)
    for put, value in zip(_setters, _values_of(task), strict=True):
        put(copy, value)
    _set_progress(copy, progress)
    return copy


def decoded_slice(
    text: bytes, known: TaskSlice | None, task_of: Callable[[Fields], TaskSession]
) -> TaskSlice:
    """What a text says, beside the slice that stood at its place.

    `task_of` makes a task that is not the known one. Raises ValueError for what is no object by
    itself, `Doubt` for one that may be no task.
    """
    item = _object(text)
    if MARKS.isdisjoint(map(str.lower, item)):
        raise Doubt
    fields, parts = fields_of(item), parts_of(text)
    if known is None:
        return TaskSlice(text, fields, task_of(fields), parts)
    if fields == known.fields:
        return TaskSlice(text, known.decoded, known.task, parts, None, known.moved_to)
    if _but_progress(fields) == _but_progress(known.fields):
        task = with_progress(known.task, scalars.percentage(fields[PROGRESS]))
        return TaskSlice(text, fields, task, parts, _proved_digits(text, fields))
    return TaskSlice(text, fields, task_of(fields), parts)


def parts_of(text: bytes) -> int:
    """How many parts there may be in it, at most."""
    return sum(map(text.count, PART_SIGNS))


def _but_progress(fields: Fields) -> Fields:
    return (*fields[:PROGRESS], *fields[PROGRESS + 1 :])


def _object(text: bytes) -> dict[str, Any]:
    inner = text.removesuffix(BETWEEN) if text.endswith(BETWEEN) else text.removesuffix(END)
    item: dict[str, Any] = strict_json(b"{%s}" % inner)
    return item


def _proved_digits(text: bytes, fields: Fields) -> tuple[int, int] | None:
    """Where the progress stands, if another number there is another progress and nothing else."""
    found = _DIGITS.search(text)
    if found is None:
        return None
    begin, end = found.span(1)
    other = fields_of(_object(b"%s%d%s" % (text[:begin], _ANOTHER_NUMBER, text[end:])))
    wanted = (*fields[:PROGRESS], _ANOTHER_NUMBER, *fields[PROGRESS + 1 :])
    return (begin, end) if other == wanted else None
