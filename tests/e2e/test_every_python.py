"""The installed product under each Python of this machine: real terminal, real keys.

It is installed from the source distribution into a clean environment, that of the Python
which runs the tests too: a dependency that only the tests declare is missing there.

Textual runs an event loop otherwise under Python 3.12 and newer than under 3.11, and only
keys that come from a terminal show it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import PASSWORD, SESSION_TITLE, USER
from tests.support import pythons
from tests.support.certificates import issue, named
from tests.support.pythons import NotEquipped, Python
from tests.support.simulated import SimulatedServer, serve
from tests.support.terminal import Terminal
from tui import __version__
from tui.simulator.server import Serving

Begin = Callable[..., Terminal]

_SECONDS_FOR_THE_FIRST_START = 60.0
"""Nothing is compiled yet in a fresh environment."""


@pytest.fixture(params=pythons.to_be_tested(), ids=lambda python: python.name)
def python(request: pytest.FixtureRequest) -> Python:
    found: Python = request.param
    return found


@pytest.fixture
def inside(python: Python, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the product; all workers share it."""
    kept = os.environ.get(pythons.PREPARED)
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    try:
        return pythons.equip(python, Path(kept) if kept else shared / "pythons")
    except NotEquipped as error:
        if python.minor in pythons.declared():
            pytest.fail(f"Python {python.version} cannot have the product installed: {error}")
        pytest.skip(f"Python {python.version} is new here and lacks dependencies: {error}")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder away from the checkout."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def begin(inside: Path, environment: dict[str, str], elsewhere: Path) -> Any:
    """Starts the product as it is installed for that Python, away from the checkout."""
    with ExitStack() as stack:

        def start(*arguments: str) -> Terminal:
            command = ["-I", "-m", "tui", *arguments]
            terminal = Terminal(command, environment, python=inside, folder=elsewhere)
            return stack.enter_context(terminal)

        yield start


def type_one_by_one(terminal: Terminal, text: str, shown: str | None = None) -> None:
    """Each key by itself, the next one when this one has arrived."""
    for count, letter in enumerate(text, 1):
        terminal.keys(letter)
        terminal.wait_for(shown * count if shown else text[:count])


def log_on(terminal: Terminal) -> None:
    terminal.wait_for("Server", "User", "Password", timeout=_SECONDS_FOR_THE_FIRST_START)
    type_one_by_one(terminal, USER)
    terminal.keys("enter")
    terminal.wait_for("No password was typed.")
    type_one_by_one(terminal, PASSWORD, shown="•")
    terminal.keys("enter")
    terminal.wait_for("cloud failover sessions")


def look_at_the_help(terminal: Terminal) -> None:
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)")
    terminal.keys("escape")
    terminal.until(lambda: not terminal.shows("KEYS (Esc"), what="the help closes")


def filter_by(terminal: Terminal, word: str) -> None:
    terminal.keys("/")
    terminal.wait_for("! inverts; Enter keeps")
    type_one_by_one(terminal, word)
    terminal.keys("enter")
    terminal.until(lambda: not terminal.shows("Enter keeps"), what="the filter is kept")


def clear_the_filter(terminal: Terminal) -> None:
    terminal.wait_for("Esc clears")
    terminal.keys("escape")
    terminal.until(lambda: not terminal.shows("Esc clears"))
    terminal.wait_for("dc01", "web02")


def test_logging_on_filter_help_and_quit(
    python: Python, begin: Begin, server: Serving, service: SimulatedServer
) -> None:
    terminal = begin("--server", server.url)
    log_on(terminal)
    look_at_the_help(terminal)
    terminal.keys("enter")
    terminal.wait_for("of 14", SESSION_TITLE, "dc01")
    filter_by(terminal, "sql")
    terminal.wait_for("2 of 14 shown", "sql01", "sql02")
    look_at_the_help(terminal)
    clear_the_filter(terminal)
    # One packet, as on a slow line.
    terminal.keys("/web\r")
    terminal.wait_for("filter web", "web02")
    terminal.until(lambda: not terminal.shows("dc01"))
    clear_the_filter(terminal)
    terminal.keys("q")
    terminal.wait_for("cloud failover sessions")
    terminal.keys("q")
    assert terminal.wait().code == 0
    assert terminal.is_restored
    assert (service.writes, service.open_logons) == (0, 0)

    demo = begin("demo")
    demo.wait_for("of 14", "dc01")
    look_at_the_help(demo)
    filter_by(demo, "web")
    clear_the_filter(demo)
    demo.keys("q")
    demo.wait_for("cloud failover sessions")
    demo.keys("q")
    assert demo.wait().code == 0
    _note(python)


EVERY_MODULE = """
import importlib, pkgutil, sys, tui
for module in pkgutil.walk_packages(tui.__path__, "tui."):
    if module.name != "tui.__main__":
        importlib.import_module(module.name)
print(tui.__file__)
"""


def test_all_of_it_is_there_and_the_command_runs(
    inside: Path, environment: dict[str, str], elsewhere: Path
) -> None:
    def ran(*command: str) -> str:
        done = subprocess.run(
            [inside.parent / command[0], *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            cwd=elsewhere,
            env=environment,
            timeout=_SECONDS_FOR_THE_FIRST_START,
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        return done.stdout

    assert ran("python", "-I", "-c", EVERY_MODULE).startswith(str(inside.parents[1]))
    assert ran("failover-monitor", "--version") == f"failover-monitor {__version__}\n"
    assert "settings file:" in ran("failover-monitor", "info")
    assert ran("python", "-m", "pip", "check") == "No broken requirements found.\n"


def test_a_private_authority_vouches_under_each_of_them(
    inside: Path,
    environment: dict[str, str],
    elsewhere: Path,
    service: SimulatedServer,
    tmp_path: Path,
) -> None:
    authority = issue(named("Harbour Private CA"), authority=True)
    ca_file = tmp_path / "authority.pem"
    ca_file.write_text(authority.pem)
    shown = issue(named("em01"), by=authority).saved(tmp_path)
    with serve(service, cert=shown) as serving:
        done = subprocess.run(
            [inside, "-I", "-m", "tui", "list", "--server", serving.url, "--ca-file", ca_file],
            capture_output=True,
            text=True,
            check=False,
            cwd=elsewhere,
            env={
                **environment,
                "FAILOVER_MONITOR_USER": USER,
                "FAILOVER_MONITOR_PASSWORD": PASSWORD,
            },
            timeout=_SECONDS_FOR_THE_FIRST_START,
        )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert service.featured_session in done.stdout
    assert service.open_logons == 0


def _note(python: Python) -> None:
    file = os.environ.get(pythons.RAN)
    if file:
        with Path(file).open("a", encoding="utf-8") as ran:
            ran.write(f"{python.name}\n")
