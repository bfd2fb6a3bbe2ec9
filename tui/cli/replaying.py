"""`replay SESSION|FILE`: a journal on the session screen."""

from __future__ import annotations

from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

from tui import password_sources
from tui.cli.known_journals import journal_named
from tui.cli.launch import Surroundings, local_settings, with_remembered
from tui.errors import InvalidInput
from tui.journal.chain import Wholeness
from tui.journal.keeping import Past, read_past
from tui.journal.playing import UnknownFormat
from tui.monitor.recording import Recording, recorded
from tui.presentation.journal_lines import verification_text
from tui.settings import ResolvedSettings


def replay(what: str, *, config: Path | None, folder: Path | None, **looks: Any) -> int:
    """Show the recording until a person leaves. Needs a screen, but no server."""
    around = Surroundings.of_this_process()
    around.environ.pop(password_sources.PASSWORD_VARIABLE, None)
    path, session_id = journal_named(what, {"config": config, "journal": folder})
    if path is None:
        raise InvalidInput(
            f"There is no journal of {session_id}.", "`failover-monitor journal list` names them."
        )
    if not around.has_screen():
        _recording(path, read_readable(path))  # what is wrong with the file is said first
        raise InvalidInput("A replay needs a screen.", "report writes the same as text.")
    settings = around.drawn(local_settings(around, config, **looks), headless=False)
    if not around.stdin_is_terminal:
        password_sources.reopen_terminal()
    with around.opening(settings, instead="a replay"):
        return _shown(path, with_remembered(settings))


def _shown(path: Path, settings: ResolvedSettings) -> int:
    past = read_readable(path)
    recording = _recording(path, past)
    if past.verification.wholeness is Wholeness.ALTERED:
        notice = f"{verification_text(past.verification)} What follows is not shown."
        settings = replaced(settings, notices=(*settings.notices, notice))
    from tui.running import run_app

    return run_app(settings, recording=recording)


def read_readable(path: Path) -> Past:
    """What a journal holds. Raises InvalidInput where it cannot be read."""
    try:
        return read_past(path)
    except UnknownFormat as error:
        raise InvalidInput(f"{path} was written by a later version: {error}.") from None
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from None


def _recording(path: Path, past: Past) -> Recording:
    found = recorded(past.session_id or "", past.observations, past.server or "")
    if found is None:
        raise InvalidInput(f"{path} holds nothing that could be shown.")
    return found
