"""From the first screen to the last lines in the scrollback, as a person goes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.e2e.conftest import PASSWORD, SESSION_TITLE, USER, JumpingClock, Start
from tests.support.simulated import SimulatedServer
from tests.support.simulating import SimulateProcess
from tests.support.terminal import Terminal
from tui.simulator.server import Serving


def percent(terminal: Terminal) -> int:
    """The session's progress as shown beside its bar."""
    found = re.search(r"(\d+) %$", "\n".join(terminal.rows[:5]), re.MULTILINE)
    assert found, terminal.text
    return int(found[1])


def failed(terminal: Terminal) -> int:
    """The number of failed VMs as counted on the screen."""
    found = re.search(r"(\d+) failed", "\n".join(terminal.rows[:6]))
    assert found, terminal.text
    return int(found[1])


def selected_row(terminal: Terminal) -> str:
    """The row of the task table whose background is unlike that of all others."""
    rows = terminal.rows
    first = next(number for number, row in enumerate(rows) if "STATUS" in row) + 1
    numbers = range(first, min(first + 14, len(rows) - 1))
    backgrounds = Counter(terminal.background(number) for number in numbers)
    unlike = [n for n in numbers if backgrounds[terminal.background(n)] == 1]
    return rows[unlike[0]].split()[1] if len(unlike) == 1 else ""


def open_filter(terminal: Terminal) -> None:
    terminal.keys("/")
    terminal.wait_for("! inverts; Enter keeps")


def test_against_a_simulator_in_its_own_process(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "requests.log"
    with SimulateProcess("--speed", "6", env=environment) as simulator:
        terminal = start(
            *("--server", simulator.url, "--interval", "2"),
            *("--log-file", str(log), "--no-mouse"),
            # Wide, because the clock of a fast simulator runs ahead, which is said on top.
            columns=120,
        )
        terminal.wait_for("Server", "User", "Password", simulator.url)
        terminal.keys(simulator.user, "enter")
        terminal.wait_for("No password was typed.")
        terminal.keys("not it", "enter")
        terminal.wait_for("User or password is wrong.")
        assert terminal.shows(simulator.user)
        assert not terminal.shows("not it")

        terminal.keys(simulator.password, "enter")
        terminal.wait_for("25 cloud failover sessions", "Success", "HTTP, not encrypted", "RO")
        running = terminal.row_with("Harbour Logisti")
        assert "Running" in running or "Working" in running
        terminal.keys("enter")
        terminal.wait_for("of 14", "dc01", SESSION_TITLE)

        before, failures = percent(terminal), failed(terminal)
        terminal.until(lambda: percent(terminal) > before, what="progress")
        terminal.until(lambda: failed(terminal) > failures, what="one more failure")
        terminal.wait_for("RUNNING WITH ERRORS", "Not enough free")
        terminal.wait_for("Not enough free space on datastore")

        terminal.keys("escape")
        terminal.wait_for("25 cloud failover sessions")
        terminal.keys("enter")
        terminal.wait_for("of 14")
        terminal.keys("ctrl+c")
        assert terminal.wait().code == 0
        assert terminal.is_restored
        assert terminal.rows[0].startswith(f"{SESSION_TITLE} full site: RUNNING WITH ERRORS")
        assert re.search(r"\d of 14 VMs done, [1-3] failed", terminal.rows[1])
        assert terminal.shows("sql02 failed 20", "session ")
        assert simulator.close() == 0

    lines = [line.split(" ", 3)[1:] for line in log.read_text().splitlines()]
    requests = [line for line in lines if line[1].startswith("/")]
    failed_questions = [line for line in lines if line not in requests]
    assert [(line[0], line[2].split()[-1]) for line in failed_questions] == [
        ("log_on", "WrongCredentials")
    ]
    methods = Counter(method for method, _, _ in requests)
    logons = [rest.split()[0] for method, _, rest in requests if method == "POST"]
    assert logons == ["401", "201"]
    assert methods["DELETE"] == 1
    assert requests[-1][0] == "DELETE"
    assert requests[-1][2].startswith("204")
    assert set(methods) == {"POST", "GET", "DELETE"}


def test_a_wrong_password_is_never_repeated(
    start: Start, server: Serving, service: SimulatedServer
) -> None:
    terminal = start("--server", server.url, "--user", USER)
    terminal.wait_for("Password", USER)
    terminal.keys("wrong", "enter")
    terminal.wait_for("User or password is wrong.")
    assert [entry.status for entry in service.log] == [401]
    terminal.keys(PASSWORD, "enter")
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("enter")
    terminal.wait_for("of 14", SESSION_TITLE)
    terminal.keys("q")
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("q")
    assert terminal.wait().code == 0
    posts = [entry.status for entry in service.log if entry.method == "POST"]
    assert posts == [401, 201]
    assert {entry.method for entry in service.log} == {"POST", "GET", "DELETE"}
    assert (service.writes, service.open_logons, service.logoffs) == (0, 0, 1)


def test_keys_on_a_session(logged_on: Start, service: SimulatedServer, clock: JumpingClock) -> None:
    terminal = logged_on()
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)", "Show failed VMs only")
    terminal.keys("escape")
    terminal.until(lambda: not terminal.shows("KEYS (Esc"))
    terminal.wait_for("of 14", "STATUS")

    open_filter(terminal)
    terminal.keys("sql")
    terminal.wait_for("2 of 14 shown", "sql01", "sql02")
    terminal.until(lambda: not terminal.shows("dc01"))
    terminal.keys("enter")
    terminal.wait_for("/ Filter")
    terminal.keys("escape")
    terminal.wait_for("dc01", "web02")
    open_filter(terminal)
    terminal.keys("!sql", "enter")
    terminal.wait_for("12 of 14 shown", "/ Filter")
    terminal.until(lambda: not terminal.shows("sql01"))
    terminal.keys("escape")
    terminal.wait_for("sql01")

    before = percent(terminal)
    clock.skip(60)
    terminal.keys("r")
    # One failure or more: the simulated failover goes on while a busy machine takes its time.
    terminal.until(lambda: percent(terminal) > before and failed(terminal) >= 1)
    terminal.keys("f")
    terminal.wait_for(" of 14 shown", "failures only")
    terminal.keys("enter")
    terminal.wait_for("Not enough free space on datastore", "sql02")
    terminal.until(lambda: not terminal.shows("STATUS▲"))
    terminal.keys("escape")
    terminal.wait_for(" of 14 shown", "failures only")
    terminal.keys("q")
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("q")
    assert terminal.wait().code == 0
    assert terminal.rows[0].startswith(f"{SESSION_TITLE} full site: RUNNING WITH ERRORS")
    assert terminal.shows("sql02 failed 20", "Not enough free space on datastore")
    assert (service.writes, service.open_logons) == (0, 0)


def test_resizing_keeps_the_selection(logged_on: Start, service: SimulatedServer) -> None:
    terminal = logged_on()
    terminal.keys("down", "j", "down")
    terminal.until(lambda: selected_row(terminal) not in ("", "dns-dhcp01"))
    open_filter(terminal)
    terminal.keys("0", "enter")
    terminal.wait_for("14 of 14 shown", "/ Filter")
    terminal.until(lambda: selected_row(terminal))
    chosen = selected_row(terminal)

    terminal.resize(120, 40)
    terminal.until(lambda: any("UTC  " in row and len(row) > 110 for row in terminal.rows))
    terminal.wait_for("14 of 14 shown", "Filter")
    assert selected_row(terminal) == chosen
    terminal.resize(45, 10)
    terminal.until(lambda: not terminal.shows("STATUS") and terminal.shows("of 14"))
    assert "Harbour" not in terminal.rows[0]
    terminal.resize(80, 24)
    terminal.wait_for("14 of 14 shown", "Filter", "STATUS", "web02")
    assert selected_row(terminal) == chosen
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert service.open_logons == 0


def test_the_table_takes_keys_again_after_a_tiny_terminal(logged_on: Start) -> None:
    terminal = logged_on()
    terminal.resize(45, 10)
    terminal.until(lambda: not terminal.shows("STATUS") and terminal.shows("of 14"))
    terminal.resize(80, 24)
    terminal.wait_for("Filter", "STATUS", "web02")
    terminal.keys("enter")
    terminal.wait_for("Replica point", timeout=5)


def test_dragging_the_corner_of_the_window(logged_on: Start) -> None:
    terminal = logged_on()
    for step in range(40):
        # Smaller again a few milliseconds later, in the middle of the frame for the larger size.
        terminal.resize(120, 40)
        terminal.read_for(step % 15 * 0.004)
        terminal.resize(45, 10)
        terminal.until(lambda: not terminal.shows("STATUS") and terminal.shows("of 14"), 5)
    terminal.resize(80, 24)
    terminal.wait_for("Filter", "STATUS", "web02", timeout=5)
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0


def test_typing_ahead_reaches_the_filter(logged_on: Start) -> None:
    terminal = logged_on()
    # One packet, as on a slow line: without care, the q of sql leaves the session.
    terminal.keys("/sql\r")
    terminal.wait_for("filter sql", timeout=5)
    terminal.keys("\x1b")
    terminal.wait_for("dc01")
    # The key that leaves the field and the one after it, together and one after the other.
    terminal.keys("/sql\r?")
    terminal.wait_for("KEYS (Esc closes this help)", timeout=5)
    terminal.keys("escape")
    terminal.until(lambda: not terminal.shows("KEYS (Esc"))
    terminal.keys("/", "w", "e", "b", "\r", "?")
    terminal.wait_for("KEYS (Esc closes this help)", timeout=5)
    terminal.keys("escape")
    terminal.wait_for("filter sqlweb")
