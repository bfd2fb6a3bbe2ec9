"""Commands on events in the settings file: read, checked, shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import FrontEnds, Outcome
from tui.hooks.hook import Hook
from tui.hooks.kinds import CALLING, KINDS

Run = Callable[..., Outcome]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "settings.toml"
        path.write_text(text)
        path.chmod(0o600)
        return path

    return write


def test_one_in_the_file_is_for_its_kinds_and_profiles(
    run: Run, on_a_terminal: FrontEnds, written: Callable[[str], Path]
) -> None:
    config = written(
        "[profiles.prod]\nserver = 'em01'\n"
        "[hooks.pager]\ncommand = ['~/page', '-u']\non = ['task failed', 'rto']\n"
        "timeout = '1m'\nenvironment = ['WEBHOOK']\nfor_profiles = ['prod']\n"
        "[hooks.log]\ncommand = ['logger']\n"
        "[hooks.everything]\ncommand = ['cat']\non = ['all']\n"
    )
    assert run("--config", str(config), "--on-event", "sort -u").code == 0
    typed, pager, log, everything = on_a_terminal.only.settings.hooks
    rto = {kind for kind in KINDS if kind.startswith("rto ")}
    assert pager == Hook(
        (os.path.expanduser("~/page"), "-u"),  # noqa: PTH111
        frozenset({"task failed", *rto}),
        "pager",
        60.0,
        ("WEBHOOK",),
        ("prod",),
    )
    assert (typed.command, typed.kinds) == (("sort", "-u"), frozenset(CALLING))
    assert (log.kinds, log.seconds) == (frozenset(CALLING), 30.0)
    assert everything.kinds == frozenset(KINDS)


def test_a_rehearsal_runs_only_what_is_typed(
    run: Run, on_a_terminal: FrontEnds, written: Callable[[str], Path]
) -> None:
    config = written("[hooks.pager]\ncommand = ['page']\n")
    assert run("demo", "--config", str(config), "--on-event", "cat").code == 0
    assert [hook.command for hook in on_a_terminal.only.settings.hooks] == [("cat",)]


def test_a_rehearsal_leaves_alone_what_variables_say_of_real_failovers(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("FAILOVER_MONITOR_ON_EVENT", "cat")
    monkeypatch.setenv("FAILOVER_MONITOR_METRICS", str(home / "real.prom"))
    assert run("demo").code == 0
    assert run("demo", "--hooks", "--metrics", str(home / "rehearsal.prom")).code == 0
    plain, wished = (call.settings for call in on_a_terminal.calls)
    assert (plain.hooks, plain.metrics) == ((), None)
    assert [hook.command for hook in wished.hooks] == [("cat",)]
    assert wished.metrics == home / "rehearsal.prom"


def test_a_rehearsal_runs_those_of_the_file_on_wish(
    run: Run, on_a_terminal: FrontEnds, written: Callable[[str], Path]
) -> None:
    config = written("[hooks.pager]\ncommand = ['page']\n")
    assert run("demo", "--config", str(config), "--hooks").code == 0
    assert [hook.name for hook in on_a_terminal.only.settings.hooks] == ["pager"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[hooks.x]\non = ['task failed']\n", "'command' in [hooks.x]"),
        ("[hooks.x]\ncommand = 'echo hi'\n", "'command' in [hooks.x]"),
        ("[hooks.x]\ncommand = []\n", "'command' in [hooks.x]"),
        ("[hooks.x]\ncommand = ['cat']\non = ['disaster']\n", "a list of kinds of events: all,"),
        ("[hooks.x]\ncommand = ['cat']\nonly = ['x']\n", "unknown key 'only' in [hooks.x]"),
        ("[hooks.x]\ncommand = ['cat']\ntimeout = 5\n", "a duration such as"),
        ("[hooks]\nmail = 'x'\n", "'mail' in [hooks]"),
        ("[hooks.x]\ncommand = ['/nowhere/at-all']\n", "there is no program '/nowhere/at-all'"),
        ("[hooks.x]\ncommand = ['cat']\nfor_profiles = ['lab']\n", "there is no profile 'lab'"),
    ],
)
def test_config_check_names_what_is_wrong(
    run: Run, written: Callable[[str], Path], text: str, said: str
) -> None:
    outcome = run("config", "check", "--config", str(written(text)))
    assert outcome.code == 2
    assert said in outcome.err, outcome.err
    assert "line " in outcome.err


def test_config_check_takes_a_right_one(run: Run, written: Callable[[str], Path]) -> None:
    config = written("[hooks.x]\ncommand = ['cat', '-']\non = ['all']\n")
    assert run("config", "check", "--config", str(config)).code == 0


def test_config_show_tells_no_argument(run: Run, written: Callable[[str], Path]) -> None:
    config = written(
        "[hooks.chat]\ncommand = ['curl', 'https://chat.example/s3cret-hook']\non = ['session']\n"
    )
    shown = run("config", "show", "--config", str(config)).out
    assert (
        '# [hooks.chat] runs "curl" with 1 argument; on: session failed, session message' in shown
    )
    assert "s3cret" not in shown
