"""Changed cells straight to the terminal, without a frame of Textual's compositor.

A frame costs the same for one digit of a clock as for half of the screen: the compositor
renders all that lies between the first and the last changed cell, and a timer wakes the
process once more for it. Clocks and a poll's few changed cells need none of that.

What is painted are the widget's own spans, which its `render_line` gives the compositor too,
so there is one painter only. Where more is between them and the screen (an effect of the
stylesheet, cells at the edge of what is in view), it is the widget's own lines as the
compositor would get them (`render_lines`). Wherever something is in doubt (another screen or
widget in front, a size that is not laid out yet, no terminal), the compositor has it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.errors import NoWidget
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.presentation.text import cells
from tui.terminal.runs import Run

MOST_CHANGES: Final = 400
"""At a time, in one widget: more than any screen has, or it is no matter of a few cells."""

_PROBE: Final = "x"
_RENDERED: Final = re.compile(rf"(?:\x1b\[([\d;]+)m{_PROBE}\x1b\[0m|{_PROBE})")

WriteRuns = Callable[[Sequence[Run]], None]
StyledText = tuple[str, Style]


class Straight:
    """Collects what changed, and paints it once the code that changed it is through."""

    def __init__(self, app: App[Any], write: Callable[[str], None], write_runs: WriteRuns) -> None:
        """`write` sends to the terminal, and `write_runs` what is to stand in which cells."""
        self._app = app
        self._write = write
        self._write_runs = write_runs
        self._pending: dict[MayGoStraight, list[Region]] = {}
        self._sight = _Sight()

    def take(self, widget: MayGoStraight, regions: Iterable[Region]) -> None:
        """These cells of the widget, counted from its content's corner, have changed."""
        wanted = list(regions)
        if len(wanted) > MOST_CHANGES:
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
        painted: list[Run] = []
        for widget, regions in pending.items():
            runs = self._painted(widget, regions)
            if runs is None:
                widget.refresh(*regions)
            else:
                painted += runs
        if painted:
            self._write_runs(painted)
            self._bring_cursor_back()

    def _bring_cursor_back(self) -> None:
        """To where somebody types, which is where input methods show what is composed.

        Else the cursor, which is hidden, may stay where it is.
        """
        if hasattr(type(self._app.focused), "cursor_screen_offset"):
            x, y = self._app.size.clamp_offset(self._app.cursor_position)
            self._write(f"\x1b[{y + 1};{x + 1}H")

    def _painted(self, widget: MayGoStraight, regions: list[Region]) -> list[Run] | None:
        """What stands in the cells; None where the compositor has to see to it."""
        screen = self._app.screen
        if not widget.is_attached or widget.screen is not screen:
            return None
        try:
            place = screen.find_widget(widget)
        except NoWidget:
            return None
        if screen.size != self._app.size or place.region.size != widget.outer_size:
            return None
        in_front = self._sight.rows(screen, widget)
        corner, seen = place.region.offset, place.visible_region
        content = corner + widget.content_offset
        runs: list[Run] = []
        for region in regions:
            whole = region.translate(content)
            target = whole.intersection(seen)
            if not target:
                continue
            if any(in_front(y, target.x, target.right) for y in target.line_range):
                return None
            known = widget.runs_in(region, whole.offset) if target == whole else None
            if known is None:
                known = _rendered(widget, target, corner)
                if known is None:
                    return None
            runs += known
        return runs


def _rendered(widget: MayGoStraight, target: Region, corner: Any) -> list[Run] | None:
    """What stands in those cells of the screen by the widget's lines as they are rendered."""
    runs: list[Run] = []
    for y in target.line_range:
        line = Region(0, y - corner.y, widget.outer_size.width, 1)
        (strip,) = widget.render_lines(line)
        x = target.x
        for text, style, _ in strip.crop(target.x - corner.x, target.right - corner.x):
            sgr = widget.sgr_of(style or Style.null(), filtered=True)
            if sgr is None:
                return None
            runs.append(Run(x, y, text, sgr))
            x += cells(text)
    return runs


class _Sight:
    """Knows what lies over a widget: notices, covers, tips, scrollbars.

    Of Textual's compositor it takes the list of what is on each row from front to back,
    which has no public name (8.2): a new one is made whenever anything is laid out anew,
    so what was found holds as long as it is the same list.
    """

    def __init__(self) -> None:
        self._layers: Any = None
        self._found: dict[tuple[Widget, int], list[tuple[Widget, Region]]] = {}

    def rows(self, screen: Screen[Any], widget: Widget) -> Callable[[int, int, int], bool]:
        """Whether something lies over the cells of a row, from one column up to another."""
        layers = screen._compositor.layers_visible  # noqa: SLF001 - it has no public name
        if layers is not self._layers:
            self._layers = layers
            self._found.clear()

        def is_covered(y: int, first: int, end: int) -> bool:
            over = self._found.get((widget, y))
            if over is None:
                over = self._found[widget, y] = list(_over(layers, widget, y))
            return any(
                region.x < end and first < region.right and other.visible for other, region in over
            )

        return is_covered


def _over(
    layers: Sequence[Sequence[tuple[Widget, Region, Region]]], widget: Widget, y: int
) -> Iterator[tuple[Widget, Region]]:
    """What stands in front of the widget on a row; a row that it is not on is all covered."""
    on_row = layers[y] if 0 <= y < len(layers) else ()
    for other, cropped, _ in on_row:
        if other is widget:
            return
        yield other, cropped
    yield widget.app.screen, widget.app.size.region


class Looks:
    """What Textual makes of the Rich styles of a widget, as SGR; None: not by SGR alone.

    It holds until the widget is styled or rendered anew: a change of what it rests on
    (theme, background, effects) paints it again.
    """

    def __init__(self, widget: Widget) -> None:
        styles = widget.styles
        self.is_plain = (
            widget.opacity == 1.0
            and not styles.tint.a
            and styles.text_opacity == 1.0
            and not styles.has_rule("hatch")
            and not any(edge[0] for edge in styles.outline)
        )
        """Whether the widget's own styles are what is shown, apart from filters."""
        self._background = widget.background_colors[1]
        self._filters = widget.get_line_filters()
        self._console = widget.app.console
        self._known: dict[tuple[Style, bool], str | None] = {}

    def sgr(self, style: Style, *, filtered: bool) -> str | None:
        """SGR parameters; `filtered` where the filters of the app have been applied."""
        key = (style, filtered)
        if key in self._known:
            return self._known[key]
        strip = Strip([Segment(_PROBE, style)])
        for each in () if filtered else self._filters:
            strip = strip.apply_filter(each, self._background)
        match = _RENDERED.fullmatch(strip.render(self._console))
        found = self._known[key] = (match[1] or "") if match else None
        return found


class MayGoStraight(Widget):
    """A widget some of whose cells change while the rest stays."""

    _looks: Looks | None = None

    def spans_in(self, region: Region) -> Iterable[StyledText] | None:
        """What stands in these cells of the content, in a row; None where that is not known."""
        return None

    def paint_cells(self, regions: list[Region]) -> None:
        """Have these cells painted: at once where the app can, else with the next frame."""
        straight = getattr(self.app, "straight", None)
        if isinstance(straight, Straight):
            straight.take(self, regions)
        else:
            self.refresh(*regions)

    def runs_in(self, region: Region, at: tuple[int, int]) -> list[Run] | None:
        """The same as it goes to the terminal, where it begins at that cell of the screen."""
        looks = self._looks_now()
        spans = self.spans_in(region) if looks.is_plain else None
        if spans is None:
            return None
        x, y = at
        end = x + region.width
        runs = []
        for text, style in spans:
            sgr = looks.sgr(style, filtered=False)
            if sgr is None:
                return None
            runs.append(Run(x, y, text, sgr))
            x += cells(text)
        return runs if x == end else None

    def sgr_of(self, style: Style, *, filtered: bool) -> str | None:
        """That style of the widget as SGR parameters; None where those do not say it all."""
        return self._looks_now().sgr(style, filtered=filtered)

    def _looks_now(self) -> Looks:
        if self._looks is None:
            self._looks = Looks(self)
        return self._looks

    def render_lines(self, crop: Region) -> list[Strip]:
        """As Textual does. It asks whenever anything of the widget may look otherwise."""
        self._looks = None
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        """A theme, a class or a stylesheet changed."""
        self._looks = None
        super().notify_style_update()

    def let_go(self, regions: Iterable[Region]) -> None:
        """What Textual keeps of these cells is no longer true.

        Else the next full paint would show them as they were. Textual forgets them in
        `refresh` only, which asks for a frame as well.
        """
        offset = self.content_offset
        self._styles_cache.set_dirty(*(region.translate(offset) for region in regions))
