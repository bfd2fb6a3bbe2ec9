"""The palette holds every action of the screen in front, does them, and says how to leave."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandInput

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.screens.actions import actions
from tui.screens.events import EventsScreen
from tui.screens.help import HelpScreen
from tui.screens.palette import Palette
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.task import TaskScreen
from tui.theme_names import CHOICES

SCREENS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "login": ({"at": "login"}, ()),
    "picker": ({"at": "picker"}, ()),
    "start check": ({"at": "picker"}, ("c",)),
    "standby": ({"at": "picker"}, ("w",)),
    "session": ({}, ()),
    "task": ({}, ("enter",)),
    "events": ({}, ("e",)),
    "comparison": ({}, ("c",)),
}


async def _opened(stage: Stage) -> None:
    await stage.press("ctrl+p")
    await stage.until(lambda: isinstance(stage.screen, Palette) and "Leave" in _offered(stage))


def _offered(stage: Stage) -> list[str]:
    """The names of all that it lists, in sight or not."""
    if not isinstance(stage.screen, Palette):
        return []
    return [str(each.title) for each in stage.app.get_system_commands(stage.app.screen_stack[-2])]


@pytest.mark.parametrize("name", SCREENS)
async def test_every_action_of_the_screen_in_front_is_there(on_stage: OnStage, name: str) -> None:
    how, keys = SCREENS[name]
    async with on_stage(**how) as stage:
        await stage.press(*keys)
        here = {each.title for each in actions(stage.screen.active_bindings)} - {"Commands"}
        assert {"Help", "Leave"} <= here
        await _opened(stage)
        offered = _offered(stage)
        assert here <= set(offered)
        assert {f"Theme: {theme}" for theme in CHOICES} <= set(offered)
        assert {f"Theme: {theme}" for theme in stage.app.available_themes} <= set(offered)
        assert {"Screenshot", "Quit"} <= set(offered)
        assert len([title for title in offered if title == "Quit"]) == 1


@pytest.mark.parametrize("size", [(80, 24), (36, 12), (36, 10)])
async def test_it_says_how_to_leave_and_esc_leaves(
    on_stage: OnStage, size: tuple[int, int]
) -> None:
    async with on_stage(size=size) as stage:
        await _opened(stage)
        await stage.until(lambda: "Filter" in stage.text)
        assert "Esc Close" in stage.lines[-1]
        assert stage.one("CommandInput", CommandInput).placeholder == "A command; Esc closes"
        await stage.paste("theme")
        await stage.until(lambda: "Theme" in stage.text)
        assert "Esc Close" in stage.lines[-1]
        await stage.press("escape")
        stage.showing(SessionScreen)


async def test_enter_at_once_is_nothing_that_leaves(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await _opened(stage)
        await stage.until(lambda: "Filter" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.screen, TaskScreen))
        assert stage.app.return_code is None


@pytest.mark.parametrize(
    ("typed", "screen"), [("events", EventsScreen), ("keys and signs", HelpScreen)]
)
async def test_what_is_chosen_is_done_by_name_or_by_what_it_does(
    on_stage: OnStage, typed: str, screen: type[Any]
) -> None:
    async with on_stage() as stage:
        await _opened(stage)
        await stage.paste(typed)
        await stage.until(lambda: typed.title()[:4].lower() in stage.lines[3].lower() + stage.text)
        await stage.until(lambda: "Filter" not in stage.text)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.screen, screen))


async def test_an_action_of_the_table_is_done_there(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        await stage.press("G")
        bottom = stage.table._cursor
        assert bottom > 0
        await _opened(stage)
        await stage.paste("first row")
        await stage.until(lambda: "First row" in stage.text and "Filter" not in stage.text)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.screen, PickerScreen))
        await stage.until(lambda: stage.table._cursor == 0)


async def test_brackets_are_shown_as_they_are(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await _opened(stage)
        await stage.paste("older")
        await stage.until(lambda: "[  The plan's session before this one" in stage.text)


async def test_a_theme_of_textuals_own_is_for_this_run(on_stage: OnStage, tmp_path: Path) -> None:
    async with on_stage(at="picker", theme_file=tmp_path / "theme") as stage:
        await _opened(stage)
        await stage.paste("theme: nord")
        await stage.until(lambda: "nobody has proved it" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: stage.app.theme == "nord")


async def test_a_screenshot_is_of_the_screen_below_and_asks_no_network(
    on_stage: OnStage, tmp_path: Path
) -> None:
    async with on_stage() as stage:
        await _opened(stage)
        await stage.paste("screenshot")
        await stage.until(lambda: "SVG" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.said))
        made = tmp_path / "failover-monitor-20260314T135006Z.svg"
        assert stage.app.said[-1] == f"Screenshot written: {made}"
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        svg = made.read_text("utf-8")
        assert "Harbour&#160;Logistics" in svg
        assert "Esc&#160;closes" not in svg
        assert "url(" not in svg.partition("</style>")[0]
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "").replace(
            "https://www.textualize.io", ""
        )


async def test_a_screenshot_that_cannot_be_written_is_said(
    on_stage: OnStage, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    async with on_stage(reports=tmp_path / "file") as stage:
        await _opened(stage)
        await stage.paste("screenshot")
        await stage.until(lambda: "SVG" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.said))
        assert "cannot be written" in stage.app.said[-1]
