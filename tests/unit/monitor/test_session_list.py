from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.listed import Listed, old
from tui.enterprise_manager.resources import SessionPage
from tui.errors import ConnectionLost, TimedOut, WrongCredentials
from tui.monitor.session_list import (
    MOST_PAGES,
)

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
    state = await listed.poll(MOST_PAGES)
    assert state.is_complete
    assert len(state.sessions) == MOST_PAGES


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
