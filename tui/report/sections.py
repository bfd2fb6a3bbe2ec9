"""What a report says, in which order and in which words: sections that every format writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from tui.light import dataclass
from tui.presentation import times
from tui.report.model import Entry, Gap, Report, Run, Target, Vm

UNKNOWN: Final = "–"


@dataclass(frozen=True)
class Facts:
    """Labels with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sentences:
    """Paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A caption, column heads and rows of text. `statuses` has one word for each row, or none."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """The VMs as bars over time; a format without pictures leaves it out."""

    vms: tuple[Vm, ...]
    begin: datetime
    end: datetime
    marks: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True)
class SignOff:
    """Lines to be filled in by hand."""

    roles: tuple[str, ...]


Block = Facts | Sentences | Table | Timeline | SignOff


@dataclass(frozen=True)
class Section:
    """A heading and what is under it."""

    title: str
    blocks: tuple[Block, ...]


def title(report: Report) -> str:
    """The report's title."""
    return f"Cloud failover session report: {report.plan}"


def sections(report: Report) -> tuple[Section, ...]:
    """All of the report; a section about which there is nothing to say is left out."""
    made = (
        Section("Result", tuple(_result(report))),
        Section("Session", (Facts(tuple(_session(report))),)),
        Section("Targets", tuple(_targets(report))),
        Section("Failures", tuple(_failures(report))),
        Section("Outage", tuple(_outage(report))),
        Section("VMs", tuple(_vms(report))),
        Section("Messages in full", tuple(_messages(report))),
        Section("Timeline", tuple(_timeline(report))),
        Section("Compared with the run before", tuple(_comparison(report))),
        Section("Events, notes and acknowledgements", tuple(_entries(report))),
        Section("How it was observed", tuple(_observation(report))),
        Section("Sign-off", (SignOff(("Drill leader", "Service owner", "Auditor")),)),
    )
    return tuple(section for section in made if section.blocks)


def _result(report: Report) -> Iterator[Block]:
    yield Sentences((report.headline, *((report.message,) if report.message else ())))
    counted = [f"{number} {word}" for word, number in report.counts if number]
    if report.unreadable:
        counted.append(f"{report.unreadable} unreadable")
    if counted and report.total is not None:
        yield Facts(((f"VMs, of {report.total}", ", ".join(counted)),))
    if not report.over:
        yield Sentences(("The session was not over when this was written.",))


def _session(report: Report) -> Iterator[tuple[str, str]]:
    yield "Cloud failover plan", report.plan
    yield "Tenant", report.tenant or UNKNOWN
    yield "Enterprise Manager", report.server
    yield "Backup server", report.backup_server or UNKNOWN
    yield "Session ID", report.session_id
    by = f", by {report.declared_by}" if report.declared_by else ""
    if report.declared is not None:
        yield "Disaster declared", at(report.declared, report.utc_offset) + by
    yield "Started", at(report.started, report.utc_offset)
    yield "Ended", at(report.ended, report.utc_offset)
    yield "Took", times.duration(report.duration)
    yield "As of", at(report.as_of, report.utc_offset)


def _targets(report: Report) -> Iterator[Block]:
    heads = ("", "Target", "Actual", "Verdict", "Rests on")
    rows = tuple(
        _target_row(name, each) for name, each in (("RTO", report.rto), ("RPO", report.rpo))
    )
    yield Table("Recovery targets", heads, rows)


def _target_row(name: str, target: Target) -> tuple[str, ...]:
    none = "none set" if target.target is None else times.duration(target.target)
    return (
        name,
        none,
        times.duration(target.actual),
        target.verdict or UNKNOWN,
        "; ".join(target.rests_on) or UNKNOWN,
    )


def _failures(report: Report) -> Iterator[Block]:
    if report.first_failure is not None:
        first = report.first_failure
        said = f": {first.text}" if first.text else ""
        yield Sentences((f"First failure: {first.vm or UNKNOWN}, {at(first.at)}{said}",))
    if report.causes:
        rows = []
        for cause in report.causes:
            differing = "; ".join(f"{vm} ({own})" if own else vm for vm, own in cause.vms)
            rows.append((cause.text, str(len(cause.vms)), differing))
        yield Table(
            "Causes", ("What they have in common", "VMs", "Which, and what differs"), tuple(rows)
        )


def _outage(report: Report) -> Iterator[Block]:
    if report.outage:
        yield Sentences(report.outage)
    if report.chain:
        heads = ("Session", "Started (UTC)", "Ended (UTC)", "Result", "Up", "Failed", "VMs")
        yield Table("Runs of this outage", heads, tuple(_run_row(run) for run in report.chain))


def _run_row(run: Run) -> tuple[str, ...]:
    counts = (UNKNOWN if each is None else str(each) for each in (run.up, run.failed, run.total))
    started, ended = times.utc_stamp(run.started), times.utc_stamp(run.ended)
    return (run.session_id, started, ended, run.result, *counts)


_VM_HEADS: Final = (
    "VM",
    "Result",
    "Started (UTC)",
    "Up at (UTC)",
    "Took",
    "RTO from declaration",
    "RTO from start",
    "Replica point",
    "Point created (UTC)",
    "RPO",
    "Acknowledged",
)


def _vms(report: Report) -> Iterator[Block]:
    if report.vms:
        yield Table(
            "Each VM",
            _VM_HEADS,
            tuple(_vm_row(vm) for vm in report.vms),
            tuple(vm.status for vm in report.vms),
        )


def _vm_row(vm: Vm) -> tuple[str, ...]:
    again = f" (attempt {vm.attempts})" if vm.attempts > 1 else ""
    return (
        vm.name,
        vm.result + again,
        times.utc_stamp(vm.started),
        _up_at(vm),
        times.duration(vm.duration),
        times.duration(vm.since_declaration),
        times.duration(vm.since_start),
        vm.replica_point or UNKNOWN,
        times.utc_stamp(vm.point_created),
        times.duration(vm.rpo),
        vm.acknowledged or "",
    )


def _up_at(vm: Vm) -> str:
    if vm.up_at is None and vm.ended is not None:
        return f"not up, ended {times.utc_stamp(vm.ended)}"
    return times.utc_stamp(vm.up_at)


def _messages(report: Report) -> Iterator[Block]:
    said = tuple((vm.name, vm.message) for vm in report.vms if vm.message)
    if said:
        yield Facts(said)


def _timeline(report: Report) -> Iterator[Block]:
    moments = [each for vm in report.vms for each in (vm.started, vm.ended) if each is not None]
    marks = (("declared", report.declared), ("started", report.started), ("ended", report.ended))
    known = tuple((word, each) for word, each in marks if each is not None)
    moments.extend(each for _, each in known)
    if report.as_of is not None and not report.over:
        moments.append(report.as_of)
    if report.vms and moments and min(moments) < max(moments):
        yield Timeline(report.vms, min(moments), max(moments), known)


def _comparison(report: Report) -> Iterator[Block]:
    if report.compared_with is not None:
        heads = ("Session", "Started (UTC)", "Ended (UTC)", "Result", "Up", "Failed", "VMs")
        yield Table("The run before", heads, (_run_row(report.compared_with),))
    if report.comparison:
        yield Sentences(report.comparison)


def _entries(report: Report) -> Iterator[Block]:
    if report.dropped_entries:
        yield Sentences((f"{report.dropped_entries} older events were not kept.",))
    if report.entries:
        heads = ("When (UTC)", "What", "VM", "Text", "By")
        yield Table(
            "In the order of their times", heads, tuple(_entry_row(e) for e in report.entries)
        )
        if any(entry.inferred for entry in report.entries):
            yield Sentences(("~ before a time: when it was seen here; the server gave none.",))


def _entry_row(entry: Entry) -> tuple[str, ...]:
    mark = "~" if entry.inferred else ""
    when = mark + times.utc_stamp(entry.at)
    return when, entry.what, entry.vm or "", entry.text or "", entry.author or ""


def _observation(report: Report) -> Iterator[Block]:
    offset = report.clock_offset
    yield Facts(
        (
            (
                "Clock of the server against the monitor's",
                UNKNOWN if offset is None else times.signed(offset),
            ),
            ("Certificate of the server (SHA-256)", report.fingerprint or UNKNOWN),
            ("Journal", report.journal or "none"),
            ("State of the journal", report.journal_state or UNKNOWN),
            ("Last hash of the journal (SHA-256)", report.journal_hash or UNKNOWN),
        )
    )
    if report.watches:
        heads = ("Who", "Where", "Version", "From (UTC)", "Until (UTC)")
        rows = tuple(
            (w.user, w.host, w.version, times.utc_stamp(w.begin), times.utc_stamp(w.end))
            for w in report.watches
        )
        yield Table("Who ran the monitor", heads, rows)
    if report.gaps:
        columns = ("Begin (UTC)", "End (UTC)", "Length", "What is inferred across it")
        yield Table("Gaps: nobody watched", columns, tuple(_gap_row(gap) for gap in report.gaps))
    if report.unseen:
        yield Sentences(report.unseen)


def _gap_row(gap: Gap) -> tuple[str, ...]:
    length = None if gap.end is None else gap.end - gap.begin
    inferred = " ".join(gap.inferred) or "nothing"
    return times.utc_stamp(gap.begin), times.utc_stamp(gap.end), times.duration(length), inferred


def at(moment: datetime | None, offset: timedelta | None = None) -> str:
    """`2026-11-23 14:03:22 UTC (15:03:22 +01:00)`; the dash for an unknown moment."""
    if moment is None:
        return UNKNOWN
    said = f"{times.utc_stamp(moment)} UTC"
    if not offset:
        return said
    local = moment.astimezone(UTC) + offset
    sign = "-" if offset < timedelta() else "+"
    minutes = int(abs(offset).total_seconds()) // 60
    return f"{said} ({local:%H:%M:%S} {sign}{minutes // 60:02}:{minutes % 60:02})"
