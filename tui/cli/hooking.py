"""Commands on events, as typed and as the settings file has them, checked before all else."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import InvalidInput
from tui.hooks.hook import SECONDS, Hook
from tui.hooks.kinds import CALLING, KINDS, kinds_named
from tui.settings.paths import expanded
from tui.settings.toml import toml_key, toml_value

if TYPE_CHECKING:
    from tui.settings.model import HookTable


def hooks_of(typed: Iterable[str], written: Mapping[str, HookTable]) -> tuple[Hook, ...]:
    """The commands of `--on-event`, and those of the settings file.

    Raises InvalidInput for a typed one that could not be run; of one in the file that is said
    when it fails, as it may be there by then.
    """
    return (
        *(_typed(text) for text in typed),
        *(_written(name, table) for name, table in written.items()),
    )


def hook_lines(hooks: Iterable[Hook]) -> Iterator[str]:
    """What `config show` says of them: no arguments, in which a secret may stand."""
    for hook in hooks:
        whose = f"[hooks.{toml_key(hook.name)}]" if hook.name else "--on-event"
        count = len(hook.command) - 1
        kinds = "every kind" if hook.kinds == frozenset(KINDS) else ", ".join(sorted(hook.kinds))
        where = f"; for {', '.join(hook.profiles)}" if hook.profiles else ""
        yield (
            f"# {whose} runs {toml_value(hook.command[0])} with {count}"
            f" argument{'' if count == 1 else 's'}{where}; on: {kinds}"
        )


def program_of(command: Iterable[str]) -> tuple[str, ...]:
    """The command with a `~` at the begin of its program made a folder."""
    program, *arguments = command
    return (str(expanded(Path(program))) if program.startswith("~") else program, *arguments)


def is_there(command: tuple[str, ...]) -> bool:
    """Whether its program can be run from here."""
    import shutil

    return shutil.which(command[0]) is not None


def _written(name: str, table: HookTable) -> Hook:
    kinds = (kinds_named(kind) for kind in table.on or CALLING)
    return Hook(
        program_of(table.command),
        frozenset().union(*kinds),
        name,
        table.timeout.total_seconds() if table.timeout is not None else SECONDS,
        tuple(table.environment or ()),
        tuple(table.for_profiles or ()),
    )


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
