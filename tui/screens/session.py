"""The session screen: what the product is for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import events, on, work
from textual.binding import BindingType

from tui.analysis.assessment import TaskView
from tui.analysis.drill import Goals
from tui.analysis.status import Status
from tui.errors import FailoverMonitorError
from tui.messages import ReplayRequested, SessionRequested
from tui.presentation.farewell import farewell_lines
from tui.presentation.text import clean
from tui.screens import session_keys
from tui.screens.note import NoteScreen
from tui.screens.session_browsing import BrowsedSession
from tui.screens.shared import Shared
from tui.screens.targets import TargetsScreen

INTERVALS = (2.0, 5.0, 10.0, 15.0, 30.0, 60.0)


class SessionScreen(BrowsedSession):
    """One session, followed while the screen is there, with its keys."""

    BINDINGS: ClassVar[list[BindingType]] = session_keys.BINDINGS

    def __init__(self, shared: Shared, session_id: str) -> None:
        self._live = shared.site.followed.of(session_id)
        super().__init__(shared, self._live)
        self._author = shared.author
        self._reports = shared.reports

    def action_pause(self) -> None:
        """Stop polling, or go on."""
        self._state = self._live.toggle_pause()
        self.show_all()

    def action_poll(self) -> None:
        """Poll at once."""
        self._live.poll_now()

    def action_interval(self, step: int) -> None:
        """A longer or shorter interval."""
        now = self._state.wanted_interval
        longer = [value for value in INTERVALS if value > now]
        shorter = [value for value in INTERVALS if value < now]
        chosen = (longer[:1] if step > 0 else shorter[-1:]) or [now]
        self._state = self._live.set_interval(chosen[0])
        self.show_all()

    def action_note(self) -> None:
        """Add a note to the events."""
        self.app.push_screen(NoteScreen(), self._take_note)

    def _take_note(self, text: str | None) -> None:
        if text:
            self._state = self._live.note(text, self._author)
            self.notify("Noted; e shows the events.", markup=False)

    @work(exclusive=True, group="report", name="report", description="writes the report")
    async def action_report(self) -> None:
        """Write the report of what was watched so far."""
        # Loaded when somebody wants one: it takes what no screen needs.
        from tui.report.filing import file_report

        try:
            path = await asyncio.to_thread(
                file_report,
                self._reports,
                self._state,
                self._as_of(),
                server=self._shared.place.server,
                journal=self._live.journal,
            )
        except FailoverMonitorError as error:
            self.notify(clean(error.full_text), severity="error", markup=False)
        else:
            self.notify(f"Report written: {clean(str(path))}", timeout=15, markup=False)

    def action_acknowledge(self) -> None:
        """Take note of the selected failure."""
        view = self._table.cursor_row
        if not isinstance(view, TaskView) or view.status is not Status.FAILED:
            self.notify("Select a failed VM: a takes note of its failure.", markup=False)
            return
        self._acknowledge([view])

    def action_acknowledge_all(self) -> None:
        """Take note of every failure that there is."""
        self._acknowledge(self._state.unacknowledged)

    def _acknowledge(self, failures: Sequence[TaskView]) -> None:
        open_ones = [view for view in failures if view.key not in self._state.acknowledged]
        for view in open_ones:
            self._state = self._live.acknowledge(view.key, self._author)
        self.show_all()
        if not open_ones:
            self.notify("There is no failure that nobody has acknowledged.", markup=False)
        elif len(open_ones) == 1:
            self.notify(f"Acknowledged: {clean(open_ones[0].vm_name)}.", markup=False)
        else:
            self.notify(f"Acknowledged: {len(open_ones)} failures.", markup=False)

    async def action_targets(self) -> None:
        """Set the targets and the moment of declaration."""
        session = self._state.session
        if session is None:
            return
        screen = TargetsScreen(self._state.goals, session.created, self._server_now())
        self.app.push_screen(screen, self._take_goals)

    def _take_goals(self, goals: Goals | None) -> None:
        if goals is not None:
            self._state = self._live.set_goals(goals, self._author)
            self.show_all()

    @work(exclusive=True, group="step", name="step", description="asks for the plan's sessions")
    async def action_step(self, direction: int) -> None:
        """The plan's session before or after this one."""
        session = self._state.session
        if session is None:
            return
        self._state = await self._live.look_for_siblings()
        around = self._state.neighbours
        found = around.older if direction < 0 else around.newer
        if found is None:
            way = "older" if direction < 0 else "newer"
            self.notify(f"No {way} session of this plan is known.", markup=False)
            return
        self.post_message(SessionRequested(found.id, replaces=True))

    def action_bell(self) -> None:
        """Ring at new failures, or not."""
        self._bell = not self._bell
        self.notify(f"Bell {'on' if self._bell else 'off'}.", markup=False)

    def farewell(self) -> list[str]:
        """The final state as plain lines, for the scrollback."""
        freshness = self._state.freshness(self._shared.clock.monotonic())
        return farewell_lines(self._state, self._server_now(), freshness)

    @work(exclusive=True, group="replay", name="replay", description="reads what was watched")
    async def action_replay(self) -> None:
        """Step back in time, over the screen that goes on."""
        recording = await self._live.recording()
        if recording is None:
            self.notify("Nothing was watched yet.", markup=False)
        else:
            self.post_message(ReplayRequested(recording))

    @on(events.ScreenResume)
    def say_title_again(self) -> None:
        """Another screen may have said something else meanwhile."""
        self._title, self._title_is_of = "", (None, False)
