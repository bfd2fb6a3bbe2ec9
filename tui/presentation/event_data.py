"""An event as commands get it: one JSON object, `failover-monitor-event/1`.

Moments are ISO 8601 in UTC, durations seconds, unknown is null, never 0. What is added later
gets a name of its own; a name that changes its meaning gets another number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from tui.analysis.assessment import Assessment
from tui.analysis.drill import DrillView
from tui.analysis.status import Status
from tui.analysis.targets import RtoView
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.glyphs import ASCII, word
from tui.presentation.happening import Happening
from tui.presentation.text import clean
from tui.presentation.verdict import head_verdict

SCHEMA: Final = "failover-monitor-event/1"

MEMBERS: Final[Mapping[str, str]] = {
    "schema": "the name and version of this shape",
    "kind": "what happened, in the words of watch",
    "at": "when: the server's own moment where it dates it",
    "clock": "whose clock that is: server (it dates it), seen (seen here, by the server's clock)"
    " or here (this machine's)",
    "seen_at": "when it was seen here, by this machine's clock",
    "text": "all of it in one line, for a subject or a chat",
    "server": "Enterprise Manager, host:port",
    "profile": "the profile of the settings file, where one is used",
    "rehearsal": "true for a demo",
    "session_id": "the session's ID; null before there is one",
    "plan": "the cloud failover plan",
    "tenant": "whose plan it is, where that is known",
    "backup_server": "the backup server",
    "vm": "the VM that it is about; null where it is about none",
    "message": "the message; null where there is none",
    "duration_seconds": "how long it took, or has gone on for so far",
    "status": "the session's status in words",
    "verdict": "status and targets in the words of the screen, the worst first",
    "started_at": "the session's start",
    "ended_at": "the session's end",
    "elapsed_seconds": "start to end, or to now",
    "vms": "how many VMs there are, and how many of each status",
    "rto": "verdict, target_seconds, left_seconds and overrun_seconds; null before any data",
    "rpo": "verdict, target_seconds and worst_seconds; null before any data",
}
"""What each member means."""

LINE_SCHEMA: Final = "failover-monitor-watch/1"
"""Of a line of `watch --output json`, which has the members of an event and some more."""

LINE_MEMBERS: Final[Mapping[str, str]] = {
    "talk": "true for what plain lines say on standard error",
    "session": "progress, summary: how it stands, as status tells it; else null",
    "lines": "summary: what the plain summary says, line by line; else null",
    "exit_code": "end: the code that the command ends with; else null",
    "meaning": "end: what that code means; else null",
}

MOST_TEXT: Final = 2_000
"""Characters of a message; a pipe takes it in one piece then."""

_MOST_SAID: Final = 400
_MOST_AT_ONCE: Final = 3

VM_STATUSES: Final[Mapping[str, tuple[Status, ...]]] = {
    "waiting": (Status.WAITING,),
    "starting": (Status.STARTING,),
    "running": (Status.RUNNING, Status.RUNNING_WITH_WARNINGS, Status.RUNNING_WITH_ERRORS),
    "stopping": (Status.STOPPING,),
    "success": (Status.SUCCESS,),
    "warning": (Status.WARNING,),
    "failed": (Status.FAILED,),
    "already up": (Status.ALREADY,),
    "unknown": (Status.UNKNOWN,),
}
"""What VMs are counted by, here and in the figures; together they are all VMs."""


@dataclass(frozen=True)
class Origin:
    """Where what is told comes from. `rehearsal` where it is a demo: nothing really failed."""

    server: str
    profile: str | None = None
    rehearsal: bool = False


def vm_counts(assessment: Assessment) -> dict[str, int]:
    """How many VMs have each status. An entry that could not be read is an unknown one."""
    counts = {name: assessment.count(*each) for name, each in VM_STATUSES.items()}
    return {**counts, "unknown": counts["unknown"] + assessment.unreadable}


def rto_left(view: RtoView, now: datetime) -> timedelta | None:
    """Time left of the target at `now` (server's), negative once it has passed."""
    if view.over or view.deadline is None:
        return None if view.left is None or view.overrun is None else view.left - view.overrun
    return view.deadline - now.replace(microsecond=0)


def event_data(
    happening: Happening, state: Snapshot, origin: Origin, *, now: datetime, seen_at: datetime
) -> dict[str, Any]:
    """The members. `now` is the server's time, `seen_at` this machine's when it became known."""
    session, assessment, drill = state.session, state.assessment, state.drill
    message = happening.message
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": happening.what,
        "at": times.iso(happening.at),
        "clock": happening.by_clock(server_known=state.server_clock is not None).dated.value,
        "seen_at": times.iso(seen_at),
        "text": event_text(happening, state, origin),
        "server": origin.server,
        "profile": origin.profile,
        "rehearsal": origin.rehearsal,
        "session_id": state.session_id,
        "plan": session.plan_name if session else None,
        "tenant": state.details.tenant,
        "backup_server": session.backup_server if session else None,
        "vm": happening.vm,
        "message": message if message is None else message[:MOST_TEXT],
        "duration_seconds": _seconds(happening.lasted),
        "status": None,
        "verdict": None,
        "started_at": _moment(session.created if session else None),
        "ended_at": _moment(session.ended if session else None),
        "elapsed_seconds": _seconds(state.elapsed(now)),
        "vms": None,
    }
    if assessment is not None:
        data["status"] = word(assessment.status, assessment.server_word).lower()
        data["verdict"] = head_verdict(assessment, drill, ASCII).text
        data["vms"] = {"total": assessment.total, **vm_counts(assessment)}
    return {**data, **_targets(drill, now)}


def notification_texts(
    happenings: Sequence[Happening], state: Snapshot, origin: Origin
) -> tuple[str, str]:
    """Title and text of one notification of what came at once, the worst first."""
    plan = state.session.plan_name if state.session else f"session {state.session_id}"
    worst = sorted(happenings, key=lambda each: _rank(each.what))
    said = [_said(each) for each in worst[:_MOST_AT_ONCE]]
    more = len(worst) - len(said)
    lead = "REHEARSAL " if origin.rehearsal else ""
    return f"{lead}{plan}", ", ".join([*said, *([f"{more} more"] if more else [])])


def _rank(kind: str) -> int:
    """What is decided of the whole first, then of the target, then of VMs."""
    firsts = ("session", "rto", "refused", "task")
    return next((place for place, first in enumerate(firsts) if kind.startswith(first)), 9)


def _said(happening: Happening) -> str:
    what = f"{happening.what} {happening.vm}" if happening.vm else happening.what
    told = happening.message if happening.what.startswith(("task", "no data", "refused")) else None
    return f"{what}: {told}" if told else what


def event_text(happening: Happening, state: Snapshot, origin: Origin) -> str:
    """`ABC Plan: task failed sql02: Not enough free space`: for a subject line or a message."""
    plan = clean(state.session.plan_name).strip() if state.session else ""
    what = f"{happening.what} {clean(happening.vm)}" if happening.vm else happening.what
    why = f": {clean(happening.message)}" if happening.message else ""
    lead = "REHEARSAL " if origin.rehearsal else ""
    text = f"{lead}{plan or f'session {clean(state.session_id)}'}: {what}{why}"
    return text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID - 3]}..."


def _targets(drill: DrillView | None, now: datetime) -> dict[str, Any]:
    if drill is None:
        return {"rto": None, "rpo": None}
    rto, rpo = drill.rto, drill.rpo
    worst = rpo.worst.rpo if rpo.worst is not None else None
    left = rto_left(rto, now)
    return {
        "rto": {
            "verdict": rto.verdict.value,
            "target_seconds": _seconds(rto.target),
            "left_seconds": _seconds(None if left is None else max(left, timedelta())),
            "overrun_seconds": _seconds(None if left is None else max(-left, timedelta())),
        },
        "rpo": {
            "verdict": rpo.verdict.value,
            "target_seconds": _seconds(rpo.target),
            "worst_seconds": _seconds(worst),
        },
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else times.iso(moment)


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())
