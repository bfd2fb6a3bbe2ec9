"""Text that asks to be dim is not: half as bright is too dark to read on many terminals."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_NOT_DIM = Style(dim=False)


class Undimmed(LineFilter):
    """Takes SGR 2 from what Textual's own widgets write, such as the prompt of a list."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, none of them dim."""
        return [
            Segment(text, style + _NOT_DIM, control) if style and style.dim else segment
            for segment in segments
            for text, style, control in (segment,)
        ]
