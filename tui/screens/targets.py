"""Targets for the drill in front: RTO, RPO, and when the disaster was declared."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Label, Static

from tui.analysis.drill import Goals
from tui.errors import InvalidInput
from tui.screens.frame import Dialog
from tui.settings.durations import format_duration, parse_duration
from tui.widgets.field import Field

_CLOCK = re.compile(r"(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2}))?Z?")

_LONGEST_AGO = timedelta(hours=12)
"""Before the session's start: an earlier bare clock time is more likely a slip than meant."""


def parse_declared(text: str, started: datetime | None, now: datetime) -> datetime:
    """`13:40`, `13:40:30` (UTC, the last time it was that late) or with a date before it.

    Raises InvalidInput for other text, for a moment after the session's start, and for one
    without a date that would be more than 12 hours before it.
    """
    found = _CLOCK.fullmatch(text.strip())
    day = now.astimezone(UTC).date().isoformat()
    try:
        if found is None:
            raise ValueError
        date, hour, minute, second = found.groups()
        clock = f"{int(hour):02}:{minute}:{second or '00'}"
        declared = datetime.fromisoformat(f"{date or day}T{clock}+00:00")
    except ValueError:
        raise InvalidInput(
            "“Declared at” is no time.", "Type 13:40 or 2026-03-14 13:40, in UTC."
        ) from None
    if not date and declared > now:
        declared -= timedelta(days=1)
    if not date and started is not None and started - declared > _LONGEST_AGO:
        raise InvalidInput(
            f"{clock[:5]} UTC was {declared:%Y-%m-%d}, more than 12 h before the session began.",
            f"Type the date with it: {declared:%Y-%m-%d} {clock[:5]}.",
        )
    if started is not None and declared > started:
        raise InvalidInput(
            "The disaster cannot have been declared after the session began.",
            f"The session began at {started:%Y-%m-%d %H:%M:%S} UTC.",
        )
    return declared


class TargetsScreen(Dialog[Goals | None]):
    """Dismissed with the new goals, or None when nothing is to change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="targets.cancel"),
    ]

    def __init__(self, goals: Goals, started: datetime | None, now: datetime) -> None:
        super().__init__()
        self._goals = goals
        self._started = started
        self._now = now

    def body(self) -> ComposeResult:
        """Three fields."""
        goals = self._goals
        declared = f"{goals.declared:%Y-%m-%d %H:%M:%S}" if goals.declared else ""
        with VerticalScroll(can_focus=False, id="targets-box"):
            yield Label("RTO target, such as 30m, 1h30m; empty for none", markup=False)
            yield self._field("rto", format_duration(goals.rto) if goals.rto else "")
            yield Label("RPO target", markup=False)
            yield self._field("rpo", format_duration(goals.rpo) if goals.rpo else "")
            yield Label("Declared at (UTC), if before the session's start", markup=False)
            yield self._field("declared", declared)
            yield Static("Enter takes all three, for this session; Esc cancels.", markup=False)
            yield Static("", id="targets-error", markup=False)

    def _field(self, name: str, value: str) -> Input:
        return Field(value, id=name)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#rto", Input).focus()

    @on(Input.Submitted)
    def accept(self) -> None:
        """Check all three; what is wrong is said and nothing is lost."""
        try:
            goals = Goals(self._duration("rto"), self._duration("rpo"), self._declared())
        except InvalidInput as error:
            self.query_one("#targets-error", Static).update(error.full_text)
            return
        self.dismiss(goals)

    def _duration(self, name: str) -> timedelta | None:
        text = self.query_one(f"#{name}", Input).value.strip()
        if not text:
            return None
        try:
            return parse_duration(text)
        except ValueError as error:
            raise InvalidInput(f"{name.upper()} target: {error}") from None

    def _declared(self) -> datetime | None:
        text = self.query_one("#declared", Input).value.strip()
        return parse_declared(text, self._started, self._now) if text else None

    def action_cancel(self) -> None:
        """Leave the targets as they are."""
        self.dismiss(None)
