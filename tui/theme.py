"""Themes and design tokens. The only place where colours are named."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

_DARK = {
    "status-success": "#7fce8a",
    "status-warning": "#f2c14e",
    "status-failed": "#ff7b72",
    "status-running": "#6cb6ff",
    "status-waiting": "#93a1af",
    "status-unknown": "#d2a8ff",
    "fresh": "#7fce8a",
    "stale": "#949da7",
    "dim": "#93a1af",
    "track": "#3d4955",
    "rule": "#3d4955",
    "cursor": "#1c344e",
    "cursor-blurred": "#1b2733",
    "banner-text": "#ffffff",
    "key": "#f2c14e",
}
_LIGHT = {
    "status-success": "#1a6f32",
    "status-warning": "#8a5a00",
    "status-failed": "#b3161b",
    "status-running": "#0a4fa8",
    "status-waiting": "#57616c",
    "status-unknown": "#6b3fa0",
    "fresh": "#1a6f32",
    "stale": "#5b6570",
    "dim": "#57616c",
    "track": "#c3cad2",
    "rule": "#c3cad2",
    "cursor": "#cfe3fb",
    "cursor-blurred": "#e6ecf2",
    "banner-text": "#ffffff",
    "key": "#7a3e00",
}
_CONTRAST = {
    "status-success": "#00ff5f",
    "status-warning": "#ffff00",
    "status-failed": "#ff5f5f",
    "status-running": "#5fd7ff",
    "status-waiting": "#d0d0d0",
    "status-unknown": "#ff87ff",
    "fresh": "#00ff5f",
    "stale": "#b0b0b0",
    "dim": "#d0d0d0",
    "track": "#808080",
    "rule": "#808080",
    "cursor": "#000087",
    "cursor-blurred": "#262626",
    "banner-text": "#ffffff",
    "key": "#ffff00",
}

THEMES = (
    Theme(
        name="dark",
        primary="#6cb6ff",
        secondary="#93a1af",
        accent="#f2c14e",
        warning="#f2c14e",
        error="#ff7b72",
        success="#7fce8a",
        foreground="#dfe6ed",
        background="#0f1419",
        surface="#171e26",
        panel="#1f2933",
        dark=True,
        variables=_DARK,
    ),
    Theme(
        name="light",
        primary="#0a4fa8",
        secondary="#57616c",
        accent="#7a3e00",
        warning="#8a5a00",
        error="#b3161b",
        success="#1a6f32",
        foreground="#1b2128",
        background="#fbfcfd",
        surface="#f0f3f6",
        panel="#e4e9ee",
        dark=False,
        variables=_LIGHT,
    ),
    Theme(
        name="contrast",
        primary="#5fd7ff",
        secondary="#d0d0d0",
        accent="#ffff00",
        warning="#ffff00",
        error="#ff5f5f",
        success="#00ff5f",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1c1c1c",
        dark=True,
        variables=_CONTRAST,
    ),
)
NAMES = tuple(theme.name for theme in THEMES)
DEFAULTS = dict(_DARK)
"""The tokens under a theme of somebody else's that lacks them."""

BANNER_COLOURS = {
    "red": "#c62828",
    "orange": "#c25700",
    "yellow": "#8a6700",
    "green": "#2e7d32",
    "cyan": "#00838f",
    "blue": "#1565c0",
    "magenta": "#ad1457",
    "grey": "#546e7a",
}
"""What a profile's banner colour stands for; white text is legible on each."""


def next_theme(name: str) -> str:
    """The theme after this one; the first one after somebody else's."""
    if name not in NAMES:
        return NAMES[0]
    return NAMES[(NAMES.index(name) + 1) % len(NAMES)]


def is_built_in(name: str | None) -> bool:
    """Whether Textual brings a theme of that name."""
    return name in BUILTIN_THEMES
