"""An unknown or changed certificate, in lines that a person compares by eye."""

from __future__ import annotations

from typing import Final

from tui.errors import CertificateChanged, CertificateUnknown
from tui.presentation import times
from tui.presentation.text import clean, wrap

_LABEL: Final = 10
_GROUP: Final = 4


def certificate_lines(refusal: CertificateUnknown, width: int) -> list[str]:
    """Why nobody vouches for it, and what a person compares with what the server's owner says.

    Lines of at most `width` cells.
    """
    certificate = refusal.certificate
    advice = "Before trusting it, compare the fingerprint with one from the server's owner."
    return [
        "UNKNOWN CERTIFICATE",
        "",
        *wrap(clean(refusal.sentence), width),
        "",
        *wrap(advice, width),
        "",
        *_fact("Server", f"{clean(certificate.host)}:{certificate.port}", width),
        *_fact("Subject", clean(certificate.subject), width),
        *_fact("Issuer", clean(certificate.issuer), width),
        *_fact("Valid", f"{times.utc_stamp(certificate.not_before)} UTC", width),
        *_fact("   to", f"{times.utc_stamp(certificate.not_after)} UTC", width),
        *_labelled("SHA-256", _in_groups(certificate.fingerprint, width - _LABEL)),
    ]


def certificate_sentences(refusal: CertificateUnknown) -> tuple[str, str]:
    """The same for who reads lines: what the certificate is, and how to trust it."""
    shown = refusal.certificate
    valid = f"{times.iso(shown.not_before)} to {times.iso(shown.not_after)}"
    return (
        f"Subject {clean(shown.subject)}; issuer {clean(shown.issuer)}; valid {valid}.",
        f"To trust exactly this one: --trust-fingerprint {shown.fingerprint}"
        " (or --ca-file FILE for its issuer; or accept it once on the login screen).",
    )


def changed_lines(refusal: CertificateChanged, width: int) -> list[str]:
    """For the login screen: both fingerprints, and what to do about it.

    Each fingerprint is broken at the same places, so that they can be compared line by
    line. Lines of at most `width` cells.
    """
    certificate = refusal.certificate
    changed = clean(f"The certificate of {certificate.host}:{certificate.port} has changed.")
    return [
        *wrap(f"{changed} Nothing secret was sent.", width),
        *_labelled("Trusted", _in_groups(refusal.known_fingerprint, width - _LABEL)),
        *_labelled("Shown", _in_groups(certificate.fingerprint, width - _LABEL)),
        *wrap(clean(refusal.remedy or ""), width),
    ]


def _fact(label: str, text: str, width: int) -> list[str]:
    return _labelled(label, wrap(text, max(_GROUP, width - _LABEL)))


def _labelled(label: str, parts: list[str]) -> list[str]:
    return [f"{label if not place else '':<{_LABEL}}{part}" for place, part in enumerate(parts)]


def _in_groups(fingerprint: str, room: int) -> list[str]:
    """In groups of four digits; eight, four or two groups a line, as many as there is room for."""
    groups = [fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP)]
    each = next((n for n in (8, 4, 2) if n * (_GROUP + 1) - 1 <= room), 1)
    return [" ".join(groups[at : at + each]) for at in range(0, len(groups), each)]
