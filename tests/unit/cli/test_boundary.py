"""The outermost boundary: no traceback, no code that means something else, on real streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tui.exit_codes import ExitCode

ROOT = Path(__file__).resolve().parents[3]
QUIET = ["config show", "config path", "info", "--version", "--help", "trust list", "watch --help"]


def shell(command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command, "bash", sys.executable],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=env,
        timeout=60,
    )


def check(ended: subprocess.CompletedProcess[str], codes: Sequence[int]) -> None:
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert ended.returncode in codes, ended


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}


@pytest.mark.parametrize("arguments", QUIET)
def test_standard_output_on_a_full_disk(arguments: str, home: dict[str, str]) -> None:
    ended = shell(f'"$1" -m tui {arguments} >/dev/full', home)
    if arguments == "trust list":  # it has nothing to print
        check(ended, [0])
        return
    check(ended, [ExitCode.UNFORESEEN])
    assert "cannot be written: No space left on device" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", QUIET)
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(arguments: str, closed: str, home: dict[str, str]) -> None:
    check(shell(f'"$1" -m tui {arguments} {closed}', home), [0])


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", ">&- 2>&-", "2>/dev/full >/dev/full"])
@pytest.mark.parametrize("wrong", ["--nope", "--interval 0", "--password x", "config nope"])
def test_a_mistake_that_cannot_be_said_is_a_mistake(
    wrong: str, streams: str, home: dict[str, str]
) -> None:
    check(shell(f'"$1" -m tui {wrong} {streams}', home), [ExitCode.USAGE])


def test_a_file_that_is_opened_is_not_written_over_for_a_closed_stream(
    tmp_path: Path, home: dict[str, str]
) -> None:
    log = tmp_path / "requests.log"
    check(
        shell(f'"$1" -m tui watch --server 127.0.0.1:1 --user x --log-file {log} >&- 2>&-', home),
        [2],
    )
    assert not log.exists() or "failover-monitor" not in log.read_text()


def test_a_watch_without_standard_output_says_that_nobody_reads(home: dict[str, str]) -> None:
    ended = shell('"$1" -m tui demo --scenario clean --speed 1000 >&-', home)
    check(ended, [ExitCode.NOBODY_READS])


# No home, no such user, no such folder. ------------------------------------------


NOBODY = """
import pwd, runpy
def unknown(number): raise KeyError(number)
pwd.getpwuid = unknown  # as in a container whose user is in no list
runpy.run_module("tui", run_name="__main__", alter_sys=True)
"""


def without_home(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", NOBODY, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
    )


@pytest.mark.parametrize(
    "arguments",
    ["config show", "config path", "config check", "trust list", "info", "--version", "--help"],
)
def test_a_user_without_a_home(arguments: str) -> None:
    ended = without_home(*arguments.split())
    check(ended, [0])
    assert ended.stdout or arguments == "trust list"
    assert not (ROOT / "~").exists()


def test_without_a_home_a_rehearsal_runs_to_its_end() -> None:
    ended = without_home("demo", "--scenario", "clean", "--speed", "1000", "--rpo", "30d")
    check(ended, [0])
    assert "session success" in ended.stdout


@pytest.mark.parametrize(
    "option",
    ["--password-file '~nobody-there/pw'", "--config '~nobody-there/config'"],
)
def test_a_user_who_does_not_exist(option: str, home: dict[str, str]) -> None:
    ended = shell(f'"$1" -m tui watch --server em01 --user x {option}', home)
    check(ended, [ExitCode.USAGE])
    assert "~nobody-there" in ended.stderr


@pytest.mark.parametrize("key", ["log_file", "ca_file"])
def test_a_settings_file_that_names_one(key: str, tmp_path: Path, home: dict[str, str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[defaults]\n{key} = "~nobody-there/x"\n')
    ended = shell(f'"$1" -m tui config check --config {config}', home)
    check(ended, [ExitCode.USAGE])
    assert "~nobody-there" in ended.stderr


# What nobody foresaw. ---------------------------------------------------------------

DEFECT = """
import sys
import tui.cli.configuring as module
def forced(*_): raise {error}
module.print_path = forced
from tui.cli import main
sys.exit(main(["config", "path"]))
"""


@pytest.mark.parametrize(
    "error",
    [
        "RuntimeError('s3cret')",
        "MemoryError()",
        "RecursionError()",
        "OSError(5, 'x')",
        "KeyError()",
    ],
)
def test_a_defect_has_a_code_of_its_own_and_a_sentence(error: str, home: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DEFECT.format(error=error)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=home,
    )
    check(ended, [ExitCode.UNFORESEEN])
    assert len(ended.stderr.splitlines()) == 1
    assert "s3cret" not in ended.stderr


def test_the_code_is_none_of_a_sessions() -> None:
    assert list(ExitCode).count(ExitCode.UNFORESEEN) == 1
    assert ExitCode.UNFORESEEN not in (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("after", [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08])
def test_interrupted_at_once(after: float, home: dict[str, str]) -> None:
    """As early as the program can hear of it at all: Python itself needs some milliseconds."""
    program = (
        "import os, signal, sys, threading, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from tui.cli import main\n"
        "go = threading.Event()\n"
        "def kill():\n"
        f"    go.wait(); time.sleep({after}); os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Thread(target=kill, daemon=True).start()\n"
        "sys.exit(go.set() or main(['watch', '--server', '127.0.0.1:1', '--user', 'x',"
        " '--password-file', '/dev/zero']))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=home
    )
    check(ended, [130, ExitCode.USAGE, 128 + signal.SIGINT])
