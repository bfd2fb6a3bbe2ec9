"""Keys that work everywhere, leaving, and the promise to send nothing but GET."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui import theme as themes
from tui.screens.help import HelpScreen
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.task import TaskScreen
from tui.terminal.messages import BackgroundTold


async def test_t_goes_through_the_themes_and_keeps_everything(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("down", "down")
        seen, looks, text = [], set(), stage.text
        for _ in themes.NAMES:
            seen.append(stage.app.theme)
            styles = {segment.style for strip in stage.strips for segment in strip}
            looks.add(frozenset(str(style) for style in styles))
            assert stage.text == text
            assert stage.table._cursor == 2
            await stage.press("T")
        assert tuple(seen) == themes.NAMES
        assert stage.app.theme == themes.NAMES[0]
        assert len(looks) == len(themes.NAMES)


async def test_a_theme_may_be_chosen_beforehand_even_a_foreign_one(on_stage: OnStage) -> None:
    async with on_stage(theme="light") as stage:
        assert stage.app.theme == "light"
    async with on_stage(theme="nord") as stage:
        assert stage.app.theme == "nord"
        assert "sql01" in stage.text
        await stage.press("T")
        assert stage.app.theme == themes.NAMES[0]


async def test_the_terminals_answer_suits_the_theme_until_a_person_chooses(
    on_stage: OnStage, tmp_path: Path
) -> None:
    async with on_stage(theme_file=tmp_path / "theme") as stage:
        for light, theme in ((True, "light"), (False, "dark"), (True, "light")):
            stage.app.post_message(BackgroundTold(light=light))
            await stage.settle()
            assert stage.app.theme == theme
        await stage.press("T")
        assert stage.app.theme == "contrast"
        stage.app.post_message(BackgroundTold(light=True))
        await stage.settle()
        assert stage.app.theme == "contrast"
        stage.app.settle_looks()
        assert (tmp_path / "theme").read_text() == "contrast\n"


async def test_the_environment_suits_the_first_picture(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORFGBG", "0;15")
    async with on_stage(at="login") as stage:
        assert stage.app.theme == "light"
    async with on_stage(at="login", remembered_theme="blue-orange") as stage:
        assert stage.app.theme == "blue-orange"


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_does_what_it_lists(on_stage: OnStage, key: str) -> None:
    async with on_stage() as stage:
        await stage.press(key)
        assert isinstance(stage.screen, CommandPalette)
        await stage.paste("theme: contrast")
        await stage.until(lambda: "Theme: contrast" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: stage.app.theme == "contrast")
        stage.showing(SessionScreen)


async def test_log_off_in_the_palette_leads_back_to_the_login(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        await stage.press("enter")
        await stage.app.run_action("log_off")
        await stage.settle()
        stage.showing(LoginScreen)
        assert stage.service.open_logons == 0
        before = len(stage.requests())
        await stage.advance(60)
        assert len(stage.requests()) == before
        await stage.log_on()
        stage.showing(PickerScreen)


async def test_q_goes_back_and_at_the_root_leaves(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("enter")
        stage.showing(TaskScreen)
        await stage.press("q")
        stage.showing(SessionScreen)
        await stage.press("q")
        stage.showing(PickerScreen)
        await stage.press("escape")
        stage.showing(PickerScreen)
        assert stage.app.return_code is None
        await stage.press("q")
        assert stage.app.return_code == 0
        assert stage.app.return_value == 0


@pytest.mark.parametrize("key", ["ctrl+c"])
async def test_ctrl_c_leaves_from_anywhere_and_the_final_state_stays(
    on_stage: OnStage, key: str
) -> None:
    async with on_stage() as stage:
        await stage.advance(40)
        await stage.press("question_mark")
        stage.showing(HelpScreen)
        await stage.press(key)
        lines = stage.app.talk.farewell
    assert lines[0].startswith("Harbour Logistics full site: RUNNING WITH ERRORS, ")
    assert any("1 failed" in line and "of 14" in line for line in lines)
    assert any("sql02 failed 2026-03-14T13:50:27" in line for line in lines)
    assert any(stage.service.featured_session in line for line in lines)
    assert all(line.isascii() for line in lines)
    assert stage.service.open_logons == 0, "logged off"
    assert stage.service.logoffs == 1


async def test_ctrl_c_in_a_field_leaves_too(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        await stage.press("ctrl+c")
        assert stage.app.return_code == 0
        assert stage.app.talk.farewell == []


async def test_a_session_left_for_the_list_has_its_last_words_too(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("q", "q")
        assert stage.app.talk.farewell[0].startswith("Harbour Logistics full site")


async def test_a_signal_ends_it_with_its_own_code(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        stage.app.leave_on_signal(15)
        await stage.pilot.pause()
        assert stage.app.return_value == 143
        assert stage.app.talk.farewell


async def test_inside_tmux_a_copy_passes_through(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage() as stage:
        monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
        written: list[str] = []
        stage.app.terminal_opened(written.append, lambda runs: None)
        await stage.press("Y")
        encoded = base64.b64encode(stage.app.clipboard.encode()).decode()
        assert written[-1] == f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"


LETTERS = "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ019!@#$%^&*()"
NAMED = (
    "slash", "minus", "plus", "equals_sign", "left_square_bracket", "right_square_bracket",
    "semicolon", "comma", "full_stop", "less_than_sign", "tab", "shift+tab", "enter", "space",
    "backspace", "delete", "up", "down", "left", "right", "home", "end", "pageup", "pagedown",
)  # fmt: skip
KEYS = (
    *LETTERS,
    *NAMED,
    *(f"f{number}" for number in range(1, 13)),
    *(f"ctrl+{letter}" for letter in "abdefgklnorstuvwxy"),
)


@pytest.mark.parametrize("depth", [0, 1, 2], ids=["picker", "session", "task"])
async def test_no_key_leads_to_anything_but_a_get(on_stage: OnStage, depth: int) -> None:
    async with on_stage(at="picker") as stage:
        for key in KEYS:
            await _go_to(stage, depth)
            await stage.pilot.press(key)
            if stage.screen.is_modal or stage.app.focused is None:
                await stage.pilot.press("enter")
        await stage.settle()
        assert stage.app.return_code is None, "no key but q and ctrl+c leaves"
        assert stage.service.writes == 0
        methods = {line.split()[0] for line in stage.requests()}
        assert methods == {"POST", "GET"}
        assert stage.requests("POST") == ["POST /api/sessionMngr/"] * stage.service.logons
    assert stage.service.writes == 0
    assert stage.requests("DELETE") == ["DELETE /api/logonSessions/…"]


async def _go_to(stage: Stage, depth: int) -> None:
    """Back to the picker, to the session or to a task, from wherever the last key led."""
    wanted = (PickerScreen, SessionScreen, TaskScreen)[depth]
    for _ in range(12):
        if isinstance(stage.screen, wanted) and not isinstance(stage.app.focused, Input | None):
            return
        deeper = isinstance(stage.screen, (PickerScreen, SessionScreen)) and not isinstance(
            stage.screen, wanted
        )
        back = isinstance(stage.screen, SessionScreen) and depth == 0
        await stage.pilot.press("enter" if deeper and not back else "escape")
        await stage.settle()
    raise AssertionError(f"did not get there:\n{stage.text}")
