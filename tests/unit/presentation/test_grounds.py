"""Why the RTO's verdict is what it is: each ground in its words."""

from __future__ import annotations

import pytest

from tui.analysis.targets import Recovery, RtoGround, RtoView, TargetVerdict, Undecided
from tui.presentation.grounds import rto_reason

COUNTED = {
    RtoGround.VMS_FAILED: "3 VMs failed, unless they are tried again",
    RtoGround.BEING_STOPPED: "it is being stopped, and 5 of 14 VMs are not up",
    RtoGround.VMS_STALLED: "2 VMs stalled",
    RtoGround.VMS_LOST: "5 of 14 VMs not recovered",
    RtoGround.UNDECIDED: "4 VMs that cannot be read",
    RtoGround.LITTLE_LEFT: "more than 80% of the target has gone by",
}
MANY = Recovery(14, 5, 3, undecided=Undecided.UNREADABLE, undecided_vms=4)


@pytest.mark.parametrize("ground", RtoGround)
def test_each_ground_has_words_of_its_own(ground: RtoGround) -> None:
    said = [
        rto_reason(RtoView(TargetVerdict.UNKNOWN, ground=each, stalled=2, recovery=MANY))
        for each in RtoGround
    ]
    mine = rto_reason(RtoView(TargetVerdict.UNKNOWN, ground=ground, stalled=2, recovery=MANY))
    assert said.count(mine) == 1
    assert mine == COUNTED.get(ground, mine)


def test_without_a_ground_nothing_is_said() -> None:
    assert rto_reason(RtoView(TargetVerdict.NO_TARGET)) == ""


@pytest.mark.parametrize(
    ("ground", "vms", "text"),
    [
        (RtoGround.VMS_FAILED, Recovery(14, 1, 1), "1 VM failed, unless it is tried again"),
        (
            RtoGround.BEING_STOPPED,
            Recovery(14, 1),
            "it is being stopped, and 1 of 14 VMs is not up",
        ),
        (RtoGround.VMS_STALLED, Recovery(14), "1 VM stalled"),
        (RtoGround.VMS_LOST, Recovery(1, 1), "1 of 1 VM not recovered"),
        (RtoGround.VMS_LOST, Recovery(0, 2), "2 VMs not recovered"),
        (
            RtoGround.UNDECIDED,
            Recovery(2, undecided=Undecided.STILL_WORKING, undecided_vms=1),
            "1 VM still shown as working",
        ),
        (
            RtoGround.UNDECIDED,
            Recovery(2, undecided=Undecided.WITHOUT_A_RESULT, undecided_vms=2),
            "2 VMs without a result",
        ),
        (
            RtoGround.UNDECIDED,
            Recovery(undecided=Undecided.SESSION_WITHOUT_A_RESULT),
            "the session has no result",
        ),
    ],
)
def test_one_vm_is_one_and_several_are_several(ground: RtoGround, vms: Recovery, text: str) -> None:
    view = RtoView(TargetVerdict.UNKNOWN, ground=ground, stalled=1, recovery=vms)
    assert rto_reason(view) == text
