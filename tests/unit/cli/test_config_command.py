from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Outcome

Run = Callable[..., Outcome]
Config = Callable[[str], Path]

FULL = r"""
theme = "nord"
bell = true
stall_after = "90s"
[defaults]
user = 'NOC\jdoe'
proxy = "http://user:hunter2@proxy:3128"
[profiles."drill site"]
server = "em02:9999"
banner = "green"
password_command = ["sh", "--token=hunter2"]
[keys]
quit = ["q", "f10"]
[targets]
rto = "1h"
[targets."ABC Company \"West\" Plan"]
rpo = "15m"
"""


def test_path_is_one_line(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = home / "config" / "failover-monitor" / "config.toml"
    assert run("config", "path") == Outcome(0, f"{expected}\n", "")
    monkeypatch.setenv("FAILOVER_MONITOR_CONFIG", "/x/env.toml")
    assert run("config", "path").out == "/x/env.toml\n"
    assert run("config", "path", "--config", "/x/flag.toml").out == "/x/flag.toml\n"


def test_show_is_toml_that_check_accepts_and_holds_no_secret(
    run: Run, config: Config, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(FULL)
    monkeypatch.setenv("FAILOVER_MONITOR_PASSWORD", "hunter2")
    shown = run("config", "show", "--profile", "drill site")
    assert shown.code == 0
    assert "hunter2" not in shown.out + shown.err
    data = tomllib.loads(shown.out)
    assert data["defaults"]["server"] == "https://em02:9999"
    assert data["defaults"]["user"] == "NOC\\jdoe"
    assert data["defaults"]["proxy"] == "http://***@proxy:3128"
    assert data["stall_after"] == "1 min 30 s"
    assert data["keys"] == {"quit": ["q", "f10"]}
    assert data["targets"]['ABC Company "West" Plan'] == {"rpo": "15 min"}
    assert '# password_command = "sh" with 1 argument' in shown.out
    assert "from FAILOVER_MONITOR_PASSWORD, not shown" in shown.out
    again = home / "again.toml"
    again.write_text(shown.out, encoding="utf-8")
    assert run("config", "check", "--config", str(again)).code == 0


def test_show_says_where_each_setting_comes_from(
    run: Run, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(
        "bell = false\n[defaults]\nuser = 'one@corp'\ninterval = 7\n"
        "[profiles.'a b']\nserver = 'em01'\nbanner = 'red'\n"
        "password_command = ['sh', 'hunter2']\n[profiles.other]\nserver = 'em02'\n"
    )
    monkeypatch.setenv("FAILOVER_MONITOR_USER", "env@corp")
    shown = run("config", "show", "--profile", "a b")
    for line in (
        "bell = false  # the top of the file, line 1",
        'stall_after = "10 min"  # built in',
        'server = "https://em01:9398"  # [profiles.a b], line 6',
        'user = "env@corp"  # FAILOVER_MONITOR_USER',
        "interval = 7.0  # [defaults], line 4",
        'banner = "red"  # [profiles.a b], line 7',
        '# password_command = "sh" with 1 arguments  # [profiles.a b], line 8',
        'accept = "json"  # built in',
    ):
        assert line in shown.out.splitlines()
    assert "hunter2" not in shown.out
    assert "em02" not in shown.out, "only what holds"
    assert "em02" in run("config", "show").out
    monkeypatch.setenv("FAILOVER_MONITOR_SERVER", "em03")
    shown = run("config", "show", "--profile", "a b")
    assert "# Profile 'a b' is for em01: its user, password command and" in shown.out
    assert "# banner is not set" in shown.out
    assert 'server = "https://em03:9398"  # FAILOVER_MONITOR_SERVER' in shown.out


def test_check_says_all_is_well(run: Run, config: Config) -> None:
    path = config(FULL)
    assert run("config", "check") == Outcome(0, f"{path}: nothing wrong.\n", "")


def test_check_without_a_file(run: Run) -> None:
    shown = run("config", "check")
    assert shown.code == 0
    assert "not there" in shown.out
    assert run("config", "check", "--config", "/nowhere.toml").code == 2


def test_check_names_every_problem(run: Run, config: Config) -> None:
    path = config("bel = true\n[defaults]\ninterval = 1\n[profiles.a]\nproxi = 'x'\n")
    shown = run("config", "check")
    assert shown.code == 2
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{path}, line 1: unknown key 'bel'. Did you mean 'bell'?")
    assert "line 3: 'interval' in [defaults] is 1." in lines[1]
    assert "Did you mean 'proxy'?" in lines[2]


def test_check_looks_into_every_profile(run: Run, config: Config) -> None:
    config(
        "[defaults]\nprofile='c'\n[profiles.a]\nserver='a b'\n"
        "[profiles.b]\nca_file='missing.pem'\n[profiles.d]\nproxy='x'\n"
    )
    shown = run("config", "check")
    assert shown.code == 2
    assert "line 4: 'server' in [profiles.a]" in shown.err
    assert "line 6: 'ca_file' in [profiles.b]: there is no file" in shown.err
    assert "line 8: 'proxy' in [profiles.d]" in shown.err


def test_check_knows_what_only_the_screens_know(run: Run, config: Config, home: Path) -> None:
    (home / "no.pem").write_text("no certificate")
    config(
        "theme = 'drak'\n[defaults]\nlog_file = '/nowhere/fm.log'\n[profiles.a]\n"
        f"ca_file = '{home}/no.pem'\npassword_command = ['no-such-program']\n"
        "[keys]\nrefrsh = 'r'\nrefresh = 'f99'\nhelp = 'q'\n"
    )
    shown = run("config", "check")
    assert shown.code == 2
    for line, says in (
        (1, "'drak'"),
        (3, "/nowhere/fm.log cannot be written"),
        (5, "it holds no certificate in PEM form"),
        (6, "no program 'no-such-program'"),
        (8, "Did you mean 'refresh'?"),
        (9, "there is no key 'f99'"),
        (10, "'q' is the key of 'quit' as well"),
        (10, "'q' is the key of 'help.close' as well"),
    ):
        assert any(f"line {line}:" in each and says in each for each in shown.err.splitlines()), (
            line, shown.err,
        )  # fmt: skip
    assert len(shown.err.splitlines()) == 8


def test_check_names_what_defaults_lend_once_and_where_it_stands(run: Run, config: Config) -> None:
    path = config(
        "[defaults]\nca_file = 'gone.pem'\npassword_command = ['no-such']\n"
        "[profiles.a]\nserver = 'em01'\n[profiles.b]\nserver = 'em02'\n"
    )
    lines = run("config", "check").err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{path}, line 2: 'ca_file' in [defaults]: there is no file")
    assert lines[1].startswith(f"{path}, line 3: 'password_command' in [defaults]: there is no")
    path.write_text(path.read_text().replace("[profiles.a]\nserver = 'em01'\n", ""))
    assert len(run("config", "check").err.splitlines()) == 2
    config("[defaults]\nprofile = 'a'\n[profiles.a]\nca_file = 'gone.pem'\n")
    (line,) = run("config", "check").err.splitlines()
    assert "line 4: 'ca_file' in [profiles.a]" in line
    config("[profiles.a]\nserver = 'a b'\n")
    assert len(run("config", "check").err.splitlines()) == 1, "a problem is told once"


def test_a_wrong_file_stops_every_start(run: Run, config: Config) -> None:
    path = config("[defaults]\nintervall = 3\n")
    for command in ((), ("watch",), ("demo",), ("config", "show")):
        shown = run(*command)
        assert shown.code == 2
        assert f"{path}, line 2: unknown key 'intervall' in [defaults]." in shown.err
        assert "Did you mean 'interval'?" in shown.err


def test_nothing_is_written(run: Run, home: Path) -> None:
    run("config", "show")
    run("config", "check")
    run("info")
    run("trust", "list")
    assert not [path for path in home.rglob("*") if stat.S_ISREG(path.stat().st_mode)]
