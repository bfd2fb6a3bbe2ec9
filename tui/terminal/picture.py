"""A grid of cells: what a terminal shows, or should show."""

from __future__ import annotations

from tui.terminal.styles import DEFAULT
from tui.terminal.widths import CONTINUED, UNKNOWN


class Picture:
    """`height` rows of `width` cells, each a text and the number of a style.

    Texts and styles lie in separate lists, one of each per row: two rows then
    compare, and a run of text is laid down, at the speed of list operations.
    The text of a wide character is in its first cell, its second holds
    `CONTINUED`, in the same style. A cell of unknown content holds `UNKNOWN`.
    """

    __slots__ = ("height", "styles", "texts", "width")

    def __init__(self, width: int, height: int) -> None:
        self.width = max(1, width)
        self.height = max(1, height)
        self.texts: list[list[str]] = []
        self.styles: list[list[int]] = []
        self.forget()

    def forget(self) -> None:
        """Make every cell unknown."""
        self.texts = [[UNKNOWN] * self.width for _ in range(self.height)]
        self.styles = [[DEFAULT] * self.width for _ in range(self.height)]

    def resize(self, width: int, height: int) -> None:
        """Cut or extend to a new size; what is new is unknown."""
        old_texts, old_styles = self.texts, self.styles
        self.width, self.height = max(1, width), max(1, height)
        self.forget()
        for y, (texts, styles) in enumerate(
            zip(old_texts[: self.height], old_styles[: self.height], strict=True)
        ):
            if len(texts) > self.width and texts[self.width] == CONTINUED:
                texts[self.width - 1] = UNKNOWN
            self.texts[y][: len(texts)] = texts[: self.width]
            self.styles[y][: len(styles)] = styles[: self.width]

    def put(self, x: int, y: int, cells: list[str] | str, style: int) -> None:
        """Lay `cells`, all of one style, into row `y` from column `x` on; they must fit.

        What is left of a wide character that is half covered becomes a space.
        """
        texts = self.texts[y]
        end = x + len(cells)
        if texts[x] == CONTINUED and x:
            texts[x - 1] = " "
        if end < self.width and texts[end] == CONTINUED:
            texts[end] = " "
        texts[x:end] = cells
        self.styles[y][x:end] = [style] * len(cells)

    def scroll(self, style: int) -> None:
        """Move every row one up; the last becomes blank."""
        del self.texts[0], self.styles[0]
        self.texts.append([" "] * self.width)
        self.styles.append([style] * self.width)

    def renumber(self, numbers: dict[int, int]) -> None:
        """Put new style numbers in place of old ones."""
        self.styles = [[numbers[style] for style in row] for row in self.styles]

    def used_styles(self) -> set[int]:
        """The numbers of the styles that occur."""
        return set().union(*self.styles)
