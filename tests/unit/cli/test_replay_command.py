from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.making import SESSION_ID
from tests.support.observed import Course
from tests.unit.cli.conftest import FrontEnds, Outcome
from tests.unit.journal.test_keeping import keep
from tests.unit.journal.test_records import everything_once
from tui.cli.rehearsing import recorded_drill
from tui.errors import InvalidInput
from tui.journal.folder import path_of
from tui.monitor.recording import Recording

Run = Callable[..., Outcome]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    course = Course()
    everything_once(course)
    path = path_of(tmp_path / "journals", "em01:9398", SESSION_ID)
    keep(path, course)
    return path


@pytest.fixture
def shown(front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch) -> list[Recording]:
    recordings: list[Recording] = []

    def run_app(settings: Any, demo: Any = None, recording: Recording | None = None) -> int:
        assert recording is not None
        recordings.append(recording)
        return 0

    monkeypatch.setattr(sys.modules["tui.running"], "run_app", run_app)
    monkeypatch.setattr("tui.cli.launch.is_terminal", lambda stream: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    return recordings


def test_a_file_is_shown(run: Run, kept: Path, shown: list[Recording]) -> None:
    found = run("replay", str(kept))
    assert (found.code, found.err) == (0, "")
    (recording,) = shown
    assert (recording.session_id, recording.server) == (SESSION_ID, "em01:9398")


def test_a_session_is_found_as_report_finds_it(
    run: Run, kept: Path, shown: list[Recording]
) -> None:
    assert run("replay", SESSION_ID, "--journal", str(kept.parents[1])).code == 0
    assert shown[0].session_id == SESSION_ID


def test_what_cannot_be_shown_is_one_sentence(
    run: Run, tmp_path: Path, kept: Path, shown: list[Recording]
) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    for argument in (SESSION_ID, str(tmp_path / "empty.jsonl"), "no session"):
        found = run("replay", argument)
        assert found.code == 2, argument
        assert "Traceback" not in found.err
    assert not shown


def test_without_a_screen_the_report_is_named(
    run: Run, kept: Path, shown: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.launch.is_terminal", lambda stream: False)
    found = run("replay", str(kept))
    assert found.code == 2
    assert "report" in found.err


def test_a_journal_becomes_plain_data_for_the_simulator(kept: Path, tmp_path: Path) -> None:
    drill = recorded_drill(kept)
    assert drill.session.uid == SESSION_ID
    assert drill.vms == ("a", "b")
    assert [task.vm for task in drill.session.tasks] == ["a", "b"]
    assert drill.session.seen[0].at == 0.0
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(InvalidInput, match="nothing to serve"):
        recorded_drill(tmp_path / "empty.jsonl")


def test_a_recorded_drill_has_its_own_number_of_vms(run: Run, kept: Path) -> None:
    found = run("simulate", "--journal", str(kept), "--vms", "5")
    assert found.code == 2
    assert "--vms" in found.err
