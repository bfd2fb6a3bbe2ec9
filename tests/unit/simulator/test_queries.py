from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asking import Caller
from tests.support.simulated import SteppedClock, build_service
from tui.simulator.filters import BadFilter, Column, Kind, parse
from tui.simulator.wire import Api

SESSIONS = "type=CloudFailoverSession&format=Entities"


@pytest.fixture
def caller(clock: SteppedClock) -> Caller:
    return Caller(build_service("failures", clock=clock, sessions=60))


def sessions(caller: Caller, condition: str = "", rest: str = "&pageSize=999") -> list[Any]:
    query = f"{SESSIONS}{rest}" + (f"&filter={quote(condition)}" if condition else "")
    found = caller.json("query", query)["Entities"]["CloudFailoverSessions"]
    return found["CloudFailoverSessions"] or []


COLUMNS = {
    "n": Column(Kind.TEXT, lambda item: item["n"]),
    "when": Column(Kind.DATE, lambda item: item.get("when")),
    "result": Column(Kind.RESULT, lambda item: item.get("result")),
    "uid": Column(Kind.UID, lambda item: item["uid"]),
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n==a", True),
        ("N == A", True),
        ("n!=a", False),
        ("n==a;n==b", False),
        ("n==b,n==a", True),
        ("n==b;n==b,n==a", True),
        ("n==b;(n==b,n==a)", False),
        ("(n==a)", True),
        ("result>=Warning", True),
        ("Result==failed", True),
        ("result<failed", False),
        ('uid=="urn:veeam:Thing:42"', True),
        ("uid==42", True),
        ("when>2026-01-01", False),
        ("when<2026-01-01", False),
        ("when!=2026-01-01", False),
    ],
)
def test_the_filter_grammar(condition: str, expected: bool) -> None:
    item = {"n": "a", "result": 3, "uid": "42", "when": None}
    assert parse(condition, COLUMNS)(item) is expected


@pytest.mark.parametrize(
    "condition",
    ["n", "n==", "==a", "n==a;", "(n==a", "n==a)", "n=a", "x==a", "result==Odd", "when>soon", '"'],
)
def test_what_is_no_filter_is_refused(condition: str) -> None:
    with pytest.raises(BadFilter):
        parse(condition, COLUMNS)


@settings(deadline=None)
@given(st.text(alphabet='n=a!<>();,"b ', max_size=30))
def test_any_text_is_a_filter_or_is_refused(condition: str) -> None:
    try:
        test = parse(condition, COLUMNS)
    except BadFilter:
        return
    assert test({"n": "a", "uid": "1"}) in {True, False}


@settings(deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_a_quoted_value_is_compared_as_it_is(value: str) -> None:
    condition = 'n=="' + value.replace('"', '""') + '"'
    assert parse(condition, COLUMNS)({"n": value.lower()}) is True


def test_running_and_finished_sessions_are_told_apart(caller: Caller) -> None:
    everything = sessions(caller)
    running = sessions(caller, "State!=Stopped")
    assert len(everything) == 60
    assert len(running) == 2
    assert len(sessions(caller, "State==Stopped;Result>=Warning")) == sum(
        session["Result"] in {"Warning", "Failed"} for session in everything
    )
    assert sessions(caller, "EndTime<2000-01-01") == []


def test_names_and_dates_are_quoted(caller: Caller) -> None:
    plan = caller.service.world.featured.plan.name
    found = sessions(caller, f'Name=="{plan}";CreationTime>="2026-01-01T00:00:00"')
    assert len(found) == 3
    assert {session["Name"] for session in found} == {plan}


def test_sorting_goes_both_ways(caller: Caller) -> None:
    down = sessions(caller, rest="&pageSize=999&sortDesc=CreationTime")
    up = sessions(caller, rest="&pageSize=999&sortAsc=creationtime")
    times = [session["CreationTimeUTC"] for session in down]
    assert times == sorted(times, reverse=True)
    assert [session["UID"] for session in up] == [session["UID"] for session in reversed(down)]
    ended = sessions(caller, rest="&pageSize=999&sortDesc=EndTime")
    assert ["EndTimeUTC" in session for session in ended] == [True] * 58 + [False] * 2


def test_pages_hold_everything_once(caller: Caller) -> None:
    seen: list[str] = []
    for page in range(1, 10):
        answer = caller.json("query", f"{SESSIONS}&sortDesc=CreationTime&pageSize=7&page={page}")
        rows = answer["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"]
        info = answer["PagingInfo"]
        assert (info["PageNum"], info["PageSize"], info["PagesCount"]) == (page, 7, 9)
        rels = [link["Rel"] for link in info["Links"]]
        expected = ["First", "Previous", "Next", "Last"]
        assert rels == [
            rel
            for rel in expected
            if not (rel == "Previous" and page == 1) and not (rel == "Next" and page == 9)
        ]
        seen += [row["UID"] for row in rows]
    assert len(seen) == len(set(seen)) == 60
    beyond = caller.json("query", f"{SESSIONS}&pageSize=7&page=10")
    assert beyond["Entities"]["CloudFailoverSessions"] == {"CloudFailoverSessions": None}


def test_a_page_holds_a_hundred_unless_asked_otherwise(clock: SteppedClock) -> None:
    caller = Caller(build_service(clock=clock, sessions=101))
    answer = caller.json("query", SESSIONS)
    assert len(answer["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"]) == 100
    assert answer["PagingInfo"]["PagesCount"] == 2


@pytest.mark.parametrize(("api", "encoded"), [("v12", "%3d%3d"), ("v13", "%3D%3D")])
def test_page_links_echo_the_query(api: Api, encoded: str, clock: SteppedClock) -> None:
    caller = Caller(build_service(clock=clock, api=api))
    root = caller.xml("query", f"{SESSIONS}&filter=State==Stopped&pageSize=5&page=2")
    hrefs = {
        link.attrib["Rel"]: link.attrib["Href"]
        for link in root.iter("{http://www.veeam.com/ent/v1.0}Link")
        if link.attrib["Rel"] in {"First", "Previous", "Next", "Last"}
    }
    assert set(hrefs) == {"First", "Previous", "Next", "Last"}
    given = parse_qs(urlsplit(hrefs["Next"]).query)
    assert given["page"] == ["3"]
    assert given["filter"] == ["State==Stopped"]
    assert encoded in hrefs["Next"]


def test_without_entities_there_are_references_without_a_state(caller: Caller) -> None:
    answer = caller.json("query", "type=cloudfailoversession&pageSize=3")
    assert answer["Entities"] is None
    assert len(answer["Refs"]["Refs"]) == 3
    assert "State" not in answer["Refs"]["Refs"][0]


def test_points_are_found_by_vm(caller: Caller) -> None:
    query = "type=CloudVmReplicaPoint&format=Entities&sortDesc=CreationTime&filter=VmName==sql02"
    points = caller.json("query", query)["Entities"]["CloudVmReplicaPoints"]["CloudReplicas"]
    assert {point["VmDisplayName"] for point in points} == {"sql02"}
    times = [point["CreationTimeUTC"] for point in points]
    assert len(times) >= 3
    assert times == sorted(times, reverse=True)
    state = caller.json("query", f"{query};State==Failback")["Entities"]["CloudVmReplicaPoints"]
    assert state == {"CloudReplicas": None}


def test_plans_are_found_by_name_and_one_name_is_ambiguous(caller: Caller) -> None:
    query = 'type=CloudFailoverPlan&format=Entities&filter=Name=="Full site failover"'
    plans = caller.json("query", query)["Entities"]["CloudFailoverPlans"]["CloudFailoverPlans"]
    assert len({plan["TenantUid"] for plan in plans}) == 2
    own = caller.service.world.featured.plan
    query = f'type=CloudFailoverPlan&format=Entities&filter=CloudTenantName=="{own.tenant}"'
    plans = caller.json("query", query)["Entities"]["CloudFailoverPlans"]["CloudFailoverPlans"]
    (plan,) = [plan for plan in plans if plan["Name"] == own.name]
    vms = plan["CloudFailoverPlanInfo"]["Includes"]["CloudFailoverPlanVms"]
    assert [(vm["Order"], vm["Name"]) for vm in vms] == list(enumerate(own.vms))


def test_sessions_in_lists_carry_no_tasks(caller: Caller) -> None:
    assert sessions(caller)[0]["CloudFailoverTasks"] == {"CloudFailoverTasks": None}


def test_the_plain_list_reaches_back_thirty_days(caller: Caller) -> None:
    recent = caller.json("cloud/failoverSessions", "format=Entity")["CloudFailoverSessions"]
    condition = "CreationTime>=2026-02-12T13:50:00"
    assert [row["UID"] for row in recent] == [row["UID"] for row in sessions(caller, condition)]
    assert 2 < len(recent) < 60
    assert len(caller.json("cloud/failoverSessions")["Refs"]) == len(recent)


@pytest.mark.parametrize("count", [51, 3_000, 200_000])
def test_a_filter_that_is_nested_without_end_is_answered(count: int) -> None:
    with pytest.raises(BadFilter):
        parse("(" * count, {})
