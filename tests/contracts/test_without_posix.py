"""On systems without POSIX modules everything imports, and what needs no screen works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TAKEN_AWAY = """
import os, select, signal, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "termios", "pwd", "grp", "resource", "tty", "pty"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
for name in ("fcntl", "termios", "pwd", "grp", "resource", "tty", "pty"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
for name in ("SIGHUP", "SIGTSTP", "SIGCONT", "SIGWINCH", "SIGALRM", "SIGPIPE", "SIGKILL",
             "SIGSTOP", "setitimer", "ITIMER_REAL", "pthread_sigmask", "sigwait"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("poll", "POLLERR", "POLLHUP", "POLLNVAL", "POLLOUT", "POLLIN", "epoll"):
    if hasattr(select, name):
        delattr(select, name)
for name in ("killpg", "fchmod", "set_blocking", "O_NOCTTY", "geteuid"):
    if hasattr(os, name):
        delattr(os, name)
"""
IMPORT_ALL = """
from pkgutil import walk_packages
import tui
for found in walk_packages(tui.__path__, "tui."):
    if found.name not in ("tui.__main__", "tui.terminal.driver"):  # Linux alone has the driver
        __import__(found.name)
print("imported")
"""
RUN = """
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""


SCREEN = """
import types
shown = types.ModuleType("tui.running")
def run_app(settings, demo=None):
    print("NOTICES", *settings.notices)
    return 0
shown.run_app = run_app
sys.modules["tui.running"] = shown
import tui.cli.launch
tui.cli.launch.is_terminal = lambda stream: True
"""
"""The screens are Textual's matter; what they are given is ours."""


def without(program: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", TAKEN_AWAY + program, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUTF8": "1"},
        timeout=120,
    )


def test_everything_imports(tmp_path: Path) -> None:
    ended = without(IMPORT_ALL, tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "imported\n"), ended.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [
        ("--version", 0, "failover-monitor"),
        ("info", 0, "python"),
        ("info", 0, "fcntl (files are not locked against another monitor), termios"),
        ("info", 0, "SIGTSTP (no suspending)"),
        ("config show", 0, "[defaults]"),
        ("config check", 0, "not there"),
        ("trust list", 0, ""),
        # A target for the points that the rehearsal misses.
        ("demo --scenario clean --speed 1000", 6, "session success"),
        ("watch --server 127.0.0.1:1 --user x --password-file /dev/null", 2, ""),
        ("simulate --host 256.256.256.256 --port 0", 2, ""),
    ],
)
def test_what_needs_no_screen_works(arguments: str, code: int, shown: str, tmp_path: Path) -> None:
    ended = without(RUN, tmp_path, *arguments.split())
    assert "Traceback" not in ended.stderr, ended.stderr
    assert ended.returncode == code, ended.stderr
    assert shown in ended.stdout


LOCKS, CLOSED, FILE, WRITTEN = (
    "This system locks no files",
    "does not tell of a closed terminal",
    "Who besides you can read the password file was not looked at",
    "does not tell which journals are being written",
)


@pytest.mark.parametrize(
    ("arguments", "screen", "said", "unsaid"),
    [
        ("watch SERVER", False, (LOCKS, CLOSED, FILE), (WRITTEN,)),
        ("watch SERVER --no-journal", False, (CLOSED, FILE), (LOCKS, WRITTEN)),
        ("SERVER", True, (LOCKS, CLOSED, FILE), (WRITTEN,)),
        ("demo", True, (), (LOCKS, CLOSED, FILE, WRITTEN)),
        ("journal prune", False, (WRITTEN,), (LOCKS, CLOSED, FILE)),
        ("journal list", False, (), (LOCKS, CLOSED, FILE, WRITTEN)),
        ("trust list", False, (), (LOCKS, CLOSED, FILE, WRITTEN)),
    ],
)
def test_what_is_missing_is_said_where_it_matters(
    arguments: str, screen: bool, said: tuple[str, ...], unsaid: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "pw").write_text("a password")
    # Refused at once, so that a watch ends: its certificate is nobody's to look at.
    known = f"--server 127.0.0.1:1 --user x --password-file {tmp_path / 'pw'}"
    words = arguments.replace("SERVER", f"{known} --timeout 1s" if "watch" in arguments else known)
    ended = without((SCREEN if screen else "") + RUN, tmp_path, *words.split())
    assert "Traceback" not in ended.stderr, ended.stderr
    shown = " ".join((ended.stdout + ended.stderr).split())
    for each in said:
        assert each in shown
    for each in unsaid:
        assert each not in shown
