"""What comes from files and the environment reaches the terminal as printable characters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.test_boundary import ROOT
from tui.cli.printing import printable

HOSTILE = "a\x1b]0;pwned\x07\x9b31m\x7f\u202eb"


def run(home: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONUTF8": "1", **env},
        timeout=60,
    )


def harmless(ended: subprocess.CompletedProcess[str]) -> None:
    for stream in (ended.stdout, ended.stderr):
        assert all(line.isprintable() for line in stream.replace("\t", " ").split("\n"))
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["show", "check", "path"])
def test_settings(command: str, tmp_path: Path) -> None:
    config = tmp_path / f"c{HOSTILE}.toml"
    config.write_text(
        '[profiles."a\\u001b]0;pwned\\u0007\\u009b\\u007f\\u202e"]\nserver = "em01"\n'
        'ca_file = "/x\\u001b\\u007f\\u202e"\nlog_file = "/y\\u009b"\n'
        '[targets."p\\u007f\\u202e"]\nrto = "1h"\n[keys]\n"k\\u007f" = "r"\n'
    )
    harmless(run(tmp_path, "config", command, "--config", str(config)))
    good = tmp_path / f"g{HOSTILE}.toml"
    good.write_text('[profiles."a\\u007f\\u202e\\u009b"]\nserver = "em01"\nuser = "x"\n')
    harmless(run(tmp_path, "config", command, "--config", str(good)))


def test_folders(tmp_path: Path) -> None:
    home = tmp_path / HOSTILE
    home.mkdir()
    for arguments in (("trust", "list"), ("info",), ("config", "path"), ("trust", "remove", "x")):
        harmless(run(home, *arguments))


@pytest.mark.parametrize("host", [HOSTILE, "é" * 80, "x\x00y"[:1] + "\x1b", "..", "a..b"])
def test_a_host_to_listen_on(host: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "simulate", "--port", "0", "--host", host)
    harmless(ended)
    assert ended.returncode == 2


@pytest.mark.parametrize("seconds", ["abc", "0", "-1", "nan", "inf", "1e9", "", "0.01"])
def test_the_interval_of_measurements(seconds: str, tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        *("watch", "--server", "127.0.0.1:1", "--user", "x", "--password-file", "/dev/null"),
        FAILOVER_MONITOR_TEST_INTERVAL=seconds,
    )
    harmless(ended)
    assert ended.returncode == 2


def test_line_breaks_stay() -> None:
    assert printable("\n[a]\nb\x1b") == "\n[a]\nb�"
