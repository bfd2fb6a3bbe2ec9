"""A logon from attempt to client, without a terminal: what is told, tried again, and kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from tests.support.fake_clock import FakeClock, running
from tui.connecting import Connection, LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.known_servers import KnownServers
from tui.enterprise_manager.resources import LogonAnswer
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    ConnectionRefused,
    FailoverMonitorError,
    NoPermission,
    ServerBusy,
    ServerCertificate,
    WrongCredentials,
)
from tui.logon.given import Given
from tui.logon.logon import LoggedOn, Logon
from tui.settings.resolved import ResolvedSettings

SERVER = parse_server("em01")
SETTINGS = ResolvedSettings(server=SERVER, user="jdoe", password=SecretStr("s3cret"))
DOWN = ConnectionRefused("Nothing listens on em01:9398.")
DAY = datetime(2026, 1, 1, tzinfo=UTC)
SHOWN = ServerCertificate("em01", 9398, "CN=em01", "CN=em01", DAY, DAY, "ab" * 32, "PEM")
UNKNOWN = CertificateUnknown("Nobody vouches for it.", None, SHOWN)
CHANGED = CertificateChanged("It has changed.", None, SHOWN, "cd" * 32)


class Client:
    """Answers one logon, with an error if that is its answer."""

    server = SERVER
    user_name = "jdoe"
    logged_on = True

    def __init__(self, answer: Exception | None) -> None:
        self._answer = answer
        self.closed = False
        self.supplied: Credentials | None = None

    async def log_on(self) -> LogonAnswer:
        await asyncio.sleep(0)
        if self._answer is not None:
            raise self._answer
        return LogonAnswer(user_name="jdoe", cloud_connect=True)

    def supply_credentials(self, credentials: Credentials) -> None:
        self.supplied = credentials

    async def aclose(self) -> None:
        await asyncio.sleep(0)
        self.closed = True


class Known:
    """The file of known servers, which may be one that cannot be written."""

    def __init__(self, unkept: str | None = None) -> None:
        self.kept: list[ServerCertificate] = []
        self._unkept = unkept

    def accept(self, certificate: ServerCertificate) -> str | None:
        self.kept.append(certificate)
        return self._unkept


class Scene:
    """A logon whose server gives `answers` in turn, the last one from then on."""

    def __init__(
        self,
        *answers: Exception | None,
        trust: bool = False,
        known: Known | None = None,
        settings: ResolvedSettings = SETTINGS,
    ) -> None:
        self._answers = list(answers)
        self._trust = trust
        self.clock = FakeClock()
        self.clients: list[Client] = []
        self.connected = asyncio.Event()
        self.sent: list[str] = []
        self.told: list[str] = []
        self.asked: list[CertificateUnknown] = []
        self.opened: list[LoggedOn] = []
        connection = Connection(
            self._connect, self.clock, settings, cast(KnownServers | None, known)
        )
        self.given = Given(settings)
        self.logon = Logon(
            connection,
            self.given,
            self,
            trusts=self._trusts,
            opens=self._opens,
            random_source=lambda: 0.5,
        )

    def _connect(self, _target: LogonTarget, credentials: Credentials) -> EnterpriseManager:
        self.sent.append(credentials.password.get_secret_value())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.clients.append(Client(answer))
        self.connected.set()
        return cast(EnterpriseManager, self.clients[-1])

    async def _trusts(self, error: CertificateUnknown) -> bool:
        self.asked.append(error)
        return self._trust

    async def _opens(self, logged_on: LoggedOn) -> None:
        self.opened.append(logged_on)

    def busy(self, text: str) -> None:
        self.told.append(text)

    def refuse(self, error: FailoverMonitorError) -> None:
        self.told.append(f"refused: {error.sentence}")

    def refuse_password(self, error: FailoverMonitorError) -> None:
        self.told.append(f"password refused: {error.sentence}")

    def tries_again(self, at: str) -> None:
        self.told.append(f"again at {at}")

    def waits(self, text: str) -> None:
        self.told.append(text)

    def ask(self) -> None:
        self.told.append("asks a person")

    def welcome(self) -> None:
        self.told.append("welcome")

    async def from_start(self) -> None:
        attempt = self.given.at_start()
        assert attempt is not None
        await self.logon.run(attempt)

    async def as_typed(self, password: str) -> None:
        credentials = Credentials("jdoe", SecretStr(password))
        await self.logon.run(self.given.as_typed("em01", credentials, None))


async def test_a_logon_that_works_opens_what_comes_next() -> None:
    scene = Scene(None)
    await scene.from_start()
    assert scene.told == ["Logging on to em01 as jdoe ..."] * 2 + ["welcome"]
    (opened,) = scene.opened
    assert (opened.target.server, opened.interval, opened.profile) == (SERVER, 5.0, None)
    assert opened.client is scene.logon.client
    await scene.logon.end()
    assert scene.clients[0].closed
    assert scene.logon.client is None


async def test_one_that_nobody_sits_in_front_of_is_tried_until_it_works() -> None:
    scene = Scene(DOWN, ServerBusy("Busy.", None, 40.0), None)
    async with running(_and_stay(scene.from_start)):
        await scene.clock.run_until(lambda: bool(scene.opened))
    assert [each for each in scene.told if each.startswith("again")] == [
        "again at 13:50:05",
        "again at 13:50:45",
    ]
    assert [client.closed for client in scene.clients] == [True, True, False]
    assert len(scene.opened) == 1


async def test_a_typed_one_is_tried_once() -> None:
    scene = Scene(DOWN)
    await scene.as_typed("typed")
    assert scene.told[-1] == "refused: Nothing listens on em01:9398."
    assert (scene.sent, scene.logon.client) == (["typed"], None)


@pytest.mark.parametrize("error", [WrongCredentials("Wrong."), NoPermission("No.")])
async def test_a_refused_password_is_sent_once(error: FailoverMonitorError) -> None:
    scene = Scene(error)
    await scene.from_start()
    assert scene.told[-1] == f"password refused: {error.sentence}"
    assert scene.given.at_start() is None
    assert (scene.sent, scene.clients[0].closed) == (["s3cret"], True)


async def test_a_changed_certificate_waits_for_a_person() -> None:
    scene = Scene(CHANGED)
    await scene.from_start()
    assert scene.told[-1] == "refused: It has changed."
    assert (len(scene.clients), scene.asked) == (1, [])


async def test_a_trusted_certificate_is_kept_and_used_in_the_same_logon() -> None:
    known = Known()
    scene = Scene(UNKNOWN, None, trust=True, known=known)
    await scene.as_typed("typed")
    assert (known.kept, scene.sent) == ([SHOWN], ["typed", "typed"])
    assert (scene.told[-1], len(scene.opened)) == ("welcome", 1)


@pytest.mark.parametrize(
    ("trust", "known", "why"),
    [
        (False, Known(), "Nobody vouches for it."),
        (True, None, "Nobody vouches for it."),
    ],
)
async def test_without_trust_nothing_is_sent_again(
    trust: bool, known: Known | None, why: str
) -> None:
    scene = Scene(UNKNOWN, trust=trust, known=known)
    await scene.from_start()
    assert (scene.told[-1], len(scene.clients)) == (f"refused: {why}", 1)


async def test_trust_that_cannot_be_kept_holds_for_this_run_and_is_said() -> None:
    scene = Scene(UNKNOWN, None, trust=True, known=Known("Trusted for this run only."))
    await scene.from_start()
    (opened,) = scene.opened
    assert opened.notice == "Trusted for this run only."


async def test_a_pin_of_the_user_is_not_asked_about() -> None:
    pinned = ResolvedSettings(
        server=SERVER, user="jdoe", password=SecretStr("s3cret"), fingerprint="ab" * 32
    )
    scene = Scene(UNKNOWN, trust=True, known=Known(), settings=pinned)
    await scene.from_start()
    assert scene.asked == []


async def test_a_defect_leaves_a_form_to_try_again_with() -> None:
    scene = Scene(RuntimeError("s3cret in a traceback"))
    await scene.from_start()
    assert "RuntimeError" in scene.told[-1]
    assert "s3cret" not in "".join(scene.told)


async def test_no_password_at_all_connects_to_nothing() -> None:
    scene = Scene(None, settings=ResolvedSettings(server=SERVER))
    await scene.as_typed("")
    assert scene.told[-1] == "refused: No password was typed."
    assert scene.clients == []


async def test_a_cancelled_logon_closes_its_client() -> None:
    scene = Scene(None)
    task = asyncio.create_task(scene.from_start())
    await scene.connected.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await scene.logon.end()
    assert (scene.clients[0].closed, scene.logon.client) == (True, None)


async def test_a_password_typed_later_goes_to_the_account_that_is_logged_on() -> None:
    scene = Scene(None)
    await scene.as_typed("typed")
    scene.logon.supply_password(SecretStr("newer"))
    assert scene.clients[0].supplied == Credentials("jdoe", SecretStr("newer"))
    assert not scene.logon.may_keep_password, "the one typed at the login is not the right one"


async def test_only_a_typed_password_that_worked_may_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[tuple[Any, ...]] = []
    monkeypatch.setattr("tui.password_sources.keyring_available", lambda: True)
    monkeypatch.setattr("tui.password_sources.to_keyring", lambda *what: kept.append(what))
    scene = Scene(None)
    await scene.from_start()
    assert not scene.logon.may_keep_password
    await scene.as_typed("typed")
    assert scene.logon.may_keep_password
    await scene.logon.keep_password()
    assert kept == [(SERVER.url, "jdoe", SecretStr("typed"))]
    await scene.logon.drop_client()
    assert not scene.logon.may_keep_password


async def _and_stay(logging_on: Callable[[], Any]) -> None:
    await logging_on()
    await asyncio.Event().wait()


BY_COMMAND = replace(SETTINGS, password=None, password_command=("printf", "s3cret"))
BY_KEYRING = replace(SETTINGS, password=None, ask_keyring=True)


async def test_the_command_of_the_start_is_waited_for_behind_the_first_picture() -> None:
    scene = Scene(None, settings=BY_COMMAND)
    await scene.from_start()
    assert scene.told[1] == (
        "Waiting for the password command 'printf', 30 s at most."
        " Esc, or typing the password, gives that up."
    )
    assert (scene.sent, scene.told[-1]) == (["s3cret"], "welcome")


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


async def test_giving_up_ends_the_command(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 60"
    scene = Scene(None, settings=replace(BY_COMMAND, password_command=("sh", "-c", script)))
    logon = asyncio.create_task(scene.from_start())
    await asyncio.to_thread(_until, pid.exists)
    logon.cancel()
    with pytest.raises(asyncio.CancelledError):
        await logon
    await asyncio.to_thread(_until, lambda: not Path(f"/proc/{pid.read_text().strip()}").exists())
    assert scene.sent == []


@pytest.mark.parametrize("kept", ["s3cret", None])
async def test_the_keyring_is_waited_for_behind_the_first_picture(
    monkeypatch: pytest.MonkeyPatch, kept: str | None
) -> None:
    monkeypatch.setattr("tui.password_sources.keyring_available", lambda: True)
    answer = SecretStr(kept) if kept else None
    monkeypatch.setattr("tui.password_sources.from_keyring", lambda *_: answer)
    scene = Scene(None, settings=BY_KEYRING)
    await scene.from_start()
    assert scene.told[1].startswith("Waiting for the system's keyring, 3 s at most. Esc")
    assert scene.told[-1] == ("welcome" if kept else "asks a person")
    assert scene.sent == ([kept] if kept else [])


async def test_a_refused_password_of_the_start_is_not_fetched_again() -> None:
    scene = Scene(WrongCredentials("No."), settings=BY_COMMAND)
    await scene.from_start()
    assert scene.given.at_start() is None
    await scene.as_typed("")
    assert scene.sent == ["s3cret"]
