from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import running
from tests.support.listed import Listed, old
from tui.enterprise_manager.resources import FailoverSession, SessionPage
from tui.errors import ConnectionLost, TimedOut, WrongCredentials
from tui.monitor import session_list
from tui.monitor.session_list import MOST_PAGES, PAGES_AHEAD, merged

# Paging -----------------------------------------------------------------------


async def test_pages_are_read_until_pages_count_newest_first() -> None:
    listed = Listed(35)
    await listed.read_all()
    assert listed.source.pages_asked == [1, 2, 3, 4]
    assert listed.ids == [f"id-{number:05}" for number in range(35)]
    assert (listed.state.pages_read, listed.state.pages) == (4, 4)


async def test_each_page_is_shown_as_it_comes_and_the_next_is_due_at_once() -> None:
    listed = Listed(35)
    state = await listed.poll()
    assert len(state.sessions) == 10
    assert not state.is_complete
    assert state.next_poll_at == listed.clock.monotonic()
    await listed.read_all()
    assert listed.state.next_poll_at == listed.clock.monotonic() + 30.0


async def test_an_empty_list_is_complete_and_not_trouble() -> None:
    listed = Listed(0)
    state = await listed.poll()
    assert state.is_complete
    assert state.trouble is None
    assert state.sessions == ()


async def test_an_empty_page_ends_the_list_whatever_pages_count_says() -> None:
    listed = Listed(20)
    listed.source.page_answers[3] = SessionPage(sessions=(), page=3, pages=9)
    listed.source.page_answers[1] = SessionPage(
        sessions=tuple(listed.source.listed[:10]), page=1, pages=9
    )
    listed.source.page_answers[2] = SessionPage(
        sessions=tuple(listed.source.listed[10:]), page=2, pages=9
    )
    await listed.read_all()
    assert listed.source.pages_asked == [1, 2, 3]
    assert len(listed.ids) == 20


async def test_a_list_that_shifts_while_it_is_read_shows_each_session_once() -> None:
    listed = Listed(30)
    await listed.poll()
    listed.source.listed.insert(0, old(-1))
    await listed.read_all()
    assert len(listed.ids) == len(set(listed.ids)) == 30
    await listed.poll()
    assert listed.ids == [each.id for each in listed.source.listed]


async def test_trouble_midway_keeps_what_came_and_goes_on_where_it_stopped() -> None:
    listed = Listed(35)
    await listed.poll(2)
    listed.source.page_answers[3] = ConnectionLost("reset")
    state = await listed.poll(3)
    assert len(state.sessions) == 20
    assert state.trouble is not None
    assert state.trouble.failures == 3
    assert state.next_poll_at == listed.clock.monotonic() + 20.0
    del listed.source.page_answers[3]
    await listed.read_all()
    assert listed.source.pages_asked == [1, 2, 3, 3, 3, 3, 4]
    assert listed.state.trouble is None
    assert len(listed.ids) == 35


async def test_an_endless_list_ends_at_a_stated_limit() -> None:
    listed = Listed(0)
    for number in range(1, MOST_PAGES + 1):
        listed.source.page_answers[number] = SessionPage(
            sessions=(old(number),), page=number, pages=10**6
        )
    asked = 0
    while not (await listed.poll()).is_complete:
        asked += listed.sessions.read_more()
    assert len(listed.state.sessions) == MOST_PAGES
    assert asked == MOST_PAGES / PAGES_AHEAD - 1
    assert listed.state.about == 10**6, "that it goes on is not hidden"
    assert not listed.sessions.read_more()


@given(st.integers(0, 60), st.integers(0, 5), st.integers(1, 4))
async def test_whatever_is_added_while_reading_every_old_session_is_found_once(
    count: int, added: int, at_page: int
) -> None:
    listed = Listed(count)
    before = [each.id for each in listed.source.listed]
    await listed.poll(at_page)
    listed.source.listed[:0] = [old(-1 - number) for number in range(added)]
    await listed.read_all()
    await listed.poll(2)
    assert set(before) <= set(listed.ids)
    assert len(listed.ids) == len(set(listed.ids)) == count + added


# So many that nobody wants them all ----------------------------------------------


async def test_of_a_thousand_pages_only_the_first_pages_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handled: list[int] = []

    def counting(
        known: Iterable[FailoverSession], new: Iterable[FailoverSession]
    ) -> tuple[FailoverSession, ...]:
        both = list(known), list(new)
        handled.append(sum(map(len, both)))
        return merged(*both)

    monkeypatch.setattr(session_list, "merged", counting)
    listed = Listed(10_000)
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(0.001)
        assert listed.source.pages_asked == list(range(1, PAGES_AHEAD + 1))
        await listed.clock.run_for(3_600)
    assert listed.source.pages_asked[PAGES_AHEAD:] == [1] * 120
    assert len(listed.ids) == 10 * PAGES_AHEAD
    assert sum(handled) < 2 * 130 * (10 * PAGES_AHEAD + 10), "nor is work done for the others"
    assert (listed.state.is_enough, listed.state.is_complete) == (True, False)
    assert listed.state.about == 10_000


async def test_whoever_asks_gets_so_many_pages_more_and_no_page_is_asked_for_twice() -> None:
    listed = Listed(250)
    async with running(listed.sessions.run(listed.published.append)):
        await listed.clock.run_for(0.001)
        assert listed.sessions.read_more()
        assert not listed.sessions.read_more(), "they are being read"
        await listed.clock.run_for(0.001)
        assert listed.source.pages_asked == list(range(1, 21))
        await listed.clock.run_for(31)
        assert listed.source.pages_asked[20:] == [1], "a refresh keeps what was read"
        assert len(listed.ids) == 200
        assert listed.sessions.read_more()
        await listed.clock.run_for(0.001)
    assert listed.source.pages_asked[21:] == [21, 22, 23, 24, 25]
    assert (listed.state.is_complete, listed.state.about, len(listed.ids)) == (True, None, 250)


async def test_what_begins_meanwhile_leaves_no_gap_above_the_pages_that_follow() -> None:
    listed = Listed(150)
    await listed.poll(PAGES_AHEAD)
    listed.source.listed[:0] = [old(-number) for number in range(25, 0, -1)]
    await listed.poll(4)
    assert listed.ids[:125] == [each.id for each in listed.source.listed[:125]]
    while not listed.state.is_complete:
        listed.sessions.read_more()
        await listed.poll()
    assert listed.ids == [each.id for each in listed.source.listed]


# Refreshing -------------------------------------------------------------------


async def test_a_refresh_asks_for_the_first_page_only_and_keeps_the_rest() -> None:
    listed = Listed(35)
    await listed.read_all()
    listed.source.listed.insert(0, old(-1))
    state = await listed.poll()
    assert listed.source.pages_asked[4:] == [1]
    assert len(state.sessions) == 36
    assert state.sessions[0].id == old(-1).id
    assert state.is_complete


async def test_an_unchanged_refresh_gives_an_equal_state() -> None:
    listed = Listed(15)
    await listed.read_all()
    before = listed.state
    listed.clock.advance(30)
    after = await listed.poll()
    assert after == before
    assert after.fetched_at != before.fetched_at


async def test_trouble_while_refreshing_keeps_the_list() -> None:
    listed = Listed(15)
    await listed.read_all()
    listed.source.page_answers[1] = TimedOut("slow")
    state = await listed.poll()
    assert len(state.sessions) == 15
    assert state.trouble is not None
    assert state.is_complete


async def test_a_list_that_was_empty_at_first_is_read_whole_later() -> None:
    listed = Listed(0)
    await listed.poll()
    listed.source.listed = [old(number) for number in range(35)]
    await listed.poll(5)
    assert len(listed.ids) == 35


async def test_more_new_sessions_than_a_page_leave_no_gap() -> None:
    listed = Listed(15)
    await listed.read_all()
    listed.source.listed[:0] = [old(-number) for number in range(1, 26)]
    await listed.poll(5)
    assert len(listed.ids) == 40
    assert listed.state.is_complete


async def test_a_defect_of_ours_becomes_trouble() -> None:
    listed = Listed(5)
    listed.source.page_answers[1] = KeyError("token")
    state = await listed.poll()
    assert state.trouble is not None
    assert state.trouble.sentence == "The session list could not be used (KeyError)."


async def test_refused_credentials_need_a_person() -> None:
    listed = Listed(5)
    listed.source.page_answers[1] = WrongCredentials("Wrong user or password.")
    state = await listed.poll()
    assert state.trouble is not None
    assert state.trouble.needs_logon
