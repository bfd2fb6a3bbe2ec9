"""A key is offered where it does what it says, and not where it types itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from textual.widgets import Button, Input

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tests.ui.test_any_sizes import SCREENS
from tui.messages import LogonAgainRequested
from tui.screens.frame import Dialog
from tui.screens.help import HelpScreen
from tui.screens.password import PasswordScreen


def hints(stage: Stage) -> str:
    return stage.text.rstrip().splitlines()[-1]


async def test_no_field_is_offered_the_question_mark(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        assert isinstance(stage.screen.focused, Input)
        assert "? Help" not in hints(stage)
        assert "F1 Help" in hints(stage)
        stage.one("#submit", Button).focus()
        await stage.settle()
        assert "? Help" in hints(stage)
    async with on_stage() as stage:
        assert "? Help" in hints(stage)
        await stage.press("slash")
        assert "? Help" not in hints(stage)
        assert "F1 Help" in hints(stage)
    async with on_stage(at="picker") as stage:
        assert "? Help" in hints(stage)
        await stage.press("i")
        assert "? Help" not in hints(stage)


WHERE: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "picker": ({"at": "picker"}, ()),
    "session": ({}, ()),
    "standby": ({"at": "picker"}, ("w",)),
}


@pytest.mark.parametrize("name", WHERE)
async def test_logging_on_again_is_for_an_account_that_was_refused(
    on_stage: OnStage, name: str
) -> None:
    how, keys = WHERE[name]
    async with on_stage(**how) as stage:
        await stage.press(*keys)
        front = stage.screen

        async def offers() -> tuple[bool, bool]:
            """Whether the keys' line names it, and whether the help does."""
            named = "l Log on again" in hints(stage)
            await stage.press("question_mark")
            told = any(line.startswith("l ") for line in stage.showing(HelpScreen).lines())
            await stage.press("escape")
            return named, told

        assert await offers() == (False, False)
        await stage.press("l")
        assert stage.screen is front
        assert not stage.posted(LogonAgainRequested)
        await stage.refuse_the_account()
        assert await offers() == (True, True)
        await stage.press("l")
        stage.showing(PasswordScreen)
        stage.service.fault = None
        await stage.paste("demo")
        await stage.press("enter")
        await stage.until(lambda: "l Log on again" not in hints(stage))
        assert stage.screen is front
        await stage.press("l")
        assert stage.screen is front


async def test_an_unreachable_server_is_no_reason_to_log_on_again(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        front = stage.screen
        stage.wire.cut()
        await stage.advance(30)
        assert "STALE" in stage.lines[0]
        await stage.press("l")
        assert stage.screen is front


TYPING = {
    "filter": ({}, 6, ("slash",)),
    "filter of the sessions": ({"at": "picker"}, 6, ("slash",)),
    "session ID": ({"at": "picker"}, 6, ("i",)),
    "event": ({}, 60, ("e", "enter")),
    "replay": ({}, 60, ("R",)),
    "jump": ({}, 60, ("R", "J")),
}
EVERYWHERE: dict[str, tuple[dict[str, Any], float, tuple[str, ...]]] = {**SCREENS, **TYPING}
WAYS_OUT = re.compile(r"\b(?:q (?:Back|Quit)|Esc [A-Z][a-z]+|Ctrl\+C Leave)\b")
SENTENCES = re.compile(r"\bEsc (closes|cancels|leaves)\b")


@pytest.mark.parametrize("size", [(36, 10), (80, 24)], ids=["36x10", "80x24"])
@pytest.mark.parametrize("name", EVERYWHERE)
async def test_a_way_out_is_always_named_and_leads_out(
    on_stage: OnStage, name: str, size: tuple[int, int]
) -> None:
    how, seconds, keys = EVERYWHERE[name]
    async with on_stage(size=size, **how) as stage:
        await stage.advance(min(seconds, 60) or 1)
        if keys == ("ask",):
            await stage.ask_the_password()
        else:
            await stage.press(*keys)
        front, focused = stage.screen, stage.screen.focused
        ways = WAYS_OUT.findall(hints(stage))
        if size == (36, 10) or not isinstance(front, Dialog):
            assert ways, f"none is named:\n{stage.text}"
        else:
            assert SENTENCES.search(" ".join(stage.text.split())), stage.text
        key = ways[-1].split()[0].lower() if ways else "escape"
        await stage.press({"esc": "escape"}.get(key, key))
        left = stage.screen is not front or stage.screen.focused is not focused
        assert left or stage.app.return_code == 0
