"""One run of the real program in a real terminal against a server that misbehaves."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from tests.e2e.conftest import PASSWORD, USER, JumpingClock
from tests.soak.steps import LEAVES, Step
from tests.soak.trouble import FAULTS, HARMLESS
from tests.support.secrets_seen import Secrets
from tests.support.simulated import SimulatedServer, build_service, serve
from tests.support.terminal import ALTERNATE_SCREEN, Terminal
from tui.simulator.logons import Account, LogonSession

INTERVAL = 0.25
"""Seconds between two polls, so that a minute of soak is like a quarter of an hour."""

MOST_MEMORY = 400 * 1024 * 1024
MOST_DESCRIPTORS = 60
MOST_THREADS = 40
LEAVING = 4.0
"""Seconds: the promise is two, and a machine that runs tests is noisy."""


RECOVERY = 65.0
"""Seconds: the longest wait between two tries is 60, and then the answer comes."""


class Broken(AssertionError):
    """An invariant does not hold."""


class Left(Exception):
    """The program ended because it was told to."""


class Episode:
    """The program, running; `do` a step, then `check`."""

    def __init__(
        self,
        terminal: Terminal,
        service: SimulatedServer,
        clock: JumpingClock,
        secrets: Secrets,
    ) -> None:
        self.terminal = terminal
        self.service = service
        self.clock = clock
        self.secrets = secrets
        self._failing_since: float | None = None
        self._may_leave = False
        self._jumped = 0.0

    def do(self, step: Step) -> None:
        """What the step says."""
        act = getattr(self, "_" + step.what.replace(" ", "_"))
        act(step.value)
        self.terminal.read_for(0.03)

    def _key(self, name: str) -> None:
        self.terminal.keys(name)

    def _type(self, text: str) -> None:
        """Wherever the focus is: what leaves the program there may leave it."""
        self._may_leave = self._may_leave or LEAVES in text
        self._key(text)

    _answer = _key

    def _half(self, answer: str) -> None:
        cut = max(1, len(answer) // 2)
        self.terminal.keys(answer[:cut])
        self.terminal.read_for(0.15)
        self.terminal.keys(answer[cut:])

    def _resize(self, size: str) -> None:
        columns, lines = map(int, size.split("x"))
        self.terminal.resize(columns, lines)

    def _fault(self, name: str) -> None:
        self.service.fault = FAULTS[name]
        failing = name not in HARMLESS
        self._failing_since = time.monotonic() if failing else None

    def _mend(self, _: str) -> None:
        self.service.fault = None
        self._failing_since = None

    def _forget_logons(self, _: str) -> None:
        self.service.forget_logons()

    def _jump(self, seconds: str) -> None:
        self.clock.skip(float(seconds))
        self._jumped += float(seconds)

    _skip = _jump

    def _wait(self, seconds: str) -> None:
        self.terminal.read_for(float(seconds))

    def _pause(self, _: str) -> None:
        """The process stands still for a moment, as on a machine that swaps."""
        os.kill(self.terminal.pid, signal.SIGSTOP)
        time.sleep(0.3)
        os.kill(self.terminal.pid, signal.SIGCONT)

    def check(self) -> None:
        """After each step. Raises `Left` once a typed text has left the program in order."""
        if self._may_leave and self.terminal.has_ended:
            self._check_end(0)
            raise Left
        process = Path(f"/proc/{self.terminal.pid}")
        status = (process / "status").read_text() if process.exists() else ""
        if "VmRSS" not in status and self._may_leave:  # it ended in this very moment
            self._check_end(0)
            raise Left
        _holds("VmRSS" in status, "it is not running any more")
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        _holds(int(fields["VmRSS"].split()[0]) * 1024 < MOST_MEMORY, f"memory {fields['VmRSS']}")
        _holds(int(fields["Threads"]) < MOST_THREADS, f"threads {fields['Threads']}")
        open_files = len(list((process / "fd").iterdir()))
        _holds(open_files < MOST_DESCRIPTORS, f"{open_files} descriptors")
        _holds(self.service.writes == 0, "something but GET, logon and logoff was sent")
        _holds(self.service.open_logons <= 2, f"{self.service.open_logons} logon sessions open")
        _holds("Traceback" not in self.terminal.text, "a traceback is on the screen")
        self._check_age()

    def _check_age(self) -> None:
        """What has failed for longer than a poll and its timeouts is not shown as live."""
        since, clock = self._failing_since, time.monotonic()
        if since is None or clock - since < 4 or self.terminal.screen.columns < 80:
            return
        header = self.terminal.rows[0]
        if " RO " not in header:
            return
        self.terminal.read_for(1.2)
        _holds("● live" not in self.terminal.rows[0], f"live during a fault: {header}")

    def _tells_age(self) -> bool:
        """Whether the top line is that of the session or of the list, of now."""
        head = self.terminal.rows[0]
        return "REPLAY" not in head and any(word in head for word in ("live", "PAUSED", "STALE"))

    def _back_to_now(self) -> None:
        """Out of a replay, past its filter and its panes: one Esc for each.

        What was typed last may have told it to leave, and logging off takes a moment.
        """
        for _ in range(6):
            with suppress(AssertionError):
                self.terminal.until(lambda: self._is_leaving() or self._tells_age(), 3.0)
                break
            self.terminal.keys("escape")
        else:
            self.terminal.until(self._tells_age, 10.0, "how old the data is")
        self._leave_if_told()

    def _leave_if_told(self) -> None:
        if self._is_leaving():
            self._check_end(0)
            raise Left

    def _is_leaving(self) -> bool:
        """Whether a text that was typed told it to, and it has given the screen back."""
        return self._may_leave and ALTERNATE_SCREEN not in self.terminal.screen.private

    def _recovers(self) -> None:
        """By itself, within the longest wait; paused, it stays so until it is told to go on."""
        self._back_to_now()
        # A program that was busy may have keys to come, such as the one that ends a pause.
        self.terminal.read_for(3.0)
        self._leave_if_told()
        if "PAUSED" in self.terminal.rows[0]:
            self.terminal.read_for(1.0)
            self._leave_if_told()
            _holds("PAUSED" in self.terminal.rows[0], "it was paused, and asks all the same")
        for _ in range(6):
            if "PAUSED" in self.terminal.rows[0]:
                # Some panes over the session do not know the key: one after the other closes.
                self.terminal.keys("escape")
                self.terminal.read_for(0.5)
                self.terminal.keys("p")
            # A program that is busy takes a second key for a second wish: there is time.
            with suppress(AssertionError):
                self.terminal.until(self._is_live_or("PAUSED"), 10.0)
                self.terminal.read_for(3.0)
            self._leave_if_told()
            if "● live" in self.terminal.rows[0]:
                break
            if "PAUSED" not in self.terminal.rows[0]:
                self.terminal.keys("escape")  # a start check is made once, and grows old
        self.terminal.until(self._is_live_or(), RECOVERY, "live again by itself")
        self._leave_if_told()

    def _is_live_or(self, *words: str) -> Callable[[], bool]:
        told = ("● live", *words)
        return lambda: self._is_leaving() or any(word in self.terminal.rows[0] for word in told)

    def end(self) -> None:
        """Everything is mended; it recovers, and leaves as it should."""
        self._mend("")
        # Before its start the session does not exist, and there is nothing to recover.
        self.clock.skip(max(0.0, -self._jumped))
        self.terminal.resize(120, 40)
        self.terminal.keys("escape")
        self._recovers()
        self.terminal.until(lambda: self.service.open_logons <= 1, 5.0, "one logon session")
        begun = time.monotonic()
        self.terminal.signal(signal.SIGTERM)
        self._check_end(143)
        _holds(time.monotonic() - begun < LEAVING, "it left slowly")

    def _check_end(self, code: int) -> None:
        ended = self.terminal.wait(LEAVING)
        _holds(ended.code == code, f"exit code {ended.code}")
        _holds(self.terminal.is_restored, "the terminal is not as it was")
        _holds(self.service.open_logons == 0, "a logon session is left open")


def _holds(condition: bool, what: str) -> None:
    if not condition:
        raise Broken(what)


@contextmanager
def _running(folder: Path) -> Iterator[Episode]:
    clock = JumpingClock()
    service = build_service(clock=clock, users={USER: Account(PASSWORD)})
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "NO_PROXY": "*",
        "FAILOVER_MONITOR_USER": USER,
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
        "FAILOVER_MONITOR_TEST_INTERVAL": str(INTERVAL),
    }
    log = folder / "requests.log"
    secrets = Secrets.of_logon(USER, PASSWORD)
    _note_logons(service, secrets)
    with serve(service) as serving:
        environment["FAILOVER_MONITOR_SERVER"] = serving.url
        arguments = ["-m", "tui", service.featured_session, "--log-file", str(log)]
        with Terminal(arguments, environment, columns=120, lines=40) as terminal:
            terminal.wait_for("of 14", "dc01")
            yield Episode(terminal, service, clock, secrets)


def play(steps: Sequence[Step]) -> tuple[int, str]:
    """Do all steps; how many were done, and what broke ("" if nothing did)."""
    done = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with _running(folder) as episode:
                secrets = episode.secrets
                with suppress(Left):
                    for step in steps:
                        episode.do(step)
                        done += 1
                        episode.check()
                    episode.end()
                shown = secrets.found_in(bytes(episode.terminal.output))
                _holds(not shown, f"shown: {shown}")
                written = secrets.found_under(folder)
                _holds(not written, f"written: {written}")
        except (AssertionError, OSError, ValueError) as error:
            return done, f"{type(error).__name__}: {error}"
    return done, ""


def _note_logons(service: SimulatedServer, secrets: Secrets) -> None:
    """Every logon session that is begun from now on is a secret to look for."""
    begin = service._logons.begin

    def noting(user: str, account: Account, now: datetime) -> LogonSession:
        session = begin(user, account, now)
        secrets.note(session)
        return session

    service._logons.begin = noting  # type: ignore[method-assign]


def _kind(broken: str) -> str:
    """What broke, without its figures: other steps that break something else prove nothing."""
    return "".join(c for c in broken.partition("\n")[0] if not c.isdigit())


def shrunk(steps: list[Step], broken: str, tries: int) -> list[Step]:
    """Fewer steps that break the same still, as far as so many tries bring it."""
    size = max(1, len(steps) // 2)
    while tries > 0 and size >= 1:
        at, smaller = 0, False
        while at < len(steps) and tries > 0 and len(steps) > 1:
            without = steps[:at] + steps[at + size :]
            tries -= 1
            if without and _kind(play(without)[1]) == _kind(broken):
                steps, smaller = without, True
            else:
                at += size
        if not smaller:
            size //= 2
    return steps


def seeded(seed: int, number: int) -> random.Random:
    """The chances of one episode of a run."""
    return random.Random(f"{seed}/{number}")
