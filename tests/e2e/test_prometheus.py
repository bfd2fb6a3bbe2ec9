"""A real Prometheus scrapes what a real watch writes, with the rules from the package.

The node exporter's textfile collector is stood in for by an HTTP server that hands out the file.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.ending import end
from tests.support.simulated import SimulatedServer, build_service, serve
from tests.support.terminal import ROOT
from tests.support.web_server import web_server
from tui.simulator.logons import Account

PASSWORD = "correct-horse-battery"
PATIENCE = 90.0
COMMAND = (sys.executable, "-m", "tui")

pytestmark = pytest.mark.skipif(
    shutil.which("prometheus") is None,
    reason="there is no Prometheus here (Debian: prometheus), so that none was asked",
)


def until(condition: Callable[[], Any], what: str) -> Any:
    """Look until there is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: in vain"
        time.sleep(0.1)
    return found


class Prometheus:
    """One on loopback, that scrapes each second."""

    def __init__(self, folder: Path, target: int, rules: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        config = folder / "prometheus.yml"
        config.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(rules)],
                    "scrape_configs": [
                        {
                            "job_name": "textfile",
                            "static_configs": [{"targets": [f"127.0.0.1:{target}"]}],
                        }
                    ],
                }
            )
        )
        self._log = (folder / "prometheus.log").open("w")
        self._process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={self.address}",
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Prometheus:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            end(self._process, 30)
        finally:
            self._log.close()

    def ask(self, path: str, **query: str) -> Any:
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)["data"]
        except OSError:
            return None

    def values(self, query: str) -> dict[str, float]:
        """The samples of an instant query, by what their labels hold besides where they are."""
        data = self.ask("query", query=query) or {"result": []}
        found = {}
        for sample in data["result"]:
            own = ("__name__", "instance", "job", "server", "session")
            labels = {k: v for k, v in sample["metric"].items() if k not in own}
            found[",".join(labels.values())] = float(sample["value"][1])
        return found

    def firing(self) -> set[str]:
        alerts = (self.ask("alerts") or {"alerts": []})["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}


@pytest.fixture
def service() -> SimulatedServer:
    return build_service("failures", speed=20, users={"demo": Account(PASSWORD)})


@contextmanager
def watching(service: SimulatedServer, url: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FAILOVER_MONITOR_")}
    kept = {k: v for k, v in kept.items() if not k.lower().endswith("_proxy")}
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(path.parent))
    asked = ("--server", url, "--user", "demo", "--interval", "2", "--rto", "3m")
    process = subprocess.Popen(
        [*COMMAND, "watch", service.featured_session, *asked, "--metrics", str(path)],
        cwd=ROOT,
        env={**kept, **folders, "FAILOVER_MONITOR_PASSWORD": PASSWORD},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def scraped(
    service: SimulatedServer, folder: Path, rules: bytes
) -> Iterator[tuple[Prometheus, subprocess.Popen[str], Path]]:
    """A watch whose figures a Prometheus with these rules reads: both, and the file."""
    path = folder / "failover.prom"
    (folder / "alerts.yml").write_bytes(rules)
    with (
        web_server(lambda: path.read_bytes() if path.exists() else b"") as exporter,
        Prometheus(folder, exporter.port, folder / "alerts.yml") as prometheus,
        serve(service) as serving,
        watching(service, serving.url, path) as process,
    ):
        until(lambda: prometheus.values("failover_session_up") == {"": 1.0}, "the figures")
        yield prometheus, process, path


def test_a_real_prometheus_reads_the_figures_and_raises_the_alarms(
    service: SimulatedServer, tmp_path: Path
) -> None:
    alerts = [*COMMAND, "metrics", "alerts"]
    printed = subprocess.run(alerts, cwd=ROOT, capture_output=True, check=True)
    with scraped(service, tmp_path, printed.stdout) as (prometheus, process, _):
        total = sum(prometheus.values("failover_session_vms").values())
        assert total == 14
        until(lambda: "CloudFailoverVmFailed" in prometheus.firing(), "an alarm for a VM")
        until(lambda: "CloudFailoverTargetMissed" in prometheus.firing(), "an alarm for the RTO")
        assert process.wait(60) == 1
        until(
            lambda: prometheus.values("failover_session_status == 1") == {"failed": 1.0},
            "the end",
        )
        until(lambda: prometheus.values("failover_session_watch_end_timestamp_seconds"), "its end")
        # Of a watch that has ended, nobody is told that it has gone.
        assert not {"CloudFailoverMonitorGone", "CloudFailoverDataOld"} & prometheus.firing()
        rules_read = prometheus.ask("rules")["groups"][0]["rules"]
        assert {rule["health"] for rule in rules_read} == {"ok"}


def test_in_an_outage_it_is_not_up_and_the_data_is_old(
    service: SimulatedServer, tmp_path: Path
) -> None:
    with scraped(service, tmp_path, b"groups: []\n") as (prometheus, process, path):
        service.unavailable = True
        until(lambda: prometheus.values("failover_session_up") == {"": 0.0}, "the outage")
        until(
            lambda: prometheus.values("failover_session_data_age_seconds > 5"), "data that is old"
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
        assert "failover_session_watch_end_timestamp_seconds" in path.read_text()
