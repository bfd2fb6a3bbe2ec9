"""The certificates that somebody else vouches with. Loads nothing but the standard library."""

from __future__ import annotations

import ssl
from pathlib import Path

from tui.enterprise_manager.handshake import telling
from tui.errors import TlsTrouble
from tui.file_permissions import changeable_by_others


def verifying(ca_file: Path | None) -> ssl.SSLContext:
    """Certificate and host name verified against the CA file, or the system's store.

    One rule on each Python: `ssl.create_default_context` refuses, from 3.13 on, what
    private authorities have signed for years (a certificate without the identifier of its
    issuer's key); signature, names and dates are checked as ever. An authority in between
    may vouch without its root. Deaf to SSLKEYLOGFILE: who reads that file can read the
    password. Blocks while it reads. Raises `TlsTrouble` for an unusable file.
    """
    context = telling(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if ca_file is None:
        context.load_default_certs()
        return context
    if exposed := changeable_by_others(ca_file, whose=False):
        raise TlsTrouble(
            f"The CA file {ca_file} is not used, since it decides whom to trust: {exposed}."
        )
    try:
        context.load_verify_locations(cafile=ca_file)
        return context
    except ssl.SSLError:
        problem = "it holds no certificate in PEM form"
    except OSError as failure:
        problem = failure.strerror or type(failure).__name__
    raise TlsTrouble(
        f"The CA file {ca_file} cannot be used: {problem}.",
        "It holds certificates in PEM form (BEGIN CERTIFICATE).",
    )
