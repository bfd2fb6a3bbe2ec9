"""A home with settings, a journal and a server called em01, in which printed commands are run.

The names that README, manual and help use for servers lead to a simulated Enterprise
Manager that really listens on port 9398, over TLS, with a certificate that is accepted.
"""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from tests.support.certificates import DAY, NOW, issue, named
from tests.support.home import environment_of
from tests.support.simulated import SimulatedServer, build_service, serve
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import ServerCertificate
from tui.settings.paths import default_known_servers
from tui.simulator.entities import Plan
from tui.simulator.exchange import Request
from tui.simulator.invented_names import featured_plan
from tui.simulator.logons import Account
from tui.simulator.server import Serving

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "NOC\\jdoe", "Tr0ub4dor-zebra-staple"
NAMES = ("em01", "em01.example.org", "lab.example.org")
PORT = 9398
PLAN = "ABC Company Failover Plan"
PRINTED_ID = "4347c445-c6a7-418a-877c-9d39b77a8933"

_BEFORE, _AFTER = timedelta(seconds=-150), timedelta(hours=1)
"""Of the scenario's begin: before its failover starts, and when that is long over."""

_SPEED = 60.0
_SECONDS = 120.0

_AS_INSTALLED = f"""\
import os, socket, sys
sys.path.insert(0, {str(ROOT)!r})
really = socket.getaddrinfo
def look_up(host, *more, **named):
    name = host.decode() if isinstance(host, bytes) else host
    return really(os.environ["EM01"] if name in {NAMES!r} else host, *more, **named)
socket.getaddrinfo = look_up
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
_STUB = f"""\
#!{sys.executable} -I
import json, os, sys
name = os.path.basename(sys.argv[0])
got = "" if name == "pass" else sys.stdin.read()
with open(os.environ["STUBS_CALLED"], "a") as called:
    called.write(json.dumps([sys.argv, got]) + "\\n")
if name == "pass":
    print({PASSWORD!r})
"""
_SETTINGS = """\
[defaults]
profile = "prod"

[profiles.prod]
server = "em01.example.org"
user = 'NOC\\jdoe'
password_command = ["pass", "show", "veeam/em01"]

[profiles.lab]
server = "https://lab.example.org:9398"
user = "jdoe@lab.example.org"
"""


class _WhenLookedAt:
    """A server's clock that stands still until somebody asks for sessions, and then runs."""

    def __init__(self, begin: timedelta, speed: float) -> None:
        """`begin`: how far it is into the scenario once that has been built."""
        self._now = datetime.now(UTC)
        self._begin = begin
        self._built = False
        self._speed = speed
        self._since: float | None = None

    def __call__(self) -> datetime:
        if not self._built:
            self._built = True
            return self._now - self._begin
        running = 0.0 if self._since is None else time.monotonic() - self._since
        return self._now + timedelta(seconds=running * self._speed)

    def look(self, request: Request) -> None:
        if self._since is None and "CloudFailoverSession" in request.query:
            self._since = time.monotonic()


def _service(plan_name: str, *, to_come: bool, vms: int | None, speed: float) -> SimulatedServer:
    def renamed(vms: tuple[str, ...], name: str = plan_name) -> Plan:
        return replace(featured_plan(vms, name), name=plan_name)

    clock = _WhenLookedAt(_BEFORE if to_come else _AFTER, speed if to_come else 1.0)
    with patch("tui.simulator.scenario.featured_plan", renamed):
        users = {each: Account(PASSWORD) for each in (USER, "jdoe@lab.example.org")}
        service = build_service("clean", vms=vms, clock=clock, users=users)
    service.fault = clock.look
    return service


@dataclass(frozen=True)
class Sandbox:
    """A folder to work in, what a process inherits there, and the server of that name."""

    folder: Path
    env: Mapping[str, str]
    service: SimulatedServer

    @property
    def session(self) -> str:
        """The ID of the session that the server is about."""
        return self.service.featured_session

    @property
    def program(self) -> Path:
        """What a terminal runs as `failover-monitor`."""
        return self.folder / "bin" / "as_installed.py"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.folder / "config" / "failover-monitor" / "config.toml"

    @property
    def journal(self) -> Path:
        """One that is there."""
        return next((self.folder / "state").rglob("*.jsonl"))

    @property
    def stubs_called(self) -> list[tuple[list[str], str]]:
        """Programs that are not run here: with their arguments, and what they were given."""
        log = Path(self.env["STUBS_CALLED"])
        lines = log.read_text().splitlines() if log.exists() else []
        return [(words, got) for words, got in map(json.loads, lines)]

    def filled_in(self, text: str) -> str:
        """With what stands for something named: a session, a file, a page, an address."""
        for stands_for, meant in {
            PRINTED_ID: self.session,
            r"\bSESSION\b": self.session,
            r"\bFILE\b": shlex.quote(str(self.journal)) if "FILE" in text else "",
            r"\bPAGE\b": "incident",
            r"\bSERVER:PORT\b": "em01.example.org:9398",
            r"--port 9398": "--port 0",
        }.items():
            text = re.sub(stands_for, meant.replace("\\", r"\\"), text)
        return text

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """As a shell does that stops at the first failure."""
        return subprocess.run(
            ["bash", "-euc", command],
            cwd=self.folder,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )


@contextmanager
def sandbox(
    folder: Path,
    *,
    plan_name: str = PLAN,
    to_come: bool = False,
    vms: int | None = None,
    speed: float = _SPEED,
) -> Iterator[Sandbox]:
    """A sandbox in `folder`.

    With `to_come` the session begins 50 s after sessions were first listed, by a clock that
    runs `speed` times as fast as the real one.
    """
    service = _service(plan_name, to_come=to_come, vms=vms, speed=speed)
    certificate = issue(named("em01"), hosts=NAMES, begins=NOW - DAY)
    pem = certificate.saved(folder)
    with _served(service, pem) as serving:
        env = _environment(folder, serving)
        _furnish(folder, pem)
        _accept(folder, certificate.pem, certificate.fingerprint, env)
        yield Sandbox(folder, env, service)


@contextmanager
def _served(service: SimulatedServer, pem: Path) -> Iterator[Serving]:
    """On the usual port, at an address of this computer that nobody else uses meanwhile."""
    for _ in range(50):
        host = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.{random.randint(1, 254)}"
        try:
            serving = serve(service, host, PORT, pem)
            with serving as found:
                yield found
                return
        except OSError:
            continue
    raise AssertionError("no free address")


def _environment(folder: Path, serving: Serving) -> dict[str, str]:
    return {
        **environment_of(folder),
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
        "FAILOVER_MONITOR_TEST_INTERVAL": "0.2",
        "EDITOR": "true",
        "EM01": serving.host,
        "STUBS_CALLED": str(folder / "stubs-called"),
    }


def _furnish(folder: Path, pem: Path) -> None:
    programs = folder / "bin"
    programs.mkdir()
    (programs / "as_installed.py").write_text(_AS_INSTALLED)
    _program(
        programs / "failover-monitor",
        f'#!/bin/sh\nexec {sys.executable} {programs / "as_installed.py"} "$@"\n',
    )
    _program(programs / "pass", _STUB)
    settings = folder / "config" / "failover-monitor" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS)
    settings.chmod(0o600)
    for name in ("cert.pem", "key.pem"):
        (folder / name).write_bytes(pem.read_bytes())
    (folder / "secret.txt").write_text(f"{PASSWORD}\n")


def stub(folder: Path, names: Sequence[str]) -> None:
    """Programs that note how they were called and do nothing: on PATH, or where they lie."""
    for name in names:
        place = folder / name if "/" in name else folder / "bin" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        _program(place, _STUB)


def _program(place: Path, text: str) -> None:
    place.write_text(text)
    place.chmod(0o755)


def _accept(folder: Path, pem: str, fingerprint: str, env: Mapping[str, str]) -> None:
    with patch.dict(os.environ, env):
        known = KnownServers(default_known_servers())
    known.path.parent.mkdir(parents=True, exist_ok=True)
    for host in NAMES:
        known.add(
            ServerCertificate(host, PORT, "em01", "em01", NOW - DAY, NOW + DAY, fingerprint, pem)
        )
