"""Clocks that jump or are wrong, on either side: durations follow the server's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.names import Names
from tests.faults.scene import INTO_THE_FAILOVER, Opening, Scene, opened
from tui.simulator.exchange import Request, Response

SECONDS_OF = {"d": 86400, "h": 3600, "min": 60, "s": 1}


def elapsed(scene: Scene) -> int:
    """Seconds shown behind `elapsed`, as in `1 h 02 min 03 s`."""
    shown = next(line for line in scene.text.splitlines() if " elapsed " in line)
    words = shown.partition(" elapsed ")[2].split()
    assert words, shown
    assert len(words) % 2 == 0, shown
    return sum(
        int(number) * SECONDS_OF[unit] for number, unit in zip(words[::2], words[1::2], strict=True)
    )


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 86400.0 * 400, -86400.0 * 400])
async def test_a_jump_of_the_local_clock_changes_no_duration(jump: float, names: Names) -> None:
    async with opened(names) as scene:
        before, at = elapsed(scene), scene.clock.monotonic()
        assert "clock" not in scene.header
        scene.clock.jump_wall_clock(jump)
        await scene.poll()
        assert elapsed(scene) - before == pytest.approx(scene.clock.monotonic() - at, abs=1.1)
        assert "● live 0 s" in scene.header
        assert f"clock {'-' if jump > 0 else '+'}" in scene.header
        scene.clock.jump_wall_clock(-jump)
        await scene.poll()
        assert "clock" not in scene.header
        assert scene.state.trouble is None


@pytest.mark.parametrize(("off", "said"), [(3600.0, "+1 h"), (-3600.0, "-1 h")])
async def test_a_server_whose_clock_is_wrong(off: float, said: str, names: Names) -> None:
    async with opened(names, Opening(server_off=off)) as scene:
        assert f"  clock {said}  " in scene.header
        assert elapsed(scene) < INTO_THE_FAILOVER + 200
        await scene.poll()
        assert "● live" in scene.header


async def test_without_a_date_header_this_machine_s_clock_serves(names: Names) -> None:
    async with opened(names) as scene:

        def undated(asked: Request) -> Response | None:
            if asked.method != "GET":
                return None
            answered = scene.answer_to(asked.path, asked)
            kept = {name: text for name, text in answered.headers.items() if name != "Date"}
            return replace(answered, headers=kept)

        before, at = elapsed(scene), scene.clock.monotonic()
        scene.fault = undated
        await scene.poll()
        assert "● live" in scene.header
        assert elapsed(scene) - before == pytest.approx(scene.clock.monotonic() - at, abs=1.1)
