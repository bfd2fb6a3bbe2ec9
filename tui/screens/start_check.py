"""Before a drill: is the plan ready to be started?"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.monitor.start_check import StartCheck
from tui.presentation.check_rows import (
    CheckPainter,
    CheckRow,
    arranged,
    check_lines,
    check_text,
    cut_findings,
    finding_lines,
    newest_subject,
)
from tui.presentation.room import SMALL_HEIGHT
from tui.screens.frame import Pane
from tui.screens.shared import Shared
from tui.widgets.key_hints import KeyHints
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted

_HINTS = ("help", "open", "check.again", "check.copy")


class StartCheckScreen(Pane[None]):
    """Runs the start check of one plan and shows what it found, the gravest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,f5", "again", "Check again", id="check.again", tooltip="Run the check again"),
        Binding("y", "copy", "Copy", id="check.copy", tooltip="Copy the selected finding"),
        Binding("escape", "back", "Back", key_display="Esc", id="check.back",
                tooltip="Close the finding shown in full, else go back"),
    ]  # fmt: skip

    class Published(Message):
        """The check has come further; a later step replaces one not yet handled."""

        def __init__(self, check: StartCheck) -> None:
            super().__init__()
            self.check = check

        def can_replace(self, message: Message) -> bool:
            """Only the newest step matters."""
            return isinstance(message, StartCheckScreen.Published)

    def __init__(
        self,
        shared: Shared,
        plan_name: str,
        backup_server: str | None = None,
        session_id: str | None = None,
    ) -> None:
        """`session_id` is a session of the plan: reading it tells the server's time, and its
        VMs which of several plans of the name it is."""
        super().__init__()
        self._shared = shared
        self._plan_check = shared.site.plan_check(plan_name, backup_server, session_id)
        self._check = self._plan_check.begun
        self._latest: str | None = None
        self._checked_at: datetime | None = None
        self._open: CheckRow | None = None
        self._painter = CheckPainter(shared.glyphs)

    @property
    def check(self) -> StartCheck:
        """The check shown."""
        return self._check

    def body(self) -> ComposeResult:
        """Verdict or progress, findings, one finding in full, keys."""
        yield Painted(id="check-head")
        yield LineTable(self._painter, id="findings")
        yield Painted(id="finding")
        yield KeyHints(_HINTS)

    def on_mount(self) -> None:
        """Begin; the screen is painted before the first request."""
        self._table.focus()
        self._run_check()

    @property
    def _table(self) -> LineTable[CheckRow]:
        return self.query_one("#findings", LineTable)

    @work(exclusive=True, group="start check", name="start check", description="checks a plan")
    async def _run_check(self) -> None:
        await self._plan_check.run(self._publish)

    def _publish(self, check: StartCheck) -> None:
        self.post_message(self.Published(check))

    @on(Published)
    def show_check(self, message: StartCheckScreen.Published) -> None:
        """Take the newest step in."""
        message.stop()
        check = message.check
        self._latest = newest_subject(self._check, check) or self._latest
        self._check = check
        if check.over:
            self._checked_at = self._plan_check.now()
        self.show_all()

    @on(events.Resize)
    def show_all(self) -> None:
        """Bring every part up to date; each repaints only what differs."""
        if not self.is_mounted or not self.size.width:
            return
        glyphs, width = self._shared.glyphs, self.size.width
        rpo = self._plan_check.rpo_target
        low = self.size.height < SMALL_HEIGHT
        head = check_lines(self._check, rpo, self._latest, self._checked_at, width, glyphs, low=low)
        rule = ((glyphs.rule * width, "rule"),)
        self.query_one("#check-head", Painted).show([*head, rule])
        rows = arranged(self._check)
        if self._open is not None:
            shown = finding_lines(self._open.finding, width, glyphs)
        else:
            # Where lines are free, what the table had to cut stands below it in full.
            below = sum(len(self._painter.below(row, width - 1)) for row in rows)
            used = len(head) + len(rows) + below
            used += len(("safety", "rule", "header", "rule", "keys"))
            shown = cut_findings(rows, self._painter, width - 1, self.size.height - used)
        self._table.show(rows)
        self.query_one("#finding", Painted).show([rule, *shown] if shown else [])

    @on(LineTable.Chosen)
    def show_in_full(self) -> None:
        """Show the selected finding in full under the table; once more closes it."""
        row = self._table.cursor_row
        self._open = None if row == self._open else row
        self.show_all()

    def action_again(self) -> None:
        """Run the check again; a running one goes on."""
        if not self._check.over:
            return
        self._check = self._plan_check.begun
        self._latest = self._checked_at = self._open = None
        self.show_all()
        self._run_check()

    def action_copy(self) -> None:
        """Copy the selected finding as text."""
        row = self._table.cursor_row
        if row is None:
            self.notify("There is nothing to copy yet.", markup=False)
            return
        self.app.copy_to_clipboard(check_text(row.finding, self._shared.glyphs))
        self.notify("Finding copied, if the terminal allows it.", markup=False)

    def action_back(self) -> None:
        """Close what is open, else go back."""
        if self._open is not None:
            self._open = None
            self.show_all()
        else:
            self.app.pop_screen()
