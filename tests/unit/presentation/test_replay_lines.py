from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at
from tui.errors import InvalidInput
from tui.monitor.replay_marks import Marks
from tui.monitor.replayed_session import Playback
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length, plain_text
from tui.presentation.replay_lines import how_it_plays, parse_moment, replay_bar

MARKS = Marks((60.0, 120.0), (60.0,), ((200.0, 400.0),), complete=True)


def playback(seconds: float = 0.0, *, playing: bool = True, marks: Marks = MARKS) -> Playback:
    return Playback(seconds, seconds, 600.0, 60, playing, marks)


def bar(width: int, seconds: float = 0.0, glyphs: Glyphs = UNICODE, marks: Marks = MARKS) -> str:
    line = replay_bar(playback(seconds, marks=marks), at(0), at(10), width, glyphs)
    assert length(line) == width
    return plain_text(line)


def test_how_it_plays() -> None:
    assert how_it_plays(playback()) == "60x"
    assert how_it_plays(playback(playing=False)) == "paused"
    assert how_it_plays(Playback(0.0, 50.0, 600.0, 60, False, MARKS)) == "seeking"


def test_the_bar_shows_where_one_is_and_what_lies_where() -> None:
    line = bar(100, 300.0)
    assert line.startswith(" 13:50:00 ")
    assert line.rstrip().endswith("14:00:00  1 failure, 1 gap")
    track = line.split(" 13:50:00 ")[1].split(" 14:00:00")[0]
    assert track.index("✘") == pytest.approx(len(track) * 0.1, abs=1)
    assert track.index("┃") == pytest.approx(len(track) * 0.5, abs=1)
    assert track.index("╌") == pytest.approx(len(track) / 3, abs=1)


def test_what_has_no_room_goes_and_the_bar_stays() -> None:
    assert "failure" not in bar(50)
    assert "13:50" in bar(50)
    assert "13:50" not in bar(36)
    assert bar(36).count("┃") == 1
    assert bar(36, glyphs=ASCII).isascii()


def test_as_long_as_it_is_looked_through_no_number_is_claimed() -> None:
    assert "looking for failures" in bar(100, marks=Marks())
    assert "no failures, no gaps" in bar(100, marks=Marks(complete=True))


@given(st.integers(1, 250), st.floats(0, 600), st.booleans())
def test_it_fits_every_width(width: int, seconds: float, is_ascii: bool) -> None:
    bar(width, seconds, ASCII if is_ascii else UNICODE)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("13:52", 2),
        ("13:52:30", 2.5),
        ("2026-11-23 13:53", 3),
        ("2026-11-23T13:53:00Z", 3),
        ("2026-11-23T14:53:00+01:00", 3),
        (" 13:50 ", 0),
    ],
)
def test_a_moment_is_typed_in_many_ways(typed: str, minutes: float) -> None:
    assert parse_moment(typed, at(0), at(10)) == at(minutes)


def test_over_midnight_the_first_such_moment_is_meant() -> None:
    assert parse_moment("00:10", at(0), at(900)) == at(0).replace(hour=0, minute=10) + timedelta(1)


def test_seconds_that_are_not_shown_keep_nobody_from_the_begin() -> None:
    begin = at(0) + timedelta(milliseconds=700)
    assert parse_moment("13:50:00", begin, at(10)) == begin


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "13:61", "9999-99-99", "14:30", "2020-01-01"]
)
def test_what_is_no_moment_of_it_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_moment(typed, at(0), at(10))


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_moment_within_or_a_sentence(typed: str) -> None:
    try:
        found = parse_moment(typed, at(0), at(10))
    except InvalidInput:
        return
    assert at(0) <= found <= at(10)


def test_a_zone_far_off_is_understood() -> None:
    east = timezone(timedelta(hours=14))
    said = at(5).astimezone(east).isoformat()
    assert parse_moment(said, at(0), at(10)) == at(5)
    assert isinstance(said, str)
    assert datetime.fromisoformat(said) == at(5)
