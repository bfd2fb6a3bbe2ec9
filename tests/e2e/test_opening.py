"""The line that stands there while the screens are loaded: however it ends, nothing is left."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.conftest import Start
from tests.support.terminal import ALTERNATE_SCREEN, Terminal

LINE = "is starting, for jdoe at 127.0.0.1:9"
ARGUMENTS = ("--server", "127.0.0.1:9", "--user", "jdoe")

HELD = """
import sys, types
class Held:
    def find_spec(self, name, path=None, target=None):
        if name == "tui.running":
            REACHED
sys.meta_path.insert(0, Held())
from tui.__main__ import main
sys.exit(main())
"""
"""The program, with something that happens where the screens begin to be loaded."""

Held = Callable[..., Terminal]


@pytest.fixture
def held(environment: dict[str, str]) -> Iterator[Held]:
    """Starts the program as far as the line, and then does that instead of loading."""
    with ExitStack() as stack:

        def begin(reached: str, *arguments: str, columns: int = 80) -> Terminal:
            command = ["-c", HELD.replace("REACHED", reached), *(arguments or ARGUMENTS)]
            return stack.enter_context(Terminal(command, environment, columns=columns))

        yield begin


WAITS = "import threading; threading.Event().wait()"


def test_it_says_what_starts_and_is_gone_with_the_first_picture(start: Start) -> None:
    terminal = start(*ARGUMENTS)
    terminal.wait_for(LINE)
    assert ALTERNATE_SCREEN not in terminal.screen.private
    assert terminal.rows[0].startswith("failover-monitor ")
    terminal.wait_for("Password")
    terminal.until(lambda: not terminal.shows(LINE))
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert terminal.is_restored
    assert not terminal.text.strip()


def test_what_is_typed_meanwhile_is_not_echoed_and_reaches_the_screen(start: Start) -> None:
    """A password typed ahead, as at other programs that ask for one."""
    terminal = start(*ARGUMENTS)
    terminal.wait_for(LINE)
    terminal.keys("hunter2")
    terminal.wait_for("•" * len("hunter2"))
    assert b"hunter2" not in terminal.output
    terminal.keys("ctrl+c")
    terminal.wait()
    assert b"hunter2" not in terminal.output
    assert terminal.is_restored


def test_what_is_typed_meanwhile_reaches_no_shell(held: Held) -> None:
    terminal = held(WAITS)
    terminal.wait_for(LINE)
    terminal.keys("rm -r x\r")
    terminal.signal(signal.SIGTERM)
    terminal.wait()
    assert b"rm -r" not in terminal.output
    assert terminal.is_restored
    assert not terminal.left_to_read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_while_it_loads(held: Held, number: signal.Signals) -> None:
    terminal = held(WAITS)
    terminal.wait_for(LINE)
    terminal.signal(number)
    code = terminal.wait().code
    assert code in (-number, 128 + number)
    assert terminal.is_restored
    assert not terminal.text.strip()
    assert terminal.screen.cursor.x == 0


def test_ctrl_c_while_it_loads(held: Held) -> None:
    terminal = held(WAITS)
    terminal.wait_for(LINE)
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 130
    assert terminal.is_restored
    assert not terminal.text.strip()


def test_a_key_that_would_stop_it_is_a_key(held: Held) -> None:
    """A stopped process would leave the shell a terminal without echo."""
    terminal = held("import os; text = os.read(0, 1); raise ValueError(text.hex())")
    terminal.wait_for(LINE)
    terminal.keys("ctrl+z")
    assert terminal.wait().code not in (0, 130)
    assert terminal.is_restored


def test_where_loading_fails_the_message_stands_where_the_line_was(held: Held) -> None:
    terminal = held("raise ImportError('gone')")
    code = terminal.wait().code
    assert code not in (0, 1, 2, 130)
    assert LINE.encode() in terminal.output
    assert terminal.rows[0].startswith("failover-monitor: This program met something")
    assert "is starting" not in terminal.text
    assert terminal.is_restored


def test_where_textual_fails_before_it_paints_its_report_is_whole(held: Held) -> None:
    fail = "def fail(*_): raise ValueError"
    reached = f"import textual.css.stylesheet as css; exec({fail!r}, css.__dict__);"
    terminal = held(f"{reached} css.Stylesheet.read_all = css.fail")
    assert terminal.wait().code not in (0, 1, 2, 130)
    assert "is starting" not in terminal.text
    assert terminal.shows("ValueError")
    assert terminal.is_restored


def test_what_stood_before_it_on_its_row_stays(environment: dict[str, str]) -> None:
    """As where a script has begun a row: `printf 'watching '; failover-monitor`."""
    program = f"print('before ', end='', flush=True)\n{HELD.replace('REACHED', WAITS)}"
    with Terminal(["-c", program, *ARGUMENTS], environment, columns=60) as terminal:
        terminal.wait_for("before failover-monitor")
        assert not any(terminal.rows[1:])
        terminal.signal(signal.SIGTERM)
        terminal.wait()
        assert terminal.text.strip() == "before"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--server", "em01:99999"),
        ("--server", "127.0.0.1:9", "--config", "/no/such/file"),
        ("--server", "127.0.0.1:9", "--log-file", "/no/such/folder/log"),
        ("--no-such-option",),
        ("--help",),
        ("--version",),
    ],
    ids=lambda each: each[-1],
)
def test_what_is_refused_or_only_told_is_so_without_it(
    start: Start, arguments: tuple[str, ...]
) -> None:
    terminal = start(*arguments)
    terminal.wait()
    assert b"is starting" not in terminal.output
    assert b"\x1b7" not in terminal.output
    assert terminal.is_restored


@pytest.mark.parametrize("columns", [21, 30, 50])
def test_a_narrow_terminal_has_it_on_one_row(held: Held, columns: int) -> None:
    terminal = held(WAITS, columns=columns)
    terminal.wait_for("failover-monitor")
    assert not any(terminal.rows[1:])
    assert terminal.rows[0].endswith("...")
    terminal.signal(signal.SIGTERM)
    terminal.wait()
    assert not terminal.text.strip()


def test_without_utf_8_it_is_ascii(environment: dict[str, str]) -> None:
    known = {**environment, "LC_ALL": "C", "PYTHONUTF8": "1"}
    arguments = ["--server", "127.0.0.1:9", "--user", "jérôme"]
    with Terminal(["-c", HELD.replace("REACHED", WAITS), *arguments], known) as terminal:
        terminal.wait_for("is starting, for j?r?me at")
        assert terminal.output.isascii()


def test_a_rehearsal_and_no_server_of_the_settings(held: Held) -> None:
    terminal = held(WAITS, "demo")
    terminal.wait_for("is starting a rehearsal ...")
    assert "127.0.0.1" not in terminal.text
