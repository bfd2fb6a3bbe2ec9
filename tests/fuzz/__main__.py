"""Fuzz what comes from outside: `python -m tests.fuzz [--minutes N] [--seed S] [TARGET ...]`.

The input of a terminal, what is painted on it, the answers of a server: changed at random,
from one seed that is printed, and what reaches code that nothing before it reached is kept
and changed further. What breaks is printed as small as it gets; exit code 1 then. With
`--keep` what was reached goes into `tests/fuzz/corpus`, which the tests run through.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from functools import partial

from tests.fuzz.fuzzing import CORPUS, fuzz, line_of
from tests.fuzz.targets import TARGETS

LONGEST_KEPT = 600
"""Bytes of an input that is kept: the corpus is read by people, too."""


def main() -> int:
    """Fuzz each target for its share of the time; 0 if all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--keep", action="store_true", help="write what was reached")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    code = 0
    names = asked.targets or [*TARGETS]
    for name in names:
        until = time.monotonic() + asked.minutes * 60 / len(names)
        found = fuzz(TARGETS[name], asked.seed, partial(_is_before, until))
        print(
            f"{name}: {found.runs} runs, {len(found.steps)} steps reached"
            f" by {len(found.corpus)} inputs",
            flush=True,
        )
        if found.broken is not None:
            print(f"{name} breaks, {found.reason}:\n{found.broken!r}", flush=True)
            code = 1
        elif asked.keep:
            kept = sorted({line_of(each) for each in found.corpus if len(each) <= LONGEST_KEPT})
            CORPUS.mkdir(exist_ok=True)
            (CORPUS / f"{name}.txt").write_text("".join(f"{line}\n" for line in kept), "ascii")
    return code


def _is_before(until: float, _runs: int) -> bool:
    return time.monotonic() < until


if __name__ == "__main__":
    sys.exit(main())
