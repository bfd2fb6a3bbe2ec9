"""What becomes of a logon in weeks: it expires, the server restarts, the account is revoked."""

from __future__ import annotations

from tests.faults import answers
from tests.faults.conditions import check_live, check_stale, choose
from tests.faults.names import Names
from tests.faults.scene import PASSWORD, Scene, opened
from tui.screens.password import PasswordScreen
from tui.simulator.exchange import Request, Response

IDLE = 16 * 60.0


async def test_a_401_once_is_met_by_one_new_logon_and_nothing_is_said(names: Names) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)
        refused: list[Request] = []

        def once(asked: Request) -> Response | None:
            if asked.method != "GET" or refused:
                return None
            refused.append(asked)
            scene.service.forget_logons()
            return answers.error_json(401, "Session has expired")

        scene.fault = once
        await scene.poll()
        check_live(scene, kept)
        assert len(refused) == 1
        assert len(scene.sent("POST")) == 2


async def test_a_server_restart_is_met_by_one_new_logon(names: Names) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)
        await scene.gate.hang_up()
        scene.service.forget_logons()
        await scene.poll()
        check_live(scene, kept)
        assert len(scene.sent("POST")) == 2
        assert scene.service.open_logons == 1


async def test_a_restart_of_enterprise_manager_is_lived_through_with_one_new_logon(
    names: Names,
) -> None:
    """Nothing listens, then 503 while it starts, then it is back and knows no logon."""
    async with opened(names) as scene:
        kept = await choose(scene)
        await scene.gate.shut()
        await scene.poll()
        assert "refused the connection" in scene.reason
        await scene.gate.open()
        scene.service.forget_logons()
        scene.fault = lambda _: answers.error_json(503, "Service is starting")
        await scene.poll()
        await scene.poll()
        assert "is starting, overloaded or in maintenance (503)" in scene.reason
        check_stale(scene, kept)
        scene.fault = None
        await scene.recovered()
        check_live(scene, kept)
        assert len(scene.sent("POST")) == 2
        assert scene.service.open_logons == 1


async def test_a_paused_monitor_sends_nothing_and_outlives_its_logon(names: Names) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)
        await scene.pilot.press("p")
        before = len(scene.asked)
        await scene.advance(IDLE)
        assert len(scene.asked) == before
        assert scene.header.endswith("PAUSED, data 16 min old")
        assert scene.service.open_logons == 0
        polls = scene.state.polls
        await scene.pilot.press("p")
        await scene.until(lambda: scene.state.polls > polls)
        assert scene.reason == ""
        check_running(scene, kept.selected)
        assert len(scene.sent("POST")) == 2


async def test_a_laptop_that_slept_goes_on_with_one_new_logon(names: Names) -> None:
    """Both clocks went on; all that was due is done once."""
    async with opened(names) as scene:
        await choose(scene)
        polls = scene.state.polls
        scene.clock.advance(8 * 3600.0)
        await scene.poll()
        await scene.recovered()
        assert scene.state.polls <= polls + 2
        assert len(scene.sent("POST")) == 2
        assert "● live" in scene.header


def check_running(scene: Scene, selected: object) -> None:
    """Live, with the same task selected."""
    assert "● live" in scene.header
    assert scene.table.cursor_key == selected


async def test_a_revoked_account_is_not_tried_again_with_the_same_password(names: Names) -> None:
    async with opened(names) as scene:
        kept = await choose(scene)

        def revoked(asked: Request) -> Response | None:
            return answers.error_json(401, "Account disabled") if asked.method != "DELETE" else None

        scene.service.forget_logons()
        scene.fault = revoked
        await scene.poll()
        assert len(scene.sent("POST")) == 2
        assert "User or password is wrong. The server says: Account disabled." in scene.reason
        for _ in range(8):
            await scene.poll()
        await scene.pilot.press("r")
        await scene.advance(1.0)
        assert len(scene.sent("POST")) == 2
        assert scene.reason.endswith("l logs on again")
        assert "STALE" in scene.header
        assert scene.table.cursor_key == kept.selected
        await scene.mend()
        await scene.poll()
        assert len(scene.sent("POST")) == 2
        await _type_again(scene, PASSWORD)
        await scene.until(lambda: scene.state.trouble is None)
        check_live(scene, kept)
        assert len(scene.sent("POST")) == 3


async def test_a_wrong_password_typed_in_mid_run_is_sent_once(names: Names) -> None:
    async with opened(names) as scene:
        await choose(scene)
        scene.service.forget_logons()
        scene.fault = lambda asked: (
            answers.error_json(401, "Unauthorized") if asked.method == "POST" else None
        )
        await scene.poll()
        scene.fault = None
        await _type_again(scene, "not-the-password")
        await scene.until(lambda: len(scene.sent("POST")) == 3)
        for _ in range(3):
            await scene.poll()
        assert len(scene.sent("POST")) == 3
        assert "l logs on again" in scene.reason
        await _type_again(scene, PASSWORD)
        await scene.until(lambda: scene.state.trouble is None)


async def _type_again(scene: Scene, password: str) -> None:
    await scene.pilot.press("l")
    await scene.until(lambda: isinstance(scene.app.screen, PasswordScreen))
    await scene.type_password(password)
    await scene.until(lambda: not isinstance(scene.app.screen, PasswordScreen))


async def test_no_permission_in_mid_run_makes_no_new_logon(names: Names) -> None:
    async with opened(names) as scene:
        await choose(scene)
        scene.fault = lambda asked: (
            answers.error_json(403, "Access denied") if asked.method == "GET" else None
        )
        for _ in range(6):
            await scene.poll()
        assert len(scene.sent("POST")) == 1
        assert "This account may not read this cloud failover session." in scene.reason
        await scene.mend()
        await scene.recovered()


async def test_401_for_ever_is_tried_at_most_once_a_minute_and_leaves_no_logon(
    names: Names,
) -> None:
    async with opened(names) as scene:
        await choose(scene)
        scene.fault = lambda asked: (
            answers.error_json(401, "Unauthorized") if asked.method == "GET" else None
        )
        scene.service.forget_logons()
        for _ in range(8):
            await scene.poll()
        assert scene.service.open_logons == 0
        before = len(scene.sent("POST"))
        await scene.advance(600.0)
        await scene.quiet()
        assert len(scene.sent("POST")) - before <= 15
        await scene.mend()
        await scene.recovered()


async def test_cloud_connect_gone_is_said(names: Names) -> None:
    """The server's licence ended: the resources are not there any more."""
    async with opened(names) as scene:
        await choose(scene)
        scene.fault = lambda asked: (
            answers.error_json(404, "Cloud Connect is not available on this server")
            if asked.method == "GET"
            else None
        )
        await scene.poll()
        assert "Cloud Connect is not available on this server." in scene.reason
