"""The head of an answer as nearly every answer to a poll has it, read by one pattern.

What the pattern does not take, whatever it is, is left to h11: another status than 200, chunks,
a connection that ends, a name that comes twice, a sign that is not plain ASCII.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_LONGEST: Final = 16 * 1024
_HEAD: Final = re.compile(
    rb"HTTP/1\.1 200(?: [ -~]*)?\r\n"
    rb"((?:[A-Za-z0-9-]+: [!-~](?:[ -~]*[!-~])?\r\n)+)"
    rb"\r\n"
)
_SIZE: Final = re.compile(rb"\d{1,12}")


class PlainHead(NamedTuple):
    """Headers by their lower-cased names, where the body begins, and how many bytes it has."""

    headers: dict[bytes, bytes]
    begins: int
    size: int


def plain_head(data: bytes) -> PlainHead | None:
    """The head that the first bytes of an answer hold whole; None at the least doubt."""
    found = _HEAD.match(data, 0, _LONGEST)
    if found is None:
        return None
    lines = found[1].split(b"\r\n")[:-1]
    headers: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b": ")
        headers[name.lower()] = value
    size = headers.get(b"content-length", b"")
    if len(headers) < len(lines) or not _SIZE.fullmatch(size) or b"transfer-encoding" in headers:
        return None
    if headers.get(b"connection", b"keep-alive").lower() != b"keep-alive":
        return None
    return PlainHead(headers, found.end(), int(size))
