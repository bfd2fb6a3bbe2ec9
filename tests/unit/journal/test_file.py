from __future__ import annotations

import errno
import json
import os
import resource
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tui.journal import file as journal_file
from tui.journal.chain import Wholeness
from tui.journal.file import Journal, in_use, read_journal, verify_journal

ROOT = Path(__file__).resolve().parents[3]


def kinds(path: Path) -> list[object]:
    return [link.record and link.record["kind"] for link in read_journal(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "em01_9398" / "session.jsonl"


def test_it_is_private_and_goes_on_where_it_stopped(path: Path) -> None:
    for kind in ("a", "b"):
        journal = Journal(path)
        journal.append([{"kind": kind}, {"kind": kind + kind}])
        journal.close()
    assert kinds(path) == ["a", "aa", "b", "bb"]
    found = verify_journal(path)
    assert (found.wholeness, found.last_hash) == (Wholeness.WHOLE, journal.last_hash)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_private_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        Journal(path).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_two_monitors_on_one_session_lose_nothing(path: Path) -> None:
    one, two = Journal(path), Journal(path)
    for number in range(5):
        one.append([{"kind": f"one {number}"}])
        two.append([{"kind": f"two {number}"}])
    assert kinds(path) == [f"{who} {n}" for n in range(5) for who in ("one", "two")]
    assert verify_journal(path).wholeness is Wholeness.WHOLE


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    work = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tui.journal.file import Journal
        journal = Journal(Path(sys.argv[1]))
        for number in range(100):
            journal.append([{"kind": sys.argv[2], "number": number}])
    """)
    writing = [
        subprocess.Popen([sys.executable, "-c", work, str(path), who], cwd=ROOT) for who in "abc"
    ]
    assert [process.wait() for process in writing] == [0, 0, 0]
    found = verify_journal(path)
    assert (found.wholeness, found.lines) == (Wholeness.WHOLE, 300)


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_torn_last_line_is_kept_and_explained(path: Path, kept: int) -> None:
    journal = Journal(path)
    journal.append([{"kind": "a"}, {"kind": "b"}])
    journal.close()
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second[:kept])
    assert verify_journal(path).wholeness is Wholeness.TORN
    again = Journal(path)
    again.append([{"kind": "c"}])
    again.append([{"kind": "d"}])
    found = verify_journal(path)
    assert (found.wholeness, found.lines, found.torn_within) == (Wholeness.WHOLE, 3, (2,))
    assert kinds(path) == ["a", None, "c", "d"]


def test_torn_twice_in_a_row(path: Path) -> None:
    journal = Journal(path)
    journal.append([{"kind": "a"}])
    with path.open("ab") as file:
        file.write(b"half\nand ha")
    journal.append([{"kind": "b"}])
    found = verify_journal(path)
    assert (found.wholeness, found.lines, found.torn_within) == (Wholeness.WHOLE, 2, (2,))


def test_a_last_line_without_its_break_is_whole_and_stays(path: Path) -> None:
    journal = Journal(path)
    journal.append([{"kind": "a"}])
    journal.close()
    path.write_bytes(path.read_bytes()[:-1])
    Journal(path).append([{"kind": "b"}])
    assert kinds(path) == ["a", "b"]
    assert verify_journal(path).torn_within == ()


def test_a_full_disk_leaves_no_half_line(path: Path) -> None:
    journal = Journal(path)
    journal.append([{"kind": "a"}])
    size = path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, hard))
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
            journal.append([{"kind": "b", "text": "x" * 1000}])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.stat().st_size == size
    journal.append([{"kind": "c"}])
    assert kinds(path) == ["a", "c"]
    assert verify_journal(path).wholeness is Wholeness.WHOLE


def test_a_file_shortened_from_outside_is_read_anew(path: Path) -> None:
    journal = Journal(path)
    journal.append([{"kind": "a"}, {"kind": "b"}])
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    journal.append([{"kind": "c"}])
    assert kinds(path) == ["a", "c"]
    assert verify_journal(path).wholeness is Wholeness.WHOLE


def test_a_file_emptied_from_outside_begins_anew(path: Path) -> None:
    journal = Journal(path)
    journal.append([{"kind": "a"}])
    path.write_bytes(b"")
    journal.append([{"kind": "b"}])
    assert kinds(path) == ["b"]


def test_whether_it_is_in_use(path: Path) -> None:
    journal = Journal(path)
    assert in_use(path)
    journal.close()
    assert not in_use(path)


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="exists"):
        Journal(tmp_path / "file" / "em01" / "x.jsonl")


def test_without_locks_one_monitor_writes_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "fcntl", None)
    journal = Journal(path)
    journal.append([{"kind": "a"}])
    assert not in_use(path)
    assert json.loads(path.read_text())["kind"] == "a"
