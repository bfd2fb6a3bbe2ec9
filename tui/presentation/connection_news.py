"""What became of the connection, told once for each outage."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble
from tui.presentation import times
from tui.presentation.happening import Happening


class ConnectionNews:
    """Compares the trouble of each snapshot with what has been told. Pure but for that memory.

    `no data yet` and `connection lost` with the reason, `connection back`; and `refused` for
    what comes to light in an outage and waits for a person. One outage is one pair of lines,
    whatever each try dies of.
    """

    def __init__(self) -> None:
        self._trouble: Trouble | None = None
        self._told: set[str] = set()

    def lines(self, state: Snapshot, monotonic: float, server_now: datetime) -> list[Happening]:
        """What is new in `state`, at that moment of `Clock.monotonic`."""
        before, trouble = self._trouble, state.trouble
        self._trouble = trouble
        if trouble is None:
            if before is None or state.fetched_at is None:
                return []
            lasted = timedelta(seconds=max(0.0, monotonic - before.since))
            said = f"after {times.duration(lasted)}"
            return [Happening(server_now, "connection back", None, said, lasted=lasted)]
        if before is None:
            self._told = set()
        if trouble.sentence in self._told:
            return []
        goes_on = state.session is not None and bool(self._told)
        if goes_on and not trouble.needs_person:
            return []
        self._told.add(trouble.sentence)
        what = "no data yet" if state.session is None else "connection lost"
        remedy = f" {trouble.remedy}" if trouble.remedy else ""
        said = f"{trouble.sentence}{remedy}"
        return [Happening(server_now, "refused" if goes_on else what, None, said)]
