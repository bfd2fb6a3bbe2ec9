"""A password through a pipe, and then keys from the terminal, with a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

PROGRAM = """
import os, sys, types
app = types.ModuleType("tui.running")
def run_app(settings, demo=None):
    secret = settings.password.get_secret_value()
    print("TERMINAL" if os.isatty(0) else "PIPE", len(secret), flush=True)
    print("KEY", os.read(0, 1), flush=True)
    return 0
app.run_app = run_app
sys.modules["tui.running"] = app
from tui.cli import main
sys.exit(main(["--server", "em01", "--user", "u", "--password-file", "-"]))
"""


def test_keys_come_from_the_terminal_after_a_piped_password(tmp_path: Path) -> None:
    master, slave = pty.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(1, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=take_terminal,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
    )
    os.close(slave)
    try:
        assert process.stdin is not None
        process.stdin.write(b"hunter2\nnot a key\n")
        process.stdin.close()
        shown = _read_until(master, b"\n")
        assert b"TERMINAL 7" in shown
        os.write(master, b"q\n")
        assert b"KEY b'q'" in _read_until(master, b"KEY b'q'")
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_without_any_terminal_a_screen_is_refused(tmp_path: Path) -> None:
    # Standard output claims to be a terminal; there is none behind the session.
    program = PROGRAM.replace(
        "from tui.cli import main",
        "from tui.cli import main, launch\nlaunch.is_terminal = lambda s: s is sys.stdout",
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=b"hunter2\n",
        capture_output=True,
        start_new_session=True,
        check=False,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert done.returncode == 2
    assert b"no terminal to read keys from" in done.stderr
    assert done.stdout == b""


def _read_until(descriptor: int, wanted: bytes) -> bytes:
    shown = b""
    while wanted not in shown:
        try:
            piece = os.read(descriptor, 4096)
        except OSError as error:  # Linux's way to say that the other side is closed.
            pytest.fail(f"the program ended: {error}; it showed {shown!r}")
        shown += piece
    return shown
