"""The session screen over what was recorded: the same picture, said to be no live one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.strip import Strip

from tests.support.fake_clock import FakeClock
from tests.support.simulated import SteppedClock, build_service
from tests.support.stage import BEGIN, Stage, staged
from tests.support.ui_drill import names, polls, summary
from tests.ui.conftest import OnStage
from tui.journal.keeping import read_past
from tui.monitor.recording import Recording, recorded
from tui.screens.events import EventsScreen
from tui.screens.jump import JumpScreen
from tui.screens.replay import ReplayScreen
from tui.screens.session import SessionScreen
from tui.screens.task import TaskScreen
from tui.settings.resolved import JournalOptions, ResolvedSettings


def journalled(folder: Path) -> Recording:
    (path,) = folder.rglob("*.jsonl")
    past = read_past(path)
    found = recorded(past.session_id or "", past.observations, past.server or "")
    assert found is not None
    return found


@asynccontextmanager
async def replaying(
    recording: Recording,
    size: tuple[int, int] = (80, 24),
    *,
    ascii: bool = False,  # noqa: A002
) -> AsyncIterator[Stage]:
    """The app as `replay FILE` runs it; standing at the begin."""
    service, clock = build_service(clock=SteppedClock()), FakeClock(BEGIN)
    settings = ResolvedSettings(ascii=ascii)
    async with staged(service, clock, settings, size, recording=recording) as stage:
        await stage.until(lambda: marked(stage))
        await stage.press("space", "less_than_sign")
        yield stage


def marked(stage: Stage) -> bool:
    return stage.showing(ReplayScreen)._replayed.playback.marks.complete


def position(stage: Stage) -> float:
    return stage.showing(ReplayScreen)._replayed.playback.at


def picture(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """Every cell with its style."""
    return [
        [(char, str(segment.style)) for segment in strip for char in segment.text]
        for strip in strips
    ]


@pytest.fixture
async def drill(on_stage: OnStage, tmp_path: Path) -> Recording:
    """A failover from its middle to its end and a little longer, with a note."""
    async with on_stage(journal=JournalOptions(folder=tmp_path)) as stage:
        await stage.press("m")
        await stage.paste("half way")
        await stage.press("enter")
        await stage.advance_until(lambda: "FAILED" in stage.text and "100 %" in stage.text)
        await stage.advance(30)
    return journalled(tmp_path)


@pytest.mark.parametrize("size", [(80, 30), (200, 59)])
async def test_it_ends_on_the_picture_of_the_live_screen_cell_by_cell(
    on_stage: OnStage, tmp_path: Path, size: tuple[int, int]
) -> None:
    options = JournalOptions(folder=tmp_path)
    async with on_stage(journal=options, size=size) as stage:
        await stage.press("m")
        await stage.paste("half way")
        await stage.press("enter")
        await stage.advance_until(lambda: "FAILED" in stage.text and "100 %" in stage.text)
        await stage.advance(70)
        live = picture(stage.strips)
        await stage.press("e")
        events = picture(stage.strips)
    async with replaying(journalled(tmp_path), (size[0], size[1] + 1)) as stage:
        await stage.press("greater_than_sign")
        again = picture(stage.strips)
        # The header and the bar under it are the replay's own, and so are the keys.
        assert again[2:-1] == live[1:-1]
        await stage.resize(*size)
        await stage.press("e")
        assert picture(stage.strips)[1:-1] == events[1:-1]


async def test_over_a_live_session_it_goes_back_in_time_and_returns_to_now(
    on_stage: OnStage,
) -> None:
    async with on_stage() as stage:
        await stage.advance(60)
        assert "live" in summary(stage)[0]
        asked = polls(stage)
        await stage.press("R")
        await stage.until(lambda: isinstance(stage.screen, ReplayScreen))
        assert "REPLAY paused" in stage.lines[0]
        await stage.until(lambda: marked(stage))
        end = position(stage)
        await stage.press("less_than_sign")
        begin = position(stage)
        assert begin < 1.0
        assert "no data" not in stage.text
        assert end == pytest.approx(66, abs=6)
        await stage.advance(30)
        assert position(stage) == begin, "it stands"
        assert polls(stage) > asked, "polling goes on under it"
        assert "live" not in stage.text
        await stage.press("escape")
        stage.showing(SessionScreen)
        await stage.advance(1)
        assert "live" in summary(stage)[0]
        assert "REPLAY" not in stage.text


async def test_nothing_in_a_replay_looks_live(drill: Recording) -> None:
    async with replaying(drill) as stage:
        for keys in (
            ["greater_than_sign"],
            ["less_than_sign"],
            ["space"],
            ["e"],
            ["escape", "enter"],
        ):
            await stage.press(*keys)
            assert "REPLAY" in stage.lines[0]
            assert "live" not in stage.text
            assert "every" not in stage.lines[0]
        stage.showing(TaskScreen)


async def test_it_plays_stands_and_changes_its_speed(drill: Recording) -> None:
    async with replaying(drill) as stage:
        assert "REPLAY paused" in stage.lines[0]
        await stage.press("space")
        await stage.advance(5)
        first = position(stage)
        assert first > 0
        await stage.press("plus")
        assert "REPLAY 30x" in stage.lines[0] or "REPLAY 10x" in stage.lines[0]
        await stage.press("space")
        stood = position(stage)
        await stage.advance(20)
        assert position(stage) == stood
        assert "REPLAY paused" in stage.lines[0]


async def test_it_steps_from_failure_to_failure_and_event_to_event(drill: Recording) -> None:
    async with replaying(drill) as stage:
        before = position(stage)
        await stage.press("n")
        assert position(stage) > before
        failed = position(stage)
        await stage.press("right_square_bracket", "left_square_bracket")
        assert position(stage) <= failed
        for _ in range(30):
            await stage.press("n")
        assert "There is no failure after this moment." in stage.app.said
        await stage.press("less_than_sign", "N")
        assert "There is no failure before this moment." in stage.app.said


async def test_arrows_and_edges_move_within_it(drill: Recording) -> None:
    async with replaying(drill) as stage:
        await stage.press("right", "right")
        assert position(stage) == drill.start + 10.0
        await stage.press("left")
        assert position(stage) == drill.start + 5.0
        await stage.press("greater_than_sign")
        assert position(stage) == drill.end
        await stage.press("less_than_sign", "left")
        assert position(stage) == drill.start


async def test_it_jumps_to_a_time(drill: Recording) -> None:
    async with replaying(drill) as stage:
        await stage.press("J")
        stage.showing(JumpScreen)
        assert "REPLAY" in stage.lines[0]
        await stage.paste("13:52:00")
        await stage.press("enter")
        assert "13:52:00 UTC" in stage.lines[0]
        await stage.press("J")
        await stage.paste("23:59")
        await stage.press("enter")
        assert "is not in the recording" in stage.text
        await stage.press("escape")
        assert "13:52:00 UTC" in stage.lines[0]


async def test_the_rows_keep_their_keys(drill: Recording) -> None:
    async with replaying(drill) as stage:
        await stage.press("greater_than_sign", "end")
        last = stage.table.cursor_row
        await stage.press("g")
        assert stage.table.cursor_row is not last
        await stage.press("f")
        assert len(names(stage)) == 3
        await stage.press("escape")
        assert len(names(stage)) > 3
        await stage.press("e", "home")
        assert "half way" in stage.text
        stage.showing(EventsScreen)


async def test_what_a_replay_cannot_do_is_said(drill: Recording) -> None:
    async with replaying(drill) as stage:
        for key in ("m", "t", "a", "r", "l", "b"):
            stage.app.said.clear()
            await stage.press(key)
            assert stage.app.said == ["A replay only shows: nothing is asked, noted or kept."]
        stage.showing(ReplayScreen)


@pytest.mark.parametrize("size", [(36, 10), (40, 25), (80, 24), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
async def test_it_fits_every_size(drill: Recording, size: tuple[int, int], *, ascii: bool) -> None:  # noqa: A002
    async with replaying(drill, size, ascii=ascii) as stage:
        await stage.press("greater_than_sign")
        assert "REPLAY" in stage.lines[0]
        bar = stage.lines[1]
        assert len(bar) <= size[0]
        assert bar.count("x" if ascii else "✘") >= 1
        assert stage.table.size.height >= 1
        if ascii:
            assert stage.text.isascii()
        await stage.press("J")
        assert "Jump to" in stage.text
        await stage.press("escape")


async def test_too_small_a_terminal_says_replay_too(drill: Recording) -> None:
    async with replaying(drill, (30, 6)) as stage:
        assert "REPLAY" in stage.text


@pytest.mark.parametrize("key", ["q", "escape"])
async def test_leaving_ends_it_and_leaves_nothing_behind(drill: Recording, key: str) -> None:
    async with replaying(drill) as stage:
        await stage.press(key)
        assert stage.app.return_code == 0
        assert not stage.app.talk.farewell
        assert not stage.requests()
