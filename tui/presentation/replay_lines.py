"""What a replay says of itself: that it is one, where one is in it, and what lies where."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tui.errors import InvalidInput
from tui.monitor.replayed_session import Playback
from tui.presentation import times
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, fit_line, length

MARK: Final = "REPLAY"
ONLY_SHOWS: Final = "A replay only shows: nothing is asked, noted or kept."

_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_LEAST_BAR: Final = 24
_WIDE: Final = 100


def how_it_plays(playback: Playback) -> str:
    """`60x`, `paused`, or `seeking` as long as the wanted moment is not reached."""
    if playback.is_on_its_way:
        return "seeking"
    return f"{playback.speed}x" if playback.playing else "paused"


def replay_bar(
    playback: Playback, begin: datetime, end: datetime, width: int, glyphs: Glyphs
) -> Line:
    """`13:50:02 ━━━✘━━┃──╌╌──✘── 14:32:10  2 failures, 1 gap`: the head, failures, gaps.

    `begin` and `end` by the server's clock. What has no room goes: the counts, the times.
    """
    near = begin if width >= _WIDE else end
    first: Span = (f" {times.utc_clock(begin, end)} ", "dim")
    last: Span = (f" {times.utc_clock(end, near)} ", "dim")
    counts: Span = (f" {_counts(playback)} ", "dim")
    for before, after in (
        ([first], [last, counts]),
        ([first], [last]),
        ([(f" {times.utc_time(begin)} ", "dim")], [(f" {times.utc_time(end)} ", "dim")]),
        ([(" ", "")], [(" ", "")]),
    ):
        room = width - length(before) - length(after)
        if room >= _LEAST_BAR:
            break
    spans: list[Span] = [*before, *_bar(playback, max(1, room), glyphs), *after]
    return fit_line(spans, width, glyphs)


def _counts(playback: Playback) -> str:
    marks = playback.marks
    if not marks.complete:
        return "looking for failures"
    return f"{_number(len(marks.failures), 'failure')}, {_number(len(marks.gaps), 'gap')}"


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _bar(playback: Playback, width: int, glyphs: Glyphs) -> list[Span]:
    """Neighbouring cells of one style in one span."""

    def cell(seconds: float) -> int:
        share = seconds / playback.end if playback.end > 0 else 0.0
        return max(0, min(width - 1, int(share * width)))

    head = cell(playback.wanted)
    done: Span = (glyphs.bar_full, "title")
    cells: list[Span] = [
        done if place < head else (glyphs.bar_track, "track") for place in range(width)
    ]
    for begin, end in playback.marks.gaps:
        for place in range(cell(begin), cell(end) + 1):
            cells[place] = (":" if glyphs.is_ascii else "╌", "warning")
    for moment in playback.marks.failures:
        cells[cell(moment)] = (glyphs.cross, "failed")
    cells[head] = ("|" if glyphs.is_ascii else "┃", "note")
    spans: list[Span] = []
    for text, token in cells:
        if spans and spans[-1][1] == token:
            spans[-1] = (spans[-1][0] + text, token)
        else:
            spans.append((text, token))
    return spans


def parse_moment(text: str, begin: datetime, end: datetime) -> datetime:
    """`14:03`, `14:03:22` (UTC, the first one in the recording) or an ISO moment.

    A moment without a zone is UTC. Raises InvalidInput for other text, and for a moment
    that is not between `begin` and `end`.
    """
    moment = _moment(text.strip(), begin)
    if not begin - timedelta(seconds=1) <= moment <= end + timedelta(seconds=1):
        raise InvalidInput(
            f"{times.utc_stamp(moment)} UTC is not in the recording.",
            f"It goes from {times.utc_stamp(begin)} to {times.utc_stamp(end)}.",
        )
    return min(end, max(begin, moment))


def _moment(text: str, begin: datetime) -> datetime:
    clock = _CLOCK.fullmatch(text)
    try:
        if clock is None:
            said = datetime.fromisoformat(text)
            return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
        hour, minute, second = clock.groups()
        # To the second: what is shown as the begin is within the recording.
        first = begin.astimezone(UTC).replace(microsecond=0)
        moment = first.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
        return moment if moment >= first else moment + timedelta(days=1)
    except (ValueError, OverflowError):
        raise InvalidInput(
            "That is no time.", "Type 14:03, 14:03:22 or 2026-03-14 14:03:22, in UTC."
        ) from None
