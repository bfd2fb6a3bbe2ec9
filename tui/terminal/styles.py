"""Styles as small numbers, and the shortest way from one to another.

A style is what SGR and OSC 8 have set up when a character is written. Equal
styles have equal numbers, so that rows of cells compare as lists of integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

BOLD, DIM, ITALIC, UNDERLINE, BLINK, REVERSE, STRIKE = (1 << bit for bit in range(7))

DEFAULT = 0
"""The number of the style that SGR 0 sets."""

_ON = {
    "1": BOLD,
    "2": DIM,
    "3": ITALIC,
    "4": UNDERLINE,
    "5": BLINK,
    "7": REVERSE,
    "9": STRIKE,
}
_OFF = {
    "22": BOLD | DIM,
    "23": ITALIC,
    "24": UNDERLINE,
    "25": BLINK,
    "27": REVERSE,
    "29": STRIKE,
}
# Attributes that terminals disagree about are kept as they came and only ever
# taken back by SGR 0; these are the codes that end them.
_RARE_OFF = {
    "22": (),
    "24": ("21", "4:"),
    "25": ("6",),
    "28": ("8",),
    "54": ("51", "52"),
    "55": ("53",),
    "59": ("58",),
}
_MAX_STYLES = 2048
_MAX_CACHED = 4096


class Style(NamedTuple):
    """`foreground` and `background` are SGR parameters ("" is the default colour).

    `rare` holds parameters beyond the common attributes, `link` the URI of OSC 8.
    """

    attributes: int = 0
    foreground: str = ""
    background: str = ""
    rare: tuple[str, ...] = ()
    link: str = ""


def _colour(parameters: list[str], index: int) -> tuple[str, int]:
    """The colour at `index`, a 38, 48 or 58, and how many parameters it takes."""
    if ":" in parameters[index]:
        return parameters[index], 1
    kind = parameters[index + 1] if index + 1 < len(parameters) else ""
    length = {"5": 3, "2": 5}.get(kind, len(parameters) - index)
    return ";".join(parameters[index : index + length]), length


def _drop_rare(rare: tuple[str, ...], prefixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in rare if not code.startswith(prefixes)) if rare else rare


def _with_code(style: Style, code: str) -> Style:
    """`style` after one parameter that is no extended colour."""
    attributes = style.attributes
    if code in _ON:
        return style._replace(attributes=attributes | _ON[code])
    if code in _OFF or code in _RARE_OFF:
        return style._replace(
            attributes=attributes & ~_OFF.get(code, 0),
            rare=_drop_rare(style.rare, _RARE_OFF.get(code, ())),
        )
    number = int(code) if code.isdigit() else -1
    if number == 39 or 30 <= number <= 37 or 90 <= number <= 97:
        return style._replace(foreground="" if number == 39 else code)
    if number == 49 or 40 <= number <= 47 or 100 <= number <= 107:
        return style._replace(background="" if number == 49 else code)
    return style._replace(rare=(*_drop_rare(style.rare, (code,)), code))


def after_sgr(style: Style, parameters: str) -> Style:
    """`style` after `ESC [ parameters m`. The link is no part of SGR and stays."""
    codes = [code.lstrip("0") or "0" for code in parameters.split(";")]
    index = 0
    while index < len(codes):
        code, length = codes[index], 1
        head = code.partition(":")[0]
        if code == "0":
            style = Style(link=style.link)
        elif head in ("38", "48", "58"):
            colour, length = _colour(codes, index)
            if head == "38":
                style = style._replace(foreground=colour)
            elif head == "48":
                style = style._replace(background=colour)
            else:
                style = style._replace(rare=(*_drop_rare(style.rare, ("58",)), colour))
        else:
            style = _with_code(style, code)
        index += length
    return style


def _all_codes(style: Style) -> list[str]:
    """The parameters that build `style` up from the default."""
    codes = [code for code, bit in _ON.items() if style.attributes & bit]
    return [*codes, *style.rare, *filter(None, (style.foreground, style.background))]


def _is_bright(foreground: str) -> bool:
    """Whether it is one of the colours 8 to 15 by its short name, `90` to `97`."""
    return len(foreground) == 2 and foreground.startswith("9")


def _changed_codes(old: Style, new: Style) -> list[str]:
    """The parameters that lead from `old` to `new` without a reset.

    The Linux console takes a bright colour for a colour and SGR 1 (`csi_m` in its
    `vt.c`): what follows stays bright until SGR 22, and SGR 22 ends the brightness of
    the colour as well. So between bright colours and others there is one more
    parameter, which changes nothing elsewhere.
    """
    have = old.attributes
    codes = []
    for code, bits in _OFF.items():
        if have & bits & ~new.attributes:
            codes.append(code)
            have &= ~bits
    bright = _is_bright(new.foreground)
    ends_brightness = _is_bright(old.foreground) and not bright
    if ends_brightness and "22" not in codes and not new.attributes & (BOLD | DIM):
        codes.append("22")
    codes += [code for code, bit in _ON.items() if new.attributes & bit & ~have]
    if old.foreground != new.foreground or (bright and "22" in codes):
        codes.append(new.foreground or "39")
    if old.background != new.background:
        codes.append(new.background or "49")
    return codes


def sgr_between(old: Style | None, new: Style) -> str:
    """The shortest SGR sequence from `old` (None: not known) to `new`; "" if none is needed."""
    if old is not None and old._replace(link="") == new._replace(link=""):
        return ""
    full = ";".join(["0", *_all_codes(new)]) if _all_codes(new) else ""
    if old is None or old.rare or new.rare:
        return f"\x1b[{full}m"
    changed = ";".join(_changed_codes(old, new))
    return f"\x1b[{min(full, changed, key=len)}m"


class StyleTable:
    """Gives each style a number and remembers what leads from one to the next."""

    def __init__(self) -> None:
        self._styles: list[Style] = []
        self._numbers: dict[Style, int] = {}
        self._after: dict[tuple[int, str], int] = {}
        self._between: dict[tuple[int | None, int], str] = {}
        self._link_parameters: dict[str, str] = {}
        self.blank: list[int] = []
        """For each style, the style that a space written in it cannot be told from."""
        self.plain: list[bool] = []
        """For each style, whether a space written in it shows nothing but its background."""
        self.number(Style())

    def __len__(self) -> int:
        """How many styles have a number."""
        return len(self._styles)

    def style(self, number: int) -> Style:
        """The style of that number."""
        return self._styles[number]

    def number(self, style: Style) -> int:
        """The number of `style`, a new one if it is new."""
        found = self._numbers.get(style)
        if found is None:
            found = self._numbers[style] = len(self._styles)
            self._styles.append(style)
            self.blank.append(found)
            # Nothing of the foreground shows in a space unless something is drawn over it.
            plain = not (style.attributes & ~(BOLD | DIM | ITALIC) or style.rare or style.link)
            self.plain.append(plain)
            if plain:
                self.blank[found] = self.number(Style(background=style.background))
        return found

    def after_sgr(self, number: int, parameters: str) -> int:
        """The number of the style after `ESC [ parameters m`."""
        key = (number, parameters)
        found = self._after.get(key)
        if found is None:
            if len(self._after) >= _MAX_CACHED:
                self._after.clear()
            found = self._after[key] = self.number(after_sgr(self._styles[number], parameters))
        return found

    def after_link(self, number: int, parameters: str, uri: str) -> int:
        """The number of the style after OSC 8.

        Two links to the same URI are one link: Rich gives each copy of a style
        a new id, which would make an unchanged link look changed in each frame.
        """
        if uri:
            self._link_parameters.setdefault(uri, parameters)
        return self.number(self._styles[number]._replace(link=uri))

    def between(self, old: int | None, new: int) -> str:
        """What to send to a terminal in style `old` (None: not known) to have it in `new`."""
        key = (old, new)
        found = self._between.get(key)
        if found is None:
            if len(self._between) >= _MAX_CACHED:
                self._between.clear()
            found = self._between[key] = self._way(old, new)
        return found

    def _way(self, old: int | None, new: int) -> str:
        before = None if old is None else self._styles[old]
        after = self._styles[new]
        link = ""
        if (before.link if before else "") != after.link:
            parameters = self._link_parameters.get(after.link, "") if after.link else ""
            link = f"\x1b]8;{parameters};{after.link}\x1b\\"
        return sgr_between(before, after) + link

    @property
    def crowded(self) -> bool:
        """True when there are so many styles that those not in use should go."""
        return len(self._styles) > _MAX_STYLES

    def keep(self, used: Iterable[int]) -> dict[int, int]:
        """Drop every style but the default and those `used`.

        Returns the new number of each that stays.
        """
        kept = {number: self._styles[number] for number in sorted({DEFAULT, *used})}
        links = {style.link for style in kept.values()}
        parameters = {uri: p for uri, p in self._link_parameters.items() if uri in links}
        self.__init__()  # type: ignore[misc]
        self._link_parameters = parameters
        return {number: self.number(style) for number, style in kept.items()}
