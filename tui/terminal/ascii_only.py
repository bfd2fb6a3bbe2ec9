"""Nothing but ASCII to the terminal, whatever a widget draws: borders, scrollbars, dots."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from rich.cells import cell_len

DriverType = TypeVar("DriverType", bound=type[Any])

_ALIKE: Final = {
    "-": "─━╌╍═–—‐▔",
    "|": "│┃║▏▎▍▌▋▊▉▐▕",
    "+": "┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛╔╗╚╝✔",
    "#": "█▓▒░■",
    "*": "•●·",
    ">": "▶▷▸›",
    "<": "◀◁◂‹",
    "^": "▲↑",
    "v": "▼↓",
    "x": "✘✗×",
    "!": "⚠",
    "~": "…",
    " ": "▁▂▃▄▅▆▇▀\u00a0",
    "'": "‘’",
    '"': "“”",
}


class _Twins(dict[int, str]):
    """The ASCII twin of each character, as wide as itself so that nothing shifts."""

    def __missing__(self, code: int) -> str:
        twin = chr(code) if code < 128 else "?" * cell_len(chr(code))
        self[code] = twin
        return twin


_TWINS: Final = _Twins({ord(char): twin for twin, chars in _ALIKE.items() for char in chars})


def in_ascii(text: str) -> str:
    """The text with every other character replaced by an ASCII twin of the same width."""
    return text if text.isascii() else text.translate(_TWINS)


def ascii_driver(driver: DriverType) -> DriverType:
    """A driver class that writes ASCII only, for what the screens do not draw themselves."""

    def write(self: Any, data: str) -> None:
        driver.write(self, in_ascii(data))

    made: Any = type(f"Ascii{driver.__name__}", (driver,), {"write": write})
    return made  # type: ignore[no-any-return]
