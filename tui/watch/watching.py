"""One watch from logon to logoff.

How it ends:

    0, 1, 3   the session ended with Success, Failed, Warning
    1         also when it ended without a result: no verdict is no success
    2         SESSION may be several: they are listed
    6         in place of 0 and 3 where the RTO or RPO target was not met
    4         the logon was refused, at the start or later: wrong user or password,
              no permission; at the start also a certificate that is not trusted
              (nothing secret was sent then). A password that was refused is never
              sent again, so without a person nothing could follow
    5         no session was ever read: the server could not be reached for two
              minutes, it said five times that there is no such session, the
              account may not read it, or there is no session at all, or none
              of the kind that was asked for (`running`, `plan:NAME`)
    124       the time of --timeout is over, however the session stands
    141       nobody reads standard output any more

With --until running it ends with 0 once the session runs, with --until first-failure with 1
once a VM has failed; a session that is over before that ends it as ever.

With a plan to wait for, 5 is for a list of sessions that was never read within those
two minutes; once it was, the wait for the plan's next session has no end of its own.

A session is over when its state is Stopped or it has an end time. If it has no
result then, or a task has not ended, one more reading is made after the settle
time. Once there was a reading, no trouble but a refused logon ends the watch.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from tui.connecting import Connection, LogonTarget, log_off
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    FailoverMonitorError,
    InvalidInput,
    NoCloudConnect,
    NoPermission,
    NotFound,
    ServerBusy,
    WrongCredentials,
)
from tui.exit_codes import ExitCode, code_of
from tui.monitor import backoff
from tui.monitor.selecting import find_session
from tui.outgoing.outgoing import Outgoing
from tui.presentation import times
from tui.presentation.certificate_lines import certificate_sentences
from tui.presentation.happening import Dated, Happening
from tui.presentation.session_names import named_session
from tui.session_selector import Selector
from tui.watch.choosing import choose
from tui.watch.following import Following
from tui.watch.output import Output
from tui.watch.waiting import Waiting

PATIENCE = 120.0
"""Seconds without any data after which a watch gives up."""

_REFUSALS = (
    WrongCredentials,
    CertificateUnknown,
    CertificateChanged,
    NoPermission,
    NoCloudConnect,
)
"""What asking again does not change."""
HURRIED_SECONDS = 0.5
"""What commands on events get where a signal ends the watch."""

T = TypeVar("T")


class _GaveUp(Exception):
    """Ends the watch before there was a session to follow."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code.name)
        self.code = code


class Watch:
    """Logs on, chooses a session where none was named, follows it, logs off."""

    def __init__(
        self,
        connection: Connection,
        output: Output,
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """Sends nothing yet. Raises `InvalidInput` without server, user or password."""
        settings = connection.settings
        if settings.server is None or settings.user is None or settings.password is None:
            raise InvalidInput("Server, user and password are needed.")
        self._connection = connection
        self._settings = settings
        self._clock = connection.clock
        self._output = output
        self._random = random_source
        self._target = LogonTarget.of(settings.server, settings)
        self._credentials = Credentials(settings.user, settings.password)
        self._begun = 0.0

    async def run(self) -> int:
        """The whole watch; the exit code. When cancelled, it sums up and logs off first."""
        self._begun = self._clock.monotonic()
        for notice in self._settings.notices:
            self._say("note", notice)
        if self._target.server.is_plain_http:
            self._say("note", "Plain http: the password travels unencrypted.")
        way = self._settings.notify
        outgoing = Outgoing(
            self._settings,
            self._clock,
            lambda sentence: self._say("note", sentence),
            notify=None if way == "off" else partial(self._output.notify, wanted=way),
            note=self._connection.note,
            rehearsal=self._connection.rehearsal is not None,
        )
        client = self._connection.connect(self._target, self._credentials)
        hurried: float | None = HURRIED_SECONDS
        try:
            code = await self._in_time(self._watch(client, outgoing))
            hurried = None
        except _GaveUp as end:
            code, hurried = end.code, None
        finally:
            await asyncio.gather(log_off(client), outgoing.finish(hurried=hurried))
        return code

    async def _in_time(self, work: Coroutine[Any, Any, int]) -> int:
        """That, but no longer than `--timeout` says; then it sums up and leaves."""
        limit = self._settings.watch.timeout
        if limit is None:
            return await work
        task = asyncio.create_task(work, name="watch in time")
        alarm = asyncio.create_task(self._clock.sleep(limit.total_seconds()), name="timeout")
        try:
            either: set[asyncio.Future[Any]] = {task, alarm}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            self._say("timed out", f"The time of --timeout is over: {times.duration(limit)}.")
            return ExitCode.TIMED_OUT
        finally:
            for each in (task, alarm):
                each.cancel()
            await asyncio.gather(task, alarm, return_exceptions=True)

    async def _watch(self, client: EnterpriseManager, outgoing: Outgoing) -> int:
        answer = await self._insist(client.log_on, at_logon=True)
        self._say("logon", f"{self._target.server.label} as {client.user_name}")
        if answer.cloud_connect is False:
            self._say(
                "note",
                "The logon names no Cloud Connect service: there may be no cloud failover"
                " sessions for this account.",
            )
        session_id = self._settings.session_id
        if self._settings.wait_for is not None:
            session_id = (await self._wait_for(client, self._settings.wait_for)).id
        elif self._settings.selector is not None:
            session_id = (await self._find(client, self._settings.selector)).id
        elif session_id is None:
            session_id = (await self._choose(client)).id
        server = self._target.server.label
        following = Following(
            client,
            session_id,
            self._output,
            self._clock,
            interval=self._settings.interval,
            give_up_at=self._begun + PATIENCE,
            random_source=self._random,
            targets=self._settings.targets,
            stall_after=self._settings.stall_after,
            keeper=self._connection.keepers(self._target)(session_id),
            listener=outgoing.listeners(server, self._settings.profile)(session_id),
            until=self._settings.watch.until,
            progress=self._settings.watch.progress,
        )
        try:
            return await following.run()
        finally:
            await self._file_report(following)

    async def _file_report(self, following: Following) -> None:
        """Where a folder for reports was named; the session itself counts, not the report."""
        folder = self._settings.reports
        if folder is None:
            return
        from tui.report.filing import file_report

        shown = following.live.snapshot
        now = shown.data_from(self._clock.monotonic(), self._clock.now())
        try:
            path = await asyncio.to_thread(
                file_report,
                folder,
                shown,
                now,
                server=self._target.server.label,
                journal=following.live.journal,
            )
        except FailoverMonitorError as error:
            self._say("note", error.full_text)
        else:
            self._say("note", f"The report is in {path}.")

    async def _wait_for(self, client: EnterpriseManager, plan_name: str) -> FailoverSession:
        waiting = Waiting(
            client,
            plan_name,
            self._output,
            self._clock,
            give_up_at=self._begun + PATIENCE,
            random_source=self._random,
        )
        outcome = await waiting.run()
        if isinstance(outcome, ExitCode):
            raise _GaveUp(outcome)
        # However long it took: the patience is for the session to be readable.
        self._begun = self._clock.monotonic()
        return outcome

    async def _choose(self, client: EnterpriseManager) -> FailoverSession:
        page = await self._insist(client.failover_sessions)
        choice = choose(page.sessions)
        if choice is None:
            self._say("refused", "There are no cloud failover sessions to watch.")
            raise _GaveUp(ExitCode.NO_DATA)
        for sentence in choice.sentences:
            self._say("note", sentence)
        return choice.session

    async def _find(self, client: EnterpriseManager, wanted: Selector) -> FailoverSession:
        async def look() -> FailoverSession | NotFound:
            try:
                return await find_session(client, wanted)
            except NotFound as error:  # an answer: asking again for two minutes is no use
                return error

        found = await self._insist(look)
        if isinstance(found, NotFound):
            self._say("refused", found.full_text)
            raise _GaveUp(ExitCode.NO_DATA)
        self._say("note", f"Watching {named_session(found)}.")
        return found

    async def _insist(self, ask: Callable[[], Awaitable[T]], *, at_logon: bool = False) -> T:
        """Ask until there is an answer, a refusal, or no more patience."""
        failures = 0
        while True:
            try:
                return await ask()
            except InvalidInput:
                raise
            except FailoverMonitorError as error:
                self._give_up_if_refused(error, at_logon=at_logon)
                failures += 1
                sentence = error.full_text
                asked = error.retry_after if isinstance(error, ServerBusy) else None
            wait = backoff.delay(failures, self._settings.interval, self._random, asked)
            if self._clock.monotonic() + wait - self._begun > PATIENCE:
                self._say("refused", f"{sentence} No answer for {PATIENCE:.0f} s: giving up.")
                raise _GaveUp(ExitCode.NO_DATA)
            self._say("no data yet", f"{sentence} Next try in {times.age(wait)}.")
            await self._clock.sleep(wait)

    def _give_up_if_refused(self, error: FailoverMonitorError, *, at_logon: bool) -> None:
        error.at_logon = at_logon
        if not isinstance(error, _REFUSALS):
            return
        self._say("refused", error.full_text)
        if isinstance(error, CertificateUnknown):
            for sentence in certificate_sentences(error):
                self._say("note", sentence)
        raise _GaveUp(code_of(error))

    def _say(self, what: str, message: str) -> None:
        self._output.talk(Happening(self._now(), what, None, message, Dated.HERE))

    def _now(self) -> datetime:
        """This machine's time: before the first reading the server's is not known."""
        return self._clock.now()
