from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.fake_source import FakeSource
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession
from tui.errors import (
    AmbiguousSession,
    InvalidSessionId,
    NoPermission,
    NotFound,
)
from tui.monitor import selecting
from tui.monitor.selecting import Selector, Which, find_session, parse_selection

GUID = "4347c445-c6a7-418a-877c-9d39b77a8933"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def listed(
    number: int, *, running: bool = False, plan: str = "ABC", server: str = "vbr01"
) -> FailoverSession:
    """The lower the number, the newer."""
    created = NOON - timedelta(hours=number)
    return FailoverSession(
        id=f"4347c445-{number:04x}-418a-877c-9d39b77a8933",
        name=plan,
        plan_name=plan,
        backup_server=server,
        created=created,
        ended=None if running else created + timedelta(minutes=5),
        state="Working" if running else "Stopped",
        result="None" if running else "Success",
    )


def listing_of(*sessions: FailoverSession) -> FakeSource:
    """A server's list, two sessions a page."""
    source = FakeSource()
    source.listed = list(sessions)
    source.page_size = 2
    return source


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (GUID, GUID),
        (f"{{{GUID.upper()}}}", GUID),
        (GUID.replace("-", ""), GUID),
        (f'"{{{GUID.replace("-", "").upper()}}}"', GUID),
        (f"urn:veeam:CloudFailoverSession:{GUID}", GUID),
        (f"https://em01:9398/api/cloud/failoverSessions/{GUID}?format=Entity", GUID),
        ("4347", Selector(Which.PREFIX, "4347")),
        ("4347C445c6", Selector(Which.PREFIX, "4347c445-c6")),
        ("4347c445-c6a7-418a-877c-9d39b77a893", Selector(Which.PREFIX, GUID[:-1])),
        (" latest ", Selector(Which.LATEST)),
        ("Running", Selector(Which.RUNNING)),
        ("plan: ABC Company ", Selector(Which.PLAN, "ABC Company")),
        ('PLAN:"ABC"', Selector(Which.PLAN, "ABC")),
    ],
)
def test_what_a_person_types(text: str, meant: str | Selector) -> None:
    assert parse_selection(text) == meant


@pytest.mark.parametrize(
    "text", ["", "434", "newest", "plan:", "xyz1", "4347-zz", f"{GUID}0"[:5] + "g"]
)
def test_what_means_no_session(text: str) -> None:
    with pytest.raises(InvalidSessionId):
        parse_selection(text)


async def test_the_latest_costs_one_question() -> None:
    listing = listing_of(*(listed(number) for number in range(6)))
    assert (await find_session(listing, Selector(Which.LATEST))).id == listed(0).id
    assert listing.asked == {"page": 1}


async def test_the_running_one_is_looked_for_beyond_the_first_page() -> None:
    listing = listing_of(listed(0), listed(1), listed(2), listed(3, running=True))
    assert (await find_session(listing, Selector(Which.RUNNING))).id == listed(3).id


async def test_two_running_ones_are_listed_newest_first() -> None:
    listing = listing_of(listed(0), listed(1, running=True), listed(2, running=True))
    with pytest.raises(AmbiguousSession, match="2 sessions are running") as told:
        await find_session(listing, Selector(Which.RUNNING))
    assert [each.id for each in _sessions(told.value)] == [listed(1).id, listed(2).id]


async def test_a_beginning_that_only_one_id_has() -> None:
    listing = listing_of(*(listed(number) for number in range(5)))
    wanted = parse_selection("4347c445-0003")
    assert isinstance(wanted, Selector)
    assert (await find_session(listing, wanted)).id == listed(3).id
    with pytest.raises(AmbiguousSession, match="5 session IDs begin with 4347"):
        await find_session(listing, Selector(Which.PREFIX, "4347"))


async def test_a_session_listed_twice_is_one() -> None:
    listing = listing_of(listed(0), listed(1), listed(1), listed(2))
    wanted = Selector(Which.PREFIX, "4347c445-0001")
    assert (await find_session(listing, wanted)).id == listed(1).id


async def test_the_newest_of_a_plan() -> None:
    listing = listing_of(listed(0, plan="XYZ"), listed(1), listed(2))
    assert (await find_session(listing, Selector(Which.PLAN, "abc"))).id == listed(1).id


async def test_plans_of_one_name_on_two_servers_are_two_plans() -> None:
    listing = listing_of(listed(0), listed(1, server="vbr02"), listed(2))
    with pytest.raises(AmbiguousSession, match="2 backup servers") as told:
        await find_session(listing, Selector(Which.PLAN, "ABC"))
    assert [each.id for each in _sessions(told.value)] == [listed(0).id, listed(1).id]


async def test_two_tenants_plans_of_one_name_are_two_plans_though_sessions_do_not_tell() -> None:
    listing = listing_of(*(listed(number) for number in range(12)))
    listing.plans = [
        FailoverPlan(id=tenant, name="ABC", tenant=tenant, backup_server="vbr01")
        for tenant in ("Oakfield", "Meridian")
    ]
    with pytest.raises(AmbiguousSession, match="Meridian, Oakfield") as told:
        await find_session(listing, Selector(Which.PLAN, "ABC"))
    assert [each.id for each in _sessions(told.value)] == [listed(n).id for n in range(10)]


async def test_a_plan_of_that_name_on_another_server_is_no_rival() -> None:
    listing = listing_of(listed(0))
    listing.plans = [
        FailoverPlan(id="1", name="ABC", backup_server="vbr01"),
        FailoverPlan(id="2", name="ABC", backup_server="vbr02"),
    ]
    assert (await find_session(listing, Selector(Which.PLAN, "ABC"))).id == listed(0).id


async def test_plans_that_cannot_be_read_are_no_obstacle() -> None:
    listing = listing_of(listed(0))
    listing.plans = NoPermission("The account may not read plans.")
    assert (await find_session(listing, Selector(Which.PLAN, "ABC"))).id == listed(0).id


@pytest.mark.parametrize("which", Which)
async def test_nothing_found_says_what_was_looked_for(which: Which) -> None:
    with pytest.raises(NotFound) as told:
        await find_session(listing_of(), Selector(which, "4347"))
    assert "failover-monitor list" in told.value.full_text


async def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selecting, "MOST_PAGES", 3)
    listing = listing_of(*(listed(number) for number in range(20)))
    with pytest.raises(NotFound, match="among the newest 300"):
        await find_session(listing, Selector(Which.PREFIX, "ffff"))
    assert listing.asked == {"page": 3}


def _sessions(error: AmbiguousSession) -> Sequence[FailoverSession]:
    return [each for each in error.candidates if isinstance(each, FailoverSession)]
