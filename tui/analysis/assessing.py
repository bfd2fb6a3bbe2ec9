"""From a reading to its assessment, by all tasks.

`tui.analysis.moved_on` goes by those alone that have changed. Pure functions of the resources;
times come in as arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui.analysis.assessment import (
    AssessedFrom,
    Assessment,
    TaskKey,
    TaskView,
    name_of,
    newest_attempts,
    percent_of,
    view_of,
)
from tui.analysis.identity import Successive, folded
from tui.analysis.status import Status, is_done, status_of_session
from tui.enterprise_manager.resources import (
    FailoverPlan,
    FailoverSession,
    TaskSession,
)


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
    basis = AssessedFrom(session.tasks, plan, failed_over, over, with_plan, percents)
    return concluded(
        session,
        Successive(views),
        dict(Counter([view.status for view in views])),
        percents,
        unreadable=unreadable,
        retried=tuple(retried),
        dropped=dropped,
        basis=basis if simple and not dropped else None,
    )


def concluded(
    session: FailoverSession,
    views: Successive[TaskView],
    counts: Mapping[Status, int],
    percents: int,
    *,
    unreadable: int,
    retried: tuple[TaskView, ...] = (),
    dropped: bool = False,
    basis: AssessedFrom | None = None,
) -> Assessment:
    """What the views come to; `counts` of their statuses, none of them 0, and the sum of their
    `percents`."""
    verdict = status_of_session(session.state, session.result, session.ended, counts)
    progress, inferred = _session_progress(session, verdict.status, len(views), percents)
    return Assessment(
        verdict.status,
        verdict.server_word,
        views,
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
