"""What a command loads, measured in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys, types
watch = types.ModuleType("tui.watch")
watch.run_watch = lambda settings, demo=None: 0
if "--fake-watch" in sys.argv:
    sys.argv.remove("--fake-watch")
    sys.modules["tui.watch"] = watch
from tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
print(json.dumps({"code": code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""

MOST_MORE = 3
"""Modules that `--version` may load besides the interpreter's: the program's own."""

HEAVY = {"textual", "rich", "httpx", "pydantic", "platformdirs", "keyring", "asyncio", "ssl"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("FAILOVER_MONITOR_")},
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }


def loaded_by(arguments: list[str], environment: dict[str, str]) -> tuple[int, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    report = json.loads(done.stderr.splitlines()[-1])
    return report["code"], {name for name in report["modules"] if not name.startswith("_")}


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["watch", "--help"], ["completion", "bash"]]
)
def test_help_and_version_load_nothing_heavy(
    arguments: list[str], environment: dict[str, str]
) -> None:
    code, modules = loaded_by(arguments, environment)
    assert code == 0
    assert not HEAVY & modules
    assert not {name for name in modules if name.startswith("tui.enterprise_manager")}


def test_completing_the_command_line_loads_nothing_heavy(environment: dict[str, str]) -> None:
    completing = {
        **environment,
        "_FAILOVER_MONITOR_COMPLETE": "bash_complete",
        "COMP_WORDS": "failover-monitor --ser",
        "COMP_CWORD": "1",
    }
    code, modules = loaded_by([], completing)
    assert code == 0
    assert not {"textual", "httpx", "pydantic"} & modules


@pytest.mark.parametrize("arguments", [["config", "show"], ["config", "check"], ["info"]])
def test_small_commands_load_neither_screen_nor_client(
    arguments: list[str], environment: dict[str, str]
) -> None:
    code, modules = loaded_by(arguments, environment)
    assert code == 0
    assert not {"textual", "httpx"} & modules


def test_the_way_to_watch_loads_no_screen(environment: dict[str, str]) -> None:
    (Path(environment["HOME"]) / "pw").write_text("hunter2")
    arguments = ["watch", "--server", "em01", "--user", "u", "--password-file"]
    arguments += [str(Path(environment["HOME"]) / "pw"), "--fake-watch"]
    code, modules = loaded_by(arguments, environment)
    assert code == 0
    assert not {"textual", "httpx"} & modules


def test_watch_itself_loads_no_screen(environment: dict[str, str]) -> None:
    arguments = ["demo", "--scenario", "clean", "--speed", "1000", "--rpo", "30d"]
    code, modules = loaded_by(arguments, environment)
    assert "tui.watch" in modules
    assert code == 0
    assert "textual" not in modules


def test_the_version_loads_little_more_than_the_interpreter(environment: dict[str, str]) -> None:
    """Counted, not timed: what is loaded is what it takes, on any machine."""
    bare = subprocess.run(
        [sys.executable, "-c", "import json, sys, types; print(*sys.modules)"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    _, modules = loaded_by(["--version"], environment)
    more = modules - set(bare.stdout.split())
    assert len(more) <= MOST_MORE, sorted(more)


def test_the_way_to_the_first_line_loads_nothing_that_it_does_not_say(
    environment: dict[str, str],
) -> None:
    """It stands there before the screens are loaded, and so before all that only they need."""
    program = (
        "import json, os, sys\n"
        "class Reached:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tui.running':\n"
        "            print(json.dumps(sorted(sys.modules)), flush=True)\n"
        "            os._exit(0)\n"
        "sys.meta_path.insert(0, Reached())\n"
        "from tui.cli import launch, main\n"
        "launch.is_terminal = lambda stream: True\n"
        "main(['--server', 'em01', '--user', 'u'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    modules = set(json.loads(done.stdout))
    assert "tui.terminal.opening" in modules
    assert not (HEAVY - {"platformdirs"}) & modules
    assert not {"subprocess", "concurrent", "logging", "socket", "http", "xml"} & modules
    assert not {"difflib", "tomllib", "tui.analysis.status", "tui.masking"} & modules


def test_the_way_to_the_first_picture_loads_no_validation_and_no_http(
    environment: dict[str, str],
) -> None:
    """Where there is no settings file: they take longer than all that the picture needs."""
    program = (
        "import json, sys, tui.cli.launch, tui.running\n"
        "from tui.cli.resolving import Flags, resolve\n"
        "from tui.cli.launch import settings_file\n"
        "from tui.settings.paths import default_known_servers\n"
        "resolve(Flags(), settings_file(None, {}), default_known_servers())\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    modules = set(json.loads(done.stdout))
    assert "tui.screens.login" in modules
    assert not {"pydantic", "pydantic_core", "httpx"} & modules
