"""Any sequence of sizes ends in the picture of a fresh start; no line is idle beside cut text."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.screens.palette import Palette

SIZES = (
    (36, 10), (40, 12), (40, 25), (50, 12), (60, 20), (64, 18), (80, 24), (90, 15), (120, 40),
    (200, 60), (35, 9), (20, 5),
)  # fmt: skip
SCREENS: dict[str, tuple[dict[str, Any], float, tuple[str, ...]]] = {
    "finished with failures": ({}, 200, ()),
    "running with failures": ({}, 60, ()),
    "many": ({"scenario": "large", "server": {"vms": 200}}, 30, ()),
    "hostile": ({"scenario": "hostile"}, 150, ()),
    "failures and warnings": ({}, 200, ("f", "f")),
    "timeline": ({}, 60, ("v",)),
    "task": ({}, 60, ("enter",)),
    "events": ({}, 60, ("e",)),
    "comparison": ({}, 60, ("c",)),
    "help": ({}, 6, ("question_mark",)),
    "manual": ({}, 6, ("question_mark", "m")),
    "page of the manual": ({}, 6, ("question_mark", "m", "down", "enter")),
    "palette": ({}, 6, ("colon",)),
    "targets": ({}, 6, ("t",)),
    "note": ({}, 6, ("m",)),
    "password": ({}, 6, ("ask",)),
    "picker": ({"at": "picker"}, 6, ()),
    "start check": ({"at": "picker"}, 6, ("c",)),
    "standby": ({"at": "picker"}, 6, ("w",)),
    "login": ({"at": "login"}, 0, ()),
}


async def _picture(stage: Stage, seconds: float, keys: tuple[str, ...]) -> None:
    if seconds:
        await stage.advance(seconds)
    if keys == ("ask",):
        await stage.ask_the_password()
    else:
        await stage.press(*keys)
    if keys == ("colon",):
        await stage.until(lambda: isinstance(stage.screen, Palette) and "Filter" in stage.text)


async def _at_rest(stage: Stage) -> list[str]:
    """The picture once nothing is painted any more: a scrollbar follows what it scrolls."""
    for _ in range(6):
        await stage.settle()
    return stage.lines


@pytest.mark.parametrize("name", SCREENS)
async def test_any_sequence_of_sizes_ends_as_a_fresh_start(on_stage: OnStage, name: str) -> None:
    how, seconds, keys = SCREENS[name]
    chance = Random(name)
    sizes = [chance.choice(SIZES) for _ in range(5)]
    last = chance.choice(SIZES[:-2])
    async with on_stage(size=sizes[0], **how) as stage:
        await _picture(stage, seconds, keys)
        for size in (*sizes[1:], last):
            await stage.resize(*size)
        after = await _at_rest(stage)
    async with on_stage(size=last, **how) as stage:
        await _picture(stage, seconds, keys)
        fresh = await _at_rest(stage)
    assert after == fresh, f"{sizes} then {last}"


@pytest.mark.parametrize("scenario", ["failures", "warnings", "clean", "stall", "hostile"])
async def test_no_line_is_blank_while_something_is_cut_or_folded(
    on_stage: OnStage, scenario: str
) -> None:
    async with on_stage(scenario) as stage:
        for seconds in (40, 160):
            await stage.advance(seconds)
            for size in SIZES[:10]:
                await stage.resize(*size)
                rows = stage.lines[-1 - stage.table.size.height :]
                blank = sum(not line.strip(" ▁▂▃▄▅▆▇█") for line in rows)
                cut = [line for line in rows if "…" in line or "more" in line]
                if scenario != "hostile":  # whose own texts hold such signs, and long ones
                    assert not (blank > 3 and cut), f"{size}:\n{stage.text}"
                    if size[0] >= 80 and size[1] >= 24:
                        assert not cut or not blank, f"{size}:\n{stage.text}"
