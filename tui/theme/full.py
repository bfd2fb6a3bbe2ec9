"""The themes for terminals with 256 colours or more: every colour spelled out.

What is written stands on a background that the theme sets itself, so that the
terminal's own colours do not matter. `tests/ui/test_contrast.py` holds every pair that
a screen paints against 4.5:1 (text) and 3:1 (bars and rules), and the four colours of
success, warning, failed and running against what people see who lack a kind of cone.
"""

from __future__ import annotations

from textual.theme import Theme

_STYLES = {
    "title-style": "bold",
    "header-style": "bold",
    "key-style": "bold",
    "warning-style": "bold",
    "failed-style": "bold",
    "new-style": "bold",
    "cursor-style": "none",
    "focus-style": "bold",
    "choice-style": "bold",
    "field-style": "none",
}
_NO_BLOCKS = {
    "warning-block": "transparent",
    "failed-block": "transparent",
    # The cells under the cursor keep their own colours.
    "cursor-text": "transparent",
    "cursor-failed": "transparent",
    "cursor-failed-block": "transparent",
}

_DARK = {
    "status-success": "#5ccbb0",
    "status-warning": "#f7d04f",
    "status-failed": "#ff8a72",
    "status-running": "#6cb6ff",
    "status-waiting": "#9dabb9",
    "status-unknown": "#e2a8f0",
    "fresh": "#5ccbb0",
    "stale": "#9ba5b0",
    "dim": "#9dabb9",
    "track": "#7f8b98",
    "rule": "#66727f",
    "cursor": "#1c344e",
    "cursor-blurred": "#25303c",
    "key": "#f7d04f",
    "new": "#c62828",
    "new-text": "#ffffff",
    "focus": "#6cb6ff",
    "focus-text": "#0f1419",
    "button": "#1f2933",
    "button-text": "#dfe6ed",
    "field": "#25303c",
    "field-text": "#dfe6ed",
    "field-hint": "#a7b3bf",
}
_LIGHT = {
    "status-success": "#005c64",
    "status-warning": "#784e00",
    "status-failed": "#90002f",
    "status-running": "#0a4fa8",
    "status-waiting": "#505a64",
    "status-unknown": "#7a2f8f",
    "fresh": "#005c64",
    "stale": "#505a64",
    "dim": "#505a64",
    "track": "#69747f",
    "rule": "#838d97",
    "cursor": "#bdd8f7",
    "cursor-blurred": "#cdd6df",
    "key": "#7a3e00",
    "new": "#b00020",
    "new-text": "#ffffff",
    "focus": "#0a4fa8",
    "focus-text": "#ffffff",
    "button": "#e4e9ee",
    "button-text": "#1b2128",
    "field": "#e4e9ee",
    "field-text": "#1b2128",
    "field-hint": "#505a64",
}
_CONTRAST = {
    "status-success": "#00ffaf",
    "status-warning": "#ffff00",
    "status-failed": "#ff6b6b",
    "status-running": "#5fd7ff",
    "status-waiting": "#d0d0d0",
    "status-unknown": "#ff87ff",
    "fresh": "#00ffaf",
    "stale": "#b2b2b2",
    "dim": "#d0d0d0",
    "track": "#949494",
    "rule": "#949494",
    "cursor": "#000087",
    "cursor-blurred": "#303030",
    "key": "#ffff00",
    "new": "#af0000",
    "new-text": "#ffffff",
    "focus": "#5fd7ff",
    "focus-text": "#000000",
    "button": "#303030",
    "button-text": "#ffffff",
    "field": "#303030",
    "field-text": "#ffffff",
    "field-hint": "#d0d0d0",
}
_BLUE_ORANGE = {
    **_DARK,
    "status-success": "#5cb0ff",
    "status-warning": "#fff06a",
    "status-failed": "#ff9838",
    "status-running": "#e8edf2",
    "status-unknown": "#e2a8f0",
    "fresh": "#5cb0ff",
    "key": "#fff06a",
    "focus": "#5cb0ff",
    "new": "#a84300",
}


_NIGHT = ("#dfe6ed", "#0f1419", "#171e26", "#1f2933")
_DAY = ("#1b2128", "#fbfcfd", "#f0f3f6", "#e4e9ee")
_BLACK = ("#ffffff", "#000000", "#000000", "#1c1c1c")
_GREY_NIGHT = ("#dadada", "#000000", "#1c1c1c", "#262626")
"""Text, and what it stands on: the screen, bars, notifications."""

_FEWER_BY_DAY = {
    "cursor": "#d7d7ff",
    "cursor-blurred": "#dcdcdc",
    "status-warning": "#5f5f00",
    "key": "#5f5f00",
}
_FEWER = {"cursor": "#000087", "cursor-blurred": "#303030", "field": "#303030"}
"""Instead, on a palette of 256: dark blues and greys would turn to teal."""


def _theme(name: str, tokens: dict[str, str], ground: tuple[str, str, str, str]) -> Theme:
    own = {**_STYLES, **_NO_BLOCKS, **tokens}
    foreground, background, surface, panel = ground
    return Theme(
        name=name,
        primary=own["status-running"],
        secondary=own["dim"],
        accent=own["key"],
        warning=own["status-warning"],
        error=own["status-failed"],
        success=own["status-success"],
        foreground=foreground,
        background=background,
        surface=surface,
        panel=panel,
        dark=ground is not _DAY,
        variables=own,
    )


THEMES = (
    _theme("dark", _DARK, _NIGHT),
    _theme("light", _LIGHT, _DAY),
    _theme("contrast", _CONTRAST, _BLACK),
    _theme("blue-orange", _BLUE_ORANGE, _NIGHT),
)
ON_A_PALETTE = (
    _theme("dark", {**_DARK, **_FEWER}, _GREY_NIGHT),
    _theme("light", {**_LIGHT, **_FEWER_BY_DAY}, _DAY),
    _theme("contrast", _CONTRAST, _BLACK),
    _theme("blue-orange", {**_BLUE_ORANGE, **_FEWER}, _GREY_NIGHT),
)
"""The same with the 256 colours that most terminals share."""

BANNERS = {
    name: {"banner": colour, "banner-text": "#ffffff", "banner-style": "bold"}
    for name, colour in {
        "red": "#c62828",
        "orange": "#b34f00",
        "yellow": "#806000",
        "green": "#2e7d32",
        "cyan": "#006d76",
        "blue": "#1565c0",
        "magenta": "#ad1457",
        "grey": "#546e7a",
    }.items()
}
"""The tokens of each colour that a profile's banner may have."""
