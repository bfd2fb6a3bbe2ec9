"""How many VMs fail over at once: a gauge of the slots in use.

Ten is the limit that issue 5 states. The server's answers never name it, so more
than ten running tasks are shown as they are.
"""

from __future__ import annotations

from typing import Final

from tui.light import dataclass

SLOTS: Final = 10
"""How many VMs a backup server fails over at the same time."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots in use. `used` may exceed `of`: then the limit is not what we think it is."""

    used: int
    of: int = SLOTS

    @property
    def is_full(self) -> bool:
        """Whether a waiting VM has to wait for another one to finish."""
        return self.used >= self.of
