from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.enterprise_manager.request_log import FailedQuestion, RequestRecord
from tui.errors import InvalidSettings, ServerTrouble
from tui.masking import register_credentials
from tui.request_log import MAX_BYTES, SLOW_SECONDS, RequestLog, open_request_log
from tui.settings.resolved import LOG_LEVELS, LogLevel

SECRET = "44cfbdbe-5a95-4d7e-9a3b-001122334455"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RequestLog]:
    opened = open_request_log(tmp_path / "fm.log")
    yield opened
    opened.close()


def record(path: str = "/api/", error: str | None = None) -> RequestRecord:
    return RequestRecord(
        method="GET",
        path=path,
        status=None if error else 200,
        size=1234,
        seconds=0.0312,
        error=error,
    )


def test_one_line_for_each_request_and_error(log: RequestLog, tmp_path: Path) -> None:
    log(record())
    log(record(error="TimedOut"))
    error = ServerTrouble(f"The server says: {SECRET}.")
    log(FailedQuestion.of(error, "failover_session", 0.5))
    first, second, third = (tmp_path / "fm.log").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z GET /api/ 200 1234 B 0\.031 s", first
    )
    assert second.endswith("GET /api/ no answer 1234 B 0.031 s TimedOut")
    assert third.endswith("Z failover_session failed 0.500 s ServerTrouble")


@pytest.mark.parametrize("name", ["logonSessions", "LogonSessions", "logonsessions"])
@pytest.mark.parametrize("around", ["/api/{}/{}", "/api/{}/{}?x=1", "{}/{}", "/{}/{} timed out"])
def test_a_record_loses_the_logon_session_whoever_builds_it(name: str, around: str) -> None:
    kept = record(around.format(name, SECRET))
    assert SECRET not in repr(kept)
    assert kept.path == around.format(name, "…")


def test_ids_of_logon_sessions_and_control_characters_stay_out(
    log: RequestLog, tmp_path: Path
) -> None:
    log(record(f"/api/logonSessions/{SECRET}"))
    log(record(f"/api/LogonSessions/{SECRET}?x=1"))
    log(record("/api/a\x1b[2J\nb"))
    log(record(f"/logonsessions/{SECRET} timed out"))
    text = (tmp_path / "fm.log").read_text(encoding="utf-8")
    assert SECRET not in text
    assert "\x1b" not in text
    assert len(text.splitlines()) == 4


def test_only_its_owner_may_read_it(log: RequestLog, tmp_path: Path) -> None:
    log(record())
    assert stat.S_IMODE((tmp_path / "fm.log").stat().st_mode) == 0o600


def test_it_never_grows_beyond_three_files(log: RequestLog, tmp_path: Path) -> None:
    for _ in range(4 * MAX_BYTES // 1900):
        log(record("/api/" + "x" * 1900))
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["fm.log", "fm.log.1", "fm.log.2"]
    for file in files:
        assert file.stat().st_size <= MAX_BYTES
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_appends_to_an_earlier_log(log: RequestLog, tmp_path: Path) -> None:
    log(record())
    again = open_request_log(tmp_path / "fm.log")
    again(record())
    again.close()
    assert len((tmp_path / "fm.log").read_text(encoding="utf-8").splitlines()) == 2


def test_a_log_that_cannot_be_opened_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="cannot be written: No such file"):
        open_request_log(tmp_path / "no" / "fm.log")


def test_a_log_that_breaks_later_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = open_request_log(Path("/dev/full"))
    log(record())
    assert log.lost == 1
    log.close()
    assert capsys.readouterr().err == ""


def test_lines_that_are_missing_are_told_at_once_and_stand_in_the_log(
    log: RequestLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    log.on_trouble = told.append
    log(record())
    log.close()
    with monkeypatch.context() as full:
        full.setattr(log._handler, "baseFilename", "/dev/full")
        for _ in range(3):
            log(record())
    assert log.lost == 3
    [sentence] = told
    assert sentence.startswith(f"The log file {tmp_path / 'fm.log'} takes no more lines: No space")
    log(record())
    log(record())
    written = [line for line in (tmp_path / "fm.log").read_text().splitlines() if line]
    assert len(written) == 4
    assert written[1].endswith(" 3 lines before this are missing: No space left on device")


@pytest.mark.parametrize("reader", [False, True])
def test_a_pipe_is_refused_and_waits_for_nobody(tmp_path: Path, reader: bool) -> None:
    path = tmp_path / "log"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK) if reader else None
    with pytest.raises(InvalidSettings, match="it is a pipe"):
        open_request_log(path)
    if reading is not None:
        os.close(reading)


def answered(status: int, seconds: float = 0.1) -> RequestRecord:
    return RequestRecord("GET", f"/api/{status}", status, 10, seconds, None)


@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("error", {"/api/500", "TimedOut", "ServerTrouble", "error e"}),
        ("warning", {"/api/500", "TimedOut", "ServerTrouble", "/api/401", "/api/201", "error e",
                     "warning w"}),
        ("info", {"/api/500", "TimedOut", "ServerTrouble", "/api/401", "/api/201", "/api/200",
                  "error e", "warning w", "info i"}),
        ("debug", {"/api/500", "TimedOut", "ServerTrouble", "/api/401", "/api/201", "/api/200",
                   "error e", "warning w", "info i", "debug d"}),
    ],
)  # fmt: skip
def test_each_level_holds_those_before_it(
    tmp_path: Path, level: LogLevel, written: set[str]
) -> None:
    log = open_request_log(tmp_path / "fm.log", level)
    log(answered(200))
    log(answered(201, seconds=SLOW_SECONDS))
    log(answered(401))
    log(answered(500))
    log(record(error="TimedOut"))
    log(FailedQuestion.of(ServerTrouble("No."), "failover_session", 0.5))
    for each in LOG_LEVELS:
        log.note(each, each[0])
    log.close()
    lines = (tmp_path / "fm.log").read_text().splitlines()
    everything = ("/api/500", "/api/401", "/api/201", "/api/200", "TimedOut", "ServerTrouble",
                  "error e", "warning w", "info i", "debug d")  # fmt: skip
    assert {each for each in everything if any(each in line for line in lines)} == written
    assert len(lines) == len(written)


def test_a_note_is_masked_and_one_line(log: RequestLog, tmp_path: Path) -> None:
    register_credentials("jdoe", "correct-horse")
    log.note("warning", "a command said: correct-horse\n\x1b[2J")
    (line,) = (tmp_path / "fm.log").read_text().splitlines()
    assert line.endswith(r"warning a command said: (masked)\x0a\x1b[2J")


def test_lines_that_are_missing_at_the_end_can_be_told(tmp_path: Path) -> None:
    log = open_request_log(Path("/dev/full"))
    assert log.missing is None
    log(record())
    log(record())
    assert log.missing == (
        "2 lines were not written to the log file /dev/full: No space left on device."
    )
    log.close()
