"""The lines of a journal, and how each one is bound to those before it. Pure.

A journal is JSON Lines. Each line is one object whose first member `prev` is the SHA-256
of the line before it (of its bytes, without the line break; 64 zeros for the first line),
and whose last member `sum` is the beginning of the SHA-256 of the line's own text up to
that member. So whoever alters a line breaks its own `sum`, and whoever mends that breaks
the `prev` of the next; the hash of the last line stands for the whole file. Nobody's key
is in it: who can write the file can write another one with a whole chain. What proves that
a journal is the one that was signed is its last hash, kept elsewhere, in a report.

A line that a crash, a full disk or a loss of power cut short is *torn*: it stands at the
end without a line break, or the line after it says so by a member `torn`, the SHA-256 of the
fragment, and binds itself to the last whole line instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from hashlib import sha256
from typing import Any, Final

from tui.light import dataclass

START: Final = "0" * 64
"""`prev` of the first line."""

_SUM_LENGTH: Final = 16
_SUM: Final = b',"sum":"'
_TAIL: Final = len(_SUM) + _SUM_LENGTH + len(b'"}')

LONGEST_LINE: Final = 32 * 1024 * 1024
"""Bytes. Longer ones are not written by this program, and are read as torn."""

Record = Mapping[str, Any]


def line_of(record: Record, prev: str, torn: bytes | None = None) -> bytes:
    """The line for a record, without its line break.

    `prev` is the hash of the last whole line. `torn` is a fragment that stands between
    that line and this one. The record's members must be JSON values, its names none of
    `prev`, `torn` and `sum`.
    """
    bound: dict[str, Any] = {"prev": prev}
    if torn is not None:
        bound["torn"] = hash_of(torn)
    text = json.dumps({**bound, **record}, ensure_ascii=False, separators=(",", ":"))
    body = text[:-1].encode("utf-8", "backslashreplace")
    return body + _SUM + sha256(body).hexdigest()[:_SUM_LENGTH].encode() + b'"}'


def hash_of(line: bytes) -> str:
    """The SHA-256 of a line's bytes, in hex: what the next line carries as `prev`."""
    return sha256(line).hexdigest()


def record_of(line: bytes) -> dict[str, Any] | None:
    """The record that a line holds, with `prev` and perhaps `torn`; None if it is not whole."""
    body, tail = line[:-_TAIL], line[-_TAIL:]
    expected = _SUM + sha256(body).hexdigest()[:_SUM_LENGTH].encode() + b'"}'
    if tail != expected:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("prev"), str):
        return None
    del found["sum"]
    return found


class Wholeness(Enum):
    """What a look through the whole chain found."""

    WHOLE = "whole"
    TORN = "torn at the end"
    ALTERED = "altered"
    EMPTY = "empty"


@dataclass(frozen=True)
class Verification:
    """What is known of a journal's chain.

    `lines` counts the whole ones. `at` is the line, from 1, at which the chain breaks: the
    torn or the altered one; None where it does not. `last_hash` is that of the last whole
    line before `at`. `torn_within` are the torn lines after which the journal went on.
    """

    wholeness: Wholeness
    lines: int = 0
    at: int | None = None
    last_hash: str = START
    torn_within: tuple[int, ...] = ()


@dataclass(frozen=True)
class Link:
    """One line as the chain sees it. `record` is None for a torn or altered one."""

    number: int
    record: dict[str, Any] | None
    wholeness: Wholeness
    hash: str = START


def follow(lines: Iterable[bytes]) -> Iterator[Link]:
    """Each line with what it is, up to the first one that is altered.

    `lines` keep their line breaks, as a file opened for bytes gives them. Several torn
    lines in a row come as one, with the number of the first.
    """
    last = START
    torn_at, fragment = 0, b""  # what stands after the last whole line, from which line on
    ended = True
    for number, raw in enumerate(lines, start=1):
        ended = raw.endswith(b"\n")
        line = raw.removesuffix(b"\n")
        record = record_of(line)
        if record is None:
            # Torn, if the next whole line says so or if there is none; that decides.
            torn_at, fragment = (torn_at, fragment + b"\n" + line) if torn_at else (number, line)
            continue
        said = record.pop("torn", None)
        if said != (hash_of(fragment) if torn_at else None) or record.pop("prev") != last:
            yield Link(torn_at or number, None, Wholeness.ALTERED)
            return
        if torn_at:
            yield Link(torn_at, None, Wholeness.TORN)
        last, torn_at = hash_of(line), 0
        yield Link(number, record, Wholeness.WHOLE, last)
    if torn_at:
        yield Link(torn_at, None, Wholeness.ALTERED if ended else Wholeness.TORN)


class Tally:
    """Sums up links as they go by: `verification` holds for those so far."""

    def __init__(self) -> None:
        self.verification = Verification(Wholeness.EMPTY)

    def through(self, links: Iterable[Link]) -> Iterator[Link]:
        """The same links, counted."""
        for link in links:
            self._count(link)
            yield link

    def _count(self, link: Link) -> None:
        so_far = self.verification
        if link.wholeness is Wholeness.WHOLE:
            within = so_far.torn_within + ((so_far.at,) if so_far.at is not None else ())
            self.verification = Verification(
                Wholeness.WHOLE, so_far.lines + 1, None, link.hash, within
            )
        else:
            self.verification = replace(so_far, wholeness=link.wholeness, at=link.number)


def verify(lines: Iterable[bytes]) -> Verification:
    """Look through the whole chain."""
    tally = Tally()
    for _ in tally.through(follow(lines)):
        pass
    return tally.verification
