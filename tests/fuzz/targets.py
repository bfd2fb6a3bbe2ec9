"""What is fuzzed: each takes bytes, and raises where something does not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType

from textual import events

from tests.support import bodies
from tests.support.damage import trio
from tui.analysis import assessing, assessment, status
from tui.analysis.assessing import assess
from tui.enterprise_manager import (
    decoding,
    entities,
    readers,
    scalars,
    sessions,
    slices,
    tasks,
    xml_tree,
)
from tui.enterprise_manager.decoding import parse
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.sessions import LastReading
from tui.errors import FailoverMonitorError
from tui.presentation import doubts as doubts_module
from tui.presentation.doubts import doubts
from tui.presentation.text import clean
from tui.terminal import parser, reader, sequences
from tui.terminal.parser import Tokeniser
from tui.terminal.reader import InputReader
from tui.terminal.sequences import Sequences

PAUSE = "\x00"
"""In an input for the terminal: here a moment passes. Ctrl+Space, which sends it, is no key
of this program."""


@dataclass(frozen=True)
class Target:
    """`run` an input; the first ones; the words of its grammar; the modules to reach."""

    name: str
    run: Callable[[bytes], None]
    begin: tuple[bytes, ...]
    words: tuple[bytes, ...]
    modules: tuple[ModuleType, ...]


def _typed(data: bytes) -> None:
    """What is typed or answered: in pieces as in one, in bounded room, with any pauses."""
    text = data.decode("utf-8", "surrogateescape")
    # A Ctrl+C that comes alone ends a paste whose end was lost: there it matters.
    spoken = text.replace(PAUSE, "").replace("\x03", "")
    whole, single = Sequences(), Sequences()
    heard = list(whole.feed(spoken, 1.0))
    pieces = [piece for character in spoken for piece in single.feed(character, 1.0)]
    assert pieces == heard, "cut into single characters it is something else"
    listening, now = InputReader(0.3), 1.0
    for part in text.split(PAUSE):
        told = [*listening.feed(part, now)]
        for _ in range(12):
            now += 0.1
            told += listening.tick(now)
        for message in told:
            if isinstance(message, events.Key) and message.is_printable:
                assert (message.character or "").isprintable()


def _written(data: bytes) -> None:
    """What is painted: cut anywhere, the tokens are the same."""
    text = data.decode("utf-8", "surrogateescape")
    whole, cut = Tokeniser(), Tokeniser()
    tokens = list(whole.feed(text))
    place = len(text) // 2
    pieces = [*cut.feed(text[:place]), *cut.feed(text[place:])]
    assert _joined(pieces) == _joined(tokens)
    assert cut.unfinished == whole.unfinished


def _joined(tokens: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Text that a cut has parted is one again."""
    joined: list[tuple[int, str]] = []
    for kind, text in tokens:
        if joined and kind == joined[-1][0] == parser.Kind.TEXT:
            joined[-1] = kind, joined[-1][1] + text
        else:
            joined.append((kind, text))
    return joined


WHOLE = bodies.v12(trio())


def _session(data: bytes) -> None:
    """A session's answer is read, or refused with a sentence; and read alike whatever came
    before it, since of an answer that resembles the last one only the differences are read."""
    fresh = _read(LastReading(bodies.SESSION_ID), data)
    known = LastReading(bodies.SESSION_ID)
    known.read(WHOLE)
    known.quickly(WHOLE)
    assert _read(known, data) == fresh, "read otherwise after another answer"
    if isinstance(fresh, FailoverSession):
        for sentence in doubts(assess(fresh)):
            assert clean(sentence).isprintable()


def _read(reading: LastReading, data: bytes) -> FailoverSession | str:
    try:
        return reading.read(data)
    except FailoverMonitorError as error:
        return error.sentence


def _list(data: bytes) -> None:
    """Any other answer: each reader gives what it should, or refuses with a sentence."""
    for read in (
        lambda: readers.session_page(parse(data), 1),
        lambda: readers.plan_page(parse(data), 1),
        lambda: readers.plans(parse(data)),
        lambda: readers.replica_points(parse(data)),
        lambda: readers.logon(readers.entity_of_logon(parse(data))),
        lambda: decoding.error_text(data),
    ):
        with suppress(FailoverMonitorError):
            read()


_TYPED = (
    b"hello\r\t\x7f\x1b[A\x1bOP\x1b[15~\x1b",
    b"\x1b[>0;276;0c\x1b[?0u\x1b[8;24;80t\x1b[?997;1n\x1b[<35;10;10M\x1b[M !!",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1bP>|XTerm(390)\x1b\\\x1b_Gi=31;OK\x1b\\\xc2\x9b?62c",
    b"\x1b[200~pasted\ntext\x1b[201~x\x1b\x00[A\x1b[\x00<35;1;1M",
)
_ESCAPES = (
    *(b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\x1bO", b"\x1b_", b"\x1b\\", b"\x07", b"\x00"),
    *(b"\x1b[200~", b"\x1b[201~", b"\x1b[M", b"\xc2\x9b", b"\x9b", b"\xc2\x9d", b"\xc2\x9c"),
    *(b"\x1b[<0;1;1M", b";", b":", b"?", b"~", b"m", b"H", b"u", b"\x03", b"\xc3\xa4", b"\xe6"),
)
_MARKS = (
    *(b"{", b"}", b"[", b"]", b",", b":", b'"', b"null", b"true", b"0", b"-1", b"1e999", b"NaN"),
    *(b'"UID":', b'"State":"Stopped"', b'"Result":"Failed"', b'"Progress":', b'"Entities":'),
    *(b"<", b">", b"</", b"/>", b'xsi:nil="true"', b"<![CDATA[", b"]]>", b"&amp;", b"&#0;"),
    *(b"<!DOCTYPE a>", b"<?xml version='1.0'?>", b"\xef\xbb\xbf", b"\xff\xfe", b"\\u0000"),
    *(b"\\ud800", b"1900-01-01T00:00:00Z", b"2026-03-01T08:04:10+14:00", b"\x00", b"\xff"),
)
_ANSWERS = (
    WHOLE,
    bodies.v13(trio()),
    bodies.v95(trio()),
    bodies.xml("CloudFailoverSession", trio()),
)
_LISTS = (
    bodies.v12(bodies.query("CloudFailoverSessions", [trio()], "CloudFailoverSessions")),
    bodies.v13(bodies.query("CloudFailoverPlans", [{"Name": "p", "UID": bodies.OTHER_ID}])),
    bodies.v12(bodies.logon()),
    b'{"Message":"Object reference","StatusCode":500}',
    b"<html><head><title>Proxy</title></head></html>",
)
_DECODING = (decoding, entities, readers, scalars, tasks, xml_tree)

TARGETS = {
    each.name: each
    for each in (
        Target("typed", _typed, _TYPED, _ESCAPES, (sequences, reader)),
        Target("written", _written, _TYPED, _ESCAPES, (parser,)),
        Target(
            "session",
            _session,
            _ANSWERS,
            _MARKS,
            (*_DECODING, sessions, slices, assessing, assessment, status, doubts_module),
        ),
        Target("list", _list, (*_LISTS, *_ANSWERS), _MARKS, _DECODING),
    )
}
