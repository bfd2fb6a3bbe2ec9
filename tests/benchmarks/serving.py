"""The simulator in a process of its own, telling when it answered what.

Run by `Server` below as `python -m tests.benchmarks.serving`; `failover-monitor simulate`
has no option for tasks that change at a steady rate, so the process is made here of the
same parts: `build_service` and `run_forever`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.ending import Closed, end
from tests.support.simulated import SimulatedServer, build_service, steady
from tui.simulator.exchange import Request, Response
from tui.simulator.scenario import build_world
from tui.simulator.server import Serving, run_forever

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "demo", "demo"


@dataclass(frozen=True)
class Exchange:
    """One request. `asked` and `answered` in seconds of `time.monotonic`, which all
    processes of a Linux share; `size` in bytes of the body.
    """

    asked: float
    answered: float
    method: str
    path: str
    status: int
    size: int

    @property
    def kind(self) -> str:
        """What was asked for: `session`, `list`, `point`, `plan` or `other`."""
        for mark, kind in _KINDS.items():
            if mark in self.path:
                return kind
        return "other"


_KINDS = {
    "failoverSessions/": "session",
    "type=CloudFailoverSession": "list",
    "vmReplicaPoints/": "point",
    "type=CloudVmReplicaPoint": "point",
    "FailoverPlan": "plan",
}


@dataclass(frozen=True)
class Load:
    """What the simulator plays. `changing` is the share of tasks that change each second."""

    vms: int = 1000
    changing: float = 0.1
    sessions: int = 3


STANDING_STILL = 1e-6
"""As `Load.changing`: tasks run, but none of them changes while somebody measures."""


def _tell(*values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def _observe(service: SimulatedServer) -> None:
    handle = service.handle

    def observed(request: Request) -> Response:
        asked = time.monotonic()
        response = handle(request)
        path = "logon" if "logonSessions" in request.path else request.path
        query = f"?{request.query}" if request.query else ""
        answered = time.monotonic()
        _tell(asked, answered, request.method, path + query, response.status, len(response.body))
        return response

    service.handle = observed  # type: ignore[method-assign]


def serve(load: Load) -> None:
    """Serve until ended, one JSON line on standard output for each exchange."""
    service = build_service(
        "large", vms=load.vms, sessions=load.sessions, changing_fraction=load.changing
    )
    begin = time.monotonic()
    _observe(service)
    # Worked out on first use, which the first client must not pay for.
    len(service.world.featured.tasks)

    def announce(serving: Serving) -> None:
        finished = [run.uid for run in service.world.past]
        _tell(serving.url, service.featured_session, finished[:1], begin)

    run_forever(service, "127.0.0.1", 0, ready=announce)


class Server(Closed):
    """The process, seen from the benchmark. Use as a context."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.exchanges: list[Exchange] = []
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.serving",
                json.dumps([load.vms, load.changing, load.sessions]),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._lines = self._process.stdout
        told = json.loads(self._lines.readline())
        self.url, self.session, self.finished, self.begin = told
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        end(self._process, 10, self._reader)

    def _read(self) -> None:
        for line in self._lines:
            self.exchanges.append(Exchange(*json.loads(line)))

    def of_kind(self, kind: str, since: float = 0.0, until: float = float("inf")) -> list[Exchange]:
        """The exchanges of a kind that were answered in a stretch of `time.monotonic`."""
        return [e for e in self.exchanges if e.kind == kind and since <= e.answered < until]

    def has_answered(self, kind: str, times: int) -> bool:
        """Whether that kind was asked for that often."""
        return len(self.of_kind(kind)) >= times

    def is_settled(self, quiet: float = 3.0) -> bool:
        """Whether plan and replica points are read: none asked for in the last seconds."""
        now = time.monotonic()
        return bool(self.of_kind("session")) and not (
            self.of_kind("point", now - quiet) or self.of_kind("plan", now - quiet)
        )

    def change_times(self) -> dict[str, tuple[float, float]]:
        """By VM: `time.monotonic` at 0 per cent, and seconds per cent. Running VMs only.

        Worked out from the scenario, which is the same in every process.
        """
        world = build_world("large", self.load.vms, self.load.sessions)
        tasks = steady(world, self.load.changing).featured.tasks
        return {
            task.vm: (self.begin + task.start + task.starting, task.work / 100)
            for task in tasks
            if task.end > 0
        }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("load", help="JSON: [vms, changing, sessions]")
    load = json.loads(parser.parse_args(arguments).load)
    try:
        serve(Load(*load))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
