"""Certificates and TLS contexts made in the test."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def saved(self, place: Path) -> Path:
        """A PEM file with key and certificate: `place`, or one in that folder."""
        path = place / f"{self.fingerprint[:12]}.pem" if place.is_dir() else place
        private = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_bytes(private + self.pem.encode())
        return path

    def context(self, folder: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.saved(folder))
        return context


@dataclass(frozen=True)
class SelfSigned:
    """`file` holds key and certificate, `fingerprint` is the SHA-256 in hex."""

    file: Path
    fingerprint: str

    @property
    def grouped(self) -> tuple[str, str]:
        """The fingerprint as the dialog shows it: two lines of eight groups."""
        groups = [self.fingerprint[i : i + 4] for i in range(0, 64, 4)]
        return " ".join(groups[:8]), " ".join(groups[8:])


def named(common_name: str, organisation: str = "Harbour Ltd") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )


def issue(
    subject: x509.Name,
    by: Issued | None = None,
    *,
    authority: bool = False,
    hosts: tuple[str, ...] = ("127.0.0.1",),
    begins: datetime.datetime = NOW - DAY,
    ends: datetime.datetime = NOW + 30 * DAY,
) -> Issued:
    """A certificate signed by `by`, else by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    alternatives = x509.SubjectAlternativeName([_alternative(host) for host in hosts])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(alternatives, critical=False)
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Issued(certificate, key)


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def self_signed(place: Path, host: str, organisation: str = "Harbour Ltd") -> SelfSigned:
    """One for `host` and 127.0.0.1 that nobody vouches for, valid for a month, as a file."""
    issued = issue(named(host, organisation), hosts=(host, "127.0.0.1"))
    return SelfSigned(issued.saved(place), issued.fingerprint)
