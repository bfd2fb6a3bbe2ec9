"""Pictures of every screen at both sizes; the README shows two of them.

They live in `tests/snapshots` under plain names. After a wanted change:
`pytest tests/ui/test_snapshots.py --snapshot-update`, and look at them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]
from syrupy.assertion import SnapshotAssertion
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from tests.support.stage import Stage
from tests.ui.conftest import OnStage

FOLDER = Path(__file__).parent.parent / "snapshots"
TERMINALS = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
Size = tuple[int, int]


class Pictures(SVGImageExtension):  # type: ignore[misc]  # it is untyped
    """SVG files named as the test says, so that others can refer to them."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(FOLDER)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)

    @classmethod
    def write_snapshot(cls, **what: Any) -> None:
        with warnings.catch_warnings():  # that a name tells nothing of the test is wanted
            warnings.simplefilter("ignore", UserWarning)
            super().write_snapshot(**what)


Check = Callable[[Stage, str], None]


@pytest.fixture
def check(snapshot: SnapshotAssertion, tmp_path: Path) -> Check:
    """Compares the screen with its picture; where they differ the new one is left behind."""
    pictures = snapshot.use_extension(Pictures)

    def compare(stage: Stage, name: str) -> None:
        width, height = stage.app.size
        picture = stage.app.export_screenshot(title="failover-monitor")
        same = pictures(name=f"{name}-{width}x{height}") == picture
        if not same:
            new = tmp_path / f"{name}-{width}x{height}.svg"
            new.write_text(picture, "utf-8")
            pytest.fail(f"the screen is not as in {FOLDER / new.name}; it is now as in {new}")

    return compare


@TERMINALS
async def test_login(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(at="login", size=size) as stage:
        await stage.paste("wrong")
        await stage.press("enter")
        check(stage, "login")


@TERMINALS
async def test_picker(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(at="picker", size=size) as stage:
        await stage.advance(35)
        await stage.press("r", "down", "down")
        check(stage, "picker")


@TERMINALS
async def test_session_with_failures(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size) as stage:
        await _set_targets(stage)
        await stage.advance(74)
        check(stage, "session")


async def _set_targets(stage: Stage) -> None:
    await stage.press("t")
    await stage.paste("5m")
    await stage.press("tab")
    await stage.paste("4h")
    await stage.press("enter")


@TERMINALS
async def test_session_finished(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size) as stage:
        await _set_targets(stage)
        await stage.advance(400)
        check(stage, "session-finished")


@TERMINALS
async def test_session_stale(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size) as stage:
        await stage.advance(40)
        stage.wire.cut()
        await stage.advance(95)
        check(stage, "session-stale")


@TERMINALS
async def test_session_in_ascii(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size, ascii=True, theme="light") as stage:
        await stage.advance(74)
        check(stage, "session-ascii-light")


@TERMINALS
async def test_task(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size) as stage:
        await stage.advance(40)
        await stage.press("enter")
        check(stage, "task")


@TERMINALS
async def test_help(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size) as stage:
        await stage.press("question_mark")
        await stage.settle()  # the scrollbar follows the text that it scrolls
        check(stage, "help")


@TERMINALS
async def test_manual(on_stage: OnStage, check: Check, size: Size) -> None:
    async with on_stage(size=size) as stage:
        await stage.press("question_mark", "m")
        await stage.until(lambda: "incident" in stage.text)
        await stage.press("j", "j", "enter")
        await stage.until(lambda: "At an incident" in stage.text)
        await stage.settle()  # the scrollbar follows the text that it scrolls
        check(stage, "manual")


async def test_a_changed_screen_is_noticed(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        await stage.paste("wrong")
        await stage.press("enter")
        stored = (FOLDER / "login-80x24.svg").read_text("utf-8")
        assert _serialized(stage) == stored
        stage.app.theme = "light"
        await stage.settle()
        assert _serialized(stage) != stored, "a colour"
        stage.app.theme = "dark"
        await stage.settle()
        assert _serialized(stage) == stored
        await stage.press("x")
        assert _serialized(stage) != stored, "one character"


def _serialized(stage: Stage) -> str:
    return str(Pictures().serialize(stage.app.export_screenshot(title="failover-monitor")))


def test_no_picture_holds_what_no_file_may_hold() -> None:
    found = sorted(FOLDER.glob("*.svg"))
    assert len(found) == 18
    for path in found:
        assert "/tmp" not in path.read_text("utf-8")
