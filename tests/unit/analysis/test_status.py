from __future__ import annotations

from itertools import product

import pytest

from tests.support.fake_clock import START
from tui.analysis.status import (
    Contradiction,
    Status,
    Verdict,
    is_done,
    status_of,
    status_of_session,
)


@pytest.mark.parametrize(
    ("state", "result", "status"),
    [
        ("Starting", "None", Status.STARTING),
        ("Working", "None", Status.RUNNING),
        ("Stopping", "None", Status.STOPPING),
        ("Stopped", "Success", Status.SUCCESS),
        ("Stopped", "Warning", Status.WARNING),
        ("Stopped", "Failed", Status.FAILED),
        ("working", "none", Status.RUNNING),
        ("STOPPED", "SUCCESS", Status.SUCCESS),
    ],
)
def test_a_known_state_and_result(state: str, result: str, status: Status) -> None:
    assert status_of(state, result, None) == Verdict(status)


def test_a_failure_counts_before_the_task_has_stopped() -> None:
    assert status_of("Working", "Failed", None).status is Status.FAILED


@pytest.mark.parametrize("result", ["Success", "Warning"])
def test_a_good_result_counts_only_once_the_task_is_over(result: str) -> None:
    assert status_of("Working", result, None).status is Status.RUNNING


@pytest.mark.parametrize("state", ["Working", "starting", "STOPPING", "Pausing", "Resuming"])
def test_an_end_time_that_the_state_denies_ends_nothing(state: str) -> None:
    assert not is_done(state, START)
    assert status_of(state, "Success", START).status is not Status.SUCCESS


@pytest.mark.parametrize("state", ["", "Completed", "Stopped"])
def test_an_end_time_means_done_where_the_state_does_not_deny_it(state: str) -> None:
    assert is_done(state, START)
    assert status_of(state, "Success", START).status is Status.SUCCESS


@pytest.mark.parametrize("result", ["", "None", "none"])
def test_stopped_without_a_result_is_no_success(result: str) -> None:
    assert status_of("Stopped", result, None) == Verdict(Status.UNKNOWN, "Stopped")


@pytest.mark.parametrize(
    ("state", "result", "word"),
    [
        ("Pausing", "None", "Pausing"),
        ("Stopped", "Partly", "Partly"),
        ("", "", None),
        ("Idle", "Success", "Idle"),
    ],
)
def test_an_unknown_word_is_kept_as_the_server_spelled_it(
    state: str, result: str, word: str | None
) -> None:
    assert status_of(state, result, None) == Verdict(Status.UNKNOWN, word)


@pytest.mark.parametrize(
    ("tasks", "status"),
    [
        ([], Status.RUNNING),
        ([Status.SUCCESS, Status.WAITING], Status.RUNNING),
        ([Status.SUCCESS, Status.WARNING], Status.RUNNING_WITH_WARNINGS),
        ([Status.WARNING, Status.FAILED], Status.RUNNING_WITH_ERRORS),
    ],
)
def test_a_running_session_shows_its_worst_task_at_once(
    tasks: list[Status], status: Status
) -> None:
    assert status_of_session("Working", "None", None, tasks).status is status


@pytest.mark.parametrize(
    ("result", "status"),
    [("Failed", Status.RUNNING_WITH_ERRORS), ("Warning", Status.RUNNING_WITH_WARNINGS)],
)
def test_a_running_session_shows_its_own_early_result(result: str, status: Status) -> None:
    assert status_of_session("Working", result, None, []).status is status


def test_a_finished_session_has_the_servers_verdict() -> None:
    for result, status in (("Success", Status.SUCCESS), ("Warning", Status.WARNING)):
        tasks = [Status.SUCCESS, Status.WARNING, Status.UNKNOWN, Status.WAITING]
        assert status_of_session("Stopped", result, START, tasks) == Verdict(status)
    assert status_of_session("Stopped", "Failed", START, []) == Verdict(Status.FAILED)


FAILED, UNFINISHED = Contradiction.SUCCESS_WITH_FAILED, Contradiction.OVER_WITH_UNFINISHED


@pytest.mark.parametrize(
    ("result", "tasks", "expected"),
    [
        ("Success", [Status.FAILED], Verdict(Status.FAILED, None, (FAILED,))),
        ("Success", [Status.RUNNING], Verdict(Status.UNKNOWN, None, (UNFINISHED,))),
        ("Success", [Status.STARTING, Status.FAILED],
         Verdict(Status.FAILED, None, (FAILED, UNFINISHED))),
        ("Warning", [Status.STOPPING], Verdict(Status.UNKNOWN, None, (UNFINISHED,))),
        ("Failed", [Status.RUNNING], Verdict(Status.FAILED, None, (UNFINISHED,))),
        ("None", [Status.RUNNING], Verdict(Status.UNKNOWN, "Stopped", (UNFINISHED,))),
    ],
)  # fmt: skip
def test_a_verdict_that_the_tasks_deny_is_a_contradiction(
    result: str, tasks: list[Status], expected: Verdict
) -> None:
    assert status_of_session("Stopped", result, START, tasks) == expected


def test_a_stopping_session_says_so_even_with_failures() -> None:
    assert status_of_session("Stopping", "None", None, [Status.FAILED]).status is Status.STOPPING


def test_no_combination_raises_and_none_is_both_running_and_finished() -> None:
    words = ["", "None", "Working", "Stopped", "Success", "Failed", "Nonsense"]
    for state, result, ended in product(words, words, [None, START]):
        for status in (
            status_of(state, result, ended).status,
            status_of_session(state, result, ended, [Status.FAILED]).status,
        ):
            assert not (status.is_running and status.is_finished)


def test_the_order_of_statuses_puts_what_needs_attention_first() -> None:
    order = list(Status)
    assert order.index(Status.FAILED) < order.index(Status.WARNING) < order.index(Status.RUNNING)
    assert order.index(Status.WAITING) < order.index(Status.SUCCESS)
