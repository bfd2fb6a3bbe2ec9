from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import START, FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import at, session
from tui.enterprise_manager.resources import FailoverSession, SessionPage
from tui.errors import ConnectionRefused, WrongCredentials
from tui.monitor.clock import ServerClock
from tui.monitor.standby import MOST_CLOSE, Standby, StandbyState, close_names, same_name

PLAN = "ABC Company Failover Plan"


def run(
    number: int, begun: float | None, *, over: bool = True, plan: str = PLAN
) -> FailoverSession:
    """A session that began so many minutes after the start, and took one."""
    created = None if begun is None else at(begun)
    return session(
        session_id=f"run-{number}",
        plan=plan,
        state="Stopped" if over else "Working",
        result="Success" if over else "None",
        created=created,
        ended=at(begun + 1) if over and begun is not None else None,
    )


class Waiting:
    """A standby with its fakes."""

    def __init__(
        self,
        *listed: FailoverSession,
        plan: str = PLAN,
        server_clock: ServerClock | None = None,
        known: tuple[FailoverSession, ...] = (),
        backup_server: str | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.source = FakeSource()
        self.source.listed = list(listed)
        self.published: list[StandbyState] = []
        self.standby = Standby(
            self.source,
            plan,
            self.clock,
            known=known,
            backup_server=backup_server,
            server_clock=server_clock,
            random_source=lambda: 0.5,
        )

    @property
    def state(self) -> StandbyState:
        return self.standby.state

    @property
    def found(self) -> str | None:
        return self.state.found.id if self.state.found else None

    async def poll(self, *listed: FailoverSession) -> str | None:
        if listed:
            self.source.listed = list(listed)
        await self.standby.poll_once()
        return self.found


async def test_a_running_session_of_the_plan_is_it_at_once() -> None:
    waiting = Waiting(run(2, -3, over=False), run(1, -600))
    assert await waiting.poll() == "run-2"
    assert waiting.state.last is not None
    assert waiting.state.last.id == "run-1"


@pytest.mark.parametrize("typed", [" abc COMPANY failover plan ", PLAN])
async def test_case_and_outer_blanks_of_the_name_do_not_count(typed: str) -> None:
    assert await Waiting(run(2, -3, over=False), plan=typed).poll() == "run-2"


async def test_other_plans_and_finished_sessions_are_not_it() -> None:
    waiting = Waiting(run(3, -1, over=False, plan="Another"), run(2, -3), run(1, -600))
    assert await waiting.poll() is None
    assert waiting.state.last is not None
    assert waiting.state.last.id == "run-2"


async def test_the_newest_of_several_running_ones_is_taken() -> None:
    waiting = Waiting(run(1, -9, over=False), run(2, -3, over=False))
    assert await waiting.poll() == "run-2"


async def test_what_runs_without_a_date_has_just_begun() -> None:
    waiting = Waiting(run(1, -9, over=False), run(2, None, over=False))
    assert await waiting.poll() == "run-2"


async def test_a_state_unknown_here_does_not_say_that_it_runs() -> None:
    odd = run(1, -9, over=False).model_copy(update={"state": "Idle"})
    assert await Waiting(odd).poll() is None


async def test_a_drill_that_was_over_between_two_looks_is_found() -> None:
    waiting = Waiting(run(1, -600))
    assert await waiting.poll() is None
    assert await waiting.poll(run(2, 1), run(1, -600)) == "run-2"


async def test_an_older_session_that_shifts_into_the_page_is_not_new() -> None:
    waiting = Waiting(run(2, -5, plan="Another"), run(3, -60))
    assert await waiting.poll() is None
    assert await waiting.poll(run(1, -700), run(3, -60)) is None


async def test_the_servers_clock_tells_what_began_before_the_first_list_could_be_read() -> None:
    ahead = ServerClock(START + timedelta(minutes=30), 1000.0, timedelta(minutes=30))
    waiting = Waiting(run(1, 31), server_clock=ahead)
    assert waiting.state.since == START + timedelta(minutes=30)
    assert await waiting.poll() == "run-1"
    earlier = Waiting(run(1, 29), server_clock=ahead)
    assert await earlier.poll() is None


async def test_this_machines_clock_decides_nothing() -> None:
    waiting = Waiting(run(1, 5))
    assert waiting.state.since == START
    assert await waiting.poll() is None


async def test_one_request_a_poll_of_the_first_page_until_it_is_found() -> None:
    waiting = Waiting(*(run(number, -60 * number) for number in range(1, 250)))
    seen: list[StandbyState] = []
    task = asyncio.create_task(waiting.standby.run(seen.append))
    await waiting.clock.run_for(3600)
    assert waiting.source.asked == {"page": 361}
    assert set(waiting.source.pages_asked) == {1}
    waiting.source.listed.insert(0, run(900, 59, over=False))
    await waiting.clock.run_for(10)
    assert task.done()
    assert (await task).id == "run-900"
    assert seen[-1].found is not None
    assert await waiting.poll() == "run-900"
    assert waiting.source.asked == {"page": 362}
    assert waiting.clock.sleeping == 0


async def test_trouble_is_a_value_backs_off_and_ends_nothing() -> None:
    waiting = Waiting(run(1, -600))
    await waiting.poll()
    waiting.source.page_answers[1] = ConnectionRefused("Nothing listens.")
    task = asyncio.create_task(waiting.standby.run(waiting.published.append))
    await waiting.clock.run_for(8 * 3600)
    trouble = waiting.state.trouble
    assert trouble is not None
    assert trouble.sentence == "Nothing listens."
    assert trouble.failures > 400
    assert waiting.state.freshness(waiting.clock.monotonic()).stale
    assert waiting.state.last is not None
    waiting.source.page_answers.clear()
    waiting.source.listed = [run(2, 1, over=False)]
    waiting.standby.poll_now()
    await waiting.clock.settle()
    assert (await task).id == "run-2"
    assert waiting.state.trouble is None


async def test_a_refused_account_needs_a_logon() -> None:
    waiting = Waiting()
    waiting.source.page_answers[1] = WrongCredentials("Refused.")
    await waiting.poll()
    assert waiting.state.trouble is not None
    assert waiting.state.trouble.needs_logon


async def test_a_defect_is_trouble_too() -> None:
    waiting = Waiting()
    waiting.source.page_answers[1] = RuntimeError("secret")
    await waiting.poll()
    assert waiting.state.trouble is not None
    assert waiting.state.trouble.sentence == "The session list could not be used (RuntimeError)."


async def test_cancelling_ends_it_and_leaves_nothing_behind() -> None:
    waiting = Waiting()
    task = asyncio.create_task(waiting.standby.run(waiting.published.append))
    await waiting.clock.run_for(30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await waiting.clock.settle()
    assert waiting.clock.sleeping == 0


async def test_what_publish_raises_comes_out() -> None:
    def publish(state: StandbyState) -> None:
        raise LookupError("nobody reads")

    with pytest.raises(LookupError, match="nobody reads"):
        await Waiting().standby.run(publish)


async def test_a_name_never_seen_is_told_with_those_like_it_and_waited_for() -> None:
    others = (run(1, -60, plan="ABC Company Failover Plan 2"), run(2, -70, plan="Elsewhere"))
    waiting = Waiting(*others, plan="ABC Compnay Failover Plan")
    await waiting.poll()
    assert waiting.state.close == ("ABC Company Failover Plan 2",)
    assert waiting.state.last is None
    begun = run(3, 2, over=False, plan="ABC Compnay Failover Plan")
    assert await waiting.poll(begun, *others) == "run-3"
    assert not waiting.state.close


async def test_known_sessions_tell_of_the_past_only() -> None:
    waiting = Waiting(run(9, -1, plan="Elsewhere"), known=(run(1, -9000), run(2, -3, over=False)))
    assert waiting.state.last is not None
    assert waiting.state.last.id == "run-2"
    assert await waiting.poll() is None
    assert waiting.state.last is not None
    assert waiting.state.last.id == "run-2"


async def test_one_that_was_seen_running_before_is_not_the_next() -> None:
    older = run(1, -30, over=False)
    waiting = Waiting(older, known=(older,))
    assert await waiting.poll() is None
    assert waiting.state.last is not None
    assert waiting.state.last.id == "run-1"
    assert await waiting.poll(run(2, 1, over=False), older) == "run-2"


async def test_a_plan_of_that_name_on_another_backup_server_is_another_plan() -> None:
    def on(server: str | None, session: FailoverSession) -> FailoverSession:
        return session.model_copy(update={"backup_server": server})

    waiting = Waiting(on("vbr02", run(1, -3, over=False)), backup_server="vbr01")
    assert await waiting.poll() is None
    assert waiting.state.last is None
    assert await waiting.poll(on("vbr01", run(2, -2, over=False))) == "run-2"
    untold = Waiting(on(None, run(3, -3, over=False)), backup_server="vbr01")
    assert await untold.poll() == "run-3"


async def test_weeks_of_sessions_leave_one_for_each_plan() -> None:
    waiting = Waiting(plan="Never")
    for number in range(1000):
        plan = f"Plan {number % 7}"
        await waiting.poll(run(number, number * 60, plan=plan))
    assert len(waiting.standby._seen) == 7


@given(st.text(), st.lists(st.text(), max_size=30))
def test_close_names_are_few_of_those_given_each_once(wanted: str, names: list[str]) -> None:
    close = close_names(wanted, names)
    assert len(close) <= MOST_CLOSE
    assert len(set(close)) == len(close)
    assert set(close) <= {name.strip() for name in names}


@given(st.text())
def test_a_name_is_its_own_whatever_the_blanks(name: str) -> None:
    assert same_name(name, f"  {name}\t")


@given(
    st.lists(
        st.tuples(
            st.integers(-500, 500), st.booleans(), st.sampled_from([PLAN, "Elsewhere", "abc"])
        ),
        max_size=12,
    )
)
def test_what_is_found_in_a_first_list_runs_and_is_of_the_plan(
    made: list[tuple[int, bool, str]],
) -> None:
    listed = tuple(
        run(number, begun, over=over, plan=plan) for number, (begun, over, plan) in enumerate(made)
    )
    waiting = Waiting()
    waiting.source.page_answers[1] = SessionPage(sessions=listed, page=1, pages=1)
    found = asyncio.run(waiting.poll())
    running = {each.id for each in listed if each.ended is None and each.plan_name == PLAN}
    assert (found in running) if running else (found is None)
