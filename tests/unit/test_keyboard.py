"""Keys as the driver posts them, on an event loop as each Python gives one to Textual."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.driver import Driver
from textual.widgets import Input

from tui.keyboard import KeysInOrder

_TURNS = 20_000
"""Turns of the event loop after which a key is taken for lost."""

_FACTORIES: dict[str, Any] = {"lazy": None}
if hasattr(asyncio, "eager_task_factory"):  # from Python 3.12 on
    _FACTORIES["eager"] = asyncio.eager_task_factory


class _Probe(App[int]):
    """`/` opens a field and gives it the focus; `q` would leave. Wired as the app is."""

    BINDINGS: ClassVar[list[BindingType]] = [("slash", "open", "open"), ("q", "leave", "leave")]

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self.left = 0
        self._keys_in_order = KeysInOrder(super().on_event, self._handle_exception)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._keys_in_order.take(event)
        else:
            await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        self.call_next(self._keys_in_order.answered, event)

    def compose(self) -> ComposeResult:
        yield Input(disabled=True)

    def action_open(self) -> None:
        field = self.query_one(Input)
        field.disabled = False
        field.focus()

    def action_leave(self) -> None:
        self.left += 1


def _type(app: _Probe, keys: str) -> None:
    """As the driver does: all of one packet at once, without waiting."""
    for key in keys:
        app.post_message(events.Key("slash" if key == "/" else key, key))


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(_TURNS):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("in vain")


@pytest.fixture(params=_FACTORIES)
def tasks(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def _begin(tasks: str) -> None:
    """What Textual does when it runs for a terminal, and does not when it runs for a test."""
    asyncio.get_running_loop().set_task_factory(_FACTORIES[tasks])


async def test_one_key_after_the_other(tasks: str) -> None:
    async with _Probe().run_test() as pilot:
        await _begin(tasks)
        app = pilot.app
        assert isinstance(app, _Probe)
        for presses in range(1, 6):
            _type(app, "q")
            await _until(lambda wanted=presses: app.left == wanted)  # type: ignore[misc]


async def test_keys_that_arrive_together(tasks: str) -> None:
    async with _Probe().run_test() as pilot:
        await _begin(tasks)
        app = pilot.app
        assert isinstance(app, _Probe)
        _type(app, "/sqlq")
        await _until(lambda: app.query_one(Input).value == "sqlq")
        assert app.left == 0
        _type(app, "xyz")
        await _until(lambda: app.query_one(Input).value == "sqlqxyz")
