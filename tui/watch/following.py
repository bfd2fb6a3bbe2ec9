"""Following one session: snapshots in, lines and an exit code out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from tui.analysis.assessment import Assessment
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import FailoverSession
from tui.exit_codes import ExitCode
from tui.monitor.clock import Clock
from tui.monitor.kept import Keeper
from tui.monitor.live_session import Listener, LiveSession, LiveSource, unheard
from tui.monitor.outcome import RESULTS, outcome
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.changes import Changes
from tui.presentation.connection_news import ConnectionNews
from tui.presentation.doubts import contradiction_text, doubts
from tui.presentation.farewell import farewell_lines, progress_text
from tui.presentation.happening import Happening, dated
from tui.presentation.journal_lines import journal_lacks_text, journal_trouble_text
from tui.presentation.targets_and_stalls import TargetsAndStalls
from tui.settings.resolved import DEFAULT_STALL_AFTER, Targets, WatchUntil
from tui.watch.output import Output

NOT_FOUND_TRIES = 5
"""So often may the server say that there is no such session: a new one shows late."""

LEARNING_SECONDS = 5.0
"""So long the summary waits for the plan's earlier runs at most."""

READING_SECONDS = 60.0
"""So long it waits for the replica points, where there is an RPO target: four a second."""


class Following:
    """Tells what each state brings, and knows when it is the last."""

    def __init__(
        self,
        source: LiveSource,
        session_id: str,
        output: Output,
        clock: Clock,
        *,
        interval: float,
        give_up_at: float,
        random_source: Callable[[], float],
        targets: Targets | None = None,
        stall_after: timedelta = DEFAULT_STALL_AFTER,
        keeper: Keeper | None = None,
        listener: Listener = unheard,
        until: WatchUntil = "done",
        progress: timedelta | None = None,
    ) -> None:
        """`interval` in seconds; `give_up_at` in the clock's monotonic seconds. `until` may end
        it before its session ends; every `progress` a line says how far it is."""
        self.live = LiveSession(
            source,
            session_id,
            clock=clock,
            interval=interval,
            targets=targets,
            stall_after=stall_after,
            random_source=random_source,
            keeper=keeper,
            listener=listener,
        )
        self._journal_trouble: str | None = None
        self._output = output
        self._until = until
        self._progress = progress
        self._clock = clock
        self._give_up_at = give_up_at
        self._targets_and_stalls = TargetsAndStalls()
        self._plan_note: str | None = None
        self._tenant: str | None = None
        self._told_doubts: set[str] = set()
        self._changes = Changes()
        self._connection = ConnectionNews()
        self._not_found = 0
        self._tries = 0
        self._fetched_at: float | None = None
        self._readings_when_over = 0
        self._said_skew = False
        self._verdict: asyncio.Future[ExitCode] = asyncio.get_running_loop().create_future()

    async def run(self) -> int:
        """Follow until the end; the exit code. Sums up, also when cancelled."""
        polling = asyncio.create_task(self.live.run(self._take), name="session monitor")
        work: list[asyncio.Task[None]] = [polling]
        if self._progress is not None:
            progress = self._tell_progress(self._progress.total_seconds())
            work.append(asyncio.create_task(progress, name="progress"))
        try:
            either: set[asyncio.Future[Any]] = {*work, self._verdict}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not self._verdict.done():
                # Only a defect ends them by themselves: let it be seen.
                next(task for task in work if task.done()).result()
            code = self._verdict.result()
            if self.live.snapshot.over and code in RESULTS.values():
                # A run that goes on where an earlier one left off is one outage with it, and
                # an RPO takes the replica points: a session that was over from the start
                # must not be summed up without them.
                await self._within(LEARNING_SECONDS, self.live.runs_asked())
                if self.live.snapshot.goals.rpo is not None:
                    await self._within(READING_SECONDS, self.live.details_asked())
                    # What the last points say is judged with the next answer.
                    await self._within(LEARNING_SECONDS, self.live.poll_once())
                code = outcome(self.live.look()) or code
            return code
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            self._sum_up()
            if missing := self.live.close():
                self._say("note", journal_lacks_text(missing))

    @staticmethod
    async def _within(seconds: float, learned: Coroutine[Any, Any, object]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await learned

    def _take(self, state: Snapshot) -> None:
        if self._verdict.done():
            return
        self._output.about(state)
        self._tell_trouble(state)
        self._tell_journal(state)
        if state.fetched_at is not None:
            server_now = state.server_now(state.fetched_at, self._clock.now())
            self._tell_skew(state)
            self._tell_plan(state)
            self._tell_doubts(state)
            found = [
                *self._changes.lines(state, server_now),
                *self._targets_and_stalls.lines(state, self._server_now()),
            ]
            known = state.server_clock is not None
            settled = (line.by_clock(server_known=known) for line in found)
            self._output.data(sorted(settled, key=lambda line: line.at))
        code = self._judge(state)
        if code is not None:
            self._verdict.set_result(code)

    def _judge(self, state: Snapshot) -> ExitCode | None:
        """The exit code, None while it goes on."""
        if state.trouble is not None and state.trouble.needs_logon:
            self._say("refused", "The logon is no longer accepted; nothing more can be read.")
            return ExitCode.LOGON_REFUSED
        session, assessment = state.session, state.assessment
        if session is None or assessment is None:
            return self._judge_without_data(state)
        if state.fetched_at != self._fetched_at:
            self._fetched_at = state.fetched_at
            over = is_done(session.state, session.ended)
            self._readings_when_over = self._readings_when_over + 1 if over else 0
        if self._readings_when_over == 0:
            return self._reached(assessment)
        if self._readings_when_over == 1 and not _settled(assessment):
            return None
        if assessment.status not in RESULTS:
            self._tell_no_verdict(session, assessment)
        return RESULTS.get(assessment.status, ExitCode.FAILED)

    def _reached(self, assessment: Assessment) -> ExitCode | None:
        """Whether what was waited for has come, though the session goes on."""
        if self._until == "running" and assessment.status.is_running:
            self._say("note", "It runs: this is what was waited for.")
            return ExitCode.SUCCESS
        if self._until == "first-failure" and (
            assessment.failures or assessment.status is Status.RUNNING_WITH_ERRORS
        ):
            self._say("note", "There is a failure: this is what was waited for.")
            return ExitCode.FAILED
        return None

    def _judge_without_data(self, state: Snapshot) -> ExitCode | None:
        trouble = state.trouble
        if trouble is None or state.polls == self._tries:
            return None
        self._tries = state.polls
        self._not_found += trouble.not_found
        if trouble.hopeless:
            return ExitCode.NO_DATA
        if self._not_found >= NOT_FOUND_TRIES:
            self._say("refused", f"Asked {self._not_found} times: there is no such session.")
            return ExitCode.NO_DATA
        if self._clock.monotonic() >= self._give_up_at:
            self._say("refused", "No data for too long: giving up.")
            return ExitCode.NO_DATA
        return None

    def _tell_no_verdict(self, session: FailoverSession, assessment: Assessment) -> None:
        said = f" (it says {assessment.server_word})" if assessment.server_word else ""
        at = session.ended or self._server_now()
        why = contradiction_text(assessment)
        why = why or f"no verdict: the session is over and the server gives no result{said}"
        known = self.live.snapshot.server_clock is not None
        line = Happening(at, "session unknown", None, why, dated(session.ended))
        self._output.data([line.by_clock(server_known=known)])

    def _tell_trouble(self, state: Snapshot) -> None:
        now, known = self._clock.monotonic(), state.server_clock is not None
        for line in self._connection.lines(state, now, self._server_now()):
            self._output.talk(line.by_clock(server_known=known))

    def _tell_journal(self, state: Snapshot) -> None:
        """What is in its way, each time that it is another thing."""
        before, self._journal_trouble = self._journal_trouble, state.journal_trouble
        if state.journal_trouble is not None and state.journal_trouble != before:
            self._say("note", journal_trouble_text(state.journal_trouble))

    def _tell_skew(self, state: Snapshot) -> None:
        clock = state.server_clock
        if clock is not None and clock.is_skewed and not self._said_skew:
            self._said_skew = True
            off = times.signed(clock.skew)
            self._say("note", f"The server's clock is off by {off} against this machine's.")

    def _tell_doubts(self, state: Snapshot) -> None:
        """What is wrong with the answer, each sentence once."""
        assessment, unsure = state.assessment, state.details.ambiguous
        for text in doubts(assessment, unsure) if assessment is not None else ():
            if text not in self._told_doubts:
                self._told_doubts.add(text)
                self._say("note", text)

    def _tell_plan(self, state: Snapshot) -> None:
        tenant = state.details.tenant
        if tenant is not None and tenant != self._tenant:
            self._say("tenant", f"{tenant}, by the cloud failover plan")
        self._tenant = tenant
        note = state.details.plan_note
        if note is not None and note != self._plan_note:
            self._say("plan unknown", f"{note}; VMs that have not begun cannot be counted")
        self._plan_note = note

    def _sum_up(self) -> None:
        state, now = self.live.look(), self._server_now()
        freshness = state.freshness(self._clock.monotonic())
        lines = [text.strip() for text in farewell_lines(state, now, freshness)]
        if state.session is None:
            self._output.talk(*(Happening(now, "note", None, text) for text in lines))
        else:
            self._output.about(state)
            self._output.summary(now, lines)

    async def _tell_progress(self, every: float) -> None:
        while True:
            await self._clock.sleep(every)
            state, now = self.live.look(), self._server_now()
            if state.assessment is None or state.over or self._verdict.done():
                continue
            self._output.about(state)
            line = Happening(
                now,
                "progress",
                None,
                progress_text(state, now, state.freshness(self._clock.monotonic())),
                lasted=state.elapsed(now),
            )
            known = state.server_clock is not None
            self._output.progress(line.by_clock(server_known=known))

    def _server_now(self) -> datetime:
        return self.live.server_now()

    def _say(self, what: str, message: str) -> None:
        known = self.live.snapshot.server_clock is not None
        line = Happening(self._server_now(), what, None, message)
        self._output.talk(line.by_clock(server_known=known))


def _settled(assessment: Assessment) -> bool:
    """Whether a finished session has nothing left to say."""
    return assessment.status in RESULTS and not any(
        view.status.is_running and not view.unlisted for view in assessment.tasks
    )
