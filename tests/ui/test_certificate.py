"""An unknown certificate: shown before a password is sent, accepted explicitly."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from textual import events
from textual.widgets import Input, Static

from tests.support.certificates import issue, named
from tests.support.stage import SERVER, Stage
from tests.ui.conftest import OnStage
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import CertificateChanged, CertificateUnknown, ServerCertificate
from tui.screens.certificate import CertificateScreen
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.settings.resolved import SavedProfile

ISSUED = issue(named("vbem01"))
SHOWN = ServerCertificate(
    host="vbem01",
    port=9398,
    subject="CN=[/vbem01]",
    issuer="CN=\x1b[2JVeeam",
    not_before=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    not_after=datetime(2035, 1, 2, 3, 4, 5, tzinfo=UTC),
    fingerprint=ISSUED.fingerprint,
    pem=ISSUED.pem,
)


def _until_pinned(known: KnownServers) -> Callable[[httpx.Request], Exception | None]:
    def check(_: httpx.Request) -> Exception | None:
        if known.path.exists():
            return None
        return CertificateUnknown("Nobody vouches for vbem01.", "Look at it.", SHOWN)

    return check


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(tmp_path / "known.json")


async def _ask(stage: Stage, known: KnownServers) -> CertificateScreen:
    stage.wire.down = _until_pinned(known)
    await stage.log_on()
    await stage.until(lambda: isinstance(stage.app.screen, CertificateScreen))
    screen = stage.showing(CertificateScreen)
    await stage.until(lambda: screen.listens_from < math.inf)
    return screen


async def test_it_shows_what_a_person_compares(on_stage: OnStage, known: KnownServers) -> None:
    async with on_stage(at="login", known_servers=known) as stage:
        await _ask(stage, known)
        shown = stage.text
        for part in (
            "vbem01:9398",
            "CN=[/vbem01]",
            "CN=␛[2JVeeam",
            "2025-01-02 03:04:05 UTC",
            "2035-01-02 03:04:05 UTC",
            f"{ISSUED.fingerprint[:4]} {ISSUED.fingerprint[4:8]} ",
            "Nobody vouches for vbem01.",
        ):
            assert part in shown
        assert "type yes and press Enter" in shown
        assert stage.requests() == []


@pytest.mark.parametrize("word", ["yes", "Yes", "YES", "yes "])
async def test_accepting_pins_exactly_this_one_and_logs_on(
    on_stage: OnStage, known: KnownServers, word: str
) -> None:
    async with on_stage(at="login", known_servers=known) as stage:
        await _ask(stage, known)
        await stage.press(*("space" if letter == " " else letter for letter in word), "enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
    (entry,) = known.entries()
    assert (entry.label, entry.fingerprint) == ("vbem01:9398", SHOWN.fingerprint)


@pytest.mark.parametrize("way", ["escape", "enter", "mouse"])
async def test_refusing_does_nothing(on_stage: OnStage, known: KnownServers, way: str) -> None:
    async with on_stage(at="login", known_servers=known) as stage:
        await _ask(stage, known)
        if way == "mouse":
            await stage.click("#refuse", at=(3, 0))
        else:
            await stage.press(way)
        stage.showing(LoginScreen)
        assert "Nobody vouches for vbem01." in str(stage.one("#login-message", Static).render())
        assert stage.one("#password", Input).value == "demo"
        assert stage.requests() == []
        assert stage.wire.tries == 1
    assert not known.path.exists()


@pytest.mark.parametrize("typed", ["y", "ye", "yess", "no", "demo", "y e s"])
async def test_nothing_but_the_word_trusts(
    on_stage: OnStage, known: KnownServers, typed: str
) -> None:
    async with on_stage(at="login", known_servers=known) as stage:
        await _ask(stage, known)
        await stage.paste(typed)
        await stage.press("enter")
        stage.showing(CertificateScreen)
        assert "Only 'yes' trusts." in stage.text
        await stage.press("y", "escape")
        stage.showing(LoginScreen)
    assert not known.path.exists()


@pytest.mark.parametrize("typed_on", [("y",), ("y", "e", "s", "enter"), ("enter",), ("escape",)])
async def test_what_was_typed_before_the_question_stood_there_is_no_answer(
    on_stage: OnStage, known: KnownServers, typed_on: tuple[str, ...]
) -> None:
    async with on_stage(at="login", known_servers=known) as stage:
        stage.wire.down = _until_pinned(known)
        # As on a slow line: all of it is in the queue before the dialog opens.
        await stage.paste("demo")
        early = [events.Key(key, key if len(key) == 1 else None) for key in typed_on]
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, CertificateScreen))
        screen = stage.showing(CertificateScreen)
        for event in early:
            stage.app.post_message(event)
        stage.app.post_message(events.Paste("yes"))
        await stage.press(*typed_on)
        assert stage.showing(CertificateScreen) is screen
        await stage.until(lambda: screen.listens_from < math.inf)
        for event in early:  # arrived late, typed early
            stage.app.post_message(event)
        await stage.settle()
        assert stage.showing(CertificateScreen) is screen
        assert stage.one("#agree", Input).value == ""
        assert not known.path.exists()
        assert stage.requests() == []
        await stage.press("y", "e", "s", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))


async def test_the_program_can_be_left_while_it_is_deaf(
    on_stage: OnStage, known: KnownServers
) -> None:
    async with on_stage(at="login", known_servers=known) as stage:
        stage.wire.down = _until_pinned(known)
        await stage.log_on()
        await stage.until(lambda: isinstance(stage.app.screen, CertificateScreen))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: stage.app.return_code == 0)


async def test_a_changed_certificate_is_refused_without_asking(
    on_stage: OnStage, known: KnownServers
) -> None:
    def changed(_: httpx.Request) -> Exception:
        return CertificateChanged("It changed.", "Remove the old one.", SHOWN, "f" * 64)

    async with on_stage(at="login", known_servers=known) as stage:
        stage.wire.down = changed
        await stage.log_on()
        stage.showing(LoginScreen)
        said = str(stage.one("#login-message", Static).render())
        assert "has changed. Nothing secret was sent." in " ".join(said.split())
        assert not known.path.exists()


@pytest.mark.parametrize("profiles", [(), (SavedProfile(name="prod", server=SERVER),)])
async def test_what_changed_can_be_read_on_a_small_terminal(
    on_stage: OnStage, known: KnownServers, profiles: tuple[SavedProfile, ...]
) -> None:
    remedy = (
        "If its administrator confirms the change, forget the old one:"
        " failover-monitor trust remove vbem01.example.org:9398"
    )

    def changed(_: httpx.Request) -> Exception:
        return CertificateChanged("It changed.", remedy, SHOWN, "0123" * 16)

    async with on_stage(at="login", known_servers=known, profiles=profiles) as stage:
        stage.wire.down = changed
        await stage.log_on()
        await stage.settle()
        words = " ".join(" ".join(line.strip().strip("│")[:-3] for line in stage.lines).split())
        for fingerprint in ("0123" * 16, SHOWN.fingerprint):
            groups = [fingerprint[i : i + 4] for i in range(0, 64, 4)]
            for half in (groups[:8], groups[8:]):
                assert " ".join(half) in stage.text
        assert "The certificate of vbem01:9398 has changed." in words
        assert "failover-monitor trust remove vbem01.example.org:9398" in words
        assert stage.app.focused is stage.one("#password", Input)


async def test_it_fits_a_small_terminal(on_stage: OnStage, known: KnownServers) -> None:
    async with on_stage(at="login", known_servers=known, size=(45, 10)) as stage:
        await _ask(stage, known)
        await stage.press("y", "e", "s", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
