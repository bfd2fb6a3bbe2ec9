"""Changed cells straight to the terminal, without a frame of Textual's compositor.

A frame costs the same for one digit of a clock as for half of the screen: the compositor
renders all that lies between the first and the last changed cell, and a timer wakes the
process once more for it. Clocks and a poll's few changed cells need none of that.

What is painted are the widget's own lines, as the compositor would get them (`render_lines`),
so there is one painter only. Wherever something is in doubt (another screen or widget in
front, a size that is not laid out yet, no terminal), the compositor has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

from textual.app import App
from textual.errors import NoWidget
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

MOST_CELLS: Final = 40
"""Of one change; wider ones are whole lines, which come with others."""

MOST_CHANGES: Final = 24
"""At a time, in one widget: a frame costs no more than so many cells one by one."""

_LEAST_OVER: Final = 4
"""Cells that whatever may lie over others is wide at least: a tip has two beside its text."""


class Straight:
    """Collects what changed, and paints it once the code that changed it is through."""

    def __init__(self, app: App[Any], write: Callable[[str], None]) -> None:
        """`write` sends to the terminal."""
        self._app = app
        self._write = write
        self._pending: dict[MayGoStraight, list[Region]] = {}

    def take(self, widget: MayGoStraight, regions: Iterable[Region]) -> None:
        """These cells of the widget, counted from its content's corner, have changed."""
        wanted = list(regions)
        many = len(wanted) > MOST_CHANGES
        if many or any(region.width > MOST_CELLS for region in wanted):
            widget.refresh(*wanted)
            return
        widget.let_go(wanted)
        if not self._pending:
            asyncio.get_running_loop().call_soon(self._paint)
        self._pending.setdefault(widget, []).extend(wanted)

    def _paint(self) -> None:
        pending, self._pending = self._pending, {}
        if not self._app.is_running:
            return
        painted = []
        for widget, regions in pending.items():
            text = self._painted(widget, regions)
            if text is None:
                widget.refresh(*regions)
            else:
                painted.append(text)
        if any(painted):
            self._write("".join(painted) + self._cursor())

    def _cursor(self) -> str:
        """Back to where somebody types, which is where input methods show what is composed.

        Else the cursor, which is hidden, may stay where it is.
        """
        if not hasattr(type(self._app.focused), "cursor_screen_offset"):
            return ""
        x, y = self._app.size.clamp_offset(self._app.cursor_position)
        return f"\x1b[{y + 1};{x + 1}H"

    def _painted(self, widget: Widget, regions: list[Region]) -> str | None:
        """The cells as the terminal takes them; None where the compositor has to see to it."""
        if not widget.is_attached or widget.screen is not self._app.screen:
            return None
        screen = widget.screen
        try:
            place = screen.find_widget(widget)
        except NoWidget:
            return None
        if screen.size != self._app.size or place.region.size != widget.outer_size:
            return None
        corner, seen = place.region.offset, place.visible_region
        to_terminal, console = [], self._app.console
        lines: dict[int, Strip] = {}
        for region in regions:
            own = region.translate(widget.content_offset)
            target = own.translate(corner).intersection(seen)
            if not target:
                continue
            if not _is_in_sight(screen, widget, target):
                return None
            first, end = target.x - corner.x, target.right - corner.x
            for y in target.line_range:
                if y not in lines:
                    whole = Region(0, y - corner.y, place.region.width, 1)
                    (lines[y],) = widget.render_lines(whole)
                cells = lines[y].crop(first, end).render(console)
                to_terminal.append(f"\x1b[{y + 1};{target.x + 1}H{cells}")
        return "".join(to_terminal)


def _is_in_sight(screen: Screen[Any], widget: Widget, target: Region) -> bool:
    """Whether nothing lies over any of these cells: no notice, no cover, no tip."""
    columns = {*range(target.x, target.right, _LEAST_OVER), target.right - 1}
    try:
        return all(
            screen.get_widget_at(x, y)[0] is widget for y in target.line_range for x in columns
        )
    except NoWidget:
        return False


class MayGoStraight(Widget):
    """A widget some of whose cells change while the rest stays."""

    def paint_cells(self, regions: list[Region]) -> None:
        """Have these cells painted: at once where the app can, else with the next frame."""
        straight = getattr(self.app, "straight", None)
        if isinstance(straight, Straight):
            straight.take(self, regions)
        else:
            self.refresh(*regions)

    def let_go(self, regions: Iterable[Region]) -> None:
        """What Textual keeps of these cells is no longer true.

        Else the next full paint would show them as they were. Textual forgets them in
        `refresh` only, which asks for a frame as well.
        """
        offset = self.content_offset
        self._styles_cache.set_dirty(*(region.translate(offset) for region in regions))
