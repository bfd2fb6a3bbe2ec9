"""The start check of one plan, run as often as a person wants, by the server's clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from tui.enterprise_manager.resources import SessionReading
from tui.errors import FailoverMonitorError
from tui.monitor.clock import Clock, ServerClock
from tui.monitor.start_check import CheckSource, StartCheck, run_start_check


class PlanCheckSource(CheckSource, Protocol):
    """The part of the client that it reads through."""

    async def failover_session(self, session_id: str) -> SessionReading:
        """Read one session with its tasks."""


class PlanCheck:
    """Which plan is checked, against which target, by which clock."""

    def __init__(
        self,
        source: PlanCheckSource,
        plan_name: str,
        clock: Clock,
        *,
        rpo_target: timedelta | None = None,
        backup_server: str | None = None,
        tenant: str | None = None,
        session_id: str | None = None,
        server_clock: ServerClock | None = None,
    ) -> None:
        """`backup_server` and `tenant` tell plans of one name apart, and so do the VMs of a
        session of the plan: it is read for them, and for the server's time, which lists do
        not carry.
        """
        self._source = source
        self._clock = clock
        self._session_id = session_id
        self._server_clock = server_clock
        self._vms: tuple[str, ...] | None = None if session_id is not None else ()
        self.rpo_target = rpo_target
        self.plan_name = plan_name
        self.backup_server = backup_server
        self.tenant = tenant

    @property
    def begun(self) -> StartCheck:
        """A check of which nothing is known yet."""
        return StartCheck(self.plan_name, backup_server=self.backup_server)

    def now(self) -> datetime:
        """The server's time where it is known, else ours."""
        known = self._server_clock
        return self._clock.now() if known is None else known.now(self._clock.monotonic())

    async def run(self, publish: Callable[[StartCheck], None]) -> StartCheck:
        """Check once; `publish` gets every step and the result. Never raises for the server."""
        if self._vms is None and self._session_id is not None:
            await self._read_session(self._session_id)
        return await run_start_check(
            self._source,
            self.plan_name,
            self.rpo_target,
            self.now,
            publish,
            backup_server=self.backup_server,
            vms=self._vms or (),
            tenant=self.tenant,
        )

    async def _read_session(self, session_id: str) -> None:
        """Without an answer our time has to do, and it is tried again with the next check."""
        with suppress(FailoverMonitorError):
            reading = await self._source.failover_session(session_id)
            self._vms = tuple(task.vm_name for task in reading.session.tasks)
            if self._server_clock is None:
                self._server_clock = ServerClock.read(None, reading.server_time, self._clock)
