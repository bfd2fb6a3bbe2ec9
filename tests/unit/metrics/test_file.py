from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui.metrics.file import write_metrics


def test_it_is_replaced_in_one_step_and_readable_by_the_collector(tmp_path: Path) -> None:
    path = tmp_path / "failover.prom"
    write_metrics(path, "old\n")
    before = path.stat().st_ino
    write_metrics(path, "new\n")
    assert path.read_text() == "new\n"
    assert path.stat().st_ino != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [each.name for each in tmp_path.iterdir()] == ["failover.prom"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "real.prom"
    target.parent.mkdir()
    link = tmp_path / "failover.prom"
    link.symlink_to(target)
    write_metrics(link, "x\n")
    assert link.is_symlink()
    assert target.read_text() == "x\n"


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "failover.prom"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_metrics(folder, "x\n")
    assert [each.name for each in tmp_path.iterdir()] == ["failover.prom"]
