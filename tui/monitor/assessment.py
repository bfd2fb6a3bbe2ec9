"""What one reading of a session means: statuses, counts, progress, failures.

Pure functions of the resources; times come in as arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, TaskSession
from tui.monitor.status import Status, Verdict, is_done, status_of, status_of_session


class TaskKey(NamedTuple):
    """Names a task from poll to poll: the server gives tasks no id of their own.

    `ordinal` tells apart tasks of one VM and one replica point (a retry); it is
    negative for a VM of the plan that has no task yet.
    """

    vm_name: str
    point_id: str | None
    ordinal: int


@dataclass(frozen=True)
class TaskView:
    """One row: a task session, or a VM of the plan that has none yet (`task` None)."""

    key: TaskKey
    task: TaskSession | None
    status: Status
    server_word: str | None = None
    position: int = 0
    unlisted: bool = False

    @property
    def vm_name(self) -> str:
        """The VM's name as the server gives it."""
        return self.key.vm_name

    @property
    def progress(self) -> int | None:
        """Percent 0..100; 100 for a success, whatever the server left in the field."""
        if self.status is Status.SUCCESS:
            return 100
        return self.task.progress if self.task else None

    @property
    def message(self) -> str | None:
        """The task's own failure message."""
        return self.task.failure_message if self.task else None

    def elapsed(self, server_now: datetime | None) -> timedelta | None:
        """End minus start, for a running task now minus start; None when unknown."""
        if self.task is None:
            return None
        over = is_done(self.task.state, self.task.ended)
        end = self.task.ended if over or self.task.ended else server_now
        return span(self.task.created, end if not self.unlisted else self.task.ended)


@dataclass(frozen=True)
class Assessment:
    """The session in a person's terms. `tasks` in the order the server lists them."""

    status: Status
    server_word: str | None
    tasks: tuple[TaskView, ...]
    counts: Mapping[Status, int] = field(default_factory=dict)
    progress: int | None = None
    progress_inferred: bool = False

    @property
    def total(self) -> int:
        """How many VM replicas are known to belong to the session."""
        return len(self.tasks)

    def count(self, *statuses: Status) -> int:
        """How many tasks have one of these statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)

    @cached_property
    def failures(self) -> tuple[TaskView, ...]:
        """The failed tasks, in the order in which they failed as far as that is known."""
        failed = [view for view in self.tasks if view.status is Status.FAILED]
        return tuple(sorted(failed, key=_when_it_ended))


def _when_it_ended(view: TaskView) -> tuple[bool, float]:
    ended = view.task.ended if view.task else None
    return (ended is None, ended.timestamp() if ended else 0.0)


def span(start: datetime | None, end: datetime | None) -> timedelta | None:
    """End minus start, never negative; None when either is unknown."""
    if start is None or end is None:
        return None
    return max(end - start, timedelta())


def keyed(tasks: Iterable[TaskSession]) -> dict[TaskKey, TaskSession]:
    """The tasks by their key, in the order given."""
    seen: Counter[tuple[str, str | None]] = Counter()
    result = {}
    for task in tasks:
        point = task.replica_point.id if task.replica_point else None
        name = (task.vm_name, point)
        result[TaskKey(task.vm_name, point, seen[name])] = task
        seen[name] += 1
    return result


def remembered(
    before: Mapping[TaskKey, TaskSession], listed: Mapping[TaskKey, TaskSession]
) -> dict[TaskKey, TaskSession]:
    """Every task seen so far, by its newest reading.

    A link to a replica point may come later than its task, or be left out at the
    end: with the link missing on either side it is the same task of that VM.
    """
    if before.keys() <= listed.keys():
        return dict(listed)
    points: dict[str, set[str | None]] = {}
    for key in listed:
        points.setdefault(key.vm_name, set()).add(key.point_id)
    kept = {}
    for key, task in before.items():
        now_listed = points.get(key.vm_name, set())
        if key in listed or not now_listed or not (key.point_id is None or None in now_listed):
            kept[key] = task
    return kept | dict(listed)


def assess(
    session: FailoverSession,
    *,
    last_seen: Mapping[TaskKey, TaskSession] | None = None,
    plan: FailoverPlan | None = None,
    failed_over: frozenset[str] = frozenset(),
    watched: bool = False,
    before: Assessment | None = None,
) -> Assessment:
    """Judge a session.

    `last_seen` are tasks of earlier readings; those that the server has stopped
    listing stay, marked `unlisted`. `plan` adds the VMs that have no task yet;
    those named in `failed_over` need none, since an earlier run brought them up.
    Once it is over, they count only if it was `watched` while it ran: the plan may
    have changed since an old run. `before` is the judgement of the reading before: the
    view of a task that did not change is taken over as it is, so that a poll of a big
    failover makes as many new ones as there were changes.
    """
    listed = keyed(session.tasks)
    views = _views(listed, before.tasks if before is not None else ())
    for key, task in remembered(last_seen or {}, listed).items():
        if key not in listed:
            views.append(_view(key, task, len(views), unlisted=True))
    over = is_done(session.state, session.ended)
    if plan is not None and (not over or (watched and views)):
        views.extend(_waiting(plan, views, failed_over, over=over))
    verdict = status_of_session(
        session.state, session.result, session.ended, [view.status for view in views]
    )
    progress, inferred = session_progress(session, verdict.status, views)
    return Assessment(
        verdict.status,
        verdict.server_word,
        tuple(views),
        Counter(view.status for view in views),
        progress,
        inferred,
    )


def _views(listed: Mapping[TaskKey, TaskSession], before: Sequence[TaskView]) -> list[TaskView]:
    views = []
    for position, (key, task) in enumerate(listed.items()):
        known = before[position] if position < len(before) else None
        if known is None or known.task is not task or known.key != key or known.unlisted:
            known = _view(key, task, position)
        views.append(known)
    return views


def _view(key: TaskKey, task: TaskSession, position: int, *, unlisted: bool = False) -> TaskView:
    verdict = status_of(task.state, task.result, task.ended)
    if unlisted and not verdict.status.is_finished:
        verdict = Verdict(Status.UNKNOWN, task.state or None)
    return TaskView(key, task, verdict.status, verdict.server_word, position, unlisted)


def _waiting(
    plan: FailoverPlan, views: list[TaskView], failed_over: frozenset[str], *, over: bool
) -> Iterable[TaskView]:
    begun = Counter(view.vm_name for view in views)
    named: Counter[str] = Counter()
    position = len(views)
    for vm in plan.vms:
        named[vm.name] += 1
        if named[vm.name] <= begun[vm.name]:
            continue
        key = TaskKey(vm.name, None, -named[vm.name])
        status = Status.ALREADY if vm.name in failed_over else Status.WAITING
        said = "Not started" if over and status is Status.WAITING else None
        yield TaskView(key, None, status, said, position)
        position += 1


def session_progress(
    session: FailoverSession, status: Status, views: list[TaskView]
) -> tuple[int | None, bool]:
    """Percent for the whole, and whether it is inferred.

    The server's own figure, unless it left the field at 0: both documented
    running sessions do, and a recorded finished one too. Then it is the mean
    over the tasks, a finished one counting as 100; a success without tasks is
    100; anything else is unknown.
    """
    if session.progress:
        return session.progress, False
    if status is Status.SUCCESS:
        return 100, True
    if views:
        total = sum(100 if view.status.is_finished else view.progress or 0 for view in views)
        return total // len(views), True
    return (session.progress if status.is_running else None), False
