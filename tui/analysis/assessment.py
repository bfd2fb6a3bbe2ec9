"""What one reading of a session means: statuses, counts, progress, failures.

Pure functions of the resources; times come in as arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from tui.analysis.attempts import newest_attempts
from tui.analysis.identity import folded
from tui.analysis.status import (
    Contradiction,
    Status,
    Verdict,
    is_done,
    status_of,
    status_of_session,
)
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, TaskSession
from tui.light import dataclass


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
    """One row: a task session, or a VM of the plan that has none yet (`task` None).

    `position` is its place in the server's list, `tries` how many tasks the VM had in this
    session up to this one, as far as told.
    """

    key: TaskKey
    task: TaskSession | None
    status: Status
    server_word: str | None = None
    position: int = 0
    unlisted: bool = False
    tries: int = 1

    @property
    def vm_name(self) -> str:
        """The VM's name as the server gives it."""
        return self.key.vm_name

    @cached_property
    def is_running(self) -> bool:
        """Whether it holds a slot: begun, not done, and still listed by the server.

        A state this program does not know counts as running while the task has neither
        an end nor a verdict.
        """
        if self.task is None or self.unlisted:
            return False
        if self.status is Status.UNKNOWN:
            return not is_done(self.task.state, self.task.ended)
        return self.status.is_running

    @property
    def is_to_begin(self) -> bool:
        """Whether it is a VM of the plan that is still to get its task."""
        return self.task is None and self.status is Status.WAITING and self.server_word is None

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
        if self.unlisted or is_done(self.task.state, self.task.ended):
            return lasted(self.task.created, self.task.ended)
        return span(self.task.created, server_now)


@dataclass(frozen=True, slots=True)
class Basis:
    """What an assessment was made of, where a reading that differs in some tasks can be judged
    by these: each task has a name of its own and all are listed, in the order of the views.

    `listed` are the session's tasks, `percents` the sum of their progress, a finished one
    counting as 100, that of waiting VMs included; `with_plan` whether those of the plan count.
    """

    listed: tuple[TaskSession, ...]
    plan: FailoverPlan | None
    failed_over: frozenset[str]
    over: bool
    with_plan: bool
    percents: int


@dataclass(frozen=True)
class Assessment:
    """The session in a person's terms. `tasks` in the order the server lists them, each VM once.

    `retried` are failed attempts that another task of the same VM followed: they count
    nowhere. `unreadable` is how many VMs the server's answers hold besides that could not
    be read, and `unlike` how many tasks it listed more than once and not alike.
    `contradictions` say where the server's verdict and its tasks do not agree. `dropped`
    once tasks that the server stopped listing were so many that the oldest were let go.
    """

    status: Status
    server_word: str | None
    tasks: tuple[TaskView, ...]
    counts: Mapping[Status, int] = field(default_factory=dict)
    progress: int | None = None
    progress_inferred: bool = False
    contradictions: tuple[Contradiction, ...] = ()
    unreadable: int = 0
    retried: tuple[TaskView, ...] = ()
    unlike: int = 0
    dropped: bool = False
    basis: Basis | None = field(default=None, compare=False, repr=False)

    @property
    def total(self) -> int:
        """How many VM replicas are known to belong to the session, unreadable ones included."""
        return len(self.tasks) + self.unreadable

    @cached_property
    def attempts(self) -> tuple[TaskView, ...]:
        """All tasks in the server's order, those that were followed by another included."""
        if not self.retried:
            return self.tasks
        return tuple(sorted((*self.tasks, *self.retried), key=lambda view: view.position))

    def count(self, *statuses: Status) -> int:
        """How many tasks have one of these statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)

    @cached_property
    def failures(self) -> tuple[TaskView, ...]:
        """The failed tasks, in the order in which they failed as far as that is known."""
        failed = [view for view in self.tasks if view.status is Status.FAILED]
        return tuple(sorted(failed, key=_when_it_ended))

    @cached_property
    def to_begin(self) -> tuple[TaskView, ...]:
        """The VMs of the plan that are still to get their tasks."""
        return tuple(view for view in self.tasks if view.is_to_begin)


def _when_it_ended(view: TaskView) -> tuple[bool, float]:
    ended = view.task.ended if view.task else None
    return (ended is None, ended.timestamp() if ended else 0.0)


def whole_second(moment: datetime) -> datetime:
    """The moment as it is shown, its fraction of a second cut.

    Durations are differences of such moments, so that what stands beside two printed
    moments is what a person gets who subtracts them.
    """
    return moment.replace(microsecond=0) if moment.microsecond else moment


def span(start: datetime | None, end: datetime | None) -> timedelta | None:
    """End minus start in whole seconds, never negative; None when either is unknown."""
    if start is None or end is None:
        return None
    return max(whole_second(end) - whole_second(start), timedelta())


def lasted(start: datetime | None, ended: datetime | None) -> timedelta | None:
    """How long something took, in whole seconds; None when unknown.

    Unknown too where the end lies before the start.
    """
    return None if start is None or ended is None or ended < start else span(start, ended)


def assess(
    session: FailoverSession,
    *,
    plan: FailoverPlan | None = None,
    failed_over: frozenset[str] = frozenset(),
    watched: bool = False,
    before: Assessment | None = None,
) -> Assessment:
    """Judge a session.

    `before` is the judgement of the reading before: its tasks that the server has
    stopped listing stay, marked `unlisted`, and the view of one that did not change is
    taken over as it is, so that a poll of a big failover makes as many new ones as
    there were changes. `plan` adds the VMs that have no task yet; those named in
    `failed_over` need none, since an earlier run brought them up. Once it is over, they
    count only if it was `watched` while it ran: the plan may have changed since an old
    run.
    """
    earlier = before.attempts if before is not None else ()
    views = _listed(session.tasks, earlier)
    unlisted = _unlisted(views, earlier)
    most = max(MOST_UNLISTED, len(views))
    dropped = len(unlisted) > most or (before is not None and before.dropped)
    # The newest ones come first: those that were listed a moment ago.
    views += unlisted[:most]
    over = is_done(session.state, session.ended)
    views, retried = newest_attempts(views, plan)
    simple = not (retried or unlisted) and _have_own_names(views)
    unreadable = session.unreadable_tasks
    with_plan = plan is not None and (not over or (watched and bool(views)))
    if plan is not None and with_plan:
        views.extend(_waiting(plan, views, failed_over, over=over, after=len(retried)))
        unreadable = unreadable_with(plan, session, len(views))
    percents = sum(map(percent_of, views))
    basis = Basis(session.tasks, plan, failed_over, over, with_plan, percents)
    return concluded(
        session,
        views,
        dict(Counter([view.status for view in views])),
        percents,
        unreadable=unreadable,
        retried=tuple(retried),
        dropped=dropped,
        basis=basis if simple and not dropped else None,
    )


def concluded(
    session: FailoverSession,
    views: Sequence[TaskView],
    counts: Mapping[Status, int],
    percents: int,
    *,
    unreadable: int,
    retried: tuple[TaskView, ...] = (),
    dropped: bool = False,
    basis: Basis | None = None,
) -> Assessment:
    """What the views come to; `counts` of their statuses, none of them 0, and the sum of their
    `percents`."""
    verdict = status_of_session(session.state, session.result, session.ended, counts)
    progress, inferred = _session_progress(session, verdict.status, len(views), percents)
    return Assessment(
        verdict.status,
        verdict.server_word,
        tuple(views),
        counts,
        progress,
        inferred,
        verdict.contradictions,
        unreadable,
        retried,
        session.unlike_tasks,
        dropped,
        basis,
    )


def _have_own_names(views: Sequence[TaskView]) -> bool:
    return len({folded(view.vm_name) for view in views}) == len(views)


def unreadable_with(plan: FailoverPlan, session: FailoverSession, views: int) -> int:
    """How many VMs cannot be read, where there are so many views, those of the plan among them."""
    return max(session.unreadable_tasks, len(plan.vms) + plan.unreadable_vms - views)


def percent_of(view: TaskView) -> int:
    """What a view adds to the progress of the whole."""
    return 100 if view.status.is_finished else view.progress or 0


def name_of(task: TaskSession) -> tuple[str, str | None]:
    """What a task's key is made of."""
    return task.vm_name, task.replica_point.id if task.replica_point else None


def _listed(tasks: Sequence[TaskSession], before: Sequence[TaskView]) -> list[TaskView]:
    """The views of the tasks, in the order given.

    As long as each has the VM and replica point of the one that had its place before,
    it has its key too; from the first other one on they are counted.
    """
    views: list[TaskView] = []
    for known, task in zip(before, tasks, strict=False):
        if known.task is not task:
            if known.task is None or known.unlisted or name_of(known.task) != name_of(task):
                break
            known = view_of(known.key, task, len(views))
        elif known.unlisted:
            break
        views.append(known)
    rest = tasks[len(views) :]
    counted = Counter([view.key[:2] for view in views] if rest else ())
    for task in rest:
        name = name_of(task)
        views.append(view_of(TaskKey(*name, counted[name]), task, len(views)))
        counted[name] += 1
    return views


MOST_UNLISTED: Final = 1_000
"""Tasks that are kept after the server has stopped listing them, or as many as it lists.

A server that gives its tasks other names with each poll must not fill the memory.
"""


def _unlisted(views: Sequence[TaskView], before: Sequence[TaskView]) -> list[TaskView]:
    """Those seen before that are not among the listed ones, by their newest reading.

    A link to a replica point may come later than its task, or be left out at the
    end: with the link missing on either side it is the same task of that VM.
    """
    seen = [(view.key, view.task) for view in before if view.task is not None]
    if len(seen) <= len(views) and all(
        key is view.key for (key, _), view in zip(seen, views, strict=False)
    ):
        return []
    points: dict[str, set[str | None]] = {}
    for view in views:
        points.setdefault(folded(view.key.vm_name), set()).add(view.key.point_id)
    listed = {view.key for view in views}
    kept: list[TaskView] = []
    for key, task in seen:
        now_listed = points.get(folded(key.vm_name), set())
        another = not now_listed or not (key.point_id is None or None in now_listed)
        if key not in listed and another:
            kept.append(view_of(key, task, len(views) + len(kept), unlisted=True))
    return kept


def view_of(key: TaskKey, task: TaskSession, position: int, *, unlisted: bool = False) -> TaskView:
    """A task as a row."""
    verdict = status_of(task.state, task.result, task.ended)
    if unlisted and not verdict.status.is_finished:
        verdict = Verdict(Status.UNKNOWN, task.state or None)
    return TaskView(key, task, verdict.status, verdict.server_word, position, unlisted)


def _waiting(
    plan: FailoverPlan,
    views: list[TaskView],
    failed_over: frozenset[str],
    *,
    over: bool,
    after: int,
) -> Iterable[TaskView]:
    """The VMs of the plan without a task; `after` so many attempts that are not in `views`."""
    begun = Counter(folded(view.vm_name) for view in views)
    done_before = {folded(name) for name in failed_over}
    named: Counter[str] = Counter()
    position = len(views) + after
    for vm in plan.vms:
        name = folded(vm.name)
        named[name] += 1
        if named[name] <= begun[name]:
            continue
        key = TaskKey(vm.name, None, -named[name])
        status = Status.ALREADY if name in done_before else Status.WAITING
        said = "Not started" if over and status is Status.WAITING else None
        yield TaskView(key, None, status, said, position)
        position += 1


def _session_progress(
    session: FailoverSession, status: Status, views: int, percents: int
) -> tuple[int | None, bool]:
    """Percent for the whole, and whether it is inferred.

    The server's own figure, unless it left the field at 0: both documented
    running sessions do, and a recorded finished one too. Then it is the mean
    over the tasks, a finished one counting as 100; a success without tasks is
    100; anything else is unknown.
    """
    if status is Status.SUCCESS:
        return 100, session.progress != 100
    if session.progress:
        return session.progress, False
    if views:
        return percents // views, True
    return (session.progress if status.is_running else None), False
