"""What is repainted: nothing that did not change, and just the cells that did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from textual.geometry import Region
from textual.widget import Widget

from tests.support.stage import Stage
from tests.support.ui_drill import summary, tasks
from tests.ui.conftest import OnStage
from tui.widgets.line_table import LineTable

Asked = list[tuple[Widget, tuple[Region, ...]]]


@contextmanager
def _refreshes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Every call of `Widget.refresh`, whatever widget it is for; no regions mean all of it."""
    asked: Asked = []
    really = Widget.refresh

    def noting(
        self: Widget,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Widget:
        asked.append((self, regions))
        return really(self, *regions, repaint=repaint, layout=layout, recompose=recompose)

    with monkeypatch.context() as patch:
        patch.setattr(Widget, "refresh", noting)
        yield asked


def _whole(asked: Asked) -> list[Widget]:
    return [widget for widget, regions in asked if not regions]


def _regions(asked: Asked, wanted: Widget) -> list[Region]:
    return [region for widget, regions in asked if widget is wanted for region in regions]


async def _finished(stage: Stage) -> None:
    await stage.advance_until(lambda: "SUCCESS" in stage.text, 600)
    await stage.advance(30)


async def test_an_unchanged_poll_repaints_nothing(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage("clean") as stage:
        await _finished(stage)
        await stage.press("r")
        before = len(stage.requests())
        with _refreshes(monkeypatch) as asked:
            await stage.press("r")
            await stage.press("r")
        assert len(stage.requests()) == before + 2
        assert asked == []


async def test_a_tick_repaints_only_the_clocks(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage("clean") as stage:
        await _finished(stage)
        with _refreshes(monkeypatch) as asked:
            await stage.advance(1)
        head = stage.one("#summary", Widget)
        assert {widget.id for widget, _ in asked} == {"summary"}
        assert _whole(asked) == []
        regions = _regions(asked, head)
        assert {region.y for region in regions} == {0}
        left = min(region.x for region in regions)
        assert left >= summary(stage)[0].index(" UTC") - 10, "what is left of the clock stays"


async def test_a_changed_cell_repaints_just_its_region(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(
        "large", size=(120, 24), server={"vms": 120, "changing_fraction": 0.1}
    ) as stage:
        await stage.press("s")
        await stage.advance(1)
        before = {view.key: view for view in tasks(stage)}
        order = list(before)
        with _refreshes(monkeypatch) as asked:
            await stage.advance(5)
        after = {view.key: view for view in tasks(stage)}
        assert list(after) == order
        changed = {
            place + 1
            for place, key in enumerate(order)
            if before[key] != after[key] or after[key].status.is_running
        }
        table = stage.table
        assert table not in _whole(asked)
        regions = _regions(asked, table)
        assert regions
        assert {region.y for region in regions} <= changed
        columns = {(column.x, column.width): column.id for column in table._columns}
        touched = {columns[region.x, region.width] for region in regions}
        assert touched == {"progress", "percent", "time"}
        assert all(region.height == 1 for region in regions)


async def test_moving_the_cursor_repaints_two_rows(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage() as stage:
        with _refreshes(monkeypatch) as asked:
            await stage.press("down")
        assert {widget for widget, _ in asked} == {stage.table}
        assert {region.y for region in _regions(asked, stage.table)} == {1, 2}
        assert _whole(asked) == []


async def test_rows_out_of_sight_cost_no_paint(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage("large", server={"vms": 400, "changing_fraction": 0.5}) as stage:
        painted: list[int] = []
        really = LineTable._paint_row

        def noting(self: LineTable[object], y: int) -> object:
            painted.append(y)
            return really(self, y)

        with monkeypatch.context() as patch, _refreshes(monkeypatch) as asked:
            patch.setattr(LineTable, "_paint_row", noting)
            await stage.advance(5)
        height = stage.table.size.height
        assert painted
        assert max(painted) < height
        assert len(painted) < 400, "what is in sight, for each of a few updates"
        assert stage.table not in _whole(asked)


async def test_an_unchanged_list_repaints_nothing(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage("drill", at="picker", server={"sessions": 20}) as stage:
        await stage.press("r")
        with _refreshes(monkeypatch) as asked:
            await stage.press("r")
        assert asked == []
        with _refreshes(monkeypatch) as asked:
            await stage.advance(1)
        assert {widget.id for widget, _ in asked} == {"head"}


async def test_nothing_blinks(on_stage: OnStage) -> None:
    from textual.widgets import Input

    async with on_stage(at="login") as stage:
        assert not any(field.cursor_blink for field in stage.screen.query(Input))
        await stage.log_on()
        assert not any(field.cursor_blink for field in stage.screen.query(Input))
        await stage.press("enter")
        await stage.advance(2)
        assert not any(field.cursor_blink for field in stage.screen.query(Input))
        for key in ("t", "m", ""):
            await (stage.press(key) if key else stage.ask_the_password())
            assert stage.screen.is_modal
            assert not any(field.cursor_blink for field in stage.screen.query(Input))
            await stage.press("escape")
