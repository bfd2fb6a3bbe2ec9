"""How the app looks, and how it talks to the terminal besides painting."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import Any, ClassVar

from textual.screen import Screen

from tui import theme as themes
from tui.keyboard import KeysInOrder
from tui.presentation.text import clean
from tui.terminal import driver_class
from tui.terminal.ascii_only import ascii_driver

_SHEETS = (
    "base",
    "widgets",
    "login",
    "certificate",
    "picker",
    "session",
    "task",
    "help",
    "password",
    "targets",
    "events",
    "note",
    "comparison",
    "start_check",
    "standby",
)


def stylesheets() -> list[str | PurePath]:
    """The stylesheets: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "styles"
    folder = installed if installed.is_dir() else package.parent / "styles"
    return [folder / f"{name}.tcss" for name in _SHEETS]


class Shell(KeysInOrder):
    """Themes, stylesheets, title, clipboard. `banner` is the colour of the profile's name."""

    TITLE = "failover-monitor"
    CSS_PATH: ClassVar[list[str | PurePath]] = stylesheets()
    COMMAND_PALETTE_BINDING = "ctrl+p"

    terminal_title = ""

    def __init__(self, *, theme: str | None, banner: str | None, ascii_only: bool) -> None:
        self._banner = banner
        driver = driver_class()
        super().__init__(ascii_driver(driver) if driver is not None and ascii_only else driver)
        for known in themes.THEMES:
            self.register_theme(known)
        self.theme = theme if theme in self.available_themes else themes.NAMES[0]

    def set_banner(self, colour: str | None) -> None:
        """Another profile's colour."""
        self._banner = colour
        self.refresh_css(animate=False)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The tokens, for themes that are not ours, and the profile's banner colour."""
        return {**themes.DEFAULTS, "banner": themes.BANNER_COLOURS[self._banner or "grey"]}

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that show through the one in front: none, where that one is opaque.

        Textual 8.2.8 counts the next one down in any case, and paints the whole of the
        front screen anew each time a clock ticks on a screen that nobody sees.
        """
        front = self.screen_stack[-1:]
        if front and front[0].styles.background.a == 1:
            return []
        return super()._background_screens

    def show_title(self, title: str) -> None:
        """The terminal's title says how it stands, for whoever looks at another window.

        Not through Textual's own title, which lays the whole screen out anew.
        """
        if title == self.terminal_title:
            return
        self.terminal_title = clean(title)
        if self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]2;{self.terminal_title}\x07")

    def _fatal_error(self) -> None:
        """Textual 8.2.8 prints the local variables of every frame, with what was just typed."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(
            Segments(self.console.render(traceback, self.console.options))
        )
        self._close_messages_no_wait()

    def action_next_theme(self) -> None:
        """The next theme."""
        self.theme = themes.next_theme(self.theme)

    def copy_to_clipboard(self, text: str) -> None:
        """OSC 52; inside tmux also wrapped, so that it passes through to the terminal."""
        super().copy_to_clipboard(text)
        if os.environ.get("TMUX") and self._driver is not None:
            import base64

            encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
            self._driver.write(f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")

    def choose_theme(self, name: str) -> None:
        """That theme."""
        self.theme = name
