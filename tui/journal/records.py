"""Observations as the records of a journal: only what changed is kept. `playing` reads them.

Kinds of records, besides those of `tui.monitor.observations` by their own names:

    journal     the first one: `format`, the server, the session's ID
    watch       who began to follow, where, with which version: before each `opened`
    reading     `full`: the session as it is read for the first time in a run; else `head`, its
                members that changed, `tasks`, by their place the members that changed, and
                `count`, how many tasks there are
    unchanged   a reading like the one before; also one in which nothing but progress changed
                may come as such, and its progress with a later reading

Every record but the first has `run`, the run of the program that it belongs to: two monitors may
write one journal, and what changed is told against the last reading of the same run. Moments
are ISO 8601, UTC; durations ISO 8601 as well; `monotonic` seconds compare within a run only.

What is left out on purpose: readings that bring nothing within `STILL_SECONDS` of the last
record, progress by itself within `PROGRESS_SECONDS`, failed polls with the same reason within
`STILL_SECONDS`. So a month stays small, and a journal tells to within that time when nobody
watched any more. Nothing of a state, a result, a message or a time is ever left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from tui.analysis.identity import differing
from tui.enterprise_manager.resources import FailoverSession, TaskSession, but_progress
from tui.light import dataclass
from tui.monitor.observations import (
    GoalsSet,
    NoAnswer,
    Observation,
    Opened,
    Reading,
    RunsRead,
    SiblingsRead,
    to_record,
)

FORMAT: Final = 1
"""Raised when a reader of the version before would misread a journal."""

STILL_SECONDS: Final = 300.0
PROGRESS_SECONDS: Final = 15.0

Record = dict[str, Any]

_SAID_ONCE: Final = (GoalsSet, RunsRead, SiblingsRead)


@dataclass(frozen=True, kw_only=True)
class Watcher:
    """Who follows a session: a `watch` record. `utc_offset` in seconds, of the local time."""

    user: str
    host: str
    version: str
    fingerprint: str | None = None
    utc_offset: float = 0.0


def header(server: str, session_id: str) -> Record:
    """The first record of a journal."""
    return {"kind": "journal", "format": FORMAT, "server": server, "session_id": session_id}


class Recorder:
    """Turns the observations of one run into records. `knows` what the journal holds already."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._run = ""
        self._last: FailoverSession | None = None
        self._left_out: Reading | None = None
        self._written_at = float("-inf")
        self._progress_at = float("-inf")
        self._trouble: tuple[str, str] | None = None
        self._said: dict[type, Any] = {}

    def knows(self, observations: Iterable[Observation]) -> None:
        """What stands in the journal from earlier runs and need not be said once more."""
        for observation in observations:
            if isinstance(observation, _SAID_ONCE):
                self._said[type(observation)] = _substance(observation)

    def records(self, observation: Observation) -> list[Record]:
        """What is to be written for an observation; often nothing."""
        if isinstance(observation, Opened):
            return self._opened(observation)
        if isinstance(observation, Reading):
            return self._reading(observation)
        if isinstance(observation, _SAID_ONCE):
            substance = _substance(observation)
            if self._said.get(type(observation)) == substance:
                return []
            self._said[type(observation)] = substance
        if isinstance(observation, NoAnswer):
            reason = (observation.trouble.kind, observation.trouble.sentence)
            recent = observation.monotonic - self._written_at < STILL_SECONDS
            if reason == self._trouble and recent:
                return []
            self._trouble = reason
        # What was left out stands before anything else that happened after it.
        return [*self._caught_up(), self._marked(to_record(observation), observation.monotonic)]

    def _opened(self, opened: Opened) -> list[Record]:
        records = self._caught_up()
        if opened.run != self._run:
            self._run, self._last = opened.run, None
            who = {each.name: getattr(self._watcher, each.name) for each in fields(self._watcher)}
            said = to_record(opened)
            watch = {"kind": "watch", "seen_at": said["seen_at"], **who}
            records.append(self._marked(watch, opened.monotonic))
        self._trouble = None
        records.append(self._marked(to_record(opened), opened.monotonic))
        return records

    def _reading(self, reading: Reading) -> list[Record]:
        self._trouble = None
        session, before = reading.session, self._last
        if before is not None and session is before:
            return self._unchanged(reading)
        recent = reading.monotonic - self._progress_at < PROGRESS_SECONDS
        if before is not None and recent and self._moved_on(session, before):
            self._left_out = reading
            return []
        if before is None:
            change: Record | None = {"full": session.model_dump(mode="json", exclude_defaults=True)}
        else:
            change = _change(before, session)
        if change is None:
            return self._unchanged(reading)
        if recent and _is_progress_only(change):
            self._left_out = reading
            return []
        return [self._changed(reading, change)]

    def _moved_on(self, session: FailoverSession, kept: FailoverSession) -> bool:
        """Whether nothing but progress differs from what was read last, which differed from
        what was kept in nothing else either."""
        last = self._left_out.session if self._left_out is not None else kept
        return _differs_in_progress_only(last, session)

    def _unchanged(self, reading: Reading) -> list[Record]:
        self._left_out = None  # what moved meanwhile has moved back
        if reading.monotonic - self._written_at < STILL_SECONDS:
            return []
        return [self._marked(_times(reading, "unchanged"), reading.monotonic)]

    def _changed(self, reading: Reading, change: Record) -> Record:
        self._last, self._left_out = reading.session, None
        self._progress_at = reading.monotonic
        return self._marked({**_times(reading, "reading"), **change}, reading.monotonic)

    def _caught_up(self) -> list[Record]:
        """The progress that was left out last."""
        reading, before = self._left_out, self._last
        if reading is None or before is None:
            return []
        change = _change(before, reading.session)
        self._left_out = None
        return [self._changed(reading, change)] if change is not None else []

    def _marked(self, record: Record, monotonic: float) -> Record:
        self._written_at = monotonic
        return {**record, "run": self._run}


def _substance(observation: Observation) -> tuple[Any, ...]:
    """What an observation says, without when."""
    left_out = ("seen_at", "monotonic", "server_time", "kind")
    names = (each.name for each in fields(observation))
    return tuple(getattr(observation, name) for name in names if name not in left_out)


def _times(reading: Reading, kind: str) -> Record:
    moments = {"seen_at": reading.seen_at, "server_time": reading.server_time}
    said = {name: _moment(value) for name, value in moments.items() if value is not None}
    return {"kind": kind, **said, "monotonic": reading.monotonic, "asked_at": reading.asked_at}


def _moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _change(before: FailoverSession, after: FailoverSession) -> Record | None:
    """What differs, None where nothing does."""
    names = [name for name in _head_names() if getattr(before, name) != getattr(after, name)]
    change: Record = {}
    if names:
        change["head"] = after.model_dump(mode="json", include=set(names))
    tasks: dict[str, Record] = {}
    for place in differing(before.tasks, after.tasks):
        if difference := _task_change(before.tasks[place], after.tasks[place]):
            tasks[str(place)] = difference
    for place in range(len(before.tasks), len(after.tasks)):
        tasks[str(place)] = dict(task_adapter().dump_python(after.tasks[place], mode="json"))
    if tasks:
        change["tasks"] = tasks
    if len(before.tasks) != len(after.tasks):
        change["count"] = len(after.tasks)
    return change or None


def _task_change(before: TaskSession, after: TaskSession) -> Record:
    if but_progress(before) == but_progress(after):
        return {"progress": after.progress} if after.progress != before.progress else {}
    said = task_adapter().dump_python(after, mode="json")
    return {
        name: value for name, value in said.items() if getattr(before, name) != getattr(after, name)
    }


def _differs_in_progress_only(before: FailoverSession, after: FailoverSession) -> bool:
    heads = (name for name in _head_names() if name != "progress")
    if any(getattr(before, name) != getattr(after, name) for name in heads):
        return False
    if len(before.tasks) != len(after.tasks):
        return False
    return all(
        but_progress(before.tasks[place]) == but_progress(after.tasks[place])
        for place in differing(before.tasks, after.tasks)
    )


def _is_progress_only(change: Record) -> bool:
    if "count" in change or "full" in change or set(change.get("head", ())) - {"progress"}:
        return False
    return all(set(each) == {"progress"} for each in change.get("tasks", {}).values())


@cache
def task_adapter() -> TypeAdapter[TaskSession]:
    """Tasks to JSON values and back; made when it is first needed."""
    return TypeAdapter(TaskSession)


@cache
def _head_names() -> tuple[str, ...]:
    return tuple(name for name in FailoverSession.model_fields if name != "tasks")
