"""The help: keys, what they do, the id by which each can be given other keys, and the signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.light import dataclass
from tui.presentation.glyphs import Glyphs, word
from tui.presentation.text import fit, wrap

_KEYS: Final = 14
_LEAST_TEXT: Final = 34
"""Cells for what a key does, below which its id stands on a line of its own."""


@dataclass(frozen=True)
class KeyHelp:
    """One binding: its keys as people spell them, what it does, its id in the settings."""

    keys: str
    text: str
    id: str


def help_lines(
    keys: Sequence[KeyHelp], width: int, glyphs: Glyphs, *, manual_key: str
) -> list[str]:
    """The help in lines of at most `width` cells; `manual_key` leads to the manual."""
    longest = max((len(each.id) for each in keys), default=0)
    beside = width - _KEYS - 1 - longest - 2 >= _LEAST_TEXT
    room = width - _KEYS - 1 - (longest + 2 if beside else 0)
    lines = ["KEYS (Esc closes this help)", f"{manual_key} opens the manual", ""]
    for each in keys:
        first, *rest = wrap(each.text, room)
        lead = f"{fit(each.keys, _KEYS)} "
        lines.append(f"{lead}{fit(first, room)}  {each.id}" if beside else lead + first)
        lines += [" " * (_KEYS + 1) + part for part in rest]
        if not beside:
            lines.append(f"{' ' * (_KEYS + 1)}({each.id})")
    lines += ["", *wrap("The last word of each is its id, for [keys] in the settings file.", width)]
    lines += ["", "SIGNS", ""]
    for sign, said in (
        *((sign, word(status)) for status, sign in glyphs.symbols.items()),
        ("~", "inferred here: the server did not say it"),
        (glyphs.dash, "unknown"),
        ("RO", "read-only: besides logon and logoff nothing but GET is sent"),
    ):
        first, *rest = wrap(said, width - _KEYS - 1)
        lines.append(f"{fit(sign, _KEYS)} {first}")
        lines += [" " * (_KEYS + 1) + part for part in rest]
    grey = (
        "Grey data is older than twice the interval. Times are UTC and, for durations,"
        " the server's own clock."
    )
    lines += ["", *wrap(grey, width)]
    return lines
