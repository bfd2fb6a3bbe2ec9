"""How a run compares with an earlier one of its plan as a whole, or why with none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tui.analysis.comparison import Comparison, Presence, earlier_finished
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.presentation import times
from tui.presentation.comparison_rows import ASCII_MARKS, UNICODE_MARKS, difference
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, labelled, length

WIDE: Final = 60
"""Cells from which labels stand apart and a moment is introduced."""

_BY_IMPORTANCE: Final = (3, 2, 0, 4, 1)
"""Failures, totals, which run, its VMs, and where that run is found: as `comparison_lines`."""


def comparison_lines(
    comparison: Comparison, width: int, glyphs: Glyphs, most: int | None = None
) -> list[Line]:
    """Which run it is compared with, the totals, failures, and VMs added or gone.

    Each in full; where that takes more than `most` lines the least important are left out.
    """
    stamp = times.utc_stamp(comparison.earlier_created, glyphs.dash)
    local = glyphs.clean(times.local_stamp(comparison.earlier_created, glyphs.dash))
    then = times.duration(comparison.then, glyphs.dash)
    not_over = "" if comparison.over else " (still runs)"
    now = times.duration(comparison.now, f"{glyphs.dash}{not_over}")
    known = comparison.slower_by is not None
    apart = difference(comparison.then, comparison.now, glyphs)
    wide = width >= WIDE
    earlier_id = glyphs.clean(comparison.earlier_id)
    indent = 11 if wide else 8
    which: Span = (f"{'the run of ' if wide else ''}{stamp} UTC", "title")
    found: list[Span] = [(f"   {local} local", "dim"), (f"   {earlier_id}", "dim")]
    beside = length([which, *found]) <= width - indent
    rows: list[tuple[str, list[Span]]] = [
        ("Then", [which, *(found if beside else [])]),
        ("", [] if beside else found),
        (
            "Total",
            [
                (f"then {then}", "title"),
                (f"   now {now}", "title"),
                *([(f"   {apart[0]}", apart[1])] if known else []),
            ],
        ),
        ("Failed", _failures(comparison, glyphs)),
        ("VMs", _membership(comparison, glyphs)),
    ]
    blocks = [
        labelled(label, spans, width, indent, glyphs) if spans else [] for label, spans in rows
    ]
    kept = _within(blocks, _BY_IMPORTANCE, most)
    return [line for block in kept for line in block]


def _within(
    blocks: Sequence[list[Line]], by_importance: Sequence[int], most: int | None
) -> list[list[Line]]:
    """The blocks in their order; where all have more lines, the important ones that fit."""
    left = most if most is not None else sum(map(len, blocks))
    kept = set()
    for index in by_importance:
        if len(blocks[index]) <= left:
            kept.add(index)
            left -= len(blocks[index])
    return [block for index, block in enumerate(blocks) if index in kept]


def _failures(comparison: Comparison, glyphs: Glyphs) -> list[Span]:
    now, then = comparison.failed_now, comparison.failed_then
    so_far = "" if comparison.over else " so far"
    return [
        (f"then {then if comparison.tasks_then else glyphs.dash}", "title"),
        (
            f"   now {now if comparison.tasks_now else glyphs.dash}{so_far}",
            "failed" if now else "title",
        ),
    ]


def _membership(comparison: Comparison, glyphs: Glyphs) -> list[Span]:
    if not comparison.tasks_then or not comparison.tasks_now:
        which = "that" if not comparison.tasks_then else "this"
        said = f"the server lists no tasks of {which} run: its VMs are not known"
        return [(f"{glyphs.symbols[Status.WARNING]} {said}", "warning")]
    both = len(comparison.present(Presence.BOTH))
    spans: list[Span] = [(f"{both} in both", "title")]
    marks = ASCII_MARKS if glyphs.is_ascii else UNICODE_MARKS
    for presence, token in ((Presence.ADDED, "note"), (Presence.GONE, "warning")):
        count = len(comparison.present(presence))
        said = f"   {marks[presence]} {count} {presence.value}"
        spans.append((said, token if count else "dim"))
    return spans


def why_none(
    session: FailoverSession | None,
    known: Iterable[FailoverSession],
    *,
    list_is_complete: bool,
    glyphs: Glyphs,
) -> str:
    """Why there is nothing to compare with, as a sentence of one line of clean text."""
    if session is None:
        return "Nothing to compare yet: this session has not been read."
    plan = glyphs.clean(session.plan_name) or glyphs.dash
    runs = earlier_finished(known, session)
    if not runs and not list_is_complete:
        return (
            f"Nothing to compare with yet: no earlier finished session of {plan} is known, and"
            " the list of sessions is still being read."
        )
    if not runs:
        return (
            f"Nothing to compare with: the server lists no earlier finished session of {plan}"
            + (f" on {glyphs.clean(session.backup_server)}." if session.backup_server else ".")
        )
    newest = times.utc_stamp(runs[0].created, glyphs.dash)
    return (
        f"Nothing to compare with yet: {len(runs)} earlier finished"
        f" session{'s' if len(runs) > 1 else ''} of {plan}, the newest of {newest} UTC, but none"
        " could be read with its tasks so far. A server may leave the tasks out once a session"
        " is over."
    )
