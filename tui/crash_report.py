"""The report of a crash, without what may be secret.

Textual's own prints the values of local variables, and one of them may be what was just
typed or pasted as a password. So may be the exception's own message.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.traceback import Trace, Traceback


def crash_report(
    error: BaseException, place: TracebackType | None, *, password_at_hand: bool
) -> Traceback:
    """Where it happened, as source lines.

    With `password_at_hand`, while one is asked for or stands in a field still, only types
    and places are told.
    """
    from rich.traceback import Traceback

    trace = Traceback.extract(type(error), error, place or error.__traceback__)
    if password_at_hand:
        _leave_messages_out(trace)
    return Traceback(trace, show_locals=False)


def _leave_messages_out(trace: Trace) -> None:
    """Keep types and places only, of the exceptions that led to this one as well."""
    for stack in trace.stacks:
        stack.exc_value = "(its message is left out: it may hold a password)"
        stack.syntax_error = None
        stack.notes = []
        for inner in stack.exceptions:
            _leave_messages_out(inner)
