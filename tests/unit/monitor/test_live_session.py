from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import SESSION_ID, done, plan, session, stopped, task
from tests.support.watched import DOWN, Watched
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import (
    FailoverMonitorError,
    NotFound,
    ServerBusy,
    ServerTrouble,
    TimedOut,
    WrongCredentials,
)
from tui.monitor import backoff
from tui.monitor.snapshot import Snapshot


@pytest.fixture
def watched() -> Watched:
    return Watched(session(task("a", progress=10)))


# One poll ---------------------------------------------------------------------


async def test_before_the_first_poll_nothing_is_known(watched: Watched) -> None:
    assert watched.state == Snapshot(SESSION_ID)
    assert watched.state.freshness(0.0).stale


async def test_a_poll_brings_the_session_judged_and_says_when_the_next_is_due(
    watched: Watched,
) -> None:
    watched.source.server_time = lambda: watched.clock.now() + timedelta(seconds=60)
    state = await watched.monitor.poll_once()
    assert state.session is watched.source.answer
    assert state.assessment is not None
    assert state.assessment.status is Status.RUNNING
    assert state.trouble is None
    assert (state.fetched_at, state.next_poll_at, state.polls) == (1000.0, 1005.0, 1)
    assert state.server_clock is not None
    assert state.server_clock.skew == timedelta(seconds=60)


async def test_a_missing_date_header_keeps_the_servers_clock(watched: Watched) -> None:
    watched.source.server_time = watched.clock.now
    known = (await watched.monitor.poll_once()).server_clock
    watched.source.server_time = lambda: None
    assert (await watched.monitor.poll_once()).server_clock is known


async def test_an_unchanged_answer_is_not_judged_again(watched: Watched) -> None:
    first = await watched.monitor.poll_once()
    second = await watched.monitor.poll_once()
    assert second.assessment is first.assessment


async def test_a_changed_answer_gives_another_state(watched: Watched) -> None:
    first = await watched.monitor.poll_once()
    watched.source.answer = session(task("a", progress=11))
    assert await watched.monitor.poll_once() != first


@pytest.mark.parametrize("error", [DOWN, ServerTrouble("500"), NotFound("404"), TimedOut("slow")])
async def test_trouble_is_a_value_and_the_last_good_data_stays(
    watched: Watched, error: FailoverMonitorError
) -> None:
    good = await watched.monitor.poll_once()
    watched.source.answer = error
    watched.clock.advance(5)
    state = await watched.monitor.poll_once()
    assert state.session is good.session
    assert state.assessment is good.assessment
    assert state.fetched_at == good.fetched_at
    assert state.trouble is not None
    assert (state.trouble.kind, state.trouble.sentence, state.trouble.remedy) == (
        type(error).__name__,
        error.sentence,
        error.remedy,
    )


async def test_trouble_counts_its_failures_and_goes_with_the_first_answer(
    watched: Watched,
) -> None:
    good, watched.source.answer = watched.source.answer, DOWN
    for _ in range(3):
        state = await watched.monitor.poll_once()
        watched.clock.advance(60)
    assert state.trouble is not None
    assert (state.trouble.failures, state.trouble.since) == (3, 1000.0)
    watched.source.answer = good
    assert (await watched.monitor.poll_once()).trouble is None


async def test_a_busy_server_is_asked_again_when_it_wants_to_be(watched: Watched) -> None:
    watched.source.answer = ServerBusy("Too many requests.", retry_after=33.0)
    state = await watched.monitor.poll_once()
    assert state.next_poll_at == 1033.0
    watched.source.answer = ServerBusy("Too many requests.", retry_after=3600.0)
    assert (await watched.monitor.poll_once()).next_poll_at == 1060.0


async def test_refused_credentials_need_a_person(watched: Watched) -> None:
    watched.source.answer = WrongCredentials("Wrong user or password.")
    state = await watched.monitor.poll_once()
    assert state.trouble is not None
    assert state.trouble.needs_logon


async def test_a_defect_of_ours_becomes_trouble_without_its_text(watched: Watched) -> None:
    watched.source.answer = KeyError("X-RestSvcSessionId: NDRjZmJk")
    state = await watched.monitor.poll_once()
    assert state.trouble is not None
    assert state.trouble.sentence == "The answer could not be used (KeyError)."


async def test_an_answer_that_cannot_be_judged_becomes_trouble_too(watched: Watched) -> None:
    good = await watched.monitor.poll_once()
    watched.source.answer = FailoverSession.model_construct(id=SESSION_ID, tasks=None)
    state = await watched.monitor.poll_once()
    assert state.trouble is not None
    assert state.session is good.session


# Tasks that the server stops listing --------------------------------------------


async def test_the_last_tasks_are_kept_when_the_finished_session_lists_none(
    watched: Watched,
) -> None:
    watched.source.answer = session(done("a"), done("b", "Failed", "No space"), task("c"))
    await watched.monitor.poll_once()
    watched.source.answer = stopped(result="Failed")
    for _ in range(3):
        state = await watched.monitor.poll_once()
    assert state.assessment is not None
    assert [(view.vm_name, view.status) for view in state.assessment.tasks] == [
        ("a", Status.SUCCESS),
        ("b", Status.FAILED),
        ("c", Status.UNKNOWN),
    ]
    assert all(view.unlisted for view in state.assessment.tasks)


async def test_a_point_that_came_late_leaves_no_ghost_when_the_list_vanishes(
    watched: Watched,
) -> None:
    for answer in (session(task("a", point=None)), session(done("a")), stopped()):
        watched.source.answer = answer
        state = await watched.monitor.poll_once()
    assert state.assessment is not None
    assert [view.status for view in state.assessment.tasks] == [Status.SUCCESS]


READINGS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), min_size=1, max_size=5)


@given(READINGS)
async def test_no_vm_ever_seen_is_lost_and_none_is_doubled(readings: list[list[str]]) -> None:
    watched = Watched()
    for names in readings:
        watched.source.answer = session(*(task(name) for name in dict.fromkeys(names)))
        state = await watched.monitor.poll_once()
    assert state.assessment is not None
    seen = [view.vm_name for view in state.assessment.tasks]
    assert sorted(seen) == sorted({name for names in readings for name in names})


# Whose plan it is --------------------------------------------------------------


async def test_a_plan_that_its_vms_tell_later_takes_the_note_away_and_brings_the_tenant() -> None:
    one, two = task("both"), task("ours")
    watched = Watched(session(one))
    watched.source.plans = [
        plan("both", vm, plan_id=vm).model_copy(update={"tenant": tenant, "tenant_id": tenant})
        for vm, tenant in (("ours", "Oak"), ("theirs", "Elm"))
    ]
    for _ in range(3):
        await watched.monitor.poll_once()
        await watched.monitor.read_details()
    details = watched.monitor.snapshot.details
    assert (details.plan, details.tenant) == (None, None)
    assert details.plan_note == "2 cloud failover plans have that name (Elm, Oak)"

    watched.source.answer = session(one, two)
    for _ in range(3):
        await watched.monitor.poll_once()
        await watched.monitor.read_details()
    details = watched.monitor.snapshot.details
    assert details.plan is not None
    assert (details.plan.id, details.plan_note, details.tenant) == ("ours", None, "Oak")


async def test_each_failure_in_a_row_waits_as_long_as_its_number_says(watched: Watched) -> None:
    waits = []
    watched.source.answer = DOWN
    for failures in (1, 2, 3):
        state = await watched.monitor.poll_once()
        assert state.trouble is not None
        assert (state.trouble.failures, state.polls) == (failures, failures)
        assert state.next_poll_at is not None
        waits.append(state.next_poll_at - watched.clock.monotonic())
    assert waits == [backoff.delay(failures, 5.0, lambda: 0.5) for failures in (1, 2, 3)]
    assert waits == sorted(set(waits)), "each longer than the one before"
