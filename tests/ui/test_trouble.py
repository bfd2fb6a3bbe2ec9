"""The session screen while the server is in trouble: last data kept, aged, explained."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.support.stage import Stage
from tests.support.ui_drill import names, polls, state, summary, tasks, under_cursor
from tests.ui.conftest import OnStage
from tui.messages import LogonAgainRequested
from tui.screens.password import PasswordScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.simulator.exchange import Request, Response


def _colours(stage: Stage) -> set[str]:
    """Every colour of text in the table."""
    table = stage.table
    styles = [
        segment.style
        for y in range(1, table.size.height)
        for segment in table.render_line(y)
        if segment.style is not None and segment.text.strip(" ─━╸")
    ]
    return {style.color.name for style in styles if style.color is not None}


async def test_old_data_is_kept_aged_dimmed_and_explained(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        await stage.advance(30)
        fresh = _colours(stage)
        kept = [(view.vm_name, view.progress) for view in tasks(stage)]
        stage.wire.cut()
        await stage.advance(5)
        lines = summary(stage)
        assert "STALE" in lines[0]
        assert "vbem01 refused the connection" in lines[1]
        assert "next try in 4 s, r tries now" in lines[2], (
            "whole, on a line of its own where narrow"
        )
        assert not stage.showing(SessionScreen).has_class("-stale"), "not older than two intervals"
        await stage.advance(60)
        assert stage.showing(SessionScreen).has_class("-stale")
        assert [(view.vm_name, view.progress) for view in tasks(stage)] == kept
        assert "STALE 1 min 0" in summary(stage)[0]
        stale = _colours(stage)
        assert len(stale) < len(fresh)
        assert stage.app.theme_variables["status-success"].lower() not in stale
        assert "next try in" in summary(stage)[2]


async def test_it_comes_back_by_itself_and_at_once_with_r(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        stage.wire.cut()
        await stage.advance(100)
        tried = stage.wire.tries
        await stage.press("r")
        assert stage.wire.tries == tried + 1
        assert "refused" in summary(stage)[1]
        stage.wire.mend()
        await stage.press("r")
        assert "live 0 s" in summary(stage)[0]
        assert not any("refused" in line for line in summary(stage))
        assert not stage.showing(SessionScreen).has_class("-stale")
        stage.wire.cut()
        await stage.advance(400)
        stage.wire.mend()
        await stage.advance(61)
        assert "live" in summary(stage)[0]
        assert state(stage).trouble is None


async def test_cursor_filter_and_sort_outlive_an_outage(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        await stage.press("s", "down", "down", "slash")
        await stage.paste("!x")
        await stage.press("enter")
        chosen, shown = under_cursor(stage).vm_name, names(stage)
        stage.wire.cut()
        await stage.advance(200)
        stage.wire.mend()
        await stage.advance(61)
        assert "live" in summary(stage)[0]
        assert under_cursor(stage).vm_name == chosen
        assert names(stage) == shown


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response(500, {"Content-Type": "text/plain"}, b"oops [/foo] \x1b[2J"), "500"),
        (Response(503, {}, b""), "503"),
        (Response(200, {"Content-Type": "text/html"}, b"<html>[bold]</html>"), "A web page"),
        (Response(200, {"Content-Type": "application/json"}, b'{"cut'), ""),
        (Response(403, {}, b""), ""),
        (Response(404, {}, b""), ""),
    ],
    ids=["500", "503", "html", "cut off", "403", "404"],
)
async def test_nonsense_never_blanks_the_screen(
    on_stage: OnStage, answer: Response, said: str
) -> None:
    async with on_stage(size=(80, 40)) as stage:
        kept = [(view.vm_name, view.progress) for view in tasks(stage)]

        def nonsense(_: Request) -> Response:
            return answer

        stage.service.fault = nonsense
        await stage.advance(30)
        trouble = state(stage).trouble
        assert trouble is not None
        assert said in trouble.sentence or said in (trouble.remedy or "")
        assert trouble.sentence[:30] in summary(stage)[1]
        assert [(view.vm_name, view.progress) for view in tasks(stage)] == kept
        assert "\x1b" not in stage.text
        stage.service.fault = None
        await stage.advance(61)
        assert state(stage).trouble is None


async def test_an_expired_logon_is_renewed_without_a_word(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        stage.service.forget_logons()
        await stage.advance(10)
        assert stage.service.logons == 2
        assert "live" in summary(stage)[0]


async def test_a_refused_account_waits_for_a_person(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        kept = [(view.vm_name, view.progress) for view in tasks(stage)]
        await stage.refuse_the_account()
        assert "l logs on again" in summary(stage)[1]
        assert len(stage.requests("POST")) == 2
        await stage.advance(600)
        assert len(stage.requests("POST")) == 2, "a wrong password is never repeated by itself"
        await stage.press("r")
        assert len(stage.requests("POST")) == 2
        await stage.press("l")
        assert stage.posted(LogonAgainRequested)
        stage.showing(PasswordScreen)
        assert "Password of demo at vbem01" in stage.text
        await stage.paste("demo")
        assert "demo" not in stage.text.replace("Password of demo", "").replace("  demo", "")
        stage.service.fault = None
        await stage.press("enter")
        await stage.until(lambda: "live 0 s" in summary(stage)[0])
        assert {name for name, _ in kept} == set(names(stage))
        assert len(stage.requests("POST")) == 3


async def test_a_dialog_left_changes_nothing(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 40)) as stage:
        await stage.refuse_the_account()
        await stage.press("l")
        await stage.paste("secret")
        assert stage.one("Input", Input).value == "secret"
        await stage.press("escape")
        stage.showing(SessionScreen)
        await stage.press("l", "enter")
        stage.showing(SessionScreen)
        assert len(stage.requests("POST")) == 2
        assert tasks(stage)


async def test_the_picker_takes_the_password_again_too(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        await stage.advance(1)
        await stage.refuse_the_account()
        assert "l logs on again" in stage.painted("#head")[1]
        await stage.press("l")
        stage.service.fault = None
        await stage.paste("demo")
        await stage.press("enter")
        stage.showing(PickerScreen)
        await stage.until(lambda: "live 0 s" in stage.painted("#head")[0])


async def test_a_wrong_server_clock_is_shown_and_its_time_counts(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        stage.clock.jump_server_clock(90)
        await stage.advance(5)
        assert "clock +" in summary(stage)[0]
        assert "13:51:41 UTC" in summary(stage)[0]
        assert "live" in summary(stage)[0]
        assert polls(stage) >= 2
