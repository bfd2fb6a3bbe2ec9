"""What changed from one state of the monitor to the next, as lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tui.analysis.assessment import Assessment, TaskKey, TaskView, lasted
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.glyphs import word
from tui.presentation.happening import Happening, dated
from tui.presentation.reasons import NO_MESSAGE
from tui.presentation.session_names import plan_name

_BEGUN = "running"


@dataclass(frozen=True)
class _Told:
    """What was last said about a task or about the session."""

    phase: str
    message: str | None


class Changes:
    """Compares each reading with what has been told. Pure but for that memory."""

    def __init__(self) -> None:
        self._assessment: Assessment | None = None
        self._session: _Told | None = None
        self._tasks: dict[TaskKey, _Told] = {}

    def lines(self, state: Snapshot, server_now: datetime) -> list[Happening]:
        """What is new in `state`, oldest first; empty without a session or a change.

        `server_now` dates what the server does not date itself.
        """
        session, assessment = state.session, state.assessment
        if session is None or assessment is None or assessment is self._assessment:
            return []
        self._assessment = assessment
        found = list(self._beginning(session, server_now))
        for view in assessment.tasks:
            if view.task is not None:
                found.extend(self._of_task(view, view.task, server_now))
        found.extend(self._of_session(session, assessment, server_now))
        if len(self._tasks) > 2 * len(assessment.tasks):
            known = {view.key for view in assessment.tasks}
            self._tasks = {key: told for key, told in self._tasks.items() if key in known}
        return sorted(found, key=lambda line: line.at)

    def _beginning(self, session: FailoverSession, now: datetime) -> Iterator[Happening]:
        if self._session is None:
            named = f"{plan_name(session)} ({session.id})"
            at = session.created
            yield Happening(at or now, "session started", None, named, dated(at))

    def _of_session(
        self, session: FailoverSession, assessment: Assessment, now: datetime
    ) -> Iterator[Happening]:
        said = _session_words(session, assessment)
        told, message = self._session, session.failure_message
        self._session = _Told(said, message)
        if told is None or said != told.phase:
            if is_done(session.state, session.ended) and assessment.status.is_finished:
                took = lasted(session.created, session.ended)
                yield Happening(
                    session.ended or now,
                    f"session {assessment.status.value}",
                    None,
                    message or _took(times.duration(took, "")),
                    dated(session.ended),
                    took,
                )
                return
            yield Happening(now, "session state", None, said, lasted=lasted(session.created, now))
        if message and (told is None or message != told.message):
            yield Happening(now, "session message", None, message)

    def _of_task(self, view: TaskView, task: TaskSession, now: datetime) -> Iterator[Happening]:
        told = self._tasks.get(view.key)
        phase = _phase(view)
        self._tasks[view.key] = _Told(phase, view.message)
        if told is None:
            point = task.replica_point.name if task.replica_point else None
            at = task.created
            yield Happening(at or now, "task started", view.vm_name, point, dated(at))
            told = _Told(_BEGUN, None)
        if phase != told.phase:
            ended = task.ended if view.status.is_finished else None
            yield Happening(
                ended or now,
                f"task {phase}",
                view.vm_name,
                _why(view, task),
                dated(ended),
                lasted(task.created, ended or now),
            )
        elif view.message and view.message != told.message:
            yield Happening(now, "task message", view.vm_name, view.message)


def _phase(view: TaskView) -> str:
    """The status, with Starting and Working taken as one."""
    if view.status in (Status.STARTING, Status.RUNNING, Status.WAITING):
        return _BEGUN
    return str(view.status.value)


def _why(view: TaskView, task: TaskSession) -> str | None:
    if view.status is Status.UNKNOWN:
        if view.unlisted:
            return "the server no longer lists it"
        return f"the server says {view.server_word}" if view.server_word else "no result"
    if view.message:
        return view.message
    if view.status is Status.SUCCESS:
        return _took(times.duration(lasted(task.created, task.ended), ""))
    return NO_MESSAGE if view.status.is_finished else None


def _took(duration: str) -> str | None:
    return f"took {duration}" if duration else None


def _session_words(session: FailoverSession, assessment: Assessment) -> str:
    if is_done(session.state, session.ended) and not assessment.status.is_finished:
        return f"{session.state or 'Ended'}, no result yet"
    return word(assessment.status, assessment.server_word)
