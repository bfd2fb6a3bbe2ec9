"""The start check of a plan: its verdict in words, its progress, a row per finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.status import Status
from tui.light import dataclass
from tui.monitor.readiness import Finding, Level
from tui.monitor.start_check import StartCheck
from tui.presentation import times
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, bar, fit_line, labelled, length, spread
from tui.presentation.task_body import reason_parts
from tui.presentation.text import cells, fit, shorten_middle, wrap
from tui.settings.durations import format_duration

_WISHES = (
    ColumnWish("level", "STATUS", 13, 14, share=1),
    ColumnWish("subject", "WHAT", 12, 46, share=2),
    ColumnWish("finding", "FINDING", 20, 10_000, share=4),
)
_NARROW: Final = 47
"""Cells below which only the symbol of the status has room."""

_NARROW_WISHES: Final = (
    ColumnWish("level", "", 2, 2),
    ColumnWish("subject", "WHAT", 10, 46, share=2),
    ColumnWish("finding", "FINDING", 17, 10_000, share=4),
)
_STATUS: Final = {
    Level.OK: Status.SUCCESS,
    Level.UNKNOWN: Status.UNKNOWN,
    Level.WARNING: Status.WARNING,
    Level.FAILED: Status.FAILED,
}
_WORDS: Final = {
    Level.OK: "OK",
    Level.UNKNOWN: "Not told",
    Level.WARNING: "Warning",
    # Not "Failed": nothing was started yet, and a VM is called failed elsewhere.
    Level.FAILED: "Not ready",
}
_TOKENS: Final = {
    Level.OK: "success",
    Level.UNKNOWN: "unknown",
    Level.WARNING: "warning",
    Level.FAILED: "failed",
}
_GRAVEST_FIRST: Final = tuple(reversed(Level))
_VERDICTS: Final = {
    Level.OK: "READY",
    Level.UNKNOWN: "READY",
    Level.WARNING: "READY WITH WARNINGS",
    Level.FAILED: "NOT READY",
}
_BAR: Final = 30
_MOST_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A finding; `number` tells several about one subject apart, from 1."""

    finding: Finding
    number: int = 1


def arranged(check: StartCheck) -> list[CheckRow]:
    """Failed ones first, then warnings, then what is in order; else as the check has them."""
    seen: Counter[str] = Counter()
    rows = []
    for finding in check.findings:
        seen[finding.subject] += 1
        rows.append(CheckRow(finding, seen[finding.subject]))
    return sorted(rows, key=lambda row: _GRAVEST_FIRST.index(row.finding.level))


def newest_subject(before: StartCheck | None, check: StartCheck) -> str | None:
    """What the newest answer was about; None where nothing was added."""
    known = set(before.findings) if before is not None else set()
    new = [finding for finding in check.findings if finding not in known]
    return new[-1].subject if new else None


def symbol(level: Level, glyphs: Glyphs) -> str:
    """The status symbol of a level."""
    return glyphs.symbols[_STATUS[level]]


def level_text(finding: Finding, glyphs: Glyphs) -> str:
    """`x Not ready`: symbol and word of a finding's level."""
    return f"{symbol(finding.level, glyphs)} {_WORDS[finding.level]}"


class CheckPainter:
    """Turns findings into cells."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs

    def columns(self, width: int) -> Sequence[Column]:
        """All three, always; on a narrow terminal only the symbol of the status."""
        return lay_out(_NARROW_WISHES if width < _NARROW else _WISHES, width)

    def header(self, column: Column) -> Line:
        """The title."""
        lead = "   " if column.id == "level" and column.title else ""
        return ((self._padded(lead + column.title, column), "header"),)

    def key(self, row: CheckRow) -> tuple[str, int]:
        """What it is about, and the how manieth about it."""
        return (row.finding.subject, row.number)

    def cells(self, row: CheckRow, columns: Sequence[Column]) -> Sequence[Line]:
        """One cell for each column."""
        return [self._cell(row.finding, column) for column in columns]

    def below(self, row: CheckRow, width: int) -> Sequence[Line]:
        """The rest of a finding that its column has no room for on one line."""
        column = self.columns(width)[-1]
        token = "" if row.finding.level is Level.OK else _TOKENS[row.finding.level]
        return [
            fit_line([(" " * column.x, ""), (part, token)], width, self.glyphs)
            for part in self.parts(row.finding, column)[1:]
        ]

    def parts(self, finding: Finding, column: Column) -> Sequence[str]:
        """A finding in lines of its column."""
        said = self.glyphs.clean(finding.sentence)
        return reason_parts(said, column.room, self.glyphs.ellipsis) or ("",)

    def _cell(self, finding: Finding, column: Column) -> Line:
        token = _TOKENS[finding.level]
        if column.id == "level":
            said = f" {_WORDS[finding.level]}" if column.title else ""
            text = f" {symbol(finding.level, self.glyphs)}{said}"
        elif column.id == "subject":
            name = self.glyphs.clean(finding.subject) or self.glyphs.dash
            text, token = shorten_middle(name, column.room, self.glyphs.ellipsis), "title"
        else:
            text = self.parts(finding, column)[0]
            token = "" if finding.level is Level.OK else token
        return ((self._padded(text, column), token),)

    def _padded(self, text: str, column: Column) -> str:
        return fit(text, column.room, ellipsis=self.glyphs.ellipsis) + " " * column.gap


def check_lines(
    check: StartCheck,
    rpo: timedelta | None,
    latest: str | None,
    checked_at: datetime | None,
    width: int,
    glyphs: Glyphs,
    *,
    low: bool = False,
) -> list[Line]:
    """The plan, the RPO target and when it was checked; then the verdict or the progress.

    `latest` is the subject of the newest answer, `checked_at` the end of the check. On a
    `low` screen, whose lines the findings need, only the plan's name and the verdict.
    """
    plan = glyphs.clean(check.plan_name) or glyphs.dash
    if low:
        return [
            *labelled("", [(plan, "title")], width, 1, glyphs),
            *labelled("", _how_it_stands(check, latest, width, glyphs), width, 1, glyphs),
        ]
    if check.backup_server:
        plan += f" on {glyphs.clean(check.backup_server)}"
    if check.tenant:
        plan += f", tenant {glyphs.clean(check.tenant)}"
    right = f"  RPO target {format_duration(rpo)} " if rpo else "  no RPO target: ages told only "
    what: list[Span] = [("Start check: ", "label"), (plan, "title")]
    if length(what) + 1 + cells(right) <= width:
        first = [spread([(" ", ""), *what], [(right, "dim")], width, glyphs)]
    else:
        first = labelled("", [*what, (f"  {right.strip()}", "dim")], width, 1, glyphs)
    spans = _how_it_stands(check, latest, width, glyphs)
    if not check.over:
        return [*first, fit_line([(" ", ""), *spans], width, glyphs)]
    at = f"checked {times.utc_time(checked_at)} UTC " if checked_at else ""
    if length(spans) + 1 + cells(at) <= width:
        return [*first, spread([(" ", ""), *spans], [(at, "dim")], width, glyphs)]
    return [*first, *labelled("", [*spans, (f"  {at.strip()}", "dim")], width, 1, glyphs)]


def _how_it_stands(check: StartCheck, latest: str | None, width: int, glyphs: Glyphs) -> list[Span]:
    """The verdict with its counts, before there is one the progress."""
    if not check.over:
        return _progress(check, latest, width, glyphs)
    level = check.worst if check.findings else Level.WARNING
    return [
        (f"{symbol(level, glyphs)} {verdict(check)}", _TOKENS[level]),
        (f"   {counts(check)}", "dim"),
    ]


def _progress(check: StartCheck, latest: str | None, width: int, glyphs: Glyphs) -> list[Span]:
    share = 100 * check.done // check.of if check.of else 0
    spans: list[Span] = [
        (f"Checking {check.done} of {check.of}  ", "title"),
        *bar(share, min(_BAR, width // 3), "running", glyphs),
    ]
    if latest is not None:
        spans.append((f"  {glyphs.clean(latest)}", "dim"))
    return spans


def verdict(check: StartCheck) -> str:
    """`READY`, `READY WITH WARNINGS`, `NOT READY`; of a check that is over."""
    if not check.findings:
        return "NOT CHECKED"
    return _VERDICTS[check.worst]


def is_ready(check: StartCheck) -> bool:
    """Whether the verdict is ready, with warnings or without; not of one without findings."""
    return bool(check.findings) and check.worst is not Level.FAILED


def levels(check: StartCheck) -> list[tuple[Level, int]]:
    """How many findings there are of each level, the gravest first; not of those without."""
    counted = ((level, check.count(level)) for level in _GRAVEST_FIRST)
    return [(level, count) for level, count in counted if count]


def counts(check: StartCheck) -> str:
    """`2 not ready, 1 warning, 1 not told, 12 ok`; what there is none of is left out."""
    said = []
    for level, count in levels(check):
        plural = "s" if level is Level.WARNING and count != 1 else ""
        said.append(f"{count} {level.value}{plural}")
    return ", ".join(said)


def finding_lines(finding: Finding, width: int, glyphs: Glyphs) -> list[Line]:
    """One finding in full, wrapped; cut after four lines."""
    text = check_text(finding, glyphs)
    wrapped = wrap(text, max(10, width - 2))[:_MOST_LINES]
    token = _TOKENS[finding.level]
    return [fit_line([(" " + line, token)], width, glyphs) for line in wrapped]


def cut_findings(
    rows: Sequence[CheckRow], painter: CheckPainter, width: int, most: int
) -> list[Line]:
    """In full what the table has to cut, the gravest first, as far as `most` lines go."""
    _, subject, told = painter.columns(width)
    lines: list[Line] = []
    for row in rows:
        finding = row.finding
        whole = not painter.parts(finding, told)[-1].endswith(painter.glyphs.ellipsis)
        if whole and cells(painter.glyphs.clean(finding.subject)) <= subject.room:
            continue
        said = finding_lines(finding, width, painter.glyphs)
        if len(lines) + len(said) > most:
            break
        lines += said
    return lines


def check_text(finding: Finding, glyphs: Glyphs) -> str:
    """A finding as one line of plain text, for the clipboard."""
    subject = glyphs.clean(finding.subject) or glyphs.dash
    told = glyphs.clean(finding.sentence)
    return f"{symbol(finding.level, glyphs)} {_WORDS[finding.level]}  {subject}: {told}"
