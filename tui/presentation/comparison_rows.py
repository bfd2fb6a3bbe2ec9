"""How a run compares with an earlier one of its plan: the lines above, and a row per VM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from tui.analysis.comparison import Comparison, Presence, VmComparison, earlier_finished
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.presentation import times
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, labelled, length
from tui.presentation.text import cells, fit, shorten_middle

_TIMES = (
    ColumnWish("then", "THEN", 9, 10, share=1, drop=2, right=True),
    ColumnWish("now", "NOW", 9, 10, share=1, drop=1, right=True),
    ColumnWish("difference", "DIFFERENCE", 16, 18, share=1, right=True),
)
NOTABLE: Final = timedelta(seconds=10)
"""A difference below this, or below a tenth of the earlier time, is no news: not coloured."""

_SECOND: Final = timedelta(seconds=1)
_UNICODE_MARKS = {Presence.ADDED: "✚", Presence.GONE: "◌", Presence.BOTH: " "}
_ASCII_MARKS = {Presence.ADDED: "*", Presence.GONE: "o", Presence.BOTH: " "}
_LEAST_NAME = 14
WIDE: Final = 60
"""Cells from which labels stand apart and a moment is introduced."""


_BY_IMPORTANCE: Final = (3, 2, 0, 4, 1)
"""Failures, totals, which run, its VMs, and where that run is found: as `comparison_lines`."""


def arranged(comparison: Comparison) -> list[VmComparison]:
    """What failed now first, then the largest slowdown, the unknown, added and gone ones last."""
    return sorted(comparison.vms, key=_place)


def _place(vm: VmComparison) -> tuple[int, timedelta]:
    if vm.failed_now:
        return (0 if not vm.failed_then else 1, timedelta())
    if vm.slower_by is not None:
        return (2, -vm.slower_by)
    return ({Presence.BOTH: 3, Presence.ADDED: 4, Presence.GONE: 5}[vm.presence], timedelta())


def difference(then: timedelta | None, now: timedelta | None, glyphs: Glyphs) -> Span:
    """`+1m23s slower`, `-12s faster`, `same`, the dash while one of the two is not known."""
    if then is None or now is None:
        return glyphs.dash, "dim"
    if abs(now - then) < _SECOND:
        return "same", ""
    # Of the whole seconds that stand beside it, or the sum would look wrong.
    slower_by = _SECOND * (now // _SECOND - then // _SECOND)
    notable = abs(slower_by) >= max(NOTABLE, then / 10)
    size = times.narrow(abs(slower_by))
    if slower_by > timedelta():
        return f"+{size} slower", "warning" if notable else ""
    return f"-{size} faster", "good" if notable else ""


def remark(vm: VmComparison) -> Span:
    """In words what the times do not tell: failures, VMs of only one of the two runs."""
    if vm.failed_then and vm.failed_now:
        return "failed then and now", "failed"
    if vm.failed_now:
        return _failed_now(vm), "failed"
    if vm.presence is Presence.ADDED:
        return "added since then", "note"
    if vm.presence is Presence.GONE:
        return "gone, failed then" if vm.failed_then else "gone since then", "warning"
    if vm.failed_then:
        return ("failed then, up now", "good") if vm.now is not None else ("failed then", "dim")
    return "", ""


def _failed_now(vm: VmComparison) -> str:
    if vm.presence is Presence.ADDED:
        return "failed now, added"
    return "failed now, not then" if vm.then is not None else "failed now"


class ComparisonPainter:
    """Turns the VMs of a comparison into cells."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self._name = _LEAST_NAME
        self._remark = 0

    def measure(self, rows: Sequence[VmComparison]) -> None:
        """What the columns need for these rows."""
        names = [self.glyphs.clean(row.vm_name) for row in rows]
        self._name = 3 + max(map(cells, names), default=0)
        self._remark = max((cells(remark(row)[0]) for row in rows), default=0)

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit: the remark goes first, then the times; symbol and name stay."""
        name = ColumnWish("vm", "VM", _LEAST_NAME, max(_LEAST_NAME, self._name), share=1)
        said = ColumnWish("remark", "REMARK", self._remark, self._remark, drop=3)
        return lay_out((name, *_TIMES, *([said] if self._remark else [])), width)

    def header(self, column: Column) -> Line:
        """The title, with an arrow on the column that is sorted by."""
        title = column.title
        if column.id == "difference":
            title += self.glyphs.sorted_down
        return ((self._padded("   " + title if column.id == "vm" else title, column), "header"),)

    def key(self, row: VmComparison) -> str:
        """The VM's name, which a comparison has once."""
        return row.vm_name

    def cells(self, row: VmComparison, columns: Sequence[Column]) -> Sequence[Line]:
        """One cell for each column."""
        return [self._cell(row, column) for column in columns]

    def below(self, row: VmComparison, width: int) -> Sequence[Line]:
        """In full what the row's line has no room for: the name, the remark and its times."""
        columns = {column.id: column for column in self.columns(width)}
        name = self.glyphs.clean(row.vm_name) or self.glyphs.dash
        said = remark(row)
        spans: list[Span] = []
        if cells(name) > columns["vm"].room - 3:
            spans.append((name, "failed" if row.failed_now else "title"))
        if said[0] and "remark" not in columns:
            spans.append((f"  {said[0]}", said[1]))
        if said[0] or row.slower_by is None:
            for label, took, failed in (
                ("then", row.then, row.failed_then),
                ("now", row.now, row.failed_now),
            ):
                if label not in columns and took is not None:
                    text, token = _outcome(took, failed, self.glyphs)
                    spans.append((f"  {label} {text}", token or "dim"))
        return labelled("", spans, width, 3, self.glyphs) if spans else ()

    def _cell(self, row: VmComparison, column: Column) -> Line:
        match column.id:
            case "vm":
                return self._vm(row, column)
            case "then":
                text, token = _outcome(row.then, row.failed_then, self.glyphs)
            case "now":
                text, token = _outcome(row.now, row.failed_now, self.glyphs)
            case "difference":
                text, token = difference(row.then, row.now, self.glyphs)
            case _:
                text, token = remark(row)
        return ((self._padded(text, column), token),)

    def _vm(self, row: VmComparison, column: Column) -> Line:
        symbol, token = mark(row, self.glyphs)
        name = self.glyphs.clean(row.vm_name) or self.glyphs.dash
        room = column.room - 3
        short = shorten_middle(name, room, self.glyphs.ellipsis)
        padding = " " * (room - cells(short) + column.gap)
        return ((f" {symbol} ", token), (short, "failed" if row.failed_now else "title"),
                (padding, ""))  # fmt: skip

    def _padded(self, text: str, column: Column) -> str:
        fitted = fit(text, column.room, right=column.right, ellipsis=self.glyphs.ellipsis)
        return fitted + " " * column.gap


def mark(vm: VmComparison, glyphs: Glyphs) -> Span:
    """The symbol in front of the name: failed now, added or gone."""
    if vm.failed_now:
        return glyphs.cross, "failed"
    marks = _ASCII_MARKS if glyphs.is_ascii else _UNICODE_MARKS
    token = {Presence.ADDED: "note", Presence.GONE: "warning", Presence.BOTH: ""}
    return marks[vm.presence], token[vm.presence]


def _outcome(took: timedelta | None, failed: bool, glyphs: Glyphs) -> Span:
    if failed:
        return f"{glyphs.cross} Failed", "failed"
    return times.narrow(took, glyphs.dash), "" if took is not None else "dim"


def comparison_lines(
    comparison: Comparison, width: int, glyphs: Glyphs, most: int | None = None
) -> list[Line]:
    """Which run it is compared with, the totals, failures, and VMs added or gone.

    Each in full; where that takes more than `most` lines the least important are left out.
    """
    stamp = times.utc_stamp(comparison.earlier_created, glyphs.dash)
    local = glyphs.clean(times.local_stamp(comparison.earlier_created, glyphs.dash))
    then = times.duration(comparison.then, glyphs.dash)
    not_over = "" if comparison.over else " (still runs)"
    now = times.duration(comparison.now, f"{glyphs.dash}{not_over}")
    known = comparison.slower_by is not None
    apart = difference(comparison.then, comparison.now, glyphs)
    wide = width >= WIDE
    earlier_id = glyphs.clean(comparison.earlier_id)
    indent = 11 if wide else 8
    which: Span = (f"{'the run of ' if wide else ''}{stamp} UTC", "title")
    found: list[Span] = [(f"   {local} local", "dim"), (f"   {earlier_id}", "dim")]
    beside = length([which, *found]) <= width - indent
    rows: list[tuple[str, list[Span]]] = [
        ("Then", [which, *(found if beside else [])]),
        ("", [] if beside else found),
        (
            "Total",
            [
                (f"then {then}", "title"),
                (f"   now {now}", "title"),
                *([(f"   {apart[0]}", apart[1])] if known else []),
            ],
        ),
        ("Failed", _failures(comparison, glyphs)),
        ("VMs", _membership(comparison, glyphs)),
    ]
    blocks = [
        labelled(label, spans, width, indent, glyphs) if spans else [] for label, spans in rows
    ]
    kept = _within(blocks, _BY_IMPORTANCE, most)
    return [line for block in kept for line in block]


def _within(
    blocks: Sequence[list[Line]], by_importance: Sequence[int], most: int | None
) -> list[list[Line]]:
    """The blocks in their order; where all have more lines, the important ones that fit."""
    left = most if most is not None else sum(map(len, blocks))
    kept = set()
    for index in by_importance:
        if len(blocks[index]) <= left:
            kept.add(index)
            left -= len(blocks[index])
    return [block for index, block in enumerate(blocks) if index in kept]


def _failures(comparison: Comparison, glyphs: Glyphs) -> list[Span]:
    now, then = comparison.failed_now, comparison.failed_then
    so_far = "" if comparison.over else " so far"
    return [
        (f"then {then if comparison.tasks_then else glyphs.dash}", "title"),
        (
            f"   now {now if comparison.tasks_now else glyphs.dash}{so_far}",
            "failed" if now else "title",
        ),
    ]


def _membership(comparison: Comparison, glyphs: Glyphs) -> list[Span]:
    if not comparison.tasks_then or not comparison.tasks_now:
        which = "that" if not comparison.tasks_then else "this"
        said = f"the server lists no tasks of {which} run: its VMs are not known"
        return [(f"{glyphs.symbols[Status.WARNING]} {said}", "warning")]
    both = len(comparison.present(Presence.BOTH))
    spans: list[Span] = [(f"{both} in both", "title")]
    marks = _ASCII_MARKS if glyphs.is_ascii else _UNICODE_MARKS
    for presence, token in ((Presence.ADDED, "note"), (Presence.GONE, "warning")):
        count = len(comparison.present(presence))
        said = f"   {marks[presence]} {count} {presence.value}"
        spans.append((said, token if count else "dim"))
    return spans


def comparison_text(vm: VmComparison, glyphs: Glyphs) -> str:
    """A row as one line of plain text, for the clipboard."""
    parts = [
        glyphs.clean(vm.vm_name),
        f"then {_outcome(vm.then, vm.failed_then, glyphs)[0]}",
        f"now {_outcome(vm.now, vm.failed_now, glyphs)[0]}",
        difference(vm.then, vm.now, glyphs)[0] if vm.slower_by is not None else "",
        remark(vm)[0],
    ]
    return "  ".join(part for part in parts if part)


def why_none(
    session: FailoverSession | None,
    known: Iterable[FailoverSession],
    *,
    list_is_complete: bool,
    glyphs: Glyphs,
) -> str:
    """Why there is nothing to compare with, as a sentence of one line of clean text."""
    if session is None:
        return "Nothing to compare yet: this session has not been read."
    plan = glyphs.clean(session.plan_name) or glyphs.dash
    runs = earlier_finished(known, session)
    if not runs and not list_is_complete:
        return (
            f"Nothing to compare with yet: no earlier finished session of {plan} is known, and"
            " the list of sessions is still being read."
        )
    if not runs:
        return (
            f"Nothing to compare with: the server lists no earlier finished session of {plan}"
            + (f" on {glyphs.clean(session.backup_server)}." if session.backup_server else ".")
        )
    newest = times.utc_stamp(runs[0].created, glyphs.dash)
    return (
        f"Nothing to compare with yet: {len(runs)} earlier finished"
        f" session{'s' if len(runs) > 1 else ''} of {plan}, the newest of {newest} UTC, but none"
        " could be read with its tasks so far. A server may leave the tasks out once a session"
        " is over."
    )
