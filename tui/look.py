"""How the app looks: its stylesheets, its themes, the colour of the profile's banner."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path, PurePath

from tui import theme as themes
from tui.theme import Colours, Theme

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


class Look:
    """What the settings say of the looks, and how many colours the terminal has.

    `banner` is the colour of the profile's name.
    """

    def __init__(self, *, theme: str | None, banner: str | None) -> None:
        self._theme = theme
        self.banner = banner
        self.colours = Colours.FULL

    @property
    def themes(self) -> tuple[Theme, ...]:
        """All themes, as the terminal can show them."""
        return themes.themes(self.colours)

    def theme(self, available: Container[str]) -> str:
        """The theme to begin with: the one asked for, where there is one of that name."""
        asked = self._theme
        return asked if asked is not None and asked in available else themes.NAMES[0]

    def variables(self) -> dict[str, str]:
        """The tokens, for themes that are not ours, and the colour of the banner."""
        return themes.defaults(self.colours, self.banner)
