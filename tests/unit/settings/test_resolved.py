from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from pydantic import SecretStr

from tui.settings import DemoOptions, PlanTarget, ResolvedSettings, SavedProfile, Targets


def test_no_secret_in_a_repr() -> None:
    settings = ResolvedSettings(
        password=SecretStr("hunter2"),
        proxy="http://u:hunter2@proxy:3128",
        profiles=(SavedProfile(name="a", password_command=("echo", "hunter2"), proxy="hunter2"),),
    )
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings)


def test_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ResolvedSettings().interval = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        DemoOptions().speed = 3.0  # type: ignore[misc]


def test_a_plan_without_its_own_target_takes_the_default() -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    targets = Targets(default=PlanTarget(rto=hour, rpo=hour), plans={"ABC": PlanTarget(rto=minute)})
    assert targets.for_plan("XYZ") == PlanTarget(rto=hour, rpo=hour)
    assert targets.for_plan("ABC") == PlanTarget(rto=minute, rpo=hour)
