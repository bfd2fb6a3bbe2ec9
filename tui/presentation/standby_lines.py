"""Standing by for a plan's next session: what it waits for, since when, and what to expect."""

from __future__ import annotations

from datetime import datetime

from tui.analysis.assessment import lasted, span
from tui.analysis.status import is_done, status_of_session
from tui.monitor.standby import StandbyState
from tui.presentation import times
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, Span, fit_line, labelled
from tui.presentation.text import wrap

_LABEL = 14
_NARROW_LABEL = 9
_WIDE = 60
"""Cells from which labels are said in full."""
_LATE = (
    "It opens here by itself once it has begun; nothing needs to be pressed. Enterprise Manager"
    " may tell of a session up to 15 minutes after its start."
)


def standby_lines(
    state: StandbyState, checked: datetime | None, now: datetime, width: int, glyphs: Glyphs
) -> list[Line]:
    """What it waits for since when, the last check, the plan's past, and what to expect.

    `checked` is when the list was last read, `now` the present, both server's time.
    """
    since = f"{times.utc_stamp(state.since)} UTC"
    local = glyphs.clean(times.local_stamp(state.since))
    wide = width >= _WIDE
    rows: list[tuple[str, list[Span]]] = [
        ("STANDING BY", [("for the next session of this plan", "")]),
        ("Plan", _plan(state, glyphs)),
        ("Since", [(since, "title"), (f"   {local} local", "dim")]),
        ("For", [(times.duration(span(state.since, now), glyphs.dash), "title")]),
        ("Last check" if wide else "Checked", _check(state, checked)),
        ("Last session" if wide else "Last run", _last(state, glyphs)),
    ]
    lines: list[Line] = [()]
    for label, spans in rows:
        indent = 1 + (_LABEL if wide else max(_NARROW_LABEL, len(label) + 1))
        lines += labelled(label, spans, width, indent, glyphs)
    for text, token in _advice(state, glyphs):
        lines.append(())
        lines += [
            fit_line([(" " + line, token)], width, glyphs)
            for line in wrap(text, max(10, width - 2))
        ]
    return [fit_line(line, width, glyphs) for line in lines]


def _plan(state: StandbyState, glyphs: Glyphs) -> list[Span]:
    spans: list[Span] = [(glyphs.clean(state.plan_name) or glyphs.dash, "note")]
    if state.backup_server:
        spans.append((f"   on {glyphs.clean(state.backup_server)}", "dim"))
    return spans


def _check(state: StandbyState, checked: datetime | None) -> list[Span]:
    every = f"   every {times.age(state.interval)}"
    if checked is None:
        return [("none yet", "warning" if state.trouble else "dim")]
    token = "warning" if state.trouble else "title"
    return [(f"{times.utc_stamp(checked)} UTC", token), (every, "dim")]


def _last(state: StandbyState, glyphs: Glyphs) -> list[Span]:
    last = state.last
    if last is None:
        said = "none seen" if state.fetched_at is not None else "not known yet"
        return [(said, "dim")]
    verdict = status_of_session(last.state, last.result, last.ended, [])
    said = glyphs.clean(word(verdict.status, verdict.server_word))
    over = is_done(last.state, last.ended)
    took = times.duration(lasted(last.created, last.ended), glyphs.dash)
    spans: list[Span] = [
        (f"{glyphs.symbols[verdict.status]} {said}", TOKENS[verdict.status]),
        (f"  {times.utc_stamp(last.created, glyphs.dash)} UTC", "title"),
        (f"  took {took}" if over else "  still runs", "dim"),
    ]
    if last.backup_server:
        spans.append((f"  on {glyphs.clean(last.backup_server)}", "dim"))
    return spans


def _advice(state: StandbyState, glyphs: Glyphs) -> list[Span]:
    """Whether the name may be wrong, then what will happen."""
    said: list[Span] = []
    if state.last is None and state.fetched_at is not None:
        unknown = "No session of a plan of this name has been seen so far."
        if state.close:
            names = ", ".join(f"'{glyphs.clean(name)}'" for name in state.close)
            unknown += f" Was one of these meant? {names}."
        said.append((unknown + " It goes on waiting.", "warning"))
    if state.last is not None and not is_done(state.last.state, state.last.ended):
        said.append(("The session that still runs is not it: the one after it is opened.", ""))
    return [*said, (_LATE, "dim")]
