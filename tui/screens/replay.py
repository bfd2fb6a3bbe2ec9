"""The session screen over what was recorded: the same picture, on a clock that can be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.monitor.replayed_session import ReplayedSession
from tui.presentation.header_lines import Place, PollStatus, safety_spans
from tui.presentation.line import Line
from tui.presentation.replay_lines import MARK, ONLY_SHOWS, how_it_plays, replay_bar
from tui.presentation.session_layout import tiny_lines
from tui.screens import session_keys
from tui.screens.jump import JumpScreen
from tui.screens.session_browsing import BrowsedSession
from tui.screens.shared import Replaying, Showing

_ARROW_SHARE = 100
_SHORTEST_ARROW = 5.0
"""Seconds of the recording; a hundredth of it where that is more."""


class ReplayScreen(BrowsedSession):
    """Shows a recording. Over a session that is followed it says nothing in the title."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *session_keys.of("filter", "failures", "sort", "reverse", "timeline", "events", "compare",
                         "copy.row", "copy.message"),
        Binding("space,p", "play", "Play", id="replay.play", tooltip="Play, or stand still"),
        Binding("plus,equals_sign", "speed(1)", "Faster", key_display="+", id="replay.faster",
                tooltip="Play faster, up to 1000 times"),
        Binding("minus", "speed(-1)", "Slower", key_display="-", id="replay.slower",
                tooltip="Play slower, down to real time"),
        Binding("right_square_bracket", "event(1)", "Event", key_display="]",
                id="replay.event.next", tooltip="To the next event"),
        Binding("left_square_bracket", "event(-1)", "Event before", key_display="[",
                id="replay.event.before", tooltip="To the event before"),
        Binding("n", "failure(1)", "Failure", id="replay.failure.next",
                tooltip="To the next failure"),
        Binding("N", "failure(-1)", "Failure before", id="replay.failure.before",
                tooltip="To the failure before"),
        Binding("J", "jump", "Jump", id="replay.jump", tooltip="Jump to a time"),
        Binding("right", "move(1)", "Forward", show=False, id="replay.forward",
                tooltip="A hundredth of the recording forward"),
        Binding("left", "move(-1)", "Back", show=False, id="replay.back",
                tooltip="A hundredth of the recording back"),
        Binding("less_than_sign", "edge(0)", "Begin", show=False, key_display="<",
                id="replay.begin", tooltip="To the begin of the recording"),
        Binding("greater_than_sign", "edge(1)", "End", show=False, key_display=">",
                id="replay.end", tooltip="To the end of the recording"),
        Binding("m,t,a,A,r,f5,l,b", "only_shows", "Not here", show=False, id="replay.not-here",
                tooltip="Notes, targets, acknowledgements, questions: on the live screen only"),
        Binding("escape,R", "back", "Leave replay", key_display="Esc", id="replay.leave",
                tooltip="Clear the filter, else leave the replay"),
    ]  # fmt: skip
    HINTS: ClassVar[Sequence[str]] = (
        "help",
        "replay.play",
        "replay.failure.next",
        "replay.event.next",
        "replay.jump",
        "replay.faster",
        "replay.slower",
        "replay.leave",
        "failures",
        "filter",
        "events",
        "timeline",
        "open",
    )

    def __init__(self, shown: Showing, replayed: ReplayedSession, *, alone: bool) -> None:
        """`alone` where there is no live session under it to go back to."""
        place = replace(shown.place, profile=_marked(shown.place))
        super().__init__(Replaying(replayed.clock, place, shown.glyphs), replayed)
        self._replayed = replayed
        self._alone = alone

    def _poll_status(self, now: float) -> PollStatus:
        how = how_it_plays(self._replayed.playback)
        return PollStatus.of(self._state, now, paused=self._state.paused, replay=how)

    def _more_lines(self, width: int) -> Sequence[Line]:
        begin, end = self._span()
        return [replay_bar(self._replayed.playback, begin, end, width, self._shared.glyphs)]

    def _few_lines(self, width: int, height: int) -> list[Line]:
        shared, now = self._shared, self._shared.clock.monotonic()
        marks = [(f" {MARK}", "warning"), *safety_spans(shared.place)]
        fresh = self._state.freshness(now)
        size = (width, height)
        return tiny_lines(self._state, self._server_now(), size, shared.glyphs, fresh, marks)

    def _span(self) -> tuple[datetime, datetime]:
        """The begin and the end by the server's clock."""
        recording = self._replayed.recording
        return recording.time_at(0.0), recording.time_at(recording.end)

    def _title_prefix(self) -> str | None:
        return f"{MARK} " if self._alone else None

    def action_play(self) -> None:
        """Play, or stand still."""
        self._replayed.toggle()

    def action_speed(self, step: int) -> None:
        """Faster or slower."""
        self._replayed.set_speed(step)

    def action_event(self, direction: int) -> None:
        """To the next event, or the one before."""
        if not self._replayed.step_event(direction):
            self._say_none("event", direction)

    def action_failure(self, direction: int) -> None:
        """To the next failure, or the one before."""
        if not self._replayed.step_failure(direction):
            self._say_none("failure", direction)

    def _say_none(self, what: str, direction: int) -> None:
        if not self._replayed.playback.marks.complete:
            self.notify("The recording is still being looked through.", markup=False)
            return
        where = "after" if direction > 0 else "before"
        self.notify(f"There is no {what} {where} this moment.", markup=False)

    def action_move(self, direction: int) -> None:
        """A little forward or back."""
        playback = self._replayed.playback
        step = max(_SHORTEST_ARROW, playback.end / _ARROW_SHARE)
        self._replayed.seek(playback.wanted + direction * step)

    def action_edge(self, share: int) -> None:
        """To the begin (0) or the end (1)."""
        self._replayed.seek(self._replayed.recording.end if share else 0.0)

    def action_jump(self) -> None:
        """Ask for a time and go there."""
        begin, end = self._span()

        def go(moment: datetime | None) -> None:
            if moment is not None:
                self._replayed.seek(self._replayed.recording.seconds_at(moment))

        self.app.push_screen(JumpScreen(begin, end), go)

    def action_only_shows(self) -> None:
        """Say why this key does nothing here."""
        self.notify(ONLY_SHOWS, markup=False)

    def _leave(self) -> None:
        if self._alone:
            self.app.exit(0)
        else:
            self.app.pop_screen()


def _marked(place: Place) -> str:
    return f"{MARK} {place.profile}" if place.profile else MARK
