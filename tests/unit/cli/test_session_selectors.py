"""SESSION as people write it, at every command that takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.making import SESSION_ID
from tests.support.observed import Course
from tests.support.served import Served, served
from tests.support.simulated import build_service
from tests.unit.cli.conftest import FrontEnds, Outcome
from tests.unit.journal.test_keeping import keep
from tests.unit.journal.test_records import everything_once
from tui.exit_codes import ExitCode
from tui.journal.folder import path_of
from tui.session_selector import Selector, Which

Run = Callable[..., Outcome]
NEIGHBOUR = SESSION_ID[:-1] + ("0" if SESSION_ID[-1] != "0" else "1")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """Two sessions run on it."""
    with served(build_service("failures"), tmp_path) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of two sessions there is a journal."""
    course = Course()
    everything_once(course)
    path = path_of(tmp_path / "journals", "em01:9398", SESSION_ID)
    keep(path, course)
    path_of(tmp_path / "journals", "em01:9398", NEIGHBOUR).write_bytes(path.read_bytes())
    return tmp_path / "journals"


@pytest.mark.parametrize("command", [(), ("watch",)])
@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("latest", Selector(Which.LATEST)),
        ("RUNNING", Selector(Which.RUNNING)),
        ("4347c4", Selector(Which.PREFIX, "4347c4")),
        ("plan:ABC Company", Selector(Which.PLAN, "ABC Company")),
    ],
)
def test_the_front_ends_get_what_to_look_for(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    on_a_terminal: FrontEnds,
    command: tuple[str, ...],
    text: str,
    selector: Selector,
) -> None:
    monkeypatch.setenv("FAILOVER_MONITOR_PASSWORD", "x")
    assert run(*command, "--server", "em01", "--user", "jdoe", text).code == 0
    settings = on_a_terminal.only.settings
    assert (settings.session_id, settings.selector) == (None, selector)


def test_a_whole_id_is_one_in_every_form(run: Run, on_a_terminal: FrontEnds) -> None:
    for text in (SESSION_ID, f"{{{SESSION_ID.upper()}}}", SESSION_ID.replace("-", "")):
        run("--server", "em01", text)
    found = {(call.settings.session_id, call.settings.selector) for call in on_a_terminal.calls}
    assert found == {(SESSION_ID, None)}


def test_a_slip_of_a_word_is_told(run: Run, on_a_terminal: FrontEnds) -> None:
    shown = run("--server", "em01", "runing")
    assert shown.code == ExitCode.USAGE
    assert "Did you mean 'running'?" in shown.err


def test_several_that_run_are_listed_and_none_is_taken(run: Run, server: Served) -> None:
    for command in ("watch", "report"):
        shown = run(command, *server.arguments, "running")
        assert (shown.code, shown.out) == (ExitCode.USAGE, "")
        listed = [line for line in shown.err.splitlines() if line.startswith("  ")]
        assert len(listed) == 2
        for line in listed:
            session_id, status, started, plan = line.strip().split(maxsplit=3)
            assert len(session_id) == 36
            assert status == "Working"
            assert started.endswith("Z")
            assert " on vbr-" in plan
        assert server.service.open_logons == 0


def test_the_report_of_the_latest_is_that_of_the_newest(run: Run, server: Served) -> None:
    newest = server.service.featured_session
    shown = run("report", *server.arguments, "--no-journal", "--format", "json", "latest")
    assert shown.code == 0
    assert newest in shown.out


def test_the_first_digits_lead_to_the_report(run: Run, server: Served) -> None:
    wanted = server.service.featured_session[:12]
    shown = run("report", *server.arguments, "--no-journal", wanted)
    assert shown.code == 0
    assert server.service.featured_session in shown.out


@pytest.mark.parametrize("command", ["report", "watch"])
@pytest.mark.parametrize("text", ["0000", "plan:Nobody's"])
def test_what_is_not_there_is_no_data(run: Run, server: Served, command: str, text: str) -> None:
    shown = run(command, *server.arguments, text)
    assert shown.code == ExitCode.NO_DATA
    assert "failover-monitor list shows the sessions there are" in shown.err


def test_a_refused_logon_has_its_code_at_a_report_too(run: Run, server: Served) -> None:
    password = ("--password-file", str(server.password_file))
    shown = run("report", "--server", server.url, "--user", "nobody", *password, "latest")
    assert shown.code == ExitCode.LOGON_REFUSED
    nowhere = ("--server", "http://127.0.0.1:1", "--user", "demo", *password)
    nothing = run("report", *nowhere, "latest")
    assert nothing.code == ExitCode.NO_DATA


# Journals, without a server. ------------------------------------------------------------


def test_a_journal_by_its_plan_and_as_the_latest(run: Run, folder: Path) -> None:
    for text in ("latest", "plan:abc company failover plan", SESSION_ID):
        shown = run("journal", "path", text, "--journal", str(folder))
        assert shown.code == 0
        assert len(shown.out.splitlines()) == 1
    report = run("report", "latest", "--journal", str(folder))
    assert report.code == 0
    assert "ABC Company Failover Plan" in report.out


def test_journals_whose_ids_begin_alike_are_listed(run: Run, folder: Path) -> None:
    for command in (("journal", "path"), ("report",), ("replay",)):
        shown = run(*command, SESSION_ID[:8], "--journal", str(folder))
        assert shown.code == ExitCode.USAGE
        assert "2 watched sessions' IDs begin with" in shown.err
        assert SESSION_ID in shown.err
        assert NEIGHBOUR in shown.err


def test_no_journal_tells_what_runs(run: Run, folder: Path) -> None:
    for command in (("journal", "path"), ("report",), ("replay",)):
        shown = run(*command, "running", "--journal", str(folder))
        assert shown.code == ExitCode.USAGE
        assert "only a server knows" in shown.err


def test_a_server_is_asked_where_no_journal_has_it(run: Run, server: Served, folder: Path) -> None:
    wanted = server.service.featured_session[:10]
    shown = run("report", *server.arguments, "--journal", str(folder), wanted)
    assert shown.code == 0
    assert server.service.featured_session in shown.out
    assert "There is no journal" in shown.out
