"""The usual Textual program: a DataTable, updated cell by cell, with the same client.

For comparison only. Run by `side_by_side.py` as
`python -m tests.benchmarks.naive_table URL SESSION INTERVAL`.
"""

from __future__ import annotations

import asyncio
import sys
from typing import ClassVar

from pydantic import SecretStr
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Header

from tests.benchmarks.serving import PASSWORD, USER
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials

COLUMNS = ("VM", "Status", "Progress", "%", "Time", "Message")
_BAR = 40


def cells(view: TaskView, now: float) -> tuple[Text, ...]:
    """The same information as the product's table has."""
    progress = view.progress or 0
    done = progress * _BAR // 100
    task = view.task
    start = task.created.timestamp() if task and task.created else now
    end = task.ended.timestamp() if task and task.ended else now
    minutes, seconds = divmod(round(end - start), 60)
    return (
        Text(view.vm_name, style="bold"),
        Text(view.status.value.title()),
        Text("━" * done + "─" * (_BAR - done)),
        Text(str(progress), justify="right"),
        Text(f"{minutes}:{seconds:02}", justify="right"),
        Text(view.message or ""),
    )


class NaiveApp(App[None]):
    """Header, table, footer."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit")]

    def __init__(self, url: str, session: str, interval: float) -> None:
        super().__init__()
        credentials = Credentials(USER, SecretStr(PASSWORD))
        self._client = EnterpriseManager(parse_server(url), credentials)
        self._session = session
        self._interval = interval
        self._shown: dict[str, tuple[Text, ...]] = {}

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable(cursor_type="row", zebra_stripes=True)
        yield Footer()

    async def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name in COLUMNS:
            table.add_column(name, key=name)
        self.run_worker(self._follow())

    async def _follow(self) -> None:
        await self._client.log_on()
        while True:
            reading = await self._client.failover_session(self._session)
            now = reading.server_time.timestamp() if reading.server_time else 0.0
            self._show(list(assess(reading.session).tasks), now)
            await asyncio.sleep(self._interval)

    def _show(self, views: list[TaskView], now: float) -> None:
        table = self.query_one(DataTable)
        for view in views:
            key, new = view.vm_name, cells(view, now)
            old = self._shown.get(key)
            if old is None:
                table.add_row(*new, key=key)
            else:
                for name, before, after in zip(COLUMNS, old, new, strict=True):
                    if before != after:
                        table.update_cell(key, name, after)
            self._shown[key] = new


if __name__ == "__main__":
    NaiveApp(sys.argv[1], sys.argv[2], float(sys.argv[3])).run()
