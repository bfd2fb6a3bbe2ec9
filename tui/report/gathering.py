"""Where a report comes from: a journal, or without one the server alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tui.errors import FailoverMonitorError, InvalidInput, NotFound
from tui.journal.chain import Verification, Wholeness
from tui.journal.keeping import Past, local_offset, read_past
from tui.journal.playing import UnknownFormat
from tui.monitor.follower import SessionFollower
from tui.monitor.live_session import LiveSession
from tui.monitor.snapshot import Snapshot
from tui.presentation.journal_lines import verification_text
from tui.report.building import Circumstances, report_of
from tui.report.model import Report, Watch

_NO_JOURNAL = (
    "There is no journal: this is what the server tells now. Events, notes, acknowledgements and"
    " warnings that passed are not known, nor who watched.",
)
MOST_DETAILS = 5_000
"""Steps of at most four requests; more replica points than a session has."""


def report_of_journal(path: Path) -> Report:
    """The report of a journal, as of the last data in it. Raises InvalidInput."""
    try:
        past = read_past(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from None
    except UnknownFormat as error:
        raise InvalidInput(f"{path} was written by a later version: {error}.") from None
    if past.verification.wholeness is Wholeness.EMPTY or past.session_id is None:
        raise InvalidInput(f"{path} is not a journal.", "See failover-monitor journal list.")
    shown, now = followed(past)
    if shown.session is None:
        raise InvalidInput(f"{path} holds no reading of its session.")
    return report_of(shown, now, _of_journal(path, past, shown))


def followed(past: Past) -> tuple[Snapshot, datetime]:
    """What a journal's observations come to, and the server's time of the last data."""
    follower = SessionFollower(past.session_id or "")
    monotonic, seen_at = 0.0, datetime.fromtimestamp(0, UTC)
    for observation in past.observations:
        follower.take(observation)
        monotonic, seen_at = observation.monotonic, observation.seen_at
    shown = follower.snapshot
    return shown, shown.data_from(monotonic, seen_at)


def _of_journal(path: Path, past: Past, shown: Snapshot) -> Circumstances:
    watcher = past.watchers[-1][1] if past.watchers else None
    return Circumstances(
        server=past.server or "unknown",
        watches=tuple(_watches(past)),
        fingerprint=watcher.fingerprint if watcher is not None else None,
        utc_offset=timedelta(seconds=watcher.utc_offset) if watcher is not None else None,
        journal=path.name,
        journal_hash=past.verification.last_hash,
        journal_state=verification_text(past.verification),
        unseen=tuple(_unseen(past, shown)),
    )


def _watches(past: Past) -> list[Watch]:
    """Who watched from when until when: until the last that was heard of that run."""
    seen = [observation.seen_at for observation in past.observations]
    begins = [at for at, _ in past.watchers]
    ends = [max((at for at in seen if at < after), default=None) for _, after in pairwise(begins)]
    ends.append(max(seen, default=None))
    return [
        Watch(user=who.user, host=who.host, version=who.version, begin=at, end=end)
        for (at, who), end in zip(past.watchers, ends, strict=True)
    ]


def _unseen(past: Past, shown: Snapshot) -> list[str]:
    said = []
    found: Verification = past.verification
    if found.wholeness is not Wholeness.WHOLE:
        said.append(f"The journal is not whole: {verification_text(found)}")
    if past.unreadable:
        said.append(f"{past.unreadable} records of the journal could not be understood.")
    first = next((each for each in past.observations if each.kind == "reading"), None)
    begun = shown.session.created if shown.session is not None else None
    if first is not None and begun is not None and first.server_time is not None:
        late = first.server_time - begun
        if late > timedelta(minutes=1):
            said.append(
                f"Nobody watched before {first.server_time:%Y-%m-%d %H:%M:%S} UTC; of the time"
                " before only what the server dates is told."
            )
    return said


async def report_of_server(live: LiveSession, server: str, fingerprint: str | None) -> Report:
    """The report of what the server tells now. Raises what it meets."""
    shown = await look_once(live)
    around = Circumstances(
        server=server,
        fingerprint=fingerprint,
        utc_offset=local_offset(),
        unseen=_NO_JOURNAL,
    )
    return report_of(shown, live.server_now(), around)


async def look_once(live: LiveSession, most_details: int = MOST_DETAILS) -> Snapshot:
    """All that the server tells now of a session, as a screen would come to know it.

    At most so many steps for plan and replica points, four of these each; what was not read
    counts as to come. Raises what it meets: what was known before is not taken for an answer.
    """
    live.open()
    shown = await live.poll_once()
    if shown.session is None or shown.trouble is not None:
        raise unseen(shown)
    for _ in range(most_details):
        if not await live.read_details():
            break
    # The earlier runs last: with them what the replica points say is judged at once, which
    # otherwise waits for the next poll.
    if not await live.read_earlier_runs():
        await live.poll_once()
    return live.look()


def unseen(shown: Snapshot) -> FailoverMonitorError:
    """Why nothing was read of a session that was asked for once."""
    if shown.trouble is None:
        return NotFound("The server told nothing of this session.")
    return shown.trouble.as_error()
