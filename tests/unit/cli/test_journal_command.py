from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.making import SESSION_ID
from tests.support.observed import Course
from tests.unit.cli.conftest import Outcome
from tests.unit.journal.test_keeping import keep
from tests.unit.journal.test_records import everything_once
from tui.journal.folder import path_of
from tui.monitor.observations import from_record

Run = Callable[..., Outcome]
Config = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journals"


@pytest.fixture
def kept(folder: Path) -> Path:
    """A journal of one session."""
    course = Course()
    everything_once(course)
    path = path_of(folder, "em01:9398", SESSION_ID)
    keep(path, course)
    return path


def test_the_folder_is_the_platforms_unless_somebody_names_another(
    run: Run, config: Config, folder: Path
) -> None:
    assert run("journal", "path").out.strip().endswith("failover-monitor/journal")
    assert run("journal", "path", "--journal", str(folder)).out.strip() == str(folder)
    config(f'[journal]\nkeep = false\nfolder = "{folder}"')
    assert run("journal", "path").out.strip() == str(folder)


def test_the_path_of_a_session(run: Run, folder: Path, kept: Path) -> None:
    shown = run("journal", "path", SESSION_ID.upper(), "--journal", str(folder))
    assert shown.out.strip() == str(kept)
    missing = run("journal", "path", SESSION_ID[:-1] + "9", "--journal", str(folder))
    assert missing.code == 2
    assert "There is no journal of session" in missing.err


def test_the_list(run: Run, folder: Path, kept: Path) -> None:
    shown = run("journal", "list", "--journal", str(folder))
    changed, size, server, session, plan = shown.out.strip().split("\t")
    assert changed.endswith("Z")
    assert size.endswith("kB")
    assert (server, session, plan) == ("em01_9398", SESSION_ID, "ABC Company Failover Plan")


def test_no_journal_yet(run: Run, folder: Path) -> None:
    shown = run("journal", "list", "--journal", str(folder))
    assert (shown.code, shown.out) == (0, "")
    assert "There is no journal yet" in shown.err


def test_verify(run: Run, kept: Path) -> None:
    whole = run("journal", "verify", str(kept))
    assert whole.code == 0
    assert whole.out.startswith("Whole: ")
    content = kept.read_bytes()
    kept.write_bytes(content[:-20])
    torn = run("journal", "verify", str(kept))
    assert torn.code == 0
    assert torn.out.startswith("Torn at the end, in line ")
    lines = content.splitlines(keepends=True)
    lines[4] = lines[4].replace(b"a", b"b", 1)
    kept.write_bytes(b"".join(lines))
    altered = run("journal", "verify", str(kept))
    assert altered.code == 1
    assert altered.out.startswith("Altered at line 5; the 4 lines before it are whole.")
    kept.write_bytes(b"")
    assert run("journal", "verify", str(kept)).code == 1


def test_export_gives_every_reading_in_full(run: Run, kept: Path) -> None:
    shown = run("journal", "export", str(kept))
    assert shown.code == 0
    records = [json.loads(line) for line in shown.out.splitlines()]
    readings = [record for record in records if record["kind"] == "reading"]
    assert all(len(record["session"]["tasks"]) == 2 for record in readings)
    assert records[0]["kind"] == "journal"
    for record in records[2:]:
        from_record(record)


def test_export_says_what_is_altered(run: Run, kept: Path) -> None:
    lines = kept.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b"a", b"b", 1)
    kept.write_bytes(b"".join(lines))
    shown = run("journal", "export", str(kept))
    assert "Altered at line 5" in shown.err
    assert len(shown.out.splitlines()) == 4


def test_prune_obeys_the_settings(run: Run, config: Config, folder: Path, kept: Path) -> None:
    config(f'[journal]\nfolder = "{folder}"\nmax_age = "30d"')
    assert "Nothing to remove." in run("journal", "prune").err
    os.utime(kept, (1_000_000, 1_000_000))
    assert f"Removed {kept}" in run("journal", "prune").out
    assert not kept.exists()


def test_a_later_versions_journal_is_refused_in_a_sentence(run: Run, kept: Path) -> None:
    from tui.journal.chain import START, line_of

    kept.write_bytes(line_of({"kind": "journal", "format": 99}, START) + b"\n")
    shown = run("journal", "export", str(kept))
    assert shown.code == 2
    assert "was written by a later version: format 99" in shown.err


def test_journal_and_no_journal_exclude_each_other(run: Run, folder: Path) -> None:
    shown = run("watch", "--journal", str(folder), "--no-journal")
    assert shown.code == 2
    assert "exclude each other" in shown.err
