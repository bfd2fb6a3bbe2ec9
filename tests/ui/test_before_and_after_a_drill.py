"""Comparison, start check and standby, as a person comes to them."""

from __future__ import annotations

from datetime import timedelta

from tests.ui.conftest import OnStage
from tui.messages import SessionRequested
from tui.screens.comparison import ComparisonScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.standby import StandbyScreen
from tui.screens.start_check import StartCheckScreen
from tui.settings.resolved import PlanTarget, Targets

PLAN = "Harbour Logistics full site"


FOUR_HOURS = Targets(default=PlanTarget(rpo=timedelta(hours=4)))


async def test_the_comparison_follows_the_session_and_copies_a_row(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.advance_until(lambda: bool(stage.showing(SessionScreen).state.runs))
        await stage.press("c")
        stage.showing(ComparisonScreen)
        head = stage.painted("#comparison-head")
        assert head[0] == f" Comparison {PLAN}   so far: this run still goes on"
        assert "2026-03-07 09:02:00 UTC" in head[1]
        assert head[5] == " VMs       14 in both   ✚ 0 added   ◌ 0 gone"
        await stage.advance_until(lambda: "failed now, not then" in stage.text)
        assert "✘ sql02" in stage.rows[1]
        await stage.press("y")
        assert stage.app.clipboard.startswith("sql02  then 1m16s  now ✘ Failed")
        await stage.press("escape")
        stage.showing(SessionScreen)


async def test_nothing_to_compare_with_is_said(on_stage: OnStage) -> None:
    async with on_stage(server={"sessions": 1}) as stage:
        await stage.press("c")
        stage.showing(ComparisonScreen)
        assert f"the server lists no earlier finished session of\n  {PLAN}" in stage.text
        await stage.press("y")
        assert stage.app.said[-1] == "There is no row to copy."


async def test_the_start_check_tells_the_gravest_first_and_can_be_run_again(
    on_stage: OnStage,
) -> None:
    async with on_stage(at="picker", targets=FOUR_HOURS, size=(200, 60)) as stage:
        await stage.until(lambda: len(stage.rows) > 1)
        await stage.press("c")
        screen = stage.showing(StartCheckScreen)
        await stage.until(lambda: screen.check.over)
        assert stage.painted("#check-head")[1].startswith(" ✘ NOT READY")
        said = [" ".join(row.split()[1:3]) for row in stage.rows[1:]]
        order = ("Not ready", "Warning", "Not told", "OK")
        ranks = [next(n for n, word in enumerate(order) if row.startswith(word)) for row in said]
        assert ranks == sorted(ranks)
        asked = len(stage.requests("GET"))
        await stage.press("enter")
        assert "over the RPO target of 4 h" in stage.painted("#finding")[1]
        await stage.press("r")
        await stage.until(lambda: screen.check.over)
        assert len(stage.requests("GET")) - asked == screen.check.of
        await stage.press("escape")
        stage.showing(PickerScreen)


async def test_a_drill_that_begins_is_opened_in_place_of_the_standby(on_stage: OnStage) -> None:
    async with on_stage("drill", at="picker", wait_for=PLAN) as stage:
        screen = stage.showing(StandbyScreen)
        text = stage.text
        assert "STANDING BY" in text
        assert "RO" in stage.painted("#head")[0]
        await stage.press("question_mark")
        await stage.advance_until(lambda: isinstance(stage.screen, SessionScreen))
        assert screen not in stage.app.screen_stack
        assert stage.app.rung == 1
        [message] = stage.posted(SessionRequested)
        assert isinstance(message, SessionRequested)
        assert message.session_id == stage.service.featured_session
        await stage.press("escape")
        stage.showing(PickerScreen)


async def test_trouble_while_standing_by_is_shown_and_survived(on_stage: OnStage) -> None:
    async with on_stage(at="picker", wait_for="No such plan") as stage:
        stage.showing(StandbyScreen)
        assert "No session of a plan of this name has been seen so far." in stage.text
        stage.wire.cut()
        await stage.advance(40)
        assert "STALE" in stage.painted("#head")[0]
        assert "refused the connection" in stage.painted("#head")[1]
        assert "next try in" in stage.text
        stage.wire.mend()
        await stage.press("r")
        await stage.until(lambda: stage.showing(StandbyScreen).state.trouble is None)
        assert "live" in stage.painted("#head")[0]


async def test_the_next_session_is_waited_for_while_an_older_one_still_runs(
    on_stage: OnStage,
) -> None:
    async with on_stage(at="picker", size=(120, 40)) as stage:
        await stage.until(lambda: len(stage.rows) > 1)
        await stage.press("w")
        screen = stage.showing(StandbyScreen)
        await stage.advance_until(lambda: screen.state.fetched_at is not None)
        await stage.advance(30)
        assert stage.showing(StandbyScreen) is screen
        assert "still runs is not it" in stage.text
        assert f"{PLAN}   on {screen.state.backup_server}" in stage.text
