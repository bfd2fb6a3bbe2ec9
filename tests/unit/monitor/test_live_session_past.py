"""What a followed session learns of its plan's past, and what is kept when it is left."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.drill_cases import earlier_run, finished
from tests.support.fake_clock import FakeClock, running
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, session, task
from tests.support.observed import everything
from tests.support.watched import DOWN, Watched
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import ConnectionLost
from tui.monitor.follower import SessionFollower
from tui.monitor.live_session import BETWEEN_TRIES, RUNS_TRIES, LiveSession
from tui.monitor.live_sessions import KEPT, LiveSessions
from tui.monitor.observations import Left, Observation, Opened, Reading
from tui.settings.resolved import PlanTarget, Targets


@pytest.fixture
def watched() -> Watched:
    watched = Watched(session(task("a"), task("b")))
    watched.source.listed = [earlier_run(finished("a", 0, 2), name="older")]
    watched.source.sessions = {"older": watched.source.listed[0]}
    return watched


# The plan's past ---------------------------------------------------------------------


async def test_the_plans_past_costs_one_request_and_one_for_each_run(watched: Watched) -> None:
    watched.source.listed = [
        each.model_copy(update={"tasks": ()}) for each in watched.source.listed
    ]
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(600)
    assert watched.source.asked["named"] == 1
    assert watched.source.asked_for.count("older") == 1
    assert watched.state.usual == {"a": timedelta(minutes=2)}
    assert watched.state.comparison is not None


async def test_trouble_with_the_past_is_tried_again_some_times_and_is_no_trouble(
    watched: Watched,
) -> None:
    watched.source.trouble["named"] = ConnectionLost("reset")
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(RUNS_TRIES * BETWEEN_TRIES + 60)
        assert watched.source.asked["named"] == RUNS_TRIES
        assert watched.state.siblings is None
        assert watched.state.trouble is None
        watched.source.trouble.clear()
        assert (await watched.monitor.look_for_siblings()).siblings


async def test_a_past_that_answers_late_is_learned(watched: Watched) -> None:
    watched.source.trouble["named"] = ConnectionLost("reset")
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(10)
        watched.source.trouble.clear()
        await watched.clock.run_for(BETWEEN_TRIES)
    assert [run.id for run in watched.state.runs] == ["older"]
    assert watched.published[-1].runs


async def test_a_newer_session_of_the_plan_is_found_when_it_is_looked_for(
    watched: Watched,
) -> None:
    await watched.monitor.poll_once()
    assert (await watched.monitor.look_for_siblings()).neighbours.newer is None
    newer = earlier_run(days=-1, name="newer")
    watched.source.listed = [newer]
    shown = await watched.monitor.look_for_siblings()
    assert (shown.neighbours.newer, shown.neighbours.older) != (None, None)
    assert [each.id for each in shown.siblings or ()] == ["newer", "older"]


async def test_without_a_session_there_is_nothing_to_look_for(watched: Watched) -> None:
    watched.source.answer = DOWN
    await watched.monitor.poll_once()
    assert not await watched.monitor.read_earlier_runs()
    assert not await watched.monitor.read_details()
    assert (await watched.monitor.look_for_siblings()).siblings is None
    assert watched.source.asked.total() == 1


# Targets ------------------------------------------------------------------------------


async def test_the_settings_targets_of_the_plan_hold_until_a_person_sets_others() -> None:
    half, hour = PlanTarget(rto=timedelta(minutes=30)), PlanTarget(rto=timedelta(hours=1))
    targets = Targets(default=hour, plans={"ABC Company Failover Plan": half})
    live = LiveSession(FakeSource(), SESSION_ID, clock=FakeClock(), targets=targets)
    assert (await live.poll_once()).goals == Goals(rto=timedelta(minutes=30))
    live.set_goals(Goals())
    shown = await live.poll_once()
    assert (shown.goals, shown.goals_by_person) == (Goals(), True)


# Leaving and coming back ----------------------------------------------------------------


async def test_a_session_that_is_opened_again_goes_on_where_it_was_left(
    watched: Watched,
) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(30)
        watched.monitor.set_interval(20.0)
        watched.monitor.toggle_pause()
        watched.monitor.note("storage team called")
    asked = watched.source.asked.copy()
    await watched.clock.run_for(600)
    assert watched.source.asked == asked, "nothing is asked in between"
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(30)
    assert watched.state.wanted_interval == 20.0
    assert not watched.state.paused
    assert [event.text for event in watched.state.events.events if event.text] == [
        "storage team called"
    ]
    assert watched.source.asked["plans"] == asked["plans"], "its details are known"


async def test_opened_twice_at_once_the_second_waits_for_the_first_to_end(
    watched: Watched,
) -> None:
    async with running(watched.monitor.run(watched.publish)):
        await watched.clock.run_for(1)
        second: list[object] = []
        async with running(watched.monitor.run(second.append)):
            await watched.clock.run_for(20)
            assert second == []
        assert watched.polls == 5


async def test_each_session_has_one_and_those_opened_last_are_kept() -> None:
    made: list[str] = []

    def opened(session_id: str) -> LiveSession:
        made.append(session_id)
        return LiveSession(FakeSource(), session_id, clock=FakeClock())

    sessions = LiveSessions(opened)
    first = sessions.of(SESSION_ID)
    assert sessions.of(SESSION_ID.upper()) is first
    for number in range(KEPT - 1):
        sessions.of(f"session-{number}")
    assert sessions.of(SESSION_ID) is first
    sessions.of("one more")
    assert sessions.of(SESSION_ID) is first
    sessions.of("session-0")
    assert made.count("session-0") == 2, "the one opened the longest ago had to go"


# What a journal is given ----------------------------------------------------------------


async def test_whoever_observes_can_tell_all_of_it_again() -> None:
    seen: list[Observation] = []
    clock, source = FakeClock(), FakeSource(session(task("a")))
    live = LiveSession(source, SESSION_ID, clock=clock, observer=seen.append)
    async with running(live.run(lambda _: None)):
        await clock.run_for(12)
        source.go_down()
        await clock.run_for(30)
        live.note("is it down?", "jdoe")
    assert isinstance(seen[0], Opened)
    assert isinstance(seen[-1], Left)
    follower = SessionFollower(SESSION_ID)
    for observation in seen:
        follower.take(observation)
    assert everything(follower.snapshot) == everything(live.snapshot)


async def test_what_an_earlier_run_observed_is_there_before_the_first_question() -> None:
    seen: list[Observation] = []
    clock, source = FakeClock(), FakeSource(session(task("a")))
    first = LiveSession(source, SESSION_ID, clock=clock, interval=15.0, observer=seen.append)
    first.open()
    await first.poll_once()
    first.note("mine", "jdoe")
    second = LiveSession(source, SESSION_ID, clock=clock)
    assert everything(second.recall(seen)) == everything(first.snapshot)


async def test_an_answer_that_could_not_be_taken_in_is_not_handed_on(watched: Watched) -> None:
    seen: list[Observation] = []
    source = FakeSource(FailoverSession.model_construct(id=SESSION_ID, plan_name="x", tasks=None))
    live = LiveSession(source, SESSION_ID, clock=FakeClock(), observer=seen.append)
    assert (await live.poll_once()).trouble is not None
    assert not [each for each in seen if isinstance(each, Reading)]


async def test_a_key_comes_between_the_stages_of_a_very_large_answer() -> None:
    tasks = [task(f"vm{number}") for number in range(2_001)]
    live = LiveSession(FakeSource(session(*tasks), rounds=(0,)), SESSION_ID, clock=FakeClock())
    polling = asyncio.ensure_future(live.poll_once())
    noted = 0
    while not polling.done():
        await asyncio.sleep(0)
        if live.snapshot.session is None and not polling.done():
            noted += 1
            live.note(f"note {noted}")
    shown = await polling
    assert noted >= 1
    assert shown.assessment is not None
    assert shown.assessment.total == 2_001
    assert shown.drill is not None
