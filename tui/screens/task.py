"""One task in full: message, times, replica point."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.analysis.assessment import TaskKey, TaskView
from tui.monitor.snapshot import Snapshot
from tui.presentation.line import dimmed, fit_line
from tui.presentation.task_details import task_lines
from tui.screens.frame import Pane
from tui.screens.shared import Showing
from tui.widgets.key_hints import KeyHints
from tui.widgets.painted import Painted


class TaskScreen(Pane[None]):
    """Shows one task of the session that goes on being polled underneath."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "back", "Back", key_display="Esc", id="task.back"),
        Binding("y,Y", "copy", "Copy message", id="task.copy",
                tooltip="Copy the full failure message"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="task.up"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="task.down"),
    ]  # fmt: skip

    def __init__(self, shared: Showing, source: Callable[[], Snapshot], key: TaskKey) -> None:
        super().__init__()
        self._shared = shared
        self._source = source
        self._key = key

    def body(self) -> ComposeResult:
        """The name on top, the rest scrolls."""
        yield Painted(id="task-title")
        with VerticalScroll():
            yield Painted(id="task")
        yield KeyHints(("help", "task.copy"))

    def on_mount(self) -> None:
        """Scrolls with the arrow keys at once."""
        self.query_one(VerticalScroll).focus()

    def beat(self) -> None:
        """Follow the session."""
        super().beat()
        self.show_task()

    @property
    def _view(self) -> TaskView | None:
        assessment = self._source().assessment
        if assessment is None:
            return None
        named = [view for view in assessment.tasks if view.key.vm_name == self._key.vm_name]
        return next((view for view in named if view.key == self._key), named[0] if named else None)

    @on(events.Resize)
    def show_task(self) -> None:
        """Bring the lines up to date."""
        view = self._view
        if view is None or not self.is_mounted:
            return
        clock, glyphs, state = self._shared.clock, self._shared.glyphs, self._source()
        now = clock.monotonic()
        width = max(20, self.size.width - 1)
        name = glyphs.clean(view.vm_name) or glyphs.dash
        rule = ((glyphs.rule * width, "rule"),)
        title = fit_line([(" " + name, "title")], width, glyphs)
        self.query_one("#task-title", Painted).show([title, rule])
        fresh = state.freshness(now)
        # No newer than the data: the task of a server that is dead does not go on.
        as_of = state.data_from(now, clock.now())
        lines = task_lines(view, state, as_of, width, glyphs, stale=fresh.stale)
        self.query_one("#task", Painted).show(dimmed(lines) if fresh.stale else lines)
        self.set_class(fresh.stale, "-stale")

    def action_back(self) -> None:
        """Back to the session."""
        self.app.pop_screen()

    def action_copy(self) -> None:
        """Copy the full message."""
        view = self._view
        message = view.message if view else None
        if message:
            self.app.copy_to_clipboard(message)
            self.notify("Message copied, if the terminal allows it.", markup=False)
        else:
            self.notify("There is no message to copy.", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll a long message."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
