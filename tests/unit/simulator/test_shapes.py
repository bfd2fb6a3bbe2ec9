"""The documents have the shapes of the documented and recorded answers.

The fixtures are written by hand after those, with values of their own.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import Caller, log_on
from tests.support.simulated import SimulatedServer, SteppedClock, build_service
from tui.simulator.wire import Api, Dialect, Node, attribute, camel, element, write

FIXTURES = Path(__file__).parent / "fixtures"
Shape = dict[str, Any]


def local(name: str) -> str:
    assert name.startswith("{http://www.veeam.com/ent/v1.0}")
    return name.partition("}")[2]


def shape(node: ElementTree.Element) -> Any:
    """Name, attribute names, and the shapes of the distinct children in their order."""
    children: list[Any] = []
    for child in node:
        found = shape(child)
        if found not in children:
            children.append(found)
    return local(node.tag), sorted(node.attrib), children


def failed(service: SimulatedServer, clock: SteppedClock) -> Caller:
    """A caller for whom the scenario's session has ended and only failed tasks are left."""
    clock.advance(400)
    return Caller(service)


@pytest.fixture
def service(clock: SteppedClock) -> SimulatedServer:
    return build_service("failures", vms=1, clock=clock)


def xml_fixture(name: str) -> Any:
    return shape(ElementTree.parse(FIXTURES / f"{name}.xml").getroot())


def json_fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def keys(value: Any) -> Any:
    """The keys of an object in their order, recursively, and of the first of an array."""
    if isinstance(value, dict):
        return [(key, keys(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [keys(value[0])] if value else []
    return type(value)


def test_a_failed_session_in_xml(service: SimulatedServer, clock: SteppedClock) -> None:
    caller = failed(service, clock)
    path = f"cloud/failoverSessions/{service.featured_session}"
    assert shape(caller.xml(path, "format=Entity")) == xml_fixture("session")


def test_a_failed_session_in_json(service: SimulatedServer, clock: SteppedClock) -> None:
    assert keys(failed(service, clock).featured()) == keys(json_fixture("session"))


def test_a_running_session_has_no_end_and_nulls(service: SimulatedServer) -> None:
    session = Caller(service).featured()
    (task,) = session["CloudFailoverTasks"]["CloudFailoverTasks"]
    assert "EndTimeUTC" not in session
    assert "EndTimeUTC" not in task
    assert session["FailureMessage"] is task["FailureMessage"] is None
    root = Caller(service).xml(
        f"cloud/failoverSessions/{service.featured_session}", "format=Entity"
    )
    assert [local(child.tag) for child in root] == [
        "Links",
        "JobType",
        "CreationTimeUTC",
        "State",
        "Result",
        "Progress",
        "CloudFailoverTasks",
    ]


def test_a_reference(service: SimulatedServer) -> None:
    found = Caller(service).xml(f"cloud/failoverSessions/{service.featured_session}")
    assert shape(found) == xml_fixture("session_reference")


def test_a_page_of_points(service: SimulatedServer) -> None:
    query = "type=CloudVmReplicaPoint&format=Entities&pageSize=1"
    assert shape(Caller(service).xml("query", query)) == xml_fixture("points")


def test_a_plan(service: SimulatedServer) -> None:
    plan = Caller(service).xml(
        f"cloud/cloudFailoverPlans/{service.world.plans[0].uid}", "format=Entity"
    )
    expected = xml_fixture("plan")
    name, attributes, children = shape(plan)
    assert (name, attributes) == expected[:2]
    assert children[1:] == expected[2][1:]
    # The first link has a name and a type, an action's has neither.
    assert children[0] == expected[2][0]


def test_backup_servers_and_errors_in_json(service: SimulatedServer) -> None:
    caller = Caller(service)
    servers = caller.json("backupServers", "format=Entity")
    assert keys(servers)[0][0] == "BackupServers"
    assert keys(servers["BackupServers"][0]) == keys(json_fixture("backup_servers"))[0][1][0]
    error = json.loads(caller.ask("query", "type=Nothing").body)
    assert keys(error) == keys(json_fixture("error"))


def test_gateways_say_whether_they_are_enabled(service: SimulatedServer) -> None:
    gateways = Caller(service).json("cloud/gateways", "format=Entity")["CloudGateways"]
    assert {gateway["Enabled"] for gateway in gateways} == {True, False}
    root = Caller(service).xml("cloud/gateways", "format=Entity")
    assert local(root.tag) == "CloudGateways"
    assert {local(child.tag) for child in root} == {"CloudGateway"}


def test_entities_are_all_null_but_the_one_asked_for(service: SimulatedServer) -> None:
    answer = Caller(service).json("query", "type=CloudFailoverSession&format=Entities")
    assert list(answer) == ["Refs", "Entities", "Resources", "Links", "PagingInfo"]
    given = [key for key, value in answer["Entities"].items() if value is not None]
    assert len(answer["Entities"]) == 50
    assert given == ["CloudFailoverSessions"]


def lower(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.lower(): lower(inner) for key, inner in value.items()}
    return [lower(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", ""),
        ("cloud", ""),
        ("query", "type=CloudFailoverPlan&format=Entities"),
        ("backupServers", "format=Entity"),
    ],
)
def test_v13_differs_from_v12_in_the_case_of_keys(
    path: str, query: str, clock: SteppedClock
) -> None:
    old = Caller(build_service(clock=clock, api="v12"))
    new = Caller(build_service(clock=clock, api="v13"))
    was, is_now = keys(old.json(path, query)), keys(new.json(path, query))
    assert json.dumps(was, default=str) != json.dumps(is_now, default=str)
    assert json.dumps(was, default=str).lower() == json.dumps(is_now, default=str).lower()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("UID", "uid"),
        ("NASJobs", "nasJobs"),
        ("CreationTimeUTC", "creationTimeUTC"),
        ("VAppRestorePoints", "vAppRestorePoints"),
        ("Rel", "rel"),
        ("CloudFailoverTasks", "cloudFailoverTasks"),
    ],
)
def test_the_case_of_keys_in_v13(key: str, expected: str) -> None:
    assert camel(key) == expected


@pytest.mark.parametrize("api", ["v12", "v13"])
def test_a_logon_in_xml_and_json_says_the_same(api: Api, clock: SteppedClock) -> None:
    caller = Caller(build_service(clock=clock, api=api))
    root = caller.xml(f"logonSessions/{caller.id}")
    names = [local(child.tag) for child in root]
    assert names == ["Links", "UserName", "SessionId"]
    body = lower(json.loads(log_on(caller.service).body))
    assert list(body) == ["username", "sessionid", "links", "href", "type"]


def test_text_survives_xml_and_json() -> None:
    text = "<a> & \"b\" 'c' \t\n\r é 名 \U0001f468 ]]>"
    node = Node("T", [attribute("A", text), element("E", text), element("Empty", "")])
    for api in ("v12", "v13"):
        root = ElementTree.fromstring(write(node, Dialect(json=False, api=api)))
        assert root.attrib["A"] == text
        assert [child.text for child in root] == [text, None]
    assert json.loads(write(node, Dialect(json=True, api="v12"))) == {
        "A": text,
        "E": text,
        "Empty": "",
    }


def test_hostile_text_arrives_unchanged_in_json_and_as_references_in_xml(
    clock: SteppedClock,
) -> None:
    caller = Caller(build_service("hostile", clock=clock, idle_timeout=1e6))
    clock.advance(600)
    session = caller.featured()
    tasks = session["CloudFailoverTasks"]["CloudFailoverTasks"]
    assert [task["VmName"] for task in tasks] == list(caller.service.world.featured.plan.vms)
    assert max(len(task["VmName"]) for task in tasks) == 10_000
    path = f"cloud/failoverSessions/{caller.service.featured_session}"
    text = caller.ask(path, "format=Entity", json=False).body.decode()
    assert "&#x1B;[2Jwiped" in text
    assert "VM[prod]" in text
    assert "\x1b" not in text
