from __future__ import annotations

import pytest

from tests.support.simulated import SteppedClock


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()
