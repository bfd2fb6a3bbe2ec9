"""A fault while a session is watched: what the screen says, what stays, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conditions import Kept, check_live, check_stale, choose
from tests.faults.injecting import Row
from tests.faults.names import HOST, Names
from tests.faults.rows import NETWORK, ROWS
from tests.faults.scene import Opening, Scene, opened
from tests.support.certificates import self_signed
from tests.support.listening import says_nothing


def opening_of(row: Row, folder: Path, at: str = "session") -> Opening:
    if not row.tls:
        return Opening(at)
    own = self_signed(folder, HOST)
    return Opening(at, cert=own.file, fingerprint=own.fingerprint)


@pytest.mark.parametrize("row", [row for row in ROWS if row.running], ids=lambda row: row.name)
async def test_the_last_good_data_stays_until_the_fault_ends(
    row: Row, names: Names, tmp_path: Path
) -> None:
    async with opened(names, opening_of(row, tmp_path)) as scene:
        kept = await choose(scene)
        await row.inject(scene)
        await scene.poll()
        assert row.running in scene.reason
        check_stale(scene, kept)
        assert scene.state.trouble is not None
        assert scene.state.trouble.failures == 1
        await scene.poll()
        await scene.advance(2.0)
        assert scene.state.trouble.failures == 2
        assert row.running in scene.reason
        check_stale(scene, kept)
        assert scene.screen.has_class("-stale")
        await scene.mend()
        await scene.recovered()
        check_live(scene, kept)


@pytest.mark.parametrize("row", [NETWORK[0], NETWORK[4]], ids=lambda row: row.name)
async def test_r_tries_at_once(row: Row, names: Names) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)
        await row.inject(scene)
        for _ in range(6):
            await scene.poll()
        due = scene.state.next_poll_at
        assert due is not None
        assert due - scene.clock.monotonic() >= 40
        await scene.mend()
        await scene.pilot.press("r")
        await scene.until(lambda: scene.state.trouble is None)
        assert scene.clock.monotonic() < due - 30
        check_live(scene, kept)


async def test_while_the_server_is_silent_it_is_said_since_when_and_r_asks_anew(
    names: Names,
) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)
        polls, before = scene.state.polls, scene.gate.connections
        await scene.gate.behave(says_nothing)
        assert scene.state.next_poll_at is not None
        await scene.advance(scene.state.next_poll_at - scene.clock.monotonic())
        await scene.until(lambda: scene.gate.connections > before)
        await scene.advance(7.1)  # seconds are cut: 11.999 are 11
        assert scene.reason.startswith("⚠ The server was asked 7 s ago and is silent")
        assert scene.reason.endswith("r asks anew")
        assert "✘ STALE 12 s old" in scene.header
        assert scene.state.polls == polls
        assert Kept.of(scene) == kept
        scene.gate.relent()
        await scene.pilot.press("r")
        await scene.until(lambda: scene.state.polls > polls)
        assert scene.state.trouble is None
        check_live(scene, kept)


async def test_a_long_outage_is_waited_out_with_at_most_a_minute_between_tries(
    names: Names,
) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)
        await scene.gate.shut()
        waits = []
        for _ in range(12):
            await scene.poll()
            due = scene.state.next_poll_at
            assert due is not None
            waits.append(round(due - scene.clock.monotonic()))
        assert waits[:4] == [5, 10, 20, 40]
        assert set(waits[4:]) == {50}
        check_stale(scene, kept)
        await scene.mend()
        await scene.recovered()
        check_live(scene, kept)


async def test_the_reason_is_never_cut_off(names: Names) -> None:
    """At 80 columns most reasons are longer than the room beside the next try."""
    async with opened(names) as scene:
        await _silent_name_server(scene)
        await scene.poll()
        assert scene.reason == (
            "✘ The name em01.test could not be looked up: the name server does not answer."
            " next try in 5 s, r tries now"
        )
        assert "…" not in scene.reason


async def _silent_name_server(scene: Scene) -> None:
    row = next(row for row in NETWORK if row.name == "name server silent")
    await row.inject(scene)
