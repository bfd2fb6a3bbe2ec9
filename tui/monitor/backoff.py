"""How long to wait after a failure: doubling, jittered, capped; it never gives up."""

from __future__ import annotations

from collections.abc import Callable

CAP_SECONDS = 60.0


def delay(
    failures: int,
    interval: float,
    random: Callable[[], float],
    asked: float | None = None,
) -> float:
    """Seconds until the next try after `failures` failures in a row (at least 1).

    The first retry waits one interval, each further one twice as long. `random`
    gives 0..1; the jitter is a fifth either way, so that monitors that lost the
    server together do not come back together. Never above 60 seconds,
    jitter included: the longest waits lie between 40 and 60.

    `asked` is what the server wants waited, in seconds: never less than that, but a
    server that wants hours is asked again after a minute all the same.
    """
    doublings = min(failures - 1, 16)
    wait = min(CAP_SECONDS / 1.2, interval * 2.0**doublings)
    return min(CAP_SECONDS, max(wait * (0.8 + 0.4 * random()), asked or 0.0))
