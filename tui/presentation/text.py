"""Text from outside, made safe to put into cells: never markup, never control.

Every function takes time in proportion to the length of its text: what a server sends
must not be able to hold the program (`tests/unit/presentation/test_text_growth.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len

LINE_BREAK = " ⏎ "
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BREAKS = re.compile(r"[\n\v\f\r\x85\u2028\u2029]+")
_CONTROL_PICTURES = 0x2400
_DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"
_MOST_MARKS = 2
_SHORT = 300


def clean(text: str) -> str:
    """One line of visible characters.

    Line breaks become a sign, control characters their pictures, formatting
    characters (bidirectional overrides, lone surrogates, private use) the
    replacement character; joiners and variation selectors go, since terminals
    disagree on the width of what they join; marks stacked higher than two go too.
    """
    if text.isascii() and text.isprintable():
        return text
    return _clean_short(text) if len(text) <= _SHORT else _clean_long(text)


def _clean(text: str) -> str:
    shown: list[str] = []
    marks = 0
    for character in _on_one_line(text):
        if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
            if "\ufe00" <= character <= "\ufe0f":
                continue
            marks += 1
            if marks > _MOST_MARKS:
                continue
            if not shown:
                shown.append(_DOTTED_CIRCLE)
            shown.append(character)
            continue
        visible = _visible(character)
        if visible:  # a mark after a character that goes is one more on the letter before
            marks = 0
            shown.append(visible)
    return "".join(shown)


_clean_short = lru_cache(maxsize=4096)(_clean)
_clean_long = lru_cache(maxsize=64)(_clean)
"""The messages in sight are cleaned anew at each paint; few, since each may be large."""


def _on_one_line(text: str) -> str:
    """With a sign for each run of line breaks and the blanks around it.

    Not by one pattern with blanks in front: it would try each of many blanks anew.
    """
    first, *others = _BREAKS.split(text)
    if not others:
        return first
    *between, last = others
    parts = [first.rstrip(" \t"), *(part.strip(" \t") for part in between), last.lstrip(" \t")]
    return LINE_BREAK.join(parts)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\u200d":
        return ""
    code = ord(character)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if unicodedata.category(character) == "Zs":
        return " "
    return REPLACEMENT


def cells(text: str) -> int:
    """How many terminal cells a clean text takes."""
    return len(text) if text.isascii() else cell_len(text)


def _fits(text: str, width: int) -> bool:
    """Marks take no cell, but what is much longer than its room need not be measured."""
    return len(text) <= 4 * width + 100 and cells(text) <= width


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """At most `width` cells; what had to be cut ends in the ellipsis."""
    if _fits(text, width):
        return text
    room = width - cells(ellipsis)
    if room < 0:
        return "" if width <= 0 else _first(text, width)
    return _first(text, room) + ellipsis


def shorten_middle(text: str, width: int, ellipsis: str = "…") -> str:
    """At most `width` cells, cut in the middle: the ends of VM names tell them apart."""
    if _fits(text, width):
        return text
    room = width - cells(ellipsis)
    if room < 2:
        return cut(text, width, ellipsis)
    tail = room // 2
    return _first(text, room - tail) + ellipsis + _last(text, tail)


def fit(text: str, width: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """Exactly `width` cells: cut or padded."""
    short = cut(text, width, ellipsis)
    padding = " " * max(0, width - cells(short))
    return padding + short if right else short + padding


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at blanks where there are some."""
    lines: list[str] = []
    line: list[str] = []
    used = 0
    for word in _words(text):
        bare = word.rstrip()
        size = cells(bare)
        if used and used + size > width:
            lines.append("".join(line).rstrip())
            line, used = [], 0
        if size > width > 1:
            *whole, bare = _pieces(bare, width)
            lines += whole
            size = cells(bare)
        blanks = word[len(word.rstrip()) :]
        line += (bare, blanks)
        used += size + cells(blanks)
    lines.append("".join(line).rstrip())
    return lines


def _words(text: str) -> Iterator[str]:
    """Each with the blanks behind it; blanks in front are one of their own."""
    begin, in_blanks = 0, False
    for index, character in enumerate(text):
        blank = character.isspace()
        if in_blanks and not blank:
            yield text[begin:index]
            begin = index
        in_blanks = blank
    if begin < len(text):
        yield text[begin:]


def _pieces(word: str, width: int) -> Iterator[str]:
    """The word in pieces of at most `width` cells each, as long as they can be."""
    begin = used = 0
    for index, character in enumerate(word):
        size = cells(character)
        if used + size > width:
            yield word[begin:index]
            begin, used = index, 0
        used += size
    yield word[begin:]


def _first(text: str, width: int) -> str:
    if text.isascii():
        return text[:width]
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return text[:index]
    return text


def _last(text: str, width: int) -> str:
    if text.isascii():
        return text[-width:]
    used = 0
    for index in range(len(text) - 1, -1, -1):
        used += cell_len(text[index])
        if used > width:
            return text[index + 1 :].lstrip("".join(_leading_marks(text[index + 1 :])))
    return text


def _leading_marks(text: str) -> list[str]:
    marks: list[str] = []
    for character in text:
        if not unicodedata.combining(character):
            break
        marks.append(character)
    return marks
