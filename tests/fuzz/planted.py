"""A defect that only feedback finds: what the fuzzing itself is tested with."""

from __future__ import annotations


def run(data: bytes) -> None:
    """Breaks for what begins with `deep`, and tells each letter by a step of its own."""
    rest = data[:4]
    if rest[0:1] != b"d":
        return
    if rest[1:2] != b"e":
        return
    if rest[2:3] != b"e":
        return
    if rest[3:4] != b"p":
        return
    raise ZeroDivisionError
