"""The command line: the composition root, which alone sees everything.

`--help`, `--version` and completion load click and nothing heavier: what a
command needs is imported when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

PROGRAM = "failover-monitor"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code (see `tui.exit_codes`).

    `arguments` are those of the process unless given. What a person did wrong is
    one sentence on standard error and exit code 2, never a traceback.
    """
    import click

    from tui.cli.commands import front_door
    from tui.errors import FailoverMonitorError
    from tui.exit_codes import ExitCode

    try:
        code = front_door.main(
            args=None if arguments is None else list(arguments),
            prog_name=PROGRAM,
            standalone_mode=False,
        )
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        return _complain(_sentence(error))
    except FailoverMonitorError as error:
        return _complain(error.full_text)
    except BrokenPipeError:
        return nobody_reads()
    return int(code or 0)


def _sentence(error: click.ClickException) -> str:
    """Click's message as one sentence, and where the options are explained."""
    message = error.format_message().strip()
    if not message.endswith((".", "?")):
        message += "."
    context = getattr(error, "ctx", None)
    path = context.command_path if context else PROGRAM
    return f"{message} Try '{path} --help'."


def _complain(text: str) -> int:
    from tui.exit_codes import ExitCode

    one_line = " ".join(text.split())
    shown = "".join(c if c.isprintable() else "�" for c in one_line)
    sys.stderr.write(f"{PROGRAM}: {shown}\n")
    return ExitCode.USAGE


def nobody_reads() -> int:
    """Keep the interpreter from complaining about a closed pipe while it ends."""
    import os

    from tui.exit_codes import ExitCode

    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a path object would cost an import
        os.dup2(nowhere.fileno(), 1)
    return ExitCode.NOBODY_READS
