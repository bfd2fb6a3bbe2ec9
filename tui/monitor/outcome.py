"""What a session came to, as the exit code that scripts see: `watch` and `status` ask here."""

from __future__ import annotations

from typing import Final

from tui.analysis.status import Status
from tui.analysis.targets import TargetVerdict
from tui.exit_codes import ExitCode
from tui.monitor.snapshot import Snapshot

RESULTS: Final = {
    Status.SUCCESS: ExitCode.SUCCESS,
    Status.WARNING: ExitCode.WARNING,
    Status.FAILED: ExitCode.FAILED,
}
"""The results that a session can end with; any other end has no verdict, and is no success."""


def outcome(snapshot: Snapshot) -> ExitCode | None:
    """The code of a session that is over; None while it is not, or was never seen.

    What recovered but missed a target has a code of its own, with warnings or without; a
    failure is one, whatever became of the targets.
    """
    assessment, drill = snapshot.assessment, snapshot.drill
    if assessment is None or not snapshot.over:
        return None
    code = RESULTS.get(assessment.status, ExitCode.FAILED)
    if code is ExitCode.FAILED or drill is None:
        return code
    missed = TargetVerdict.NOT_MET in (drill.rto.verdict, drill.rpo.verdict)
    return ExitCode.TARGET_MISSED if missed else code
