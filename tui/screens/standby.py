"""Standing by for the next session of a plan: opens it by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message

from tui.enterprise_manager.resources import FailoverSession
from tui.messages import SessionRequested
from tui.monitor.standby import StandbyState
from tui.presentation.header_lines import PollStatus, header_line, trouble_lines
from tui.presentation.line import Line
from tui.presentation.standby_lines import standby_lines
from tui.screens.shared import LOG_ON_AGAIN, MayLogOnAgain, Shared
from tui.widgets.key_hints import KeyHints
from tui.widgets.painted import Painted

_HINTS = ("help", "logon", "refresh")


class StandbyScreen(MayLogOnAgain):
    """Waits for the next session of a plan, then opens it in its own place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,f5", "poll", "Look now", id="refresh", tooltip="Ask the server now"),
        LOG_ON_AGAIN,
        Binding("escape", "back", "Stop waiting", key_display="Esc", id="standby.back",
                tooltip="Stop waiting, back to the sessions"),
    ]  # fmt: skip

    class Published(Message):
        """The standby has a new state; a later one replaces one not yet handled."""

        def __init__(self, state: StandbyState) -> None:
            super().__init__()
            self.state = state

        def can_replace(self, message: Message) -> bool:
            """Only the newest state matters."""
            return isinstance(message, StandbyScreen.Published)

    def __init__(self, shared: Shared, plan_name: str, backup_server: str | None = None) -> None:
        """Any backup server's plan of that name unless one is given."""
        super().__init__()
        self._shared = shared
        self._standby = shared.site.standby(plan_name, backup_server)
        self._state = self._standby.state
        self._opened = False

    @property
    def state(self) -> StandbyState:
        """The state shown."""
        return self._state

    def compose(self) -> ComposeResult:
        """Header, what it waits for, keys."""
        yield Painted(id="head")
        with VerticalScroll(id="standby-room"):
            yield Painted(id="standby")
        yield KeyHints(_HINTS)

    def on_mount(self) -> None:
        """Start looking; the screen is painted before the first request."""
        self.query_one(VerticalScroll).focus()
        self._wait()

    def beat(self) -> None:
        """The clocks go on."""
        self.show_all()

    @work(group="standby", name="standby", description="waits for a session")
    async def _wait(self) -> None:
        await self._standby.run(self._publish)

    def _publish(self, state: StandbyState) -> None:
        self.post_message(self.Published(state))

    @on(Published)
    def show_state(self, message: StandbyScreen.Published) -> None:
        """Take the newest state in; once the session has begun, open it."""
        message.stop()
        self._state = message.state
        self.show_all()
        found = self._state.found
        if found is not None and not self._opened:
            self._opened = True
            self._open(found)

    def _open(self, found: FailoverSession) -> None:
        """In place of this screen, and of help or a palette that lies over it."""
        app = self.app
        if self not in app.screen_stack:
            return
        while app.screen is not self:
            app.screen.dismiss()
        if self._shared.bell:
            app.bell()
        app.post_message(SessionRequested(found.id, replaces=True))

    @on(events.Resize)
    @on(events.ScreenResume)
    def show_all(self) -> None:
        """Bring every line up to date, unless another screen covers them."""
        if not self.is_mounted or not self.size.width or not self.is_current:
            return
        state, clock, glyphs = self._state, self._shared.site.clock, self._shared.glyphs
        self.take_in(state.trouble)
        width, now = self.size.width, clock.monotonic()
        server_now = state.server_now(now, clock.now())
        poll = PollStatus.of(state, now)
        head = [
            self.safety_line(width),
            *trouble_lines(poll, width, glyphs),
            ((glyphs.rule * width, "rule"),),
        ]
        self.query_one("#head", Painted).show(head)
        at = state.fetched_at
        checked = None if at is None else server_now - timedelta(seconds=now - at)
        lines = standby_lines(state, checked, server_now, width - 1, glyphs)
        self.query_one("#standby", Painted).show(lines)
        self.set_class(poll.freshness.stale and at is not None, "-stale")

    def safety_line(self, width: int) -> Line:
        """The line on top, here and over every dialog that covers this screen."""
        shared, state = self._shared, self._state
        now = shared.site.clock.monotonic()
        server_now = state.server_now(now, shared.site.clock.now())
        return header_line(
            shared.place, server_now, PollStatus.of(state, now), width, shared.glyphs
        )

    def action_poll(self) -> None:
        """Look at once."""
        self._standby.poll_now()

    def action_back(self) -> None:
        """Stop waiting."""
        self.app.pop_screen()
