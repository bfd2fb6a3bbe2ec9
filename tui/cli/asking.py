"""Commands that ask once: log on, ask, log off; signals and refusals end them as a watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from tui.cli.printing import say
from tui.connecting import LogonTarget, log_off, over_network
from tui.ending import EndingSignals
from tui.enterprise_manager.credentials import Credentials
from tui.errors import FailoverMonitorError, InvalidInput
from tui.light import dataclass
from tui.monitor.selecting import find_session
from tui.session_selector import Selector
from tui.threads import UnjoinedThreads

if TYPE_CHECKING:
    from tui.connecting import Connection
    from tui.enterprise_manager.client import EnterpriseManager
    from tui.monitor.live_session import LiveSession
    from tui.settings import ResolvedSettings

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """Somebody to ask, logged on."""

    client: EnterpriseManager
    connection: Connection
    target: LogonTarget

    def following(self, settings: ResolvedSettings, session_id: str) -> LiveSession:
        """That session with the targets of the settings; nothing of it has been read yet."""
        from tui.monitor.live_session import LiveSession

        return LiveSession(
            self.client,
            session_id,
            clock=self.connection.clock,
            targets=settings.targets,
            stall_after=settings.stall_after,
        )


@asynccontextmanager
async def logged_on(settings: ResolvedSettings) -> AsyncIterator[Asked]:
    """Logged on within, logged off afterwards, whatever happens. Raises what the server, or the
    way to it, refuses with."""
    server, user, password = settings.server, settings.user, settings.password
    if server is None or user is None or password is None:
        raise InvalidInput("Server, user and password are needed.")
    for notice in settings.notices:
        say(notice, err=True)
    if server.is_plain_http:
        say("Plain http: the password travels unencrypted.", err=True)
    log = None
    if settings.log_file is not None:
        from tui.request_log import begin_request_log

        log = begin_request_log(settings.log_file, settings.log_level)
    connection = over_network(settings, log)
    target = LogonTarget.of(server, settings)
    client = connection.connect(target, Credentials(user, password))
    try:
        try:
            await client.log_on()
        except FailoverMonitorError as error:
            error.at_logon = True
            raise
        yield Asked(client, connection, target)
    finally:
        await log_off(client)
        if log is not None:
            log.close()
            if log.missing is not None:
                say(log.missing, err=True)


def run_once(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it to its end. SIGTERM, SIGHUP and Ctrl+C log off first, and end the program."""
    return asyncio.run(_obeying(work))


async def _obeying(work: Coroutine[Any, Any, Result]) -> Result:
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())
    task = asyncio.create_task(work, name="ask")
    heard: list[int] = []

    def leave(number: int) -> None:
        heard.append(number)
        task.cancel()

    with EndingSignals(leave):
        try:
            return await task
        except asyncio.CancelledError:
            if not heard:
                raise
    raise SystemExit(128 + heard[0])


async def session_id_of(asked: Asked, wanted: str | Selector) -> str:
    """The ID of the session meant.

    Raises `AmbiguousSession`, `NotFound` and what the client does.
    """
    return wanted if isinstance(wanted, str) else (await find_session(asked.client, wanted)).id
