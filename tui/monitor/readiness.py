"""Is a plan ready to be started? What each answer of the server says of it.

Pure functions of the resources; `tui.monitor.start_check` asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tui.analysis.assessment import span
from tui.enterprise_manager.in_time import began, newest_of
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    ReplicaPoint,
)
from tui.settings.durations import format_duration

MOST_VMS: Final = 200
"""VMs whose points are asked for, one request each; the first ones in boot order."""

_READY: Final = "ready"
_FAILED_OVER: Final = frozenset({"failover", "permanentfailover"})


class Level(Enum):
    """How grave a finding is; the value is the word for it."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `subject` is a name from the server or a fixed word; data."""

    level: Level
    subject: str
    sentence: str


def chosen_plan(
    plans: Sequence[FailoverPlan], plan_name: str, backup_server: str | None = None
) -> tuple[FailoverPlan | None, Finding | None]:
    """The plan meant, or a finding that says why there is none.

    Plans of one name on several backup servers, or of several tenants, are told
    apart by `backup_server` only; what stays ambiguous is not guessed.
    """
    if backup_server is not None:
        plans = [plan for plan in plans if plan.backup_server in (None, backup_server)]
    if not plans:
        where = f" on {backup_server}" if backup_server is not None else ""
        sentence = f"there is no cloud failover plan of this name{where}"
        return None, Finding(Level.FAILED, plan_name, sentence)
    if len(plans) > 1:
        owners = sorted({plan.tenant or plan.backup_server or "?" for plan in plans})
        sentence = f"{len(plans)} cloud failover plans have this name: {', '.join(owners)}"
        return None, Finding(Level.FAILED, plan_name, sentence)
    return plans[0], None


def check_plan(plan: FailoverPlan) -> list[Finding]:
    """Whether the plan has VMs, and whether all of them will be looked at."""
    if not plan.vms:
        return [Finding(Level.FAILED, plan.name, "the plan has no VMs")]
    vms = len(plan.vms)
    count = f"{vms} VM" + ("s" if vms > 1 else "")
    findings = [Finding(Level.OK, plan.name, f"{count} in the plan")]
    if len(vm_names(plan)) > MOST_VMS:
        sentence = f"only the first {MOST_VMS} VMs in boot order are checked"
        findings.append(Finding(Level.WARNING, plan.name, sentence))
    return findings


def vm_names(plan: FailoverPlan) -> tuple[str, ...]:
    """The plan's VM names in boot order, each once."""
    return tuple(dict.fromkeys(vm.name for vm in plan.vms))


def check_vm(
    vm_name: str,
    points: Sequence[ReplicaPoint],
    *,
    rpo_target: timedelta | None,
    now: datetime,
    backup_server: str | None = None,
) -> Finding:
    """Judge a VM by its newest replica point: its state first, then its age.

    Points that name another backup server belong to another VM of that name.
    """
    own = points_of_server(points, backup_server)
    if not own:
        return Finding(Level.FAILED, vm_name, "no replica point")
    newest = max(own, key=began)
    age = span(newest.created, now)
    told = f"newest point {_rough(age)} old" if age is not None else "its age is not told"
    state = newest.state
    if state is not None and state.lower() not in (_READY, "unknown"):
        return Finding(Level.WARNING, vm_name, f"its replica is in state {state}; {told}")
    if age is not None and rpo_target is not None and age > rpo_target:
        target = f"over the RPO target of {format_duration(rpo_target)}"
        return Finding(Level.FAILED, vm_name, f"{told}, {target}")
    replicas = {point.replica_name for point in own if point.replica_name}
    if len(replicas) > 1:
        return Finding(Level.WARNING, vm_name, f"{told}; {len(replicas)} replicas have this name")
    if age is None or state is None or state.lower() != _READY:
        return Finding(Level.WARNING, vm_name, f"{told}, state {state or 'not told'}")
    return Finding(Level.OK, vm_name, f"{told}, {state}")


def _rough(age: timedelta) -> str:
    """Without the seconds from ten minutes on."""
    if age < timedelta(minutes=10):
        return format_duration(age)
    return format_duration(timedelta(minutes=age // timedelta(minutes=1)))


def points_of_server(
    points: Sequence[ReplicaPoint], backup_server: str | None
) -> list[ReplicaPoint]:
    """The points that are not known to be another backup server's."""
    return [
        point
        for point in points
        if backup_server is None or point.backup_server in (None, backup_server)
    ]


def check_gateways(gateways: Sequence[CloudGateway]) -> list[Finding]:
    """One finding per gateway that is not known to be enabled, else one for all."""
    if not gateways:
        return [Finding(Level.WARNING, "cloud gateways", "none is listed")]
    if all(gateway.enabled is False for gateway in gateways):
        return [Finding(Level.FAILED, "cloud gateways", f"none of {len(gateways)} is enabled")]
    enabled = sum(1 for gateway in gateways if gateway.enabled)
    findings = []
    if enabled:
        sentence = f"{enabled} of {len(gateways)} enabled"
        findings.append(Finding(Level.OK, "cloud gateways", sentence))
    for gateway in gateways:
        if not gateway.enabled:
            told = "disabled" if gateway.enabled is False else "the server does not say if enabled"
            findings.append(Finding(Level.WARNING, gateway.name, told))
    return findings


def check_backup_servers(
    servers: Sequence[BackupServer], plan: FailoverPlan | None
) -> list[Finding]:
    """Whether the plan's backup server is one that Enterprise Manager collects from."""
    if not servers:
        return [Finding(Level.FAILED, "backup servers", "none is listed")]
    if plan is None or plan.backup_server is None:
        return [Finding(Level.OK, "backup servers", f"{len(servers)} listed")]
    for server in servers:
        if server.name.lower() == plan.backup_server.lower():
            version = f", version {server.version}" if server.version else ""
            return [Finding(Level.OK, server.name, f"listed{version}")]
    return [Finding(Level.FAILED, plan.backup_server, "Enterprise Manager does not list it")]


def check_collection(points: Sequence[ReplicaPoint], now: datetime) -> Finding:
    """What the newest point says of the last collection.

    The REST interface does not tell when Enterprise Manager last collected (every 15
    minutes by default); it was not before the newest point that it knows.
    """
    ages = [age for point in points if (age := span(point.created, now)) is not None]
    if not ages:
        return Finding(Level.WARNING, "last collection", "the server does not tell when it was")
    sentence = f"not told; ~ {_rough(min(ages))} ago at most, by the newest point"
    return Finding(Level.OK, "last collection", sentence)


def is_failed_over(points: Sequence[ReplicaPoint]) -> bool:
    """Whether the newest point's state shows that the VM already runs as a replica.

    Such a VM of a plan is not waiting: a start of the plan passes it by.
    """
    newest = newest_of(points)
    return newest is not None and (newest.state or "").lower() in _FAILED_OVER
