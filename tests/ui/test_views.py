"""The other views of a session: timeline, events, notes."""

from __future__ import annotations

from textual.widgets import Input

from tests.support.ui_drill import names, under_cursor
from tests.ui.conftest import OnStage
from tui.messages import SessionRequested
from tui.screens.events import EventsScreen
from tui.screens.note import NoteScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen

SIZES = ((200, 60), (80, 24), (60, 14), (50, 12))


async def test_the_timeline_shows_the_same_rows_and_keeps_the_cursor(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.advance(30)
        await stage.press("s", "down")
        chosen, shown = under_cursor(stage).key, names(stage)
        table = stage.rows
        await stage.press("v")
        assert stage.rows != table
        assert names(stage) == shown
        assert under_cursor(stage).key == chosen
        before = stage.rows
        await stage.advance(20)
        assert stage.rows != before, "it lives"
        for size in SIZES:
            await stage.resize(*size)
            assert {strip.cell_length for strip in stage.strips} == {size[0]}
            assert under_cursor(stage).key == chosen
        await stage.press("v")
        assert "PROGRESS" in stage.rows[0]


async def test_events_tell_what_changed_when(on_stage: OnStage) -> None:
    async with on_stage("hostile", size=(80, 26)) as stage:
        await stage.advance(60)
        await stage.press("e", "g")  # the first one: the reasons of the newest take many lines
        stage.showing(EventsScreen)
        shown = stage.text
        assert "VM[prod]" in shown
        assert "\x1b" not in shown
        rows = len(stage.table._rows)
        await stage.advance(60)
        assert len(stage.table._rows) > rows, "it goes on while it is read"
        for size in SIZES:
            await stage.resize(*size)
            assert {strip.cell_length for strip in stage.strips} == {size[0]}
        await stage.press("escape")
        stage.showing(SessionScreen)


async def test_connection_lost_and_back_are_events(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60)) as stage:
        stage.wire.cut()
        await stage.advance(20)
        stage.wire.mend()
        await stage.advance(61)
        await stage.press("e")
        shown = stage.text.casefold()
        assert "refused the connection" in shown
        assert "back" in shown


async def test_a_note_is_kept_with_its_time_and_as_data(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60)) as stage:
        await stage.press("m")
        stage.showing(NoteScreen)
        await stage.paste("[/foo] storage team called \x1b[2J")
        await stage.press("enter")
        stage.showing(SessionScreen)
        await stage.press("m", "escape", "e")
        stage.showing(EventsScreen)
        line = next(line for line in stage.lines if "storage team" in line)
        assert "[/foo] storage team called [2J" in line
        assert "13:50:0" in line


async def test_notes_and_targets_outlast_leaving_the_session(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60)) as stage:
        await stage.press("m")
        await stage.paste("storage team called")
        await stage.press("enter", "t")
        stage.one("#rto", Input).value = "33m"
        stage.one("#declared", Input).value = "13:40"
        await stage.press("enter")
        assert "RTO 33 min" in stage.text
        await stage.press("escape")
        stage.showing(PickerScreen)
        await stage.advance(10)
        stage.app.post_message(SessionRequested(stage.service.featured_session))
        await stage.advance(6)
        stage.showing(SessionScreen)
        assert "RTO 33 min" in stage.text
        await stage.press("t")
        assert stage.one("#declared", Input).value.endswith("13:40:00")
        await stage.press("escape", "e")
        stage.showing(EventsScreen)
        assert sum("storage team called" in line for line in stage.lines) == 1
