from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import running
from tests.support.listed import Listed, going, old
from tests.support.making import at, done, plan, task
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import ConnectionLost, NoPermission, TimedOut
from tui.monitor.session_list import (
    AT_ONCE,
    MOST_FOLLOWED,
    merged,
)

# Running sessions -------------------------------------------------------------


async def test_running_sessions_are_read_with_their_tasks_finished_ones_are_not() -> None:
    listed = Listed(5)
    listed.source.listed[0] = going(0)
    listed.source.sessions["id-00000"] = going(0, task("a"), done("b", "Failed"))
    state = await listed.poll()
    assert listed.source.asked_for == ["id-00000"]
    assert [each.vm_name for each in state.sessions[0].tasks] == ["a", "b"]


async def test_at_most_four_are_read_at_a_time_and_twenty_in_all() -> None:
    listed = Listed(0)
    listed.source.page_size = 100
    listed.source.listed = [going(number) for number in range(50)]
    for each in listed.source.listed:
        listed.source.sessions[each.id] = each
    await listed.poll()
    assert listed.source.at_once == AT_ONCE == 4
    assert listed.source.asked["session"] == MOST_FOLLOWED


async def test_one_that_cannot_be_read_stays_as_the_list_has_it() -> None:
    listed = Listed(3)
    listed.source.listed[0] = going(0)
    listed.source.listed[1] = going(1)
    listed.source.sessions["id-00001"] = going(1, task("a"))
    state = await listed.poll()
    assert state.trouble is None
    assert state.sessions[0] == going(0)
    assert state.sessions[1].tasks != ()


async def test_a_running_session_that_the_server_no_longer_has_does_not_run_for_ever() -> None:
    listed = Listed(3)
    listed.source.listed[0] = going(0)
    listed.source.sessions["id-00000"] = going(0)
    await listed.poll()
    del listed.source.sessions["id-00000"]
    await listed.poll()
    assert listed.ids[0] == "id-00000", "not found, but listed: it may just have begun"
    del listed.source.listed[0]
    await listed.poll()
    assert listed.ids == ["id-00001", "id-00002"]


async def test_trouble_while_following_takes_no_session_away() -> None:
    listed = Listed(3)
    listed.source.listed[0] = going(0)
    await listed.poll()
    listed.source.sessions["id-00000"] = TimedOut("slow")
    del listed.source.listed[0]
    await listed.poll()
    assert listed.ids[0] == "id-00000"


async def test_the_tasks_of_an_earlier_reading_survive_a_refresh() -> None:
    listed = Listed(1)
    listed.source.listed[0] = going(0)
    listed.source.sessions["id-00000"] = going(0, task("a"))
    await listed.poll()
    listed.source.sessions["id-00000"] = TimedOut("slow")
    state = await listed.poll()
    assert [each.vm_name for each in state.sessions[0].tasks] == ["a"]


async def test_a_session_that_ends_is_no_longer_followed() -> None:
    listed = Listed(1)
    listed.source.listed[0] = going(0)
    listed.source.sessions["id-00000"] = going(0, task("a"))
    await listed.poll()
    listed.source.listed[0] = old(0)
    state = await listed.poll()
    assert state.sessions[0].state == "Stopped"
    assert listed.source.asked["session"] == 1


async def test_the_servers_clock_comes_from_the_sessions_followed() -> None:
    listed = Listed(1)
    listed.source.listed[0] = going(0)
    listed.source.sessions["id-00000"] = going(0)
    listed.source.server_time = lambda: listed.clock.now() + timedelta(seconds=90)
    state = await listed.poll()
    assert state.server_clock is not None
    assert state.server_clock.skew == timedelta(seconds=90)


# Over time --------------------------------------------------------------------


async def test_the_loop_reads_all_pages_then_refreshes_at_its_interval() -> None:
    listed = Listed(35)
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(0.001)
        assert listed.state.is_complete
        await listed.clock.run_for(300)
    assert listed.source.pages_asked == [1, 2, 3, 4] + [1] * 10
    assert len(listed.published) == 14


async def test_paused_it_sends_nothing_and_resumes_with_a_refresh() -> None:
    listed = Listed(5)
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(1)
        listed.sessions.pause()
        await listed.clock.run_for(86_400)
        assert listed.source.pages_asked == [1]
        listed.sessions.resume()
        await listed.clock.run_for(1)
        listed.sessions.poll_now()
        await listed.clock.run_for(1)
    assert listed.source.pages_asked == [1, 1, 1]


async def test_it_never_gives_up_and_comes_back_by_itself() -> None:
    listed = Listed(5)
    listed.source.page_answers[1] = ConnectionLost("reset")
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(86_400)
        assert len(listed.published) > 86_400 / 60
        assert listed.state.freshness(listed.clock.monotonic()).stale
        del listed.source.page_answers[1]
        await listed.clock.run_for(60)
    assert listed.state.trouble is None
    assert len(listed.ids) == 5
    assert listed.clock.sleeping == 0


# Merging ----------------------------------------------------------------------

SESSIONS = st.lists(
    st.builds(
        old,
        st.integers(0, 9),
        created=st.none() | st.integers(-5, 5).map(at),
        state=st.sampled_from(["Working", "Stopped"]),
        tasks=st.sampled_from([(), (task("a"),), (task("a"), task("b"))]),
    ),
    max_size=8,
)


@given(SESSIONS, SESSIONS)
def test_merging_keeps_each_once_the_newer_reading_wins_newest_first(
    known: list[FailoverSession], new: list[FailoverSession]
) -> None:
    result = merged(known, new)
    assert sorted(each.id for each in result) == sorted({each.id for each in [*known, *new]})
    newest = {each.id: each for each in new}
    for each in result:
        if each.id in newest:
            assert each.state == newest[each.id].state
            assert not newest[each.id].tasks or each.tasks == newest[each.id].tasks
    starts = [each.created for each in result if each.created]
    assert starts == sorted(starts, reverse=True)
    assert all(each.created is None for each in result[len(starts) :])
    assert merged(result, ()) == result


@pytest.mark.parametrize("tasks", [(), (done("a"),)])
def test_a_reading_without_tasks_keeps_the_tasks_of_an_earlier_one(tasks: object) -> None:
    (found,) = merged([old(1, tasks=(task("a"),))], [old(1, tasks=tasks)])
    assert found.tasks == (tasks or (task("a"),))


async def test_the_tenants_are_asked_for_once_the_list_is_there_and_kept() -> None:
    listed = Listed(3)
    told = plan("a", name="ABC Company Failover Plan").model_copy(update={"tenant": "Oak"})
    listed.source.plans = [told]
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(100)
    assert listed.state.tenants.of(listed.state.sessions[0]) == "Oak"
    assert listed.source.asked["all plans"] == 1


async def test_without_an_answer_about_plans_the_list_goes_on_and_no_tenant_is_told() -> None:
    listed = Listed(3)
    listed.source.plans = NoPermission("403")
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(100)
    assert listed.state.tenants.of(listed.state.sessions[0]) is None
    assert listed.state.trouble is None
    assert len(listed.state.sessions) == 3
