"""The loop: an input that reaches something new is kept, and changed further."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.coverage import Step, Steps
from tests.fuzz.mutations import mutated
from tests.fuzz.targets import Target

CORPUS = Path(__file__).with_name("corpus")
SHRINKING = 2_000
"""Runs that are spent on making a failing input smaller."""


def kept_inputs(name: str) -> list[bytes]:
    """The corpus: one input a line, as Python writes bytes."""
    path = CORPUS / f"{name}.txt"
    if not path.exists():
        return []
    return [_bytes_of(line) for line in path.read_text("ascii").splitlines()]


def _bytes_of(line: str) -> bytes:
    return line.encode("ascii").decode("unicode_escape").encode("latin-1")


def line_of(data: bytes) -> str:
    """As it stands in the corpus."""
    return data.decode("latin-1").encode("unicode_escape").decode("ascii")


@dataclass
class Found:
    """What a run of the loop came to."""

    runs: int = 0
    steps: set[Step] = field(default_factory=set)
    corpus: list[bytes] = field(default_factory=list)
    """The inputs that reached something that none before them did."""
    broken: bytes | None = None
    reason: str = ""


def fuzz(target: Target, seed: int, goes_on: Callable[[int], bool]) -> Found:
    """Run until `goes_on(runs)` says no, or something breaks; the same for the same seed,
    as far as the target keeps nothing between two runs."""
    chance = random.Random(f"{target.name}/{seed}")
    found = Found()
    steps = Steps(target.modules)
    waiting = [*target.begin, *kept_inputs(target.name)]
    while goes_on(found.runs):
        if waiting:
            data = waiting.pop(0)
        else:
            data = mutated(chance.choice(found.corpus), chance, target.words, found.corpus)
        found.runs += 1
        try:
            reached = steps.taken_by(lambda data=data: target.run(data))  # type: ignore[misc]
        except Exception as error:
            found.reason = reason_of(error)
            found.broken = shrunk(data, lambda each: breaks(target, each) == found.reason)
            break
        if reached - found.steps:
            found.steps |= reached
            found.corpus.append(data)
    return found


def reason_of(error: Exception) -> str:
    """The kind of failure and its place, without what depends on the input."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} in {place}"


def breaks(target: Target, data: bytes) -> str:
    """Why it does not hold; "" where it does."""
    try:
        target.run(data)
    except Exception as error:
        return reason_of(error)
    return ""


def shrunk(data: bytes, still: Callable[[bytes], bool], tries: int = SHRINKING) -> bytes:
    """A smaller input for which `still` holds: pieces are left out as long as it does."""
    size = max(1, len(data) // 2)
    while tries > 0 and data:
        at, smaller = 0, False
        while at < len(data) and tries > 0:
            without = data[:at] + data[at + size :]
            tries -= 1
            if still(without):
                data, smaller = without, True
            else:
                at += size
        if size == 1 and not smaller:
            break
        size = max(1, size // 2)
    return data
