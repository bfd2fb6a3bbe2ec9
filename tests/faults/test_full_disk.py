"""A file system that is full, and one that was: what is kept there says so, and loses nothing."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import PASSWORD, USER, JumpingClock
from tests.support.certificates import issue, named
from tests.support.full_disk import DISKS, Disk, disk_of
from tests.support.rehearsing import lines_in
from tests.support.simulated import SimulatedServer, build_service, serve
from tui.cli import main
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import describe
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import InvalidSettings
from tui.journal.chain import Wholeness
from tui.journal.file import verify_journal
from tui.settings.adding import add_profile
from tui.simulator.logons import Account

PATIENCE = 30.0


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with disk_of(request.param, tmp_path / "disk") as made:
        yield made


class Watching:
    """`watch` with all that it writes on the disk: lines, journal, log, report."""

    def __init__(self, disk: Disk, url: str, session: str, folder: Path) -> None:
        self.lines = disk.folder / "lines"
        self.log = disk.folder / "fm.log"
        self._disk = disk
        options = ["--server", url, "--user", USER, "--interval", "2"]
        options += ["--journal", str(disk.folder / "journal"), "--log-file", str(self.log)]
        options += ["--report", str(disk.folder / "reports")]
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        with self.lines.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tui", "watch", session, *options],
                env={
                    **kept,
                    "HOME": str(folder),
                    "NO_PROXY": "*",
                    "FAILOVER_MONITOR_PASSWORD": PASSWORD,
                    "FAILOVER_MONITOR_TEST_INTERVAL": "0.2",
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "PYTHONUTF8": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                # A limit on the size of files would hold for the talk, too.
                stderr=subprocess.PIPE,
            )
        os.set_blocking(self.process.stderr.fileno(), False)  # type: ignore[union-attr]
        self.said = ""

    @property
    def journal(self) -> Path:
        return next((self._disk.folder / "journal").rglob("*.jsonl"))

    def fill(self) -> None:
        """Also the rest of the blocks that lines and log have begun.

        These last: while there is room, a line that is just being written begins another.
        """
        self._disk.fill(self.process.pid)
        for path in (self.lines, self.log):
            with suppress(OSError), path.open("ab", buffering=0) as file:
                file.write(b"\n" * (-path.stat().st_size % mmap.PAGESIZE))

    @property
    def written(self) -> list[str]:
        return [line for line in self.lines.read_text().split("\n") if line]

    def make_room(self) -> None:
        self._disk.make_room(self.process.pid)

    def hear(self) -> str:
        assert self.process.stderr is not None
        self.said += (self.process.stderr.read() or b"").decode()
        return self.said

    def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{what} in vain; it said:\n{self.hear()}"
            time.sleep(0.02)

    def has_said(self, text: str) -> None:
        self.until(lambda: text in self.hear(), text)

    def ended(self) -> int:
        self.until(lambda: self.process.poll() is not None, "its end")
        self.hear()
        return self.process.returncode


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture
def watching(disk: Disk, clock: JumpingClock, tmp_path: Path) -> Iterator[Watching]:
    service: SimulatedServer = build_service(clock=clock, users={USER: Account(PASSWORD)})
    with serve(service) as serving:
        watch = Watching(disk, serving.url, service.featured_session, tmp_path)
        try:
            watch.until(lambda: b"task started" in watch.lines.read_bytes(), "the first line")
            watch.until(lambda: watch.log.stat().st_size > 0, "the log")
            yield watch
        finally:
            if watch.process.poll() is None:
                watch.process.kill()
            watch.process.communicate()


def test_watch_goes_on_over_a_full_disk_and_all_of_it_is_there_afterwards(
    watching: Watching, clock: JumpingClock
) -> None:
    watching.fill()
    clock.skip(60)
    for said in (
        "standard output cannot be written",
        "The journal cannot be kept",
        f"The log file {watching.log} takes no more lines",
    ):
        watching.has_said(said)
    watching.make_room()
    watching.has_said("standard output takes lines again")
    # What waits for the journal is tried again every five seconds.
    kept = watching.journal
    watching.until(lambda: b'"sql02"' in kept.read_bytes(), "the journal")
    clock.skip(900)
    assert watching.ended() == 1, "the session's own code"
    told = lines_in("\n".join(watching.written) + "\n")
    assert sum(line.what == "task started" for line in told) == 14
    assert told[-1].what == "summary"
    assert verify_journal(kept).wholeness is Wholeness.WHOLE
    assert "lines before this are missing: " in watching.log.read_text()
    (report,) = (watching.lines.parent / "reports").iterdir()
    assert "sql02" in report.read_text()


def test_a_disk_that_stays_full_costs_what_is_kept_and_neither_the_watch_nor_its_code(
    watching: Watching, clock: JumpingClock
) -> None:
    watching.fill()
    clock.skip(900)
    assert watching.ended() == 1
    for said in (
        "standard output did not take the last lines",
        "The journal cannot be kept",
        "takes no more lines",
        "cannot be written",
    ):
        assert said in watching.said
    reports = watching.lines.parent / "reports"
    assert not reports.exists() or not list(reports.iterdir()), "no half of one"
    assert verify_journal(watching.journal).wholeness is Wholeness.WHOLE
    for line in watching.written:
        assert line.count("\t") == 5, "no half line"


def test_certificates_accepted_before_stay_and_the_new_one_holds_for_this_run(disk: Disk) -> None:
    path = disk.folder / "state" / "known.json"
    known = KnownServers(path)
    before, new = (
        describe(issue(named(host)).der, ServerAddress("https", host))
        for host in ("em01.example", "em02.example")
    )
    assert known.accept(before) is None
    disk.fill(os.getpid())
    try:
        notice = known.accept(new)
        listed = [entry.label for entry in KnownServers(path).entries()]
        found, doubt = known.find("em02.example", 9398)
    finally:
        disk.make_room(os.getpid())
    assert "Trusted for this run only" in (notice or "")
    assert "--trust-fingerprint" in (notice or "")
    assert listed == ["em01.example:9398"]
    assert (found is not None, doubt) == (True, "")
    assert known.accept(new) is None
    assert len(KnownServers(path).entries()) == 2
    assert {each.name for each in path.parent.iterdir()} == {"known.json", ".known.json.lock"}


@pytest.mark.parametrize("forced", [False, True])
def test_settings_that_cannot_be_begun_leave_all_as_it_was(
    disk: Disk, capsys: pytest.CaptureFixture[str], forced: bool
) -> None:
    path = disk.folder / "config.toml"
    if forced:
        path.write_text("bell = false\n")
        path.with_name("config.toml.before").write_text("bell = true\n")
    before = contents(disk.folder)
    order = ["config", "init", "--config", str(path), *(["--force"] if forced else [])]
    code, err = on_full(disk, lambda: main(order), capsys)
    assert code == 2
    assert err.startswith(f"failover-monitor: {path}: ")
    assert contents(disk.folder) == before
    assert main(order) == 0, "with room it goes on as if nothing had been"


@pytest.mark.parametrize("there", [False, True])
def test_settings_that_cannot_be_edited_leave_all_as_it_was(
    disk: Disk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    path = disk.folder / "config.toml"
    if there:
        path.write_text("bell = false\n")
    before = contents(disk.folder)
    order = ["config", "edit", "--config", str(path)]
    code, err = on_full(disk, lambda: main(order), capsys)
    assert code == 2
    assert err.startswith(f"failover-monitor: {path}: ")
    assert contents(disk.folder) == before


def test_what_was_typed_stays_where_the_disk_fills_up_meanwhile(
    disk: Disk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = disk.folder / "config.toml"
    path.write_text("bell = false\n")
    typed: list[Path] = []

    def edited(_: Sequence[str], copy: Path) -> int:
        copy.write_text("bell = true\n")
        typed.append(copy)
        disk.fill(os.getpid())
        return 0

    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setattr("tui.cli.editing._run", edited)
    try:
        code, err = main(["config", "edit", "--config", str(path)]), capsys.readouterr().err
    finally:
        disk.make_room(os.getpid())
    assert code == 2
    assert f"{path} is as it was; what you wrote is in {typed[0]}." in err
    assert contents(disk.folder) == {path.name: b"bell = false\n", typed[0].name: b"bell = true\n"}


@pytest.mark.parametrize("there", [False, True])
def test_a_profile_that_cannot_be_kept_leaves_the_settings_as_they_were(
    disk: Disk, capsys: pytest.CaptureFixture[str], there: bool
) -> None:
    path, said = disk.folder / "config.toml", list[InvalidSettings]()
    if there:
        path.write_text("bell = false\n")
    before = contents(disk.folder)
    server = ServerAddress("https", "em01.example")

    def keep() -> int:
        with pytest.raises(InvalidSettings) as caught:
            add_profile(path, server, "jdoe")
        said.append(caught.value)
        return 0

    on_full(disk, keep, capsys)
    assert str(said[0]).startswith(f"{path}: ")
    assert "Nothing was written; by hand: [profiles.em01]" in said[0].full_text
    assert contents(disk.folder) == before
    assert add_profile(path, server, "jdoe") == "em01"


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def on_full(
    disk: Disk, act: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """What came of it while there was no room, and what it said."""
    capsys.readouterr()
    disk.fill(os.getpid())
    try:
        return act(), capsys.readouterr().err
    finally:
        disk.make_room(os.getpid())


def test_a_report_that_does_not_fit_leaves_the_one_before(
    disk: Disk, capsys: pytest.CaptureFixture[str], watching: Watching, clock: JumpingClock
) -> None:
    clock.skip(900)
    watching.ended()
    path = disk.folder / "report.json"
    order = ["report", str(watching.journal), "--format", "json", "--output", str(path)]
    assert main(order) == 0
    before = path.read_bytes()
    capsys.readouterr()
    disk.fill(os.getpid())
    try:
        code, err = main(order), capsys.readouterr().err
    finally:
        disk.make_room(os.getpid())
    assert code == 2
    assert f"{path} cannot be written: " in err
    assert path.read_bytes() == before
    assert json.loads(before)["session_id"]
    assert not list(disk.folder.glob(".*")), "no half of one is left"
