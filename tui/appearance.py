"""How the app looks: its stylesheets, its themes, the colour of the profile's banner."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path, PurePath

from tui import theme as themes
from tui.settings.remembered import Memory
from tui.settings.resolved import ResolvedSettings
from tui.theme import Colours, Theme
from tui.theme_names import AUTO

_SHEETS = (
    "base",
    "widgets",
    "login",
    "certificate",
    "picker",
    "session",
    "task",
    "help",
    "manual",
    "password",
    "targets",
    "jump",
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


class Appearance:
    """What the settings say of the looks, and what the terminal can show.

    `banner` is the colour of the profile's name. `light` is whether the terminal's
    background is known to be light, None where it has not said.
    """

    def __init__(
        self, settings: ResolvedSettings, *, banner: str | None, light: bool | None
    ) -> None:
        self._chosen = settings.theme or settings.remembered_theme or AUTO
        self._memory = Memory(settings.theme_file) if settings.theme_file else None
        self._light = light
        self.banner = banner
        self.colours = Colours.FULL

    @property
    def themes(self) -> tuple[Theme, ...]:
        """All themes, as the terminal can show them."""
        return themes.themes(self.colours)

    def theme(self, available: Container[str]) -> str:
        """The theme to show: the one chosen, else the one that suits the background."""
        if self._chosen != AUTO and self._chosen in available:
            return self._chosen
        return themes.LIGHT if self._light else themes.DARK

    def background_told(self, *, light: bool) -> None:
        """The terminal has said which background it has."""
        self._light = light

    def choose(self, name: str) -> None:
        """A person chose that theme, or `auto`: it holds from now on, and at the next start."""
        self._chosen = name
        if self._memory is not None:
            self._memory.remember(name)

    def settle(self, seconds: float) -> None:
        """Give what is to be remembered that much time at most."""
        if self._memory is not None:
            self._memory.settle(seconds)

    def variables(self) -> dict[str, str]:
        """The tokens, for themes that are not ours, and the colour of the banner."""
        return themes.defaults(self.colours, self.banner)
