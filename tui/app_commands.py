"""What the palette offers: the keys of the screen in front, and what has no key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App, SystemCommand
from textual.screen import Screen

from tui import theme as themes
from tui.connecting import Connection
from tui.errors import FailoverMonitorError
from tui.presentation.text import clean
from tui.theme_names import CHOICES

if TYPE_CHECKING:
    from tui.logging_on import LoggingOn
    from tui.presentation.glyphs import Glyphs


class AppCommands:
    """The app's commands by name."""

    def __init__(
        self,
        app: App[Any],
        connection: Connection,
        glyphs: Glyphs,
        *,
        logging_on: LoggingOn | None,
        choose_theme: Callable[[str], None],
    ) -> None:
        """`logging_on` is None where nobody can log on: in a replay."""
        self._app = app
        self._connection = connection
        self._glyphs = glyphs
        self._logging_on = logging_on
        self._choose_theme = choose_theme

    def of(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Those of that screen on top."""
        from tui.screens.palette import of_screen

        app, logging_on = self._app, self._logging_on
        here = list(of_screen(screen, app))
        yield from here
        yield SystemCommand("Manual", "What to do when, what a message means", self._open_manual)
        if logging_on is not None:
            log_off = partial(app.run_action, "app.log_off")
            yield SystemCommand("Log off", "Back to the login screen", log_off)
            if logging_on.may_keep_password:
                keep = logging_on.keep_password
                yield SystemCommand("Keep the password", "In the operating system's keyring", keep)
        for name in (*CHOICES, *sorted(set(app.available_themes) - set(CHOICES))):
            about = themes.WHAT_FOR.get(name, themes.ONLY_TEXTUALS)
            yield SystemCommand(f"Theme: {name}", about, partial(self._choose_theme, name))
        yield SystemCommand("Screenshot", "Into the folder of reports, as SVG", self._photograph)
        if "Quit" not in {each.title for each in here}:
            leave = partial(app.run_action, "app.leave")
            yield SystemCommand("Quit", "Log off and leave", leave)

    def _open_manual(self) -> None:
        from tui.screens.manual import ManualScreen, is_manual

        if not is_manual(self._app.screen):
            self._app.push_screen(ManualScreen(self._glyphs))

    def _photograph(self) -> None:
        self._app.call_after_refresh(self._begin_to_file)  # without the palette

    def _begin_to_file(self) -> None:
        self._app.run_worker(
            self._file_picture(),
            exclusive=True,
            group="picture",
            name="picture",
            description="writes a picture",
        )

    async def _file_picture(self) -> None:
        from tui.report.picture import file_picture

        app = self._app
        svg, now = app.export_screenshot(), self._connection.clock.now()
        folder = self._connection.settings.reports or Path.cwd()
        try:
            path = await asyncio.to_thread(file_picture, folder, svg, now)
        except FailoverMonitorError as error:
            app.notify(clean(error.full_text), severity="error", markup=False)
        else:
            app.notify(f"Screenshot written: {clean(str(path))}", timeout=15, markup=False)
