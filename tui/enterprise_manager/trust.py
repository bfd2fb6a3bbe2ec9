"""Whose certificate is believed, and on which connection.

Four ways, the first that applies: a fingerprint given by the user, a certificate
accepted earlier (known servers), a CA file, the system's trust store. A pinned
certificate is checked twice on the very connection that will carry the password,
both times before a byte of the request is sent: OpenSSL verifies it in the
handshake against the pinned certificate as its only anchor, then its SHA-256 is
compared, because an anchor could also have signed another certificate.

Pinned certificates are accepted when expired and for any host name: what a person
pinned is this certificate at this address, and a monitor must not go blind during
a disaster because a self-signed certificate ended last night.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx

from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.ca_file import verifying
from tui.enterprise_manager.certificate import describe, fingerprint_of
from tui.enterprise_manager.handshake import telling
from tui.enterprise_manager.known_servers import KnownServers
from tui.enterprise_manager.probe import PeerSeen, peer_certificate
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    FailoverMonitorError,
    ServerCertificate,
    TlsTrouble,
)
from tui.fingerprints import parse_fingerprint
from tui.light import dataclass
from tui.secret import SecretStr

_NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL, for which the ssl module has no name."""

_REASONS: Final = {
    2: "its issuer is not known here",
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "its issuer is self-signed and not known here",
    20: "its issuer is not known here",
    21: "its issuer is not known here",
}
"""OpenSSL's X509_V_ERR codes (`openssl verify`, DIAGNOSTICS) in words for a tired person."""

_ISSUER_UNKNOWN: Final = frozenset({18, 19, 20, 21})
"""Those of them that a pinned certificate itself never has."""


class TrustedConnection:
    """A TLS context for one server, and what to say when it refuses."""

    def __init__(
        self,
        server: ServerAddress,
        context: ssl.SSLContext,
        pin: str | None,
        may_accept: bool,
        doubt: str = "",
    ) -> None:
        """`pin` is a fingerprint; `may_accept` whether a person may pin another; `doubt` a
        sentence on why a certificate accepted earlier might not be known."""
        self.context = context
        self._server = server
        self._pin = pin
        self._may_accept = may_accept
        self._doubt = f" {doubt}" if doubt else ""

    def verify(self, certificate: bytes) -> None:
        """Compare the certificate of a new connection (DER) with the pin.

        Raises `PeerSeen`, which ends the connection before anything is sent.
        """
        if self._pin is not None and fingerprint_of(certificate) != self._pin:
            raise PeerSeen(certificate)

    async def explain(
        self, failure: BaseException, proxy: SecretStr | None
    ) -> FailoverMonitorError | None:
        """Why the certificate was refused; None if the certificate was not the reason."""
        if isinstance(failure, PeerSeen):
            return self._refused(failure.certificate, "another certificate")
        refused = _verification_failure(failure)
        if refused is None:
            return None
        der = await peer_certificate(self._server, proxy)
        certificate, reason = describe(der, self._server), _words(refused)
        if self._pin == certificate.fingerprint:
            if refused.verify_code in _ISSUER_UNKNOWN:
                return _two_servers(self._server)
            trusted = f"The trusted certificate of {self._server.label}"
            return _unusable(self._server, trusted, reason)
        if self._pin is None and (problem := await self._unusable_if_pinned(certificate, proxy)):
            shown = f"The certificate of {self._server.label}"
            return _unusable(self._server, shown, problem)
        return self._refused(der, reason)

    async def _unusable_if_pinned(
        self, certificate: ServerCertificate, proxy: SecretStr | None
    ) -> str | None:
        """Why a person's trust would not help: a key too short, a signature too weak.

        Tried with a handshake, before anybody is asked to compare fingerprints.
        """
        problem = None
        try:
            await peer_certificate(self._server, proxy, _pinned(certificate.pem))
        except httpx.ConnectError as failure:
            refused = _verification_failure(failure)
            if refused is not None and refused.verify_code not in _ISSUER_UNKNOWN:
                problem = _words(refused)
        except ssl.SSLError as failure:  # OpenSSL takes it for no anchor at all
            problem = (failure.reason or "no reason given").replace("_", " ").lower()
        return problem

    def _refused(self, der: bytes, reason: str) -> FailoverMonitorError:
        label = self._server.label
        certificate = describe(der, self._server)
        if self._pin is not None:
            return _changed(self._server, certificate, self._pin, self._may_accept)
        return CertificateUnknown(
            f"Nobody vouches for the certificate of {label}: {reason}. Nothing secret was sent."
            f"{self._doubt}",
            "Compare the fingerprint with the server's before trusting it:"
            f" SHA-256 {certificate.fingerprint}.",
            certificate,
        )


@dataclass(frozen=True)
class ServerTrust:
    """How to decide about a server's certificate; see the module's text.

    `fingerprint` is in one of the forms that `parse_fingerprint` reads; kept as 64
    lower-case digits. Raises `InvalidInput` for something that is no SHA-256.
    """

    ca_file: Path | None = None
    fingerprint: str | None = None
    known_servers: KnownServers | None = None

    def __post_init__(self) -> None:
        """Bring the fingerprint into its one form."""
        if self.fingerprint is not None:
            object.__setattr__(self, "fingerprint", parse_fingerprint(self.fingerprint))

    async def connection(
        self, server: ServerAddress, proxy: SecretStr | None = None
    ) -> TrustedConnection:
        """The TLS context for a server, decided anew at each call.

        Only a fingerprint given by the user needs the network: the certificate is
        fetched first, without sending anything. Raises `CertificateChanged`,
        `TlsTrouble` for an unusable CA file, and what a connection raises.
        """
        if self.fingerprint is not None:
            der = await peer_certificate(server, proxy)
            if fingerprint_of(der) != self.fingerprint:
                raise _changed(server, describe(der, server), self.fingerprint, may_accept=False)
            pem = ssl.DER_cert_to_PEM_cert(der)
            return TrustedConnection(server, _pinned(pem), self.fingerprint, may_accept=False)
        known, doubt = None, ""
        if self.known_servers is not None:
            find = self.known_servers.find
            known, doubt = await asyncio.to_thread(find, server.host, server.port)
        if known is not None:
            return TrustedConnection(server, _pinned(known.pem), known.fingerprint, may_accept=True)
        context = await asyncio.to_thread(verifying, self.ca_file)
        return TrustedConnection(server, context, None, may_accept=True, doubt=doubt)


def _pinned(pem: str) -> ssl.SSLContext:
    """A context whose only trust anchor is this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    context.load_verify_locations(cadata=pem)
    return telling(context)


def _changed(
    server: ServerAddress, certificate: Any, known: str, may_accept: bool
) -> CertificateChanged:
    forget = f"failover-monitor trust remove {server.host_and_port}"
    remedy = (
        f"If its administrator confirms the change, forget the old one: {forget}"
        " - then log off and on again, to see the new one and accept it."
        if may_accept
        else "If its administrator confirms the change, give the new fingerprint."
    )
    return CertificateChanged(
        f"The certificate of {server.label} has changed: it is not the trusted one."
        f" Nothing secret was sent. Trusted: {known}; shown: {certificate.fingerprint}.",
        remedy,
        certificate,
        known,
    )


def _unusable(server: ServerAddress, what: str, reason: str) -> TlsTrouble:
    return TlsTrouble(
        f"{what} cannot be used, whoever trusts it: {reason}. Nothing secret was sent.",
        "The server needs another one, such as with an RSA key of 2,048 bits and SHA-256.",
    )


def _two_servers(server: ServerAddress) -> TlsTrouble:
    return TlsTrouble(
        f"More than one server answers at {server.label}: one shows the trusted certificate,"
        " another does not. Nothing secret was sent to that one.",
        "Give the address of one of them, or a CA file that vouches for all.",
    )


def _verification_failure(failure: BaseException) -> ssl.SSLCertVerificationError | None:
    for cause in _causes(failure):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause
    return None


def _words(refused: ssl.SSLCertVerificationError) -> str:
    words = str(refused.verify_message or "it could not be verified")
    return _REASONS.get(refused.verify_code, words.rstrip("."))


def _causes(failure: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = failure
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
