"""Certificates: unknown, accepted, changed; the password goes to nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.conditions import check_live, check_stale, choose
from tests.faults.names import HOST, Names
from tests.faults.scene import PASSWORD, Opening, Scene, opened
from tests.support.certificates import SelfSigned, self_signed
from tests.support.simulated import serve
from tui.screens.certificate import CertificateScreen
from tui.screens.picker import PickerScreen


def compact(text: str) -> str:
    """Without blanks, frames and line ends: long words are broken on an 80-column screen."""
    return (
        "".join(character for character in text if character.isascii())
        .replace(" ", "")
        .replace("\n", "")
    )


async def test_an_unknown_certificate_is_shown_accepted_and_then_known(
    names: Names, tmp_path: Path
) -> None:
    own = self_signed(tmp_path, HOST)
    known = tmp_path / "known_servers"
    opening = Opening(at="login", cert=own.file, known_servers=known)
    async with opened(names, opening) as scene:
        await scene.type_password()
        await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
        assert own.fingerprint in compact(scene.text)
        assert scene.asked == []
        await scene.until(lambda: "type yes" in scene.text)
        await scene.pilot.press("escape")
        await scene.until(lambda: scene.is_refused)
        assert "Nobody vouches for the certificate of em01.test:PORT" in scene.login_message
        assert scene.asked == []
        await scene.pilot.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
        await scene.until(lambda: "type yes" in scene.text)
        await scene.pilot.press("y", "e", "s", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, PickerScreen))
        assert len(scene.sent("POST")) == 1
    assert own.fingerprint in known.read_text()
    assert known.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in known.read_text()


async def test_a_certificate_that_changes_in_mid_run(names: Names, tmp_path: Path) -> None:
    own, other = self_signed(tmp_path, HOST), self_signed(tmp_path, HOST, "Pirates Ltd")
    opening = Opening(cert=own.file, fingerprint=own.fingerprint)
    async with opened(names, opening) as scene:
        kept = await choose(scene)
        before, behind = len(scene.asked), scene.gate.behind
        with serve(scene.service, cert=other.file) as pirate:
            scene.gate.behind = pirate.port
            await scene.gate.hang_up()
            await scene.poll()
            await scene.poll()
            _check_both_fingerprints(scene, own, other)
            assert "give the new fingerprint" in scene.reason
            assert len(scene.asked) == before
            check_stale(scene, kept)
            scene.gate.behind = behind
            await scene.gate.hang_up()
            await scene.recovered()
        check_live(scene, kept)


def _check_both_fingerprints(scene: Scene, own: SelfSigned, other: SelfSigned) -> None:
    assert "The certificate of em01.test:PORT has changed" in scene.reason
    assert f"Trusted:{own.fingerprint};shown:{other.fingerprint}." in compact(scene.text)


async def test_a_certificate_that_changed_before_the_logon(names: Names, tmp_path: Path) -> None:
    own, other = self_signed(tmp_path, HOST), self_signed(tmp_path, HOST, "Pirates Ltd")
    known = tmp_path / "known_servers"
    opening = Opening(at="login", cert=own.file, known_servers=known)
    async with opened(names, opening) as scene:
        await scene.type_password()
        await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
        await scene.until(lambda: "type yes" in scene.text)
        await scene.pilot.press("y", "e", "s", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, PickerScreen))
        await scene.app.action_log_off()
        before, behind = len(scene.asked), scene.gate.behind
        with serve(scene.service, cert=other.file) as pirate:
            scene.gate.behind = pirate.port
            await scene.gate.hang_up()
            await scene.type_password()
            await scene.until(lambda: scene.is_refused)
            said = scene.login_message.replace(" ", "")
            assert own.fingerprint in said, "in groups, whole"
            assert other.fingerprint in said
            assert "failover-monitor trust remove em01.test:PORT" in scene.login_message
            assert len(scene.asked) == before
            scene.gate.behind = behind
            await scene.gate.hang_up()
        await scene.pilot.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, PickerScreen))


async def test_a_certificate_replaced_in_mid_run_is_accepted_by_a_new_logon_only(
    names: Names, tmp_path: Path
) -> None:
    own, other = self_signed(tmp_path, HOST), self_signed(tmp_path, HOST, "Harbour Ltd, new")
    known = tmp_path / "known_servers"
    opening = Opening(at="login", cert=own.file, known_servers=known)
    async with opened(names, opening) as scene:
        await _log_on_and_accept(scene)
        with serve(scene.service, cert=other.file) as renewed:
            scene.gate.behind = renewed.port
            await scene.gate.hang_up()
            before = len(scene.asked)
            await _wait_for(scene, "forget the old one")
            assert "thenlogoffandonagain,toseethenewoneandacceptit." in compact(scene.text)
            known.unlink()
            await _wait_for(scene, "Nobody vouches for the certificate")
            assert other.fingerprint in compact(scene.text)
            assert "Logoff(:thenLogoff)andonagain,toseeitinfullandacceptit." in compact(scene.text)
            # The password belongs to whoever was trusted: nothing was sent but handshakes.
            assert len(scene.asked) == before
            await scene.app.action_log_off()
            await _log_on_and_accept(scene)
            assert other.fingerprint in known.read_text()
            assert len(scene.sent("POST")) == 2
            await scene.app.log_off()
            # The first logon could not be ended: its token too is for a trusted server only.
            assert scene.service.open_logons == 1
            scene.service.forget_logons()


async def _log_on_and_accept(scene: Scene) -> None:
    await scene.type_password()
    await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
    await scene.until(lambda: "type yes" in scene.text)
    await scene.pilot.press("y", "e", "s", "enter")
    await scene.until(lambda: isinstance(scene.app.screen, PickerScreen))
    await scene.quiet()


async def _wait_for(scene: Scene, words: str) -> None:
    """Polls follow one another until the screen says so."""
    for _ in range(10):
        if compact(words) in compact(scene.text):
            return
        await scene.advance(60.0)
        await asyncio.sleep(0.1)
    await scene.until(lambda: compact(words) in compact(scene.text))
