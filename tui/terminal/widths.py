"""How many cells characters take, and whether every terminal agrees.

Widths are Rich's, since Textual lays out by them. A terminal may see it
otherwise: emoji sequences, variation selectors, new or rare symbols. What it
shows after those is unsure, and the painter takes care not to depend on it.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache

from rich.cells import cell_len

CONTINUED = ""
"""What the second cell of a wide character holds."""

UNKNOWN = "\0"
"""What a cell holds whose content is not known. A NUL is never written to a cell."""


class Trust(IntEnum):
    """How far the cursor's place is known after a cell has been written."""

    SURE = 0
    """Every terminal takes as many cells as Rich."""
    SYMBOL = 1
    """One cell for Rich and most terminals; place the cursor afresh behind it."""
    UNSURE = 2
    """Any number of cells: place the cursor afresh and paint the rest of the row again."""


def _every(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


# One cell in every terminal. Box drawing and its like count as "ambiguous" in
# Unicode, yet a terminal that draws them wide cannot show any full-screen program.
_EMOJI_AMONG_SYMBOLS = _every((0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0)) | _every(
    (0x25FB, 0x25FE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2194, 0x2199), (0x21A9, 0x21AA)
)
PLAIN = (
    _every(
        (0x20, 0x7E),
        (0xA0, 0xAC),
        (0xAE, 0x2FF),
        (0x370, 0x377),
        (0x37A, 0x37F),
        (0x384, 0x38A),
        (0x38E, 0x3A1),
        (0x3A3, 0x482),
        (0x48A, 0x52F),
        (0x2010, 0x2027),
        (0x2030, 0x205E),
        (0x20A0, 0x20BF),
        (0x2190, 0x21FF),
        (0x2200, 0x22FF),
        (0x2500, 0x25FF),
        (0x2800, 0x28FF),
    )
    - _EMOJI_AMONG_SYMBOLS
)
"""Characters that need no second look."""

PLAIN_ROW = PLAIN | {UNKNOWN}
"""What the cells of a row hold that needs no care."""

# Ideographs, kana, Hangul syllables and full-width forms are two cells wherever UTF-8 is spoken.
_SURELY_WIDE = (
    (0x2E80, 0x303E),
    (0x3041, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFD),
)


@lru_cache(maxsize=4096)
def trust(cell: str) -> Trust:
    """How much is known about a terminal that has been sent `cell`."""
    if cell in PLAIN or cell in (CONTINUED, UNKNOWN):
        return Trust.SURE
    width = cell_len(cell)
    if len(cell) > 1 or width not in (1, 2):
        return Trust.UNSURE
    if width == 2:
        code = ord(cell)
        wide = any(first <= code <= last for first, last in _SURELY_WIDE)
        return Trust.SURE if wide else Trust.UNSURE
    category = unicodedata.category(cell)
    if category == "Cf" or "\U0001f000" <= cell < "\U0001fb00":
        return Trust.UNSURE
    return Trust.SURE if category[0] in "LN" else Trust.SYMBOL


def reach(cell: str) -> int:
    """The largest number of cells that any terminal might take for `cell`."""
    return 2 * len(cell) if trust(cell) is Trust.UNSURE else 1


@lru_cache(maxsize=128)
def split(text: str) -> tuple[tuple[str, int], ...]:
    """Cut `text` into what goes into one cell (or two), each with its width 0, 1 or 2.

    Only the first may have width 0: combining characters that belong to the
    cell before the text. The widths add up to Rich's width of the whole.
    """
    cells: list[tuple[str, int]] = []
    joined = False
    for character in text:
        if joined or (not cell_len(character)):
            before = cells[-1][0] if cells else ""
            if before == "":
                cells.append((character, 0))
            else:
                cluster = before + character
                cells[-1] = (cluster, min(cell_len(cluster), 2) if cells[-1][1] else 0)
        else:
            cells.append((character, cell_len(character)))
        joined = character == "\u200d" and not joined
    return tuple(cells)
