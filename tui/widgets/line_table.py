"""A table painted line by line: rows by key, only changed cells repainted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.light import dataclass
from tui.presentation.columns import Column
from tui.presentation.line import Line
from tui.widgets.painted import COMPONENTS, StyledByToken, within
from tui.widgets.straight import StyledText

Row = TypeVar("Row")
RowT_contra = TypeVar("RowT_contra", contravariant=True)


class RowPainter(Protocol[RowT_contra]):
    """Knows the columns and turns rows into cells; pure, shared with tests."""

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit into `width` cells, left to right, without gaps."""

    def header(self, column: Column) -> Line:
        """The header cell, exactly as wide as the column."""

    def key(self, row: RowT_contra) -> Hashable:
        """What stays the same for a row from update to update."""

    def cells(self, row: RowT_contra, columns: Sequence[Column]) -> Sequence[Line]:
        """One cell for each column, exactly as wide as it; or one that spans them all."""

    def below(self, row: RowT_contra, width: int) -> Sequence[Line]:
        """Lines of `width` cells that stand under the row and belong to it."""


@dataclass(frozen=True)
class _PaintedRow:
    cells: Sequence[Line]
    highlighted: bool

    @property
    def spans(self) -> Line:
        """The cells side by side."""
        return tuple(span for cell in self.cells for span in cell)


class LineTable(ScrollView, StyledByToken, Generic[Row], can_focus=True):
    """Rows under one header line, with a cursor that stays on its row's key.

    Until the cursor is moved it stays on the first row, so that what is sorted
    to the top (failures) comes into view by itself. A row may have further lines under
    it, which are selected and scrolled with it.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *COMPONENTS,
        "line-table--cursor",
        "line-table--cursor-failed",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", show=False, id="move.up", tooltip="One row up"),
        Binding("down,j", "cursor(1)", "Down", show=False, id="move.down", tooltip="One row down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="move.page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="move.page-down"),
        Binding("home,g", "edge(-1)", "First row", show=False, id="move.first"),
        Binding("end,G", "edge(1)", "Last row", show=False, id="move.last"),
        Binding("enter", "choose", "Open", id="open", tooltip="Open the selected row"),
    ]

    class Chosen(Message):
        """A person opened a row."""

        def __init__(self, table: LineTable[Row], key: Hashable) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> Widget:
            """The table."""
            return self.table

    class EndReached(Message):
        """A person went down to the last row, or further."""

        def __init__(self, table: LineTable[Row]) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> Widget:
            """The table."""
            return self.table

    class HeaderClicked(Message):
        """A person clicked a column's header."""

        def __init__(self, table: LineTable[Row], column_id: str) -> None:
            super().__init__()
            self.table = table
            self.column_id = column_id

        @property
        def control(self) -> Widget:
            """The table."""
            return self.table

    def __init__(self, painter: RowPainter[Row], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._painter = painter
        self._rows: Sequence[Row] = ()
        self._columns: Sequence[Column] = ()
        self._index: dict[Hashable, int] | None = None
        self._cursor = 0
        self._moved = False
        self._painted: dict[int, _PaintedRow] = {}
        self._painted_header: Line = ()
        self._below: dict[int, Sequence[Line]] = {}
        self._tops: Sequence[int] = range(1)
        self._titled = True

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; None when there are no rows."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def cursor_key(self) -> Hashable | None:
        """The key of the row under the cursor."""
        row = self.cursor_row
        return None if row is None else self._painter.key(row)

    @property
    def _room(self) -> int:
        """Cells beside the scrollbar."""
        return self.scrollable_content_region.width

    @property
    def chosen_key(self) -> Hashable | None:
        """The key of the row that a person moved the cursor to; None while it rests on top."""
        return self.cursor_key if self._moved else None

    @property
    def titled(self) -> bool:
        """Whether there is a header line."""
        return self._titled

    @titled.setter
    def titled(self, titled: bool) -> None:
        if titled is not self._titled:
            self._titled = titled
            self._painted.clear()
            self._measure()
            self.refresh()

    @property
    def _header_height(self) -> int:
        return 1 if self._titled else 0

    @property
    def _lines_in_view(self) -> int:
        return max(0, self.size.height - self._header_height)

    def _measure(self) -> None:
        """Where each row begins, in lines; the columns for what is shown."""
        width = self._room
        columns = tuple(self._painter.columns(width)) if width else ()
        if columns != tuple(self._columns):
            self._columns = columns
            self._painted.clear()
            self.refresh()
        painter, below = self._painter, {}
        for index, row in enumerate(self._rows):
            lines = painter.below(row, width)
            if lines:
                below[index] = lines
        self._below = below
        tops: Sequence[int] = range(len(self._rows) + 1)
        if below:
            counts = (1 + len(below.get(index, ())) for index in range(len(self._rows)))
            tops = tuple(accumulate(counts, initial=0))
        self._tops = tops
        size = Size(width, tops[-1] + self._header_height)
        if size != self.virtual_size:
            self.virtual_size = size

    def _row_at(self, line: int) -> int:
        """The row that this line belongs to; beyond the last one, that."""
        return min(bisect_right(self._tops, line), len(self._rows)) - 1

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows in this order, keeping cursor and scroll on the same row."""
        before = self.cursor_row
        offset_on_screen = self._tops[self._cursor] - round(self.scroll_y)
        self._rows = rows
        self._index = None
        self._measure()
        if self._moved and before is not None:
            self._cursor = self._place_of(before)
            self._scroll_without_animation(self._tops[self._cursor] - offset_on_screen)
        else:
            self._cursor = 0
        self._repaint_changed()

    def set_painter(self, painter: RowPainter[Row]) -> None:
        """Show the same rows in another way; cursor and scroll stay."""
        self._painter = painter
        self._measure()
        self.repaint()

    def _index_of(self, key: Hashable) -> int | None:
        """Where the row of that key is. All of them are looked up only where the rows moved."""
        at, key_of = self._cursor, self._painter.key
        if at < len(self._rows) and key_of(self._rows[at]) == key:
            return at
        if self._index is None:
            self._index = {key_of(row): index for index, row in enumerate(self._rows)}
        return self._index.get(key)

    def _place_of(self, row: Row) -> int:
        """Where that row is now; where it is gone, its successor or what moved to its place."""
        index = self._index_of(self._painter.key(row))
        if index is None:
            index = self.successor(row)
        return min(self._cursor, max(0, len(self._rows) - 1)) if index is None else index

    def successor(self, gone: Row) -> int | None:
        """The row that stands for one whose key is gone; a subclass may know."""
        return None

    def repaint(self) -> None:
        """Paint every cell anew, after a change of theme or character set."""
        self._painted.clear()
        self.refresh()

    def select(self, key: Hashable) -> bool:
        """Put the cursor on that row; False when there is none."""
        index = self._index_of(key)
        if index is None:
            return False
        self._moved = True
        self._move_to(index)
        return True

    def cursor_style(self, token: str) -> Style:
        """The cursor's background; the row stays marked while the focus is elsewhere."""
        style = self.get_component_rich_style("line-table--cursor", partial=True)
        if token == "failed":  # noqa: S105  # it is a style's name
            style += self.get_component_rich_style("line-table--cursor-failed", partial=True)
        return style

    def render_line(self, y: int) -> Strip:
        """The header, or the row at that line."""
        width = self._room
        if not self._columns:
            self._columns = self._painter.columns(width)
        if y == 0 and self._titled:
            self._painted_header = self._header()
            strip = self.strip_of(self._painted_header)
            return strip.adjust_cell_length(width, self.token_style("header"))
        painted = self._paint_row(y)
        if painted is None:
            self._painted.pop(y, None)
            return Strip.blank(width, self.token_style(""))
        self._painted[y] = painted
        strip = self.strip_of(painted.spans, painted.highlighted)
        return strip.adjust_cell_length(width, self.token_style("", painted.highlighted))

    def spans_in(self, region: Region) -> list[StyledText] | None:
        """The same for some of its cells."""
        if region.y < self._header_height:
            return self.styled(within(self._painted_header, region, "header"))
        painted = self._painted.get(region.y)
        if painted is None:
            return self.styled(within((), region))
        return self.styled(within(painted.spans, region), painted.highlighted)

    def _header(self) -> Line:
        return tuple(span for column in self._columns for span in self._painter.header(column))

    def _paint_row(self, y: int) -> _PaintedRow | None:
        line = round(self.scroll_y) + y - self._header_height
        if line >= self._tops[-1]:
            return None
        index = self._row_at(line)
        under = line - self._tops[index]
        if under:
            return _PaintedRow((tuple(self._below[index][under - 1]),), index == self._cursor)
        cells = self._painter.cells(self._rows[index], self._columns)
        return _PaintedRow(cells, index == self._cursor)

    def _repaint_changed(self) -> None:
        """Have the cells painted that differ from what was painted.

        They are noted as such at once: whoever paints them takes them as they are then.
        """
        regions: list[Region] = []
        if self._titled and self._columns and (header := self._header()) != self._painted_header:
            self._painted_header = header
            regions.append(Region(0, 0, self._room, 1))
        known = self._painted
        filled = self._header_height + max(0, self._tops[-1] - round(self.scroll_y))
        for y in range(self._header_height, min(filled, self.size.height)):
            new, old = self._paint_row(y), known.get(y)
            if new is None or new == old:
                continue
            known[y] = new
            regions += self._differing(old, new, y)
        emptied = [y for y in known if y >= filled]
        for y in emptied:
            del known[y]
            regions.append(Region(0, y, self._room, 1))
        if regions:
            self.paint_cells(regions)

    def _differing(self, old: _PaintedRow | None, new: _PaintedRow, y: int) -> Iterator[Region]:
        """Where one line of a row differs from what was painted there."""
        if old is None or not _are_alike(new, old, len(self._columns)):
            yield Region(0, y, self._room, 1)
            return
        for column, before, after in zip(self._columns, old.cells, new.cells, strict=True):
            if before is not after and before != after:
                yield Region(column.x, y, column.width, 1)

    def _move_to(self, index: int) -> None:
        before, self._cursor = self._cursor, max(0, min(index, len(self._rows) - 1))
        if not self._rows:
            return
        top, room = round(self.scroll_y), max(1, self._lines_in_view)
        first, end = self._tops[self._cursor], self._tops[self._cursor + 1]
        if first < top or end - first > room:
            self._scroll_without_animation(first)
        elif end > top + room:
            self._scroll_without_animation(end - room)
        header, height = self._header_height, self.size.height
        for changed in {min(before, len(self._rows) - 1), self._cursor}:
            for line in range(self._tops[changed], self._tops[changed + 1]):
                y = line - round(self.scroll_y) + header
                if header <= y < height:
                    self.refresh(Region(0, y, self.size.width, 1))

    def _scroll_without_animation(self, y: int) -> None:
        self.scroll_to(y=max(0, y), animate=False, immediate=True, force=True)

    def _went(self, down: bool) -> None:
        """A person has moved the cursor."""
        if down and self._cursor >= len(self._rows) - 1:
            self.post_message(self.EndReached(self))

    def action_cursor(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._moved = True
        self._move_to(self._cursor + rows)
        self._went(rows > 0)

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self._moved = True
        line = self._tops[self._cursor] + pages * max(1, self._lines_in_view - 1)
        index = self._row_at(max(0, line))
        if index == self._cursor:  # a row that is taller than the screen
            index += pages
        self._move_to(index)
        self._went(pages > 0)

    def action_edge(self, direction: int) -> None:
        """To the first row, where the cursor stays until moved, or to the last."""
        self._moved = direction > 0
        self._move_to(0 if direction < 0 else len(self._rows) - 1)
        self._went(direction > 0)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        key = self.cursor_key
        if key is not None:
            self.post_message(self.Chosen(self, key))

    def on_resize(self) -> None:
        """Lay the columns out again; the cursor's row stays in view."""
        self._painted.clear()
        self._measure()
        self._move_to(self._cursor)
        self.refresh()

    def on_mouse_scroll_down(self) -> None:
        """The wheel at the end of the rows asks for what lies below, as the keys do."""
        if round(self.scroll_target_y) >= self.max_scroll_y:
            self.post_message(self.EndReached(self))

    def on_click(self, event: events.Click) -> None:
        """Select a row, open the selected one, or name a header's column."""
        at = event.get_content_offset(self)
        if at is None:
            return
        if at.y < self._header_height:
            self._click_header(at)
            return
        line = round(self.scroll_y) + at.y - self._header_height
        if line >= self._tops[-1]:
            return
        index = self._row_at(line)
        again = index == self._cursor and self._moved
        self._moved = True
        self._move_to(index)
        if again:
            self.action_choose()

    def _click_header(self, at: Offset) -> None:
        for column in self._columns:
            if column.x <= at.x < column.x + column.width:
                self.post_message(self.HeaderClicked(self, column.id))


def _are_alike(new: _PaintedRow, old: _PaintedRow, columns: int) -> bool:
    """Whether only the cells that differ need painting."""
    same = len(new.cells) == len(old.cells) == columns
    return same and new.highlighted == old.highlighted
