"""The manual on the screen: from the help to a page and back, at every size."""

from __future__ import annotations

import pytest

from tests.ui.conftest import OnStage
from tui.manual.names import NAMES
from tui.screens.help import HelpScreen
from tui.screens.login import LoginScreen
from tui.screens.manual import ManualPageScreen, ManualScreen
from tui.screens.session import SessionScreen

SIZES = ((200, 60), (80, 24), (60, 14), (36, 10))


async def test_from_the_help_to_a_page_and_back_to_the_session(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("question_mark")
        await stage.until(lambda: "m opens the manual" in stage.text)
        await stage.press("m")
        stage.showing(ManualScreen)
        await stage.until(lambda: all(name in stage.text for name in NAMES))
        await stage.press("j", "j", "enter")
        stage.showing(ManualPageScreen)
        await stage.until(lambda: "At an incident: read this one first" in stage.text)
        await stage.press("end")
        await stage.until(lambda: "then its words." in stage.text)
        await stage.press("home", "down")
        await stage.press("escape")
        stage.showing(ManualScreen)
        await stage.press("escape")
        stage.showing(SessionScreen)


async def test_the_help_over_the_manual_leads_back_and_piles_nothing_up(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("question_mark", "m", "enter")
        depth = len(stage.app.screen_stack)
        for _ in range(3):
            await stage.press("question_mark")
            stage.showing(HelpScreen)
            await stage.press("m")
            stage.showing(ManualPageScreen)
            assert len(stage.app.screen_stack) == depth


@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
async def test_every_page_fits_every_size(on_stage: OnStage, ascii_only: bool) -> None:
    async with on_stage(ascii=ascii_only) as stage:
        await stage.press("question_mark", "m")
        for _ in NAMES:
            await stage.press("enter")
            stage.showing(ManualPageScreen)
            for size in SIZES:
                await stage.resize(*size)
                assert {strip.cell_length for strip in stage.strips} == {size[0]}
                painted = "".join(stage.painted("#manual-page"))
                assert painted.isascii() or not ascii_only
            await stage.press("escape", "down")


async def test_it_can_be_read_before_the_logon(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        await stage.press("f1", "m")
        stage.showing(ManualScreen)
        await stage.press("enter", "escape", "escape")
        stage.showing(LoginScreen)


async def test_the_palette_leads_to_it(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        found = [
            each for each in stage.app.get_system_commands(stage.screen) if each[0] == "Manual"
        ]
        (command,) = found
        for _ in range(2):  # once more while it is open: not a second one
            command.callback()
            await stage.settle()
            stage.showing(ManualScreen)
        await stage.press("escape")
        stage.showing(SessionScreen)
