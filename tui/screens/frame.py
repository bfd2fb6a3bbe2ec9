"""What every screen keeps in sight: where it is connected, how old the data is, and room.

A pane or a dialog covers a screen that follows a server. Its first line is that screen's
own: server, read-only, marks, clock and age, so that nothing old is taken for new
whatever lies over it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from textual import events, on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from tui.presentation.line import Line
from tui.presentation.room import is_small, is_too_small, too_small_line
from tui.widgets.key_hints import KeyHints
from tui.widgets.painted import Painted

Result = TypeVar("Result")


@runtime_checkable
class Beating(Protocol):
    """A screen that shows clocks. The app has one beat a second for all of them."""

    def beat(self) -> None:
        """A second has passed, with this screen in front, or it has just come there."""


@runtime_checkable
class BeatingUnseen(Protocol):
    """A screen that has something to tell while another one covers it."""

    def beat_unseen(self) -> None:
        """A second has passed, and nothing of this screen is seen."""


def beat(stack: Sequence[Screen[Any]]) -> None:
    """A second has passed for those screens, of which the last one is in front."""
    for covered in stack[:-1]:
        if isinstance(covered, BeatingUnseen) and covered.is_mounted:
            covered.beat_unseen()
    for front in stack[-1:]:
        if isinstance(front, Beating) and front.is_mounted:
            front.beat()


_BEHIND = 0.1
_MOST_BEHIND = 0.4
"""Seconds by which the clocks' second comes after that of the polls."""


def next_second(last: float, now: float, shown: float | None) -> float:
    """When to call back next, after the `last` time: in a second or, to get in step, sooner.

    Polls come in whole seconds as well. Where the clocks' own second falls right behind one
    in which a poll was `shown`, the two are painted together, and the second finds nothing
    to do. Never later than in a second: the clocks would leave one out. What was missed, by
    a process that was stopped, is not made up for. All by the event loop's clock.
    """
    due = max(last, now - 1.0) + 1.0
    behind = 0.0 if shown is None else (due - shown) % 1.0
    at = due - (behind - _BEHIND) if behind > _MOST_BEHIND else due
    return at if at >= now else at + 1.0


class EachSecond:
    """Calls back once a second, for as long as it is wanted.

    Textual's own timer has a task, an event and a callback with a signature to look up:
    several times what a clock takes that is waited for by the event loop alone.
    """

    def __init__(self, call: Callable[[], bool]) -> None:
        """`call` says whether it wants to be called again. Begins in a second."""
        self._call = call
        self._loop = asyncio.get_running_loop()
        self._at = self._loop.time()
        self._shown: float | None = None
        self._wait()

    def follow(self) -> None:
        """A poll has just been shown, clocks and all: from now on right after such a moment."""
        self._shown = self._loop.time()

    def _wait(self) -> None:
        self._at = next_second(self._at, self._loop.time(), self._shown)
        self._loop.call_at(self._at, self._second)

    def _second(self) -> None:
        if self._call():
            self._wait()


def poll_shown(app: App[Any]) -> None:
    """A poll was shown by the screen in front, with all its clocks."""
    seconds = getattr(app, "seconds", None)
    if isinstance(seconds, EachSecond):
        seconds.follow()


@runtime_checkable
class Watching(Protocol):
    """A screen that follows a server and can say in one line how that goes."""

    def safety_line(self, width: int) -> Line:
        """Server, read-only, marks, clock and age, `width` cells wide."""


def watching(screen: Screen[Any]) -> Watching | None:
    """The screen itself or the nearest one below it that follows a server."""
    stack = screen.app.screen_stack
    below = stack[: stack.index(screen) + 1] if screen in stack else []
    return next((each for each in reversed(below) if isinstance(each, Watching)), None)


class SafetyLine(Painted):
    """The line of the nearest screen that follows a server; none at the login."""

    DEFAULT_CSS = "SafetyLine { dock: top; }"

    def show_safety(self) -> None:
        """Bring the line up to date."""
        source = watching(self.screen) if self.is_mounted else None
        width = self.screen.size.width
        self.show([source.safety_line(width)] if source is not None and width else [])


class TooSmall(Painted):
    """Covers the screen where it cannot be read: below the smallest size one honest line.

    What lies under it keeps its focus and its place.
    """

    DEFAULT_CSS = """
    TooSmall { layer: cover; dock: top; display: none; width: 100%; height: 100%; }
    TooSmall.-needed { display: block; }
    """

    def __init__(self, say: Callable[[int, int], Sequence[Line]] | None = None) -> None:
        """`say` gives for a width and a height the lines that do fit."""
        super().__init__()
        self._say = say or (lambda width, height: [too_small_line(width, height)])
        self.is_needed = False
        """Whether the screen is covered: as it was when it was fitted last."""

    def fit_screen(self) -> None:
        """Cover the screen, or uncover it: after another size, and while it is covered."""
        width, height = self.screen.size
        needed = bool(width) and is_too_small(width, height)
        if needed is not self.is_needed:
            self.is_needed = needed
            self.set_class(needed, "-needed")
        if needed:
            self.show(self._say(width, height))


def framed(parts: Iterable[Widget]) -> ComposeResult:
    """The parts of a screen between the line on top and what covers them when too small."""
    yield SafetyLine()
    yield from parts
    yield TooSmall()


class Pane(Screen[Result]):
    """A screen over one that follows a server. A subclass gives `body` its parts."""

    DEFAULT_CSS = "Pane { layers: default cover; overflow: hidden; }"

    def compose(self) -> ComposeResult:
        """The safety line, the parts, the cover."""
        yield from framed(self.body())

    def body(self) -> ComposeResult:
        """What the pane itself consists of."""
        return ()

    def beat(self) -> None:
        """The line on top follows the clock; a subclass adds what else does."""
        _show_safety(self)

    @on(events.ScreenResume)
    def come_to_front(self) -> None:
        """Nothing was brought up to date while it was covered."""
        self.beat()

    @on(events.Resize)
    @on(events.ScreenResume)
    def fit_frame(self) -> None:
        """The line on top at its width; below the smallest size only that."""
        _fit(self)


class Dialog(ModalScreen[Result]):
    """A question over another screen, which shows through around it."""

    DEFAULT_CSS = """
    Dialog { layers: default cover; overflow: hidden; }
    Dialog > KeyHints { display: none; }
    Dialog.-small > KeyHints { display: block; }
    """

    def compose(self) -> ComposeResult:
        """The safety line, the parts, the cover."""
        yield from framed(self._parts())

    def _parts(self) -> ComposeResult:
        """The body, and how to leave it where a small screen may hide the sentence on it."""
        yield from self.body()
        yield KeyHints(())

    def body(self) -> ComposeResult:
        """What the dialog itself consists of."""
        return ()

    def beat(self) -> None:
        """The line on top follows the clock."""
        _show_safety(self)

    @on(events.Resize)
    @on(events.ScreenResume)
    def fit_frame(self) -> None:
        """The line on top at its width; below the smallest size only that."""
        _fit(self)


def _fit(screen: Screen[Any]) -> None:
    screen.set_class(is_small(*screen.size), "-small")
    _show_safety(screen)
    for cover in screen.query(TooSmall):
        cover.fit_screen()
    screen.call_after_refresh(_keep_focus_in_view, screen)


def _show_safety(screen: Screen[Any]) -> None:
    for line in screen.query(SafetyLine):
        line.show_safety()


def _keep_focus_in_view(screen: Screen[Any]) -> None:
    if screen.focused is not None:
        keep_in_view(screen.focused)


def keep_in_view(field: Widget, *, top: bool = False) -> None:
    """A form that does not fit scrolls no further than to this field of it.

    With `top` so far that the most of what follows the field is seen.
    """
    for form in field.ancestors:
        if isinstance(form, VerticalScroll):
            form.scroll_to(y=0, animate=False, immediate=True)
            field.scroll_visible(top=top, animate=False, immediate=True)
