from __future__ import annotations

import os
from collections.abc import Iterator
from io import FileIO

import pytest

from tui.pipe_reader import MOST_OUTPUT, PipeReader


@pytest.fixture
def ends() -> Iterator[tuple[FileIO, FileIO]]:
    """A pipe: where to read, where to write."""
    reading, writing = os.pipe()
    with FileIO(writing, "w") as end:
        yield FileIO(reading), end


def test_a_line_is_there_although_somebody_holds_the_pipe(ends: tuple[FileIO, FileIO]) -> None:
    reading, writing = ends
    reader = PipeReader(reading)
    writing.write(b"pw\nmore")
    assert reader.first_line().startswith(b"pw\n")
    assert not reader.overflowed


def test_without_a_line_end_what_is_there_counts(ends: tuple[FileIO, FileIO]) -> None:
    reading, writing = ends
    reader = PipeReader(reading)
    writing.write(b"pw")
    assert reader.first_line() == b"pw"


def test_all_of_it_once_the_pipe_has_ended(ends: tuple[FileIO, FileIO]) -> None:
    reading, writing = ends
    reader = PipeReader(reading)
    writing.write(b"\nthe vault\n")
    writing.write(b"is sealed")
    writing.close()
    assert reader.all() == b"\nthe vault\nis sealed"
    assert reading.closed


@pytest.mark.parametrize("over", [0, 1])
def test_no_more_than_64_kib_is_read_where_that_is_too_much(
    ends: tuple[FileIO, FileIO], over: int
) -> None:
    reading, writing = ends
    told: list[bool] = []
    reader = PipeReader(reading, too_much=lambda: told.append(True))
    left = b"y" * (MOST_OUTPUT + over)
    while left:
        left = left[writing.write(left) :]
    writing.close()
    assert len(reader.all()) == MOST_OUTPUT
    assert (reader.overflowed, told) == (bool(over), [True] * over)


def test_complaints_without_end_are_read_and_forgotten(ends: tuple[FileIO, FileIO]) -> None:
    reading, writing = ends
    reader = PipeReader(reading)
    for _ in range(40):  # more than a pipe holds: it would block, were nobody reading
        writing.write(b"n" * 16384)
    writing.close()
    assert reader.all() == b"n" * MOST_OUTPUT
    assert not reader.overflowed
