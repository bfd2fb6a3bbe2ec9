"""Standing by for the next session of a plan: opens it by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message

from tui.analysis.assessment import lasted, span
from tui.analysis.status import is_done, status_of_session
from tui.enterprise_manager.resources import FailoverSession
from tui.messages import SessionRequested
from tui.monitor.standby import StandbyState
from tui.presentation import times
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.header_lines import PollStatus, header_line, trouble_lines
from tui.presentation.line import Line, Span, fit_line
from tui.presentation.text import wrap
from tui.screens.logon_again import LOG_ON_AGAIN, MayLogOnAgain
from tui.screens.shared import Shared
from tui.widgets.key_hints import KeyHints
from tui.widgets.painted import Painted

_HINTS = ("help", "logon", "refresh")
_LABEL = 14
_LATE = (
    "It opens here by itself once it has begun; nothing needs to be pressed. Enterprise Manager"
    " may tell of a session up to 15 minutes after its start."
)


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
        self.set_interval(1.0, self.show_all)

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
        app.pop_screen()
        if self._shared.bell:
            app.bell()
        app.post_message(SessionRequested(found.id))

    @on(events.Resize)
    def show_all(self) -> None:
        """Bring every line up to date."""
        if not self.is_mounted or not self.size.width:
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


def standby_lines(
    state: StandbyState, checked: datetime | None, now: datetime, width: int, glyphs: Glyphs
) -> list[Line]:
    """What it waits for since when, the last check, the plan's past, and what to expect.

    `checked` is when the list was last read, `now` the present, both server's time.
    """
    since = f"{times.utc_stamp(state.since)} UTC"
    local = glyphs.clean(times.local_stamp(state.since))
    rows: list[tuple[str, list[Span]]] = [
        ("STANDING BY", [("for the next session of this plan", "")]),
        ("Plan", _plan(state, glyphs)),
        ("Since", [(since, "title"), (f"   {local} local", "dim")]),
        ("For", [(times.duration(span(state.since, now), glyphs.dash), "title")]),
        ("Last check", _check(state, checked)),
        ("Last session", _last(state, glyphs)),
    ]
    lines: list[Line] = [()]
    lines += [
        fit_line([(f" {label:<{_LABEL}}", "label"), *spans], width, glyphs) for label, spans in rows
    ]
    for text, token in _advice(state, glyphs):
        lines.append(())
        lines += [
            fit_line([(" " + line, token)], width, glyphs)
            for line in wrap(text, max(10, width - 2))
        ]
    return [fit_line(line, width, glyphs) for line in lines]


def _plan(state: StandbyState, glyphs: Glyphs) -> list[Span]:
    spans: list[Span] = [(glyphs.clean(state.plan_name) or glyphs.dash, "note")]
    if state.backup_server:
        spans.append((f"   on {glyphs.clean(state.backup_server)}", "dim"))
    return spans


def _check(state: StandbyState, checked: datetime | None) -> list[Span]:
    every = f", every {times.age(state.interval)}"
    if checked is None:
        return [("none yet", "warning" if state.trouble else "dim")]
    token = "warning" if state.trouble else "title"
    return [(f"{times.utc_stamp(checked)} UTC", token), (every, "dim")]


def _last(state: StandbyState, glyphs: Glyphs) -> list[Span]:
    last = state.last
    if last is None:
        said = "none seen" if state.fetched_at is not None else "not known yet"
        return [(said, "dim")]
    verdict = status_of_session(last.state, last.result, last.ended, [])
    said = glyphs.clean(word(verdict.status, verdict.server_word))
    over = is_done(last.state, last.ended)
    took = times.duration(lasted(last.created, last.ended), glyphs.dash)
    spans: list[Span] = [
        (f"{glyphs.symbols[verdict.status]} {said}", TOKENS[verdict.status]),
        (f"  {times.utc_stamp(last.created, glyphs.dash)} UTC", "title"),
        (f", took {took}" if over else ", still runs", "dim"),
    ]
    if last.backup_server:
        spans.append((f", {glyphs.clean(last.backup_server)}", "dim"))
    return spans


def _advice(state: StandbyState, glyphs: Glyphs) -> list[Span]:
    """Whether the name may be wrong, then what will happen."""
    said: list[Span] = []
    if state.last is None and state.fetched_at is not None:
        unknown = "No session of a plan of this name has been seen so far."
        if state.close:
            names = ", ".join(f"'{glyphs.clean(name)}'" for name in state.close)
            unknown += f" Was one of these meant? {names}."
        said.append((unknown + " It goes on waiting.", "warning"))
    if state.last is not None and not is_done(state.last.state, state.last.ended):
        said.append(("The session that still runs is not it: the one after it is opened.", ""))
    return [*said, (_LATE, "dim")]
