"""A signal before the program has come to its senses: no traceback, and the signal's own code."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SEEN_TO = "tui.cli"
"""What is loaded first once the program's own first lines have seen to signals."""

COMMANDS = {
    "as a module": ["-m", "tui"],
    # What an installer writes into the command's own file.
    "as a command": ["-c", "import sys; from tui.__main__ import main; sys.exit(main())"],
}
WATCH = ["watch", "--server", "127.0.0.1:1", "--user", "u", "--password-file", "/dev/null", "x"]
SIGNALS = [signal.SIGINT, signal.SIGTERM]


def _process(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _as_a_shell_says_it(code: int) -> int:
    """128 + the number, whether it ended by the signal or by itself."""
    return 128 - code if code < 0 else code


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("arguments", [["--help"], WATCH], ids=["help", "watch"])
@pytest.mark.parametrize("number", SIGNALS, ids=lambda each: each.name)
def test_at_whatever_import(
    environment: dict[str, str],
    number: signal.Signals,
    arguments: list[str],
    command: list[str],
) -> None:
    """Python says what it has imported: each run is sent the signal some imports later."""
    hit = 0
    for later in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144):
        with _process(["-X", "importtime", *command, *arguments], environment) as started:
            assert started.stderr is not None
            seen = 0
            for line in started.stderr:
                seen += seen > 0 or line.rpartition("|")[2].strip() == SEEN_TO
                if seen > later:
                    started.send_signal(number)
                    break
            rest = started.stderr.read().splitlines()
        told = [each for each in rest if not each.startswith("import time:")]
        assert not [each for each in told if "Traceback" in each or "Interrupt" in each], told
        if seen > later and started.returncode in (-number, 128 + number):
            hit += 1
        else:
            # It was over, or leaving, before the signal came.
            assert _as_a_shell_says_it(started.returncode) < 128, told
    assert hit >= 3


@pytest.mark.parametrize("number", SIGNALS, ids=lambda each: each.name)
def test_at_whatever_time_nothing_of_this_program_is_shown(
    environment: dict[str, str], number: signal.Signals
) -> None:
    """While the interpreter itself starts, the words are Python's: none is of a file of ours."""
    for delay in range(0, 200, 10):
        with _process(["-m", "tui", "--version"], environment) as started:
            time.sleep(delay / 1000)
            started.send_signal(number)
            assert started.stderr is not None
            said = started.stderr.read()
        assert "tui/cli" not in said
        assert "tui/__main__" not in said
        assert number is signal.SIGINT or said == ""


@pytest.mark.parametrize(
    ("before", "found"),
    [("", "SIG_DFL"), ("signal.signal(signal.SIGINT, signal.SIG_IGN);", "SIG_IGN")],
)
def test_what_is_ignored_from_outside_stays_so(before: str, found: str) -> None:
    """As a shell's job in the background does, and whoever uses nohup."""
    inner = "import signal, tui.__main__; print(signal.getsignal(signal.SIGINT).name)"
    outer = f"subprocess.run([sys.executable, '-c', {inner!r}])"
    said = subprocess.run(
        [sys.executable, "-c", f"import signal, subprocess, sys; {before} {outer}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == found
