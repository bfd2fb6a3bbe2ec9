"""`info --json` and `info --bundle`: for a bug report, and nothing secret."""

from __future__ import annotations

import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Outcome
from tui import __version__
from tui.cli.bundling import MOST_LINES

Run = Callable[..., Outcome]
PASSWORD = "correct-horse-battery"
LINE = "2026-11-26T12:00:00.000Z GET /api/cloudFailoverSessions 200 12 B 0.010 s"


def contents(path: Path) -> dict[str, str]:
    found = {}
    with tarfile.open(path) as archive:
        for entry in archive.getmembers():
            assert stat.S_IMODE(entry.mode) == 0o600
            folder, _, name = entry.name.partition("/")
            assert folder == "failover-monitor-info"
            file = archive.extractfile(entry)
            assert file is not None
            found[name] = file.read().decode()
    return found


@pytest.fixture
def config(home: Path) -> Path:
    path = home / "config" / "failover-monitor" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        f"[defaults]\nlog_file = '{home / 'fm.log'}'\n"
        "[profiles.prod]\nserver = 'em01'\nuser = 'NOC\\jdoe'\n"
        "password_command = ['pass', 'show', 's3cret-path']\n"
        "proxy = 'http://u:hunter2@proxy:3128'\n"
        "[hooks.chat]\ncommand = ['curl', 'https://chat.example/hook-t0ken']\n"
    )
    path.chmod(0o600)
    return path


def test_json_has_what_the_lines_have(run: Run) -> None:
    lines = run("info").out.splitlines()
    shown = json.loads(run("info", "--json").out)
    assert shown.pop("schema") == "failover-monitor-info/1"
    assert [line.partition(":")[0] for line in lines] == list(shown)
    assert shown["failover-monitor"] == __version__
    assert shown["notifications"]


@pytest.mark.usefixtures("config")
def test_the_bundle_holds_what_is_needed_and_no_secret(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILOVER_MONITOR_PASSWORD", PASSWORD)
    log = home / "fm.log"
    log.write_text("".join(f"{LINE} {n}\n" for n in range(MOST_LINES + 5)) + f"{LINE} {PASSWORD}\n")
    bundle = home / "report.tgz"
    shown = run("info", "--bundle", str(bundle))
    assert shown.code == 0
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    found = contents(bundle)
    assert list(found) == ["README.txt", "info.json", "settings.toml", "log.txt"]
    for name, text in found.items():
        assert name in shown.out
        assert name == "README.txt" or name in found["README.txt"]
        for secret in (PASSWORD, "hunter2", "s3cret-path", "hook-t0ken"):
            assert secret not in text, name
    assert json.loads(found["info.json"])["failover-monitor"] == __version__
    assert "[profiles.prod]" in found["settings.toml"]
    lines = found["log.txt"].splitlines()
    assert len(lines) == MOST_LINES
    assert lines[-1] == f"{LINE} (masked)"
    assert lines[-2] == f"{LINE} {MOST_LINES + 4}"


def test_without_settings_and_log_there_are_the_facts(run: Run, home: Path) -> None:
    bundle = home / "report.tgz"
    assert run("info", "--bundle", str(bundle)).code == 0
    assert list(contents(bundle)) == ["README.txt", "info.json", "settings.toml"]


def test_settings_that_are_wrong_are_told_and_stop_nothing(
    run: Run, home: Path, config: Path
) -> None:
    config.write_text("interval = 'often'\npassword = 'hunter2'\n")
    bundle = home / "report.tgz"
    assert run("info", "--bundle", str(bundle)).code == 0
    told = contents(bundle)["settings.toml"]
    assert told.startswith("# ")
    assert "'interval'" in told
    assert "hunter2" not in told


@pytest.mark.usefixtures("config")
def test_another_file_that_is_named_as_the_log_is_not_given_away(run: Run, home: Path) -> None:
    (home / "fm.log").write_text(f"machine em01 password {PASSWORD}\n{LINE}\n")
    bundle = home / "report.tgz"
    assert run("info", "--bundle", str(bundle)).code == 0
    assert contents(bundle)["log.txt"] == f"{LINE}\n"


@pytest.mark.usefixtures("config")
def test_a_log_that_cannot_be_read_is_said(run: Run, home: Path) -> None:
    bundle = home / "report.tgz"
    assert run("info", "--bundle", str(bundle)).code == 0
    assert contents(bundle)["log.txt"].endswith("No such file or directory\n")


def test_a_file_that_is_there_is_not_replaced(run: Run, home: Path) -> None:
    bundle = home / "report.tgz"
    bundle.write_text("mine")
    shown = run("info", "--bundle", str(bundle))
    assert shown.code == 2
    assert "is there already" in shown.err
    assert bundle.read_text() == "mine"


def test_one_that_cannot_be_written_is_a_sentence(run: Run, home: Path) -> None:
    shown = run("info", "--bundle", str(home / "gone" / "report.tgz"))
    assert shown.code == 2
    assert "cannot be written: No such file or directory." in shown.err


@pytest.mark.parametrize("name", ["dashboard", "alerts"])
def test_what_goes_with_the_figures_is_printed_as_it_is(run: Run, name: str) -> None:
    shown = run("metrics", name)
    assert shown.code == 0
    assert "failover_session_up" in shown.out
    if name == "dashboard":
        assert json.loads(shown.out)["title"] == "Cloud failover sessions"


def test_a_place_for_figures_that_is_none_is_said_at_once(run: Run, home: Path) -> None:
    shown = run("demo", "--metrics", str(home / "gone" / "failover.prom"))
    assert shown.code == 2
    assert "The figures cannot be written to" in shown.err
