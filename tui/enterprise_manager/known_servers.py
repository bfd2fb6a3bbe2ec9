"""The certificates that a person accepted, in a small file of their own."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import fingerprint_of
from tui.errors import InvalidSettings, ServerCertificate

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class KnownServer:
    """An accepted certificate. `fingerprint` as in `ServerCertificate`, `pem` the certificate."""

    host: str
    port: int
    fingerprint: str
    pem: str
    subject: str = ""

    @property
    def label(self) -> str:
        """`host:port`, the key in the file and the argument of `remove`."""
        return _key(self.host, self.port)


class KnownServers:
    """Reads and writes the file. Read anew each time: other processes write it too.

    JSON, mode 0600, replaced in one step, so a reader never sees half of it.
    All methods raise `InvalidSettings` for a file that cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """The file need not exist."""
        self.path = path

    def entries(self) -> tuple[KnownServer, ...]:
        """All known servers, by host and port."""
        return tuple(sorted(self._read().values(), key=lambda known: known.label))

    def find(self, host: str, port: int) -> KnownServer | None:
        """What was accepted for that host and port."""
        return self._read().get(_key(host, port))

    def add(self, certificate: ServerCertificate) -> KnownServer:
        """Pin exactly this certificate for its host and port, instead of an earlier one."""
        known = KnownServer(
            host=certificate.host.lower(),
            port=certificate.port,
            fingerprint=certificate.fingerprint,
            pem=certificate.pem,
            subject=certificate.subject,
        )
        servers = self._read()
        servers[known.label] = known
        self._write(servers)
        return known

    def remove(self, server: ServerAddress) -> bool:
        """Forget a server. False if it was not known."""
        servers = self._read()
        if servers.pop(_key(server.host, server.port), None) is None:
            return False
        self._write(servers)
        return True

    def _read(self) -> dict[str, KnownServer]:
        problem = ""
        try:
            document = json.loads(self.path.read_bytes())
            return {key: _entry(key, item) for key, item in document["servers"].items()}
        except FileNotFoundError:
            return {}
        except OSError as failure:
            problem = failure.strerror or type(failure).__name__
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            problem = "its content is damaged"
        raise InvalidSettings(
            f"The file of known servers {self.path} cannot be read: {problem}.",
            "Repair it, or move it away and accept the certificates again.",
        )

    def _write(self, servers: dict[str, KnownServer]) -> None:
        content = {
            "format": _FORMAT,
            "servers": {
                key: {"fingerprint": known.fingerprint, "subject": known.subject, "pem": known.pem}
                for key, known in sorted(servers.items())
            },
        }
        problem = ""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(self.path, json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")
        except OSError as failure:
            problem = failure.strerror or type(failure).__name__
        if problem:
            raise InvalidSettings(
                f"The file of known servers {self.path} cannot be written: {problem}."
            )


def _key(host: str, port: int) -> str:
    return f"[{host.lower()}]:{port}" if ":" in host else f"{host.lower()}:{port}"


def _entry(key: str, item: dict[str, Any]) -> KnownServer:
    """One server of the file; the certificate itself decides, not the stored fingerprint."""
    host, _, port = key.rpartition(":")
    pem = str(item["pem"])
    fingerprint = fingerprint_of(ssl.PEM_cert_to_DER_cert(pem))
    if fingerprint != item["fingerprint"]:
        raise ValueError("certificate and fingerprint differ")
    return KnownServer(
        host=host.strip("[]"),
        port=int(port),
        fingerprint=fingerprint,
        pem=pem,
        subject=str(item.get("subject", "")),
    )


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file (mkstemp gives mode 0600), then put it in place in one step."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
