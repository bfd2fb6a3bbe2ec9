"""Targets typed into the dialog: taken, refused in place, left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.widgets import Input, Static

from tests.support.stage import Stage
from tests.support.ui_drill import summary
from tests.ui.conftest import OnStage
from tui.analysis.stall import Movement
from tui.screens.session import SessionScreen
from tui.screens.targets import TargetsScreen
from tui.settings.resolved import PlanTarget, Targets


async def _fill(stage: Stage, **values: str) -> None:
    await stage.press("t")
    stage.showing(TargetsScreen)
    for name, value in values.items():
        stage.one(f"#{name}", Input).value = value
    await stage.press("enter")


async def test_typed_targets_give_a_verdict_at_once(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60)) as stage:
        assert "RTO – (t sets a target)" in stage.text
        await _fill(stage, rto="30m", rpo="2h")
        stage.showing(SessionScreen)
        assert "RTO 30 min ON COURSE, 28 min 1" in stage.text
        assert "RPO 2 h " in stage.text
        assert " over of " in stage.text
        await _fill(stage, rto="2m")
        assert "RTO 2 min AT RISK" in stage.text or "RTO 2 min NOT MET" in stage.text
        await stage.advance(60)
        assert "RTO 2 min NOT MET" in stage.text
        await _fill(stage, rto="", rpo="")
        assert "RTO – (t sets a target)" in stage.text


async def test_the_disaster_may_have_been_declared_earlier(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await _fill(stage, rto="10m", declared="13:42")
        assert any("RTO 10 min " in line and "1 min 5" in line for line in summary(stage))
        await stage.press("t")
        assert stage.one("#declared", Input).value == "2026-03-14 13:42:00"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rto": "soon"}, "RTO target"),
        ({"rpo": "-5m"}, "RPO target"),
        ({"declared": "[/foo]"}, "is no time"),
        ({"declared": "14:30"}, "Type the date with it: 2026-03-13 14:30"),
        ({"declared": "13:49"}, "cannot have been declared after the session began"),
    ],
)
async def test_what_cannot_be_is_said_in_place(
    on_stage: OnStage, values: dict[str, str], said: str
) -> None:
    async with on_stage() as stage:
        await _fill(stage, **values)
        stage.showing(TargetsScreen)
        assert said in " ".join(str(stage.one("#targets-error", Static).render()).split())
        for name, value in values.items():
            assert stage.one(f"#{name}", Input).value == value
        await stage.press("escape")
        stage.showing(SessionScreen)
        assert "RTO – (t sets a target)" in stage.text


async def test_the_settings_fill_the_dialog(on_stage: OnStage) -> None:
    plans = {"Harbour Logistics full site": PlanTarget(rto=timedelta(minutes=45))}
    targets = Targets(default=PlanTarget(rpo=timedelta(hours=4)), plans=plans)
    async with on_stage(targets=targets) as stage:
        assert "RTO 45 min ON COURSE" in stage.text
        await stage.press("t")
        assert stage.one("#rto", Input).value == "45 min"
        assert stage.one("#rpo", Input).value == "4 h"


async def test_polling_goes_on_behind_the_dialog(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("t")
        before = len(stage.requests())
        await stage.advance(20)
        assert len(stage.requests()) >= before + 4


async def test_a_deadline_that_passes_between_answers_is_told_at_once(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60)) as stage:
        await _fill(stage, rto="3m")
        assert "since the data was read" not in stage.text
        asked = len(stage.requests())
        screen = stage.showing(SessionScreen)
        view = screen.state.drill
        assert view is not None
        assert view.rto.deadline is not None
        await stage.press("p")
        left = (view.rto.deadline - screen._server_now()).total_seconds()
        await stage.advance(left + 1)
        assert len(stage.requests()) == asked
        assert "RTO 3 min AT RISK" in stage.text
        assert "the target passed since the data was read" in stage.text


async def test_while_paused_or_old_nothing_is_said_of_what_stands_still(on_stage: OnStage) -> None:
    async with on_stage("stall", size=(200, 60)) as stage:
        screen = stage.showing(SessionScreen)

        def movements() -> set[Movement]:
            assert screen.state.drill is not None
            return {motion.movement for motion in screen.state.drill.motions.values()}

        await stage.advance_until(lambda: Movement.STALLED in movements(), limit=1500)
        await stage.press("p")
        assert movements() == {Movement.CANNOT_TELL}
        assert "cannot tell" in stage.text
        assert screen.state.drill is not None
        assert screen.state.drill.still_since is None
        await stage.press("p")
        await stage.advance(1)
        assert Movement.STALLED in movements()
        stage.wire.cut()
        for _ in range(12):
            await stage.advance(1)
        assert movements() == {Movement.CANNOT_TELL}
