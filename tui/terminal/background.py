"""Whether the terminal's background is light, as far as the terminal tells.

Two sources, each silent on many terminals:

- the environment variable COLORFGBG, which rxvt, Konsole and some others set when they
  start a shell (`light_by_environment`, known before the first paint);
- the answer to OSC 11, "what is your background colour?" (xterm's control sequences),
  which arrives some milliseconds after the driver has asked. The driver then posts
  `tui.terminal.messages.BackgroundTold` to the app, at most once for each start of the
  screen; an answer later than `PATIENCE` seconds is dropped. It never becomes a key.

Who decides about a theme takes, in this order: what a person chose, the message, the
environment, and dark where nobody says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

QUERY = "\x1b]11;?\x1b\\"
"""Asks a terminal for its background colour."""

PATIENCE = 2.0
"""Seconds after which the answer is no longer wanted: the eyes are on the screen by then."""

_CHANNEL = "([0-9a-fA-F]{1,4})"
_ANSWER = re.compile(rf"11;(?:rgb:|rgba:){_CHANNEL}/{_CHANNEL}/{_CHANNEL}(?:/{_CHANNEL})?")
_HASH_ANSWER = re.compile(r"11;#((?:[0-9a-fA-F]{3}){1,4})")

_AS_BRIGHT_AS_DARK = 0.179
"""Relative luminance at which black and white text have the same contrast (WCAG 2)."""

_DARK_NUMBERS = frozenset({*range(7), 8})
"""Colours of the palette of 16 that are dark as a background: all but the greys and bright ones."""

_NEVER_ASKED = ("linux", "vt", "dumb", "ansi", "cons25", "sun", "unknown")


class Colour(NamedTuple):
    """Red, green and blue, each from 0 to 1."""

    red: float
    green: float
    blue: float


def asked(environ: Mapping[str, str]) -> bool:
    """Whether to send `QUERY`: not where terminals would show it as text."""
    term = environ.get("TERM", "")
    return bool(term) and not term.startswith(_NEVER_ASKED)


def colour_told(command: str) -> Colour | None:
    """The colour in the body of an OSC answer (`11;rgb:1e1e/1e1e/1e1e`); None if it is none."""
    found = _ANSWER.fullmatch(command)
    if found:
        channels = found.groups()[:3]
    else:
        hashed = _HASH_ANSWER.fullmatch(command)
        if not hashed:
            return None
        digits = len(hashed[1]) // 3
        channels = tuple(hashed[1][i : i + digits] for i in range(0, digits * 3, digits))
    return Colour(*(int(c, 16) / (16 ** len(c) - 1) for c in channels))


def is_light(background: Colour) -> bool:
    """Whether black text is easier to read on it than white text (WCAG 2's contrast)."""
    red, green, blue = (_linear(channel) for channel in background)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > _AS_BRIGHT_AS_DARK


def light_by_environment(environ: Mapping[str, str]) -> bool | None:
    """What COLORFGBG says (`15;0`, `0;default;15`: the last is the background); None: nothing."""
    number = environ.get("COLORFGBG", "").rpartition(";")[2].strip()
    if not (number.isascii() and number.isdigit() and int(number) < 16):
        return None
    return int(number) not in _DARK_NUMBERS


def _linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
