"""This run against an earlier one of the same plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tui.analysis.comparison import Comparison, VmComparison
from tui.monitor.snapshot import Snapshot
from tui.presentation.comparison_lines import WIDE, comparison_lines, why_none
from tui.presentation.comparison_rows import ComparisonPainter, arranged, comparison_text
from tui.presentation.line import Line, labelled
from tui.screens.frame import Pane
from tui.screens.shared import Showing
from tui.widgets.key_hints import KeyHints
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted

_HINTS = ("help", "comparison.copy")
_ROWS = 2
"""Lines for rows that what stands above them always leaves."""


class ComparisonScreen(Pane[None]):
    """Shows the comparison in what `source` gives, and follows it; the session goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", key_display="Esc", id="comparison.back",
                tooltip="Back to the session"),
        Binding("y", "copy", "Copy", id="comparison.copy", tooltip="Copy the selected row"),
    ]  # fmt: skip

    def __init__(
        self,
        shared: Showing,
        source: Callable[[], Snapshot],
    ) -> None:
        super().__init__()
        self._shared = shared
        self._source = source
        self._comparison: Comparison | None = None
        self._basis: tuple[object, ...] | None = None
        self._rows: list[VmComparison] = []
        self._painter = ComparisonPainter(shared.glyphs)
        self._said = ""

    def body(self) -> ComposeResult:
        """Title and totals, the VMs, keys."""
        yield Painted(id="comparison-head")
        yield LineTable(self._painter, id="comparison")
        yield Static("", id="nothing", markup=False)
        yield KeyHints(_HINTS)

    def on_mount(self) -> None:
        """Moves with the arrow keys at once."""
        self._table.focus()

    def beat(self) -> None:
        """Follow the session."""
        super().beat()
        self.show_all()

    @property
    def _table(self) -> LineTable[VmComparison]:
        return self.query_one("#comparison", LineTable)

    @on(events.Resize)
    def show_all(self) -> None:
        """Bring every part up to date; each repaints only what differs."""
        if not self.is_mounted or not self.size.width:
            return
        comparison = self._compared()
        if comparison != self._comparison:
            self._comparison = comparison
            self._rows = arranged(comparison) if comparison else []
            self._painter.measure(self._rows)
            self._table.show(self._rows)
        self.query_one("#comparison-head", Painted).show(self._head())
        said = "" if comparison else self._why_none()
        if said != self._said:  # a `Static` that is told the same lays the screen out anew
            self._said = said
            self.query_one("#nothing", Static).update(said)
        self.set_class(comparison is None, "-empty")

    def _compared(self) -> Comparison | None:
        """Of the newest snapshot; the one shown, as long as it rests on the same."""
        shown = self._source()
        before, self._basis = self._basis, shown.comparison_basis
        if self._basis is not None and self._basis == before:
            return self._comparison
        return shown.comparison

    def _head(self) -> list[Line]:
        glyphs, width = self._shared.glyphs, self.size.width
        session = self._source().session
        plan = glyphs.clean(session.plan_name) if session else ""
        running = self._comparison is not None and not self._comparison.over
        so_far = ("   so far" + ": this run still goes on" * (width >= WIDE)) if running else ""
        spans = [("Comparison ", "label"), (plan, "title"), (so_far, "note")]
        title = labelled("", spans, width, 1, glyphs)
        rule: Line = ((glyphs.rule * width, "rule"),)
        if self._comparison is None:
            return [*title, rule]
        # However low the screen is, it has some rows: header and keys, then those.
        most = self.size.height - len(title) - len(("safety", "rule", "header", "keys")) - _ROWS
        return [*title, *comparison_lines(self._comparison, width, glyphs, max(1, most)), rule]

    def _why_none(self) -> str:
        shown = self._source()
        return why_none(
            shown.session,
            shown.siblings or (),
            list_is_complete=shown.siblings is not None,
            glyphs=self._shared.glyphs,
        )

    def action_back(self) -> None:
        """Back to the session."""
        self.app.pop_screen()

    def action_copy(self) -> None:
        """Copy the selected row as text."""
        row = self._table.cursor_row
        if row is None:
            self.notify("There is no row to copy.", markup=False)
            return
        self.app.copy_to_clipboard(comparison_text(row, self._shared.glyphs))
        self.notify("Row copied, if the terminal allows it.", markup=False)
