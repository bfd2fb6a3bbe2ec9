"""An unknown certificate: shown before any password is sent, accepted explicitly."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static

from tui.errors import CertificateUnknown
from tui.presentation.certificate_lines import certificate_lines
from tui.presentation.room import box_room, is_small
from tui.screens.decisions import WORD, Deliberate, agrees
from tui.widgets.field import Field

_QUESTION = f"To trust it, type {WORD} and press Enter; Esc does not."
_WIDEST = 78
"""Cells, as in the stylesheet."""


class CertificateScreen(Deliberate):
    """Dismissed with True when a person accepts exactly this certificate."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Do not trust", id="certificate.refuse"),
        Binding("up", "scroll(-1)", "Up", show=False, id="certificate.up"),
        Binding("down", "scroll(1)", "Down", show=False, id="certificate.down"),
    ]

    def __init__(self, refusal: CertificateUnknown) -> None:
        super().__init__()
        self._refusal = refusal

    def body(self) -> ComposeResult:
        """The certificate, which scrolls, and below it always what to type and a way out."""
        with Vertical(id="certificate"):
            with VerticalScroll(can_focus=False):
                yield Static(id="certificate-text", markup=False)
            with Vertical(id="certificate-answer"):
                yield Static(" ", id="certificate-question", markup=False)
                with Horizontal():
                    yield Field(id="agree", max_length=20)
                    yield Button("Do not trust", id="refuse", compact=True)

    def ask(self) -> None:
        """What to type, and where."""
        self.query_one("#certificate-question", Static).update(_QUESTION)
        self.query_one("#agree", Input).focus()

    @on(events.Resize)
    def lay_out(self) -> None:
        """Break the lines anew, to the room there is."""
        lines = certificate_lines(self._refusal, box_room(_WIDEST, *self.size))
        if is_small(*self.size):
            lines = [line for line in lines if line]
        self.query_one("#certificate-text", Static).update("\n".join(lines))

    @on(Input.Submitted, "#agree")
    def answer(self, event: Input.Submitted) -> None:
        """Pin this certificate for this host and port, at the word and at nothing else."""
        if agrees(event.value) or not event.value.strip():
            self.dismiss(agrees(event.value))
            return
        self.query_one("#agree", Input).value = ""
        self.query_one("#certificate-question", Static).update(f"Only {WORD!r} trusts. {_QUESTION}")

    @on(Button.Pressed, "#refuse")
    def action_refuse(self) -> None:
        """Do not log on."""
        self.dismiss(False)

    def action_scroll(self, lines: int) -> None:
        """Scroll a certificate that does not fit."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
