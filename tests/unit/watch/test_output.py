"""The two streams, on real descriptors where that matters."""

from __future__ import annotations

import io
import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.happening import Happening
from tui.watch.output import Output

AT = datetime(2026, 11, 23, 14, 3, 22, 999_999, tzinfo=UTC)
LINE = Happening(AT, "task failed", "sql02", "Disk full")


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
def test_six_fields_whatever_the_text(vm: str | None, message: str | None, shown: str) -> None:
    line = Happening(AT, "task failed", vm, message).text(UNICODE)
    assert line == f"2026-11-23T14:03:22Z\ttask failed\t{shown}\tseen\t-"


def test_ascii_is_ascii() -> None:
    line = Happening(AT, "task failed", "仮想", "one\ntwo").text(ASCII)
    assert line.endswith("\t??\tone | two\tseen\t-")


def test_an_encoding_that_cannot_show_a_character_escapes_it(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("w", encoding="latin-1") as stream:
        Output(stream, None, UNICODE).data([Happening(AT, "task failed", "é仮")])
    assert "\té\\u4eee\t" in path.read_text(encoding="latin-1")


def test_a_line_is_there_at_once() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, os.fdopen(reading, "rb", 0) as pipe:
        output = Output(stream, io.StringIO(), UNICODE)
        output.data([LINE])
        said = b"2026-11-23T14:03:22Z\ttask failed\tsql02\tDisk full\tseen\t-\n"
        assert pipe.read(200) == said


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


def test_a_full_disk_is_said_on_the_other_stream_and_ends_nothing() -> None:
    talk = io.StringIO()
    with Path("/dev/full").open("w") as stream:
        output = Output(stream, talk, UNICODE)
        for _ in range(3):
            output.data([LINE])
            output.look_for_reader()
        output.last_try()
    assert not output.gone
    said = talk.getvalue().splitlines()
    assert "standard output cannot be written: No space left on device" in said[0]
    assert "Its lines are kept" in said[0]
    assert "did not take the last lines" in said[-1]
    assert len(said) == 2


def lines_of(count: int) -> list[Happening]:
    return [Happening(AT, "task message", f"vm{number:05}", "x" * 60) for number in range(count)]


def test_what_a_full_disk_did_not_take_follows_once_there_is_room(tmp_path: Path) -> None:
    """A file that may not grow, as on a full disk, until somebody makes room."""
    path, talk = tmp_path / "lines", io.StringIO()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with path.open("w") as stream:
        output = Output(stream, talk, UNICODE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        try:
            output.data(lines_of(400))
            assert path.stat().st_size <= 10_000
            assert not output.gone
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        output.look_for_reader()
        output.data([LINE])
    written = path.read_text().splitlines()
    assert written == [line.text(UNICODE) for line in [*lines_of(400), LINE]], "each whole, once"
    said = talk.getvalue().splitlines()
    assert len(said) == 2
    assert "takes lines again" in said[1]


def test_what_waits_for_room_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.watch.output.MOST_KEPT", 10_000)
    talk = io.StringIO()
    with Path("/dev/full").open("w") as stream:
        output = Output(stream, talk, UNICODE)
        output.data(lines_of(400))
        assert len(output._data._rest) <= 10_000
        assert output._data.lost > 200


def test_a_reader_who_stopped_reading_holds_up_the_end_only_briefly() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, os.fdopen(reading, "rb"):
        output = Output(stream, io.StringIO(), UNICODE)
        output.hurry()
        output.data(Happening(AT, "task failed", "x" * 200) for _ in range(2000))
        assert output.gone


def test_streams_that_were_closed_are_no_crash() -> None:
    output = Output(None, None, UNICODE)
    output.talk(LINE)
    output.look_for_reader()
    assert output.gone
