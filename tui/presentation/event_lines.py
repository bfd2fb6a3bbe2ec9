"""What changed when, as rows of a table, one plain line, or in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.analysis.events import Event, EventKind, EventLog
from tui.analysis.status import Status
from tui.presentation import times
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, fit_line
from tui.presentation.task_body import reason_parts
from tui.presentation.text import cells, fit, shorten_middle, wrap

_WISHES: Final = (
    ColumnWish("utc", "UTC", 9, 9),
    ColumnWish("local", "LOCAL", 8, 8, drop=3),
    ColumnWish("vm", "VM", 12, 26, share=1, drop=1),
    ColumnWish("what", "WHAT", 12, 19, share=1),
    ColumnWish("text", "TEXT", 10, 10_000, share=3, drop=2),
)
_WIDE_WISHES: Final = (
    ColumnWish("utc", "UTC", 20, 20),
    ColumnWish("local", "LOCAL", 19, 25, share=1),
    ColumnWish("vm", "VM", 20, 40, share=1),
    ColumnWish("what", "WHAT", 23, 23),
    ColumnWish("text", "TEXT", 24, 10_000, share=4),
)
_WIDE: Final = 120
_CLOCK: Final = slice(11, 19)
_LABEL_WIDTH: Final = 9
_INFERRED_SIGN: Final = "~"
_NOTE_SIGN: Final = "*"
_BRIEF: Final = {
    EventKind.TASK_UNLISTED: "not listed",
    EventKind.CONNECTION_LOST: "lost",
    EventKind.CONNECTION_BACK: "back",
    EventKind.UNWATCHED: "unwatched",
}
_BRIEF_STATUS: Final = {
    Status.RUNNING_WITH_WARNINGS: "warnings",
    Status.RUNNING_WITH_ERRORS: "errors",
}


class EventRow(NamedTuple):
    """An event, told apart from its equals: they have no id of their own."""

    event: Event
    ordinal: int


def event_rows(log: EventLog) -> list[EventRow]:
    """The log's events, oldest first."""
    seen: Counter[Event] = Counter()
    rows = []
    for event in log.events:
        rows.append(EventRow(event, seen[event]))
        seen[event] += 1
    return rows


def sign(event: Event, glyphs: Glyphs) -> tuple[str, str]:
    """The event's symbol and its token."""
    match event.kind:
        case EventKind.NOTE:
            return _NOTE_SIGN, "note"
        case EventKind.CONNECTION_LOST:
            return glyphs.cross, "failed"
        case EventKind.CONNECTION_BACK:
            return glyphs.dot, "good"
        case EventKind.UNWATCHED:
            return glyphs.symbols[Status.UNKNOWN], "unknown"
        case EventKind.TASK_STARTED:
            status = Status.RUNNING
        case EventKind.TASK_UNLISTED:
            status = Status.UNKNOWN
        case _:
            status = event.status or Status.UNKNOWN
    return glyphs.symbols[status], TOKENS[status]


def what(event: Event, glyphs: Glyphs) -> str:
    """What happened: for the session the status it came to."""
    if event.kind is EventKind.SESSION and event.status is not None:
        return word(event.status)
    if event.kind is EventKind.TASK_FINISHED and event.status is Status.WARNING:
        return "finished, warning"
    return glyphs.clean(event.kind.value)


def brief(event: Event, glyphs: Glyphs) -> str:
    """The same for a narrow column, beside the subject."""
    if event.kind is EventKind.SESSION and event.status in _BRIEF_STATUS:
        return _BRIEF_STATUS[event.status]
    return _BRIEF.get(event.kind) or what(event, glyphs)


def said(event: Event, glyphs: Glyphs) -> str:
    """The text that goes with it, as one line; empty where there is none."""
    if event.kind is EventKind.CONNECTION_BACK and event.lasted is not None:
        return f"after {times.duration(event.lasted)}"
    if event.kind is EventKind.UNWATCHED and event.lasted is not None:
        return f"for {times.duration(event.lasted)}: what the server does not date was seen later"
    return glyphs.clean(event.text or "")


def subject(event: Event, glyphs: Glyphs) -> str:
    """The VM, `session` or `connection`; empty for a note."""
    if event.vm_name is not None:
        return glyphs.clean(event.vm_name) or glyphs.dash
    if event.kind is EventKind.SESSION:
        return "session"
    is_connection = event.kind in (EventKind.CONNECTION_LOST, EventKind.CONNECTION_BACK)
    return "connection" if is_connection else ""


class EventPainter:
    """Turns events into cells."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit: local time goes first, then the text, then the VM."""
        return lay_out(_WIDE_WISHES if width >= _WIDE else _WISHES, width)

    def header(self, column: Column) -> Line:
        """The title; the blank before UTC is for the `~`."""
        title = " UTC" if column.id == "utc" else column.title
        title = "  " + title if column.id == "what" else title
        return ((self._padded(title, column), "header"),)

    def key(self, row: EventRow) -> EventRow:
        """The event itself, and which of its equals it is."""
        return row

    def cells(self, row: EventRow, columns: Sequence[Column]) -> Sequence[Line]:
        """One cell for each column."""
        return [self.cell(row.event, column) for column in columns]

    def below(self, row: EventRow, width: int) -> Sequence[Line]:
        """The rest of a text that has no room in its column, or no column."""
        *_, last = self.columns(width)
        told = last.id == "text"
        indent = " " * (last.x if told else 3)
        parts = self._parts(row.event, last.room if told else width - 3)
        return [
            fit_line([(indent, ""), (part, "")], width, self.glyphs)
            for part in parts[1 if told else 0 :]
        ]

    def _parts(self, event: Event, room: int) -> Sequence[str]:
        return reason_parts(said(event, self.glyphs), room, self.glyphs.ellipsis)

    def cell(self, event: Event, column: Column) -> Line:
        """One cell, exactly as wide as the column."""
        glyphs = self.glyphs
        symbol, token = sign(event, glyphs)
        match column.id:
            case "utc":
                stamp = times.utc_stamp(event.at)
                lead = _INFERRED_SIGN if event.inferred else " "
                text, token = lead + (stamp if column.room >= 20 else stamp[_CLOCK]), ""
            case "local":
                stamp = times.local_stamp(event.at)
                text, token = (stamp if column.room >= 19 else stamp[_CLOCK]), "dim"
            case "vm":
                text = shorten_middle(subject(event, glyphs), column.room, glyphs.ellipsis)
                token = "title" if event.vm_name is not None else "dim"
            case "what":
                told = f"{symbol} {what(event, glyphs)}"
                text = told if cells(told) <= column.room else f"{symbol} {brief(event, glyphs)}"
            case _:
                text = next(iter(self._parts(event, column.room)), "")
                token = token if event.kind is EventKind.NOTE else ""
        return ((self._padded(text, column), token),)

    def _padded(self, text: str, column: Column) -> str:
        return fit(text, column.room, ellipsis=self.glyphs.ellipsis) + " " * column.gap


def event_text(event: Event, glyphs: Glyphs) -> str:
    """The event as one line of plain text, uncut, for the clipboard."""
    lead = _INFERRED_SIGN if event.inferred else ""
    parts = [
        f"{lead}{times.iso(event.at)}",
        sign(event, glyphs)[0],
        subject(event, glyphs),
        what(event, glyphs),
        said(event, glyphs),
    ]
    return "  ".join(part for part in parts if part)


def event_lines(event: Event, width: int, glyphs: Glyphs) -> list[Line]:
    """Everything about an event, the text wrapped; each line is `width` cells."""
    symbol, token = sign(event, glyphs)
    moment = f"{times.utc_stamp(event.at)} UTC"
    origin = "as seen here: the server gave no time" if event.inferred else "as the server gave it"
    facts = [
        ("What", f"{symbol} {what(event, glyphs)}", token),
        ("About", subject(event, glyphs), "title"),
        ("UTC", f"{_INFERRED_SIGN if event.inferred else ''}{moment}, {origin}", ""),
        ("Local", times.local_stamp(event.at), ""),
    ]
    if event.kind is EventKind.NOTE:
        facts[2] = ("UTC", f"{moment}, when it was noted", "")
    room = max(10, width - _LABEL_WIDTH - 2)
    lines: list[Line] = []
    for label, text, style in facts:
        for place, part in enumerate(wrap(text, room) if text else []):
            lines.append(_fact(label if place == 0 else "", part, style, width, glyphs))
    text = said(event, glyphs)
    if text:
        lines.append(fit_line([], width, glyphs))
        lines += [fit_line([(f" {part}", "")], width, glyphs) for part in wrap(text, width - 2)]
    return lines


def _fact(label: str, text: str, token: str, width: int, glyphs: Glyphs) -> Line:
    lead = f" {label}" + " " * (_LABEL_WIDTH - cells(label))
    return fit_line([(lead, "label"), (text, token)], width, glyphs)
