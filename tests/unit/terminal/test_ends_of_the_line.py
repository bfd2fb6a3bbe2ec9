"""Input and output apart from Textual; which driver is chosen."""

from __future__ import annotations

import os
import select
import sys
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tui.terminal import FULL_PAINT, driver_class
from tui.terminal.input import TerminalLost, typed
from tui.terminal.output import TerminalOutput, WriterThread

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    master, slave = os.openpty()
    yield master, slave
    for descriptor in (master, slave):
        with suppress(OSError):
            os.close(descriptor)


def test_what_is_typed_comes_decoded_even_in_halves(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    os.write(master, "é\n".encode()[:1])
    keys = typed(slave, lambda: False, tick_seconds=0.01)
    assert next(keys) == ""
    os.write(master, "é\n".encode()[1:])
    assert next(text for text in keys if text) == "é\n"


def test_reading_ends_when_told(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    answers = iter([False, False, True])
    assert list(typed(slave, lambda: next(answers), tick_seconds=0.001)) == ["", ""]


def test_a_terminal_at_which_nobody_types_is_left_alone_until_woken(
    terminal: tuple[int, int],
) -> None:
    master, slave = terminal
    woken, wake = os.pipe()
    try:
        stopped: list[bool] = []
        keys = typed(slave, lambda: bool(stopped), tick_seconds=0.001, wake=woken)
        taken: list[str] = []
        reading = Thread(target=lambda: taken.extend(keys))
        reading.start()
        reading.join(0.5)
        quiet = len(taken)
        assert 1 <= quiet <= 50, "ticks end by themselves"
        os.write(master, b"a\n")
        reading.join(0.5)
        assert "a\n" in taken
        stopped.append(True)
        os.write(wake, b".")
        reading.join(10)
        assert not reading.is_alive()
    finally:
        os.close(woken)
        os.close(wake)


def test_a_closed_terminal_is_an_error_not_an_endless_silence(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    os.close(master)
    with pytest.raises(TerminalLost):
        next(typed(slave, lambda: False))
    os.close(slave)
    with pytest.raises(TerminalLost):
        next(typed(slave, lambda: False))


class Ends:
    """Counts what the output reports."""

    def __init__(self, descriptor: int) -> None:
        self.lost = self.drained = 0
        with open(descriptor, "w", encoding="utf-8", closefd=False) as stream:
            self.output = TerminalOutput(stream, self._on_lost, self._on_drained)

    def _on_lost(self) -> None:
        self.lost += 1

    def _on_drained(self) -> None:
        self.drained += 1

    def send(self, text: str) -> None:
        self.output.announce(text)
        self.output.write(text)
        self.output.flush()


def test_output_arrives_and_is_counted_until_it_has() -> None:
    reading, writing = os.pipe()
    try:
        ends = Ends(writing)
        big = "é" * 400_000
        thread = Thread(target=ends.send, args=(big,), daemon=True)
        thread.start()
        select.select([reading], [], [], 5)
        assert ends.output.under_way == len(big)
        got = bytearray()
        while len(got) < 800_000:
            got += os.read(reading, 65536)
        thread.join(5)
        assert got.decode() == big
        assert (ends.output.under_way, ends.drained, ends.lost) == (0, 1, 0)
        ends.send("lone \ud800 surrogate")
        assert os.read(reading, 100) == b"lone ? surrogate"
    finally:
        os.close(reading)
        os.close(writing)


def test_a_terminal_in_non_blocking_mode_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        ends = Ends(writing)
        thread = Thread(target=ends.send, args=("x" * 300_000,), daemon=True)
        thread.start()
        got = 0
        while got < 300_000:
            got += len(os.read(reading, 65536))
        thread.join(5)
        assert ends.lost == 0
    finally:
        os.close(reading)
        os.close(writing)


def test_a_lost_terminal_is_reported_once_and_raises_nothing(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    ends = Ends(slave)
    os.close(master)
    ends.send("a")
    ends.send("b")
    assert ends.output.lost
    assert ends.lost == 1
    assert ends.output.under_way == 0


def test_a_little_goes_without_the_thread_and_a_stalled_terminal_holds_nobody_up() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    ends = Ends(slave)
    writer = WriterThread(ends.output)
    try:
        writer.put("at once, ")
        assert os.read(master, 100) == b"at once, ", "the thread does not even run"
        # Nobody reads: until the terminal takes no more, and then half of a character at most.
        texts = [f"{number} é漢字👍 " * 12 for number in range(1000)]
        for text in texts:
            writer.put(text)
        assert ends.output.under_way > 0
        writer.start()
        everything = "".join(texts).encode()
        got = bytearray()
        while len(got) < len(everything):
            got += os.read(master, 65536)
        assert got == everything
        writer.stop()
        assert (ends.output.under_way, ends.lost) == (0, 0)
    finally:
        os.close(slave)
        os.close(master)


def test_where_the_terminal_cannot_be_opened_anew_the_thread_writes_all() -> None:
    reading, writing = os.pipe()
    try:
        ends = Ends(writing)
        writer = WriterThread(ends.output)
        writer.put("later")
        assert ends.output.under_way == len("later")
        writer.start()
        assert os.read(reading, 100) == b"later"
        writer.stop()
    finally:
        os.close(reading)
        os.close(writing)


def test_a_lost_terminal_is_found_out_by_the_thread(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    ends = Ends(slave)
    writer = WriterThread(ends.output)
    os.close(master)
    writer.put("a")
    writer.start()
    writer.stop()
    assert ends.lost == 1


def test_which_driver_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.terminal.cell_driver import CellDriver
    from tui.terminal.driver import MortalDriver

    assert driver_class({}) is CellDriver
    assert driver_class({FULL_PAINT: "0"}) is CellDriver
    assert driver_class({FULL_PAINT: "1"}) is MortalDriver
    assert driver_class({"TEXTUAL_DRIVER": "x:Y"}) is None
    monkeypatch.setattr(sys, "platform", "win32")
    assert driver_class({}) is None


WITH_TEXTUAL = {"__init__.py", "driver.py", "cell_driver.py", "messages.py", "reader.py"}


def test_the_core_knows_no_textual() -> None:
    package = Path(sys.modules[driver_class.__module__].__file__ or "").parent
    for module in package.glob("*.py"):
        if module.name not in WITH_TEXTUAL:
            assert "textual" not in module.read_text().replace("Textual", ""), module.name
