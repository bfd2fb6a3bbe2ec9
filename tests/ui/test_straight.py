"""What goes straight to the terminal leaves it showing what a full repaint would show."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.widgets import Input

from tests.support.emulator import Cell, Emulator
from tui.presentation.columns import Column
from tui.presentation.line import Line
from tui.terminal.filter import CellFilter
from tui.terminal.runs import Run, as_written
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted, differing
from tui.widgets.straight import Straight

TEXTS = ("a", "bb", "漢字", "e\u0301", "–", "x" * 9, "")
SIZE = (60, 12)
TOKENS = ("", "failed", "dim", "warning", "new")


class Terminal(HeadlessDriver):
    """Takes what is written, with and without the filter of the real driver."""

    def __init__(self, app: App[None], **given: object) -> None:
        super().__init__(app, **given)  # type: ignore[arg-type]
        width, height = self._get_terminal_size()
        self.bare, self.behind = Emulator(width, height), Emulator(width, height)
        self.filter = CellFilter(width, height)
        self.writes: list[str] = []
        self.laid = 0
        self.write("\x1b[?1049h\x1b[?7l")

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.writes.append(data)
        self.bare.feed(data)
        self.behind.feed(self.filter.feed(data))
        self._paint()

    def write_runs(self, runs: Sequence[Run]) -> None:
        written = as_written(runs)
        self.writes.append(written)
        self.bare.feed(written)
        if self.filter.lay(runs):
            self.laid += 1
        else:
            self.behind.feed(self.filter.feed(written))
        self._paint()

    def _paint(self) -> None:
        if not self.filter.in_frame:
            self.behind.feed(self.filter.paint())

    def resize(self, width: int, height: int) -> None:
        self._size = (width, height)
        for emulator in (self.bare, self.behind):
            emulator.resize(width, height)
        self.filter.resize(width, height)


class Cells:
    """Rows are `(key, texts, token)`; three columns, the last of which takes what is left."""

    def columns(self, width: int) -> Sequence[Column]:
        return [Column("one", "One", 0, 6), Column("two", "Two", 6, 10)][: 2 if width >= 16 else 1]

    def header(self, column: Column) -> Line:
        return ((column.title.ljust(column.width), "header"),)

    def key(self, row: tuple[int, tuple[str, str], str]) -> Hashable:
        return row[0]

    def cells(
        self, row: tuple[int, tuple[str, str], str], columns: Sequence[Column]
    ) -> Sequence[Line]:
        return [
            ((f"{row[0]}{text}"[: column.width - 4].ljust(column.width - 2), row[2]), ("  ", ""))
            for column, text in zip(columns, row[1], strict=False)
        ]

    def below(self, row: tuple[int, tuple[str, str], str], width: int) -> Sequence[Line]:
        return ()


class Over(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Painted(id="over")


class Sample(App[None]):
    CSS = "Screen { background: blue; } LineTable { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__(driver_class=Terminal)
        self.straight: Straight | None = None

    def compose(self) -> ComposeResult:
        yield Painted(id="head")
        yield LineTable(Cells(), id="rows")
        yield Painted(id="foot")

    @property
    def terminal(self) -> Terminal:
        assert isinstance(self._driver, Terminal)
        return self._driver

    def go_straight(self) -> None:
        self.straight = Straight(self, self.terminal.write, self.terminal.write_runs)


def picture_of(app: Sample) -> list[list[Cell]]:
    """What the compositor has for the whole screen, on a terminal of its own."""
    width, height = app.size
    fresh = Emulator(width, height)
    fresh.feed("\x1b[?1049h\x1b[?7l")
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        fresh.feed(f"\x1b[{y + 1};1H{strip.render(app.console)}")
    return fresh.picture()


async def a_moment() -> None:
    await asyncio.sleep(0.005)


async def is_shown(app: Sample) -> list[list[Cell]]:
    """The terminal comes to show what the compositor has, with the filter and without."""
    async with asyncio.timeout(10):
        while (shown := picture_of(app)) != app.terminal.behind.picture() or (
            shown != app.terminal.bare.picture()
        ):
            await a_moment()
    return shown


async def is_right(app: Sample) -> None:
    """The terminal comes to show what the compositor has, and that is what the widgets say."""
    shown = await is_shown(app)
    for widget in app.screen.walk_children():
        widget.refresh()  # nothing that was kept of them is true any more
    assert picture_of(app) == shown


class Changes:
    """Any change that the app's screens go through, drawn at random."""

    def __init__(self, app: Sample, seed: int) -> None:
        self.app, self.any = app, random.Random(seed)
        self.head: list[Line] = [self.line(), self.line()]
        self.rows = [self.row(key) for key in range(12)]
        self.size = SIZE

    def line(self) -> Line:
        """A clock somewhere in the middle, or something else."""
        clock = f"{self.any.randrange(60):02} s"
        return (("left ", "title"), (self.any.choice(TEXTS), self.any.choice(TOKENS)), (clock, ""))

    def row(self, key: int) -> tuple[int, tuple[str, str], str]:
        texts = (self.any.choice(TEXTS[:2]), self.any.choice(TEXTS[:2]))
        return key, texts, self.any.choice(TOKENS)

    async def step(self) -> None:
        """One of them. Most are of the kind that goes straight."""
        weighted: list[tuple[int, Callable[[], object]]] = [
            (6, self.tick),
            (6, self.poll),
            (1, self.reorder),
            (1, self.another_line),
            (1, lambda: self.app.notify("a notice [/]", timeout=60, markup=False)),
            (1, self.app.clear_notifications),
            (1, self.turn_stale),
            (1, self.resize),
            (1, self.cover),
            (1, lambda: self.app.query_one(LineTable).action_cursor(self.any.choice((-1, 1, 5)))),
            (1, self.change_theme),
        ]
        kinds, weights = [kind for _, kind in weighted], [weight for weight, _ in weighted]
        self.any.choices(kinds, weights)[0]()
        while tuple(self.app.size) != self.size:  # a size told of twice is no other size
            await a_moment()
        if self.any.random() < 0.5:
            await asyncio.sleep(0)

    def _of_first(self, selector: str) -> Painted:
        return self.app.screen_stack[0].query_one(selector, Painted)

    def show(self) -> None:
        self._of_first("#head").show(self.head)
        self.app.screen_stack[0].query_one(LineTable).show(list(self.rows))

    def tick(self) -> None:
        self.head[self.any.randrange(len(self.head))] = self.line()
        self.show()
        for over in self.app.screen.query("#over").results(Painted):
            over.show([self.line()])

    def poll(self) -> None:
        for at in self.any.sample(range(len(self.rows)), 3):
            self.rows[at] = self.row(self.rows[at][0])
        self.show()

    def reorder(self) -> None:
        self.any.shuffle(self.rows)
        self.show()

    def another_line(self) -> None:
        self.head = [self.line() for _ in range(self.any.randrange(1, 5))]
        self.show()

    def turn_stale(self) -> None:
        self.app.screen_stack[0].toggle_class("-stale")

    def change_theme(self) -> None:
        self.app.theme = self.any.choice(("nord", "gruvbox", "textual-dark"))

    def resize(self) -> None:
        sizes = ((60, 12), (34, 9), (14, 6), (100, 16))
        width, height = self.any.choice([size for size in sizes if size != self.size])
        self.size = width, height
        self.app.terminal.resize(width, height)
        self.app.post_message(events.Resize(Size(width, height), Size(width, height)))
        # As the real driver does, for a size that is left before it was laid out.
        self.app.set_timer(0.05, lambda: self.app.refresh(layout=True))

    def cover(self) -> None:
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        else:
            self.app.push_screen(Over())


async def _runs(seed: int, steps: int) -> None:
    app = Sample()
    async with app.run_test(headless=False, size=SIZE) as pilot:
        changes = Changes(app, seed)
        changes.show()
        await pilot.pause()
        app.go_straight()
        app.terminal.writes.clear()
        for _ in range(steps):
            await changes.step()
            if changes.any.random() < 0.4:
                await pilot.pause()
                await is_right(app)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_terminal_shows_what_a_full_repaint_would_show(seed: int) -> None:
    asyncio.run(_runs(seed, 30))


def test_what_ends_alike_and_has_moved_is_painted_too() -> None:
    def line(middle: str) -> Line:
        return (("left ", "title"), (middle, ""), ("19 s", ""))

    assert differing(line("a"), line("bbb"), 2) == Region(5, 2, 7, 1)
    assert differing(line("bbb"), line("a"), 2) == Region(5, 2, 7, 1)
    assert differing(line("aaa"), line("bbb"), 2) == Region(5, 2, 3, 1)
    assert differing(line("a"), line("a"), 2) is None


class CountingCells(Cells):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def key(self, row: tuple[int, tuple[str, str], str]) -> Hashable:
        self.asked["key"] += 1
        return super().key(row)

    def cells(
        self, row: tuple[int, tuple[str, str], str], columns: Sequence[Column]
    ) -> Sequence[Line]:
        self.asked["cells"] += 1
        return super().cells(row, columns)


def _tick_and_poll(app: Sample, painter: CountingCells, rows: int) -> Iterator[None]:
    """Five ticks of a clock, and five polls in which three rows change."""
    shown = [(key, ("a", "b"), "") for key in range(rows)]
    for at in range(1, 6):
        app.query_one("#head", Painted).show([(("left ", "title"), (f"{at:02}", ""))])
        yield
        for key in (1, 3, 4):
            shown[key] = (key, ("a", str(at)), "")
        app.query_one(LineTable).show(list(shown))
        yield


async def _work(rows: int, *, moved: bool) -> Counter[str]:
    """What they take with so many rows, of which ten are in sight."""
    app, painter = Sample(), CountingCells()
    async with app.run_test(headless=False, size=SIZE) as pilot:
        table = app.query_one(LineTable)
        table.set_painter(painter)
        app.go_straight()
        frames: list[str] = []
        app.post_display_hook = lambda: frames.append("one")  # type: ignore[method-assign]
        # Until the frames of the beginning are over; those of the work itself never would be.
        for attempt in range(50):
            frames.clear()
            app.terminal.writes.clear()
            painter.asked.clear()
            app.terminal.laid = 0
            for _ in _tick_and_poll(app, painter, rows):
                await asyncio.sleep(0)
            if moved and not attempt:
                table.action_cursor(2)
            elif attempt > 1 and not frames and len(app.terminal.writes) == 10:
                break
            await pilot.pause(0.02)  # longer than it takes from one frame to the next
            await is_shown(app)
        work = Counter(painter.asked)
        work["frames"], work["writes"] = len(frames), len(app.terminal.writes)
        work["laid"] = app.terminal.laid
        work["characters"] = sum(map(len, app.terminal.writes))
        await is_right(app)
    return work


@pytest.mark.parametrize("moved", [False, True])
async def test_ticks_and_polls_take_what_changed_and_no_frame(moved: bool) -> None:
    few, many = [await _work(rows, moved=moved) for rows in (12, 1200)]
    assert few == many
    assert many["frames"] == 0
    assert many["writes"] == many["laid"] == 10
    # Ten rows in sight are looked at, and three painted; the one under the cursor is found again.
    assert many["cells"] <= 5 * (10 + 3)
    assert many["key"] <= 5 * 4


class WithField(Sample):
    """Somebody may type."""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Input("abc")

    @property
    def typed(self) -> Input:
        return self.query_one(Input)


async def test_the_cursor_is_brought_back_to_where_somebody_types_and_nowhere_else() -> None:
    app, straight = WithField(), list[str]()
    async with app.run_test(headless=False, size=SIZE):
        head, table, field = app.query_one("#head", Painted), app.query_one(LineTable), app.typed
        head.show([(("left ", "title"), ("00", ""))])
        app.straight = Straight(
            app, straight.append, lambda runs: straight.append(as_written(runs))
        )
        for focused in (table, field, table):
            focused.focus()
            await is_shown(app)
            straight.clear()
            async with asyncio.timeout(10):
                for second in count():  # the first ones may come with a frame of the beginning
                    head.show([(("left ", "title"), (f"{second % 60:02}", ""))])
                    await a_moment()
                    if straight:
                        break
            assert straight[-1].endswith("H") == (focused is field), straight
