"""The certificates that a person accepted, in a small file of their own."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import time
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import fingerprint_of
from tui.errors import InvalidSettings, ServerCertificate
from tui.file_permissions import changeable_by_others
from tui.light import dataclass
from tui.whole_files import replace_file

_FORMAT: Final = 1
_LOCK_SECONDS: Final = 2.0
_MOST_BYTES: Final = 4 * 1024 * 1024


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


@dataclass
class _Content:
    """What the file holds. `odd` are the entries that cannot be read, as they stand in it.

    `problem` is why nothing of it counts, `cannot` what it cannot be then, `may_write`
    whether the file may be replaced.
    """

    servers: dict[str, KnownServer] = field(default_factory=dict)
    odd: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    cannot: str = "read"
    may_write: bool = True


class KnownServers:
    """Reads and writes the file. Read anew each time: other processes write it too.

    JSON, mode 0600, replaced in one step, so a reader never sees half of it; changed under
    a lock, so that two who accept at once lose nothing. One entry that cannot be read
    concerns its own server only, and stays as it is.
    """

    def __init__(self, path: Path) -> None:
        """The file need not exist."""
        self.path = path
        self._for_this_run: dict[str, KnownServer] = {}

    def entries(self) -> tuple[KnownServer, ...]:
        """All known servers, by host and port. Raises `InvalidSettings` for a damaged file."""
        content = self._readable()
        return tuple(sorted(content.servers.values(), key=lambda known: known.label))

    def damaged(self) -> tuple[str, ...]:
        """The servers whose entries cannot be read."""
        return tuple(sorted(self._readable().odd))

    def find(self, host: str, port: int) -> tuple[KnownServer | None, str]:
        """What was accepted for that host and port, and why that may not be all.

        Never raises: a file that cannot be read has a person asked again, and no one
        locked out. The sentence is empty where all is well.
        """
        key = _key(host, port)
        if key in self._for_this_run:
            return self._for_this_run[key], ""
        content = self._read()
        if content.problem:
            return None, self._unusable(content)
        if key in content.odd:
            return None, f"What the file of known servers {self.path} says of it is damaged."
        return content.servers.get(key), ""

    def accept(self, certificate: ServerCertificate) -> str | None:
        """Pin it, for this run in any case; the sentence to say where it cannot be kept."""
        try:
            known = self.add(certificate)
        except InvalidSettings as trouble:
            known = _known(certificate)
            self._for_this_run[known.label] = known
            return (
                f"Trusted for this run only: {trouble.sentence} To keep it in another way:"
                f" --trust-fingerprint {certificate.fingerprint}"
            )
        self._for_this_run.pop(known.label, None)
        return None

    def add(self, certificate: ServerCertificate) -> KnownServer:
        """Pin exactly this certificate for its host and port, instead of an earlier one.

        A file of which nothing can be read is put aside, not thrown away. Raises
        `InvalidSettings` where it cannot be written.
        """
        known = _known(certificate)
        with self._changing():
            content = self._read()
            if not content.may_write:
                raise self._unwritable(content.problem)
            if content.problem:
                self._put_aside()
            content.servers[known.label] = known
            content.odd.pop(known.label, None)
            self._write(content)
        return known

    def remove(self, server: ServerAddress) -> bool:
        """Forget a server. False if it was not known. Raises `InvalidSettings`."""
        key = _key(server.host, server.port)
        self._for_this_run.pop(key, None)
        self._readable()
        if not self.path.exists():
            return False
        with self._changing():
            content = self._readable()
            if key not in content.servers and key not in content.odd:
                return False
            content.servers.pop(key, None)
            content.odd.pop(key, None)
            self._write(content)
        return True

    def _readable(self) -> _Content:
        content = self._read()
        if not content.problem:
            return content
        raise InvalidSettings(
            self._unusable(content),
            "Repair it, or move it away and accept the certificates again.",
        )

    def _unusable(self, content: _Content) -> str:
        return (
            f"The file of known servers {self.path} cannot be {content.cannot}: {content.problem}."
        )

    def _read(self) -> _Content:
        try:
            with self.path.open("rb") as file:
                document = json.loads(file.read(_MOST_BYTES))
            servers, written = document["servers"].items(), document.get("format", _FORMAT)
        except (FileNotFoundError, NotADirectoryError):
            return _Content()
        except OSError as failure:
            reason = failure.strerror or type(failure).__name__
            return _Content(problem=reason, may_write=False)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return _Content(problem="its content is damaged")
        exposed = changeable_by_others(self.path)
        if exposed is not None:
            return _Content(problem=exposed, cannot="believed", may_write="folder" not in exposed)
        if written != _FORMAT:
            reason = f"it has format {str(written)[:20]!r}, and this version knows {_FORMAT}"
            return _Content(problem=reason, may_write=False)
        content = _Content()
        for key, item in servers:
            try:
                content.servers[key] = _entry(key, item)
            except (ValueError, TypeError, KeyError, AttributeError):
                content.odd[key] = item
        return content

    def _put_aside(self) -> None:
        """Under a name that is free."""
        target = _target(self.path)
        aside = target.with_name(f"{target.name}.damaged-{time.time_ns()}")
        try:
            target.rename(aside)
        except OSError as failure:
            raise self._unwritable(failure.strerror or type(failure).__name__) from None

    def _write(self, content: _Content) -> None:
        document = {
            "format": _FORMAT,
            "servers": {
                **content.odd,
                **{
                    key: {
                        "fingerprint": known.fingerprint,
                        "subject": known.subject,
                        "pem": known.pem,
                    }
                    for key, known in sorted(content.servers.items())
                },
            },
        }
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        problem = ""
        try:
            replace_file(_target(self.path), text.encode("utf-8", "surrogateescape"))
        except OSError as failure:
            problem = failure.strerror or type(failure).__name__
        if problem:
            raise self._unwritable(problem)

    def _unwritable(self, problem: str) -> InvalidSettings:
        return InvalidSettings(
            f"The file of known servers {self.path} cannot be written: {problem}."
        )

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile; whoever died holding the lock held it no more."""
        problem = ""
        lock = None
        try:
            target = _target(self.path)
            _make_private(target.parent)
            lock = os.open(target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as failure:
            problem = failure.strerror or type(failure).__name__
        if lock is None:
            raise self._unwritable(problem)
        try:
            _lock(lock)
            yield
        finally:
            os.close(lock)


def _lock(descriptor: int) -> None:
    """For this process alone. After two seconds without: a lock that hangs locks nobody out."""
    try:
        import fcntl
    except ImportError:  # this system locks in another way, and has one user at a time
        return
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                return
            time.sleep(0.01)
        else:
            return


def _make_private(folder: Path) -> None:
    """The folder and those above it that are missing, for their owner only, whatever the umask."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
            if each == folder or os.name == "posix":
                each.chmod(0o700)


def _target(path: Path) -> Path:
    """The file itself, where the path is a link: the link stays."""
    return Path(os.path.realpath(path))


def _known(certificate: ServerCertificate) -> KnownServer:
    return KnownServer(
        host=certificate.host.lower(),
        port=certificate.port,
        fingerprint=certificate.fingerprint,
        pem=certificate.pem,
        subject=certificate.subject,
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
