"""Leaving while the server hangs, at whatever stage: logged off or not, soon gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.faults.gate import Gate
from tests.faults.names import HOST
from tests.faults.scene import PASSWORD, USER
from tests.support.certificates import self_signed
from tests.support.listening import Behaviour, backlog_full, says_nothing, trickles
from tests.support.simulated import build_service, serve
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.trust import ServerTrust
from tui.simulator.logons import Account

LOGOFF = 1.4
ALL_THE_WAY = 1.9


@asynccontextmanager
async def behind_gate(folder: Path, *, tls: bool) -> AsyncIterator[tuple[EnterpriseManager, Gate]]:
    """A client that reaches the simulated server through a gate."""
    own = self_signed(folder, HOST) if tls else None
    service = build_service(users={"jdoe": Account(PASSWORD)})
    with serve(service, cert=own.file if own else None) as behind:
        gate = Gate(behind.port)
        await gate.open()
        server = ServerAddress("https" if own else "http", HOST, gate.port)
        trust = ServerTrust(fingerprint=own.fingerprint if own else None)
        client = EnterpriseManager(server, Credentials(USER, SecretStr(PASSWORD)), trust=trust)
        try:
            yield client, gate
        finally:
            await gate.shut()


async def seconds_of(leaving: Awaitable[None]) -> float:
    began = time.monotonic()
    await leaving
    return time.monotonic() - began


async def hang_when_connected(gate: Gate) -> None:
    """What was connected stays so, and is not answered any more: no FIN, no RST."""
    gate.muted = True


def from_now_on(behaviour: Behaviour) -> Callable[[Gate], Awaitable[None]]:
    """New connections only, and there are no others."""

    async def inject(gate: Gate) -> None:
        await gate.behave(behaviour)

    return inject


STAGES = {
    "answer on the connection that there is": (False, hang_when_connected),
    "answer under TLS": (True, hang_when_connected),
    "answer on a new connection": (False, from_now_on(says_nothing)),
    "TLS handshake": (True, from_now_on(says_nothing)),
    "body": (False, from_now_on(trickles)),
}


@pytest.mark.parametrize("stage", STAGES)
async def test_a_logoff_ends_though_the_server_hangs(stage: str, tmp_path: Path) -> None:
    tls, inject = STAGES[stage]
    async with behind_gate(tmp_path, tls=tls) as (client, gate):
        await client.log_on()
        await inject(gate)
        assert await seconds_of(client.log_off()) < LOGOFF + 0.15
        assert not client.logged_on
        assert await seconds_of(client.aclose()) < ALL_THE_WAY - LOGOFF


async def test_a_logoff_ends_though_no_connection_is_made(tmp_path: Path) -> None:
    async with behind_gate(tmp_path, tls=True) as (client, gate):
        await client.log_on()
        await gate.shut()
        with backlog_full(gate.port):
            assert await seconds_of(client.aclose()) < ALL_THE_WAY


@pytest.mark.parametrize("stage", ["answer on a new connection", "TLS handshake", "body"])
async def test_leaving_during_a_logon_that_hangs(stage: str, tmp_path: Path) -> None:
    tls, inject = STAGES[stage]
    async with behind_gate(tmp_path, tls=tls) as (client, gate):
        await inject(gate)
        logging_on = asyncio.create_task(client.log_on())
        await gate.met.wait()
        assert await seconds_of(client.aclose()) < ALL_THE_WAY
        await asyncio.gather(logging_on, return_exceptions=True)
        assert logging_on.done()
        assert not client.logged_on
