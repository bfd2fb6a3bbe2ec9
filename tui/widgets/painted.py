"""Lines of cells, painted line by line: only the cells that changed are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from tui.presentation.line import Line, Span
from tui.presentation.text import cells
from tui.widgets.straight import MayGoStraight, StyledText

TOKENS = (
    "title",
    "label",
    "dim",
    "good",
    "success",
    "warning",
    "failed",
    "new",
    "running",
    "waiting",
    "unknown",
    "track",
    "rule",
    "header",
    "note",
    "banner",
    "bar",
    "note-bar",
    "stale",
)
"""Every style token a span may name; each is styled by `.painted--TOKEN`."""

_ON_THEIR_OWN_GROUND = frozenset({"new", "banner"})
"""Tokens whose background says something, which the cursor's must not cover."""

COMPONENTS = frozenset(f"painted--{token}" for token in TOKENS)


class StyledByToken(MayGoStraight):
    """Turns style tokens into Rich styles, cached until the stylesheet changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENTS)

    _token_styles: dict[tuple[str, bool], Style]

    def token_style(self, token: str, highlighted: bool = False) -> Style:
        """The style of a token, on the cursor's background when highlighted."""
        try:
            cache = self._token_styles
        except AttributeError:
            cache = self._token_styles = {}
        style = cache.get((token, highlighted))
        if style is None:
            style = self.get_component_rich_style(f"painted--{token}") if token else self.rich_style
            if highlighted and token not in _ON_THEIR_OWN_GROUND:
                style += self.cursor_style(token)
            cache[token, highlighted] = style
        return style

    def cursor_style(self, token: str) -> Style:
        """What the cursor adds to the style of that token."""
        return Style()

    def notify_style_update(self) -> None:
        """Forget the styles: a theme, a class or a stylesheet changed."""
        self._token_styles = {}
        super().notify_style_update()

    def styled(
        self, spans: Iterable[tuple[str, str]] | None, highlighted: bool = False
    ) -> list[StyledText] | None:
        """Each text with its style instead of its token; None of none."""
        if spans is None:
            return None
        return [(text, self.token_style(token, highlighted)) for text, token in spans]

    def strip_of(self, spans: Iterable[tuple[str, str]], highlighted: bool = False) -> Strip:
        """The spans as a strip."""
        return Strip([Segment(text, self.token_style(token, highlighted)) for text, token in spans])


class Painted(StyledByToken):
    """A block of lines. Give `show` lines exactly as wide as the widget."""

    DEFAULT_CSS = """
    Painted { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines; only what differs from the present ones is repainted."""
        before, self._lines = self._lines, tuple(lines)
        if len(before) != len(self._lines):
            self.refresh(layout=True)
            if self.is_attached:
                # Where something scrolls in the same moment, Textual 8.2.8 may take the new
                # layout for a mere scroll, and leave on the screen what stood elsewhere.
                self.screen.refresh()
            return
        changed = [
            region
            for y, (old, new) in enumerate(zip_longest(before, self._lines, fillvalue=()))
            if old != new and (region := differing(old, new, y)) is not None
        ]
        if changed:
            self.paint_cells(changed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as were given."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One line, padded to the widget's width."""
        return self.strip_of(self._shown_at(y)).adjust_cell_length(
            self.size.width, self.token_style("")
        )

    def spans_in(self, region: Region) -> list[StyledText] | None:
        """The same for some of its cells."""
        return self.styled(within(self._shown_at(region.y), region))

    def _shown_at(self, y: int) -> Line:
        return self._lines[y] if y < len(self._lines) else ()


def differing(old: Line, new: Line, y: int) -> Region | None:
    """The region of line `y` from the first to the last differing span."""
    start = 0
    common = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        common += 1
        start += cells(after[0])
    old_end, end = _width(old), _width(new)
    if old_end != end:
        end = max(old_end, end)  # what ends alike has moved
    else:
        for before, after in zip(reversed(old[common:]), reversed(new[common:]), strict=False):
            if before != after:
                break
            end -= cells(after[0])
    return Region(start, y, end - start, 1) if end > start else None


def within(line: Iterable[Span], region: Region, pad: str = "") -> list[Span] | None:
    """What stands in the cells of a region one line high; behind the end, blanks of token `pad`.

    None where it would cut a text between whose cells nobody can tell.
    """
    first, end = region.x, region.right
    spans: list[Span] = []
    x = 0
    for text, token in line:
        size = cells(text)
        if x < end and x + size > first:
            if x < first or x + size > end:
                if not text.isascii():
                    return None
                text = text[max(0, first - x) : end - x]
            spans.append((text, token))
        x += size
        if x >= end:
            return spans
    spans.append((" " * (end - max(x, first)), pad))
    return spans


def _width(line: Line) -> int:
    return sum(cells(text) for text, _ in line)
