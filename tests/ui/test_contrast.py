"""Every cell that any screen paints is legible, in every theme, on every kind of terminal.

The app is walked once through all screens for each number of colours and photographed
in each theme, as the driver tells the terminal to show it. The rest is arithmetic over
the palettes that the common terminals ship with, on dark and on light ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest

from tests.support.colour_walk import Picture, walk
from tests.support.emulator import Pen
from tests.support.palettes import PALETTES, contrast
from tests.ui.conftest import OnStage
from tui.enterprise_manager.address import parse_server
from tui.settings.resolved import PlanTarget, SavedProfile, Targets
from tui.theme import NAMES

TEXT, DRAWN = 4.5, 3.0
"""WCAG 2.2: success criteria 1.4.3 for text, 1.4.11 for what is drawn."""

SELECTED = 1.25
"""How far the selected row's background is from its neighbours', at least."""

TERMINALS = {
    "truecolor": {"COLORTERM": "truecolor", "TERM": "xterm-256color"},
    "256 colours": {"COLORTERM": "", "TERM": "xterm-256color"},
    "16 colours": {"COLORTERM": "", "TERM": "xterm"},
    "NO_COLOR": {"COLORTERM": "truecolor", "TERM": "xterm-256color", "NO_COLOR": "1"},
}
PROFILES = (
    SavedProfile(name="prod", server=parse_server("vbem01"), user="demo", banner="red"),
    SavedProfile(name="lab", server=parse_server("em-lab")),
)


_ROW = re.compile(r" ([✘✔▶]) (\S+) +(Failed|Success|Working)\b")


@cache
def _worst(pen: Pen) -> tuple[float, str]:
    """The lowest contrast that a pen has in any palette, and in which."""
    return min((contrast(*palette.seen(pen)), palette.name) for palette in PALETTES)


def _is_drawn(text: str) -> bool:
    return all("\u2500" <= character <= "\u259f" for character in text)


def _illegible(shown: Picture) -> Iterator[str]:
    told = set()
    for row, line in zip(shown.rows, shown.lines, strict=True):
        for x, (text, pen) in enumerate(row):
            if text.strip() and pen not in told:
                ratio, where = _worst(pen)
                if ratio < (DRAWN if _is_drawn(text) else TEXT):
                    told.add(pen)
                    yield f"{shown.name}: {line[x : x + 20]!r} {pen} has {ratio:.2f} in {where}"


def _selection_told_apart(shown: Picture) -> bool:
    """Whether the selected row has another background than the one beside it.

    Not in every cell: what has failed in it, and how far, may keep a ground of its own.
    """
    if shown.selected is None:
        return True
    own, around = ([pen for _, pen in shown.rows[y]] for y in shown.selected)
    return all(
        sum(
            contrast(palette.seen(one)[1], palette.seen(other)[1]) >= SELECTED
            for one, other in zip(own, around, strict=True)
        )
        >= len(own) // 4
        for palette in PALETTES
    )


def _prominence(shown: Picture) -> Iterator[str]:
    """What is wrong with how failures stand out among the rows of a session."""
    if not shown.name.startswith(("session", "stale session")):
        return
    stale, selected = shown.name.startswith("stale"), shown.selected and shown.selected[0]
    for y, (row, line) in enumerate(zip(shown.rows, shown.lines, strict=True)):
        found = _ROW.match(line)
        if found is None or stale:
            continue
        # The name of any VM may be bold, its sign and its status may not.
        parts = [found.span(1), found.span(2), found.span(3)]
        strong = [
            bool(attributes & {"1", "7"})
            for start, end in (parts if found[1] == "✘" else parts[::2])
            for text, (attributes, *_) in row[start:end]
            if text.strip()
        ]
        if found[1] == "✘" and not all(strong):
            yield f"{shown.name}: neither bold nor reversed: {line}"
        if found[1] != "✘" and any(strong) and y != selected:
            yield f"{shown.name}: stands out like a failure: {line}"


# Without colours all themes are one, which tests/unit/theme holds.
CASES = [
    (terminal, theme)
    for terminal in TERMINALS
    for theme in (NAMES[:1] if terminal == "NO_COLOR" else NAMES)
]


@pytest.mark.parametrize(("terminal", "theme"), CASES)
async def test_every_screen_is_legible(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch, terminal: str, theme: str
) -> None:
    for name, value in TERMINALS[terminal].items():
        monkeypatch.setenv(name, value)
    colourless = terminal == "NO_COLOR"
    targets = Targets(default=PlanTarget(rpo=timedelta(hours=4)))
    wrong: list[str] = []
    pens: set[Pen] = set()
    async with on_stage(
        at="login",
        size=(100, 28),
        theme=theme,
        profiles=PROFILES,
        profile="prod",
        targets=targets,
    ) as stage:
        async for shown in walk(stage):
            wrong += _illegible(shown)
            wrong += _prominence(shown)
            if not _selection_told_apart(shown):
                wrong.append(f"{shown.name}: the selected row looks like the others")
            pens |= {pen for row in shown.rows for _, pen in row}
    assert not wrong, "\n".join(sorted(wrong)[:40])
    assert not [pen for pen in pens if "2" in pen[0]], "dim is too dark on many terminals"
    if colourless:
        assert {pen[1:3] for pen in pens} == {("", "")}
    else:
        # The terminal's own colours are unknown: nothing may stand on them.
        assert not [pen for pen in pens if not (pen[1] or pen[2])]
