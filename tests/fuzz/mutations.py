"""Small changes of an input, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence

LONGEST = 20_000
"""Bytes of an input: growth is other tests' matter."""


def mutated(
    data: bytes, chance: random.Random, words: Sequence[bytes], others: Sequence[bytes]
) -> bytes:
    """One to four changes; `words` are what the grammar knows, `others` inputs to splice."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = _changed(data, chance, words, others)
    return data[:LONGEST]


def _changed(
    data: bytes, chance: random.Random, words: Sequence[bytes], others: Sequence[bytes]
) -> bytes:
    at = chance.randint(0, len(data))
    size = min(len(data) - at, chance.choice((1, 1, 2, 8, 60, 300)))
    before, part, behind = data[:at], data[at : at + size], data[at + size :]
    match chance.randrange(7):
        case 0:
            return before + behind
        case 1:
            return before + part + part + behind
        case 2:
            return before + bytes([chance.randrange(256)]) + behind
        case 3:
            return before + chance.choice(words) + part + behind
        case 4:
            return before + chance.choice(words) + behind
        case 5:
            other = chance.choice(others)
            begin = chance.randint(0, len(other))
            return before + other[begin : begin + chance.choice((4, 40, 400))] + part + behind
        case _:
            other = chance.choice(others)
            return before + other[chance.randint(0, len(other)) :]
