"""The session picker."""

from __future__ import annotations

from typing import cast

import pytest
from pydantic import SecretStr
from textual.message import Message
from textual.widgets import Static

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.messages import HistoryPublished
from tui.presentation.session_order import SessionRow
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.session_selector import Selector, Which
from tui.simulator.exchange import Request, Response

DEMO = SecretStr("demo")
LATEST = Selector(Which.LATEST)
MISSING = "4347c445-0a1b-4c2d-8e3f-001122334455"


def _rows(stage: Stage) -> list[SessionRow]:
    return [cast(SessionRow, row) for row in stage.table._rows]


def _title(stage: Stage) -> str:
    return stage.painted("#list-title")[0]


def _pages_asked_for(stage: Stage) -> list[str]:
    """Grows with each page of the list that is asked for."""
    pages: list[str] = []

    def note(request: Request) -> Response | None:
        if request.path == "/api/query" and "CloudFailoverSession" in request.query:
            pages.append(request.query.rpartition("page=")[2])
        return None

    stage.service.fault = note
    return pages


async def test_running_ones_on_top_and_newest_first(on_stage: OnStage) -> None:
    async with on_stage("warnings", at="picker") as stage:
        stage.showing(PickerScreen)
        rows = _rows(stage)
        running = [row.assessment.status.is_running for row in rows]
        assert running[:2] == [True, True]
        assert not any(running[2:])
        starts = [row.session.created for row in rows[2:] if row.session.created]
        assert starts == sorted(starts, reverse=True)
        assert len(starts) == 23
        assert "START UTC▲" in stage.rows[0]
        assert stage.table.has_focus


async def test_the_overview_lets_failures_float_to_the_top(on_stage: OnStage) -> None:
    async with on_stage("failures", at="picker") as stage:
        await stage.advance(45)
        rows = _rows(stage)
        assert rows[0].session.id == stage.service.featured_session
        assert "✘ Running with er" in stage.rows[1].replace("…", "er") or "✘" in stage.rows[1]
        assert rows[0].assessment.status.value == "running with errors"


async def test_filter_narrows_inverts_and_is_cleared_by_escape(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        everything = len(_rows(stage))
        await stage.press("slash")
        await stage.paste("alpine")
        await stage.press("enter")
        plans = {row.session.plan_name for row in _rows(stage)}
        assert plans == {"Alpine Dental DR"}
        kept = len(_rows(stage))
        assert f"filter alpine: {kept} shown" in _title(stage)
        assert stage.table.has_focus
        await stage.advance(31)
        assert {row.session.plan_name for row in _rows(stage)} == plans, "a refresh keeps it"
        await stage.press("slash", "home", "!", "enter")
        assert len(_rows(stage)) == everything - kept
        await stage.press("escape")
        assert len(_rows(stage)) == everything
        await stage.press("slash")
        await stage.paste(stage.service.featured_session[:13])
        assert [row.session.id for row in _rows(stage)] == [stage.service.featured_session]
        await stage.press("escape")
        assert len(_rows(stage)) == everything
        stage.showing(PickerScreen)


async def test_failures_only(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        await stage.press("f")
        assert _rows(stage)
        assert {row.session.result for row in _rows(stage)} == {"Failed"}
        assert "failed only" in _title(stage)
        await stage.press("f")
        assert len(_rows(stage)) == 25


async def test_sort_by_key_and_by_header(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        await stage.press("s")
        plans = [row.session.plan_name for row in _rows(stage)[1:]]
        assert plans == sorted(plans, key=str.casefold)
        assert "PLAN▲" in stage.rows[0]
        await stage.press("S")
        plans = [row.session.plan_name for row in _rows(stage)[1:]]
        assert plans == sorted(plans, key=str.casefold, reverse=True)
        assert "PLAN▼" in stage.rows[0]
        at = stage.rows[0].index("DURATION")
        await stage.click("#sessions", at=(at, 0))
        assert "DURATION▲" in stage.rows[0]


async def test_a_refresh_keeps_the_selection(on_stage: OnStage) -> None:
    async with on_stage("drill", at="picker") as stage:
        await stage.press("down", "down", "down")
        chosen = stage.table.cursor_key
        before = stage.table._cursor
        await stage.advance(35)
        await stage.press("r")
        assert stage.table.cursor_key == chosen
        assert stage.table._cursor == before + 1, "the drill has begun, on top"
        await stage.press("enter")
        assert stage.showing(SessionScreen).state.session_id == chosen


async def test_it_refreshes_itself(on_stage: OnStage) -> None:
    async with on_stage("drill", at="picker") as stage:
        assert "25 cloud" in _title(stage) or "24 cloud" in _title(stage)
        before = len(_rows(stage))
        await stage.advance(31)
        assert len(_rows(stage)) == before + 1


async def test_it_loads_page_by_page(on_stage: OnStage) -> None:
    async with on_stage("clean", at="login", server={"sessions": 250}) as stage:
        pages = _pages_asked_for(stage)
        await stage.log_on()
        await stage.until(lambda: len(_rows(stage)) == 250)
        assert pages == ["1", "2", "3"], "each page once"
        published = [cast(HistoryPublished, posted).state for posted in _published(stage)]
        read = [(state.pages_read, state.pages, len(state.sessions)) for state in published]
        assert read[0] == (1, 3, 100), "the first page shows before the others are there"
        assert read[-1] == (3, 3, 250)
        assert _title(stage) == " 250 cloud failover sessions"
        assert len({row.session.id for row in _rows(stage)}) == 250
        await stage.advance(20)
        assert len(pages) == 3


async def test_of_very_many_sessions_the_end_reads_on(on_stage: OnStage) -> None:
    async with on_stage("clean", at="login", server={"sessions": 2_350}) as stage:
        pages = _pages_asked_for(stage)
        await stage.log_on()
        await stage.until(lambda: len(_rows(stage)) == 1_000)
        await stage.advance(70)
        assert pages == [*map(str, range(1, 11)), "1", "1"], "by itself no more than ten"
        assert "1,000 of about 2,400 cloud failover sessions read" in _title(stage)
        assert "End reads more" in _title(stage)
        stage.table.focus()
        await stage.press("end")
        await stage.until(lambda: len(_rows(stage)) == 2_000)
        assert stage.table._cursor == 999, "the cursor stays on its session"
        await stage.press("slash", *"no such text", "enter", "end")
        await stage.until(lambda: stage.showing(PickerScreen).state.is_complete)
        assert "2350 cloud failover sessions, filter no such text: 0 shown" in _title(stage)
        assert pages[12:] == [*map(str, range(11, 25))]


def _published(stage: Stage) -> list[Message]:
    return stage.posted(HistoryPublished)


async def test_an_empty_list_is_explained(on_stage: OnStage) -> None:
    async with on_stage("drill", at="picker", server={"sessions": 1}) as stage:
        assert _rows(stage) == []
        assert "no cloud failover sessions" in str(stage.one("#empty", Static).render())
        assert stage.one("#empty", Static).display
        assert not stage.table.display
        assert "0 cloud failover sessions" in _title(stage)
        await stage.advance(31)
        assert len(_rows(stage)) == 1
        assert stage.table.display
        assert stage.table.has_focus


async def test_how_many_sessions_is_a_dash_until_the_list_was_read(on_stage: OnStage) -> None:
    def refuse(request: Request) -> Response | None:
        if request.path == "/api/query":
            return Response(503, {}, b"")
        return None

    async with on_stage("clean", at="login") as stage:
        stage.service.fault = refuse
        await stage.log_on()
        await stage.until(lambda: stage.showing(PickerScreen).state.trouble is not None)
        assert _title(stage).startswith(" – cloud failover sessions")
        stage.service.fault = None
        await stage.press("r")
        await stage.until(lambda: len(_rows(stage)) == 25)
        assert _title(stage).startswith(" 25 cloud failover sessions")


async def test_one_request_a_poll_while_a_session_is_in_front(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        await stage.press("enter")
        stage.showing(SessionScreen)
        await stage.advance(20)
        before = len(stage.requests())
        await stage.advance(100)
        one = f"GET /api/cloud/failoverSessions/{stage.service.featured_session}"
        asked = stage.requests()[before:]
        assert asked.count(one) == 20
        points = [line for line in asked if line != one]
        assert all(line.startswith("GET /api/cloud/vmReplicaPoints/") for line in points)
        assert len(set(points)) == len(points), "each point of a task that began is read once"
        before = len(stage.requests())
        await stage.press("escape")
        stage.showing(PickerScreen)
        assert "GET /api/query" in stage.requests()[before:], "in front again: refreshed"


async def test_it_goes_on_behind_a_dialog(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        await stage.press("question_mark")
        stage.showing(HelpScreen)
        before = stage.requests().count("GET /api/query")
        await stage.advance(65)
        assert stage.requests().count("GET /api/query") == before + 2
        await stage.press("escape")
        assert stage.requests().count("GET /api/query") == before + 2


async def test_trouble_is_said_and_the_list_kept(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        stage.wire.cut()
        await stage.advance(31)
        head = stage.painted("#head")
        assert "refused the connection" in head[1]
        assert any("r tries now" in line for line in head)
        assert "STALE" in head[0]
        assert len(_rows(stage)) == 25
        await stage.advance(60)
        assert stage.showing(PickerScreen).has_class("-stale")
        stage.wire.mend()
        await stage.press("r")
        assert "live 0 s" in stage.painted("#head")[0]
        assert not stage.showing(PickerScreen).has_class("-stale")


async def test_the_key_hints_follow_the_focus(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        assert stage.lines[-1].startswith(" ? Help Enter Open / Filter i Session ID")
        await stage.press("i")
        assert stage.lines[-1].split()[:4] == ["F1", "Help", "F5", "Refresh"]
        await stage.press("escape")
        assert stage.lines[-1].startswith(" ? Help Enter Open / Filter i Session ID")


async def test_the_id_goes_to_the_clipboard(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        await stage.press("down", "y")
        assert stage.app.clipboard == stage.table.cursor_key
        assert any("copied" in said for said in stage.app.said)


async def test_keys_and_mouse_move_the_cursor(on_stage: OnStage) -> None:
    async with on_stage("clean", at="picker") as stage:
        table = stage.table
        for key, expected in [
            ("down", 1), ("j", 2), ("up", 1), ("k", 0), ("k", 0), ("end", 24), ("home", 0),
            ("G", 24), ("j", 24), ("g", 0), ("pagedown", 17), ("pageup", 0),
        ]:  # fmt: skip
            await stage.press(key)
            assert table._cursor == expected, key
            assert len(stage.under_cursor) == 1, key
        await stage.click("#sessions", at=(10, 4))
        assert table._cursor == 3
        chosen = table.cursor_key
        await stage.click("#sessions", at=(10, 4))
        assert stage.showing(SessionScreen).state.session_id == chosen


async def test_where_a_program_cannot_be_suspended_it_says_so(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage("clean", at="picker") as stage:
        monkeypatch.delattr("signal.SIGTSTP")
        await stage.press("ctrl+z")
        (said,) = (each.message for each in stage.app._notifications)
        assert said == "This system cannot suspend a program."
