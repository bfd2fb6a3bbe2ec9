from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.fake_clock import START, FakeClock
from tests.support.making import SESSION_ID, at, session, stopped
from tui.analysis.assessing import assess
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    ConnectionRefused,
    FailoverMonitorError,
    NoCloudConnect,
    NoPermission,
    NotFound,
    ServerBusy,
    ServerCertificate,
    TimedOut,
    WrongCredentials,
)
from tui.monitor.clock import ServerClock
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble

EMPTY = Snapshot(SESSION_ID)
BY_PERSON = {"needs_person", "about_certificate"}
SHOWN = ServerCertificate("em01", 9398, "CN=em01", "CN=em01", START, START, "ab" * 32, "PEM")
RUNNING = replace(EMPTY, session=session(), assessment=assess(session()))


@pytest.mark.parametrize(
    ("interval", "age", "stale"), [(5.0, 10.0, False), (5.0, 10.1, True), (60.0, 119.0, False)]
)
def test_stale_is_older_than_twice_the_interval(interval: float, age: float, stale: bool) -> None:
    state = replace(EMPTY, interval=interval, fetched_at=100.0)
    assert state.freshness(100.0 + age).stale is stale


def test_without_data_there_is_no_age_and_nothing_is_fresh() -> None:
    assert EMPTY.freshness(1e9).age is None
    assert EMPTY.freshness(1e9).stale


def test_an_age_is_never_negative() -> None:
    assert replace(EMPTY, fetched_at=100.0).freshness(99.0).age == 0.0


def test_one_trouble_goes_on_over_several_failures_of_different_kinds() -> None:
    first = Trouble.of(ConnectionRefused("refused"), None, 10.0)
    second = Trouble.of(TimedOut("slow", "wait"), first, 20.0)
    assert (second.kind, second.sentence, second.remedy) == ("TimedOut", "slow", "wait")
    assert (second.failures, second.since) == (2, 10.0)


@pytest.mark.parametrize(
    ("error", "needed"), [(WrongCredentials("no"), True), (TimedOut("slow"), False)]
)
def test_only_refused_credentials_need_a_logon(
    error: WrongCredentials | TimedOut, needed: bool
) -> None:
    assert Trouble.of(error, None, 0.0).needs_logon is needed


def test_elapsed_runs_to_now_while_running_and_stands_still_afterwards() -> None:
    assert RUNNING.elapsed(at(7)) == timedelta(minutes=7)
    over = replace(EMPTY, session=stopped(), assessment=assess(stopped()))
    assert over.elapsed(at(500)) == timedelta(minutes=10)


def test_elapsed_is_unknown_without_a_session_a_start_or_an_end() -> None:
    assert EMPTY.elapsed(at(7)) is None
    no_start = session(created=None)
    assert replace(EMPTY, session=no_start, assessment=assess(no_start)).elapsed(at(7)) is None
    no_end = session(state="Stopped", result="Success")
    assert replace(EMPTY, session=no_end, assessment=assess(no_end)).elapsed(at(7)) is None


def test_the_servers_clock_decides_and_this_machines_stands_in() -> None:
    clock = FakeClock()
    assert EMPTY.server_now(clock.monotonic(), clock.now()) == START
    known = ServerClock.read(None, at(90), clock)
    state = replace(EMPTY, server_clock=known)
    assert state.server_now(clock.monotonic() + 60, START) == at(91)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimedOut("slow"), set()),
        (ServerBusy("busy", retry_after=3.0), set()),
        (WrongCredentials("no"), {"needs_logon"}),
        (NoPermission("no"), {"needs_person", "hopeless"}),
        (NoCloudConnect("no"), {"needs_person", "hopeless"}),
        (NotFound("no"), {"needs_person", "not_found"}),
        (
            CertificateUnknown("new", None, SHOWN),
            {"needs_person", "about_certificate", "acceptable"},
        ),
        (
            CertificateChanged("other", None, SHOWN, "cd" * 32),
            {"needs_person", "about_certificate"},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_trouble_says_what_it_is(error: FailoverMonitorError, said: set[str]) -> None:
    trouble = Trouble.of(error, None, 0.0)
    found = {name for name, value in vars(trouble).items() if value is True}
    assert found == said
    assert trouble.retry_after == (3.0 if isinstance(error, ServerBusy) else None)


def test_before_anything_was_seen_it_is_followed_and_claims_nothing() -> None:
    assert EMPTY.followed
    assert not EMPTY.over
    assert not EMPTY.watched
    assert not EMPTY.paused
    assert EMPTY.elapsed(at(5)) is None
    assert (EMPTY.polls, EMPTY.alarms) == (0, 0)
    assert EMPTY.unacknowledged == ()
    assert EMPTY.comparison is None
    assert EMPTY.gone_on_by is None
