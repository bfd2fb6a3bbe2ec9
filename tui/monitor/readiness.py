"""Is a plan ready to be started? What each answer of the server says of it.

Pure functions of the resources; `tui.monitor.start_check` asks for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tui.analysis.assessment import span
from tui.analysis.identity import Replica, folded, of_server, plan_by_vms, replicas_of
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    ReplicaPoint,
)
from tui.light import dataclass
from tui.settings.durations import format_duration

MOST_VMS: Final = 200
"""VMs whose points are asked for, one request each; the first ones in boot order."""

_READY: Final = "ready"


class Level(Enum):
    """What a finding means for a start; the value is the word for it.

    UNKNOWN is for what the server never tells: it does not count against a start.
    """

    OK = "ok"
    UNKNOWN = "not told"
    WARNING = "warning"
    FAILED = "not ready"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `subject` is a name from the server or a fixed word; data."""

    level: Level
    subject: str
    sentence: str


def chosen_plan(
    plans: Sequence[FailoverPlan],
    plan_name: str,
    backup_server: str | None = None,
    vms: Collection[str] = (),
    tenant: str | None = None,
) -> tuple[FailoverPlan | None, Finding | None]:
    """The plan meant, or a finding that says why there is none.

    Plans of one name are told apart by their `backup_server` and `tenant`, then by the `vms`
    that a session of it had; what stays ambiguous is not guessed.
    """
    if backup_server is not None:
        wanted = folded(backup_server)
        plans = [
            plan
            for plan in plans
            if plan.backup_server is None or folded(plan.backup_server) == wanted
        ]
    if tenant is not None:
        plans = [plan for plan in plans if folded(plan.tenant or "") == folded(tenant)]
    if not plans:
        where = f" on {backup_server}" if backup_server is not None else ""
        where += f" of {tenant}" if tenant is not None else ""
        sentence = f"there is no cloud failover plan of this name{where}"
        return None, Finding(Level.FAILED, plan_name, sentence)
    chosen = plans[0] if len(plans) == 1 and plans[0].id else plan_by_vms(plans, vms)
    if chosen is None:
        owners = sorted({plan.tenant or plan.backup_server or "?" for plan in plans})
        sentence = f"{len(plans)} cloud failover plans have this name: {', '.join(owners)}"
        return None, Finding(Level.FAILED, plan_name, sentence)
    return chosen, None


def check_plan(plan: FailoverPlan) -> list[Finding]:
    """Whether the plan has VMs, and whether all of them will be looked at."""
    if not plan.vms:
        return [Finding(Level.FAILED, plan.name, "the plan has no VMs")]
    vms = len(plan.vms) + plan.unreadable_vms
    count = f"{vms} VM" + ("s" if vms > 1 else "")
    tenant = f" of {plan.tenant}" if plan.tenant else ""
    findings = [Finding(Level.OK, plan.name, f"{count} in the plan{tenant}")]
    if plan.unreadable_vms:
        sentence = f"{plan.unreadable_vms} of {count} cannot be read: they are not checked"
        findings.append(Finding(Level.FAILED, plan.name, sentence))
    if len(vm_names(plan)) > MOST_VMS:
        sentence = f"only the first {MOST_VMS} VMs in boot order are checked"
        findings.append(Finding(Level.WARNING, plan.name, sentence))
    return findings


def vm_names(plan: FailoverPlan) -> tuple[str, ...]:
    """The plan's VM names in boot order, each once."""
    names: dict[str, str] = {}
    for vm in plan.vms:
        names.setdefault(folded(vm.name), vm.name)
    return tuple(names.values())


def check_vm(
    vm_name: str,
    points: Sequence[ReplicaPoint],
    *,
    rpo_target: timedelta | None,
    now: datetime,
    own_replica: str | None = None,
) -> Finding:
    """Judge a VM by its newest replica point: its state first, then its age.

    `points` are those of every replica of the VM's name on the plan's backup server,
    `own_replica` the GUID of the plan's own where it is known. Of several replicas that
    cannot be told apart the gravest decides: it may be the one.
    """
    unreadable = sum(1 for point in points if not point.id)
    replicas = replicas_of(point for point in points if point.id)
    if own_replica is not None and any(replica.id == own_replica for replica in replicas):
        replicas = tuple(replica for replica in replicas if replica.id == own_replica)
    judged = [_judged(replica, rpo_target, now) for replica in replicas]
    if unreadable:
        judged.append((Level.WARNING, f"{unreadable} of {len(points)} points cannot be read"))
    if not judged:
        return Finding(Level.FAILED, vm_name, "no replica point")
    if len(replicas) <= 1:
        level = _gravest(level for level, _ in judged)
        return Finding(level, vm_name, "; ".join(sentence for _, sentence in judged))
    level = _gravest([Level.WARNING, *(level for level, _ in judged)])
    sentences = "; ".join(dict.fromkeys(sentence for _, sentence in judged))
    lead = f"{len(replicas)} replicas have this name and the server does not tell which is its own"
    return Finding(level, vm_name, f"{lead}: {sentences}")


def is_ambiguous(points: Sequence[ReplicaPoint]) -> bool:
    """Whether points of one VM name belong to several replicas."""
    return len(replicas_of(point for point in points if point.id)) > 1


def _judged(replica: Replica, rpo_target: timedelta | None, now: datetime) -> tuple[Level, str]:
    newest = replica.newest
    age = span(newest.created, now)
    told = f"newest point {_rough(age)} old" if age is not None else "its age is not told"
    state = newest.state
    if state is not None and state.lower() not in (_READY, "unknown"):
        return Level.WARNING, f"its replica is in state {state}; {told}"
    if age is not None and rpo_target is not None and age > rpo_target:
        return Level.FAILED, f"{told}, over the RPO target of {format_duration(rpo_target)}"
    if age is None or state is None or state.lower() != _READY:
        return Level.WARNING, f"{told}, state {state or 'not told'}"
    return Level.OK, f"{told}, {state}"


def _gravest(levels: Iterable[Level]) -> Level:
    return max(levels, key=list(Level).index)


def _rough(age: timedelta) -> str:
    """Without the seconds from ten minutes on."""
    if age < timedelta(minutes=10):
        return format_duration(age)
    return format_duration(timedelta(minutes=age // timedelta(minutes=1)))


def check_gateways(
    gateways: Sequence[CloudGateway], plan: FailoverPlan | None = None
) -> list[Finding]:
    """One finding per gateway that is not known to be enabled, else one for all.

    Only those of the plan's own backup server count: the others serve other plans.
    """
    where = ""
    if plan is not None:
        gateways = of_server(gateways, plan)
        where = f" of {plan.backup_server}" if plan.backup_server else ""
    if not gateways:
        return [Finding(Level.WARNING, "cloud gateways", f"none{where} is listed")]
    count = len(gateways)
    if all(gateway.enabled is False for gateway in gateways):
        sentence = f"0 of {count}{where} enabled"
        return [Finding(Level.FAILED, "cloud gateways", sentence)]
    enabled = sum(1 for gateway in gateways if gateway.enabled)
    findings = []
    if enabled:
        sentence = f"{enabled} of {count}{where} enabled"
        findings.append(Finding(Level.OK, "cloud gateways", sentence))
    for gateway in gateways:
        if not gateway.enabled:
            told = "disabled" if gateway.enabled is False else "the server does not say if enabled"
            findings.append(Finding(Level.WARNING, gateway.name or "a cloud gateway", told))
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
        if _is_the_plans(server, plan):
            version = f", version {server.version}" if server.version else ""
            return [Finding(Level.OK, server.name, f"listed{version}")]
    if any(not server.id for server in servers):
        sentence = "not among those listed that can be read"
        return [Finding(Level.WARNING, plan.backup_server, sentence)]
    return [Finding(Level.FAILED, plan.backup_server, "Enterprise Manager does not list it")]


def _is_the_plans(server: BackupServer, plan: FailoverPlan) -> bool:
    """By ID, or by name where the plan does not tell the ID."""
    if plan.backup_server_id is not None:
        return server.id == plan.backup_server_id
    return folded(server.name) == folded(plan.backup_server or "")


def check_collection(points: Sequence[ReplicaPoint], now: datetime) -> Finding:
    """What the newest point says of the last collection.

    The REST interface does not tell when Enterprise Manager last collected (every 15
    minutes by default); it was not before the newest point that it knows.
    """
    ages = [age for point in points if (age := span(point.created, now)) is not None]
    if not ages:
        return Finding(Level.UNKNOWN, "last collection", "the server does not tell when it was")
    sentence = f"~ {_rough(min(ages))} ago at most, by the newest point; the server does not tell"
    return Finding(Level.UNKNOWN, "last collection", sentence)
