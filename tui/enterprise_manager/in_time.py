"""The order in time of what the server dates: sessions, tasks, replica points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar


class Dated(Protocol):
    """What the server says the creation time of, or leaves undated."""

    @property
    def created(self) -> datetime | None:
        """An aware time, None where the server gave none."""


T = TypeVar("T", bound=Dated)


def began(dated: Dated) -> float:
    """Its start in seconds, to sort by; what the server does not date is the oldest."""
    return dated.created.timestamp() if dated.created else -math.inf


def newest_first(items: Iterable[T]) -> list[T]:
    """The newest first, the undated last; what began at one time stays in its order."""
    return sorted(items, key=lambda item: -began(item))


def newest_of(items: Iterable[T]) -> T | None:
    """The newest, the first of them where several began at one time; None where there is none."""
    return max(items, key=began, default=None)
