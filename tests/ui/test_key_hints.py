"""A key is offered where it does what it says, and not where it types itself."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Button, Input

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.messages import LogonAgainRequested
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
