"""Standing by for a plan's next session without a screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui.enterprise_manager.resources import FailoverSession
from tui.exit_codes import ExitCode
from tui.monitor.clock import Clock
from tui.monitor.standby import Standby, StandbySource, StandbyState
from tui.monitor.trouble import Trouble
from tui.presentation import times
from tui.presentation.happening import Dated, Happening
from tui.presentation.session_names import plan_name
from tui.watch.output import Output


class _Ended(Exception):
    """Nothing is to be waited for any more."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code.name)
        self.code = code


class Waiting:
    """Waits until a session of the plan has begun, and tells of trouble meanwhile.

    All of it is talk. As long as the list of sessions was never read, it gives up at
    `give_up_at` (the clock's monotonic seconds), or once the account may not read it;
    afterwards only a refused logon ends it.
    """

    def __init__(
        self,
        source: StandbySource,
        plan_name: str,
        output: Output,
        clock: Clock,
        *,
        give_up_at: float,
        random_source: Callable[[], float],
    ) -> None:
        self._standby = Standby(source, plan_name, clock, random_source=random_source)
        self._output = output
        self._clock = clock
        self._give_up_at = give_up_at
        self._trouble: Trouble | None = None
        self._told = False

    async def run(self) -> FailoverSession | ExitCode:
        """The session, or the exit code to end with."""
        self._say("note", f"Waiting for the next session of {self._standby.state.plan_name}.")
        try:
            found = await self._standby.run(self._take)
        except _Ended as end:
            return end.code
        started = f", started {times.iso(found.created)}" if found.created else ""
        self._say("note", f"It has begun: {plan_name(found)}{started}, {found.id}.")
        return found

    def _take(self, state: StandbyState) -> None:
        self._tell_trouble(state)
        if state.trouble is not None:
            self._end_if_hopeless(state, state.trouble)
        elif not self._told and state.found is None and state.fetched_at is not None:
            self._told = True
            self._say("note", _past(state))

    def _tell_trouble(self, state: StandbyState) -> None:
        before, self._trouble = self._trouble, state.trouble
        if state.trouble is None:
            if before is not None:
                lasted = times.age(self._clock.monotonic() - before.since)
                self._say("connection back", f"after {lasted}: the list of sessions is read again")
            return
        never_read = state.fetched_at is None
        # One outage is one pair of lines, whatever each try dies of.
        if before is None or (never_read and before.sentence != state.trouble.sentence):
            what = "no data yet" if never_read else "connection lost"
            remedy = f" {state.trouble.remedy}" if state.trouble.remedy else ""
            self._say(what, state.trouble.sentence + remedy)

    def _end_if_hopeless(self, state: StandbyState, trouble: Trouble) -> None:
        if trouble.needs_logon:
            self._say("refused", "The logon is no longer accepted; nothing more can be read.")
            raise _Ended(ExitCode.LOGON_REFUSED)
        if state.fetched_at is not None:
            return
        if trouble.hopeless:
            self._say("refused", "The list of sessions cannot be read: giving up.")
            raise _Ended(ExitCode.NO_DATA)
        due = state.next_poll_at
        if due is not None and due > self._give_up_at:
            self._say("refused", "The list of sessions was never read: giving up.")
            raise _Ended(ExitCode.NO_DATA)

    def _say(self, what: str, message: str) -> None:
        self._output.talk(Happening(self._now(), what, None, message, Dated.HERE))

    def _now(self) -> datetime:
        """This machine's time: lists do not tell the server's."""
        return self._clock.now()


def _past(state: StandbyState) -> str:
    """The plan's last session, or that the name may be wrong."""
    if state.last is not None:
        began = f"began {times.iso(state.last.created)}" if state.last.created else "has no date"
        return f"The last one {began}, {state.last.id}."
    meant = f" Was one of these meant? {'; '.join(state.close)}." if state.close else ""
    return f"No session of a plan of this name has been seen so far.{meant}"
