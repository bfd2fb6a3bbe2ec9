r"""The answer to a poll, decoded where it differs from the one before.

Of a thousand tasks some change from poll to poll, and most of those in the digits of their
progress. The body is cut at what stands between two tasks, `},{`, and a slice that is what it was
is not decoded again. A cut may be wrong, inside a text or a list; what makes the short way as
good as the long one is that nothing is taken for granted:

- The *frame*, the body with one made-up task in place of all, is decoded whenever it changes. It
  is taken only if that task is found, alone, where the tasks belong.
- Each slice is decoded by itself as an object. A slice of a wrong cut is none: it ends in the
  middle of a text, a list or an object.
- JSON has no context: an object may stand in for another one, so that frame and slices together
  mean what the whole means.
- Digits are read by themselves only where another number was once decoded as the progress, and
  changed nothing else.

At the least doubt there is no answer, and the whole body is decoded.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import cached_property, partial
from typing import Any, Final

from tui.enterprise_manager.decoding import MOST_PARTS, TASKS, items_of, lowered, strict_json
from tui.enterprise_manager.resources import TaskSession
from tui.enterprise_manager.tasks import (
    BETWEEN,
    END,
    MARKS,
    Doubt,
    Fields,
    TaskReader,
    Tasks,
    TaskSlice,
    decoded_slice,
    each_once,
    identity_of,
    parts_of,
    task_of,
)
from tui.errors import UnreadableAnswer
from tui.light import dataclass

_LIST: Final = re.compile(rb'"%s"\s*:\s*\[\s*\{' % TASKS.encode(), re.IGNORECASE)
_MADE_UP: Final = {"VmName": "no task of this name"}
_MADE_UP_TEXT: Final = b'{"VmName":"no task of this name"}'


_BLOCK: Final = 32
"""So many slices at once are compared with what they were, unless one of them changed last time."""


@dataclass
class _List:
    """The list of tasks, cut into slices; three lists of one length.

    They were cut out of `body`, each block of them from one of the `marks` to the next; no marks
    where those are to be found anew. `restless` are the numbers of the blocks that changed.
    """

    slices: list[TaskSlice] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    tasks: list[TaskSession] = field(default_factory=list)
    body: bytes = b""
    marks: list[int] = field(default_factory=list)
    restless: set[int] = field(default_factory=set)

    def put(self, place: int, new: TaskSlice) -> None:
        """In place of the one there."""
        self.slices[place], self.texts[place], self.tasks[place] = new, new.text, new.task

    def append(self, new: TaskSlice) -> None:
        """At the end."""
        self.slices.append(new)
        self.texts.append(new.text)
        self.tasks.append(new.task)

    def end_after(self, place: int) -> None:
        """The list has become shorter."""
        del self.slices[place + 1 :], self.texts[place + 1 :], self.tasks[place + 1 :]


@dataclass(frozen=True)
class SlicedAnswer:
    """`content` is the resource with a made-up task in place of `tasks`."""

    content: dict[str, Any]
    tasks: Tasks


class TaskSlices:
    """The slices of the last answer of one session."""

    def __init__(self, reader: TaskReader) -> None:
        """`reader` is who reads whole lists; each goes on from what the other has read."""
        self._reader = reader
        self._list = _List()
        self._before = self._after = b""
        self._content: dict[str, Any] = {}
        self._tasks = Tasks(())
        self._parts = 0
        self.decoded = 0
        """How many slices were decoded, ever."""
        self.moved = 0
        """Of how many more only the digits of the progress were read."""

    @property
    def known(self) -> int:
        """How many slices the last answer had; 0 where there is nothing to go on from."""
        return len(self._list.slices)

    def forget(self) -> None:
        """What was read last is nothing to go on from."""
        if self._list.slices:
            self._reader.know((each.fields, each.task) for each in self._list.slices)
        self._list, self._parts = _List(), 0

    def read(self, body: bytes, most: int | None = None) -> SlicedAnswer:
        """What the body says. Raises `Doubt`, having learned nothing.

        Also where more than `most` slices would have to be decoded.
        """
        try:
            return self._read(body, most)
        except (ValueError, UnreadableAnswer):
            raise Doubt from None

    def _read(self, body: bytes, most: int | None) -> SlicedAnswer:
        known, before = self._list, self._before
        if not known.slices or not body.startswith(before):
            found = _LIST.search(body)
            if found is None:
                raise Doubt
            before = body[: found.end()]
        cutting = _Cutting(body, known, self._reader, most)
        end = cutting.through(len(before))
        after = body[end:]
        content, tasks = self._content, self._tasks
        if not known.slices or (before, after) != (self._before, self._after):
            content = _framed(before, after)
        parts = self._parts + cutting.more_parts
        if parts + parts_of(before) + parts_of(after) > MOST_PARTS:
            raise Doubt
        if cutting.others:
            listed = cutting.listed()
            if len(each_once(listed)[0]) < len(listed):
                raise Doubt
        cutting.take_over()
        if cutting.changes or cutting.grown:
            tasks = Tasks(tuple(known.tasks))
        self._before, self._after = before, after
        self._content, self._tasks, self._parts = content, tasks, parts
        self.decoded += cutting.decoded
        self.moved += cutting.moved
        return SlicedAnswer(content, tasks)


class _Cutting:
    """Goes through a body once, along the slices that are known; changes nothing of them."""

    def __init__(self, body: bytes, known: _List, reader: TaskReader, most: int | None) -> None:
        self._body = body
        self._known = known
        self._reader = reader
        self._most = most
        self._marks: list[int] = []
        self._restless: set[int] = set()
        self._ends_after: int | None = None
        self.changes: list[tuple[int, TaskSlice]] = []
        """The slices that differ, with their places in turn."""
        self.grown: list[TaskSlice] = []
        """Those that stand behind all that were known."""
        self.decoded = self.moved = self.more_parts = 0
        self.others = False
        """Whether a task is not the one that stood at its place."""

    def through(self, at: int) -> int:
        """From the first task to behind the end of the list; where that is."""
        known, starts = self._known, self._body.startswith
        for block, first in enumerate(range(0, len(known.texts), _BLOCK)):
            self._marks.append(at)
            if known.marks and block not in known.restless:
                text = known.body[known.marks[block] : known.marks[block + 1]]
                if starts(text, at):
                    at += len(text)
                    continue
            at = self._through_block(block, first, at)
            if self._ends_after is not None:
                break
        self._marks.append(at)
        if self._ends_after is not None:
            return at
        if known.texts and (not self.changes or self.changes[-1][0] < len(known.texts) - 1):
            return at
        while not self.grown or not self.grown[-1].is_last:
            new = self._cut_out(at, None)
            self.grown.append(new)
            self.more_parts += new.parts
            at += len(new.text)
        return at

    def _through_block(self, block: int, first: int, at: int) -> int:
        known, starts = self._known, self._body.startswith
        for place, text in enumerate(known.texts[first : first + _BLOCK], first):
            if starts(text, at):
                at += len(text)
                continue
            before = known.slices[place]
            new = self._cut_out(at, before)
            self._restless.add(block)
            self.changes.append((place, new))
            self.more_parts += new.parts - before.parts
            at += len(new.text)
            if new.is_last:
                self._ends_after = place
                self.more_parts -= sum(each.parts for each in known.slices[place + 1 :])
                break
        return at

    def listed(self) -> list[TaskSession]:
        """The tasks there are."""
        tasks = self._known.tasks.copy()
        for place, new in self.changes:
            tasks[place] = new.task
        tasks += [each.task for each in self.grown]
        return tasks if self._ends_after is None else tasks[: self._ends_after + 1]

    def take_over(self) -> None:
        """What is known is from now on what was found."""
        known, size = self._known, len(self._known.texts)
        for place, new in self.changes:
            known.put(place, new)
        for new in self.grown:
            known.append(new)
        if self._ends_after is not None:
            known.end_after(self._ends_after)
        known.body, known.restless = self._body, self._restless
        known.marks = self._marks if len(known.texts) == size else []

    def _cut_out(self, at: int, known: TaskSlice | None) -> TaskSlice:
        """The slice that begins there, beside the one that stood at its place."""
        moved = known and known.moved(self._body, at)
        if moved:
            self.moved += 1
            return moved
        if self.decoded == self._most:
            raise Doubt
        self.decoded += 1
        body = self._body
        stop = body.find(BETWEEN, at)
        closing = body.find(END, at, stop if stop >= 0 else len(body))
        if closing >= 0:
            try:
                return self._decoded(body[at : closing + len(END)], known)
            except ValueError:  # it stands in a text, or the task holds a list
                if stop < 0:
                    raise
        if stop < 0:
            raise Doubt
        return self._decoded(body[at : stop + len(BETWEEN)], known)

    def _decoded(self, text: bytes, known: TaskSlice | None) -> TaskSlice:
        """Raises ValueError for what is no object by itself."""
        new = decoded_slice(text, known, partial(self._task, known))
        if known is None or identity_of(new.task) != identity_of(known.task):
            self.others = True
        return new

    def _task(self, known: TaskSlice | None, fields: Fields) -> TaskSession:
        """The very task that the last answer had, wherever it stood, else a new one."""
        task: TaskSession | None = None
        if known is None:
            task = self._reader.known(fields)
        elif fields[0] != known.fields[0]:
            task = self._elsewhere.get(fields)
        task = task or task_of(fields)
        if task is None:
            raise Doubt
        return task

    @cached_property
    def _elsewhere(self) -> dict[Fields, TaskSession]:
        return {each.fields: each.task for each in self._known.slices}


def _framed(before: bytes, after: bytes) -> dict[str, Any]:
    """The resource with the made-up task. Raises ValueError, `Doubt`, `UnreadableAnswer`."""
    content: Any = strict_json(before[:-1] + _MADE_UP_TEXT + END[1:] + after, lower=True)
    listed = content.get(TASKS) if isinstance(content, dict) else None
    listed = lowered(listed) if isinstance(listed, dict) else listed
    if items_of(listed, MARKS) != ([_MADE_UP], 0):
        raise Doubt
    found: dict[str, Any] = content
    return found
