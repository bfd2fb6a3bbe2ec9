"""An unknown certificate: shown before any password is sent, accepted explicitly."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, Static

from tui.errors import CertificateChanged, CertificateUnknown
from tui.presentation import times
from tui.presentation.text import clean
from tui.screens.deliberate import WORD, Deliberate, agrees
from tui.widgets.field import Field

_QUESTION = f"To trust it, type {WORD} and press Enter; Esc does not."


class CertificateScreen(Deliberate):
    """Dismissed with True when a person accepts exactly this certificate."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Do not trust", id="certificate.refuse"),
    ]

    def __init__(self, refusal: CertificateUnknown) -> None:
        super().__init__()
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """The certificate, what to type, and a way out."""
        with VerticalScroll(id="certificate"):
            yield Static("\n".join(certificate_lines(self._refusal)), markup=False)
            yield Static(" ", id="certificate-question", markup=False)
            with Horizontal():
                yield Field(id="agree", max_length=20)
                yield Button("Do not trust", id="refuse", compact=True)

    def ask(self) -> None:
        """What to type, and where."""
        self.query_one("#certificate-question", Static).update(_QUESTION)
        self.query_one("#agree", Input).focus()

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


def certificate_lines(refusal: CertificateUnknown) -> list[str]:
    """Why nobody vouches for it, and what a person compares with what the server's owner says."""
    certificate = refusal.certificate
    first, second = _halves(certificate.fingerprint)
    return [
        "UNKNOWN CERTIFICATE",
        "",
        clean(refusal.sentence),
        "",
        "Before trusting it, compare the fingerprint with one from the server's",
        "owner.",
        "",
        f"Server    {clean(certificate.host)}:{certificate.port}",
        f"Subject   {clean(certificate.subject)}",
        f"Issuer    {clean(certificate.issuer)}",
        f"Valid     {times.utc_stamp(certificate.not_before)} UTC",
        f"    to    {times.utc_stamp(certificate.not_after)} UTC",
        f"SHA-256   {first}",
        f"          {second}",
        "",
    ]


def changed_lines(refusal: CertificateChanged) -> list[str]:
    """For the login screen: both fingerprints in lines that fit it, and what to do about it."""
    certificate = refusal.certificate
    known, shown = _halves(refusal.known_fingerprint), _halves(certificate.fingerprint)
    return [
        clean(f"The certificate of {certificate.host}:{certificate.port} has changed.")
        + " Nothing secret was sent.",
        f"Trusted  {known[0]}",
        f"         {known[1]}",
        f"Shown    {shown[0]}",
        f"         {shown[1]}",
        clean(refusal.remedy or ""),
    ]


def _halves(fingerprint: str) -> tuple[str, str]:
    """In groups of four digits, eight groups a line."""
    groups = [fingerprint[i : i + 4] for i in range(0, 64, 4)]
    return " ".join(groups[:8]), " ".join(groups[8:])
