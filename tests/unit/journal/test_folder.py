from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.journal.file import Journal
from tui.journal.folder import path_of, prune, stored

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def keep(folder: Path, name: str, *, age: timedelta, size: int = 100) -> Path:
    path = path_of(folder, "em01:9398", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def names(folder: Path) -> list[str]:
    return [each.session_id for each in stored(folder)]


def test_a_folder_for_each_server_and_a_file_for_each_session(tmp_path: Path) -> None:
    path = path_of(tmp_path, "EM01:9398", "4347C445-c6a7")
    assert path == tmp_path / "em01_9398" / "4347c445-c6a7.jsonl"


@given(st.text(), st.text())
def test_no_name_leads_out_of_the_folder(server: str, session: str) -> None:
    path = path_of(Path("/j"), server, session)
    assert path.parent.parent == Path("/j")
    assert path.parent.name not in ("", ".", "..")


def test_no_folder_holds_no_journals(tmp_path: Path) -> None:
    assert stored(tmp_path / "none") == ()


def test_the_one_changed_last_comes_first(tmp_path: Path) -> None:
    for name, days in (("old", 3), ("new", 1), ("middle", 2)):
        keep(tmp_path, name, age=days * DAY)
    (tmp_path / "em01_9398" / ".lock").write_text("")
    (tmp_path / "stray").write_text("")
    assert names(tmp_path) == ["new", "middle", "old"]
    assert [(each.server, each.size) for each in stored(tmp_path)] == [("em01_9398", 100)] * 3


def test_what_is_older_than_allowed_goes(tmp_path: Path) -> None:
    keep(tmp_path, "old", age=30 * DAY)
    keep(tmp_path, "at the limit", age=10 * DAY)
    done = prune(tmp_path, now=NOW, oldest=10 * DAY, most_bytes=10_000)
    assert [each.session_id for each in done.removed] == ["old"]
    assert names(tmp_path) == ["at_the_limit"]


def test_the_oldest_go_until_the_rest_fits(tmp_path: Path) -> None:
    for days in range(1, 6):
        keep(tmp_path, f"d{days}", age=days * DAY)
    done = prune(tmp_path, now=NOW, oldest=100 * DAY, most_bytes=299)
    assert [each.session_id for each in done.removed] == ["d5", "d4", "d3"]
    assert names(tmp_path) == ["d1", "d2"]


def test_never_one_in_use_nor_the_one_to_keep(tmp_path: Path) -> None:
    open_one = keep(tmp_path, "open", age=30 * DAY)
    mine = keep(tmp_path, "mine", age=30 * DAY)
    journal = Journal(open_one)
    done = prune(tmp_path, now=NOW, oldest=DAY, most_bytes=0, keep=mine)
    journal.close()
    assert done.removed == ()
    assert {(each.session_id, why) for each, why in done.kept} == {
        ("open", "in use"),
        ("mine", "in use"),
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_what_cannot_be_removed_is_told(tmp_path: Path) -> None:
    path = keep(tmp_path, "old", age=30 * DAY)
    path.parent.chmod(0o500)
    done = prune(tmp_path, now=NOW, oldest=DAY, most_bytes=0)
    path.parent.chmod(0o700)
    assert [why for _, why in done.kept] == ["Permission denied"]
