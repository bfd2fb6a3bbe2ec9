"""A small Textual app to run behind a pseudo-terminal: `python -m tests.support.sample_app`.

`n` shows the next frame, `z` suspends, `d` redraws, `x` shows a dialog, `q` quits, `b` is a
resize there and back, with something written in between.
With `HOOK` in the environment the app has its own `terminal_lost`; into the file
named by `PROGRESS` goes the number of the frame.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Header, Static

from tui.terminal import driver_class
from tui.terminal.driver import MortalDriver

NAMES = ["web01", "数据库-01", "cafe\u0301", "👨\u200d👩\u200d👧 home", "⚠\ufe0f warn", "שרת-07"]
STATUS = ["✔ Success", "▶ Working", "✘ Failed", "· Waiting"]


class Dialog(ModalScreen[None]):
    CSS = "Dialog { align: center middle; } Static { width: 30; height: 5; background: red; }"
    BINDINGS: ClassVar = [("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        yield Static("a dialog over it 漢字")


class SampleApp(App[None]):
    CSS = "#line { height: 3; border: round green; } DataTable { height: 1fr; }"
    BINDINGS: ClassVar = [
        ("n", "next", "Next"),
        ("z", "suspend_process", "Suspend"),
        ("d", "redraw", "Redraw"),
        Binding("b", "there_and_back", show=False),
        ("x", "dialog", "Dialog"),
        ("q", "quit", "Quit"),
    ]

    def __init__(self) -> None:
        super().__init__(driver_class=driver_class())
        self.frame = 0

    def compose(self) -> ComposeResult:
        yield Header(show_clock=False)
        yield Static(id="line")
        yield DataTable()
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("VM", "status", "bar", "link")
        for row in range(12):
            table.add_row(*self.cells(row), key=str(row))
        self.action_next()

    def cells(self, row: int) -> tuple[Text, Text, Text, Text]:
        step = self.frame + row
        status = STATUS[step % 4]
        link = Style(link=f"https://vm.example/{row}", color="cyan", dim=step % 3 == 0)
        return (
            Text(NAMES[(row + self.frame // 3) % len(NAMES)]),
            Text(status, style=["green", "bold blue", "reverse red", "italic"][step % 4]),
            Text("━" * (step % 10) + "╸", style=Style(color=f"rgb({step * 9 % 255},80,90)")),
            Text("open", style=link),
        )

    def action_next(self) -> None:
        self.frame += 1
        table = self.query_one(DataTable)
        for row in range(0, 12, 2):
            for column, cell in zip(table.columns, self.cells(row), strict=True):
                table.update_cell(str(row), column, cell)
        self.query_one("#line", Static).update(Text(f"frame={self.frame} é漢✔ " * 2))
        if "PROGRESS" in os.environ:
            Path(os.environ["PROGRESS"]).write_text(str(self.frame), encoding="ascii")

    def action_dialog(self) -> None:
        self.push_screen(Dialog())

    def action_there_and_back(self) -> None:
        assert isinstance(self._driver, MortalDriver)
        here = self._driver.terminal_size()
        self._driver.tell_size(20, 5)
        self._driver.write("\x1b[1;1H")
        self._driver.tell_size(*here)

    def action_redraw(self) -> None:
        getattr(self._driver, "redraw", self.refresh)()


class HookedApp(SampleApp):
    def terminal_lost(self) -> None:
        self.exit(return_code=7)


if __name__ == "__main__":
    if "IGNORE_HUP" in os.environ:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    app = HookedApp() if "HOOK" in os.environ else SampleApp()
    app.run()
    sys.exit(app.return_code or 0)
