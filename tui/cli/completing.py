"""`completion`: the script that a shell evaluates, and the values it may be offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import click
from click.types import StringParamType

from tui.cli import PROGRAM
from tui.cli.variables import commands_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Values = Callable[[click.Context, str], Iterable[CompletionItem[Any]]]

VARIABLE: Final = f"_{PROGRAM.replace('-', '_').upper()}_COMPLETE"
_WORDS_FOR_SESSIONS: Final = ("latest", "running", "plan:")


class OfferedText(StringParamType):
    """A text of which a shell offers what was seen lately; whatever else is typed holds too."""

    def __init__(self, values: Values) -> None:
        """`values` gives what begins with what is typed."""
        self._values = values

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[Any]]:
        """What begins so."""
        return list(self._values(ctx, incomplete))


def offer_values(group: click.Group) -> None:
    """Give the parameters of every command what a shell may offer for them, by their names."""
    for _, command in commands_of(group):
        for param in command.params:
            values = _OF_OPTIONS if isinstance(param, click.Option) else _OF_ARGUMENTS
            if param.name in values and isinstance(param.type, StringParamType):
                param.type = OfferedText(values[param.name])


def sessions(ctx: click.Context, typed: str) -> Iterable[CompletionItem[Any]]:
    """Words that mean one, plans after `plan:`, and the IDs that have a journal."""
    from click.shell_completion import CompletionItem

    from tui.cli import seen_lately

    if typed.startswith("plan:"):
        names = (f"plan:{name}" for name in seen_lately.plans(ctx))
        yield from (CompletionItem(name) for name in names if name.startswith(typed))
        return
    yield from (CompletionItem(word) for word in _WORDS_FOR_SESSIONS if word.startswith(typed))
    for seen in seen_lately.sessions(ctx):
        if seen.session_id.startswith(typed.lower()):
            about = ", ".join(filter(None, (seen.plan, seen.server, seen.changed)))
            yield CompletionItem(seen.session_id, help=about)


def _sessions_and_files(ctx: click.Context, typed: str) -> Iterable[CompletionItem[Any]]:
    from click.shell_completion import CompletionItem

    yield from sessions(ctx, typed)
    yield CompletionItem(typed, type="file")


def _seen(name: str) -> Values:
    """The texts that the function of that name in `seen_lately` gives, each once."""

    def values(ctx: click.Context, typed: str) -> Iterable[CompletionItem[Any]]:
        from click.shell_completion import CompletionItem

        from tui.cli import seen_lately

        found: list[str] = getattr(seen_lately, name)(ctx)
        return [CompletionItem(each) for each in dict.fromkeys(found) if each.startswith(typed)]

    return values


def _commands(ctx: click.Context, typed: str) -> Iterable[CompletionItem[Any]]:
    from click.shell_completion import CompletionItem

    group = ctx.find_root().command
    words = ctx.params.get("words") or ()
    for word in words:
        group = getattr(group, "commands", {}).get(word, group)
    inner = getattr(group, "commands", {})
    return [CompletionItem(name) for name in sorted(inner) if _is_offered(inner[name], name, typed)]


def _is_offered(command: click.Command, name: str, typed: str) -> bool:
    return not command.hidden and name.startswith(typed)


_OF_OPTIONS: Final[dict[str | None, Values]] = {
    "server": _seen("servers"),
    "user": _seen("users"),
    "profile": _seen("profiles"),
    "wait_for": _seen("plans"),
    "plan": _seen("plans"),
}
_OF_ARGUMENTS: Final[dict[str | None, Values]] = {
    "session": sessions,
    "what": _sessions_and_files,
    "plan": _seen("plans"),
    "server": _seen("trusted"),
    "words": _commands,
}


def print_script(command: click.Command, shell: str) -> int:
    """Print the script, which asks this program each time; no shell is started for it."""
    from tui.cli.shells import SHELLS

    click.echo(SHELLS[shell](command, {}, PROGRAM, VARIABLE).source())
    return 0
