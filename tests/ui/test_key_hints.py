"""A key is offered where it does what it says, and not where it types itself."""

from __future__ import annotations

from textual.widgets import Button, Input

from tests.support.stage import Stage
from tests.ui.conftest import OnStage


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
