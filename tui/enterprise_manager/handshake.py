"""TLS contexts whose handshakes tell more of what went wrong than OpenSSL's one word."""

from __future__ import annotations

import ssl


class ClientCertificateWanted(ssl.SSLError):
    """The server ended the handshake after a cipher was agreed on: it saw no certificate of ours.

    Up to TLS 1.2 the same alert, `handshake failure`, stands for no cipher in common.
    """

    reason = "CERTIFICATE_REQUIRED"


class _Telling(ssl.SSLObject):
    def do_handshake(self) -> None:
        """The handshake, or the next part of it."""
        wanted: ssl.SSLError | None = None
        try:
            super().do_handshake()
        except ssl.SSLWantReadError:
            raise
        except ssl.SSLError as failure:
            if "ALERT_HANDSHAKE_FAILURE" not in (failure.reason or "") or self.cipher() is None:
                raise
            wanted = failure
        if wanted is not None:
            raise ClientCertificateWanted(*wanted.args)


def telling(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same context."""
    context.sslobject_class = _Telling
    return context
