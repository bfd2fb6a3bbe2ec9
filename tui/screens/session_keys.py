"""The keys of the session screen."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.screens.shared import LOG_ON_AGAIN

BINDINGS: list[BindingType] = [
    Binding("slash", "filter", "Filter", key_display="/", id="filter",
            tooltip="Show only VMs whose name, status or message holds a text; ! inverts"),
    Binding("f", "failures", "Failures", id="failures",
            tooltip="Show failed VMs only, then those with warnings too, then all; in full"),
    Binding("s", "sort", "Sort", id="sort", tooltip="Sort by the next column"),
    Binding("S", "reverse", "Reverse", id="reverse", tooltip="Reverse the order"),
    Binding("p,space", "pause", "Pause", id="pause", tooltip="Stop polling, or go on"),
    Binding("r,f5", "poll", "Refresh", id="refresh", tooltip="Ask the server now"),
    Binding("v", "timeline", "Timeline", id="timeline",
            tooltip="The same tasks as bars over time, and back"),
    Binding("t", "targets", "Targets", id="targets",
            tooltip="Set RTO and RPO targets and when the disaster was declared"),
    Binding("e", "events", "Events", id="events", tooltip="What changed when"),
    Binding("m", "note", "Note", id="note", tooltip="Add a note to the events"),
    Binding("a", "acknowledge", "Acknowledge", id="acknowledge",
            tooltip="Take note of the selected failure, with your name and the time"),
    Binding("A", "acknowledge_all", "Acknowledge all", show=False, id="acknowledge.all",
            tooltip="Take note of every failure"),
    Binding("c", "compare", "Compare", id="compare",
            tooltip="Compare with the previous finished session of the plan"),
    Binding("W", "report", "Report", id="report",
            tooltip="Write the report of the session, as an HTML file, into the folder of reports"),
    Binding("R", "replay", "Replay", id="replay",
            tooltip="Go back in time in what was watched, while the session goes on"),
    Binding("left_square_bracket", "step(-1)", "Older", key_display="[", id="step.older",
            tooltip="The plan's session before this one"),
    Binding("right_square_bracket", "step(1)", "Newer", key_display="]", id="step.newer",
            tooltip="The plan's session after this one"),
    Binding("plus,equals_sign", "interval(1)", "Slower", key_display="+", id="interval.longer",
            tooltip="Poll less often"),
    Binding("minus", "interval(-1)", "Faster", key_display="-", id="interval.shorter",
            tooltip="Poll more often"),
    Binding("y", "copy_row", "Copy", id="copy.row", tooltip="Copy the selected row"),
    Binding("Y", "copy_message", "Copy message", id="copy.message",
            tooltip="Copy the full failure message, or else the session ID"),
    Binding("b", "bell", "Bell", id="bell", tooltip="Ring the bell at new failures, or not"),
    LOG_ON_AGAIN,
    Binding("escape", "back", "Sessions", key_display="Esc", id="back",
            tooltip="Clear the filter, else back to the sessions"),
]  # fmt: skip


def of(*ids: str) -> list[BindingType]:
    """The bindings of those ids, in the order in which they stand here."""
    return [each for each in BINDINGS if isinstance(each, Binding) and each.id in ids]


HINTS = (
    "help",
    "logon",
    "open",
    "failures",
    "acknowledge",
    "filter",
    "pause",
    "events",
    "targets",
    "timeline",
    "sort",
    "refresh",
    "note",
    "compare",
    "replay",
    "copy.row",
    "back",
    "bell",
    "theme",
    "palette",
)
