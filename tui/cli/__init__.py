"""The command line: the composition root, which alone sees everything.

`--help`, `--version` and completion load click and nothing heavier: what a
command needs is imported when it runs.
"""

from __future__ import annotations

import os
import sys

# As in `typing`, whose import would cost as much as the whole of `--version` may.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import click

    from tui.errors import FailoverMonitorError

PROGRAM = "failover-monitor"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code (see `tui.exit_codes`).

    `arguments` are those of the process unless given. The outermost boundary: what a
    person did wrong is one sentence on standard error and exit code 2; what nobody
    foresaw is one sentence too, and a code that is none of a session's results.
    """
    try:
        _fill_closed_streams()
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return nobody_reads()
    except Exception as error:
        return _give_up(error)


def _run(arguments: Sequence[str] | None) -> int:
    if (sys.argv[1:] if arguments is None else list(arguments)) == ["--version"]:
        return _say_version()
    from tui import garbage_collection

    with garbage_collection.held():
        import click

        from tui.cli.commands import front_door
        from tui.cli.completing import VARIABLE
        from tui.errors import FailoverMonitorError
        from tui.exit_codes import ExitCode, code_of

    if VARIABLE in os.environ:
        from tui.cli.shells import register

        register()
    try:
        code = front_door.main(
            args=None if arguments is None else list(arguments),
            prog_name=PROGRAM,
            standalone_mode=False,
        )
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.Abort:
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        return _complain(_sentence(error))
    except FailoverMonitorError as error:
        _complain(error.full_text)
        _say_more(error)
        return code_of(error)
    return int(code or 0)


def _say_version() -> int:
    """Nothing but the interpreter is loaded for it. With more beside it, click answers."""
    from tui import __version__

    if sys.stdout is not None:
        sys.stdout.write(f"{PROGRAM} {__version__}\n")
        sys.stdout.flush()
    return 0


def _say_more(error: FailoverMonitorError) -> None:
    """What a person needs to go on: the sessions there are to choose from, a fingerprint."""
    from tui.errors import AmbiguousSession, CertificateUnknown

    lines: Iterable[str] = ()
    if isinstance(error, AmbiguousSession):
        from tui.presentation.session_names import candidate_lines

        lines = candidate_lines(error.candidates)
    elif isinstance(error, CertificateUnknown):
        from tui.presentation.certificate_lines import certificate_sentences

        lines = certificate_sentences(error)
    for line in lines:
        _complain(line, lead="")


def _fill_closed_streams() -> None:
    """Of the three streams, those that were closed from outside (`>&-`) lead nowhere.

    Else the next file that is opened takes the number, and is written over. Python's own
    objects for them stay None: that is how the rest of the program knows.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number is this one


def _give_up(error: Exception) -> int:
    """What nobody foresaw: a sentence with its kind and place, never with what it says.

    Its own words may hold anything, a password too; those of the operating system do not.
    """
    import errno

    from tui.exit_codes import ExitCode

    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        _complain(f"The output cannot be written: {error.strerror}.")
        nobody_reads()  # or the interpreter tries once more, and ends with a code of its own
        return ExitCode.UNFORESEEN
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    _complain(
        f"This program met something that it does not know: {type(error).__name__}{reason},"
        f" at {_place(error)}. Please report it with what '{PROGRAM} info' prints."
    )
    return ExitCode.UNFORESEEN


def _place(error: BaseException) -> str:
    """The innermost line of this program's own that it came through."""
    place, trace = "an unknown place", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if str(name).startswith("tui"):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _sentence(error: click.ClickException) -> str:
    """Click's message as one sentence, and where the options are explained."""
    import click

    if isinstance(error, click.BadParameter):
        from tui.cli.variables import name_the_variable

        name_the_variable(error)
    message = error.format_message().strip()
    if not message.endswith((".", "?")):
        message += "."
    context = getattr(error, "ctx", None)
    path = context.command_path if context else PROGRAM
    return f"{message} Try '{path} --help'."


def _complain(text: str, *, lead: str = f"{PROGRAM}: ") -> int:
    """One printable line on standard error, if there is one that takes it."""
    from tui.exit_codes import ExitCode

    one_line = " ".join(text.split()) if lead else text.replace("\t", "  ")
    shown = "".join(c if c.isprintable() else "�" for c in one_line)
    try:
        sys.stderr.write(f"{lead}{shown}\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        _lead_nowhere(2)
    return ExitCode.USAGE


def nobody_reads() -> int:
    """Keep the interpreter from complaining about a closed pipe while it ends."""
    from tui.exit_codes import ExitCode

    _lead_nowhere(1)
    return ExitCode.NOBODY_READS


def _lead_nowhere(number: int) -> None:
    """What is still in the stream's buffer goes nowhere, without a word, at the end."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a path object would cost an import
        os.dup2(nowhere.fileno(), number)
