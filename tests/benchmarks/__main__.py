"""All benchmarks, one after the other; rewrites the figures in README.md.

Run: `python -m tests.benchmarks [NAME ...] [--quick] [--json FILE] [--no-readme]`.
With names, the other sections of the last full JSON are kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import (
    endurance,
    latency,
    picker,
    ratios,
    scaling,
    side_by_side,
    stages,
    starting,
    startup,
    walks,
)
from tests.benchmarks.report import (
    README,
    Figure,
    Machine,
    as_json,
    from_json,
    markdown,
    put_between_marks,
    say,
    table,
)

BENCHMARKS: dict[str, tuple[str, Callable[[bool], list[Figure]]]] = {
    "ratios": ("Ratios, 200x60", ratios.run),
    "side_by_side": ("Side by side, 1,000 tasks, 200x60", side_by_side.run),
    "startup": ("Start", startup.run),
    "starting": ("Start and screens in front, as ratios", starting.run),
    "latency": ("Latency", latency.run),
    "scaling": ("Cost of a poll", scaling.run),
    "stages": ("Stages of a poll", stages.run),
    "picker": ("The list of sessions", picker.run),
    "walks": ("Walks", walks.run),
    "endurance": ("Endurance", endurance.run),
}
FIGURES = Path(__file__).with_name("figures.json")
"""The last figures as JSON, beside the README that shows them."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME",
                        help=f"one of {', '.join(BENCHMARKS)}; all unless given")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write JSON there too")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    parser.add_argument("--no-readme", action="store_true", help="leave README.md as it is")
    options = parser.parse_args(arguments)
    before = from_json(FIGURES.read_text()) if options.names and FIGURES.exists() else {}
    found: dict[str, Sequence[Figure]] = {}
    for name, (title, run) in BENCHMARKS.items():
        if options.names and name not in options.names:
            if title in before:
                found[title] = before[title]
            continue
        say(f"== {title}")
        found[title] = run(options.quick)
        print(f"\n{title}\n{table(found[title])}", flush=True)
    machine = Machine.this()
    result = as_json(found, machine) + "\n"
    if options.json:
        options.json.write_text(result)
    if not options.no_readme:
        FIGURES.write_text(result)
        when = datetime.now(UTC).strftime("%Y-%m-%d")
        README.write_text(put_between_marks(README.read_text(), markdown(found, machine, when)))


if __name__ == "__main__":
    main()
