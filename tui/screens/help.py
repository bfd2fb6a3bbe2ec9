"""Help, made from the bindings that are really active."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.presentation.glyphs import Glyphs, word
from tui.presentation.keys import key_name
from tui.presentation.text import fit, wrap

_KEYS_WIDTH = 14
_TEXT_WIDTH = 56


class HelpScreen(ModalScreen[None]):
    """Lists keys, what they do, and what the signs mean."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "dismiss_help", "Close", id="help.close"),
    ]

    def __init__(self, active: dict[str, ActiveBinding], glyphs: Glyphs) -> None:
        super().__init__()
        self._active = active
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll(id="help"):
            yield Static("\n".join(self.lines()), markup=False)

    def on_mount(self) -> None:
        """Scrolls with the arrow keys at once."""
        self.query_one(VerticalScroll).focus()

    def lines(self) -> list[str]:
        """The help as plain lines."""
        lines = ["KEYS (Esc closes this help)", ""]
        for keys, binding in _grouped(self._active):
            said = binding.tooltip or binding.description
            first, *rest = wrap(said, _TEXT_WIDTH)
            lines.append(f"{fit(keys, _KEYS_WIDTH)} {first}")
            lines += [f"{' ' * _KEYS_WIDTH} {part}" for part in rest]
        lines += ["", "SIGNS", ""]
        lines += [
            f"{fit(symbol, _KEYS_WIDTH)} {word(status)}"
            for status, symbol in self._glyphs.symbols.items()
        ]
        lines += [
            fit("~", _KEYS_WIDTH) + " inferred here: the server did not say it",
            fit(self._glyphs.dash, _KEYS_WIDTH) + " unknown",
            fit("RO", _KEYS_WIDTH) + " read-only: besides logon and logoff nothing but GET is sent",
            "",
            "Grey data is older than twice the interval. Times are UTC and, for durations,",
            "the server's own clock.",
        ]
        return lines

    def action_dismiss_help(self) -> None:
        """Back to the screen below."""
        self.dismiss()


def _grouped(active: dict[str, ActiveBinding]) -> list[tuple[str, Binding]]:
    """Each binding once, with all its keys."""
    groups: dict[str, tuple[list[str], Binding]] = {}
    for item in active.values():
        binding = item.binding
        if not binding.id or not binding.description:
            continue
        keys = groups.setdefault(binding.id or binding.action, ([], binding))[0]
        shown = key_name(binding.key)
        if shown not in keys:
            keys.append(shown)
    return [(" ".join(keys), binding) for keys, binding in groups.values()]
