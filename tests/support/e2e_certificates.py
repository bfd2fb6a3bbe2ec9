"""Self-signed certificates, made anew for each test."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class OwnCertificate:
    """A PEM file with certificate and key. `fingerprint`: SHA-256, 64 lower-case hex digits."""

    file: Path
    fingerprint: str

    @property
    def grouped(self) -> tuple[str, str]:
        """The fingerprint as the prompt shows it: two lines of eight groups."""
        groups = [self.fingerprint[i : i + 4] for i in range(0, 64, 4)]
        return " ".join(groups[:8]), " ".join(groups[8:])


def self_signed(file: Path, common_name: str) -> OwnCertificate:
    """A certificate for 127.0.0.1 that nobody vouches for, valid for a month."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(pem)
    return OwnCertificate(file, certificate.fingerprint(hashes.SHA256()).hex())
