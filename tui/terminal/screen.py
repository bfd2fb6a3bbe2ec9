"""The screen as it ought to look: a terminal's own reading of what is written to it."""

from __future__ import annotations

from tui.terminal.picture import Picture
from tui.terminal.styles import DEFAULT, Style, StyleTable
from tui.terminal.widths import CONTINUED, PLAIN, UNKNOWN, split

_TAB_STOP = 8
_LONGEST_CLUSTER = 32


def _number(text: str, default: int = 1) -> int:
    """A parameter; absent and 0 mean `default`."""
    return int(text) or default if text.isdigit() else default


class Screen:
    """A picture, a cursor and the style of what is written next.

    `touched` holds the rows written to since it was last cleared. `placed` is
    False while nobody knows where the terminal's cursor is; nothing that
    depends on the cursor may be called then but `move_to`.
    """

    def __init__(self, width: int, height: int, styles: StyleTable) -> None:
        self.picture = Picture(width, height)
        self.styles = styles
        self.x = 0
        self.y = 0
        self.pen = DEFAULT
        self.placed = True
        self.wraps = True
        self.behind_text = False
        """Whether nobody has placed the cursor since something was written."""
        self.touched: set[int] = set()
        self._at_edge = False
        """The cursor stands on the last column because that has just been written."""

    def resize(self, width: int, height: int) -> None:
        """Take on a new size. Every row counts as touched."""
        self.picture.resize(width, height)
        self.x = min(self.x, self.picture.width - 1)
        self.y = min(self.y, self.picture.height - 1)
        self._at_edge = False
        self.touched = set(range(self.picture.height))

    def move_to(self, x: int, y: int) -> None:
        """Place the cursor, inside the screen; columns and rows count from 0."""
        self.x = max(0, min(x, self.picture.width - 1))
        self.y = max(0, min(y, self.picture.height - 1))
        self.placed = True
        self.behind_text = self._at_edge = False

    def cursor_position(self, parameters: str) -> None:
        """CUP: `row;column`, from 1."""
        row, _, column = parameters.partition(";")
        self.move_to(_number(column) - 1, _number(row) - 1)

    def write(self, text: str) -> None:
        """Write printable characters at the cursor."""
        picture = self.picture
        length = len(text)
        if (
            not self._at_edge
            and self.x + length <= picture.width
            and (text.isascii() or PLAIN.issuperset(text))
        ):
            picture.put(self.x, self.y, text, self.pen)
            self.touched.add(self.y)
            self._advance(length)
            return
        for cell, width in split(text):
            self._write_cell(cell, width)

    def _write_cell(self, cell: str, width: int) -> None:
        picture = self.picture
        if width == 0:
            self._combine(cell)
            return
        wraps = self._at_edge or self.x + width > picture.width > 1
        if self.wraps and wraps:
            self._at_edge = False
            self.x = 0
            self.line_feed()
        self.touched.add(self.y)
        if self.x + width > picture.width:
            # No room for a wide character: terminals differ; a space is what most leave.
            cell, width = " ", 1
        picture.put(self.x, self.y, [cell] + [CONTINUED] * (width - 1), self.pen)
        self._advance(width)

    def _advance(self, width: int) -> None:
        self.x += width
        self.behind_text = True
        if self.x >= self.picture.width:
            self.x = self.picture.width - 1
            self._at_edge = True

    def _combine(self, marks: str) -> None:
        """Add combining characters to the cell before the cursor, if there is one."""
        texts = self.picture.texts[self.y]
        x = self.x if self._at_edge else self.x - 1
        if x > 0 and texts[x] == CONTINUED:
            x -= 1
        if x >= 0 and texts[x] != UNKNOWN and len(texts[x]) + len(marks) <= _LONGEST_CLUSTER:
            texts[x] += marks
            self.touched.add(self.y)

    def line_feed(self) -> None:
        """One row down, scrolling at the last."""
        if self.y + 1 < self.picture.height:
            self.y += 1
        else:
            self.picture.scroll(self._erased())
            self.touched.update(range(self.picture.height))

    def control(self, character: str) -> bool:
        """Obey a control character. Returns False for one that is not known here.

        A line feed returns the cursor to the first column too: Textual leaves
        the terminal's output translation (ONLCR) on.
        """
        if character == "\n":
            self.x = 0
            self.line_feed()
        elif character == "\r":
            self.x = 0
        elif character == "\b":
            self.x = max(0, self.x - 1)
        elif character == "\t":
            stop = (self.x // _TAB_STOP + 1) * _TAB_STOP
            self.x = min(stop, self.picture.width - 1)
        else:
            return False
        self.behind_text = self._at_edge = False
        return True

    def _erased(self) -> int:
        """The style of an erased cell: the pen's background, as xterm has it."""
        return self.styles.number(Style(background=self.styles.style(self.pen).background))

    def _erase(self, y: int, start: int, end: int) -> None:
        if start < end:
            self.picture.put(start, y, [" "] * (end - start), self._erased())
            self.touched.add(y)

    def erase_in_line(self, mode: int) -> None:
        """EL: 0 from the cursor on, 1 up to it, 2 all of the row."""
        start = self.x if mode == 0 else 0
        end = self.x + 1 if mode == 1 else self.picture.width
        self._erase(self.y, start, end)
        self._at_edge = False

    def erase_in_display(self, mode: int) -> None:
        """ED: 0 from the cursor on, 1 up to it, 2 everything."""
        if mode < 2:
            self.erase_in_line(mode)
        rows = {0: range(self.y + 1, self.picture.height), 1: range(self.y)}
        for y in rows.get(mode, range(self.picture.height)):
            self._erase(y, 0, self.picture.width)
        self._at_edge = False

    def relative(self, final: str, parameters: str) -> bool:
        """Obey a cursor movement other than CUP. Returns False if `final` is none."""
        count = _number(parameters)
        x, y = self.x, self.y
        places = {
            "A": (x, y - count),
            "B": (x, y + count),
            "C": (x + count, y),
            "D": (x - count, y),
            "E": (0, y + count),
            "F": (0, y - count),
            "G": (count - 1, y),
            "`": (count - 1, y),
            "d": (x, count - 1),
        }
        if final not in places or not (parameters.isdigit() or not parameters):
            return False
        self.move_to(*places[final])
        return True
