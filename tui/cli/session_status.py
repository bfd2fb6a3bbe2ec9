"""`status SESSION`: how one session stands, once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from tui.analysis.status import Status
from tui.cli.asking import Asked, logged_on, run_once, session_id_of
from tui.cli.launch import headless_settings
from tui.cli.listing import glyphs_of
from tui.cli.profiles import checked
from tui.cli.tables import Field, Output, chosen, room, show, table_lines, wrapped
from tui.exit_codes import ExitCode
from tui.monitor.live_session import LiveSession
from tui.monitor.outcome import outcome
from tui.monitor.selecting import parse_selection
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.farewell import farewell_lines
from tui.presentation.glyphs import Glyphs
from tui.presentation.text import shorten_middle
from tui.report.gathering import MOST_DETAILS, look_once
from tui.report.listing import ListedSession
from tui.report.model import Vm
from tui.report.standing import Standing, standing_of, status_document
from tui.settings import ResolvedSettings

_DETAILS_BY_THE_WAY: Final = 60
"""Steps of four replica points, where no RPO target rests on them: a script may ask each minute,
and the session of a whole site has thousands."""


def print_status(session: str, *, output: Output | None, exit_status: bool, **typed: Any) -> int:
    """How it stands; with `exit_status` the code says so too."""
    checked("SESSION", parse_selection, session)
    settings = headless_settings(session=session, **typed)
    return run_once(_status(settings, chosen(output), exit_status=exit_status))


async def _status(settings: ResolvedSettings, output: Output, *, exit_status: bool) -> int:
    async with logged_on(settings) as asked:
        wanted = settings.session_id or settings.selector
        live = await _follow(asked, settings, await session_id_of(asked, wanted or ""))
        targets = (settings.targets.default, *settings.targets.plans.values())
        promised = live.snapshot.goals.rpo or any(target.rpo for target in targets)
        shown = await look_once(live, MOST_DETAILS if promised else _DETAILS_BY_THE_WAY)
        clock = asked.connection.clock
        seen_at = shown.seen_at(clock.monotonic(), clock.now())
        standing = standing_of(shown, now=live.server_now(), seen_at=seen_at, stale=False)
        if standing is not None:
            _print(standing, shown, settings, output, server=asked.target.server.label)
    if not exit_status:
        return ExitCode.SUCCESS
    code = outcome(shown)
    return ExitCode.STILL_RUNNING if code is None else code


async def _follow(asked: Asked, settings: ResolvedSettings, session_id: str) -> LiveSession:
    """With what its journal holds: a person's targets and declared time count here too. Nothing
    is added to it."""
    live = asked.following(settings, session_id)
    keeper = asked.connection.keepers(asked.target)(session_id)
    if keeper is not None:
        for observation in await asyncio.to_thread(keeper.past):
            with suppress(Exception):  # one that makes no sense changes nothing
                live.recall([observation])
    return live


def _print(
    standing: Standing, shown: Snapshot, settings: ResolvedSettings, output: Output, *, server: str
) -> None:
    glyphs = glyphs_of(settings)

    def lines() -> list[str]:
        freshness = shown.freshness(shown.fetched_at or 0.0)
        told = farewell_lines(shown, standing.as_of, freshness)
        found = wrapped(map(glyphs.clean, told), room(output))
        if output == "wide" and standing.vms:
            found += ["", *table_lines(_vm_fields(glyphs), standing.vms, None, glyphs)]
        return found

    document = status_document(standing, server)
    show(output, document, ListedSession, [standing.listed()], lines)


def _vm_fields(glyphs: Glyphs) -> list[Field[Vm]]:
    def named(text: str | None) -> str:
        return glyphs.clean(text or "").strip() or glyphs.dash

    def cut(vm: Vm, width: int) -> str:
        return shorten_middle(named(vm.name), width, glyphs.ellipsis)

    return [
        Field("VM", lambda vm: named(vm.name), least=12, cut=cut),
        Field("STATUS", lambda vm: f"{glyphs.symbols[Status(vm.status)]} {named(vm.result)}"),
        Field("START UTC", lambda vm: times.utc_stamp(vm.started, glyphs.dash)),
        Field("TOOK", lambda vm: times.narrow(vm.duration, glyphs.dash), right=True),
        Field("RPO", lambda vm: times.narrow(vm.rpo, glyphs.dash), right=True),
        Field("MESSAGE", lambda vm: named(vm.message)),
    ]
