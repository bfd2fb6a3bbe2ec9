from __future__ import annotations

from datetime import timedelta

import pytest

from tui.connecting import DEMO_RPO, DEMO_RTO, to_simulator
from tui.settings import DemoOptions, PlanTarget, ResolvedSettings, Targets

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("configured", "shown"),
    [
        (Targets(), PlanTarget(rto=DEMO_RTO, rpo=DEMO_RPO)),
        (Targets(default=PlanTarget(rto=HOUR)), PlanTarget(rto=HOUR, rpo=DEMO_RPO)),
        (Targets(default=PlanTarget(rto=HOUR, rpo=HOUR)), PlanTarget(rto=HOUR, rpo=HOUR)),
        (Targets(plans={"mine": PlanTarget(rpo=HOUR)}), PlanTarget(rto=DEMO_RTO)),
    ],
)
def test_a_rehearsal_has_targets_unless_some_are_configured(
    configured: Targets, shown: PlanTarget
) -> None:
    settings = to_simulator(ResolvedSettings(targets=configured), DemoOptions()).settings
    assert settings.targets.for_plan("another plan") == shown
    assert settings.targets.plans == configured.plans


def test_a_rehearsal_opens_its_running_failover_unless_it_is_to_wait_for_a_plan() -> None:
    assert to_simulator(ResolvedSettings(), DemoOptions()).settings.session_id is not None
    waiting = to_simulator(ResolvedSettings(wait_for="ABC"), DemoOptions()).settings
    assert waiting.session_id is None
    assert waiting.wait_for == "ABC"
