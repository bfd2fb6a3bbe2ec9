"""`list`, `status`, `plans` and `check` against a server on a socket, read as programs do."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.documents import every_member
from tests.support.served import Served, served
from tests.support.simulated import SteppedClock, build_service
from tests.unit.cli.conftest import Outcome
from tui.analysis.drill import Goals
from tui.cli.listing import parse_since
from tui.errors import InvalidInput
from tui.exit_codes import ExitCode
from tui.journal.folder import path_of
from tui.journal.keeping import SessionJournal, this_watcher
from tui.monitor.observations import GoalsSet, Opened
from tui.presentation.text import cells
from tui.report import listing, standing
from tui.report.plain_data import members

Run = Callable[..., Outcome]
LIST = tuple(member.name for member in members(listing.ListedSession))


@contextmanager
def simulator(
    folder: Path, scenario: str = "failures", after: float = 0.0, **options: Any
) -> Iterator[Served]:
    """The scenario, so many seconds after it was set up; its time stands still."""
    clock = SteppedClock()
    service = build_service(scenario, clock=clock, **options)
    clock.advance(after)
    with served(service, folder) as found:
        yield found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """Two failovers are running; in one of them a VM has failed."""
    with simulator(tmp_path, after=33) as found:
        yield found


def json_of(shown: Outcome) -> Any:
    """Read by another Python, as `python -m json.tool` reads it."""
    done = subprocess.run(
        [sys.executable, "-m", "json.tool", "--compact"],
        input=shown.out,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def csv_rows(shown: Outcome) -> list[dict[str, str]]:
    assert shown.out.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(shown.out, newline=""), strict=True))


def tab_rows(shown: Outcome) -> list[list[str]]:
    return [line.split("\t") for line in shown.out.splitlines()]


# list ---------------------------------------------------------------------------------


def test_one_list_in_every_form(run: Run, server: Served) -> None:
    told = json_of(run("list", *server.arguments, "--output", "json"))
    assert told["schema"] == listing.LIST_SCHEMA
    assert {tuple(session) for session in told["sessions"]} == {LIST}
    rows = csv_rows(run("list", *server.arguments, "--output", "csv"))
    tabs = tab_rows(run("list", *server.arguments))
    assert len(told["sessions"]) == len(rows) == len(tabs) > 20
    for session, row, tab in zip(told["sessions"], rows, tabs, strict=True):
        assert tuple(row) == LIST
        said = ["" if value is None else value for value in session.values()]
        words = [str(value).lower() if isinstance(value, bool) else str(value) for value in said]
        assert list(row.values()) == words
        assert tab == [word or "-" for word in words]


def test_running_ones_first_then_the_newest(run: Run, server: Served) -> None:
    sessions = json_of(run("list", *server.arguments, "--output", "json"))["sessions"]
    assert [session["over"] for session in sessions[:3]] == [False, False, True]
    assert sessions[0]["session_id"] == server.service.featured_session
    assert sessions[0]["status"] == "running with errors"
    starts = [session["started"] for session in sessions[2:]]
    assert starts == sorted(starts, reverse=True)
    assert all(session["tenant"] for session in sessions[:3])


@pytest.mark.parametrize(
    ("options", "fits"),
    [
        (("--running",), lambda each: not each["over"]),
        (("--finished",), lambda each: each["over"]),
        (("--failed",), lambda each: each["status"] in ("failed", "running with errors")),
        (("--plan", "alpine dental dr"), lambda each: each["plan"] == "Alpine Dental DR"),
        (("--tenant", "kestrel media"), lambda each: each["tenant"] == "Kestrel Media"),
        (("--since", "2026-03-05"), lambda each: each["started"] >= "2026-03-05"),
        (("--failed", "--plan", "Nobody's"), lambda each: False),
    ],
)
def test_what_is_asked_for(
    run: Run, server: Served, options: tuple[str, ...], fits: Callable[[Any], bool]
) -> None:
    everything = json_of(run("list", *server.arguments, "--output", "json"))["sessions"]
    found = json_of(run("list", *server.arguments, "--output", "json", *options))["sessions"]
    expected = [each["session_id"] for each in everything if fits(each)]
    assert [each["session_id"] for each in found] == expected
    assert len(expected) < len(everything)


def test_no_more_pages_than_needed(run: Run, tmp_path: Path) -> None:
    def pages(server: Served) -> int:
        log, asked = server.service.log, "/api/query"
        found = sum(1 for entry in log if entry.path == asked)
        log.clear()
        return found

    with simulator(tmp_path, sessions=450) as server:
        assert len(tab_rows(run("list", *server.arguments))) == 100
        few = pages(server)
        shown = run("list", *server.arguments, "--limit", "430")
        assert len(tab_rows(shown)) == 430
        assert "--limit lists more" in shown.err
        assert pages(server) - few == 3
        assert len(tab_rows(run("list", *server.arguments, "--limit", "1000"))) >= 450
        pages(server)
        run("list", *server.arguments, "--since", "2026-03-13T00:00", "--limit", "1000")
        assert pages(server) == few - 1 or few == 2


def test_nothing_there_is_said(run: Run, tmp_path: Path) -> None:
    with simulator(tmp_path) as server:
        shown = run("list", *server.arguments, "--plan", "Nobody's")
    assert (shown.code, shown.out) == (0, "")
    assert "No cloud failover session" in shown.err


def test_two_kinds_at_once_are_a_mistake(run: Run, server: Served) -> None:
    shown = run("list", *server.arguments, "--running", "--finished")
    assert shown.code == ExitCode.USAGE
    assert "--running and --finished exclude each other" in shown.err


NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("1h30m", NOW - timedelta(minutes=90)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T14:00", datetime(2026, 11, 20, 14, tzinfo=UTC)),
        ("2026-11-20T14:00+01:00", datetime(2026, 11, 20, 13, tzinfo=UTC)),
        ("2026-11-20T14:00:00Z", datetime(2026, 11, 20, 14, tzinfo=UTC)),
    ],
)
def test_since_when(text: str, meant: datetime) -> None:
    assert parse_since(text, NOW) == meant


@pytest.mark.parametrize("text", ["yesterday", "30", "", "9999999d"])
def test_what_is_no_time(run: Run, text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_since(text, NOW)
    shown = run("list", "--since", text)
    assert shown.code == ExitCode.USAGE
    assert "'--since': that is no time" in shown.err


# status -------------------------------------------------------------------------------


def test_the_status_for_programs(run: Run, server: Served) -> None:
    options = ("--output", "json", "--rto", "1m", "--rpo", "4h")
    told = json_of(run("status", *server.arguments, *options, "latest"))
    assert told["schema"] == standing.STATUS_SCHEMA
    assert list(told)[2:] == [member.name for member in members(standing.Standing)]
    assert told["verdict"].startswith("RTO NOT MET, ")
    assert told["rto"]["overrun_seconds"] > 0
    assert told["rpo"]["known"] == len(told["vms"]) - told["counts"].get("waiting", 0)
    assert told["rpo"]["worst_seconds"] > 0
    assert sum(told["counts"].values()) == told["total"] == len(told["vms"]) == 14
    assert told["counts"]["failed"] == len([vm for vm in told["vms"] if vm["message"]])
    durations = [value for key, value in every_member(told) if key.endswith("_seconds")]
    assert all(value is None or value >= 0 for value in durations)


def test_a_whole_sites_points_are_read_only_where_a_target_rests_on_them(
    run: Run, tmp_path: Path
) -> None:
    with simulator(tmp_path, "large", after=36000, vms=600) as server:
        for options, known in (((), 240), (("--rpo", "4h"), 600)):
            server.service.log.clear()
            told = json_of(run("status", *server.arguments, "latest", *options, "--output", "json"))
            rpo = told["rpo"]
            asked = sum("vmReplicaPoints" in entry.path for entry in server.service.log)
            assert rpo["known"] <= asked <= known
            assert rpo["known"] + rpo["to_come"] == 600
            assert rpo["known"] > (known - 10)


def test_the_status_is_the_row_of_the_list(run: Run, server: Served) -> None:
    session_id = server.service.featured_session
    [listed] = [row for row in tab_rows(run("list", *server.arguments)) if row[0] == session_id]
    [status] = tab_rows(run("status", *server.arguments, session_id[:8]))
    differing = {name for name, one, two in zip(LIST, listed, status, strict=True) if one != two}
    assert differing <= {"verdict"}  # in a list many in capitals would say nothing
    [row] = csv_rows(run("status", *server.arguments, session_id, "--output", "csv"))
    assert [value or "-" for value in row.values()] == status


def test_the_status_for_people_is_what_stays_in_the_scrollback(run: Run, server: Served) -> None:
    shown = run("status", *server.arguments, "latest", "--output", "table")
    assert "RUNNING WITH ERRORS" in shown.out.splitlines()[0]
    assert "Not enough free space on datastore DS-11" in shown.out
    assert "REPLICA" not in shown.out
    wide = run("status", *server.arguments, "latest", "--output", "wide")
    assert wide.out.startswith(shown.out.split("  as of")[0])
    assert "✘ Failed" in wide.out
    assert sum(" Waiting" in line or " Working" in line for line in wide.out.splitlines()) > 5


@pytest.mark.parametrize(
    ("scenario", "after", "options", "code"),
    [
        ("failures", 90, (), ExitCode.STILL_RUNNING),
        ("failures", 3600, (), ExitCode.FAILED),
        ("clean", 3600, (), ExitCode.SUCCESS),
        ("clean", 3600, ("--rto", "1m"), ExitCode.TARGET_MISSED),
        ("clean", 3600, ("--rpo", "1m"), ExitCode.TARGET_MISSED),
        ("clean", 3600, ("--rto", "1h", "--rpo", "30d"), ExitCode.SUCCESS),
        ("warnings", 3600, ("--rto", "1h"), ExitCode.WARNING),
        ("failures", 3600, ("--rto", "1m"), ExitCode.FAILED),
    ],
)
def test_the_code_says_how_it_stands_where_that_is_asked_for(
    run: Run,
    tmp_path: Path,
    scenario: str,
    after: float,
    options: tuple[str, ...],
    code: ExitCode,
) -> None:
    with simulator(tmp_path, scenario, after) as server:
        arguments = ("status", *server.arguments, server.service.featured_session, *options)
        assert run(*arguments).code == ExitCode.SUCCESS
        assert run(*arguments, "--exit-status").code == code


def test_what_a_person_said_on_screen_counts(run: Run, server: Served, tmp_path: Path) -> None:
    session_id = server.service.featured_session
    label = server.url.removeprefix("http://")
    path = path_of(tmp_path / "journals", label, session_id)
    journal = SessionJournal(path, server=label, session_id=session_id, watcher=this_watcher)
    assert journal.read() == ()
    at = datetime(2026, 3, 14, 13, 51, tzinfo=UTC)
    declared = datetime(2026, 3, 14, 13, 40, tzinfo=UTC)
    goals = Goals(timedelta(minutes=1), None, declared)
    journal.take(
        Opened(
            seen_at=at,
            monotonic=1.0,
            session_id=session_id,
            interval=5.0,
            stall_after=timedelta(minutes=10),
            run="another",
        )
    )
    journal.take(GoalsSet(seen_at=at, monotonic=1.0, goals=goals, by_person=True))
    assert journal.close()
    before = path.read_bytes()
    config = tmp_path / "config.toml"
    config.write_text(f'[journal]\nfolder = "{tmp_path / "journals"}"\n')
    options = ("--config", str(config), "--output", "json")
    told = json_of(run("status", *server.arguments, *options, session_id))
    assert told["declared"] == "2026-03-14T13:40:00Z"
    assert told["rto"]["target_seconds"] == 60
    assert path.read_bytes() == before


# plans and check ------------------------------------------------------------------------


def test_the_plans(run: Run, server: Served, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[targets."Alpine Dental DR"]\nrto = "30m"\n')
    arguments = ("plans", *server.arguments, "--config", str(config))
    told = json_of(run(*arguments, "--output", "json"))
    assert told["schema"] == listing.PLANS_SCHEMA
    names = tuple(member.name for member in members(listing.ListedPlan))
    assert {tuple(plan) for plan in told["plans"]} == {names}
    targets = {plan["plan"]: plan["rto_target_seconds"] for plan in told["plans"]}
    assert targets["Alpine Dental DR"] == 1800
    assert targets["Kestrel Media archive"] is None
    assert len(csv_rows(run(*arguments, "--output", "csv"))) == len(told["plans"])
    assert len(tab_rows(run(*arguments))) == len(told["plans"])
    assert "TENANT" in run(*arguments, "--output", "table").out


@pytest.mark.parametrize(
    ("plan", "options", "verdict", "code"),
    [
        ("Kestrel Media archive", (), "READY", ExitCode.SUCCESS),
        ("harbour logistics full site", (), "READY WITH WARNINGS", ExitCode.WARNING),
        ("Kestrel Media archive", ("--rpo", "1s"), "NOT READY", ExitCode.FAILED),
        ("Nobody's", (), "NOT READY", ExitCode.FAILED),
        ("Full site failover", (), "NOT READY", ExitCode.FAILED),
        (
            "Full site failover",
            ("--tenant", "oakfield council", "--backup-server", "vbr-south.cloud.example"),
            "READY WITH WARNINGS",
            ExitCode.WARNING,
        ),
        ("Full site failover", ("--tenant", "Nobody"), "NOT READY", ExitCode.FAILED),
    ],
)
def test_the_start_check(
    run: Run, server: Served, plan: str, options: tuple[str, ...], verdict: str, code: ExitCode
) -> None:
    arguments = ("check", *server.arguments, plan, *options)
    shown = run(*arguments, "--output", "json")
    told = json_of(shown)
    assert (told["schema"], told["verdict"], shown.code) == (listing.CHECK_SCHEMA, verdict, code)
    assert told["ready"] is verdict.startswith("READY")
    assert sum(told["counts"].values()) == len(told["findings"])
    assert len(tab_rows(run(*arguments))) == len(told["findings"])
    rows = csv_rows(run(*arguments, "--output", "csv"))
    assert {row["plan"] for row in rows} == {plan}
    assert f": {verdict}, " in run(*arguments, "--output", "table").out.splitlines()[0]


# Whatever the server sends -----------------------------------------------------------------

FORMS = ("table", "wide", "json", "csv", "")
QUESTIONS = (("list",), ("status", "latest"), ("plans",))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_come_out_safe(
    run: Run, tmp_path: Path, question: tuple[str, ...], form: str
) -> None:
    with simulator(tmp_path, "hostile", after=200) as server:
        options = ("--output", form) if form else ()
        shown = run(*question, *server.arguments, *options)
    assert shown.code == 0
    for text in (shown.out, shown.err):
        bad = {c for c in text if not c.isprintable() and c not in "\n\t\r"}
        assert not bad
    assert ("\r" in shown.out) is (form == "csv")
    if form == "json":
        json_of(shown)
    elif form == "csv":
        rows = csv_rows(shown)
        assert len(shown.out.splitlines()) == len(rows) + 1
        for row in rows:
            assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())
    elif not form:
        assert len({len(row) for row in tab_rows(shown)}) == 1
        assert not any(field == "" for row in tab_rows(shown) for field in row)
    else:
        assert "\t" not in shown.out


def test_no_secret_comes_out(run: Run, server: Served, tmp_path: Path) -> None:
    password = "x9-correct-horse"
    log = tmp_path / "requests.log"
    file = tmp_path / "another"
    file.write_text(password)
    file.chmod(0o600)
    wrong = ("--server", server.url, "--user", "demo", "--password-file", str(file))
    for question in (*QUESTIONS, ("check", "Alpine Dental DR")):
        refused = run(*question, *wrong, "--log-file", str(log))
        assert refused.code == ExitCode.LOGON_REFUSED
        assert password not in refused.out + refused.err + log.read_text()
        for form in FORMS[:-1]:
            shown = run(*question, *server.arguments, "--log-file", str(log), "--output", form)
            assert "RestSvcSessionId" not in shown.out + shown.err
    assert server.service.open_logons == 0
    assert server.service.writes == 0


def test_lines_that_the_log_lacks_are_told_at_the_end(run: Run, server: Served) -> None:
    for question in QUESTIONS:
        shown = run(*question, *server.arguments, "--log-file", "/dev/full")
        assert shown.code == 0
        told = r"\d lines were not written to the log file /dev/full: No space left on device\."
        assert re.search(told, shown.err)


def test_a_server_that_is_not_there_is_no_data(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pw"
    file.write_text("x")
    file.chmod(0o600)
    where = ("--server", "http://127.0.0.1:1", "--user", "demo", "--password-file", str(file))
    for question in (*QUESTIONS, ("check", "Alpine Dental DR")):
        shown = run(*question, *where)
        assert (shown.code, shown.out) == (ExitCode.NO_DATA, "")
        assert "refused the connection" in shown.err


def test_a_server_in_trouble_is_no_answer(run: Run, server: Served) -> None:
    unknown = "4347c445-0a1b-4c2d-8e3f-001122334455"
    shown = run("status", *server.arguments, unknown)
    assert (shown.code, shown.out) == (ExitCode.NO_DATA, "")


def test_jq_reads_it(run: Run, server: Served) -> None:
    jq = shutil.which("jq")
    if jq is None:
        pytest.skip("there is no jq on this machine: its reading of the JSON was not tried")
    shown = run("list", *server.arguments, "--failed", "--output", "json")
    done = subprocess.run(
        [jq, "-r", ".sessions[] | [.plan, .duration_seconds] | @tsv"],
        input=shown.out,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == len(json.loads(shown.out)["sessions"]) > 0


# Tables ------------------------------------------------------------------------------------


def test_a_list_fits_a_terminal_of_80_columns(
    run: Run, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.listing.room", lambda output: 80)
    shown = run("list", *server.arguments, "--output", "table")
    lines = shown.out.splitlines()
    assert max(map(cells, lines)) <= 80
    first = lines[1].split()
    assert first[:3] == [server.service.featured_session[:8], "✘", "Running"]
    assert "full site" in lines[1]
