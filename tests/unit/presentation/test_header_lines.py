from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import START
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, plain
from tui.monitor.clock import Freshness
from tui.monitor.trouble import Trouble
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.header_lines import (
    Place,
    PollStatus,
    freshness_spans,
    header_line,
    trouble_lines,
)
from tui.presentation.line import length

PLACE = Place("vbem01", "NOC\\jdoe")
LIVE = PollStatus(Freshness(3.2, stale=False), 5.0)
DOWN = Trouble("TimedOut", "em01 did not answer within 15 seconds.", "Is the VPN up?")


def header(place: Place = PLACE, poll: PollStatus = LIVE, width: int = 80) -> str:
    return plain(header_line(place, START, poll, width, UNICODE))


def said(poll: PollStatus) -> str:
    return plain(tuple(freshness_spans(poll, UNICODE)))


def test_where_who_read_only_what_time_and_how_fresh() -> None:
    shown = header()
    assert shown.startswith(" vbem01  RO  NOC\\jdoe ")
    assert "13:50:00 UTC" in shown
    assert shown.endswith("● live 3 s, every 5 s ")


def test_the_user_gives_way_on_a_narrow_terminal_the_rest_stays() -> None:
    shown = header(width=50)
    assert "jdoe" not in shown
    assert "RO" in shown
    assert "live 3 s" in shown


def test_an_unsafe_connection_is_said_all_the_time() -> None:
    assert "HTTP, not encrypted" in header(Place("em", "u", plain_http=True), width=120)


@pytest.mark.parametrize("width", range(24, 121))
@pytest.mark.parametrize("profile", [None, "PRODUCTION"])
def test_read_only_and_unsafe_are_the_last_to_go(width: int, profile: str | None) -> None:
    place = Place("vbem01.example.com", "NOC\\jdoe", plain_http=True, profile=profile)
    skewed = PollStatus(LIVE.freshness, 5.0, skew=timedelta(seconds=-92))
    for poll in (LIVE, skewed):
        shown = header(place, poll, width)
        words = shown.split()
        assert {"RO", "HTTP"} <= {word.rstrip(",") for word in words}


@pytest.mark.parametrize("width", range(36, 60))
@pytest.mark.parametrize(
    "poll", [LIVE, PollStatus(Freshness(3601, stale=True), 5.0)], ids=["live", "stale"]
)
def test_a_phone_has_server_mark_clock_and_age(width: int, poll: PollStatus) -> None:
    shown = header(Place("vbem01", "demo", profile="DEMO"), poll, width)
    for part in ("RO", "DEMO", "vbem01"[:2]):
        assert part in shown
    assert re.search("live 3 ?s|STALE 1 ?h", shown)
    if poll is LIVE or width > 41:
        assert re.search(r"\d\d:\d\d:\d\d", shown), "the clock"


def test_a_profile_has_a_banner() -> None:
    line = header_line(Place("em", "u", profile="PRODUCTION"), START, LIVE, 80, UNICODE)
    assert (" PRODUCTION ", "banner") in line


def test_a_skewed_server_clock_is_shown() -> None:
    poll = PollStatus(LIVE.freshness, 5.0, skew=timedelta(seconds=-92))
    assert "server clock -1 min 32 s" in header(poll=poll, width=100)


@pytest.mark.parametrize(
    ("poll", "text"),
    [
        (PollStatus(Freshness(None, stale=True), 5.0), "no data yet"),
        (PollStatus(Freshness(92, stale=True), 5.0), "✘ STALE 1 min 32 s old"),
        (PollStatus(Freshness(7, stale=False), 5.0, trouble=DOWN), "✘ STALE 7 s old"),
        (PollStatus(Freshness(70, stale=True), 5.0, paused=True), "PAUSED, data 1 min 10 s old"),
        (LIVE, "● live 3 s, every 5 s"),
    ],
)
def test_old_data_never_says_live(poll: PollStatus, text: str) -> None:
    assert said(poll) == text


def test_no_trouble_takes_no_line() -> None:
    assert trouble_lines(LIVE, 80, UNICODE) == []


def test_trouble_says_why_and_when_the_next_try_is() -> None:
    poll = PollStatus(Freshness(30, stale=True), 5.0, trouble=DOWN, next_try=12.9)
    (line,) = trouble_lines(poll, 100, UNICODE)
    assert plain(line).startswith(" ✘ em01 did not answer within 15 seconds.")
    assert plain(line).endswith("next try in 12 s, r tries now ")


def test_paused_there_is_no_next_try_but_one_that_a_person_asks_for() -> None:
    poll = PollStatus(Freshness(30, stale=True), 5.0, paused=True, trouble=DOWN, next_try=-3.0)
    (line,) = trouble_lines(poll, 100, UNICODE)
    assert plain(line).endswith("  paused: p goes on, r tries now ")
    asking = replace(poll, waiting=2.0)
    (line,) = trouble_lines(asking, 100, UNICODE)
    assert plain(line).endswith("  asked 2 s ago, r asks anew ")


def test_before_any_data_the_remedy_is_shown_too() -> None:
    poll = PollStatus(Freshness(None, stale=True), 5.0, trouble=DOWN, next_try=-1.0)
    first, second = trouble_lines(poll, 100, UNICODE)
    assert "next try in 0 s" in plain(first)
    assert plain(second).strip() == "Is the VPN up?"


def test_a_silent_server_is_said_with_the_age_of_the_question() -> None:
    silent = PollStatus(Freshness(9, stale=False), 5.0, waiting=12.4)
    (line,) = trouble_lines(silent, 80, UNICODE)
    assert plain(line).startswith(" ⚠ The server was asked 12 s ago and is silent ")
    assert plain(line).endswith("  r asks anew ")
    poll = PollStatus(Freshness(30, stale=True), 5.0, trouble=DOWN, next_try=-12.0, waiting=12.0)
    (line,) = trouble_lines(poll, 100, UNICODE)
    assert plain(line).endswith("  asked 12 s ago, r asks anew ")


def test_refused_credentials_wait_for_a_person_instead_of_a_next_try() -> None:
    refused = Trouble("WrongCredentials", "Wrong user or password.", needs_logon=True)
    (line,) = trouble_lines(
        PollStatus(Freshness(9, stale=False), 5.0, trouble=refused), 80, UNICODE
    )
    assert "l logs on again" in plain(line)
    assert "next try" not in plain(line)


@given(OUTSIDE, OUTSIDE, OUTSIDE, st.integers(20, 200), st.sampled_from([UNICODE, ASCII]))
def test_any_names_and_sentences_fill_the_width_exactly(
    server: str, user: str, sentence: str, width: int, glyphs: Glyphs
) -> None:
    poll = PollStatus(Freshness(None, stale=True), 5.0, trouble=Trouble("x", sentence, server))
    lines = [
        header_line(Place(server, user, profile=user or None), START, poll, width, glyphs),
        *trouble_lines(poll, width, glyphs),
    ]
    assert {length(line) for line in lines} == {width}
    assert all(plain(line).isprintable() for line in lines)


@pytest.mark.parametrize("due", [None, 0.0, 7.0, 130.0])
def test_the_next_try_is_as_far_as_it_is_due(due: float | None) -> None:
    state = replace(EMPTY, next_poll_at=due, interval=5.0)
    found = PollStatus.of(state, 100.0)
    assert found.next_try == (None if due is None else due - 100.0)
    assert found.waiting is None
    assert PollStatus.of(replace(state, asked_at=96.5), 100.0).waiting == 3.5
    assert PollStatus.of(replace(state, asked_at=101.0), 100.0).waiting == 0.0


@pytest.mark.parametrize(
    ("poll", "text", "brief"),
    [
        (PollStatus(Freshness(None, stale=True), 5.0), "no data yet", "no data"),
        (PollStatus(Freshness(70, stale=True), 5.0, paused=True),
         "PAUSED, data 1 min 10 s old", "PAUSED 1m10s"),
        (PollStatus(Freshness(12, stale=True), 5.0), "✘ STALE 12 s old", "✘ STALE 12s"),
        (LIVE, "● live 3 s, every 5 s", "● live 3s"),
        (replace(LIVE, replay="60x"), "REPLAY 60x, data 3 s old", "REPLAY 60x"),
        (replace(LIVE, replay="60x", freshness=Freshness(None, stale=True)),
         "REPLAY 60x, no data yet", "REPLAY 60x"),
        (replace(LIVE, replay="60x", paused=True),
         "REPLAY 60x, was paused, data 3 s old", "REPLAY 60x"),
        (replace(LIVE, replay="60x", freshness=Freshness(12, stale=True)),
         "REPLAY 60x, STALE 12 s old", "REPLAY 60x"),
        (replace(LIVE, replay="60x", trouble=DOWN), "REPLAY 60x, STALE 3 s old", "REPLAY 60x"),
    ],
)  # fmt: skip
def test_how_fresh_it_is_in_full_and_in_brief(poll: PollStatus, text: str, brief: str) -> None:
    assert said(poll) == text
    assert plain(tuple(freshness_spans(poll, UNICODE, brief=True))) == brief


def test_of_a_recording_nothing_is_live_and_nothing_is_asked_again() -> None:
    replayed = replace(LIVE, replay="60x", waiting=9.0)
    assert "live" not in said(replayed)
    assert trouble_lines(replayed, 80, UNICODE) == []
    lost = replace(replayed, trouble=DOWN, next_try=3.0, freshness=Freshness(None, stale=True))
    lines = [plain(line) for line in trouble_lines(lost, 100, UNICODE)]
    assert [line.rstrip() for line in lines] == [" ✘ em01 did not answer within 15 seconds."]


@pytest.mark.parametrize(("width", "said"), [(99, "  clock +5 s"), (100, "  server clock +5 s")])
def test_whose_clock_it_is_is_said_where_there_is_room(width: int, said: str) -> None:
    shown = header(poll=replace(LIVE, skew=timedelta(seconds=5)), width=width)
    assert said in shown
    assert "clock" not in header(width=width)


def test_what_gives_way_in_the_header_first_and_what_last() -> None:
    place = Place("vbem01", "NOC\\jdoe", plain_http=True, profile="PROD")
    lost: list[str] = []
    parts = {
        "user": "jdoe", "not encrypted": "not encrypted", "interval": "every 5 s",
        "UTC": "UTC", "clock": "13:50:00", "profile": "PROD", "live": "live", "RO": "RO",
    }  # fmt: skip
    for width in range(120, 8, -1):
        shown = header(place, LIVE, width)
        assert len(shown) == width
        lost += [name for name, part in parts.items() if part not in shown and name not in lost]
    assert lost[:7] == [
        "user", "not encrypted", "interval", "UTC", "clock", "profile", "live",
    ]  # fmt: skip


def test_a_reason_that_just_fits_beside_the_next_try_has_one_line() -> None:
    tail = "  next try in 59 min 59 s, r tries now "
    for more, lines in ((0, 1), (1, 2)):
        sentence = "x" * (100 - len(tail) - len("✘ ") - 1 + more)
        trouble = Trouble("x", sentence)
        poll = PollStatus(Freshness(30, stale=True), 5.0, trouble=trouble, next_try=7.0)
        shown = trouble_lines(poll, 100, UNICODE)
        assert len(shown) == lines
        assert sentence in plain(shown[0])


def test_a_long_reason_is_told_in_six_lines_and_the_next_try_below() -> None:
    for words, count in ((3, 4), (6, 7), (9, 7)):
        trouble = Trouble("x", " ".join(["y" * 34] * words))
        poll = PollStatus(Freshness(30, stale=True), 5.0, trouble=trouble, next_try=7.0)
        lines = [plain(line) for line in trouble_lines(poll, 40, UNICODE)]
        assert len(lines) == count
        assert lines[0].startswith(" ✘ y")
        assert all(line.startswith("   y") for line in lines[1:-1])
        assert lines[-1].endswith("  next try in 7 s, r tries now ")


def test_what_to_do_about_a_certificate_is_said_always_and_about_others_without_data() -> None:
    def remedy(trouble: Trouble, age: float | None) -> bool:
        poll = PollStatus(Freshness(age, stale=True), 5.0, trouble=trouble)
        return any("Is the VPN up?" in plain(line) for line in trouble_lines(poll, 100, UNICODE))

    assert remedy(DOWN, None)
    assert not remedy(DOWN, 30)
    assert remedy(replace(DOWN, about_certificate=True), 30)
    acceptable = replace(DOWN, about_certificate=True, acceptable=True)
    poll = PollStatus(Freshness(30, stale=True), 5.0, trouble=acceptable)
    text = " ".join(" ".join(map(plain, trouble_lines(poll, 100, UNICODE))).split())
    assert text.endswith("Is the VPN up? Log off (: then Log off) and on again, to see it in full"
                         " and accept it.")  # fmt: skip
