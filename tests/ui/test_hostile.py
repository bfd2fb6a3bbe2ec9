"""Names and messages made to break a screen are data, on every screen and at every size."""

from __future__ import annotations

import unicodedata

import pytest

from tests.support.stage import Stage
from tests.support.ui_drill import names, tasks
from tests.ui.conftest import OnStage
from tui.analysis.status import Status
from tui.presentation.text import cells, clean
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.task import TaskScreen

SIZES = ((200, 60), (80, 24), (60, 14), (45, 10), (12, 4))

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def _harmless(stage: Stage) -> None:
    width, height = stage.app.size
    assert len(stage.strips) == height
    for strip in stage.strips:
        assert strip.cell_length == cells(strip.text) == width
        bad = [char for char in strip.text if unicodedata.category(char) in _INVISIBLE]
        assert not bad, f"{bad!r} in {strip.text!r}"


@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
async def test_every_screen_at_every_size(on_stage: OnStage, ascii_only: bool) -> None:
    async with on_stage("hostile", ascii=ascii_only) as stage:
        await stage.advance(150)
        for size in SIZES:
            await stage.resize(*size)
            _harmless(stage)
            if ascii_only and size[0] >= 50:
                assert all(line.isascii() for line in _own(stage)), "in ASCII nothing else shows"
        await stage.resize(80, 24)
        await stage.press("escape")
        stage.showing(PickerScreen)
        for size in SIZES:
            await stage.resize(*size)
            _harmless(stage)


def _own(stage: Stage) -> list[str]:
    """The lines without the scrollbar's column."""
    return [line[: stage.app.size.width - 1].rstrip() for line in stage.lines]


async def test_each_task_in_full(on_stage: OnStage) -> None:
    async with on_stage("hostile") as stage:
        await stage.advance(150)
        await stage.press("s")
        messages = [view.message for view in tasks(stage) if view.message]
        assert any(len(message) > 5_000 for message in messages)
        await stage.press("g")
        for view in tasks(stage):
            await stage.press("enter")
            stage.showing(TaskScreen)
            _harmless(stage)
            await stage.press("Y", "end", "escape")
            if view.message:
                assert stage.app.clipboard == clean(view.message)
            await stage.press("down")
        stage.showing(SessionScreen)


async def test_names_show_as_they_are(on_stage: OnStage) -> None:
    async with on_stage("hostile", size=(200, 60)) as stage:
        await stage.advance(150)
        shown = stage.text
        for name in ("VM[prod]", "[/foo]", "[bold red]sql[/]", "␛[2Jwiped", "two ⏎ lines"):
            assert name in shown
        assert "Plan [bold]計画[/bold] ␛[2J" in shown
        assert len(names(stage)) == 21, "two twins and a nameless one keep their own rows"
        assert len({view.key for view in tasks(stage)}) == 21
        assert {view.status for view in tasks(stage)} >= {Status.FAILED, Status.WARNING}


async def test_filter_copy_title_and_farewell_take_it_as_data(on_stage: OnStage) -> None:
    async with on_stage("hostile") as stage:
        await stage.advance(150)
        await stage.press("slash")
        await stage.paste("[/foo]")
        assert "[/foo]" in stage.text
        await stage.press("enter", "y", "Y", "escape")
        assert "\x1b" not in stage.app.talk.title
        assert stage.app.talk.title.startswith("RUNNING WITH ERRORS 5 failed 11/21 ")
        await stage.press("q")
        assert stage.app.talk.farewell
        assert all(line.isprintable() for line in stage.app.talk.farewell)


async def test_a_hostile_id_typed_is_data(on_stage: OnStage) -> None:
    async with on_stage("hostile", at="picker") as stage:
        await stage.press("i")
        await stage.paste("[/foo] \x1b[2J [bold]")
        await stage.press("enter")
        assert "[/foo] [2J [bold]" in stage.text
        assert "holds no session ID" in stage.text
        _harmless(stage)
        stage.app.copy_to_clipboard("\x1b]0;pwned\x07 [/foo]\n")
        await stage.press("escape", "slash", "ctrl+v")
        _harmless(stage)
        assert "filter ␛]0;pwned␇ [/foo] ⏎" in stage.text


async def test_nothing_that_is_copied_is_a_command(on_stage: OnStage) -> None:
    async with on_stage("hostile") as stage:
        for raw in ("rm -rf x\nrm -rf y\r\n", "a\x1b[31m\x9b", "\u202eevil\u2066", "\ud800"):
            stage.app.copy_to_clipboard(raw)
            assert stage.app.clipboard.isprintable()
