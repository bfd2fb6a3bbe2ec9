"""What the tests of screens share: nothing of the machine or of chance shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from tui import password_sources
from tui.monitor import backoff


def without_the_machine(
    monkeypatch: pytest.MonkeyPatch, forgotten: Sequence[str] = ()
) -> Iterator[None]:
    """UTC, all colours, no other terminal's variables nor the `forgotten` ones, no keyring, no
    jitter.
    """
    monkeypatch.setenv("TZ", "UTC")
    for name in ("NO_COLOR", "TMUX", "COLORFGBG", "TEXTUAL", *forgotten):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    time.tzset()
    # The pilot looks whether the loop is idle in steps of 20 ms, for each key.
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.002)
    monkeypatch.setattr(password_sources, "keyring_available", lambda: False)
    really = backoff.delay

    def without_jitter(
        failures: int,
        interval: float,
        random: Callable[[], float],
        asked: float | None = None,
    ) -> float:
        return really(failures, interval, lambda: 0.5, asked)

    monkeypatch.setattr(backoff, "delay", without_jitter)
    yield
    monkeypatch.undo()
    time.tzset()
