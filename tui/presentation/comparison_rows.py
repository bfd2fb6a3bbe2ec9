"""How a run compares with an earlier one of its plan, VM by VM: a row each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from tui.analysis.comparison import Comparison, Presence, VmComparison
from tui.presentation import times
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, labelled
from tui.presentation.text import cells, fit, shorten_middle

_TIMES = (
    ColumnWish("then", "THEN", 9, 10, share=1, drop=2, right=True),
    ColumnWish("now", "NOW", 9, 10, share=1, drop=1, right=True),
    ColumnWish("difference", "DIFFERENCE", 16, 18, share=1, right=True),
)
NOTABLE: Final = timedelta(seconds=10)
"""A difference below this, or below a tenth of the earlier time, is no news: not coloured."""

_SECOND: Final = timedelta(seconds=1)
UNICODE_MARKS = {Presence.ADDED: "✚", Presence.GONE: "◌", Presence.BOTH: " "}
ASCII_MARKS = {Presence.ADDED: "*", Presence.GONE: "o", Presence.BOTH: " "}
_LEAST_NAME = 14


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
        self._columns: dict[int, Sequence[Column]] = {}

    def measure(self, rows: Sequence[VmComparison]) -> None:
        """What the columns need for these rows."""
        names = [self.glyphs.clean(row.vm_name) for row in rows]
        self._name = 3 + max(map(cells, names), default=0)
        self._remark = max((cells(remark(row)[0]) for row in rows), default=0)
        self._columns.clear()

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit: the remark goes first, then the times; symbol and name stay."""
        if width not in self._columns:  # each row is asked whether it has room in them
            self._columns[width] = self._laid_out(width)
        return self._columns[width]

    def _laid_out(self, width: int) -> Sequence[Column]:
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
    marks = ASCII_MARKS if glyphs.is_ascii else UNICODE_MARKS
    token = {Presence.ADDED: "note", Presence.GONE: "warning", Presence.BOTH: ""}
    return marks[vm.presence], token[vm.presence]


def _outcome(took: timedelta | None, failed: bool, glyphs: Glyphs) -> Span:
    if failed:
        return f"{glyphs.cross} Failed", "failed"
    return times.narrow(took, glyphs.dash), "" if took is not None else "dim"


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
