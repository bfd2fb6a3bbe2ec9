"""A line of cells: spans of text, each with the token of its style."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from tui.presentation.glyphs import Glyphs
from tui.presentation.text import cells, cut, wrap

Span = tuple[str, str]
Line = tuple[Span, ...]
Piece = Line | Callable[[datetime], Line]
"""A line, or one with a clock in it, which is made anew for each time."""


def plain_text(spans: Iterable[Span]) -> str:
    """The text alone."""
    return "".join(text for text, _ in spans)


def length(spans: Iterable[Span]) -> int:
    """How many cells the spans take."""
    return sum(cells(text) for text, _ in spans)


def at_time(pieces: Iterable[Piece], now: datetime) -> list[Line]:
    """The lines as they are at that time; those without a clock are the very same ones."""
    return [piece(now) if callable(piece) else piece for piece in pieces]


def fit_line(spans: Iterable[Span], width: int, glyphs: Glyphs) -> Line:
    """Exactly `width` cells: cut with an ellipsis, or padded."""
    room = width
    fitted: list[Span] = []
    for text, token in spans:
        size = cells(text)
        if size > room:
            fitted.append((cut(text, room, glyphs.ellipsis), token))
            room -= cells(fitted[-1][0])
            break
        fitted.append((text, token))
        room -= size
    if room > 0:
        fitted.append((" " * room, ""))
    return tuple(fitted)


def labelled(
    label: str, spans: Iterable[Span], width: int, indent: int, glyphs: Glyphs
) -> list[Line]:
    """The label, and `indent` cells from the edge the spans, whole: on as many lines as needed.

    A span that begins with a blank stands on one line where one can hold it; else a line
    ends between words.
    """
    room = max(1, width - indent)
    lines: list[list[Span]] = [[]]
    used = 0
    for text, token in spans:
        bare = text.lstrip()
        beside = used + cells(text) <= room
        whole = text != bare and cells(bare.rstrip()) <= room
        if beside or not used or not whole:
            parts = _continued(text if used else bare, room, used)
        else:
            parts = ["", bare]
        for number, part in enumerate(parts):
            if number:
                lines.append([])
                used = 0
            if part:
                lines[-1].append((part, token))
                used += cells(part)
    first: Span = (f" {label:<{max(0, indent - 1)}}", "label")
    begins = [first, *([(" " * indent, "")] * (len(lines) - 1))]
    return [
        fit_line([begin, *line], width, glyphs) for begin, line in zip(begins, lines, strict=True)
    ]


def _continued(text: str, room: int, used: int) -> list[str]:
    """The text in lines of `room` cells, of whose first one some are used already."""
    lines = [""]
    gap = ""
    for word in text.split(" "):
        if not word:
            gap += " "
            continue
        size = len(gap) + cells(word)
        if used + size <= room:
            lines[-1] += gap + word
            used += size
        else:
            lines[len(lines) if used else -1 :] = wrap(word, room)
            used = cells(lines[-1])
        gap = " "
    lines[-1] += " " * min(len(text) - len(text.rstrip(" ")), room - used)
    return lines


def spread(left: list[Span], right: list[Span], width: int, glyphs: Glyphs) -> Line:
    """`left` and `right` at the two edges; when both do not fit, the left is cut."""
    right_size = length(right)
    if right_size >= width:
        return fit_line(right, width, glyphs)
    return fit_line(left, width - right_size, glyphs) + tuple(right)


def bar(progress: int | None, width: int, token: str, glyphs: Glyphs) -> list[Span]:
    """A progress bar in half cells; an unknown progress is an empty track."""
    if width <= 0:
        return []
    halves = 0 if progress is None else max(0, min(100, progress)) * width * 2 // 100
    full, half = divmod(halves, 2)
    done = glyphs.bar_full * full + (glyphs.bar_half if half else "")
    spans = [(done, token)] if done else []
    if len(done) < width:
        spans.append((glyphs.bar_track * (width - len(done)), "track"))
    return spans


def percent(progress: int | None, glyphs: Glyphs, *, inferred: bool = False) -> str:
    """`46 %`, `~46 %` when it was not the server who said it, the dash when unknown."""
    if progress is None:
        return glyphs.dash
    return f"{'~' if inferred else ''}{progress} %"


def dimmed(lines: Iterable[Line]) -> list[Line]:
    """The same text in the token of old data."""
    return [
        tuple((text, "stale" if text.strip() else token) for text, token in line) for line in lines
    ]
