"""An unknown certificate: shown before any password is sent, accepted explicitly."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.errors import CertificateChanged, CertificateUnknown
from tui.presentation import times
from tui.presentation.text import clean


class CertificateScreen(ModalScreen[bool]):
    """Dismissed with True when a person accepts exactly this certificate."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "refuse", "Do not trust", id="certificate.refuse"),
        Binding("y", "accept", "Trust", id="certificate.accept"),
    ]

    def __init__(self, refusal: CertificateUnknown) -> None:
        super().__init__()
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """The certificate and two buttons, the safe one first."""
        with VerticalScroll(id="certificate"):
            yield Static("\n".join(certificate_lines(self._refusal)), markup=False)
            with Horizontal():
                yield Button("Do not trust (n)", id="refuse", compact=True)
                yield Button("Trust this certificate (y)", id="accept", compact=True)

    def on_mount(self) -> None:
        """The safe button has the focus."""
        self.query_one("#refuse", Button).focus()

    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        """Pin this certificate for this host and port."""
        self.dismiss(True)

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
