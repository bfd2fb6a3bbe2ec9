from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.fake_clock import START
from tests.support.making import at, done, session, stopped, task
from tui.analysis.chain import LONGEST_GAP, chain_before, retries
from tui.enterprise_manager.resources import FailoverSession, TaskSession


def run(
    number: int, *tasks: TaskSession, result: str = "Failed", **changes: object
) -> FailoverSession:
    """A finished run of ten minutes that began so many hours before the session."""
    began = START - timedelta(hours=number)
    told = {"id": f"run-{number}", "created": began, "ended": began + timedelta(minutes=10)}
    return stopped(*tasks, result=result).model_copy(update=told | changes)


FIRST = run(2, done("a"), done("b", "Failed"), done("c", "Failed"))
SECOND = run(1, done("B"), done("c", "Failed"))
NOW = session(task("c"))


def test_a_session_that_tries_what_failed_goes_on_with_the_outage() -> None:
    assert chain_before(NOW, [FIRST, SECOND]) == (SECOND, FIRST)
    assert chain_before(SECOND, [NOW, FIRST, SECOND]) == (FIRST,)
    assert chain_before(FIRST, [NOW, FIRST, SECOND]) == ()


def test_a_session_without_tasks_yet_is_taken_for_the_retry() -> None:
    assert chain_before(session(), [SECOND]) == (SECOND,)


@pytest.mark.parametrize(
    "earlier",
    [
        run(1, done("c"), result="Success"),
        run(1, done("x", "Failed")),
        run(1, done("c", "Failed"), plan_name="Another"),
        run(1, done("c", "Failed"), backup_server="vbr02"),
        run(
            1, done("c", "Failed"), created=START - LONGEST_GAP * 2, ended=START - LONGEST_GAP * 1.1
        ),
        run(1, done("c", "Failed"), created=at(1), ended=at(2)),
        run(1, task("c"), state="Working", ended=None),
        run(1, result="Success"),
    ],
    ids=["all up", "other VMs", "plan", "server", "long ago", "later", "still running", "no tasks"],
)
def test_what_is_no_retry(earlier: FailoverSession) -> None:
    assert chain_before(NOW, [earlier]) == ()


def test_a_run_in_between_that_belongs_to_nothing_ends_the_chain() -> None:
    assert chain_before(NOW, [FIRST, run(1, done("c"), result="Success")]) == ()


def test_a_failed_run_whose_tasks_are_gone_is_taken_by_its_result() -> None:
    assert retries(NOW, run(1))
    assert retries(NOW, run(1, result="None"))


def test_a_vm_that_was_retried_with_success_within_the_run_is_up() -> None:
    again = task("c", "Stopped", "Success", created=at(3), ended=at(5))
    mended = run(1, done("c", "Failed"), again)
    assert not retries(NOW, mended)
