"""Figures: as a table for people, as JSON for programs, as the table of README.md."""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures begin -->", "<!-- figures end -->"


@dataclass(frozen=True)
class Figure:
    """One measured value. `most` is the target, None where there is none.

    `samples` says how many values the figure is the median, or as named, of.
    """

    what: str
    value: float | None
    unit: str
    most: float | None = None
    note: str = ""
    samples: int = 1

    @property
    def verdict(self) -> str:
        """Met, missed by how much, or nothing where there is no target or no value."""
        if self.most is None or self.value is None:
            return ""
        if self.value <= self.most:
            return "met"
        return f"missed by {shown(self.value - self.most)} {self.unit}".rstrip()


def shown(value: float | None) -> str:
    """Three significant digits."""
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


@dataclass(frozen=True)
class Machine:
    """Where it was measured: kind only, no names."""

    cores: int
    system: str
    python: str
    versions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def this(cls) -> Machine:
        """As it is."""
        import os

        names = ("textual", "httpx", "pydantic", "rich", "pyte")
        return cls(
            len(os.sched_getaffinity(0)),
            f"{platform.system()} {platform.machine()}",
            platform.python_version(),
            {name: version(name) for name in names},
        )

    def __str__(self) -> str:
        libraries = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return f"{self.cores} cores, {self.system}, Python {self.python}, {libraries}"


def table(figures: Sequence[Figure]) -> str:
    """A table for the terminal."""
    rows = [("what", "measured", "target", "", "note")]
    for each in figures:
        most = "" if each.most is None else f"≤ {shown(each.most)} {each.unit}"
        value = f"{shown(each.value)} {each.unit}" if each.value is not None else "-"
        rows.append((each.what, value, most, each.verdict, each.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]
        ).rstrip()
        for row in rows
    )


def markdown(sections: dict[str, Sequence[Figure]], machine: Machine, when: str) -> str:
    """The figures as README.md holds them."""
    lines = [f"Measured {when} on {machine}.", ""]
    for title, figures in sections.items():
        lines += [f"### {title}", "", "| what | measured | target | |", "|---|---|---|---|"]
        for each in figures:
            most = "" if each.most is None else f"≤ {shown(each.most)} {each.unit}"
            value = f"{shown(each.value)} {each.unit}" if each.value is not None else "–"
            what = f"{each.what} ({each.note})" if each.note else each.what
            verdict = f"**{each.verdict}**" if each.verdict.startswith("missed") else each.verdict
            lines.append(f"| {what.replace('|', chr(92) + '|')} | {value} | {most} | {verdict} |")
        lines.append("")
    return "\n".join(lines)


def put_between_marks(text: str, figures: str) -> str:
    """The README's text with new figures. ValueError where the marks are missing."""
    if BEGIN not in text or END not in text:
        raise ValueError(f"no {BEGIN} and {END} to write between")
    pattern = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n{figures}\n{END}", text)


def as_json(sections: dict[str, Sequence[Figure]], machine: Machine) -> str:
    """Everything, for programs."""
    results = {
        title: [{**asdict(each), "verdict": each.verdict} for each in figures]
        for title, figures in sections.items()
    }
    return json.dumps({"machine": asdict(machine), "results": results}, indent=1)


def from_json(text: str) -> dict[str, Sequence[Figure]]:
    """What `as_json` wrote."""
    results = json.loads(text)["results"]
    names = Figure.__dataclass_fields__
    return {
        title: [Figure(**{name: each[name] for name in names}) for each in figures]
        for title, figures in results.items()
    }


def say(text: str) -> None:
    """Progress goes to standard error: standard output is data."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(title: str, run: Callable[[bool], list[Figure]], description: str | None) -> None:
    """The command line of one benchmark."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write JSON there too")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    options = parser.parse_args()
    figures = run(options.quick)
    print(table(figures))
    result = as_json({title: figures}, Machine.this())
    if options.json:
        options.json.write_text(result + "\n")
    else:
        print(result)
