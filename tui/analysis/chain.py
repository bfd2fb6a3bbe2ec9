"""Which sessions are one outage: a new session that retries goes on with the one before it.

The server does not tell: that it is a retry is inferred, from the plan, the VMs and the
time. `plan` and backup server by ID where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from tui.analysis.assessment import assess
from tui.analysis.comparison import same_plan
from tui.analysis.names import folded
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import FailoverSession

LONGEST_GAP: Final = timedelta(hours=24)
"""Between the end of a run and the start of its retry; a later one is another outage."""

_UP: Final = frozenset({Status.SUCCESS, Status.WARNING})


def chain_before(
    session: FailoverSession, runs: Iterable[FailoverSession]
) -> tuple[FailoverSession, ...]:
    """The earlier sessions of the outage that `session` goes on with, newest first.

    `runs` in any order, as far as possible read with their tasks. Empty where it is the
    first one.
    """
    found: list[FailoverSession] = []
    newest = session
    for run in _before(session, runs):
        if not retries(newest, run):
            break
        found.append(run)
        newest = run
    return tuple(found)


def _before(session: FailoverSession, runs: Iterable[FailoverSession]) -> Iterator[FailoverSession]:
    if session.created is None:
        return
    for run in newest_first(run for run in runs if same_plan(run, session)):
        if run.id != session.id and run.created is not None and run.created < session.created:
            yield run


def retries(later: FailoverSession, earlier: FailoverSession) -> bool:
    """Whether `later` tries again what `earlier` left undone, as far as can be told.

    The earlier one must be over and must have left something; the later one must have
    begun after it, within a day, with a VM that it did not bring up, or without tasks yet.
    A session that lists no tasks is taken by its own result.
    """
    if not is_done(earlier.state, earlier.ended) or later.created is None:
        return False
    over = earlier.ended or earlier.created
    if over is None or not timedelta() <= later.created - over <= LONGEST_GAP:
        return False
    seen = assess(earlier)
    if not seen.tasks:
        return seen.status is not Status.SUCCESS
    down = {folded(view.vm_name) for view in seen.tasks if view.status not in _UP}
    if seen.unreadable and not down:
        return seen.status is not Status.SUCCESS
    tried = {folded(task.vm_name) for task in later.tasks}
    return bool(down) and (not tried or not tried.isdisjoint(down))
