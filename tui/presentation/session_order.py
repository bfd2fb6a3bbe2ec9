"""Which sessions the picker shows, in which order, how many there are, and why none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, lasted
from tui.analysis.identity import Tenants
from tui.analysis.status import is_done
from tui.enterprise_manager.in_time import began
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass
from tui.monitor.session_list import SessionListState
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, spread
from tui.presentation.task_order import matches

WHAT_TO_TYPE: Final = "Session ID or its first digits, URL, latest, running, plan:NAME; Enter"
_EMPTY: Final = (
    "This Enterprise Manager shows no cloud failover sessions to this account. They appear"
    " once a cloud failover plan has been started; Enterprise Manager may take up to"
    " 15 minutes to collect them. A session ID typed above is asked for directly."
)
_EMPTY_WITHOUT_CLOUD_CONNECT: Final = (
    "This Enterprise Manager offers no Cloud Connect service to this account, hence no cloud"
    " failover sessions: it needs a service provider licence and an account that may see it."
)

SORTS = ("start", "plan", "duration", "status")
_SORT_OF = {"local": "start", "progress": "status", "percent": "status"}


@dataclass(frozen=True)
class SessionRow:
    """A session with its assessment, and whose it is where that is known."""

    session: FailoverSession
    assessment: Assessment
    tenant: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is not over: also in a state that is unknown here, such as `Resuming`."""
        return not is_done(self.session.state, self.session.ended)


class SessionRows:
    """Makes rows, each session assessed only when its reading changed."""

    def __init__(self) -> None:
        self._rows: dict[str, SessionRow] = {}
        self._tenants = Tenants()

    def of(
        self, sessions: Iterable[FailoverSession], tenants: Tenants | None = None
    ) -> list[SessionRow]:
        """One row for each session; `tenants` tells whose they are."""
        if tenants is not None and tenants is not self._tenants:
            self._rows.clear()
            self._tenants = tenants
        rows = []
        for session in sessions:
            row = self._rows.get(session.id)
            if row is None or row.session is not session:
                row = SessionRow(session, assess(session), self._tenants.of(session))
                self._rows[session.id] = row
            rows.append(row)
        return rows


@dataclass(frozen=True)
class SessionOrder:
    """Which sessions are shown, and in which order; running ones always on top."""

    sort: str = "start"
    reverse: bool = False
    filter: str = ""
    failures_only: bool = False

    def arrange(
        self, rows: Iterable[SessionRow], said: Callable[[SessionRow], str] = lambda _: ""
    ) -> list[SessionRow]:
        """The rows that pass, running ones first, failures leading among them.

        `said` is the verdict that stands in a row: a filter searches it as it is read.
        """
        kept = [row for row in rows if self._passes(row, said)]
        kept.sort(key=_SORT_KEYS[self.sort], reverse=self.reverse)
        kept.sort(key=_running_first)
        return kept

    def _passes(self, row: SessionRow, verdict: Callable[[SessionRow], str]) -> bool:
        status = row.assessment.status
        if self.failures_only and TOKENS[status] != "failed":
            return False
        if not self.filter:
            return True
        session = row.session
        said = word(status, row.assessment.server_word)
        return matches(
            self.filter,
            (
                session.plan_name,
                said,
                verdict(row),
                session.backup_server or "",
                row.tenant or "",
                session.id,
            ),
        )

    def sorted_by(self, column_id: str) -> SessionOrder:
        """Sort by that column, or turn the order round if it is the sorted one."""
        sort = _SORT_OF.get(column_id, column_id)
        if sort not in SORTS:
            return self
        return replace(self, sort=sort, reverse=not self.reverse if sort == self.sort else False)

    def next_sort(self) -> SessionOrder:
        """Sort by the next column."""
        sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        return replace(self, sort=sort, reverse=False)


def _running_first(row: SessionRow) -> tuple[bool, int]:
    if not row.is_running:
        return (True, 0)
    return (False, {"failed": 0, "warning": 1}.get(TOKENS[row.assessment.status], 2))


def _by_start(row: SessionRow) -> float:
    return -began(row.session)


_SORT_KEYS: dict[str, Callable[[SessionRow], tuple[object, ...]]] = {
    "start": lambda row: (_by_start(row),),
    "plan": lambda row: (row.session.plan_name.casefold(), _by_start(row)),
    "duration": lambda row: (
        -(
            taken.total_seconds()
            if (taken := lasted(row.session.created, row.session.ended))
            else -1.0
        ),
        _by_start(row),
    ),
    "status": lambda row: (TOKENS[row.assessment.status], _by_start(row)),
}


def list_title(
    state: SessionListState, order: SessionOrder, shown: int, width: int, glyphs: Glyphs
) -> Line:
    """How many sessions there are, and are shown; the dash for a list that was never read."""
    total = len(state.sessions)
    # Never "0 sessions" where nothing was read yet.
    number = glyphs.dash if state.fetched_at is None else str(total)
    about = state.about
    if about is not None:
        number = f"{total:,} of about {about:,}"
    said = f" {number} cloud failover session{'' if total == 1 and about is None else 's'}"
    if about is not None:
        said += " read"
    if state.unreadable:
        said += f" and {state.unreadable} that cannot be read"
    if order.filter or order.failures_only:
        what = "failed only" if order.failures_only else ""
        text = f"filter {glyphs.clean(order.filter)}" if order.filter else ""
        said += f", {', '.join(part for part in (what, text) if part)}: {shown} shown"
    right = ""
    if state.pages is not None and not state.is_complete:
        right = "End reads more " if state.is_enough else "reading on "
    elif state.pages is None and state.trouble is None:
        right = "reading the list "
    return spread([(said, "title")], [(right, "dim")], width, glyphs)


def nothing_listed(*, cloud_connect: bool | None) -> str:
    """Why a list is empty; `cloud_connect` as the server tells, None where it does not."""
    return _EMPTY_WITHOUT_CLOUD_CONNECT if cloud_connect is False else _EMPTY
