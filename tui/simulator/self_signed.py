"""A certificate that nobody vouches for, made for one run: to rehearse the question about it.

The core has nothing that makes one, and no key belongs into a package: the `cryptography`
library makes it where that is installed, else the `openssl` program where that is.
"""

from __future__ import annotations

import hashlib
import ipaddress
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tui.light import dataclass

ORGANISATION: Final = "Simulated Enterprise Manager"
DAYS: Final = 30
_SECONDS: Final = 30.0
"""That `openssl` may take."""


class NoCertificate(ValueError):
    """Neither the library nor the program is here, or they cannot; the text says which."""


@dataclass(frozen=True)
class SelfSigned:
    """`cert` and `key` are PEM files; `fingerprint` is the SHA-256 of the certificate in hex."""

    cert: Path
    key: Path
    fingerprint: str


@contextmanager
def self_signed(host: str) -> Iterator[SelfSigned]:
    """For `host` and this computer; the files, for their owner only, are gone afterwards.

    Raises NoCertificate.
    """
    with tempfile.TemporaryDirectory(prefix="failover-monitor-") as folder:
        cert, key = Path(folder) / "cert.pem", Path(folder) / "key.pem"
        names = _names(host)
        if find_spec("cryptography") is not None:
            _by_library(names, cert, key)
        else:
            _by_program(names, cert, key)
        der = ssl.PEM_cert_to_DER_cert(cert.read_text("ascii"))
        yield SelfSigned(cert, key, hashlib.sha256(der).hexdigest())


def _names(host: str) -> list[str]:
    """What the certificate is for: the address listened on, and how this computer calls itself."""
    return list(dict.fromkeys((host, "localhost", "127.0.0.1", "::1")))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _by_library(names: list[str], cert: Path, key: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, names[0]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
        ]
    )
    now = datetime.now(UTC)
    alternatives = [
        x509.IPAddress(ipaddress.ip_address(name)) if _is_address(name) else x509.DNSName(name)
        for name in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(private, hashes.SHA256())
    )
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _by_program(names: list[str], cert: Path, key: Path) -> None:
    program = shutil.which("openssl")
    if program is None:
        raise NoCertificate(
            "nothing here makes a certificate: install the openssl program, or 'pip install"
            " cryptography' beside this one, or give --tls-cert and --tls-key"
        )
    alternatives = ",".join(f"{'IP' if _is_address(name) else 'DNS'}:{name}" for name in names)
    command = [
        *(program, "req", "-x509", "-nodes", "-sha256", "-days", str(DAYS)),
        *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-subj", f"/CN={names[0].replace('/', '')}/O={ORGANISATION}"),
        *("-addext", f"subjectAltName={alternatives}"),
        *("-keyout", str(key), "-out", str(cert)),
    ]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = type(error).__name__
    else:
        if done.returncode == 0:
            return
        reason = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    raise NoCertificate(f"openssl made no certificate: {reason}")
