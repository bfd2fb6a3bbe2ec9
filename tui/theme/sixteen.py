"""The same themes for terminals with sixteen colours, and for those that are to show none.

Sixteen colours look different in each terminal, so text stands only on a background
that the theme names, and only in pairs that are legible in the palettes of xterm,
PuTTY, Windows Terminal and the Linux console alike:

- on black: the bright colours but blue and magenta, and both whites;
- on bright white, which is a light grey on the Linux console: black and blue, no bold,
  since bold brightens the first eight colours in all four;
- bright white on red, blue and magenta; black on green, cyan and white.
"""

from __future__ import annotations

from textual.theme import Theme

_BLACK, _RED, _BLUE, _MAGENTA = "ansi_black", "ansi_red", "ansi_blue", "ansi_magenta"
_WHITE, _GREY, _BRIGHT_WHITE = "ansi_white", "ansi_bright_black", "ansi_bright_white"
_BRIGHT_RED, _BRIGHT_GREEN = "ansi_bright_red", "ansi_bright_green"
_YELLOW, _CYAN = "ansi_bright_yellow", "ansi_bright_cyan"

_EVERYWHERE = {
    "cursor": _BLUE,
    "cursor-text": _BRIGHT_WHITE,
    "cursor-failed": _BRIGHT_WHITE,
    "cursor-failed-block": _RED,
    "cursor-style": "none",
    "new": _RED,
    "new-text": _BRIGHT_WHITE,
    "new-style": "bold",
    "focus": _BLUE,
    "focus-text": _BRIGHT_WHITE,
    "field": _BLUE,
    "field-text": _BRIGHT_WHITE,
    "field-hint": _WHITE,
    "focus-style": "bold",
    "choice-style": "bold",
    "button": _WHITE,
    "button-text": _BLACK,
    "field-style": "none",
}
_DARK = {
    **_EVERYWHERE,
    "status-success": _BRIGHT_GREEN,
    "status-warning": _YELLOW,
    "status-failed": _BRIGHT_RED,
    "status-running": _CYAN,
    "status-waiting": _WHITE,
    "status-unknown": _BRIGHT_WHITE,
    "fresh": _BRIGHT_GREEN,
    "stale": _WHITE,
    "dim": _WHITE,
    "track": _WHITE,
    "rule": _WHITE,
    "cursor-blurred": _BLUE,
    "key": _YELLOW,
    "warning-block": "transparent",
    "failed-block": "transparent",
    "title-style": "bold",
    "header-style": "bold",
    "key-style": "bold",
    "warning-style": "bold",
    "failed-style": "bold",
}
_LIGHT = {
    **_EVERYWHERE,
    "status-success": _BLACK,
    "status-warning": _BRIGHT_WHITE,
    "status-failed": _BRIGHT_WHITE,
    "status-running": _BLUE,
    "status-waiting": _BLACK,
    "status-unknown": _BLUE,
    "fresh": _BLACK,
    "stale": _BLACK,
    "dim": _BLACK,
    "track": _GREY,
    "rule": _GREY,
    "cursor-blurred": _BLUE,
    "key": _BLUE,
    "warning-block": _MAGENTA,
    "failed-block": _RED,
    # Told apart from the failures around it, where all of a row has failed.
    "cursor-failed": _BRIGHT_RED,
    "cursor-failed-block": _BLACK,
    "title-style": "none",
    "header-style": "none",
    "key-style": "none",
    "warning-style": "bold",
    "failed-style": "bold",
}
_CONTRAST = {**_DARK, "status-waiting": _BRIGHT_WHITE, "dim": _BRIGHT_WHITE}
_BLUE_ORANGE = {
    **_DARK,
    "status-success": _CYAN,
    "status-failed": _BRIGHT_WHITE,
    "status-running": _BRIGHT_WHITE,
    "fresh": _CYAN,
    "failed-block": _RED,
    "cursor-failed-block": _BLUE,
}


_GROUNDS = ("surface", "panel", "ansi-background")
"""Textual's own names for backgrounds that are a shade off the screen's."""


def _theme(name: str, tokens: dict[str, str], front: str, back: str) -> Theme:
    return Theme(
        name=name,
        ansi=True,
        dark=back == _BLACK,
        primary=tokens["status-running"],
        secondary=tokens["dim"],
        accent=tokens["key"],
        warning=tokens["key"],
        error=tokens["status-failed"],
        success=tokens["fresh"],
        foreground=front,
        background=back,
        variables={**tokens, **dict.fromkeys(_GROUNDS, back), "text": front},
    )


THEMES = (
    _theme("dark", _DARK, _WHITE, _BLACK),
    _theme("light", _LIGHT, _BLACK, _BRIGHT_WHITE),
    _theme("contrast", _CONTRAST, _BRIGHT_WHITE, _BLACK),
    _theme("blue-orange", _BLUE_ORANGE, _WHITE, _BLACK),
)


def _banner(text: str, back: str) -> dict[str, str]:
    style = "bold" if text != _BLACK else "none"
    return {"banner": back, "banner-text": text, "banner-style": style}


BANNERS = {
    "red": _banner(_BRIGHT_WHITE, _RED),
    "orange": _banner(_BRIGHT_RED, _BLACK),
    "yellow": _banner(_YELLOW, _BLACK),
    "green": _banner(_BLACK, "ansi_green"),
    "cyan": _banner(_BLACK, "ansi_cyan"),
    "blue": _banner(_BRIGHT_WHITE, _BLUE),
    "magenta": _banner(_BRIGHT_WHITE, _MAGENTA),
    "grey": _banner(_BLACK, _WHITE),
}
"""The tokens of each colour that a profile's banner may have."""

_PLAIN = "ansi_default"
_ATTRIBUTES = {
    "title-style": "none",
    "header-style": "underline",
    "key-style": "underline",
    "warning-style": "none",
    "failed-style": "bold",
    "new-style": "bold reverse",
    "cursor-style": "reverse",
    "focus-style": "bold reverse",
    # Textual has no reversed choices in its lists (`Widget.get_visual_style`).
    "choice-style": "bold underline",
    "field-style": "underline",
}
_COLOURLESS = {
    name: _ATTRIBUTES.get(name, "transparent" if value == "transparent" else _PLAIN)
    for name, value in _DARK.items()
}
COLOURLESS = tuple(_theme(theme.name, _COLOURLESS, _PLAIN, _PLAIN) for theme in THEMES)
"""For NO_COLOR: what fails is bold, what is new or under the cursor reversed, no more."""

COLOURLESS_BANNER = {"banner": _PLAIN, "banner-text": _PLAIN, "banner-style": "reverse"}
