"""The two streams, on real descriptors where that matters."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.presentation.glyphs import ASCII, UNICODE
from tui.watch.output import Output, WatchLine

AT = datetime(2026, 11, 23, 14, 3, 22, 999_999, tzinfo=UTC)
LINE = WatchLine(AT, "task failed", "sql02", "Disk full")


@pytest.mark.parametrize(
    ("vm", "message", "shown"),
    [
        ("sql02", "Disk full", "sql02\tDisk full"),
        (None, None, "-\t-"),
        ("", " ", "-\t-"),
        ("a\tb", "one\r\ntwo\x1b[2J", "a␉b\tone ⏎ two␛[2J"),
        ("VM[prod]", "[/foo]", "VM[prod]\t[/foo]"),
        ("\ud800", "\u202egnp", "�\t�gnp"),
    ],
)
def test_four_fields_whatever_the_text(vm: str | None, message: str | None, shown: str) -> None:
    line = WatchLine(AT, "task failed", vm, message).text(UNICODE)
    assert line == f"2026-11-23T14:03:22Z\ttask failed\t{shown}"


def test_ascii_is_ascii() -> None:
    line = WatchLine(AT, "task failed", "仮想", "one\ntwo").text(ASCII)
    assert line.endswith("\t??\tone | two")


def test_an_encoding_that_cannot_show_a_character_escapes_it(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("w", encoding="latin-1") as stream:
        Output(stream, None, UNICODE).data([WatchLine(AT, "task failed", "é仮")])
    assert "\té\\u4eee\t" in path.read_text(encoding="latin-1")


def test_a_line_is_there_at_once() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, os.fdopen(reading, "rb", 0) as pipe:
        output = Output(stream, io.StringIO(), UNICODE)
        output.data([LINE])
        assert pipe.read(200) == b"2026-11-23T14:03:22Z\ttask failed\tsql02\tDisk full\n"


def test_a_closed_pipe_is_noticed_with_and_without_writing() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        looking, told = (Output(stream, io.StringIO(), UNICODE) for _ in range(2))
        looking.look_for_reader()
        assert not looking.gone
        os.close(reading)
        looking.look_for_reader()
        assert looking.gone
        told.data([LINE, LINE])
        assert told.gone


def test_a_full_disk_is_said_on_the_other_stream() -> None:
    talk = io.StringIO()
    with Path("/dev/full").open("w") as stream:
        output = Output(stream, talk, UNICODE)
        output.data([LINE])
    assert output.gone
    assert "standard output cannot be written: No space left on device" in talk.getvalue()


def test_a_reader_who_stopped_reading_holds_up_the_end_only_briefly() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, os.fdopen(reading, "rb"):
        output = Output(stream, io.StringIO(), UNICODE)
        output.hurry()
        output.data(WatchLine(AT, "task failed", "x" * 200) for _ in range(2000))
        assert output.gone


def test_streams_that_were_closed_are_no_crash() -> None:
    output = Output(None, None, UNICODE)
    output.talk(LINE)
    output.look_for_reader()
    assert output.gone
