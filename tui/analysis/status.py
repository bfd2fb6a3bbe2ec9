"""From state and result, as the server spells them, to the status a person reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from tui.enterprise_manager.scalars import STOPPED, says_working


class Status(Enum):
    """A status; the value is the word for it. Order: what needs attention first."""

    FAILED = "failed"
    WARNING = "warning"
    UNKNOWN = "unknown"
    STOPPING = "stopping"
    RUNNING = "running"
    STARTING = "starting"
    WAITING = "waiting"
    SUCCESS = "success"
    ALREADY = "failed over before"
    RUNNING_WITH_WARNINGS = "running with warnings"
    RUNNING_WITH_ERRORS = "running with errors"

    # By identity: Enum's own hash is a Python function that hashes the name, and every
    # look-up by status calls it.
    __hash__ = object.__hash__

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is to be expected."""
        return self in _FINISHED

    @property
    def is_running(self) -> bool:
        """Whether work is going on."""
        return self in _RUNNING


_FINISHED = frozenset({Status.FAILED, Status.WARNING, Status.SUCCESS, Status.ALREADY})
_RUNNING = frozenset(
    {
        Status.STARTING,
        Status.RUNNING,
        Status.STOPPING,
        Status.RUNNING_WITH_WARNINGS,
        Status.RUNNING_WITH_ERRORS,
    }
)
_BY_RESULT = {"success": Status.SUCCESS, "warning": Status.WARNING, "failed": Status.FAILED}
_BY_STATE = {
    "starting": Status.STARTING,
    "working": Status.RUNNING,
    "stopping": Status.STOPPING,
}


class Contradiction(Enum):
    """What the server says of a session that its own tasks deny."""

    SUCCESS_WITH_FAILED = "it says Success, and has failed VMs"
    OVER_WITH_UNFINISHED = "it says that it is over, and has VMs that still work"


class Verdict(NamedTuple):
    """A status and, where the server used a word of its own, that word."""

    status: Status
    server_word: str | None = None
    contradictions: tuple[Contradiction, ...] = ()


def is_done(state: str, ended: datetime | None) -> bool:
    """Done is a Stopped state, or an end that the state does not deny; never a progress of 100."""
    return state.lower() == STOPPED or (ended is not None and not says_working(state))


def status_of(state: str, result: str, ended: datetime | None) -> Verdict:
    """The status of one task session.

    A Failed result counts at once, whatever the state says. Stopped without a
    result is no success: it is unknown, in the server's own word.
    """
    return _verdict(state, result, is_done(state, ended))


@lru_cache(maxsize=256)
def _verdict(state: str, result: str, done: bool) -> Verdict:
    """Servers use a handful of words, for thousands of tasks."""
    by_result = _BY_RESULT.get(result.lower())
    if by_result is Status.FAILED:
        return Verdict(Status.FAILED)
    if done:
        if by_result is not None:
            return Verdict(by_result)
        spelled = result if result.lower() not in ("", "none") else state
        return Verdict(Status.UNKNOWN, spelled or None)
    by_state = _BY_STATE.get(state.lower())
    if by_state is not None:
        return Verdict(by_state)
    return Verdict(Status.UNKNOWN, state or None)


def status_of_session(
    state: str, result: str, ended: datetime | None, tasks: Collection[Status]
) -> Verdict:
    """The status of the whole: a failed task shows at once, not when the session ends.

    `tasks` are the statuses of the VMs. A session that is over has the server's verdict,
    unless its tasks deny it: with a failed one it has failed, and while one still works
    nobody knows.
    """
    if is_done(state, ended):
        return _checked(status_of(state, result, ended), tasks)
    lowered = result.lower()
    if state.lower() == "stopping":
        return Verdict(Status.STOPPING)
    if lowered == "failed" or Status.FAILED in tasks:
        return Verdict(Status.RUNNING_WITH_ERRORS)
    if lowered == "warning" or Status.WARNING in tasks:
        return Verdict(Status.RUNNING_WITH_WARNINGS)
    return status_of(state, "", None)


def _checked(said: Verdict, tasks: Iterable[Status]) -> Verdict:
    """The server's verdict on a finished session beside the statuses of its tasks."""
    present = set(tasks)
    status, found = said.status, []
    if status is Status.SUCCESS and Status.FAILED in present:
        found.append(Contradiction.SUCCESS_WITH_FAILED)
        status = Status.FAILED
    if any(task.is_running for task in present):
        found.append(Contradiction.OVER_WITH_UNFINISHED)
        if status in (Status.SUCCESS, Status.WARNING):
            # Not in the server's own word: a `Success` that nobody knows would read like one.
            status = Status.UNKNOWN
    return Verdict(status, said.server_word, tuple(found))
