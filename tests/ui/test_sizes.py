"""Every size from a wall to a phone: nothing is lost, nothing breaks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.stage import Stage
from tests.support.ui_drill import names, summary, under_cursor
from tests.ui.conftest import OnStage
from tui.presentation.text import cells
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.screens.task import TaskScreen
from tui.settings.resolved import PlanTarget, Targets

SIZES = ((200, 60), (80, 24), (45, 10), (50, 12), (49, 12), (50, 11), (20, 3), (120, 8), (1, 1))


def _fits(stage: Stage) -> None:
    width, height = stage.app.size
    assert len(stage.strips) == height
    for strip in stage.strips:
        assert strip.cell_length == width
        assert "\n" not in strip.text
        assert cells(strip.text) == width, "what was counted is what a terminal counts"


async def test_resizing_to_and_fro_loses_nothing(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 60), server={"vms": 120}) as stage:
        await stage.press("s", "slash")
        await stage.paste("!dc")
        await stage.press("enter", *["pagedown"] * 2, "up")
        chosen, shown = under_cursor(stage).key, names(stage)
        for width, height in ((80, 24), (45, 10), (80, 24), (200, 60), (30, 5), (200, 60)):
            await stage.resize(width, height)
            _fits(stage)
            assert under_cursor(stage).key == chosen
            assert names(stage) == shown
            if width >= 80:
                assert under_cursor(stage).vm_name in stage.under_cursor[0]
                assert "filter !dc" in stage.text
                assert "VM▲" in stage.rows[0]
        assert stage.table.has_focus


PHONES = [(36, 10), (40, 12), (40, 25), (45, 10), (49, 24), (90, 15)]


@pytest.mark.parametrize("size", PHONES)
async def test_a_phone_shows_what_failed_and_why_how_far_and_how_fresh(
    on_stage: OnStage, size: tuple[int, int]
) -> None:
    rto = Targets(default=PlanTarget(rto=timedelta(minutes=30)))
    async with on_stage(size=size, targets=rto) as stage:
        await stage.advance(96)
        _fits(stage)
        shown = stage.text
        assert "RO" in stage.lines[0].split()
        assert "live" in stage.lines[0]
        assert " %" in shown
        assert "of 14" in shown
        assert "RTO 30 min" in shown
        said = " ".join(word for line in shown.splitlines() for word in line.split())
        for name, why in (("sql02", "Not enough free"), ("app02", "Network mapping")):
            assert name in said
            assert why in said
        await stage.press("enter")
        stage.showing(TaskScreen)
        assert "sql02" in stage.text


@pytest.mark.parametrize("size", [(35, 10), (36, 9), (20, 5), (12, 3)])
async def test_below_the_smallest_size_totals_and_failing_names_remain(
    on_stage: OnStage, size: tuple[int, int]
) -> None:
    async with on_stage(size=size) as stage:
        await stage.advance(66)
        _fits(stage)
        assert stage.lines[0].startswith("✘ ")
        if size[0] >= 20:
            assert "of 14" in stage.lines[0]
            assert "✘ sql02" in stage.text
        await stage.resize(80, 24)
        assert stage.rows[1].startswith(" ✘ sql02")
        assert stage.table.has_focus


async def test_narrow_ones_drop_rpo_message_time_and_bar_in_that_order(on_stage: OnStage) -> None:
    async with on_stage(size=(200, 24)) as stage:
        order = ["RPO", "MESSAGE", "TIME", "PROGRESS"]
        there = set(order)
        dropped: list[str] = []
        for width in range(200, 49, -5):
            await stage.resize(width, 24)
            header = stage.rows[0]
            now = {title for title in order if title in header}
            assert now <= there, "what was dropped does not come back on a narrower one"
            dropped += sorted(there - now, key=order.index)
            there = now
            for title in ("VM", "STATUS", "%"):
                assert title in header
        assert dropped == order[: len(dropped)]
        assert len(dropped) >= 2


@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
async def test_every_screen_fits_every_size(on_stage: OnStage, ascii_only: bool) -> None:
    async with on_stage(ascii=ascii_only) as stage:
        await stage.advance(30)
        await _through_sizes(stage)
        await stage.press("enter")
        stage.showing(TaskScreen)
        await _through_sizes(stage)
        await stage.press("question_mark")
        stage.showing(HelpScreen)
        await _through_sizes(stage)
        await stage.press("escape", "escape", "escape")
        stage.showing(PickerScreen)
        await _through_sizes(stage)


async def _through_sizes(stage: Stage) -> None:
    for size in SIZES:
        await stage.resize(*size)
        _fits(stage)
    await stage.resize(80, 24)


async def test_wide_terminals_give_the_columns_more_room(on_stage: OnStage) -> None:
    async with on_stage(size=(80, 24)) as stage:
        await stage.resize(60, 24)
        assert "fileserver" in stage.text
        assert "ing-emea-03" in stage.text
        assert "fileserver-accounting-emea-03" not in stage.text
        await stage.resize(80, 24)
        assert "fileserver-accounting-emea-03" in stage.text
        await stage.resize(200, 60)
        assert "fileserver-accounting-emea-03" in stage.text
        header = stage.rows[0]
        assert all(title in header for title in ("RPO", "MESSAGE", "TIME", "START UTC"))
        assert "on vbr-north.cloud.example" in summary(stage)[1]
