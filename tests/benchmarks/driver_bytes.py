"""Bytes and time per frame, with and without the cell filter, without a terminal.

Run: `python -m tests.benchmarks.driver_bytes [--json]`. A table of 200x60 as
Textual writes it (whole lines from the left edge, each segment with its own
SGR and reset), painted once, then with a tenth of the rows changing per frame,
then with nothing changing but a clock, then scrolled by a row.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter

from rich.color import Color
from rich.style import Style

from tui.terminal.filter import CellFilter

WIDTH, HEIGHT = 200, 60
STATUSES = (
    ("✔ Success", "#7fd88f"),
    ("▶ Working", "#8fb8ff"),
    ("✘ Failed ", "#ff8080"),
    ("· Waiting", "#8a8a99"),
)
GROUND, STRIPE = "#121218", "#16161e"
MESSAGE = "Not enough free space on datastore DS-07 to power on the replica of this VM. " * 2
FRAMES = 200


@dataclass(frozen=True)
class Row:
    """What one case cost: medians over its frames; bytes of UTF-8, time in microseconds."""

    case: str
    frames: int
    bytes_without: int
    bytes_with: int
    cells_changed: int
    microseconds: int


def styled(text: str, colour: str, ground: str, *, bold: bool = False) -> str:
    """One segment as Rich renders it."""
    style = Style(color=Color.parse(colour), bgcolor=Color.parse(ground), bold=bold or None)
    return style.render(text)


def line(row: int, progress: int) -> str:
    """One task of the table: 200 cells."""
    ground = STRIPE if row % 2 else GROUND
    status, colour = STATUSES[0 if progress >= 100 else 1]
    done = progress * 40 // 100
    return "".join(
        (
            styled(f" vm-{row:04} ".ljust(24), "#e0e0e0", ground, bold=True),
            styled(f"{status} ".ljust(14), colour, ground),
            styled("━" * done, colour, ground),
            styled("─" * (40 - done), "#33333f", ground),
            styled(f"{progress:5} %".ljust(10), "#e0e0e0", ground),
            styled(f"{progress * 7 // 60:3}:{progress * 7 % 60:02}".ljust(12), "#8a8a99", ground),
            styled(MESSAGE[: row * 7 % 100].ljust(100), "#8a8a99", ground),
        )
    )


def frame(lines: dict[int, str]) -> str:
    """A compositor update: the given lines, then the cursor home."""
    painted = "\n".join(f"\x1b[{y + 1};1H{text}" for y, text in lines.items())
    return f"\x1b[?2026h{painted}\x1b[1;1H\x1b[?2026l"


def whole(offset: int = 0) -> dict[int, str]:
    return {y: line(y + offset, (y + offset) * 3 % 90) for y in range(HEIGHT)}


def a_tenth() -> Iterator[dict[int, str]]:
    for step in range(FRAMES):
        rows = range(step % 10, HEIGHT, 10)
        yield {y: line(y, y * 3 % 90 + step // 10) for y in rows}


def a_clock() -> Iterator[dict[int, str]]:
    for step in range(FRAMES):
        clock = f"14:{step // 60:02}:{step % 60:02} UTC".rjust(WIDTH)
        yield {0: styled(clock, "#e0e0e0", GROUND)}


def nothing() -> Iterator[dict[int, str]]:
    for _ in range(FRAMES):
        yield whole()


def scrolled() -> Iterator[dict[int, str]]:
    for step in range(FRAMES // 4):
        yield whole(step)


def shown_cells(cells: CellFilter) -> list[tuple[str, int]]:
    """Every cell that the terminal is believed to show."""
    shown, blank = cells.painter.shown, cells.styles.blank
    return [
        (text, blank[style] if text == " " else style)
        for texts, styles in zip(shown.texts, shown.styles, strict=True)
        for text, style in zip(texts, styles, strict=True)
    ]


def measure(case: str, frames: Callable[[], Iterator[dict[int, str]]], *, warm: bool) -> Row:
    cells = CellFilter(WIDTH, HEIGHT)
    cells.feed("\x1b[?1049h\x1b[?7l")
    if warm:
        cells.feed(frame(whole()))
        cells.paint()
    without, through, changed, took = [], [], [], []
    for lines in frames():
        written = frame(lines)
        before = shown_cells(cells)
        start = perf_counter()
        sent = cells.feed(written) + cells.paint()
        took.append(perf_counter() - start)
        without.append(len(written.encode()))
        through.append(len(sent.encode()))
        changed.append(sum(map(tuple.__ne__, before, shown_cells(cells))))
    return Row(
        case,
        len(took),
        round(median(without)),
        round(median(through)),
        round(median(changed)),
        round(median(took) * 1e6),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    as_json = parser.parse_args().json
    rows = [
        measure("first paint", lambda: iter([whole()]), warm=False),
        measure("a tenth of the rows changes", a_tenth, warm=True),
        measure("only a clock changes", a_clock, warm=True),
        measure("everything written, nothing changed", nothing, warm=True),
        measure("scrolled by one row", scrolled, warm=True),
    ]
    if as_json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=1)
        print()
        return
    print(
        f"{'case, 200x60':36} {'without':>9} {'with':>9}"
        f" {'cells':>7} {'bytes/cell':>10} {'time':>9}"
    )
    for row in rows:
        each = f"{row.bytes_with / row.cells_changed:.1f}" if row.cells_changed else "-"
        print(
            f"{row.case:36} {row.bytes_without:7} B {row.bytes_with:7} B"
            f" {row.cells_changed:7} {each:>10} {row.microseconds:6} µs"
        )


if __name__ == "__main__":
    main()
