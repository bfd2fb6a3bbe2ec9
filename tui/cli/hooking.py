"""Commands on events, as typed and as the settings file has them, checked before all else."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

from tui.errors import InvalidInput
from tui.hooks.hook import Hook
from tui.settings.paths import expanded


def hooks_of(typed: Iterable[str]) -> tuple[Hook, ...]:
    """The commands of `--on-event`. Raises InvalidInput for one that could not be run."""
    return tuple(_typed(text) for text in typed)


def program_of(command: Iterable[str]) -> tuple[str, ...]:
    """The command with a `~` at the begin of its program made a folder."""
    program, *arguments = command
    return (str(expanded(Path(program))) if program.startswith("~") else program, *arguments)


def is_there(command: tuple[str, ...]) -> bool:
    """Whether its program can be run from here."""
    return shutil.which(command[0]) is not None


def _typed(text: str) -> Hook:
    """Split as a shell would, but nothing of it is given to one."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        reason = str(error).lower()
        raise InvalidInput(f"--on-event: {reason}.", "Quote the command as a whole.") from None
    if not words:
        raise InvalidInput("--on-event: no command named.", "Give a program and its arguments.")
    command = program_of(words)
    if not is_there(command):
        raise InvalidInput(
            f"--on-event: there is no program {command[0]!r} to run.",
            "Give a program on the PATH, or its whole path, and its arguments.",
        )
    return Hook(command)
