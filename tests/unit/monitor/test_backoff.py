from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.monitor.backoff import CAP_SECONDS, delay


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 50), (10**9, 50)]
)
def test_each_failure_doubles_the_wait_up_to_a_minute(failures: int, seconds: float) -> None:
    assert delay(failures, 5.0, lambda: 0.5) == pytest.approx(seconds)


def test_the_jitter_is_a_fifth_either_way() -> None:
    assert delay(1, 5.0, lambda: 0.0) == pytest.approx(4.0)
    assert delay(1, 5.0, lambda: 1.0) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("asked", "seconds"), [(None, 5), (0.0, 5), (3.0, 5), (30.0, 30), (60.0, 60), (86_400.0, 60)]
)
def test_a_server_that_asks_for_more_time_gets_it_up_to_a_minute(
    asked: float | None, seconds: float
) -> None:
    assert delay(1, 5.0, lambda: 0.5, asked) == pytest.approx(seconds)


@given(st.integers(1, 10**12), st.floats(2.0, 3600.0), st.floats(0.0, 1.0, exclude_max=True))
def test_never_above_a_minute_and_never_a_storm(
    failures: int, interval: float, random: float
) -> None:
    wait = delay(failures, interval, lambda: random)
    assert min(interval, CAP_SECONDS / 1.2) * 0.8 <= wait <= CAP_SECONDS


@given(st.integers(1, 60), st.floats(2.0, 60.0))
def test_a_further_failure_never_shortens_the_wait(failures: int, interval: float) -> None:
    def middle() -> float:
        return 0.5

    assert delay(failures, interval, middle) <= delay(failures + 1, interval, middle)


def test_two_monitors_that_failed_together_come_back_apart() -> None:
    randoms = [tenth / 10 for tenth in range(10)]
    assert len({delay(6, 5.0, iter([random]).__next__) for random in randoms}) == 10
