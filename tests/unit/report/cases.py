"""A report of a drill that went wrong in part, and one of a size that must stay bearable."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tui.report.model import Cause, Entry, Gap, Report, Run, Target, Vm, Watch

START = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SPACE = "Not enough free space on datastore"


def vm(name: str, status: str, result: str, minutes: int = 3, message: str | None = None) -> Vm:
    started = START + timedelta(seconds=20)
    return Vm(
        name=name,
        status=status,
        result=result,
        started=started,
        ended=started + minutes * MINUTE,
        up_at=None if status == "failed" else started + minutes * MINUTE,
        duration=minutes * MINUTE,
        since_declaration=20 * MINUTE,
        since_start=minutes * MINUTE + timedelta(seconds=20),
        replica_point=f"{name}@2026-11-26 11:00:00",
        point_created=START - 60 * MINUTE,
        rpo=60 * MINUTE,
        message=message,
    )


def drill(*more: Vm, name: str = "ABC Company Failover Plan") -> Report:
    failed = vm("sql02", "failed", "Failed", 2, f"{SPACE} DS-11: 534 GB needed, 62 GB free")
    return Report(
        as_of=START + 6 * MINUTE,
        plan=name,
        session_id="4347c445-c6a7-418a-877c-9d39b77a8933",
        server="em01:9398",
        tenant="ABC Company",
        backup_server="vbr01",
        status="failed",
        headline="NOT MET: 1 of 3 VMs not recovered",
        over=True,
        declared=START - 16 * MINUTE,
        declared_by="jdoe",
        started=START,
        ended=START + 5 * MINUTE,
        duration=5 * MINUTE,
        rto=Target(target=5 * MINUTE, verdict="NOT MET", rests_on=("1 of 3 VMs not recovered.",)),
        rpo=Target(target=240 * MINUTE, actual=60 * MINUTE, verdict="MET"),
        counts=(("failed", 1), ("success", 2)),
        total=3,
        first_failure=Entry(at=START + 2 * MINUTE, what="failed", vm="sql02", text=SPACE),
        causes=(Cause(text=SPACE, vms=(("sql02", "DS-11"), ("citrix", "DS-07"))),),
        vms=(
            replace(failed, acknowledged="jdoe, 12:09:00 UTC"),
            vm("web01", "success", "Success"),
            replace(vm("dc01", "success", "Success", 1), attempts=2),
            *more,
        ),
        entries=(
            Entry(at=START, what="session", text="Starting"),
            Entry(at=START + MINUTE, what="connection lost", text="refused", inferred=True),
            Entry(at=START + 3 * MINUTE, what="note", text="storage team called", author="jdoe"),
        ),
        comparison=("dc01 took 1 min longer.",),
        compared_with=Run(
            session_id="old", started=START - 1440 * MINUTE, ended=None, result="Success"
        ),
        outage=("Outage since 11:44:00.",),
        chain=(Run(session_id="first", started=START, ended=None, result="Failed", up=2, total=3),),
        watches=(Watch(user="jdoe", host="noc1", version="0.1.0", begin=START, end=None),),
        gaps=(
            Gap(begin=START + MINUTE, end=START + 2 * MINUTE, inferred=("when sql02 failed.",)),
            Gap(begin=START + 5 * MINUTE, end=None),
        ),
        unseen=("Nobody watched before 12:00:30 UTC.",),
        clock_offset=timedelta(seconds=-7),
        fingerprint="AB:CD",
        utc_offset=timedelta(hours=1),
        journal="em01_9398/4347c445.jsonl",
        journal_hash="f" * 64,
        journal_state="whole, 120 lines",
    )


def large(count: int) -> Report:
    more = [vm(f"vm-{number:04}", "success", "Success", number % 40 + 1) for number in range(count)]
    return drill(*more)
