"""Half a million polls, a month at the default interval, with all that happens in weeks.

Run: `python -m tests.benchmarks.month [--quick] [--json FILE]`.

Where `endurance` polls the real command over a socket for twenty thousand polls, this has
neither screen nor socket nor real time: the client, the monitor and the drill over a
simulated server in the same process, with outages, restarts, idle expiries, wrong answers
and clock jumps by a fixed seed. `tests/faults/test_month.py` is a short version of it.
"""

from __future__ import annotations

import asyncio

from tests.benchmarks.report import Figure, main, say
from tests.faults.month import MONTH_OF_POLLS, MOST_TASKS, live


def run(quick: bool = False) -> list[Figure]:
    """About six minutes."""
    month = asyncio.run(live(MONTH_OF_POLLS // 50 if quick else MONTH_OF_POLLS))
    say(month.text)
    last, grown = month.samples[-1], month.grown
    return [
        Figure("polls", last.polls, "", None, f"{sum(month.met.values()):,} of them in trouble"),
        Figure("resident memory at the end", last.resident / 1e6, "MB"),
        Figure("growth since a tenth of the month", grown.resident / 1e6, "MB", 3.0),
        Figure("objects more", grown.objects, "", 2000),
        Figure("tasks at a time", month.most_tasks, "", MOST_TASKS),
        Figure("open files more", grown.files, "", 0),
        Figure("logon sessions", month.logons, "", None, f"at most {month.most_open} at a time"),
        Figure("logon sessions left open", month.left_open, "", 0),
    ]


if __name__ == "__main__":
    main("A simulated month", run, __doc__)
