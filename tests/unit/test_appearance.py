"""Which theme is shown: what was asked for, what was remembered, what suits the terminal."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from tui import theme as themes
from tui.appearance import Appearance
from tui.settings.remembered import remembered_theme
from tui.settings.resolved import ResolvedSettings
from tui.theme_names import AUTO, CHOICES, THEME_NAMES

AVAILABLE = (*THEME_NAMES, "nord")


def _appearance(
    theme: str | None = None, remembered: str | None = None, light: bool | None = None
) -> Appearance:
    settings = ResolvedSettings(theme=theme, remembered_theme=remembered)
    return Appearance(settings, banner=None, light=light)


def test_the_names_known_without_a_screen_are_those_of_the_themes() -> None:
    assert themes.NAMES == THEME_NAMES
    assert tuple(themes.WHAT_FOR) == CHOICES


def test_asked_for_goes_before_remembered_and_that_before_the_terminal() -> None:
    choices = (None, AUTO, "contrast", "blue-orange", "nord", "unknown")
    for asked, remembered, light in product(choices, choices, (None, True, False)):
        shown = _appearance(asked, remembered, light).theme(AVAILABLE)
        wanted = asked or remembered
        if wanted in (None, AUTO, "unknown"):
            assert shown == ("light" if light else "dark")
        else:
            assert shown == wanted


def test_what_the_terminal_says_later_holds_unless_a_person_has_chosen() -> None:
    appearance = _appearance()
    assert appearance.theme(AVAILABLE) == "dark"
    appearance.background_told(light=True)
    assert appearance.theme(AVAILABLE) == "light"
    appearance.choose("contrast")
    appearance.background_told(light=False)
    assert appearance.theme(AVAILABLE) == "contrast"
    appearance.choose(AUTO)
    assert appearance.theme(AVAILABLE) == "dark"
    chosen = _appearance("dark")
    chosen.background_told(light=True)
    assert chosen.theme(AVAILABLE) == "dark"


def test_a_choice_is_remembered_where_there_is_a_place_for_it(tmp_path: Path) -> None:
    path = tmp_path / "theme"
    appearance = Appearance(ResolvedSettings(theme_file=path), banner=None, light=None)
    appearance.background_told(light=True)
    appearance.settle(30.0)
    assert not path.exists(), "what the terminal says is no choice"
    appearance.choose("blue-orange")
    appearance.settle(30.0)
    assert remembered_theme(path) == "blue-orange"
