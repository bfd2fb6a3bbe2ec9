"""The journals that there are, as what a person calls a session leads to them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tui.analysis.identity import folded
from tui.cli.launch import settings_file
from tui.cli.profiles import checked
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import AmbiguousSession, InvalidInput, NotFound
from tui.journal.file import read_journal
from tui.journal.folder import Stored, stored
from tui.journal.playing import UnknownFormat
from tui.light import dataclass
from tui.monitor.selecting import parse_selection
from tui.presentation.session_names import sought_text
from tui.session_selector import Selector, Which
from tui.settings.paths import default_journal_folder


def journals_of(typed: Mapping[str, Any]) -> KnownJournals:
    """Those of the folder that was typed, else that of the settings; none where none count."""
    file = settings_file(typed.get("config"), os.environ)
    folder = typed.get("journal") or file.table.journal.folder or default_journal_folder()
    if typed.get("no_journal"):
        return KnownJournals(())
    with suppress(OSError):
        return KnownJournals(stored(folder))
    return KnownJournals(())


def journal_named(what: str, typed: Mapping[str, Any]) -> tuple[Path | None, str]:
    """The journal that `what` is, or that of the session it means; None where there is none.

    With the session's ID, empty for a file. Nothing is asked of any server. Raises
    `InvalidInput` where several are meant, `NotFound` where what is sought has no journal.
    """
    path = Path(what).expanduser()
    if path.is_file():
        return path, ""
    wanted, journals = checked("SESSION", parse_selection, what), journals_of(typed)
    session_id = journals.find(wanted) if isinstance(wanted, Selector) else wanted
    return journals.of(session_id), session_id


@dataclass(frozen=True)
class KnownJournals:
    """The journals of a folder, the one changed last first."""

    found: tuple[Stored, ...]

    def of(self, session_id: str) -> Path | None:
        """That of the session; None where there is none. Raises InvalidInput for several."""
        paths = [each.path for each in self.found if each.session_id == session_id]
        if len(paths) > 1:
            listed = "".join(f"\n  {path}" for path in paths)
            raise InvalidInput(f"Several servers have a journal of that session; name one:{listed}")
        return paths[0] if paths else None

    def find(self, wanted: Selector) -> str:
        """The ID of the session that is meant, of those that have a journal.

        Raises `NotFound` and `AmbiguousSession`, and `InvalidInput` for what no journal tells.
        """
        if wanted.which is Which.RUNNING:
            raise InvalidInput(
                "SESSION: which session is running only a server knows.",
                "Name a server, or write latest for the newest that was watched.",
            )
        candidates = newest_first(
            {each.id: each for each in self._sessions() if _fits(each, wanted)}.values()
        )
        if not candidates:
            raise NotFound(
                f"There is no journal of {sought_text(wanted)}.",
                "failover-monitor journal list names them.",
            )
        if wanted.which is Which.PREFIX and len(candidates) > 1:
            said = f"{len(candidates)} watched sessions' IDs begin with {wanted.text}"
            raise AmbiguousSession(f"{said}: name one of them by its ID.", candidates)
        return candidates[0].id

    def _sessions(self) -> Iterator[FailoverSession]:
        """Each as its journal first tells of it: near the beginning of the file."""
        for each in self.found:
            with suppress(OSError, UnknownFormat, ValidationError):
                for link in read_journal(each.path):
                    full = (link.record or {}).get("full")
                    if isinstance(full, dict):
                        yield FailoverSession.model_validate({**full, "id": each.session_id})
                        break


def _fits(session: FailoverSession, wanted: Selector) -> bool:
    if wanted.which is Which.PREFIX:
        return session.id.startswith(wanted.text)
    return wanted.which is Which.LATEST or folded(session.plan_name) == folded(wanted.text)
