"""A group of commands with one that needs no name: `failover-monitor em01-session-id`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.variables import name_the_variable
from tui.errors import InvalidSessionId
from tui.exit_codes import MEANINGS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DEFAULT_COMMAND = "monitor"
"""The hidden name of the command that runs when no other is named."""

_OWN_OPTIONS = ("--help", "-h", "--version")

ENVIRONMENT = (
    ("FAILOVER_MONITOR_<OPTION>", "any option, by the variable beside it; 1 or 0 for a switch"),
    ("FAILOVER_MONITOR_PASSWORD", "the password; taken out of the environment once read"),
)
EXIT_CODES = tuple((str(int(code)), meaning) for code, meaning in MEANINGS.items())
EXAMPLES = (
    ("failover-monitor demo", "a rehearsal; needs no server"),
    ("failover-monitor --server em01", "log on, then pick a session"),
    (r"failover-monitor --server em01 --user 'NOC\jdoe' SESSION", "straight to one session"),
    ("failover-monitor --profile prod", "a server from the settings file"),
    ("failover-monitor --profile prod --wait-for 'ABC plan' --rto 30m", "before a drill"),
    (
        "pass veeam | failover-monitor watch --profile prod --password-file - SESSION",
        "plain lines for a log",
    ),
    ("failover-monitor list --profile prod --failed --since 30d", "what failed of late"),
    ("failover-monitor status --profile prod --exit-status latest", "how the newest stands"),
    ("failover-monitor check --profile prod 'ABC plan'", "before a drill: is it ready?"),
    ("failover-monitor manual", "what to do when, and what a message means"),
    ("failover-monitor simulate --port 9398", "a server to practise on"),
)


class FrontDoor(click.Group):
    """Hands everything that does not begin with a command's name to the default command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command's name in front where the person left it out."""
        if self._is_for_default(ctx, args):
            args = [DEFAULT_COMMAND, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Click would turn a closed pipe into 1, which means Failed here."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            from tui.cli import nobody_reads

            code = nobody_reads()
        raise click.exceptions.Exit(code)

    def _is_for_default(self, ctx: click.Context, args: Sequence[str]) -> bool:
        if not args:
            # While completing the first word, the commands are wanted as well.
            return not ctx.resilient_parsing
        return args[0] not in self.commands and args[0] not in _OWN_OPTIONS

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and the options of the default command; its sessions once begun."""
        from tui.cli.completing import sessions

        default = self.commands[DEFAULT_COMMAND]
        inner = click.Context(default, parent=ctx, info_name=DEFAULT_COMMAND)
        items = [
            *super().shell_complete(ctx, incomplete),
            *default.shell_complete(inner, incomplete),
            *(sessions(inner, incomplete) if incomplete[:1] not in ("", "-") else ()),
        ]
        return list({item.value: item for item in reversed(items)}.values())[::-1]

    @property
    def visible_commands(self) -> list[str]:
        """The names that a person may type."""
        return [name for name, command in self.commands.items() if not command.hidden]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Both ways to call the program."""
        formatter.write_usage(ctx.command_path, "[OPTIONS] [SESSION]")
        formatter.write_usage(ctx.command_path, "COMMAND [OPTIONS]", prefix=" " * 7)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The default command's options, then the commands."""
        default = self.commands[DEFAULT_COMMAND]
        inner = click.Context(default, parent=ctx, info_name=DEFAULT_COMMAND)
        default.format_options(inner, formatter)
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Environment, exit codes and worked examples."""
        for title, rows in (("Environment", ENVIRONMENT), ("Exit codes", EXIT_CODES)):
            with formatter.section(title):
                formatter.write_dl(rows)
        with formatter.section("Examples"):
            for command, meaning in EXAMPLES:
                formatter.write(f"  # {meaning}\n  {command}\n")


class DefaultCommand(click.Command):
    """The command without a name: its help and usage are the group's."""

    def invoke(self, ctx: click.Context) -> Any:
        """Tell a misplaced or misspelt command from a wrong session ID."""
        word = str(ctx.params.get("session") or "")
        group = ctx.parent.command if ctx.parent else None
        names = group.visible_commands if isinstance(group, FrontDoor) else []
        if word in names:
            raise click.UsageError(f"{word!r} is a command: put it before the options.", ctx.parent)
        try:
            return super().invoke(ctx)
        except InvalidSessionId as error:
            from tui.cli.likely_words import led_elsewhere, perhaps_a_server

            where = led_elsewhere(word, names)
            sentence, remedy = error.sentence, error.remedy
            if where is None:
                remedy = " ".join(filter(None, (remedy, perhaps_a_server(word))))
        if where is None:
            raise InvalidSessionId(sentence, remedy)
        shown = "".join(c if c.isprintable() else "�" for c in word)
        raise click.UsageError(f"{shown!r} is neither a session nor a command. {where}", ctx.parent)

    def get_help(self, ctx: click.Context) -> str:
        """The help of the whole program."""
        return ctx.parent.command.get_help(ctx.parent) if ctx.parent else super().get_help(ctx)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Say `failover-monitor`, not the hidden name, when something is wrong."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if isinstance(error, click.BadParameter):
                name_the_variable(error)
            error.ctx = parent
            raise


def help_of(ctx: click.Context, words: Sequence[str]) -> str:
    """What --help says of the command that the words name; without words, of the program."""
    context = ctx.find_root()
    command: click.Command = context.command
    for word in words:
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        if found is None or found.hidden:
            inner = command.commands if isinstance(command, click.Group) else {}
            names = [name for name, each in inner.items() if not each.hidden]
            import difflib

            close = difflib.get_close_matches(word, names, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise click.UsageError(
                f"{context.command_path} has no command {word!r}.{meant}", context
            )
        context = click.Context(found, parent=context, info_name=word, **(found.context_settings))
        command = found
    return command.get_help(context)


def refuse_password(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Why there is no --password, and what there is instead. Never repeats the value."""
    if value is None or ctx.resilient_parsing:
        return
    raise click.UsageError(
        "There is no --password: every user of this machine can read command lines, and the"
        " shell keeps them. Use --password-file FILE (- for standard input), the variable"
        " FAILOVER_MONITOR_PASSWORD, a profile's password_command, or type it when asked."
        " If you just typed one, change it.",
        ctx,
    )
