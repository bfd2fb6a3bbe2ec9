"""The keys of the session picker."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.screens.shared import LOG_ON_AGAIN

BINDINGS: list[BindingType] = [
    Binding("slash", "filter", "Filter", key_display="/", id="filter",
            tooltip="Show only sessions whose plan, status, server or ID holds a text"),
    Binding("i", "id", "Session ID", id="picker.id",
            tooltip="Type or paste a session ID, or latest, running, plan:NAME"),
    Binding("f", "failures", "Failures", id="failures", tooltip="Show failed sessions only"),
    Binding("s", "sort", "Sort", id="sort", tooltip="Sort by the next column"),
    Binding("S", "reverse", "Reverse", show=False, id="reverse", tooltip="Reverse the order"),
    Binding("r,f5", "poll", "Refresh", id="refresh", tooltip="Ask the server now"),
    Binding("w", "wait", "Wait for next", id="picker.wait",
            tooltip="Stand by and open the next session of the selected session's plan"),
    Binding("c", "check", "Check plan", id="picker.check",
            tooltip="Before a drill: is the selected session's plan ready?"),
    Binding("y,Y", "copy", "Copy ID", show=False, id="copy.id",
            tooltip="Copy the selected session's ID"),
    LOG_ON_AGAIN,
    Binding("escape", "back", "Clear", show=False, id="back",
            tooltip="Clear the filter, or leave the session ID field"),
    Binding("q", "app.back_or_quit", "Quit", id="quit", tooltip="Log off and leave"),
]  # fmt: skip
HINTS = (
    "help",
    "logon",
    "open",
    "filter",
    "picker.id",
    "failures",
    "picker.check",
    "picker.wait",
    "sort",
    "refresh",
    "copy.id",
    "theme",
    "palette",
    "reverse",
)
