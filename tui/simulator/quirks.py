"""How a simulated server behaves where real ones differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Quirks:
    """Departures from the usual; all are off unless set. Quirks as in the wire reference.

    `missing_as_500`: 500 for what is not there (12). `bom`: JSON begins with a byte order
    mark (16). `zero_progress`: Progress stays 0 (4). `silent_sessions`: sessions give no
    FailureMessage, not even failed ones (6). `tasks_in_lists`: sessions in lists carry
    their tasks too. `cloud_connect`: False on a server without a licence for it (23).
    """

    missing_as_500: bool = False
    bom: bool = False
    zero_progress: bool = False
    silent_sessions: bool = False
    tasks_in_lists: bool = False
    cloud_connect: bool = True


USUAL: Final = Quirks()
