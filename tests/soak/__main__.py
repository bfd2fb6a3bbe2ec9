"""Random use and random trouble: `python -m tests.soak --minutes N [--seed S]`.

Episodes follow one another: the real program in a pseudo-terminal against a simulated
server, some fifty steps each (keys, text, terminal answers whole and in halves, sizes,
faults of the server, expired logons, jumps of its clock, a stopped process), all drawn from
one seed that is printed. After each step the invariants of `tests.soak.episode` hold. What
breaks one is printed with its seed, its episode and its steps, with as few of them as some
tries find; `--episode` runs that one again. Exit code 1 then.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter

from tests.soak.episode import play, seeded, shrunk
from tests.soak.steps import draw

STEPS = 50
TRIES = 10
"""How many runs are spent on leaving steps out."""


def main() -> int:
    """Soak for so many minutes; 0 if everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--episode", type=int, help="only this one")
    parser.add_argument("--steps", type=int, default=STEPS, help="in an episode")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    until = time.monotonic() + asked.minutes * 60
    kinds: Counter[str] = Counter()
    number = asked.episode or 0
    while True:
        steps = draw(seeded(asked.seed, number), asked.steps)
        done, broken = play(steps)
        kinds.update(step.what for step in steps[:done])
        if broken:
            print(
                f"episode {number} of seed {asked.seed}, after {done} steps: {broken}", flush=True
            )
            left = shrunk(steps[:done], broken, TRIES)
            print(f"{len(left)} steps break it:", *left, sep="\n  ", flush=True)
            return 1
        if asked.episode is not None or time.monotonic() > until:
            break
        number += 1
    told = ", ".join(f"{count} {what}" for what, count in kinds.most_common())
    print(f"{sum(kinds.values())} steps in {number + 1 - (asked.episode or 0)} episodes: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
