"""What a person needs to read of a certificate: a minimal, careful DER reader.

The standard library tells subject and validity only of certificates that were
verified, which is of no use for deciding whether to trust one. OpenSSL has
parsed these bytes before, in the handshake; nothing here decides about trust.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from tui.enterprise_manager.address import ServerAddress
from tui.errors import ServerCertificate, TlsTrouble

_SEQUENCE: Final = 0x30
_VERSION: Final = 0xA0
_UTC_TIME: Final = 0x17
_GENERALIZED_TIME: Final = 0x18
_CHARSETS: Final = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_NAMES: Final = {
    "550403": "CN",
    "550406": "C",
    "550407": "L",
    "550408": "ST",
    "55040a": "O",
    "55040b": "OU",
    "2a864886f70d010901": "E",
    "0992268993f22c640119": "DC",
}
_NAME_LENGTH: Final = 200
_Element = tuple[int, bytes]


def fingerprint_of(der: bytes) -> str:
    """SHA-256 of the DER form, as 64 lower-case hex digits."""
    return hashlib.sha256(der).hexdigest()


def describe(der: bytes, server: ServerAddress) -> ServerCertificate:
    """Subject, issuer, validity and fingerprint. Raises `TlsTrouble` for damaged DER."""
    unreadable = False
    try:
        issuer, not_before, not_after, subject = _fields(der)
    except (ValueError, IndexError, StopIteration):
        unreadable = True
    if unreadable:
        raise TlsTrouble(f"The certificate of {server.label} cannot be read.")
    return ServerCertificate(
        host=server.host,
        port=server.port,
        subject=subject,
        issuer=issuer,
        not_before=not_before,
        not_after=not_after,
        fingerprint=fingerprint_of(der),
        pem=ssl.DER_cert_to_PEM_cert(der),
    )


def _fields(der: bytes) -> tuple[str, datetime, datetime, str]:
    certificate = _inside(next(_elements(der)))
    signed = _inside(next(_elements(certificate)))
    parts = list(_elements(signed))
    if parts[0][0] == _VERSION:
        parts = parts[1:]
    _serial, _algorithm, issuer, validity, subject = parts[:5]
    begin, end = list(_elements(_inside(validity)))[:2]
    return _name(_inside(issuer)), _time(*begin), _time(*end), _name(_inside(subject))


def _inside(element: _Element) -> bytes:
    tag, content = element
    if tag != _SEQUENCE:
        raise ValueError("not a sequence")
    return content


def _elements(data: bytes) -> Iterator[_Element]:
    """Tag and content of each element in turn. Raises `ValueError`, `IndexError`."""
    position = 0
    while position < len(data):
        tag, length = data[position], data[position + 1]
        position += 2
        if length & 0x80:
            octets = length & 0x7F
            if not 1 <= octets <= 4:
                raise ValueError("absurd length")
            length = int.from_bytes(data[position : position + octets], "big")
            position += octets
        if position + length > len(data):
            raise ValueError("cut off")
        yield tag, data[position : position + length]
        position += length


def _name(data: bytes) -> str:
    """A distinguished name such as `CN=em01, O=Example`, printable and bounded."""
    words = []
    for _set, attributes in _elements(data):
        for _sequence, attribute in _elements(attributes):
            (_oid, kind), (tag, raw) = list(_elements(attribute))[:2]
            value = raw.decode(_CHARSETS.get(tag, "latin-1"), "replace")
            words.append(f"{_NAMES.get(kind.hex(), kind.hex())}={value}")
    text = "".join(c if c.isprintable() else "�" for c in ", ".join(words))
    if len(text) > _NAME_LENGTH:
        text = f"{text[: _NAME_LENGTH - 1]}…"
    return text or "(empty)"


def _time(tag: int, raw: bytes) -> datetime:
    text = raw.decode("ascii").removesuffix("Z")
    if tag == _UTC_TIME:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("not a time")
    return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
