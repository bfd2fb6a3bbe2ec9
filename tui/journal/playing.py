"""The records of a journal back into the observations that they were made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.journal.records import FORMAT, Record, Watcher, task_adapter
from tui.monitor.observations import (
    Observation,
    Reading,
    from_record,
    to_record,
)


class UnknownFormat(ValueError):
    """A journal that a later version wrote in a way that this one would misread."""


class Player:
    """Turns the records of a journal back into observations."""

    def __init__(self) -> None:
        self.server: str | None = None
        self.session_id: str | None = None
        self.watchers: list[tuple[str, datetime, Watcher]] = []
        """Of each run that was begun: its name, when it was, and who."""
        self.unreadable = 0
        """Records that hold nothing that this version understands."""
        self._readings: dict[str, _LastReading] = {}

    def observations(self, records: Iterable[Mapping[str, Any]]) -> Iterator[Observation]:
        """In the order in which they were written. Raises `UnknownFormat`."""
        for record in records:
            observation = self._observation(record)
            if observation is not None:
                yield observation

    def _observation(self, record: Mapping[str, Any]) -> Observation | None:
        kind = record.get("kind")
        if kind == "journal":
            self._begin(record)
            return None
        try:
            if kind == "watch":
                self._watch(record)
                return None
            if kind in ("reading", "unchanged"):
                return self._reading(record)
            return from_record(record)
        except (ValueError, TypeError, LookupError, AttributeError):
            self.unreadable += 1
            return None

    def _begin(self, record: Mapping[str, Any]) -> None:
        format_ = record.get("format")
        if not isinstance(format_, int) or format_ > FORMAT:
            raise UnknownFormat(f"format {format_}; this version reads up to {FORMAT}")
        self.server, self.session_id = str(record.get("server")), str(record.get("session_id"))

    def _watch(self, record: Mapping[str, Any]) -> None:
        known = {each.name: record[each.name] for each in fields(Watcher) if each.name in record}
        at = datetime.fromisoformat(record["seen_at"])
        self.watchers.append((str(record["run"]), at, Watcher(**known)))

    def _reading(self, record: Mapping[str, Any]) -> Reading:
        last = self._readings.setdefault(record["run"], _LastReading())
        if record["kind"] == "reading":
            last.take(record)
        if last.session is None:
            raise ValueError("nothing was read before")
        server_time = record.get("server_time")
        return Reading(
            seen_at=datetime.fromisoformat(record["seen_at"]),
            server_time=server_time and datetime.fromisoformat(server_time),
            monotonic=float(record["monotonic"]),
            asked_at=float(record["asked_at"]),
            session=last.session,
        )


def plain_records(records: Iterable[Mapping[str, Any]]) -> Iterator[Record]:
    """The records with every reading in full, for programs. Raises `UnknownFormat`."""
    player = Player()
    for record in records:
        for observation in player.observations((record,)):
            yield {**to_record(observation), **_run_in(record)}
        if record.get("kind") in ("journal", "watch"):
            yield dict(record)


def _run_in(record: Mapping[str, Any]) -> Record:
    return {"run": record["run"]} if "run" in record else {}


class _LastReading:
    """The session as it was last read in a run, with the JSON values that it came from."""

    def __init__(self) -> None:
        self.session: FailoverSession | None = None
        self._head: Record = {}
        self._said: list[Record] = []
        self._tasks: list[TaskSession] = []

    def take(self, record: Mapping[str, Any]) -> None:
        """Take what changed, or all of it."""
        head, said, tasks = self._head, list(self._said), list(self._tasks)
        if "full" in record:
            head = {name: value for name, value in record["full"].items() if name != "tasks"}
            changed = dict(enumerate(record["full"].get("tasks", ())))
            said, tasks = [], []
        else:
            head = {**head, **record.get("head", {})}
            changed = {int(place): each for place, each in record.get("tasks", {}).items()}
            count = record.get("count", len(said))
            del said[count:], tasks[count:]
        for place, change in sorted(changed.items()):
            if place > len(said):
                raise ValueError("a task is missing")
            known = said[place] if place < len(said) else {}
            whole = {**known, **change}
            said[place : place + 1] = [whole]
            tasks[place : place + 1] = [task_adapter().validate_python(whole)]
        session = FailoverSession.model_validate(head)
        self.session = session.model_copy(update={"tasks": tuple(tasks)})
        self._head, self._said, self._tasks = head, said, tasks
