"""The session screen while all is well: live, sorted, filtered, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.stage import Stage
from tests.support.ui_drill import names, polls, state, summary, tasks, under_cursor
from tests.ui.conftest import OnStage
from tui.analysis.assessment import TaskView
from tui.analysis.status import Status
from tui.messages import SessionRequested, StatePublished
from tui.monitor.session_list import SessionListState
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.task import TaskScreen
from tui.widgets.filter_bar import FilterBar
from tui.widgets.line_table import LineTable


async def test_a_first_screen_is_there_before_the_first_answer(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        stage.wire.cut()
        await stage.press("enter")
        assert state(stage).session is None
        assert stage.service.featured_session in stage.text
        assert "no data yet" in summary(stage)[0]
        assert "0 %" not in stage.text, "unknown is never 0"


async def test_it_lives(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        assert stage.posted(StatePublished)
        before = {view.vm_name: view.progress for view in tasks(stage)}
        assert "live" in summary(stage)[0]
        assert "every 5 s" in summary(stage)[0]
        assert "RO" in summary(stage)[0]
        await stage.advance(10)
        after = {view.vm_name: view.progress for view in tasks(stage)}
        assert list(before) == list(after)
        assert after["sql01"] is not None
        assert before["sql01"] is not None
        assert after["sql01"] > before["sql01"]
        assert f"{after['sql01']:>4}" in next(row for row in stage.rows if "sql01" in row)
        assert "13:50:16 UTC" in summary(stage)[0]


def is_marked(stage: Stage, name: str) -> bool:
    """Whether the row of that name is in view, on the cursor's ground."""
    return any(name in line for line in stage.under_cursor)


async def test_a_refresh_keeps_cursor_scroll_filter_and_sort(on_stage: OnStage) -> None:
    async with on_stage(server={"vms": 60}, size=(80, 24)) as stage:
        await stage.press("s", "slash")
        await stage.paste("!dc")
        await stage.press("enter", "pagedown", "pagedown", "up")
        chosen, shown = under_cursor(stage).key, names(stage)
        assert stage.table.scroll_y > 0
        assert shown == sorted(shown, key=str.casefold)
        assert not any(name.startswith("dc") for name in shown)
        for _ in range(6):
            await stage.advance(10)
            assert under_cursor(stage).key == chosen
            await stage.until(lambda: is_marked(stage, under_cursor(stage).vm_name))
            assert names(stage) == shown
        assert "filter !dc" in stage.text
        assert f"{len(shown)} of 60 shown" in stage.text


async def test_the_cursor_stays_on_its_row_and_line_while_rows_move(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("end", "up")
        chosen = under_cursor(stage)
        assert chosen.status is Status.SUCCESS
        await stage.advance(60)
        assert under_cursor(stage).key == chosen.key


async def test_the_cursor_stays_on_a_waiting_vm_when_its_task_begins(on_stage: OnStage) -> None:
    async with on_stage(server={"vms": 20}) as stage:
        await stage.press("s", "s", "down", "up")
        assert "PROGRESS▲" in stage.rows[0]
        assert under_cursor(stage).status is Status.WAITING
        chosen = under_cursor(stage).vm_name
        await stage.advance_until(lambda: _of(stage, chosen).status is not Status.WAITING, 120)
        assert names(stage)[0] != chosen, "its row moved below those that wait still"
        assert under_cursor(stage).vm_name == chosen


def _of(stage: Stage, name: str) -> TaskView:
    return next(view for view in tasks(stage) if view.vm_name == name)


async def test_until_the_cursor_is_moved_failures_come_under_it(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        assert under_cursor(stage).status is not Status.FAILED
        await stage.advance_until(lambda: under_cursor(stage).status is Status.FAILED, 60)
        assert under_cursor(stage).vm_name == "sql02"
        await stage.press("G")
        assert under_cursor(stage).vm_name == names(stage)[-1]
        await stage.press("g")
        assert under_cursor(stage).vm_name == "sql02"


async def test_failures_on_top_with_symbol_word_and_message(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60)) as stage:
        await stage.advance(80)
        order = [list(Status).index(view.status) for view in tasks(stage)]
        assert order == sorted(order)
        assert tasks(stage)[0].status is Status.FAILED
        first = stage.rows[1]
        assert " ✘ " in first
        assert "Failed" in first
        message = tasks(stage)[0].message
        assert message is not None
        assert message[:30] in first
        assert message in stage.text, "in full below the table"
        assert "RUNNING WITH ERRORS" in summary(stage)[1]
        assert any("sql02 failed 13:50:27 UTC: Not enough" in line for line in stage.lines[-6:])


async def test_the_full_message_is_one_key_away(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.advance(30)
        message = under_cursor(stage).message
        assert message is not None
        assert len(message) > 60
        await stage.press("Y")
        assert stage.app.clipboard == message
        await stage.press("y")
        assert "sql02" in stage.app.clipboard
        assert "Failed" in stage.app.clipboard
        await stage.press("enter")
        stage.showing(TaskScreen)
        assert message in " ".join(stage.text.split())


async def test_the_rows_own_message_is_copied_whatever_its_status(on_stage: OnStage) -> None:
    async with on_stage("warnings") as stage:
        await stage.advance(900)
        view = next(view for view in tasks(stage) if view.status is Status.WARNING)
        assert view.message
        await stage.press("slash")
        await stage.paste(view.vm_name)
        await stage.press("enter", "Y")
        assert under_cursor(stage).vm_name == view.vm_name
        assert stage.app.clipboard == under_cursor(stage).message
        assert stage.app.said[-1].startswith("Message copied")


async def test_without_a_failure_the_id_is_copied(on_stage: OnStage) -> None:
    async with on_stage("clean") as stage:
        await stage.press("Y")
        assert stage.app.clipboard == stage.service.featured_session


async def test_a_new_failure_is_marked_for_ten_seconds_and_rings_once(on_stage: OnStage) -> None:
    async with on_stage(bell=True) as stage:
        assert stage.app.rung == 0
        await stage.advance_until(lambda: "Failed NEW" in stage.text, 60)
        assert stage.app.rung == 1
        await stage.advance(9)
        assert "Failed NEW" in stage.text
        await stage.advance(1)
        assert "Failed NEW" not in stage.text
        assert "Failed" in stage.text
        await stage.press("b")
        assert stage.app.said[-1] == "Bell off."
        await stage.advance_until(lambda: "Failed NEW" in stage.text, 120)
        assert stage.app.rung == 1
        assert stage.app.talk.title.startswith("RUNNING WITH ERRORS 2 failed ")
        await stage.press("escape")
        assert stage.app.talk.title == ""


async def test_failures_that_were_there_at_first_are_not_new(on_stage: OnStage) -> None:
    async with on_stage(at="picker", bell=True) as stage:
        await stage.advance(60)
        await stage.press("enter")
        assert "Failed" in stage.text
        assert "NEW" not in stage.text
        assert stage.app.rung == 0


async def test_failures_only(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        await stage.advance(30)
        await stage.press("f")
        assert names(stage) == ["sql02"]
        assert "failures only: 1 of 14 shown" in stage.text
        await stage.advance(60)
        assert {view.status for view in tasks(stage)} == {Status.FAILED}
        assert len(tasks(stage)) == 2, "a new one comes in"
        await stage.advance(120)
        await stage.press("f")
        assert {view.status for view in tasks(stage)} == {Status.FAILED, Status.WARNING}
        assert "failures and warnings: 5 of 14 shown" in stage.text
        await stage.press("f")
        assert len(tasks(stage)) == 14


async def test_where_nothing_failed_f_shows_warnings_with_their_reasons(on_stage: OnStage) -> None:
    async with on_stage("warnings") as stage:
        await stage.press("f")
        assert stage.app.said[-1] == "Nothing has failed, and nothing ended with a warning."
        assert len(tasks(stage)) == 14
        await stage.advance(200)
        await stage.press("f")
        assert {view.status for view in tasks(stage)} == {Status.WARNING}
        said = " ".join(stage.text.split())
        for view in tasks(stage):
            assert view.message is not None
            assert view.message in said


async def test_escape_clears_the_filter_first_then_goes_back(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        await stage.advance(30)
        await stage.press("slash")
        await stage.paste("sql")
        assert names(stage) == ["sql01", "sql02"] or set(names(stage)) == {"sql01", "sql02"}
        await stage.press("down")
        assert stage.table.has_focus
        await stage.press("escape")
        assert len(tasks(stage)) == 14
        await stage.press("f", "escape")
        assert len(tasks(stage)) == 14
        stage.showing(SessionScreen)
        await stage.press("slash", "x", "escape")
        assert len(tasks(stage)) == 14
        assert not stage.one("FilterBar", FilterBar).has_class("-open")
        assert stage.table.has_focus
        stage.showing(SessionScreen)
        await stage.press("escape")
        stage.showing(PickerScreen)


async def test_keys_typed_into_the_filter_are_text(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("slash", "q", "p", "f", "s", "1")
        stage.showing(SessionScreen)
        assert not state(stage).paused
        assert "filter qpfs1: 0 of 14 shown" in stage.text


async def test_sort_goes_through_the_columns(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        for title in ("VM▲", "PROGRESS▲", "TIME▲", "MESSAGE▲", "STATUS▲"):
            await stage.press("s")
            assert title in stage.rows[0]
        await stage.press("S")
        assert "STATUS▼" in stage.rows[0]
        ranks = [list(Status).index(view.status) for view in tasks(stage)]
        assert ranks == sorted(ranks, reverse=True)


async def test_mouse_sorts_by_header_and_opens_rows(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.click("#tasks", at=(stage.rows[0].index("VM") + 1, 0))
        (clicked,) = stage.posted(LineTable.HeaderClicked)
        assert isinstance(clicked, LineTable.HeaderClicked)
        assert clicked.column_id == "vm"
        assert "VM▲" in stage.rows[0]
        assert names(stage) == sorted(names(stage))
        await stage.click("#tasks", at=(8, 0))
        assert "VM▼" in stage.rows[0]
        await stage.click("#tasks", at=(8, 3))
        chosen = under_cursor(stage).vm_name
        assert chosen == names(stage)[2]
        await stage.click("#tasks", at=(8, 3))
        stage.showing(TaskScreen)
        assert chosen in stage.lines[1]


async def test_a_click_on_a_key_hint_presses_the_key(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.until(lambda: "Pause" in stage.lines[-1])
        await stage.click("KeyHints", at=(stage.lines[-1].index("Pause"), 0))
        assert state(stage).paused


@pytest.mark.parametrize("key", ["p", "space"])
async def test_pause_stops_asking_and_says_so(on_stage: OnStage, key: str) -> None:
    async with on_stage() as stage:
        await stage.press(key)
        before = len(stage.requests())
        await stage.advance(300)
        assert len(stage.requests()) == before
        assert "PAUSED, data 5 min 0" in summary(stage)[0]
        assert stage.showing(SessionScreen).has_class("-stale")
        await stage.press("r")
        assert polls(stage)
        assert len(stage.requests()) == before + 1
        assert "PAUSED" in summary(stage)[0]
        await stage.press(key)
        assert "live 0 s" in summary(stage)[0]
        assert not stage.showing(SessionScreen).has_class("-stale")


async def test_the_interval_goes_up_and_down_and_never_below_two(on_stage: OnStage) -> None:
    async with on_stage("clean") as stage:
        shown = []
        for key in ("plus", "plus", "minus", "minus", "minus", "minus"):
            await stage.press(key)
            shown.append(summary(stage)[0].rpartition("every ")[2])
        assert shown == ["10 s", "15 s", "10 s", "5 s", "2 s", "2 s"]
        before = polls(stage)
        await stage.advance(20)
        assert polls(stage) == before + 10


async def test_refresh_asks_now(on_stage: OnStage) -> None:
    async with on_stage("clean") as stage:
        await stage.advance(3)
        before = polls(stage)
        await stage.press("r", "f5")
        assert polls(stage) == before + 2
        assert "live 0 s" in summary(stage)[0]


async def test_older_and_newer_sessions_of_the_plan(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        deep = len(stage.app.screen_stack)
        first = state(stage).session_id
        await stage.press("left_square_bracket")
        (asked,) = stage.posted(SessionRequested)
        assert isinstance(asked, SessionRequested)
        assert asked.replaces
        await stage.advance(1)
        older = state(stage)
        assert older.session_id != first
        assert older.session is not None
        assert older.session.plan_name == "Harbour Logistics full site"
        assert len(stage.app.screen_stack) == deep, "replaced, not piled up"
        await stage.press("right_square_bracket")
        await stage.advance(1)
        assert state(stage).session_id == first
        await stage.press("right_square_bracket")
        assert stage.app.said[-1] == "No newer session of this plan is known."
        assert state(stage).session_id == first


async def test_leaving_a_session_ends_its_polling(on_stage: OnStage) -> None:
    async with on_stage("clean") as stage:
        await stage.press("escape")
        stage.showing(PickerScreen)
        before = polls(stage)
        await stage.advance(25)
        assert polls(stage) == before
        running = [worker.name for worker in stage.app.workers if worker.is_running]
        assert running == ["session list"]


async def test_once_stopped_it_is_asked_once_a_minute(on_stage: OnStage) -> None:
    async with on_stage("clean") as stage:
        await stage.advance_until(lambda: "SUCCESS" in summary(stage)[1], 600)
        await stage.advance(70)
        before = len(stage.requests())
        await stage.advance(600)
        assert len(stage.requests()) == before + 10
        assert "100 %" in stage.text
        assert not stage.showing(SessionScreen).has_class("-stale")


async def test_earlier_runs_and_neighbours_do_not_wait_for_the_list(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        picker = stage.showing(PickerScreen)
        picker._shared.site.sessions.pause()
        picker._shared.site.sessions.state = SessionListState(interval=30.0)
        stage.app.post_message(SessionRequested(stage.service.featured_session))
        await stage.advance(3)
        screen = stage.showing(SessionScreen)
        assert screen.state.runs
        assert picker._shared.site.sessions.state.pages is None
        await stage.press("left_square_bracket")
        assert stage.showing(SessionScreen) is not screen


async def test_a_failure_is_acknowledged_by_name_and_is_new_no_more(on_stage: OnStage) -> None:
    async with on_stage(size=(100, 30)) as stage:
        await stage.advance(240)
        await stage.press("g", "a")
        text = stage.text
        assert "Failed ack" in text
        (key,) = state(stage).acknowledged
        assert key.vm_name == "sql02"
        await stage.press("enter")
        assert "Acknowledged" in stage.text
        assert "by nobody yet" not in stage.text
        await stage.press("escape", "A")
        assert state(stage).unacknowledged == ()
        await stage.press("A")
        assert stage.app.said[-1] == "There is no failure that nobody has acknowledged."


async def test_only_a_failure_can_be_acknowledged(on_stage: OnStage) -> None:
    async with on_stage(size=(100, 30)) as stage:
        await stage.press("G", "a")
        assert state(stage).acknowledged == {}
        assert "Select a failed VM" in stage.app.said[-1]


async def test_the_report_is_written_at_a_key(on_stage: OnStage, tmp_path: Path) -> None:
    async with on_stage(reports=tmp_path / "reports") as stage:
        await stage.advance(240)
        await stage.press("W")
        await stage.until(lambda: any("Report written" in said for said in stage.app.said))
        (path,) = (tmp_path / "reports").iterdir()
        assert "sql02" in path.read_text()
