"""A session as one line of plain text: for sentences, and to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from tui.analysis.assessing import assess
from tui.enterprise_manager.resources import FailoverSession
from tui.presentation import times
from tui.presentation.glyphs import ASCII, word
from tui.presentation.text import clean
from tui.session_selector import Selector, Which


def plan_name(session: FailoverSession) -> str:
    """The plan's name as visible text; the dash for one that has none."""
    return clean(session.plan_name).strip() or ASCII.dash


def named_session(session: FailoverSession) -> str:
    """`ABC Company Failover Plan, started 2026-11-23T14:03:22Z, 4347c445-…`."""
    started = f", started {times.iso(session.created)}" if session.created else ""
    return f"{plan_name(session)}{started}, {session.id}"


def sought_text(wanted: str | Selector) -> str:
    """What is looked for: `session 4347…`, `the running session`."""
    if isinstance(wanted, str):
        return f"session {wanted}"
    return {
        Which.LATEST: "the latest session",
        Which.RUNNING: "the running session",
        Which.PREFIX: f"the session whose ID begins with {wanted.text}",
        Which.PLAN: f"the newest session of {clean(wanted.text)}",
    }[wanted.which]


def candidate_lines(candidates: Iterable[object]) -> list[str]:
    """What to choose from: ID, status, start and plan of each, in columns but for the last."""
    sessions = [each for each in candidates if isinstance(each, FailoverSession)]
    views = [assess(session) for session in sessions]
    words = [word(view.status, view.server_word) for view in views]
    room = max(map(len, words), default=0)
    return [
        f"  {session.id}  {said:<{room}}  {_rest(session)}"
        for session, said in zip(sessions, words, strict=True)
    ]


def _rest(session: FailoverSession) -> str:
    started = times.iso(session.created) if session.created else ASCII.dash
    where = f" on {clean(session.backup_server)}" if session.backup_server else ""
    return f"{started:<20}  {plan_name(session)}{where}"
