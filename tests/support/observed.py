"""Observations made short: a course of events, with the clocks going on by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from tests.support.fake_clock import START
from tests.support.making import SESSION_ID
from tui.analysis.assessment import TaskKey
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import FailoverSession, ReplicaPoint
from tui.errors import FailoverMonitorError, TimedOut
from tui.monitor.follower import SessionFollower
from tui.monitor.observations import (
    Acknowledged,
    DetailsRead,
    GoalsSet,
    IntervalSet,
    Left,
    NoAnswer,
    Noted,
    Observation,
    Opened,
    PauseSet,
    Reading,
    RunsRead,
    Seen,
    SiblingsRead,
    Silence,
)
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble

MONOTONIC = 1000.0
"""What the monotonic clock shows at `START`."""


def everything(snapshot: Snapshot) -> dict[str, object]:
    """All fields of a snapshot, the moments that take no part in its equality among them."""
    trouble, clock = snapshot.trouble, snapshot.server_clock
    return {
        **{name: getattr(snapshot, name) for name in snapshot.__dataclass_fields__},
        "trouble": trouble and (trouble, trouble.since, trouble.retry_after),
        "server_clock": clock and (clock.server_time, clock.at, clock.skew),
    }


class Course:
    """Follows what a test lets happen, `seconds` after the start; `seen` is all of it.

    The server's clock shows the same time as this machine's, `ahead` seconds more.
    """

    def __init__(self, *, run: str = "one", opened: bool = True, ahead: float = 0.0) -> None:
        self.follower = SessionFollower(SESSION_ID)
        self.seen: list[Observation] = []
        self.seconds = 0.0
        self.ahead = ahead
        if opened:
            self.open(run)

    @property
    def snapshot(self) -> Snapshot:
        return self.follower.snapshot

    @property
    def monotonic(self) -> float:
        return MONOTONIC + self.seconds

    @property
    def server_now(self) -> datetime:
        return START + timedelta(seconds=self.seconds + self.ahead)

    def wait(self, seconds: float) -> Snapshot:
        """So much later, looked at."""
        self.seconds += seconds
        return self.follower.look(self.monotonic)

    def take(self, kind: type[Seen], **what: Any) -> Snapshot:
        """Let that be observed now."""
        now = START + timedelta(seconds=self.seconds)
        made = kind(
            **{"seen_at": now, "monotonic": self.monotonic, "server_time": self.server_now, **what}
        )
        observation = cast(Observation, made)
        self.seen.append(observation)
        return self.follower.take(observation)

    def open(self, run: str = "one", **what: Any) -> Snapshot:
        return self.take(
            Opened,
            session_id=SESSION_ID,
            **{"interval": 5.0, "stall_after": timedelta(minutes=10), "run": run, **what},
        )

    def leave(self) -> Snapshot:
        return self.take(Left)

    def read(self, session: FailoverSession, **what: Any) -> Snapshot:
        return self.take(Reading, **{"session": session, "asked_at": self.monotonic, **what})

    def fail(self, error: FailoverMonitorError | None = None, wait: float = 5.0) -> Snapshot:
        trouble = Trouble.of(error or TimedOut("No answer within 10 s."), None, self.monotonic)
        return self.take(NoAnswer, trouble=trouble, next_poll_at=self.monotonic + wait)

    def be_silent(self, since: float = 4.0) -> Snapshot:
        return self.take(Silence, asked_at=self.monotonic - since)

    def detail(
        self, points: Mapping[str, ReplicaPoint | None] | None = None, **what: Any
    ) -> Snapshot:
        return self.take(DetailsRead, points=points or {}, **what)

    def meet(self, *sessions: FailoverSession) -> Snapshot:
        return self.take(SiblingsRead, sessions=sessions)

    def learn(self, *runs: FailoverSession) -> Snapshot:
        return self.take(RunsRead, runs=runs)

    def aim(self, goals: Goals, *, by_person: bool = True) -> Snapshot:
        return self.take(GoalsSet, goals=goals, by_person=by_person)

    def pause(self, paused: bool = True) -> Snapshot:
        return self.take(PauseSet, paused=paused)

    def pace(self, interval: float) -> Snapshot:
        return self.take(IntervalSet, interval=interval)

    def note(self, text: str, author: str | None = None) -> Snapshot:
        return self.take(Noted, text=text, author=author)

    def acknowledge(self, key: TaskKey, author: str | None = None) -> Snapshot:
        return self.take(Acknowledged, key=key, author=author)


def replayed(observations: Iterable[Observation]) -> Snapshot:
    """What another follower makes of the same observations."""
    follower = SessionFollower(SESSION_ID)
    for observation in observations:
        follower.take(observation)
    return follower.snapshot
