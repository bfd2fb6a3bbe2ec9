"""Certificates: unknown, accepted, changed; the password goes to nobody else."""

from __future__ import annotations

from pathlib import Path

from tests.faults.certificates import SelfSigned, self_signed
from tests.faults.conditions import check_live, check_stale, choose
from tests.faults.names import Names
from tests.faults.scene import PASSWORD, Opening, Scene, opened
from tui.screens.certificate import CertificateScreen
from tui.screens.picker import PickerScreen
from tui.simulator.server import serve


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
    own = self_signed(tmp_path)
    known = tmp_path / "known_servers"
    opening = Opening(at="login", cert=own.file, known_servers=known)
    async with opened(names, opening) as scene:
        await scene.type_password()
        await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
        assert own.fingerprint in compact(scene.text)
        assert scene.asked == []
        await scene.pilot.press("n")
        await scene.until(lambda: scene.is_refused)
        assert "Nobody vouches for the certificate of em01.test:PORT" in scene.login_message
        assert scene.asked == []
        await scene.pilot.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
        await scene.pilot.press("y")
        await scene.until(lambda: isinstance(scene.app.screen, PickerScreen))
        assert len(scene.sent("POST")) == 1
    assert own.fingerprint in known.read_text()
    assert known.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in known.read_text()


async def test_a_certificate_that_changes_in_mid_run(names: Names, tmp_path: Path) -> None:
    own, other = self_signed(tmp_path), self_signed(tmp_path, "Pirates Ltd")
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
    own, other = self_signed(tmp_path), self_signed(tmp_path, "Pirates Ltd")
    known = tmp_path / "known_servers"
    opening = Opening(at="login", cert=own.file, known_servers=known)
    async with opened(names, opening) as scene:
        await scene.type_password()
        await scene.until(lambda: isinstance(scene.app.screen, CertificateScreen))
        await scene.pilot.press("y")
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
