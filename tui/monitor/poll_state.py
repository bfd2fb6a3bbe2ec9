"""What every polled state has: how old it is, its trouble, the server's clock."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Self

from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    FailoverMonitorError,
    NoCloudConnect,
    NoPermission,
    NotFound,
    ServerBusy,
    WrongCredentials,
)
from tui.light import dataclass
from tui.monitor.clock import ServerClock

_HOPELESS = (NoPermission, NoCloudConnect)
_CERTIFICATE = (CertificateUnknown, CertificateChanged)


@dataclass(frozen=True)
class Trouble:
    """Why there is no newer data. `since` is a reading of `Clock.monotonic`.

    `kind` names it for logs; what to do about it say the properties that follow from the
    error: `needs_logon` where the account was refused, `needs_person` where time alone
    mends nothing, `hopeless` where asking again cannot help as long as the account may
    not read it, `not_found` where the server has no such session, `about_certificate`
    where nothing was sent because of one, `acceptable` where a person may accept that.
    `retry_after` is what the server asks to wait, in seconds, None where it does not.
    """

    kind: str
    sentence: str
    remedy: str | None = None
    failures: int = 1
    since: float = field(default=0.0, compare=False)
    needs_logon: bool = False
    retry_after: float | None = field(default=None, compare=False)
    needs_person: bool = False
    hopeless: bool = False
    not_found: bool = False
    about_certificate: bool = False
    acceptable: bool = False

    @classmethod
    def of(cls, error: FailoverMonitorError, before: Trouble | None, at: float) -> Trouble:
        """The trouble that an error is; one trouble goes on over several failures."""
        found = cls(
            type(error).__name__,
            error.sentence,
            error.remedy,
            since=at,
            needs_logon=isinstance(error, WrongCredentials),
            retry_after=error.retry_after if isinstance(error, ServerBusy) else None,
            needs_person=isinstance(error, (*_HOPELESS, NotFound, *_CERTIFICATE)),
            hopeless=isinstance(error, _HOPELESS),
            not_found=isinstance(error, NotFound),
            about_certificate=isinstance(error, _CERTIFICATE),
            acceptable=isinstance(error, CertificateUnknown),
        )
        return found.after(before)

    def as_error(self) -> FailoverMonitorError:
        """An error to raise for it, where nobody asks again."""
        kind: type[FailoverMonitorError] = FailoverMonitorError
        if self.needs_logon:
            kind = WrongCredentials
        elif self.not_found:
            kind = NotFound
        return kind(self.sentence, self.remedy)

    def after(self, before: Trouble | None) -> Trouble:
        """The same as the next failure of a trouble that goes on."""
        if before is None:
            return self
        return replace(self, failures=before.failures + 1, since=before.since)


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
        return Freshness(age, stale=self.is_stale(monotonic))

    @property
    def old_after(self) -> float | None:
        """After that moment of `Clock.monotonic` the data is old; None before any."""
        return None if self.fetched_at is None else self.fetched_at + 2 * self.interval

    def seen_at(self, monotonic: float, local_now: datetime) -> datetime:
        """When the newest data came, by this machine's clock; now, before there is any."""
        age = 0.0 if self.fetched_at is None else max(0.0, monotonic - self.fetched_at)
        return local_now - timedelta(seconds=age)

    def is_stale(self, monotonic: float) -> bool:
        """Older than twice the interval, or never had any."""
        return self.old_after is None or monotonic > self.old_after

    def asked(self, at: float | None) -> Self:
        """The same, with the server asked then and silent since; None: no longer."""
        return replace(self, asked_at=at)

    def server_now(self, monotonic: float, local_now: datetime) -> datetime:
        """The server's time; without a Date header ever, this machine's."""
        return self.server_clock.now(monotonic) if self.server_clock else local_now
