"""One run of the app through every screen, and what a terminal shows of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from textual._compositor import CompositorUpdate
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widget import Widget

from tests.support.emulator import Cell, Emulator
from tests.support.stage import Stage
from tui.errors import CertificateUnknown, ServerCertificate
from tui.screens.certificate import CertificateScreen
from tui.screens.palette import Palette
from tui.screens.password import PasswordScreen
from tui.screens.session import SessionScreen
from tui.terminal.filter import CellFilter
from tui.widgets.line_table import LineTable

_CERTIFICATE = ServerCertificate(
    host="vbem01",
    port=9398,
    subject="CN=vbem01",
    issuer="CN=vbem01",
    not_before=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    not_after=datetime(2035, 1, 2, 3, 4, 5, tzinfo=UTC),
    fingerprint="ab" * 32,
    pem="",
)


class Picture(NamedTuple):
    """What the terminal shows.

    `selected` is the line under a table's cursor, and a line with another row of it.
    """

    name: str
    rows: list[list[Cell]]
    selected: tuple[int, int] | None

    @property
    def lines(self) -> list[str]:
        return ["".join(text for text, _ in row) for row in self.rows]

    def row_with(self, text: str) -> list[Cell]:
        """The first row that holds the text."""
        found = [row for row, line in zip(self.rows, self.lines, strict=True) if text in line]
        assert found, f"no {text!r} on {self.name}:\n" + "\n".join(self.lines)
        return found[0]


def _selected(stage: Stage) -> tuple[int, int] | None:
    for table in stage.screen.query(LineTable):
        if len(table._rows) > 1 and table.display:
            top = table.region.y + table._header_height - round(table.scroll_y)
            at, last = table._cursor, len(table._rows) - 1
            lines = [top + table._tops[row] for row in (at, at - 1 if at == last else at + 1)]
            if lines[1] >= table.region.bottom:
                lines[1] = lines[0] - 1
            return lines[0], lines[1]
    return None


def picture(stage: Stage, name: str) -> Picture:
    """The whole screen through the product's driver into an emulated terminal."""
    app = stage.app
    width, height = app.size
    update = stage.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, CompositorUpdate)
    driver, terminal = CellFilter(width, height), Emulator(width, height)
    terminal.feed(driver.feed(update.render_segments(app.console)))
    terminal.feed(driver.paint())
    return Picture(name, terminal.rows, _selected(stage))


async def walk(stage: Stage) -> AsyncIterator[Picture]:
    """From the login screen on, everything that a person may see."""
    for part in (_before_logon, _sessions, _before_a_drill, _session, _over_it, _without_server):
        async for name in part(stage):
            yield picture(stage, name)


async def _before_logon(stage: Stage) -> AsyncIterator[str]:
    yield "login"
    await stage.paste("wrong")
    await stage.press("enter")
    yield "login refused"
    for selector, name in (("#server", "server"), ("#submit", "button"), ("#profile", "saved")):
        stage.one(selector, Widget).focus()
        await stage.settle()
        yield f"login, {name}"
    await stage.press("enter", "down")
    yield "login, choosing a saved server"
    await stage.press("escape")
    dialog = CertificateScreen(CertificateUnknown("Nobody vouches for vbem01.", "", _CERTIFICATE))
    async for name in _dialog(stage, dialog, "certificate"):
        yield name
    await stage.app.pop_screen()
    stage.one("#password", Widget).focus()
    await stage.press("end", "ctrl+u")
    await stage.log_on()
    await stage.until(lambda: "Harbour" in stage.text)


async def _dialog(stage: Stage, dialog: Screen[Any], name: str) -> AsyncIterator[str]:
    await stage.app.push_screen(dialog)
    await stage.settle()
    yield name


async def _sessions(stage: Stage) -> AsyncIterator[str]:
    await stage.advance(35)
    yield "picker"
    await stage.press("down", "down")
    yield "picker, another row"
    await stage.press("slash")
    await stage.paste("harb")
    yield "picker, filter"
    await stage.press("escape", "i")
    await stage.paste("not an id")
    await stage.press("enter")
    yield "picker, wrong id"
    await stage.press("escape", "escape")


async def _before_a_drill(stage: Stage) -> AsyncIterator[str]:
    await stage.press("g", "c")
    await stage.until(lambda: "of" in stage.text)
    await stage.advance(3)
    yield "start check"
    await stage.press("down", "down", "down")
    yield "start check, another row"
    await stage.press("escape", "w")
    await stage.advance(2)
    yield "standby"
    await stage.press("escape", "g", "enter")
    stage.showing(SessionScreen)
    await stage.advance(6)


async def _session(stage: Stage) -> AsyncIterator[str]:
    yield "session"
    await stage.press("t")
    yield "targets"
    await stage.paste("nonsense")
    await stage.press("enter")
    yield "targets refused"
    await stage.press("ctrl+u")
    await stage.paste("5m")
    await stage.press("enter")
    await _until_shown(stage, "NEW")
    yield "session, a new failure under the cursor"
    await stage.press("down", "down")
    yield "session, a new failure"
    await stage.press("slash")
    await stage.paste("o")
    yield "session, filter"
    await stage.press("escape", "v")
    yield "timeline"
    await stage.press("g")
    yield "timeline, a failure under the cursor"
    await stage.press("v")
    await stage.advance(15)
    yield "session, an old failure under the cursor"
    await stage.press("down", "down", "down")
    yield "session, an old failure"
    await stage.press("p")
    await stage.advance(2)
    yield "session, paused"
    await stage.press("p", "g")
    width, height = stage.app.size
    await stage.resize(40, 25)
    yield "session on a phone, a failure under the cursor"
    await stage.resize(width, height)


async def _over_it(stage: Stage) -> AsyncIterator[str]:
    for key, name in (("question_mark", "help"), ("e", "events"), ("c", "comparison")):
        await stage.press(key)
        yield name
        await stage.press("k", "k")
        yield f"{name}, another row"
        if name == "events":
            await stage.press("enter")
            yield "event"
            await stage.press("escape")
        await stage.press("escape")
    await stage.press("m")
    await stage.paste("called the network team")
    yield "note"
    await stage.press("enter", "g", "enter")
    yield "task"
    await stage.press("escape", "colon")
    await stage.until(lambda: isinstance(stage.screen, Palette) and "Filter" in stage.text)
    yield "palette"
    await stage.paste("th")
    await stage.until(lambda: "Theme: dark" in stage.text)
    await stage.press("down")
    yield "palette, typed"
    await stage.press("escape")
    async for name in _dialog(stage, PasswordScreen("demo", "vbem01"), "password"):
        yield name
    await stage.paste("secret")
    yield "password typed"
    await stage.app.pop_screen()
    # In tests they are off unless asked for; a screen gets its place for them when it is made.
    stage.app._disable_notifications = False
    await stage.press("e")
    severities: tuple[SeverityLevel, ...] = ("information", "warning", "error")
    for severity in severities:
        stage.app.notify(f"of {severity}", title="Said", severity=severity, timeout=3600)
    await stage.until(lambda: "of error" in stage.text)
    yield "notifications"
    stage.app.clear_notifications()
    stage.app._disable_notifications = True
    await stage.press("escape")


async def _without_server(stage: Stage) -> AsyncIterator[str]:
    stage.wire.cut()
    await stage.advance(95)
    yield "stale session"
    await stage.press("g")
    yield "stale session, a failure under the cursor"
    await stage.press("v")
    yield "stale timeline"
    await stage.press("v", "enter")
    yield "stale task"
    await stage.press("escape", "escape")
    await stage.advance(60)
    yield "stale picker"
    stage.wire.mend()


async def _until_shown(stage: Stage, text: str) -> None:
    await stage.advance_until(lambda: text in stage.text)
