"""Samples as OpenMetrics text that the older Prometheus text format reads as well. Pure.

The textfile collector of Prometheus' node exporter reads the older format, OpenMetrics is the
standard. They agree on all but counters, whose names they declare differently; so everything
here is a gauge, counts since the start included. Both specifications: openmetrics.io and
prometheus.io, "Exposition formats".

Figures that are unknown have no sample: a made-up 0 would raise or hide an alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from tui.light import dataclass

SESSION_STATUSES: Final = (
    "waiting",
    "starting",
    "running",
    "running with warnings",
    "running with errors",
    "stopping",
    "success",
    "warning",
    "failed",
    "unknown",
)
"""The values of the label `status` of a session; any other one counts as unknown."""

VM_STATUSES: Final = (
    "waiting",
    "starting",
    "running",
    "stopping",
    "success",
    "warning",
    "failed",
    "already up",
    "unknown",
)
"""Those of its VMs, each of which has one."""


@dataclass(frozen=True, kw_only=True)
class SessionSample:
    """One session at one moment. Times are aware UTC; None is unknown.

    `up` is whether the newest poll brought data. `verdict` is the one on the RTO target, in the
    words of the screen. `vms` maps statuses to counts. `progress` is 0 to 100. `rto_left` is
    negative once the target is passed. `rpo_worst` is the largest RPO of the `rpo_known` VMs
    whose replica points were read. `fetched_at` and `watch_ended_at` are by this machine's
    clock, `started_at` and `ended_at` by the server's. `watch_ended_at` once nobody watches any
    more: all else stands then as it was last seen.
    """

    server: str
    session_id: str
    plan: str
    tenant: str | None = None
    backup_server: str | None = None
    up: bool = True
    status: str = "unknown"
    verdict: str | None = None
    vms: tuple[tuple[str, int], ...] | None = None
    progress: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    elapsed: timedelta | None = None
    rto_target: timedelta | None = None
    rto_left: timedelta | None = None
    rpo_target: timedelta | None = None
    rpo_worst: timedelta | None = None
    rpo_known: int | None = None
    unacknowledged: int | None = None
    interval: timedelta | None = None
    fetched_at: datetime | None = None
    age: timedelta | None = None
    watch_ended_at: datetime | None = None
    polls: int = 0
    errors: int = 0


FAMILIES: Final = {
    "failover_session_info": "Names that belong to a session; always 1.",
    "failover_session_up": "1 while the newest poll brought data, 0 since one did not.",
    "failover_session_status": "1 for the status that the session has, 0 for the others.",
    "failover_session_verdict": "The verdict on the RTO target, as the label; always 1.",
    "failover_session_vms": "VMs of the session by status.",
    "failover_session_failures": "VMs that have failed.",
    "failover_session_failures_unacknowledged": "Failed VMs that nobody has acknowledged.",
    "failover_session_progress_ratio": "Progress as the server tells it, 0 to 1.",
    "failover_session_start_timestamp_seconds": "When the session began, Unix time.",
    "failover_session_end_timestamp_seconds": "When the session ended, Unix time.",
    "failover_session_elapsed_seconds": "Start to end, or to now while it runs.",
    "failover_session_rto_target_seconds": "The RTO target.",
    "failover_session_rto_left_seconds": "Time left of the RTO target; negative once passed.",
    "failover_session_rpo_target_seconds": "The RPO target.",
    "failover_session_rpo_worst_seconds": "The largest RPO among the VMs whose point is known.",
    "failover_session_rpo_known_vms": "VMs whose replica point is known.",
    "failover_session_interval_seconds": "Between two polls, as things stand.",
    "failover_session_data_age_seconds": "Age of the newest data when this was written.",
    "failover_session_data_timestamp_seconds": "When the newest data came, Unix time.",
    "failover_session_watch_end_timestamp_seconds": "When the watch ended, Unix time.",
    "failover_monitor_polls_since_start": "Polls of the session since the monitor started.",
    "failover_monitor_errors_since_start": "Polls that brought no data since it started.",
    "failover_monitor_written_timestamp_seconds": "When this was written, Unix time.",
}

"""Every metric, with the sentence that explains it."""


def metrics_text(samples: Iterable[SessionSample], written_at: datetime) -> str:
    """The whole exposition, families in a fixed order, `# EOF` at the end.

    Every sample names its server and session: several files of one machine go into one
    collector, which takes no sample twice.
    """
    found: dict[str, list[str]] = {name: [] for name in FAMILIES}
    for sample in samples:
        for name, labels, value in _of_session(sample, written_at):
            found[name].append(f"{name}{_labels(labels)} {_number(value)}")
    lines: list[str] = []
    for name, values in found.items():
        if values:
            unit = next((u for u in ("seconds", "ratio") if name.endswith(f"_{u}")), None)
            lines += [f"# TYPE {name} gauge", *([f"# UNIT {name} {unit}"] if unit else [])]
            lines += [f"# HELP {name} {FAMILIES[name]}", *values]
    return "\n".join([*lines, "# EOF"]) + "\n"


Sample = tuple[str, dict[str, str], float]


def _of_session(sample: SessionSample, written_at: datetime) -> Iterator[Sample]:
    own = {"server": sample.server, "session": sample.session_id}
    named = {
        **own,
        "plan": sample.plan,
        "tenant": sample.tenant or "",
        "backup_server": sample.backup_server or "",
    }
    yield "failover_session_info", named, 1
    yield "failover_session_up", own, int(sample.up)
    known = sample.status if sample.status in SESSION_STATUSES else "unknown"
    for status in SESSION_STATUSES:
        yield "failover_session_status", {**own, "status": status}, int(status == known)
    if sample.verdict is not None:
        yield "failover_session_verdict", {**own, "verdict": sample.verdict}, 1
    yield from _of_vms(sample, own)
    yield "failover_monitor_polls_since_start", own, sample.polls
    yield "failover_monitor_errors_since_start", own, sample.errors
    yield "failover_monitor_written_timestamp_seconds", own, written_at.timestamp()
    if sample.progress is not None:
        yield "failover_session_progress_ratio", own, sample.progress / 100
    for name, moment in (
        ("start", sample.started_at),
        ("end", sample.ended_at),
        ("data", sample.fetched_at),
        ("watch_end", sample.watch_ended_at),
    ):
        if moment is not None:
            yield f"failover_session_{name}_timestamp_seconds", own, moment.timestamp()
    for name, span in (
        ("elapsed", sample.elapsed),
        ("rto_target", sample.rto_target),
        ("rto_left", sample.rto_left),
        ("rpo_target", sample.rpo_target),
        ("rpo_worst", sample.rpo_worst),
        ("interval", sample.interval),
        ("data_age", sample.age),
    ):
        if span is not None:
            yield f"failover_session_{name}_seconds", own, span.total_seconds()


def _of_vms(sample: SessionSample, own: dict[str, str]) -> Iterator[Sample]:
    if sample.vms is not None:
        counts = dict(sample.vms)
        for status in VM_STATUSES:
            yield "failover_session_vms", {**own, "status": status}, counts.get(status, 0)
        yield "failover_session_failures", own, counts.get("failed", 0)
    if sample.unacknowledged is not None:
        yield "failover_session_failures_unacknowledged", own, sample.unacknowledged
    if sample.rpo_known is not None:
        yield "failover_session_rpo_known_vms", own, sample.rpo_known


def _labels(labels: dict[str, str]) -> str:
    inner = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inner}}}"


def _escaped(text: str) -> str:
    """Backslash, quote and line feed, as the formats ask; other controls made visible."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in escaped)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(value, 3))
