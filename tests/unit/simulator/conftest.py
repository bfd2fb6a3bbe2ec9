from __future__ import annotations

import pytest

from tui.simulator.clock import SteppedClock


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()
