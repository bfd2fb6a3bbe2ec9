"""What the README shows must work as written."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from tests.support.simulated import SimulatedServer, SteppedClock
from tui.cli import main
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.exit_codes import MEANINGS, ExitCode
from tui.settings.file import read_settings
from tui.simulator import SCENARIOS
from tui.simulator.in_process import ServiceTransport
from tui.simulator.logons import DEFAULT_USERS
from tui.simulator.scenario import build_world

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_settings_example_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, flags=re.S)
    file = tmp_path / "config.toml"
    file.write_text(example, "utf-8")
    assert "prod" in read_settings(file, required=True).table.profiles


def test_every_scenario_is_named() -> None:
    rehearsals = README.split("## Use it")[0]
    for name in SCENARIOS:
        assert name in rehearsals


def test_every_option_in_the_examples_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    known = capsys.readouterr().out
    for name in ("check", "demo", "list", "plans", "report", "simulate", "status", "watch"):
        assert main([name, "--help"]) == 0
        known += capsys.readouterr().out
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--password", "--dist"}
    missing = {option for option in used if option not in known}
    assert not missing


def test_every_picture_is_there() -> None:
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file()


def test_the_exit_codes_are_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(MEANINGS) == set(ExitCode)
    expected = {int(code): meaning for code, meaning in MEANINGS.items()}
    section = README.split("### Exit codes")[1].split("\n#")[0]
    told = {int(code): text for code, text in re.findall(r"^\| (\d+) \| (.*) \|$", section, re.M)}
    assert told == expected
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out.split("Exit codes:")[1].split("Examples:")[0]
    joined = re.sub(r"\n {4,}", " ", shown)
    helped = {int(code): text for code, text in re.findall(r"^  (\d+) +(.*)$", joined, re.M)}
    assert helped == expected


GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Recording(ServiceTransport):
    """What goes over the wire, as the table has it: ids as `{id}`, of a query what is queried."""

    def __init__(self, service: SimulatedServer) -> None:
        super().__init__(service)
        self.sent: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        kind = request.url.params.get("type")
        bare = re.sub(GUID, "{id}", request.url.path)
        self.sent.add(f"{request.method} {bare}{f'?type={kind}' if kind else ''}")
        return await super().handle_async_request(request)


async def test_every_request_is_told_and_no_other() -> None:
    service = SimulatedServer(build_world("failures"), SteppedClock())
    user = next(iter(DEFAULT_USERS))
    client = EnterpriseManager(
        parse_server("em01"),
        Credentials(user, SecretStr(DEFAULT_USERS[user].password)),
        transport=(wire := Recording(service)),
    )
    await client.log_on()
    (listed, *_) = (await client.failover_sessions()).sessions
    await client.failover_sessions_named(listed.name)
    session = (await client.failover_session(service.featured_session)).session
    point = session.tasks[0].replica_point
    assert point is not None
    assert point.id is not None
    await client.replica_point(point.id)
    await client.replica_points_of("web01", backup_server=session.backup_server)
    (plan,) = await client.failover_plans(session.plan_name)
    await client.all_failover_plans()
    await client.failover_plan(plan.id)
    await client.backup_servers()
    await client.cloud_gateways()
    await client.log_off()
    await client.aclose()
    asked = {
        name
        for name, method in vars(EnterpriseManager).items()
        if inspect.iscoroutinefunction(method) and not name.startswith("_")
    }
    assert asked == {
        "log_on", "log_off", "aclose", "failover_sessions", "failover_sessions_named",
        "failover_session", "replica_point", "replica_points_of", "failover_plans",
        "all_failover_plans", "failover_plan", "backup_servers", "cloud_gateways",
    }, "whatever else the client can ask is to be asked here too"  # fmt: skip
    leaving = README.split("## What leaves this machine")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `([^`]+)` \|", leaving, flags=re.M))
    assert wire.sent == told
