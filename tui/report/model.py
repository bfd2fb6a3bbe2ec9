"""A report: everything that it tells, once, before it is written in one format or another.

Moments are aware UTC datetimes, durations timedeltas, both exact; the formats round them.
Words (verdicts, statuses, kinds of events) come from `tui.presentation`, so that a report
says what the screen said. None stands for unknown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from tui.light import dataclass

SCHEMA: Final = "failover-monitor-report/1"
"""The name and version of the JSON form."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """An RTO or RPO target and what became of it.

    `actual` is the achieved RTO, or the RPO of the worst VM. `verdict` is in the words of the
    screen; `rests_on` says, in sentences, what it was reckoned from and what is missing.
    """

    target: timedelta | None = None
    actual: timedelta | None = None
    verdict: str | None = None
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vm:
    """One VM of the session. `status` is one word for scripts, `result` that for people.

    `up_at` is its `ended` where it was recovered, None where it was not. `since_declaration` and
    `since_start` are its achieved RTO counted from either moment. `attempts` counts its task
    sessions. `acknowledged` says by whom and when a failure was.
    """

    name: Annotated[str, "the VM"]
    status: Annotated[str, "one word for scripts: waiting, running, success, warning, failed …"]
    result: Annotated[str, "the same in the words of the screen"]
    started: Annotated[datetime | None, "its start"] = None
    ended: Annotated[datetime | None, "its end"] = None
    up_at: Annotated[datetime | None, "its end where it was recovered"] = None
    duration: Annotated[timedelta | None, "start to end; null while it runs"] = None
    since_declaration: Annotated[timedelta | None, "from the declared disaster until it was up"] = (
        None
    )
    since_start: Annotated[timedelta | None, "from the session's start until it was up"] = None
    replica_point: Annotated[str | None, "the replica point that is brought up"] = None
    point_created: Annotated[datetime | None, "when that point was created"] = None
    rpo: Annotated[timedelta | None, "how old that point was when the failover started"] = None
    attempts: Annotated[int, "how many task sessions it had"] = 1
    message: Annotated[str | None, "its failure message in full"] = None
    acknowledged: Annotated[str | None, "when and by whom its failure was"] = None


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What failed VMs have in common, and what differs: (VM, its own part of the message)."""

    text: str
    vms: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event, a note or an acknowledgement. `inferred`: `at` is when it was seen here."""

    at: datetime
    what: str
    inferred: bool = False
    vm: str | None = None
    text: str | None = None
    author: str | None = None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A time in which nobody watched. `end` None: up to the end of what is reported."""

    begin: datetime
    end: datetime | None
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One run of the monitor: whose, where, with which version, from when until when."""

    user: str
    host: str
    version: str
    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """A session of the chain that a retry continues, or the one compared with."""

    session_id: str
    started: datetime | None
    ended: datetime | None
    result: str
    up: int | None = None
    failed: int | None = None
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is known of one session at `as_of`, the server's time of the last data.

    `unseen` says, in sentences, what this report cannot know: that there is no journal, that
    replica points were gone, that the watch began late. `counts` maps the words of statuses to
    numbers of VMs; `total` may exceed their sum, `unreadable` says by how much at least.
    """

    as_of: datetime | None
    plan: str
    session_id: str
    server: str
    tenant: str | None = None
    backup_server: str | None = None
    status: str
    headline: str
    over: bool
    message: str | None = None
    declared: datetime | None = None
    declared_by: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    duration: timedelta | None = None
    rto: Target
    rpo: Target
    counts: tuple[tuple[str, int], ...] = ()
    total: int | None = None
    unreadable: int = 0
    first_failure: Entry | None = None
    causes: tuple[Cause, ...] = ()
    vms: tuple[Vm, ...] = ()
    entries: tuple[Entry, ...] = ()
    dropped_entries: int = 0
    comparison: tuple[str, ...] = ()
    compared_with: Run | None = None
    outage: tuple[str, ...] = ()
    chain: tuple[Run, ...] = ()
    watches: tuple[Watch, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unseen: tuple[str, ...] = ()
    clock_offset: timedelta | None = None
    fingerprint: str | None = None
    utc_offset: timedelta | None = None
    journal: str | None = None
    journal_hash: str | None = None
    journal_state: str | None = None
