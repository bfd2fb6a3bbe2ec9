"""Which session a person means: an ID or its beginning, `latest`, `running`, `plan:NAME`.

What is ambiguous is never decided here: the error lists the sessions that it could be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from tui.analysis.identity import of_server, tenants_of
from tui.enterprise_manager.address import parse_session_id
from tui.enterprise_manager.in_time import newest_first
from tui.errors import AmbiguousSession, FailoverMonitorError, InvalidSessionId, NotFound
from tui.session_selector import Selector, Which

if TYPE_CHECKING:
    from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, SessionPage

__all__ = ["Selector", "Which", "find_session", "parse_selection"]

SHORTEST_PREFIX: Final = 4
"""Digits. Fewer are more likely a slip than the beginning of an ID."""

MOST_PAGES: Final = 20
PAGE_SIZE: Final = 100
_SHOWN: Final = 10

_BARE = re.compile(r"[0-9a-f]{32}")
_PREFIX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX}}}[0-9a-f-]{{0,32}}")
_PLAN = "plan:"
_ELSE = " Or write its first digits, latest, running, or plan:NAME."


class SelectionSource(Protocol):
    """The part of the client that sessions are looked for through."""

    async def failover_sessions(self, page: int = 1, page_size: int = 100) -> SessionPage:
        """Read one page of sessions, newest first."""

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """Read the newest sessions of that name."""

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        """Find cloud failover plans by name."""


def parse_selection(text: str) -> str | Selector:
    """A whole session ID, in lower case, or what to look for.

    Besides what `parse_session_id` takes: 32 digits without dashes, also in braces or quotes,
    the first four or more digits of an ID, `latest`, `running`, `plan:NAME`. Raises
    `InvalidSessionId` for anything else.
    """
    typed = text.strip().strip("\"'{}").strip()
    if typed.lower().startswith(_PLAN):
        name = typed[len(_PLAN) :].strip().strip("\"'")
        if not name:
            raise InvalidSessionId("plan: lacks the name of the plan.", "Write plan:NAME.")
        return Selector(Which.PLAN, name)
    word = typed.lower()
    if word in (Which.LATEST.value, Which.RUNNING.value):
        return Selector(Which(word))
    if _BARE.fullmatch(word):
        return "-".join((word[:8], word[8:12], word[12:16], word[16:20], word[20:]))
    if len(word) < 36 and _PREFIX.fullmatch(word):
        return Selector(Which.PREFIX, _dashed(word.replace("-", "")))
    try:
        return parse_session_id(text)
    except InvalidSessionId as error:
        sentence, remedy = error.sentence, error.remedy
    raise InvalidSessionId(sentence, f"{remedy}{_ELSE}" if remedy else None)


def _dashed(digits: str) -> str:
    """The beginning of an ID with the dashes where they belong."""
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(part for part in parts if part)


async def find_session(source: SelectionSource, wanted: Selector) -> FailoverSession:
    """The one session that is meant.

    Asks for as many pages as it takes, `MOST_PAGES` at most. Raises `NotFound` where there is
    none, `AmbiguousSession` where it could be several, and what the client raises.
    """
    if wanted.which is Which.PLAN:
        sessions = await source.failover_sessions_named(wanted.text)
        return _of_plan(wanted.text, sessions, await _plans(source, wanted.text))
    found: dict[str, FailoverSession] = {}
    page = pages = 0
    while page == 0 or page < min(pages, MOST_PAGES):
        page += 1
        answer = await source.failover_sessions(page, PAGE_SIZE)
        pages = answer.pages if answer.sessions else page
        for session in answer.sessions:
            if _fits(session, wanted):
                found.setdefault(session.id, session)
        if wanted.which is Which.LATEST and found:
            break
    candidates = newest_first(found.values())
    if not candidates:
        raise NotFound(*_none(wanted, whole=page >= pages))
    if wanted.which is not Which.LATEST and len(candidates) > 1:
        raise _ambiguous(wanted, candidates)
    return candidates[0]


def _fits(session: FailoverSession, wanted: Selector) -> bool:
    if wanted.which is Which.PREFIX:
        return session.id.startswith(wanted.text)
    # What reads a word only, as the command line does first of all, needs no statuses.
    from tui.analysis.status import is_done

    return wanted.which is Which.LATEST or not is_done(session.state, session.ended)


async def _plans(source: SelectionSource, name: str) -> tuple[FailoverPlan, ...]:
    """The plans of that name; none where the server does not tell: then the sessions have to do."""
    with suppress(FailoverMonitorError):
        return await source.failover_plans(name)
    return ()


def _of_plan(
    name: str, sessions: Sequence[FailoverSession], plans: Sequence[FailoverPlan]
) -> FailoverSession:
    """The newest session of the plan.

    Plans of that name on two servers are two plans, and so are those of two tenants on one,
    whose sessions nothing in a list tells apart.
    """
    candidates = newest_first(sessions)
    if not candidates:
        raise NotFound(*_none(Selector(Which.PLAN, name), whole=True))
    newest = {session.backup_server: session for session in reversed(candidates)}
    if len(newest) > 1:
        raise _ambiguous(Selector(Which.PLAN, name), newest_first(newest.values()))
    mine = of_server(plans, candidates[0])
    if len(mine) > 1:
        whose = ", ".join(tenants_of(mine)) or "nobody knows whose"
        said = f"{len(mine)} plans of the server are called “{name}” ({whose})"
        raise AmbiguousSession(f"{said}: name a session by its ID.", candidates[:_SHOWN])
    return candidates[0]


def _none(wanted: Selector, *, whole: bool) -> tuple[str, str]:
    looked = "" if whole else f" among the newest {MOST_PAGES * PAGE_SIZE}"
    what = {
        Which.LATEST: f"There is no cloud failover session{looked}.",
        Which.RUNNING: f"No cloud failover session is running{looked}.",
        Which.PREFIX: f"No session's ID begins with {wanted.text}{looked}.",
        Which.PLAN: f"There is no session of a plan “{wanted.text}”.",
    }
    return what[wanted.which], "failover-monitor list shows the sessions there are."


def _ambiguous(wanted: Selector, candidates: Sequence[FailoverSession]) -> AmbiguousSession:
    said = {
        Which.RUNNING: f"{len(candidates)} sessions are running",
        Which.PREFIX: f"{len(candidates)} session IDs begin with {wanted.text}",
        Which.PLAN: f"Plans “{wanted.text}” of {len(candidates)} backup servers have sessions",
    }
    return AmbiguousSession(f"{said[wanted.which]}: name one of them by its ID.", candidates)
