"""A screen asks the server nothing: no attribute of it is a client, nor of what it is given."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Literal

import pytest
from textual.screen import Screen

from tests.ui.conftest import OnStage
from tui.enterprise_manager.client import EnterpriseManager

OPENED_BY = {"picker": ("w", "c"), "session": ("e", "c", "enter", "t", "m", "", "question_mark")}
"""The keys that open a screen over one of these; none asks for the password again."""


def _held(value: object) -> list[object]:
    """The value and, of a dataclass that is handed around, its fields."""
    if is_dataclass(value) and not isinstance(value, type):
        inside = [getattr(value, each.name) for each in fields(value)]
        return [value, *(held for each in inside for held in _held(each))]
    return [value]


def _clients(screen: Screen[object]) -> list[str]:
    return [
        name
        for name, value in vars(screen).items()
        if any(isinstance(held, EnterpriseManager) for held in _held(value))
    ]


@pytest.mark.parametrize("place", OPENED_BY)
async def test_no_screen_holds_a_client(
    on_stage: OnStage, place: Literal["picker", "session"]
) -> None:
    async with on_stage(at=place) as stage:
        await stage.until(lambda: len(stage.rows) > 1)
        below = list(stage.app.screen_stack)
        for key in OPENED_BY[place]:
            await (stage.press(key) if key else stage.ask_the_password())
            assert len(stage.app.screen_stack) == len(below) + 1, f"{key} opens none"
            for screen in stage.app.screen_stack:
                assert _clients(screen) == [], type(screen).__name__
            await stage.app.pop_screen()
            await stage.settle()
