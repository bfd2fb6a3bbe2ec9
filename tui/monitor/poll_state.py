"""What every polled state has: how old it is, its trouble, the server's clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tui.errors import FailoverMonitorError, ServerBusy, WrongCredentials
from tui.monitor.clock import ServerClock


@dataclass(frozen=True)
class Trouble:
    """Why there is no newer data. `since` is a reading of `Clock.monotonic`.

    `retry_after` is what the server asks to wait, in seconds, None where it does not.
    """

    kind: str
    sentence: str
    remedy: str | None = None
    failures: int = 1
    since: float = field(default=0.0, compare=False)
    needs_logon: bool = False
    retry_after: float | None = field(default=None, compare=False)

    @classmethod
    def of(cls, error: FailoverMonitorError, before: Trouble | None, at: float) -> Trouble:
        """The trouble that an error is; one trouble goes on over several failures."""
        return cls(
            type(error).__name__,
            error.sentence,
            error.remedy,
            before.failures + 1 if before else 1,
            before.since if before else at,
            isinstance(error, WrongCredentials),
            error.retry_after if isinstance(error, ServerBusy) else None,
        )


@dataclass(frozen=True)
class Freshness:
    """How old the shown data is. `age` in seconds, None before the first data."""

    age: float | None
    stale: bool


@dataclass(frozen=True, kw_only=True)
class PollState:
    """Moments are `Clock.monotonic` seconds and take no part in comparison.

    `asked_at` is when the server was asked that has been silent since, None unless the
    answer is long in coming.
    """

    trouble: Trouble | None = None
    interval: float
    fetched_at: float | None = field(default=None, compare=False)
    next_poll_at: float | None = field(default=None, compare=False)
    asked_at: float | None = field(default=None, compare=False)
    server_clock: ServerClock | None = field(default=None, compare=False)

    def freshness(self, monotonic: float) -> Freshness:
        """Stale is older than twice the interval, or never had any."""
        if self.fetched_at is None:
            return Freshness(None, stale=True)
        age = max(0.0, monotonic - self.fetched_at)
        return Freshness(age, stale=age > 2 * self.interval)

    def server_now(self, monotonic: float, local_now: datetime) -> datetime:
        """The server's time; without a Date header ever, this machine's."""
        return self.server_clock.now(monotonic) if self.server_clock else local_now
