"""What comes in from outside while a session is followed: one frozen value for each thing.

Nothing else enters: whoever gives a `SessionFollower` the same observations gets the same
snapshots, be they from a server, from a journal or from a test. `to_record` and
`from_record` turn them into JSON values and back, so that a journal can keep them as lines.

`seen_at` is this machine's clock, UTC, and `monotonic` the reading of `Clock.monotonic` at
that moment; monotonic seconds mean something within one run of the program only (`Opened`
begins one). `server_time` is the server's clock, None where it is not known: of a reading it
is the answer's own `Date`, of anything else what was carried forward from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Discriminator, TypeAdapter

from tui.analysis.assessment import TaskKey
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, ReplicaPoint
from tui.light import dataclass
from tui.monitor.details import Details
from tui.monitor.trouble import Trouble


@dataclass(frozen=True, kw_only=True)
class Seen:
    """When something came in, by the clocks that there are."""

    seen_at: datetime
    monotonic: float
    server_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Opened(Seen):
    """Somebody begins to follow the session, every `interval` seconds.

    `run` names the run of the program: monotonic seconds of two runs do not compare.
    `stall_after` is how long a task without earlier runs may stand still.
    """

    session_id: str
    interval: float
    stall_after: timedelta
    run: str
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, kw_only=True)
class Left(Seen):
    """Nobody follows the session any more, until it is opened again."""

    kind: Literal["left"] = "left"


@dataclass(frozen=True, kw_only=True)
class Reading(Seen):
    """The server's answer to a poll that was sent at `asked_at` (monotonic seconds)."""

    session: FailoverSession
    asked_at: float
    kind: Literal["reading"] = "reading"


@dataclass(frozen=True, kw_only=True)
class NoAnswer(Seen):
    """A poll that failed. `trouble` by itself, whatever came before; the next try is due at
    `next_poll_at` (monotonic seconds)."""

    trouble: Trouble
    next_poll_at: float
    kind: Literal["no answer"] = "no answer"


@dataclass(frozen=True, kw_only=True)
class Silence(Seen):
    """The server was asked at `asked_at` (monotonic seconds) and has been silent since."""

    asked_at: float
    kind: Literal["silence"] = "silence"


@dataclass(frozen=True, kw_only=True)
class DetailsRead(Seen):
    """More of what belongs to the session: its plan, replica points, VMs that run already.

    Only what is new: `points` by id, None for one that is gone; `unreadable_points` were
    given up; None for the plan, its note and its tenant stands for no news. `complete` once
    it is known, as far as it can be, what is still to come.
    """

    points: Mapping[str, ReplicaPoint | None] = field(default_factory=dict)
    plan: FailoverPlan | None = None
    plan_note: str | None = None
    failed_over: frozenset[str] = frozenset()
    complete: bool = False
    unreadable_points: frozenset[str] = frozenset()
    tenant: str | None = None
    ambiguous: frozenset[str] = frozenset()
    kind: Literal["details"] = "details"

    @property
    def is_news(self) -> bool:
        """Whether there is anything in it."""
        found = self.points, self.plan, self.plan_note, self.tenant
        vms = self.failed_over, self.ambiguous, self.unreadable_points
        return self.complete or any(found) or any(vms)

    def added_to(self, known: Details) -> Details:
        """What is known with this."""
        plan = self.plan or known.plan
        return Details(
            {**known.points, **self.points} if self.points else known.points,
            plan,
            # Why there is none holds only as long as there is none.
            None if plan is not None else self.plan_note or known.plan_note,
            known.failed_over | self.failed_over,
            known.complete or self.complete,
            known.unreadable_points | self.unreadable_points,
            self.tenant or known.tenant,
            known.ambiguous | self.ambiguous,
        )


@dataclass(frozen=True, kw_only=True)
class SiblingsRead(Seen):
    """The sessions of the plan's name, without their tasks."""

    sessions: tuple[FailoverSession, ...]
    kind: Literal["siblings"] = "siblings"


@dataclass(frozen=True, kw_only=True)
class RunsRead(Seen):
    """The earlier finished runs of the plan with their tasks, newest first; none is news too."""

    runs: tuple[FailoverSession, ...]
    kind: Literal["earlier runs"] = "earlier runs"


@dataclass(frozen=True, kw_only=True)
class GoalsSet(Seen):
    """What was promised. What the settings say gives way to a person, not the other way."""

    goals: Goals
    by_person: bool
    author: str | None = None
    kind: Literal["goals"] = "goals"


@dataclass(frozen=True, kw_only=True)
class PauseSet(Seen):
    """A person stops the asking, or lets it go on."""

    paused: bool
    kind: Literal["pause"] = "pause"


@dataclass(frozen=True, kw_only=True)
class IntervalSet(Seen):
    """A person wants to ask every so many seconds."""

    interval: float
    kind: Literal["interval"] = "interval"


@dataclass(frozen=True, kw_only=True)
class Noted(Seen):
    """A person's note, and whose where that is known."""

    text: str
    author: str | None = None
    kind: Literal["note"] = "note"


@dataclass(frozen=True, kw_only=True)
class Acknowledged(Seen):
    """A person has taken note of a task's failure."""

    key: TaskKey
    author: str | None = None
    kind: Literal["acknowledged"] = "acknowledged"


@dataclass(frozen=True, kw_only=True)
class KeepingTold(Seen):
    """What stands in the way of keeping a journal; None once nothing does any more."""

    trouble: str | None
    kind: Literal["keeping"] = "keeping"


Observation = (
    Opened
    | Left
    | Reading
    | NoAnswer
    | Silence
    | DetailsRead
    | SiblingsRead
    | RunsRead
    | GoalsSet
    | PauseSet
    | IntervalSet
    | Noted
    | Acknowledged
    | KeepingTold
)


@cache
def _adapter() -> TypeAdapter[Observation]:
    """Made at first use: a monitor without a journal needs none."""
    return TypeAdapter(Annotated[Observation, Discriminator("kind")])


def to_record(observation: Observation) -> dict[str, Any]:
    """The observation as JSON values; what has its default is left out."""
    record = _adapter().dump_python(observation, mode="json", exclude_defaults=True)
    for name in (
        "failed_over",
        "unreadable_points",
        "ambiguous",
    ):  # sets, in an order that does not vary
        if name in record:
            record[name].sort()
    return {"kind": observation.kind, **record}


def from_record(record: Mapping[str, Any]) -> Observation:
    """The observation that such a record holds.

    Raises ValueError for one that holds none; members unknown here are passed over, so that
    what a later version adds is no obstacle.
    """
    return _adapter().validate_python(dict(record))
