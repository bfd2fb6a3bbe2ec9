"""One task of an answer: its text by itself, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from tui.enterprise_manager.decoding import PART_SIGNS, strict_json
from tui.enterprise_manager.resources import TaskSession, with_progress
from tui.enterprise_manager.scalars import percentage
from tui.enterprise_manager.tasks import MARKS, PROGRESS, Fields, fields_of
from tui.light import dataclass

BETWEEN: Final = b"},{"
"""What ends a task's text where another one follows."""

END: Final = b"}]"
"""What ends the last one's."""

_DIGITS: Final = re.compile(rb'"progress"\s*:\s*(\d{1,3})(?!\d)', re.IGNORECASE)
_NUMBER: Final = re.compile(rb"(?:0|[1-9]\d{0,2})(?!\d)")
_ANOTHER_NUMBER: Final = 987654321


class Doubt(Exception):
    """The whole body has to be decoded."""


@dataclass(slots=True)
class TaskSlice:
    """One task's `text` with what ends it, and what it said.

    `parts` is how many objects, lists and tags it may hold; `digits` where those of the progress
    begin and end, None unless that is proved.
    """

    text: bytes
    fields: Fields
    task: TaskSession
    parts: int
    digits: tuple[int, int] | None = None

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
        fields = (*self.fields[:PROGRESS], progress, *self.fields[PROGRESS + 1 :])
        task = with_progress(self.task, min(progress, 100))
        return TaskSlice(body[at:until], fields, task, self.parts, (begin, number.end() - at))


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
        return TaskSlice(text, known.fields, known.task, parts)
    if _but_progress(fields) == _but_progress(known.fields):
        task = with_progress(known.task, percentage(fields[PROGRESS]))
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
