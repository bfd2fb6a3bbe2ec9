"""A failover that once happened, served again: rehearse against last month's real one.

Plain data comes in: this package knows nothing of journals, nor of how a client reads.
Times are seconds since the first recorded answer, which is the world's second 0.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import field
from functools import cached_property
from typing import TypeVar

from tui.light import dataclass
from tui.simulator.course import Phase, Run, TaskScript
from tui.simulator.entities import BackupServer, Plan, Result, SessionStanding, State, guid
from tui.simulator.world import World, newest_point, replica_point

Word = TypeVar("Word", State, Result)


@dataclass(frozen=True)
class Seen:
    """What a task or a session was seen to say at a moment, and from then on."""

    at: float
    state: str
    result: str
    progress: int | None
    ended: float | None = None
    message: str | None = None


@dataclass(frozen=True)
class RecordedTask:
    """A VM's task: when it began, the time of its replica point, and what was seen of it."""

    vm: str
    start: float
    seen: tuple[Seen, ...]
    point: float | None = None


@dataclass(frozen=True)
class RecordedSession:
    """A session with its tasks, in the order in which the server gave them."""

    uid: str
    start: float
    seen: tuple[Seen, ...]
    tasks: tuple[RecordedTask, ...]


@dataclass(frozen=True)
class RecordedDrill:
    """What was watched: the session, its plan as far as it was known, earlier runs of it."""

    plan_name: str
    session: RecordedSession
    vms: tuple[str, ...]
    plan_uid: str | None = None
    tenant: str = ""
    server: str = ""
    earlier: tuple[RecordedSession, ...] = ()


def recorded_world(drill: RecordedDrill) -> World:
    """A server that holds this failover and the earlier runs, and nothing else."""
    server = BackupServer(drill.server or "backup server")
    uid = drill.plan_uid or guid("recorded plan", drill.plan_name)
    plan = Plan(uid, drill.plan_name, drill.tenant, server, drill.vms)
    past = tuple(_run(each, plan) for each in drill.earlier)
    featured = _run(drill.session, plan)
    return World(featured, (), past, plans=(plan,), servers=(server,), gateways=())


@dataclass(frozen=True, slots=True)
class _Task(TaskScript):
    seen: tuple[Seen, ...] = ()

    def phase(self, moment: float) -> Phase | None:
        """As it was seen last by then; None before it was."""
        seen = _last(self.seen, moment)
        if seen is None:
            return None
        return _word(State, seen.state, State.WORKING), seen.progress or 0


@dataclass(frozen=True)
class _Run(Run):
    seen: tuple[Seen, ...] = field(default=(), kw_only=True)

    @cached_property
    def end(self) -> float:
        """When it ended; infinite where nobody saw it end."""
        ended = self.seen[-1].ended
        return math.inf if ended is None else ended

    def standing(self, moment: float) -> SessionStanding:
        """As it was seen last by then."""
        seen = _last(self.seen, moment) or self.seen[0]
        return SessionStanding(
            _word(State, seen.state, State.WORKING),
            _word(Result, seen.result, Result.NONE),
            seen.progress or 0,
            seen.ended,
            seen.message,
        )


def _run(session: RecordedSession, plan: Plan) -> Run:
    def script() -> tuple[TaskScript, ...]:
        return tuple(_task(task, session, plan) for task in session.tasks)

    return _Run(session.uid, plan, session.start, script, expected=len(plan.vms), seen=session.seen)


def _task(task: RecordedTask, session: RecordedSession, plan: Plan) -> TaskScript:
    last = task.seen[-1]
    if task.point is None:
        point = newest_point(plan, task.vm, session.start)
    else:
        point = replica_point(plan, task.vm, task.point)
    return _Task(
        vm=task.vm,
        point=point,
        start=task.start,
        work=1.0,
        end=math.inf if last.ended is None else last.ended,
        result=_word(Result, last.result, Result.NONE),
        message=last.message,
        seen=task.seen,
    )


def _last(seen: tuple[Seen, ...], moment: float) -> Seen | None:
    place = bisect_right(seen, moment, key=lambda each: each.at)
    return seen[place - 1] if place else None


def _word(kind: type[Word], said: str, otherwise: Word) -> Word:
    try:
        return kind(said)
    except ValueError:
        return otherwise
