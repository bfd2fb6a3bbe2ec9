"""Server, read-only, clock and age stay in sight whatever covers the session."""

from __future__ import annotations

import pytest

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen

OVER_A_SESSION = {
    "task": ("enter",),
    "events": ("e",),
    "one event": ("e", "enter"),
    "comparison": ("c",),
    "help": ("question_mark",),
    "help over a task": ("enter", "question_mark"),
    "manual": ("question_mark", "m"),
    "page of the manual": ("question_mark", "m", "enter"),
    "palette": ("colon",),
    "palette over a task": ("enter", "colon"),
    "targets": ("t",),
    "note": ("m",),
    "password": (),
}
SIZES = ((80, 24), (36, 10))


def _is_safe(stage: Stage, *age: str) -> None:
    top = stage.lines[0]
    assert "vbem01" in top
    assert "RO" in top.split()
    assert any(said in top for said in age), top


@pytest.mark.parametrize("keys", OVER_A_SESSION.values(), ids=OVER_A_SESSION)
@pytest.mark.parametrize("size", SIZES, ids=["80x24", "36x10"])
async def test_what_covers_a_session_keeps_its_line(
    on_stage: OnStage, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with on_stage(size=size) as stage:
        await (stage.press(*keys) if keys else stage.ask_the_password())
        assert not isinstance(stage.screen, SessionScreen)
        await stage.advance(2)
        _is_safe(stage, "live")
        before = stage.lines[0]
        assert "13:50:0" in before, "the clock"
        stage.wire.cut()
        await stage.advance(40)
        _is_safe(stage, "STALE")
        assert stage.lines[0] != before


@pytest.mark.parametrize(
    "keys", [("question_mark",), (), ("c",), ("w",)], ids=["help", "password", "check", "wait"]
)
async def test_what_covers_the_sessions_keeps_its_line(
    on_stage: OnStage, keys: tuple[str, ...]
) -> None:
    async with on_stage(at="picker") as stage:
        await (stage.press(*keys) if keys else stage.ask_the_password())
        assert not isinstance(stage.screen, PickerScreen)
        await stage.advance(2)
        _is_safe(stage, "live", "checked")
        assert "13:50:0" in stage.lines[0]


async def test_a_task_of_a_dead_server_does_not_go_on(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("s", "slash")
        await stage.paste("app01")
        await stage.press("enter", "enter")
        stage.wire.cut()
        await stage.advance(30)
        before = stage.painted("#task")
        assert any("Working, as last seen 13:50:0" in line for line in before)
        await stage.advance(300)
        assert stage.painted("#task") == before


async def test_the_login_has_no_such_line_and_nothing_in_its_place(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        assert not any("RO" in line.split() for line in stage.lines)
