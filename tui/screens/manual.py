"""The manual: its pages in a list, and one page, over a screen that goes on."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from tui.manual.lines import PagePainter, page_lines
from tui.manual.pages import Page, page, pages
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, spread
from tui.screens.frame import Pane
from tui.widgets.key_hints import KeyHints
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted


def _title(left: str, width: int, glyphs: Glyphs) -> list[Line]:
    return [
        spread([(f" {left}", "title")], [], width, glyphs),
        ((glyphs.rule * width, "rule"),),
    ]


def is_manual(screen: Screen[Any]) -> bool:
    """Whether that screen is a part of the manual."""
    return isinstance(screen, ManualScreen | ManualPageScreen)


class ManualScreen(Pane[None]):
    """Which pages there are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", key_display="Esc", id="manual.back",
                tooltip="Close the manual"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs

    def body(self) -> ComposeResult:
        """The pages."""
        yield Painted(id="manual-title")
        yield LineTable(PagePainter(self._glyphs), id="manual-pages")
        yield KeyHints(("help", "open"), leaving="manual.back")

    def on_mount(self) -> None:
        """They never change."""
        self._table.show(pages())
        self._table.focus()

    @property
    def _table(self) -> LineTable[Page]:
        return self.query_one("#manual-pages", LineTable)

    @on(events.Resize)
    def lay_out(self) -> None:
        """The title is as wide as the screen; the table sees to itself."""
        width = self.size.width
        if self.is_mounted and width:
            title = _title("Manual", width, self._glyphs)
            self.query_one("#manual-title", Painted).show(title)

    @on(LineTable.Chosen)
    def open_page(self, chosen: LineTable.Chosen) -> None:
        """Read one."""
        self.app.push_screen(ManualPageScreen(page(str(chosen.key)), self._glyphs))

    def action_back(self) -> None:
        """Back to what is below."""
        self.app.pop_screen()


class ManualPageScreen(Pane[None]):
    """One page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", key_display="Esc", id="manual.page.back",
                tooltip="Back to the pages of the manual"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="manual.up", tooltip="Scroll up"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="manual.down",
                tooltip="Scroll down"),
    ]  # fmt: skip

    def __init__(self, shown: Page, glyphs: Glyphs) -> None:
        super().__init__()
        self._page = shown
        self._glyphs = glyphs

    def body(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll():
            yield Painted(id="manual-page")
        yield KeyHints(("help", "manual.page.back"), leaving="manual.page.back")

    def on_mount(self) -> None:
        """Scrolls with the arrow keys at once."""
        self.query_one(VerticalScroll).focus()

    @on(events.Resize)
    def lay_out(self) -> None:
        """Wrap the text anew."""
        width = self.size.width
        if self.is_mounted and width:
            room = min(_WIDEST, width - 2)
            lines = page_lines(self._page, room, self._glyphs, whole_code=False)
            self.query_one("#manual-page", Painted).show(lines)

    def action_back(self) -> None:
        """Back to the pages."""
        self.app.pop_screen()

    def action_scroll(self, lines: int) -> None:
        """Line by line."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


_WIDEST = 100
"""Cells: longer lines of running text are hard to read."""
