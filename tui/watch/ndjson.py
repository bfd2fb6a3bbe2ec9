"""`watch --output json`: one JSON object a line, flushed as it is written, and nothing else.

Each line has the members of an event (`tui.presentation.event_data`, what commands on events
get) under a schema of its own, and those of `LINE_MEMBERS` there. Whatever it holds is ASCII, so
that no reader takes a character of a name for the end of a line. What is not known is null,
moments are ISO 8601 in UTC, durations seconds and never negative. `schema` names the shape: its
number is raised when a member goes or changes its meaning, not when one is added.

Besides the kinds of `watch` in its plain lines:

    progress   every --progress; `session` says how it stands
    summary    once, at the end, also when interrupted; `session` is the `status` document with
               each VM, `lines` what the plain summary says
    end        the last line of all: `exit_code` and its `meaning`

What plain lines say on standard error is here too, with `talk` true.
"""

from __future__ import annotations

import json
from typing import Any

from tui.exit_codes import MEANINGS, ExitCode
from tui.monitor.clock import Clock
from tui.monitor.snapshot import Snapshot
from tui.presentation.event_data import LINE_MEMBERS, LINE_SCHEMA, Origin, event_data
from tui.presentation.happening import Dated, Happening


class JsonLines:
    """Makes the lines of one watch. Set `state` to what is known before what it brings."""

    def __init__(self, origin: Origin, clock: Clock) -> None:
        self._origin = origin
        self._clock = clock
        self.state: Snapshot | None = None

    def line(self, happening: Happening, *, talk: bool = False, **more: Any) -> str:
        """One object, without a line's end. `more` are members of `LINE_MEMBERS`."""
        here, state = self._clock.now(), self.state or Snapshot("")
        now = state.server_now(self._clock.monotonic(), here)
        event = event_data(happening, state, self._origin, now=now, seen_at=here)
        data = {
            **event,
            "schema": LINE_SCHEMA,
            "session_id": event["session_id"] or None,
            # Commands on events get a message that a pipe takes in one piece; here it is whole.
            "message": happening.message,
            **dict.fromkeys(LINE_MEMBERS),
            "talk": talk,
            **more,
        }
        return json.dumps(data, separators=(",", ":"))

    def standing(self, *, with_vms: bool) -> dict[str, Any] | None:
        """How the session stands, as JSON values; null before any data."""
        from tui.report.standing import standing_of, status_document

        state, monotonic, here = self.state, self._clock.monotonic(), self._clock.now()
        if state is None:
            return None
        seen_at = state.seen_at(monotonic, here)
        found = standing_of(
            state,
            now=state.server_now(monotonic, here),
            seen_at=seen_at,
            stale=state.is_stale(monotonic),
            with_vms=with_vms,
        )
        return None if found is None else status_document(found, self._origin.server)

    def end(self, code: int) -> str:
        """The last line."""
        known = code in set(ExitCode)
        meaning = MEANINGS[ExitCode(code)] if known else None
        happening = Happening(self._clock.now(), "end", None, meaning, Dated.HERE)
        return self.line(happening, exit_code=int(code), meaning=meaning)
