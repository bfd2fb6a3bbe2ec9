"""Samples as OpenMetrics text that the older Prometheus text format reads as well. Pure.

The textfile collector of Prometheus' node exporter reads the older format, OpenMetrics is the
standard. They agree on all but counters, whose names they declare differently; so everything
here is a gauge, counts since the start included. Both specifications: openmetrics.io and
prometheus.io, "Exposition formats".

Figures that are unknown have no sample: a made-up 0 would raise or hide an alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STATUSES: Final = (
    "waiting",
    "starting",
    "running",
    "stopping",
    "success",
    "warning",
    "failed",
    "unknown",
)
"""The values of the label `status`."""


@dataclass(frozen=True, kw_only=True)
class SessionSample:
    """One session at one moment. Times are aware UTC; None is unknown.

    `verdict` is one of `none`, `inside`, `at risk`, `cannot be met`, `met`, `not met` or
    `unknown`, as the screen says it, in lower case. `vms` maps statuses to counts. `progress` is
    0 to 100. `rto_left` is negative once the target is passed. `rpo_worst` is the largest RPO
    of the `rpo_known` VMs whose replica points were read.
    """

    server: str
    session_id: str
    plan: str
    tenant: str | None = None
    backup_server: str | None = None
    status: str
    verdict: str = "unknown"
    vms: tuple[tuple[str, int], ...] = ()
    progress: int | None = None
    elapsed: timedelta | None = None
    rto_target: timedelta | None = None
    rto_left: timedelta | None = None
    rpo_target: timedelta | None = None
    rpo_worst: timedelta | None = None
    rpo_known: int = 0
    unacknowledged: int = 0
    fetched_at: datetime | None = None
    age: timedelta | None = None
    polls: int = 0
    errors: int = 0


_FAMILIES: Final = {
    "failover_session_info": "Names that belong to a session; always 1.",
    "failover_session_status": "1 for the status that the session has, 0 for the others.",
    "failover_session_verdict": "The verdict on the targets, as the label; always 1.",
    "failover_session_vms": "VMs of the session by status.",
    "failover_session_failures": "VMs that have failed.",
    "failover_session_failures_unacknowledged": "Failed VMs that nobody has acknowledged.",
    "failover_session_progress_ratio": "Progress as the server tells it, 0 to 1.",
    "failover_session_elapsed_seconds": "Start to end, or to now while it runs.",
    "failover_session_rto_target_seconds": "The RTO target.",
    "failover_session_rto_left_seconds": "Time left of the RTO target; negative once passed.",
    "failover_session_rpo_target_seconds": "The RPO target.",
    "failover_session_rpo_worst_seconds": "The largest RPO among the VMs whose point is known.",
    "failover_session_rpo_known_vms": "VMs whose replica point is known.",
    "failover_session_data_age_seconds": "Age of the newest data when this was written.",
    "failover_session_data_timestamp_seconds": "When the newest data came, Unix time.",
    "failover_monitor_polls_since_start": "Polls of the session since the monitor started.",
    "failover_monitor_errors_since_start": "Polls that brought no data since it started.",
    "failover_monitor_written_timestamp_seconds": "When this was written, Unix time.",
}


def metrics_text(samples: Iterable[SessionSample], written_at: datetime) -> str:
    """The whole exposition, families in a fixed order, `# EOF` at the end."""
    found: dict[str, list[str]] = {name: [] for name in _FAMILIES}
    for sample in samples:
        for name, labels, value in _of_session(sample):
            found[name].append(f"{name}{_labels(labels)} {_number(value)}")
    name = "failover_monitor_written_timestamp_seconds"
    found[name].append(f"{name} {_number(written_at.timestamp())}")
    lines: list[str] = []
    for name, values in found.items():
        if values:
            unit = next((u for u in ("seconds", "ratio") if name.endswith(f"_{u}")), None)
            lines += [f"# TYPE {name} gauge", *([f"# UNIT {name} {unit}"] if unit else [])]
            lines += [f"# HELP {name} {_FAMILIES[name]}", *values]
    return "\n".join([*lines, "# EOF"]) + "\n"


Sample = tuple[str, dict[str, str], float]


def _of_session(sample: SessionSample) -> Iterator[Sample]:
    own = {"server": sample.server, "session": sample.session_id}
    named = {
        **own,
        "plan": sample.plan,
        "tenant": sample.tenant or "",
        "backup_server": sample.backup_server or "",
    }
    yield "failover_session_info", named, 1
    for status in STATUSES:
        has = sample.status == status or (status == "unknown" and sample.status not in STATUSES)
        yield "failover_session_status", {**own, "status": status}, int(has)
    yield "failover_session_verdict", {**own, "verdict": sample.verdict}, 1
    counts = dict(sample.vms)
    for status in STATUSES:
        yield "failover_session_vms", {**own, "status": status}, counts.get(status, 0)
    yield "failover_session_failures", own, counts.get("failed", 0)
    yield "failover_session_failures_unacknowledged", own, sample.unacknowledged
    yield "failover_session_rpo_known_vms", own, sample.rpo_known
    yield "failover_monitor_polls_since_start", own, sample.polls
    yield "failover_monitor_errors_since_start", own, sample.errors
    if sample.progress is not None:
        yield "failover_session_progress_ratio", own, sample.progress / 100
    if sample.fetched_at is not None:
        yield "failover_session_data_timestamp_seconds", own, sample.fetched_at.timestamp()
    for name, span in (
        ("elapsed", sample.elapsed),
        ("rto_target", sample.rto_target),
        ("rto_left", sample.rto_left),
        ("rpo_target", sample.rpo_target),
        ("rpo_worst", sample.rpo_worst),
        ("data_age", sample.age),
    ):
        if span is not None:
            yield f"failover_session_{name}_seconds", own, span.total_seconds()


def _labels(labels: dict[str, str]) -> str:
    inner = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inner}}}"


def _escaped(text: str) -> str:
    """Backslash, quote and line feed, as the formats ask; other controls made visible."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in escaped)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(value, 3))
