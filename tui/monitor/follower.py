"""Folds what was observed of one session into snapshots. The one place that judges.

Deterministic: the same observations give the same snapshots, however often somebody looked
in between. What time alone changes (data grows old, a target goes by, a failure is no longer
new) is judged at the moment at which it changes, not at the moment at which somebody looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment
from tui.analysis.events import (
    Event,
    EventKind,
    changes,
    connection_back,
    connection_lost,
    unwatched,
)
from tui.analysis.moved_on import moved_on
from tui.analysis.status import is_done
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.clock import ServerClock
from tui.monitor.judging import Judging
from tui.monitor.observations import (
    Acknowledged,
    DetailsRead,
    GoalsSet,
    IntervalSet,
    KeepingTold,
    Left,
    NoAnswer,
    Noted,
    Observation,
    Opened,
    PauseSet,
    Reading,
    RunsRead,
    Seen,
    SiblingsRead,
    Silence,
)
from tui.monitor.session_list import merged
from tui.monitor.snapshot import Acknowledgement, Gap, Snapshot

SETTLE_SECONDS: Final = 5.0
"""To the next question once the session has stopped: its result may come late."""

STOPPED_SECONDS: Final = 60.0
"""Between questions after that, which also keeps the logon session from idling out."""

NEW_FOR: Final = 10.0
"""Seconds for which a failure is new."""

UNWATCHED_FROM: Final = timedelta(minutes=1)
"""A session that is opened again after so long was not watched in between."""

SILENT_FROM: Final = timedelta(minutes=6)
"""While it is followed, something is heard that often and one interval, in a journal too."""

MOST_GAPS: Final = 1_000
"""The oldest of more gaps are forgotten; their events tell of them as long as there is room."""

_OWN: Final = ("_judging", "_pending")


class SessionFollower:
    """Follows one session through its observations, in the order in which they came."""

    def __init__(self, session_id: str) -> None:
        self.snapshot = Snapshot(session_id)
        self._judging = Judging(self._now)
        self._pending: Iterator[None] = iter(())
        self._run: str | None = None
        self._followed = True
        self._here: tuple[datetime, float] | None = None
        self._came_to = -math.inf
        self._polls_since_stop = 0

    def twin(self) -> SessionFollower:
        """Another one that stands where this one does, and goes on by itself.

        What they know is replaced by either, never changed, so they may share it.
        """
        self._finish()
        twin = SessionFollower(self.snapshot.session_id)
        own = vars(twin)
        own["_judging"].know_all_of(self._judging)
        own.update({name: known for name, known in vars(self).items() if name not in _OWN})
        return twin

    # What comes in ----------------------------------------------------------------

    def take(self, observation: Observation) -> Snapshot:
        """Take an observation in. Raises what a session that makes no sense makes it raise;
        then nothing has changed."""
        for _ in self.stages(observation):
            pass
        return self.snapshot

    def stages(self, observation: Observation) -> Iterator[None]:
        """The same in pieces, so that a key can come between those of a very large session.

        What was begun is brought to its end before anything else is taken in.
        """
        self._finish()
        self._pending = self._stages(observation)
        return self._pending

    def look(self, monotonic: float) -> Snapshot:
        """What is to be shown at that moment, which is not before the last observation."""
        self._finish()
        self._advance(monotonic)
        return self.snapshot

    @property
    def due(self) -> float | None:
        """When time alone changes the snapshot next (monotonic seconds); None: never."""
        first = min(self._dues(), default=None)
        return None if first is None else max(first, self._came_to)

    def _finish(self) -> None:
        for _ in self._pending:
            pass

    def _stages(self, observation: Observation) -> Iterator[None]:
        if isinstance(observation, Opened):
            self._open(observation)
            return
        self._see_gap(observation, SILENT_FROM)
        at = observation.monotonic
        self._advance(at)
        self._here = (observation.seen_at, at)
        if isinstance(observation, Reading):
            yield from self._read(observation)
        else:
            self._TAKERS[type(observation)](self, observation)
        self._came_to = max(self._came_to, at)
        if self._judging.wants(observation, self.snapshot):
            yield
            self._judge(at)
        self._advance(at)

    # One method for each observation -----------------------------------------------

    def _open(self, opened: Opened) -> None:
        """What waited for an answer when it was last left is asked anew.

        Where it was not left, as when the program was killed, what time alone changed until
        now comes about first: the same follows for whoever looked on meanwhile.
        """
        again = self._run in (None, opened.run)
        seen_at, monotonic = self._here or (opened.seen_at, opened.monotonic)
        passed = opened.monotonic - monotonic
        if not again:
            passed = (opened.seen_at - seen_at).total_seconds()
        self._advance(monotonic + passed)
        self._see_gap(opened, UNWATCHED_FROM)
        paused = self.snapshot.paused and self._followed and again
        if not again:
            self._shift(opened.monotonic - monotonic - passed)
        self._run, self._followed = opened.run, True
        self._here = (opened.seen_at, opened.monotonic)
        self._came_to = opened.monotonic
        self._judging.drill.stall_after = opened.stall_after
        self._set(
            followed=True,
            paused=paused,
            trouble=None,
            asked_at=None,
            next_poll_at=None,
            wanted_interval=opened.interval,
            interval=self._interval(opened.interval),
        )

    def _see_gap(self, observation: Observation, longest: timedelta) -> None:
        """Whether nobody watched since the last observation.

        By this machine's clock across two runs of the program; within one, a clock that
        somebody set meanwhile is no time that went by.
        """
        if self._here is None or self.snapshot.session is None:
            return
        seen_at, monotonic = self._here
        passed = observation.seen_at - seen_at
        if not isinstance(observation, Opened) or observation.run == self._run:
            passed = min(passed, timedelta(seconds=observation.monotonic - monotonic))
        if passed <= longest + timedelta(seconds=self.snapshot.interval):
            return
        begin = self._now(monotonic)
        gap = Gap(begin, begin + passed)
        self._set(
            gaps=(*self.snapshot.gaps, gap)[-MOST_GAPS:],
            events=self.snapshot.events.extended((unwatched(gap.begin, gap.end),)),
        )

    def _leave(self, _: Left) -> None:
        self._followed = False
        self._set(followed=False)

    def _read(self, reading: Reading) -> Iterator[None]:
        before, at, session = self.snapshot, reading.monotonic, reading.session
        assessment = self._assessed(session)
        clock = ServerClock.seen(before.server_clock, reading.server_time, at, reading.seen_at)
        over = is_done(session.state, session.ended)
        polls_since_stop = self._polls_since_stop + 1 if over else 0
        yield
        now = clock.now(at) if clock is not None else reading.seen_at
        events: list[Event] = []
        if before.trouble is not None:
            events.append(connection_back(at - before.trouble.since, now))
        if assessment is not before.assessment:
            events += changes(before.assessment, session, assessment, now)
        self._polls_since_stop = polls_since_stop
        interval = self._interval(before.wanted_interval)
        self._set(
            session=session,
            assessment=assessment,
            watched=before.watched or not over,
            trouble=None,
            asked_at=None,
            interval=interval,
            polls=before.polls + 1,
            fetched_at=at,
            # From question to question, so that a long answer does not make data older
            # than the interval promises; but a slow server gets half of the time to itself.
            next_poll_at=max(reading.asked_at + interval, at + interval / 2),
            server_clock=clock,
            events=before.events.extended(tuple(sorted(events, key=lambda event: event.at))),
        )
        self._judging.drill.read(assessment, now)
        self._see_failures(before.assessment, assessment, at, now)

    def _fail(self, failed: NoAnswer) -> None:
        before = self.snapshot
        events = before.events
        if before.trouble is None:
            lost = connection_lost(failed.trouble.sentence, self._now(failed.monotonic))
            events = events.extended((lost,))
        self._set(
            trouble=failed.trouble.after(before.trouble),
            asked_at=None,
            polls=before.polls + 1,
            next_poll_at=failed.next_poll_at,
            events=events,
        )

    def _wait(self, silence: Silence) -> None:
        self._set(asked_at=silence.asked_at)

    def _detail(self, read: DetailsRead) -> None:
        before = self.snapshot.details
        details = read.added_to(before).kept_for(self.snapshot.session)
        self._set(details=details)
        session = self.snapshot.session
        changed = (before.plan, before.failed_over) != (details.plan, details.failed_over)
        if changed and session is not None:
            self._set(assessment=self._judged_anew(session))

    def _meet(self, read: SiblingsRead) -> None:
        self._set(siblings=merged(self.snapshot.siblings or (), read.sessions))

    def _learn(self, read: RunsRead) -> None:
        self._judging.learn(read.runs)
        self._set(runs=self._judging.drill.runs, usual=self._judging.drill.usual)

    def _aim(self, set_: GoalsSet) -> None:
        if set_.by_person or not self.snapshot.goals_by_person:
            by_person = self.snapshot.goals_by_person or set_.by_person
            self._set(goals=set_.goals, goals_by_person=by_person, goals_author=set_.author)

    def _pause(self, pause: PauseSet) -> None:
        self._set(paused=pause.paused)

    def _pace(self, set_: IntervalSet) -> None:
        self._set(wanted_interval=set_.interval, interval=self._interval(set_.interval))

    def _note(self, noted: Noted) -> None:
        at = self._now(noted.monotonic)
        self._set(events=self.snapshot.events.noted(noted.text, at, noted.author))

    def _acknowledge(self, acknowledged: Acknowledged) -> None:
        key, at, author = acknowledged.key, self._now(acknowledged.monotonic), acknowledged.author
        before = self.snapshot
        if key in before.acknowledged:
            return
        event = Event(at, EventKind.ACKNOWLEDGED, key=key, author=author)
        self._set(
            acknowledged={**before.acknowledged, key: Acknowledgement(at, author)},
            new_failures={k: since for k, since in before.new_failures.items() if k != key},
            events=before.events.extended((event,)),
        )

    def _keep(self, told: KeepingTold) -> None:
        self._set(journal_trouble=told.trouble)

    _TAKERS: Final[dict[type[Seen], Any]] = {
        Left: _leave,
        NoAnswer: _fail,
        Silence: _wait,
        DetailsRead: _detail,
        SiblingsRead: _meet,
        RunsRead: _learn,
        GoalsSet: _aim,
        PauseSet: _pause,
        IntervalSet: _pace,
        Noted: _note,
        Acknowledged: _acknowledge,
        KeepingTold: _keep,
    }

    # What follows from it ----------------------------------------------------------

    def _set(self, **fields: Any) -> None:
        self.snapshot = replace(self.snapshot, **fields)

    def _assessed(self, session: FailoverSession) -> Assessment:
        """The same answer is not judged twice."""
        known = self.snapshot.assessment
        if known is not None and session is self.snapshot.session:
            return known
        return self._judged_anew(session)

    def _judged_anew(self, session: FailoverSession) -> Assessment:
        known, details = self.snapshot.assessment, self.snapshot.details
        plan, failed_over = details.plan, details.failed_over
        watched = self.snapshot.watched or not is_done(session.state, session.ended)
        moved = known and moved_on(
            known, session, plan=plan, failed_over=failed_over, watched=watched
        )
        return moved or assess(
            session, plan=plan, failed_over=failed_over, watched=watched, before=known
        )

    def _interval(self, wanted: float) -> float:
        """How often to ask as things stand, in seconds."""
        if self._polls_since_stop == 0:
            return wanted
        return max(wanted, SETTLE_SECONDS if self._polls_since_stop == 1 else STOPPED_SECONDS)

    def _see_failures(
        self, before: Assessment | None, after: Assessment, at: float, now: datetime
    ) -> None:
        """What had failed before the first reading is not new; neither is it an alarm."""
        seen = self.snapshot.failed_seen_at
        new = [view.key for view in after.failures if view.key not in seen]
        if not new:
            return
        self._set(failed_seen_at={**seen, **dict.fromkeys(new, now)})
        if before is not None:
            fresh = {**self.snapshot.new_failures, **dict.fromkeys(new, at)}
            self._set(new_failures=fresh, alarms=self.snapshot.alarms + len(new))

    def _now(self, monotonic: float) -> datetime:
        """The server's time; by this machine's clock where the server's is not known."""
        seen_at, at = cast(tuple[datetime, float], self._here)
        return self.snapshot.server_now(monotonic, seen_at + timedelta(seconds=monotonic - at))

    # What time alone changes ----------------------------------------------------------

    def _judge(self, at: float) -> None:
        view = self._judging.judge(self.snapshot, at)
        if view is not None:
            self._set(drill=view)

    def _advance(self, to: float) -> None:
        """Bring about what was due up to that moment, each at its own."""
        while (due := self.due) is not None and due <= to:
            self._came_to = due
            new = self.snapshot.new_failures
            fresh = {key: since for key, since in new.items() if since + NEW_FOR > due}
            if len(fresh) < len(new):
                self._set(new_failures=fresh)
            if any(moment <= due for moment in self._judging.dues(self.snapshot)):
                self._judge(due)

    def _dues(self) -> Iterator[float]:
        if self._followed:
            yield from (at + NEW_FOR for at in self.snapshot.new_failures.values())
            yield from self._judging.dues(self.snapshot)

    def _shift(self, seconds: float) -> None:
        """The monotonic clock is another run's, and shows so much more."""
        self.snapshot = self.snapshot.shifted(seconds)
        self._judging.shift(seconds)
