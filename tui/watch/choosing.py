"""Which session to watch when none was named."""

from __future__ import annotations

from collections.abc import Iterable

from tui.analysis.status import is_done
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass
from tui.presentation.session_names import named_session


@dataclass(frozen=True)
class Choice:
    """The session to watch, and why, in sentences for standard error."""

    session: FailoverSession
    sentences: tuple[str, ...]


def choose(sessions: Iterable[FailoverSession]) -> Choice | None:
    """The newest running session, else the newest one; None where there is none."""
    sessions = newest_first(sessions)
    running = [each for each in sessions if not is_done(each.state, each.ended)]
    if len(running) == 1:
        said = f"Watching the one running session: {named_session(running[0])}."
        return Choice(running[0], (said,))
    if running:
        others = tuple(f"Also running: {named_session(each)}." for each in running[1:])
        return Choice(running[0], (f"Watching the newest: {named_session(running[0])}.", *others))
    if sessions:
        first = sessions[0]
        return Choice(first, (f"No session is running. The newest: {named_session(first)}.",))
    return None
