"""Why did it fail? Failures grouped by cause, the first one, the session's reason.

Messages are data from outside: they are compared and handed on, never interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Final

from tui.analysis.assessment import Assessment, TaskKey, TaskView
from tui.analysis.cause_parts import parts_of
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass

COMPARED: Final = 2_000
"""Characters of a message that are compared; what differs later is no other cause."""

_GAP: Final = "…"
_QUOTED: Final = re.compile(
    r"""(?<!\w)'[^'\n]{0,300}'(?!\w)|"[^"\n]{0,300}"|“[^”\n]{0,300}”|‘[^’\n]{0,300}’(?!\w)"""
    r"""|«[^»\n]{0,300}»|„[^“”\n]{0,300}[“”]|\[[^\[\]\n]{0,300}\]"""
)
_SPLIT: Final = re.compile(r"\s+")
_EDGES: Final = "()<>{}[]\"'“”‘’«»,;:.!?"
_LOOSE: Final = re.compile(r"…(?:[\s,;:.]*…)+")


def cause_of(message: str | None, names: frozenset[str] = frozenset()) -> str:
    """What messages of one cause have in common: the text without what is particular.

    Quoted and bracketed parts, ids, paths, addresses, numbers, host names, and the
    given `names` (lower case) give way to `…`; case and blanks do not count. A message
    of which nothing else is left stands for itself. Empty for no message.
    """
    whole = text = (message or "")[:COMPARED].lower()
    for name in names:
        if " " in name:
            text = text.replace(name, _GAP)
    text = _QUOTED.sub(_GAP, text)
    words = [_general(word, names) for word in _SPLIT.split(text) if word]
    pattern = _LOOSE.sub(_GAP, " ".join(words))
    return pattern if any(map(str.isalnum, pattern)) else " ".join(whole.split())


def _general(word: str, names: frozenset[str]) -> str:
    """A word as it is, or the gap where it names something particular."""
    bare = word.strip(_EDGES)
    ending = word[len(word.rstrip(_EDGES)) :]
    if bare in names or _is_particular(bare):
        return _GAP + ending
    return word


def _is_particular(word: str) -> bool:
    """Digits (numbers, ids, most addresses), paths, and names with dots or colons inside."""
    if any(character.isdigit() for character in word):
        return True
    if "\\" in word or word.startswith("/") or "://" in word or "::" in word:
        return True
    return "." in word or "@" in word or word.count("/") > 1 or word.count("_") > 0


@dataclass(frozen=True, slots=True)
class Cause:
    """Failures with one cause, in the order in which they happened.

    `example` is the first one's message as the server sent it, None where it sent none.
    `first_at` is None where the server gave no end time. `common` is what the messages have
    in common, with `…` where they differ, and `differing` what each has there, one tuple for
    each of `keys`.
    """

    pattern: str
    example: str | None
    count: int
    vm_names: tuple[str, ...]
    keys: tuple[TaskKey, ...]
    first_at: datetime | None
    common: str | None = None
    differing: tuple[tuple[str, ...], ...] = ()


def group_failures(assessment: Assessment) -> tuple[Cause, ...]:
    """The failed tasks by cause: the most frequent first, then the earliest."""
    names = _single_words(view.vm_name.lower() for view in assessment.tasks if view.vm_name)
    groups: dict[str, list[TaskView]] = {}
    for view in assessment.failures:
        # Only its own name is looked for inside the text: all of them would be quadratic.
        pattern = cause_of(_without(view.message, view.vm_name), names)
        groups.setdefault(pattern, []).append(view)
    causes = [_cause(pattern, views) for pattern, views in groups.items()]
    return tuple(sorted(causes, key=lambda cause: -cause.count))


def _single_words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if " " not in name)


def _without(message: str | None, vm_name: str) -> str | None:
    if not message or not vm_name:
        return message
    own = rf"(?<!\w){re.escape(vm_name.lower())}(?!\w)"
    return re.sub(own, _GAP, message[:COMPARED].lower())


def _cause(pattern: str, views: Sequence[TaskView]) -> Cause:
    times = [view.task.ended for view in views if view.task and view.task.ended]
    texts = [(view.message or "")[:COMPARED] for view in views]
    parts = parts_of(texts, [view.vm_name for view in views])
    return Cause(
        pattern,
        views[0].message,
        len(views),
        tuple(dict.fromkeys(view.vm_name for view in views)),
        tuple(view.key for view in views),
        min(times, default=None),
        parts.common or None,
        parts.differing,
    )


class Origin(Enum):
    """Where a reason comes from; the value is the words for it."""

    SESSION = "the session"
    TASK = "the first failed VM"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the session failed or is failing. `vm_name` where it comes from a task.

    `message` is the server's own, None where it gave none.
    """

    message: str | None
    origin: Origin
    vm_name: str | None = None


def session_reason(session: FailoverSession, assessment: Assessment) -> Reason | None:
    """The session's message, else the first failed task's that has one, else that there is none.

    None while nothing has failed and the session says nothing either. Recorded failed
    sessions carry no message of their own; the text sits in their tasks.
    """
    if session.failure_message:
        return Reason(session.failure_message, Origin.SESSION)
    failures = assessment.failures
    spoken: Iterable[TaskView] = (view for view in failures if view.message)
    for view in spoken:
        return Reason(view.message, Origin.TASK, view.vm_name)
    if failures or assessment.status is Status.FAILED:
        return Reason(None, Origin.NOWHERE)
    return None
