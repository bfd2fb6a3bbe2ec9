from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.certificates import self_signed
from tests.unit.cli.conftest import SESSION, FrontEnds, Outcome
from tui.enterprise_manager.address import ServerAddress
from tui.settings import DemoOptions, PlanTarget, ResolvedSettings

Run = Callable[..., Outcome]
Config = Callable[[str], Path]
PASSWORD = "FAILOVER_MONITOR_PASSWORD"


def password_of(settings: ResolvedSettings) -> str | None:
    return settings.password.get_secret_value() if settings.password else None


def standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_without_arguments_the_screen_starts_and_asks(run: Run, on_a_terminal: FrontEnds) -> None:
    assert run().code == 0
    call = on_a_terminal.only
    assert call.front_end == "run_app"
    assert call.demo is None
    assert call.settings.server is None
    assert call.settings.password is None


def test_every_option_reaches_the_screen(
    run: Run, on_a_terminal: FrontEnds, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    self_signed(home / "ca.pem", "em01")
    (home / "pw").write_text("hunter2\n")
    arguments = f"--server em01:9999 --user NOC\\jdoe --interval 3.5 --ca-file {home}/ca.pem"
    arguments += f" --no-mouse --ascii --log-file {home}/fm.log --password-file {home}/pw"
    arguments += f" --trust-fingerprint {'AB' * 32} --accept xml --proxy http://p:1"
    assert run(*arguments.split(), f"urn:veeam:CloudFailoverSession:{SESSION.upper()}").code == 0
    settings = on_a_terminal.only.settings
    assert settings.server == ServerAddress("https", "em01", 9999)
    assert settings.user == "NOC\\jdoe"
    assert settings.interval == 3.5
    assert settings.ca_file == home / "ca.pem"
    assert settings.no_mouse
    assert settings.ascii
    assert settings.log_file == home / "fm.log"
    assert password_of(settings) == "hunter2"
    assert settings.fingerprint == "ab" * 32
    assert settings.accept == "xml"
    assert settings.proxy == "http://p:1"
    assert settings.session_id == SESSION
    assert settings.known_servers == home / "state" / "failover-monitor" / "known_servers"


def test_the_front_ends_exit_code_is_the_commands(run: Run, on_a_terminal: FrontEnds) -> None:
    on_a_terminal.exit_code = 3
    assert run().code == 3


def test_without_a_terminal_it_watches(
    run: Run, front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "hunter2")
    assert run("--server", "em01", "--user", "u", SESSION).code == 0
    assert front_ends.only.front_end == "run_watch"


def test_watch_on_a_terminal_is_still_watch(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "hunter2")
    assert run("watch", "--server", "em01", "--user", "u", "--ascii").code == 0
    assert on_a_terminal.only.front_end == "run_watch"
    assert on_a_terminal.only.settings.ascii


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("watch",), "No server given. "),
        (("watch", "--server", "em01"), "No user given. "),
        (("watch", "--server", "em01", "--user", "u"), "No password given"),
        (("--server", "em01", "--user", "u"), "No password given"),
    ],
)
def test_watch_needs_everything(
    run: Run, front_ends: FrontEnds, arguments: tuple[str, ...], says: str
) -> None:
    shown = run(*arguments)
    assert shown.code == 2
    assert says in shown.err
    assert not front_ends.calls


def test_watch_asks_for_the_password_on_a_terminal(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def getpass(prompt: str, stream: object = None) -> str:
        assert stream is sys.stderr
        asked.append(prompt)
        return "hunter2"

    monkeypatch.setattr("getpass.getpass", getpass)
    assert run("watch", "--server", "em01", "--user", "u").code == 0
    assert asked == ["Password of u at em01: "]
    assert password_of(on_a_terminal.only.settings) == "hunter2"


def test_giving_up_at_the_prompt_is_130(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getpass(prompt: str, stream: object = None) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("getpass.getpass", getpass)
    assert run("watch", "--server", "em01", "--user", "u").code == 130


def test_the_password_leaves_the_environment(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "hunter2")
    run("--server", "em01", "--user", "u")
    assert password_of(on_a_terminal.only.settings) == "hunter2"
    assert PASSWORD not in os.environ
    assert "hunter2" not in repr(on_a_terminal.calls)


@pytest.mark.parametrize("arguments", [("--server", "a b"), ("demo",)])
def test_the_password_leaves_the_environment_of_every_start(
    run: Run, front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv(PASSWORD, "hunter2")
    run(*arguments)
    assert PASSWORD not in os.environ


def test_password_from_standard_input(
    run: Run, front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    standard_input(monkeypatch, "pässwort\r\nmore\n".encode())
    monkeypatch.setenv(PASSWORD, "other")
    run("watch", "--server", "em01", "--user", "u", "--password-file", "-")
    assert password_of(front_ends.only.settings) == "pässwort"


def test_a_wrong_password_file_stops_even_the_screen(run: Run, on_a_terminal: FrontEnds) -> None:
    shown = run("--password-file", "/nowhere")
    assert shown.code == 2
    assert "The password file /nowhere gave no password: No such file" in shown.err
    assert not on_a_terminal.calls


def test_password_command_of_a_profile(
    run: Run, front_ends: FrontEnds, config: Callable[[str], Path]
) -> None:
    config("[profiles.p]\nserver='em01'\nuser='u'\npassword_command=['printf', 'hunter2\\nx']")
    assert run("watch", "--profile", "p").code == 0
    assert password_of(front_ends.only.settings) == "hunter2"


FAILING = "[profiles.p]\nserver='em01'\nuser='u'\npassword_command=['cat', '/nowhere/secret']"


def test_a_failing_password_command_ends_watch(
    run: Run, front_ends: FrontEnds, config: Callable[[str], Path]
) -> None:
    config(FAILING)
    shown = run("watch", "--profile", "p")
    assert shown.code == 2
    assert "The password command 'cat' gave no password: it ended with 1: cat: " in shown.err


def test_before_the_first_picture_no_password_command_is_run_and_no_keyring_asked(
    run: Run,
    on_a_terminal: FrontEnds,
    config: Callable[[str], Path],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never() -> None:
        raise AssertionError

    monkeypatch.setattr("tui.password_sources._keyring", never)
    config(f"[profiles.p]\nserver='em01'\nuser='u'\npassword_command=['touch', '{home}/ran']")
    assert run("--profile", "p").code == 0
    assert run("--server", "em01", "--user", "u").code == 0
    assert not (home / "ran").exists()
    by_command, by_keyring = (call.settings for call in on_a_terminal.calls)
    assert (by_command.password, by_command.ask_keyring) == (None, False)
    assert by_command.password_command == ("touch", f"{home}/ran")
    assert "touch" not in repr(replace(by_command, profiles=()))
    assert (by_keyring.password_command, by_keyring.ask_keyring) == (None, True)


@pytest.mark.parametrize("source", ["environment", "file"])
def test_with_a_password_given_nobody_else_is_to_be_asked(
    run: Run,
    on_a_terminal: FrontEnds,
    config: Callable[[str], Path],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
) -> None:
    config("[profiles.p]\nserver='em01'\nuser='u'\npassword_command=['false']")
    (home / "pw").write_text("hunter2")
    (home / "pw").chmod(0o600)
    if source == "environment":
        monkeypatch.setenv(PASSWORD, "hunter2")
    typed = ("--password-file", str(home / "pw")) if source == "file" else ()
    assert run("--profile", "p", *typed).code == 0
    settings = on_a_terminal.only.settings
    assert password_of(settings) == "hunter2"
    assert (settings.password_command, settings.ask_keyring) == (None, False)


@pytest.mark.parametrize("on_screen", [True, False])
def test_a_password_file_that_others_can_read_is_said_where_it_is_seen(
    run: Run, front_ends: FrontEnds, home: Path, monkeypatch: pytest.MonkeyPatch, on_screen: bool
) -> None:
    monkeypatch.setattr("tui.cli.launch.is_terminal", lambda stream: on_screen)
    file = home / "pw"
    file.write_text("hunter2")
    file.chmod(0o644)
    outcome = run("--server", "em01", "--user", "u", "--password-file", str(file))
    said = " ".join(front_ends.only.settings.notices) if on_screen else outcome.err
    assert f"is used, but other users can read it (mode 0644); chmod 600 {file}" in said
    assert password_of(front_ends.only.settings) == "hunter2"


def test_the_settings_file_of_flag_and_environment(
    run: Run, on_a_terminal: FrontEnds, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "a.toml").write_text("[defaults]\ninterval = 11\n")
    (home / "b.toml").write_text("[defaults]\ninterval = 12\n")
    monkeypatch.setenv("FAILOVER_MONITOR_CONFIG", str(home / "a.toml"))
    run()
    run("--config", str(home / "b.toml"))
    assert [call.settings.interval for call in on_a_terminal.calls] == [11, 12]


def test_demo(run: Run, on_a_terminal: FrontEnds, config: Callable[[str], Path]) -> None:
    config(
        "theme = 'nord'\n[defaults]\nserver='em01'\nuser='u'\nprofile='p'\ninterval=3\n"
        "[profiles.p]\nserver='x'\npassword_command=['false']\n"
    )
    assert run("demo").code == 0
    call = on_a_terminal.only
    assert call.front_end == "run_app"
    assert call.demo == DemoOptions(scenario="failures")
    assert call.settings.theme == "nord"
    assert call.settings.interval == 3
    assert call.settings.server is None
    assert call.settings.user is None
    assert call.settings.profiles == ()


def test_demo_options(run: Run, front_ends: FrontEnds) -> None:
    arguments = "demo --scenario clean --speed 20 --vms 5 --sessions 7 --api v13 --interval 2"
    assert run(*arguments.split()).code == 0
    call = front_ends.only
    assert call.front_end == "run_watch"
    assert call.demo == DemoOptions(scenario="clean", speed=20, vms=5, sessions=7, api="v13")
    assert call.settings.interval == 2


def test_keyring_is_asked_for_this_user_at_this_server(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Backend:
        def get_password(self, service_name: str, username: str) -> str | None:
            assert service_name == "failover-monitor"
            return "hunter2" if username == "u https://em01:9398" else None

        def set_password(self, service_name: str, username: str, password: str) -> None:
            raise AssertionError

    monkeypatch.setattr("tui.password_sources._keyring", Backend)
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: "typed")
    run("watch", "--server", "em01", "--user", "u")
    run("watch", "--server", "em02", "--user", "u")
    assert [password_of(call.settings) for call in on_a_terminal.calls] == ["hunter2", "typed"]


TARGETS = ("--rto", "1h30m", "--rpo", "4h")


@pytest.mark.parametrize("command", [(), ("demo",), ("watch", "--server", "em01", "--user", "u")])
def test_targets_and_the_plan_to_wait_for_reach_every_front_end(
    run: Run,
    on_a_terminal: FrontEnds,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    config: Callable[[str], Path],
) -> None:
    monkeypatch.setenv(PASSWORD, "hunter2")
    config("[targets.'ABC plan']\nrto = '5m'\n")
    assert run(*command, *TARGETS, "--wait-for", "ABC plan").code == 0
    settings = on_a_terminal.only.settings
    assert settings.wait_for == "ABC plan"
    assert settings.targets.for_plan("ABC plan") == PlanTarget(
        rto=timedelta(minutes=90), rpo=timedelta(hours=4)
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--rto", "30"), "'30' is not a duration such as 90s, 30m"),
        (("demo", "--rpo", "soon"), "'soon' is not a duration such as"),
        (("--wait-for", "ABC", SESSION), "--wait-for: a session is named as well"),
        (("demo", "--wait-for", ""), "--wait-for: no plan named"),
    ],
)
def test_wrong_targets_and_plans_are_told_before_anything_starts(
    run: Run, on_a_terminal: FrontEnds, arguments: tuple[str, ...], says: str
) -> None:
    shown = run(*arguments)
    assert shown.code == 2
    assert says in shown.err
    assert shown.err.count("\n") == 1
    assert not on_a_terminal.calls


def test_nobodys_user_is_borrowed_for_another_server(
    run: Run, front_ends: FrontEnds, config: Config
) -> None:
    config("[profiles.p]\nserver='em01'\nuser='u'\npassword_command=['printf', 'hunter2']")
    shown = run("watch", "--profile", "p", "--server", "em02")
    assert shown.code == 2
    assert "No user given." in shown.err
    assert "Profile 'p' is for em01: its user" in shown.err
    assert not front_ends.calls


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_password_command_and_all_it_started(
    home: Path, config: Config, number: signal.Signals
) -> None:
    pids = home / "pids"
    script = f"sleep 60 & echo $! > {pids}.new; mv {pids}.new {pids}; wait"
    config(f"[profiles.p]\nserver='em01'\nuser='u'\npassword_command=['sh', '-c', '{script}']")
    program = subprocess.Popen(
        [sys.executable, "-m", "tui", "watch", "--profile", "p"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _until(pids.exists)
        program.send_signal(number)
        assert program.wait(10) == 128 + number
        started = Path(f"/proc/{pids.read_text().strip()}/stat")
        _until(lambda: not started.exists() or " Z " in started.read_text())
    finally:
        program.kill()
        program.wait()


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_user_with_a_tab_in_the_settings_file_is_pointed_to_single_quotes(
    run: Run, front_ends: FrontEnds, config: Config
) -> None:
    config('[profiles.p]\nserver="em01"\nuser = "NOC\\tom"\n')
    shown = run("watch", "--profile", "p")
    assert (shown.code, front_ends.calls) == (2, [])
    assert "line 3" in shown.err
    assert "single quotes" in shown.err


def test_every_command_that_logs_on_says_that_it_writes_no_tls_keys_down(
    run: Run, front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(home / "keys"))
    shown = run("report", "--server", "127.0.0.1:1", "--user", "u", SESSION)
    assert "SSLKEYLOGFILE is not followed" in shown.err
    assert not (home / "keys").exists()
