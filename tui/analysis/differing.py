"""Where one list is not the other, told at a glance: what is unchanged is the same object again.

Each stage of a poll asks this of what it was given last, and works on these places only.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not


def differing(before: Sequence[object], after: Sequence[object]) -> list[int]:
    """The places, up to the end of the shorter one, at which another object stands."""
    if before is after:
        return []
    return list(compress(count(), map(is_not, before, after)))
