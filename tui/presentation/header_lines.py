"""The line at the top of every screen: where, who, read-only, what time, how fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from tui.analysis.status import Status
from tui.light import dataclass
from tui.monitor.clock import Freshness, PollState
from tui.monitor.trouble import Trouble
from tui.presentation import times
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, fit_line, length, spread
from tui.presentation.text import cells, shorten_middle, wrap

_MOST_LINES = 6
"""Of a reason: as many as two fingerprints take in 80 columns."""
_ROOM_FOR_TAIL = len("  next try in 59 min 59 s, r tries now ")
"""Kept free beside the reason, so that the lines stay where they are while it counts down."""

_WIDE = 100
_SHORTEST_SERVER = 6


@dataclass(frozen=True)
class Place:
    """Where the program is connected to. `banner` names the profile, in its colour."""

    server: str
    user: str
    plain_http: bool = False
    profile: str | None = None


@dataclass(frozen=True)
class PollStatus:
    """How fresh the data is, in a form that both screens share. Seconds throughout.

    `replay` says how a recording goes on that is shown; None for what is live.
    """

    freshness: Freshness
    interval: float
    paused: bool = False
    trouble: Trouble | None = None
    next_try: float | None = None
    skew: timedelta | None = None
    waiting: float | None = None
    replay: str | None = None

    @classmethod
    def of(
        cls, state: PollState, now: float, *, paused: bool = False, replay: str | None = None
    ) -> PollStatus:
        """The poll of a polled state at that moment of `Clock.monotonic`."""
        clock = state.server_clock
        return cls(
            state.freshness(now),
            state.interval,
            paused,
            state.trouble,
            None if state.next_poll_at is None else state.next_poll_at - now,
            clock.skew if clock is not None and clock.is_skewed else None,
            None if state.asked_at is None else max(0.0, now - state.asked_at),
            replay,
        )

    @property
    def in_seconds(self) -> PollStatus:
        """The same with its times cut to the whole seconds that are shown of them."""
        age, waiting, next_try = self.freshness.age, self.waiting, self.next_try
        return replace(
            self,
            freshness=Freshness(None if age is None else age // 1, self.freshness.stale),
            waiting=None if waiting is None else waiting // 1,
            next_try=None if next_try is None else next_try // 1,
        )


def header_line(
    place: Place, server_now: datetime, poll: PollStatus, width: int, glyphs: Glyphs
) -> Line:
    """Where and who on the left; the time and the freshness on the right."""
    server = glyphs.clean(place.server)
    least = min(_SHORTEST_SERVER, cells(server))
    for banner, marks, right in _arrangements(place, server_now, poll, width, glyphs):
        room = width - length(banner) - length(marks) - length(right)
        if room >= least:
            break
    left = [*banner, (shorten_middle(server, max(0, room), glyphs.ellipsis), "title"), *marks]
    user: list[Span] = [("  " + glyphs.clean(place.user), "dim")]
    if cells(server) + length(user) <= room:
        left += user
    return spread(left, right, width, glyphs)


def _arrangements(
    place: Place, server_now: datetime, poll: PollStatus, width: int, glyphs: Glyphs
) -> Iterator[tuple[list[Span], list[Span], list[Span]]]:
    """What stands before the server's name, the marks after it, and what is on the right.

    What must not be missed keeps its place, the marks to the last: first the server's name
    gives way, then the words of the marks, the interval, blanks and the word UTC, another
    clock, the clock, the profile, the freshness.
    """
    lead: list[Span] = [(" ", "")]
    if place.profile:
        lead += [(f" {glyphs.clean(place.profile)} ", "banner"), (" ", "")]
    time, end = times.utc_time(server_now), (" ", "")
    skew, fresh = _skew(poll, width), freshness_spans(poll, glyphs)
    clock: Span = (f"  {time} UTC  ", "title")
    yield lead, _marks(place), [clock, *skew, *fresh, end]
    brief, tight = _marks(place, brief=True), safety_spans(place)
    yield lead, brief, [clock, *skew, *fresh, end]
    yield lead, brief, [clock, *skew, *fresh[:2], end]
    yield lead, tight, [(f" {time} UTC ", "title"), *skew, *fresh[:2], end]
    age = freshness_spans(poll, glyphs, brief=True)
    yield lead, tight, [(f" {time} ", "title"), *age, end]
    yield lead, tight, [(f" {time} ", "title"), *age]
    yield lead[1:], tight, [(f" {time} ", "title"), *age]
    yield lead[1:], tight, [(" ", ""), *age]
    yield [], tight, [(" ", ""), *age]
    yield [], tight, []


def _marks(place: Place, *, brief: bool = False) -> list[Span]:
    """Read-only, and in what way the connection is unsafe."""
    marks: list[Span] = [("  RO", "note")]
    if place.plain_http:
        marks.append(("  HTTP" if brief else "  HTTP, not encrypted", "warning"))
    return marks


def safety_spans(place: Place) -> list[Span]:
    """The marks where there is no header: a terminal of a few lines."""
    return [(text.replace("  ", " ", 1), token) for text, token in _marks(place, brief=True)]


def _skew(poll: PollStatus, width: int) -> list[Span]:
    if poll.skew is None:
        return []
    whose = "server clock" if width >= _WIDE else "clock"
    return [(f"{whose} {times.signed(poll.skew)}  ", "warning")]


def freshness_spans(poll: PollStatus, glyphs: Glyphs, *, brief: bool = False) -> list[Span]:
    """`● live 3 s, every 5 s`, `PAUSED, data 1 min 10 s old`, `STALE 12 s old`, `no data yet`.

    Where `brief`: `● live 3s`, `PAUSED 1m10s`, `STALE 12s`, `no data`. Of a recording
    `REPLAY 60x, data 3 s old` and `REPLAY 60x`: nothing of it is said to be live.
    """
    seconds = poll.freshness.age
    if poll.replay is not None:
        mark: Span = (f"REPLAY {poll.replay}", "warning")
        return [mark] if brief else [mark, *_replayed(poll)]
    if seconds is None:
        return [("no data" if brief else "no data yet", "warning" if poll.trouble else "dim")]
    age = times.narrow(timedelta(seconds=seconds)) if brief else times.age(seconds)
    if poll.paused:
        return [(f"PAUSED {age}" if brief else f"PAUSED, data {age} old", "warning")]
    if poll.freshness.stale or poll.trouble:
        return [(f"{glyphs.cross} STALE {age}{'' if brief else ' old'}", "failed")]
    live: list[Span] = [
        (f"{glyphs.dot} live ", "good"),
        # In the style of the clock before it: a change of style would cost more than the digit.
        (age, "title"),
    ]
    return live if brief else [*live, (f", every {times.age(poll.interval)}", "dim")]


def _replayed(poll: PollStatus) -> list[Span]:
    """How old the data was at that moment of the recording."""
    seconds = poll.freshness.age
    if seconds is None:
        return [(", no data yet", "dim")]
    age = times.age(seconds)
    if poll.paused:
        return [(f", was paused, data {age} old", "title")]
    if poll.freshness.stale or poll.trouble:
        return [(f", STALE {age} old", "failed")]
    return [(f", data {age} old", "title")]


def trouble_lines(poll: PollStatus, width: int, glyphs: Glyphs) -> list[Line]:
    """Why there is no newer data, and when the next try is; empty when all is well.

    One line where the reason fits beside the next try, else as many as it takes, up to
    `_MOST_LINES`. What to do about it is said as long as there is no data to show
    instead, and of a certificate always: time alone mends everything else.
    """
    trouble = poll.trouble
    if trouble is None:
        waiting = poll.waiting if poll.replay is None else None
        return _waiting_lines(waiting, width, glyphs)
    if poll.replay is not None:
        tail = " "  # there is no next try, and no key for one
    elif trouble.needs_logon:
        tail = "  l logs on again "
    elif poll.waiting is not None:
        tail = f"  asked {times.age(poll.waiting)} ago, r asks anew "
    elif poll.paused:
        tail = "  paused: p goes on, r tries now "
    elif poll.next_try is not None:
        tail = f"  next try in {times.age(max(0.0, poll.next_try))}, r tries now "
    else:
        tail = " "
    said = f"{glyphs.cross} {glyphs.clean(trouble.sentence)}"
    if cells(said) + max(cells(tail), _ROOM_FOR_TAIL) < width:
        lines = [spread([(f" {said}", "failed")], [(tail, "dim")], width, glyphs)]
    else:
        lines = _said_in_full(said, tail, width, glyphs)
    if (
        trouble.remedy
        and poll.replay is None
        and (poll.freshness.age is None or trouble.about_certificate)
    ):
        remedy = trouble.remedy + _how_to_accept(trouble)
        for part in wrap(glyphs.clean(remedy), max(1, width - 4))[:_MOST_LINES]:
            lines.append(fit_line([(f"   {part}", "")], width, glyphs))
    return lines


def _said_in_full(said: str, tail: str, width: int, glyphs: Glyphs) -> list[Line]:
    """The reason over several lines, the next try at the end of the last one."""
    parts = wrap(said, max(1, width - 4))
    if len(parts) > _MOST_LINES:
        parts = [*parts[: _MOST_LINES - 1], " ".join(parts[_MOST_LINES - 1 :])]
    lines = [
        fit_line([(f"{'   ' if place else ' '}{part}", "failed")], width, glyphs)
        for place, part in enumerate(parts)
    ]
    last = f"   {parts[-1]}"
    room_for_both = len(parts) > 1 and cells(last) + max(cells(tail), _ROOM_FOR_TAIL) <= width
    before = [(last, "failed")] if room_for_both else []
    return [*lines[: -1 if room_for_both else None], spread(before, [(tail, "dim")], width, glyphs)]


def _how_to_accept(trouble: Trouble) -> str:
    """Only a logon shows a certificate and asks: what is watched never does by itself."""
    if not trouble.acceptable:
        return ""
    return " Log off (: then Log off) and on again, to see it in full and accept it."


def _waiting_lines(waiting: float | None, width: int, glyphs: Glyphs) -> list[Line]:
    """One line; none where nothing is waited for. `waiting` is in seconds."""
    if waiting is None:
        return []
    symbol = glyphs.symbols[Status.WARNING]
    said = f" {symbol} The server was asked {times.age(waiting)} ago and is silent"
    return [spread([(said, "warning")], [("  r asks anew ", "dim")], width, glyphs)]
