"""Themes and design tokens. The only place where colours are named.

Each theme comes in four renditions of one name: in full colour and on a palette of 256
(`full`), in the sixteen colours that a terminal calls its own, and in none (`sixteen`).
"""

from __future__ import annotations

from enum import Enum, auto

from textual.theme import BUILTIN_THEMES, Theme

from tui.theme import full, sixteen

__all__ = [
    "DARK",
    "LIGHT",
    "NAMES",
    "ONLY_TEXTUALS",
    "WHAT_FOR",
    "Colours",
    "Theme",
    "colours_of",
    "defaults",
    "is_built_in",
    "next_theme",
    "themes",
]

NAMES = tuple(theme.name for theme in full.THEMES)
DARK, LIGHT = "dark", "light"
WHAT_FOR = {
    "auto": "Dark or light, as the terminal's background is",
    "dark": "Light text on a dark background",
    "light": "Dark text on a light background",
    "contrast": "Bright colours on black",
    "blue-orange": "Without red and green, which not everybody can tell apart",
}
"""What the palette says of each choice."""

ONLY_TEXTUALS = "Textual's own, for this run; nobody has proved it legible everywhere"
"""What it says of all others."""


class Colours(Enum):
    """How many colours a terminal is to be shown."""

    FULL = auto()
    PALETTE = auto()
    """256, which past the first sixteen are the same everywhere."""
    SIXTEEN = auto()
    NONE = auto()
    """NO_COLOR is set."""


_RENDITIONS = {
    Colours.FULL: full.THEMES,
    Colours.PALETTE: full.ON_A_PALETTE,
    Colours.SIXTEEN: sixteen.THEMES,
    Colours.NONE: sixteen.COLOURLESS,
}


def colours_of(color_system: str | None, *, no_color: bool) -> Colours:
    """What Rich found out about the terminal (`Console.color_system`)."""
    if no_color:
        return Colours.NONE
    known = {"truecolor": Colours.FULL, "256": Colours.PALETTE}
    return known.get(color_system or "", Colours.SIXTEEN)


def themes(colours: Colours) -> tuple[Theme, ...]:
    """All themes, as that many colours show them."""
    return _RENDITIONS[colours]


def defaults(colours: Colours, banner: str | None) -> dict[str, str]:
    """The tokens that no theme changes, and all the others for a theme that is not ours.

    `banner` is the colour of the profile's name.
    """
    tokens = themes(colours)[0].variables
    if colours is Colours.NONE:
        return {**tokens, **sixteen.COLOURLESS_BANNER}
    banners = sixteen.BANNERS if colours is Colours.SIXTEEN else full.BANNERS
    return {**tokens, **banners[banner or "grey"]}


def next_theme(name: str) -> str:
    """The theme after this one; the first one after somebody else's."""
    if name not in NAMES:
        return NAMES[0]
    return NAMES[(NAMES.index(name) + 1) % len(NAMES)]


def is_built_in(name: str | None) -> bool:
    """Whether Textual brings a theme of that name."""
    return name in BUILTIN_THEMES
