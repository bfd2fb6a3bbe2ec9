"""A crash is reported by type and place, never with what was typed."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from tests.support.stage import StagedApp
from tests.ui.conftest import OnStage
from tui.screens.session import SessionScreen
from tui.widgets.field import Field

SECRET = "hunter2-crash"


class _Crash(Exception):
    pass


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What the app prints once its screen is gone."""
    out = io.StringIO()

    def keep(app: StagedApp) -> None:
        console = Console(file=out, width=200)
        for report in app._exit_renderables:
            console.print(report)

    monkeypatch.setattr(StagedApp, "_print_error_renderables", keep)
    return out.getvalue


async def test_a_crash_while_pasting_a_password_leaves_no_trace_of_it(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch, printed: Callable[[], str]
) -> None:
    def crash(self: Field, text: str, start: int, end: int) -> None:
        try:
            raise ValueError(f"inner {text}")
        except ValueError as error:
            raise _Crash(text) from error

    monkeypatch.setattr(Field, "replace", crash)
    with pytest.raises(_Crash):
        async with on_stage(at="login") as stage:
            await stage.paste(SECRET)
    assert "_Crash" in printed()
    assert "test_crash.py" in printed()
    assert SECRET not in printed()


async def test_a_crash_shows_its_reason_but_no_locals(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch, printed: Callable[[], str]
) -> None:
    def crash(*_: object) -> None:
        local = SECRET
        raise _Crash(f"of {len(local)} characters")

    monkeypatch.setattr(SessionScreen, "action_poll", crash)
    with pytest.raises(_Crash):
        async with on_stage() as stage:
            await stage.press("r")
    assert "of 13 characters" in printed(), "no password is asked for: the reason helps"
    assert SECRET not in printed()
