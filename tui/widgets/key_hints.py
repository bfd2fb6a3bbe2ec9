"""The keys that matter here, on one line: as many as fit, whole, made from the bindings."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from tui.light import dataclass
from tui.presentation.keys import key_name
from tui.presentation.line import Line, Span
from tui.presentation.text import cells
from tui.widgets.painted import Painted


@dataclass(frozen=True)
class _Hint:
    key: str
    text: str
    binding: Binding

    @property
    def width(self) -> int:
        return cells(self.key) + cells(self.text) + 2  # a blank after each of them


def _hint(binding: Binding) -> _Hint:
    return _Hint(key_name(binding.key), binding.description, binding)


class KeyHints(Painted):
    """Hints for the bindings named by id; click one to run it.

    In the order of their importance: the first that does not fit goes with all after
    it. How to leave stands at the end and never goes: by the binding named `leaving`, or
    by Esc where that key is text for a field or belongs to a screen below.
    """

    DEFAULT_CSS = """
    KeyHints { dock: bottom; height: 1; }
    """

    def __init__(self, names: Sequence[str], *, leaving: str = "quit") -> None:
        super().__init__()
        self._names = names
        self._leaving = leaving
        self._places: list[tuple[int, int, Binding]] = []

    def on_mount(self) -> None:
        """Follow the focus: an input takes other keys than a table."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self.show_hints()

    def _changed(self, _: Screen[object]) -> None:
        self.show_hints()

    def on_resize(self) -> None:
        """Fit as many as there is room for now."""
        self.show_hints()

    def show_hints(self) -> None:
        """Bring the line up to date."""
        width = self.size.width
        if width:
            self.show([self._line(width)])

    def _line(self, width: int) -> Line:
        active: dict[str | None, Binding] = {}
        for item in self.screen.active_bindings.values():
            if not self._is_typed(item.binding):
                active.setdefault(item.binding.id, item.binding)
        escape = self.screen.active_bindings.get("escape")
        leaving = active.get(self._leaving) or (escape.binding if escape else None)
        named = [active[name] for name in self._names if name in active]
        wanted = [binding for binding in named if binding is not leaving]
        hints = [_hint(binding) for binding in wanted]
        last = [_hint(leaving)] if leaving is not None else []
        spans: list[Span] = [(" ", "bar")]
        self._places = []
        at = 1
        for hint in self._fitting(hints, last, width - at + 1):  # the last blank may go
            spans += [(hint.key, "note-bar"), (f" {hint.text} ", "bar")]
            self._places.append((at, at + hint.width, hint.binding))
            at += hint.width
        spans.append((" " * max(0, width - at), "bar"))
        return tuple(spans)

    def _fitting(self, hints: Sequence[_Hint], last: list[_Hint], width: int) -> list[_Hint]:
        """As many of the first ones as fit, and how to leave."""
        left = width - sum(hint.width for hint in last)
        shown: list[_Hint] = []
        for hint in hints:
            left -= hint.width
            if left < 0:
                break
            shown.append(hint)
        return shown + last

    def _is_typed(self, binding: Binding) -> bool:
        """Whether the key is text for the field with the focus: Textual misses `slash`."""
        name, focused = key_name(binding.key), self.screen.focused
        return focused is not None and len(name) == 1 and focused.check_consume_key(name, name)

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse says."""
        for start, end, binding in self._places:
            if start <= event.x < end:
                self.app.simulate_key(binding.key)
                return
