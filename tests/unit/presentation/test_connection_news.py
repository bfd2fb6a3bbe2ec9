"""One outage of the connection is one pair of lines; what waits for a person is told besides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.making import at, session
from tests.support.states import EMPTY, state
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble
from tui.presentation.connection_news import ConnectionNews
from tui.presentation.happening import Happening

RUNNING = state(session())
SLOW = Trouble("TimedOut", "Too slow.", "Look at the line.", since=10.0)
GONE = Trouble("Unreachable", "Nobody answers.", since=10.0)
REFUSED = Trouble("NoPermission", "May not read it.", since=10.0, needs_person=True)


def lost(trouble: Trouble, of: Snapshot = RUNNING) -> Snapshot:
    return replace(of, trouble=trouble)


def told(news: ConnectionNews, snapshot: Snapshot, monotonic: float = 0.0) -> list[tuple[str, str]]:
    return [(each.what, each.message or "") for each in news.lines(snapshot, monotonic, at(5))]


def test_while_all_is_well_nothing_is_told() -> None:
    news = ConnectionNews()
    assert told(news, EMPTY) == []
    assert told(news, RUNNING) == []


def test_an_outage_is_told_with_what_to_do_and_its_end_with_how_long_it_took() -> None:
    news = ConnectionNews()
    assert told(news, lost(SLOW)) == [("connection lost", "Too slow. Look at the line.")]
    back = news.lines(RUNNING, 102.0, at(5))
    lasted = timedelta(seconds=92)
    assert back == [Happening(at(5), "connection back", None, "after 1 min 32 s", lasted=lasted)]
    assert told(news, RUNNING) == []


def test_a_clock_that_went_back_makes_no_negative_time() -> None:
    news = ConnectionNews()
    told(news, lost(SLOW))
    (back,) = news.lines(RUNNING, 3.0, at(5))
    assert (back.message, back.lasted) == ("after 0 s", timedelta())


def test_whatever_each_try_dies_of_it_is_one_outage() -> None:
    news = ConnectionNews()
    assert told(news, lost(SLOW)) != []
    assert told(news, lost(GONE)) == []
    assert told(news, lost(SLOW)) == []


def test_what_waits_for_a_person_is_told_within_an_outage_once() -> None:
    news = ConnectionNews()
    told(news, lost(SLOW))
    assert told(news, lost(REFUSED)) == [("refused", "May not read it.")]
    assert told(news, lost(SLOW)) == []
    assert told(news, lost(REFUSED)) == []


def test_the_next_outage_is_told_again() -> None:
    news = ConnectionNews()
    told(news, lost(SLOW))
    told(news, RUNNING)
    assert told(news, lost(SLOW)) == [("connection lost", "Too slow. Look at the line.")]


def test_before_any_data_each_reason_is_told_once_and_not_as_a_loss() -> None:
    news = ConnectionNews()
    assert told(news, lost(SLOW, EMPTY)) == [("no data yet", "Too slow. Look at the line.")]
    assert told(news, lost(SLOW, EMPTY)) == []
    assert told(news, lost(GONE, EMPTY)) == [("no data yet", "Nobody answers.")]
    assert told(news, lost(REFUSED, EMPTY)) == [("no data yet", "May not read it.")]
    # The trouble is over, yet nothing has come: nothing is back.
    assert told(news, EMPTY) == []
