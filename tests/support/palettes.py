"""What terminals make of the colours they are told: palettes, and how far two colours are apart.

The sixteen colours are those that each terminal ships with; the remaining 240 of the
cube and the greys are the same everywhere. Contrast is WCAG's, colour vision that of
Viénot, Brettel and Mollon (1999), difference that of CIE 1976 in L*a*b*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import dist

from tests.support.emulator import Pen

RGB = tuple[int, int, int]
Seen = tuple[RGB, RGB]
"""Foreground and background as they reach the eye."""


def _rgb(*hexes: str) -> tuple[RGB, ...]:
    return tuple((int(x[:2], 16), int(x[2:4], 16), int(x[4:], 16)) for x in hexes)


@dataclass(frozen=True)
class Palette:
    """A terminal's sixteen colours, and the two that hold where none is named.

    `flat_backgrounds`: it has eight of them only and shows a bright one as its dark twin
    (Linux console).
    """

    name: str
    sixteen: tuple[RGB, ...]
    foreground: RGB
    background: RGB
    flat_backgrounds: bool = False

    def seen(self, pen: Pen) -> Seen:
        """What a cell of that pen looks like.

        Bold brightens the first eight colours in all of these terminals as they come.
        """
        attributes, front, back, _ = pen
        background = self._colour(back, self.background, flat=self.flat_backgrounds)
        foreground = self._colour(front, self.foreground, bright="1" in attributes)
        if "7" in attributes:
            foreground, background = background, foreground
        return (_half(foreground, background) if "2" in attributes else foreground), background

    def _colour(self, code: str, default: RGB, *, bright: bool = False, flat: bool = False) -> RGB:
        if not code:
            return default
        kind, *numbers = code.split(";")
        if numbers:
            how, *values = map(int, numbers)
            return (values[0], values[1], values[2]) if how == 2 else fixed(values[0])
        number = int(kind)
        if number >= 90:
            return self.sixteen[(number - 90) % 10 + (0 if flat else 8)]
        return self.sixteen[(number - 30) % 10 + (8 if bright else 0)]


def _half(colour: RGB, behind: RGB) -> RGB:
    red, green, blue = ((one + two) // 2 for one, two in zip(colour, behind, strict=True))
    return red, green, blue


@cache
def fixed(number: int) -> RGB:
    """One of the colours from 16 to 255."""
    assert 16 <= number <= 255, "the first sixteen are not the same everywhere"
    if number >= 232:
        grey = 8 + 10 * (number - 232)
        return grey, grey, grey
    steps = (0, 95, 135, 175, 215, 255)
    number -= 16
    return steps[number // 36], steps[number // 6 % 6], steps[number % 6]


_XTERM = _rgb(
    *("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5"),
    *("7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff"),
)
_PUTTY = _rgb(
    *("000000", "bb0000", "00bb00", "bbbb00", "0000bb", "bb00bb", "00bbbb", "bbbbbb"),
    *("555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff"),
)
_CAMPBELL = _rgb(
    *("0c0c0c", "c50f1f", "13a10e", "c19c00", "0037da", "881798", "3a96dd", "cccccc"),
    *("767676", "e74856", "16c60c", "f9f1a5", "3b78ff", "b4009e", "61d6d6", "f2f2f2"),
)
_CONSOLE = _rgb(
    *("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa"),
    *("555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff"),
)


def _both(
    name: str, sixteen: tuple[RGB, ...], white: RGB, black: RGB, *, flat: bool = False
) -> tuple[Palette, Palette]:
    return (
        Palette(f"{name}, dark", sixteen, white, black, flat),
        Palette(f"{name}, light", sixteen, black, white, flat),
    )


PALETTES = (
    *_both("xterm", _XTERM, _XTERM[7], _XTERM[0]),
    Palette("xterm, white", _XTERM, _XTERM[0], _XTERM[15]),
    *_both("PuTTY", _PUTTY, _PUTTY[7], _PUTTY[0]),
    *_both("Windows Terminal", _CAMPBELL, _CAMPBELL[7], _CAMPBELL[0]),
    *_both("Linux console", _CONSOLE, _CONSOLE[7], _CONSOLE[0], flat=True),
)


def _linear(value: float) -> float:
    value /= 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


@cache
def luminance(colour: RGB) -> float:
    """Relative luminance, 0 for black and 1 for white."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def contrast(one: RGB, other: RGB) -> float:
    """From 1, the same, to 21, black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


_WITHOUT_GREEN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
_WITHOUT_RED = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
EYES = {"deuteranopia": _WITHOUT_GREEN, "protanopia": _WITHOUT_RED}


def as_seen_with(deficiency: str, colour: RGB) -> RGB:
    """The colour as people see it who lack one kind of cone."""
    linear = [_linear(value) for value in colour]
    mixed = [
        sum(weight * value for weight, value in zip(row, linear, strict=True))
        for row in EYES[deficiency]
    ]
    red, green, blue = (_gamma(min(1.0, max(0.0, value))) for value in mixed)
    return red, green, blue


def _gamma(value: float) -> int:
    curved = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curved)


def difference(one: RGB, other: RGB) -> float:
    """CIE 1976: about 2 is just to be seen side by side, 20 is another colour to anybody."""
    return dist(_lab(one), _lab(other))


@cache
def _lab(colour: RGB) -> tuple[float, float, float]:
    red, green, blue = map(_linear, colour)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = luminance(colour)
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
