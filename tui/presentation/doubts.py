"""What is wrong with the server's own answer: it denies itself, or parts of it cannot be read."""

from __future__ import annotations

from collections.abc import Collection

from tui.analysis.assessment import Assessment
from tui.analysis.status import Contradiction, Status
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, fit_line
from tui.presentation.text import clean, wrap

_MOST_LINES = 3
_MOST_NAMES = 5


def contradiction_text(assessment: Assessment) -> str | None:
    """`The server contradicts itself: it says Success, but 1 VM failed and 2 still work.`"""
    found = assessment.contradictions
    if not found:
        return None
    said = "Success" if Contradiction.SUCCESS_WITH_FAILED in found else "that it is over"
    tasks = []
    failed = assessment.count(Status.FAILED)
    if failed:
        tasks.append(f"{_vms(failed)} failed")
    if Contradiction.OVER_WITH_UNFINISHED in found:
        running = assessment.count(Status.RUNNING, Status.STARTING, Status.STOPPING)
        tasks.append(f"{running if failed else _vms(running)} still {_works(running)}")
    return f"The server contradicts itself: it says {said}, but {' and '.join(tasks)}."


def unreadable_text(assessment: Assessment) -> str | None:
    """`1 of 3 VMs cannot be read in the server's answer.`"""
    if not assessment.unreadable:
        return None
    return (
        f"{assessment.unreadable} of {_vms(assessment.total)} cannot be read in the server's"
        " answer: what became of it is not known."
    )


def unlike_text(assessment: Assessment) -> str | None:
    """`1 VM is listed more than once in the server's answer, and not alike: …`"""
    count = assessment.unlike
    if not count:
        return None
    return (
        f"{_vms(count)} {'is' if count == 1 else 'are'} listed more than once in the server's"
        " answer, and not alike: shown is what is furthest."
    )


def dropped_text(assessment: Assessment) -> str | None:
    """Said without a number, which would be another one with each poll."""
    if not assessment.dropped:
        return None
    return (
        "The server has stopped listing so many of its tasks that the oldest of those are kept"
        " and counted no longer."
    )


def ambiguous_text(assessment: Assessment, ambiguous: Collection[str]) -> str | None:
    """`Several replicas have the name of web01: whether it runs already is not known.`"""
    names = [view.vm_name for view in assessment.to_begin]
    names = [clean(name) for name in names if name in ambiguous]
    if not names:
        return None
    listed = ", ".join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        listed += f" and {len(names) - _MOST_NAMES} more"
    who = "it runs" if len(names) == 1 else "they run"
    return f"Several replicas have the name of {listed}: whether {who} already is not known."


def doubts(assessment: Assessment, ambiguous: Collection[str] = ()) -> list[str]:
    """Every such sentence, the gravest first; `ambiguous` are VMs of the plan to come whose
    replicas cannot be told apart."""
    found = (
        contradiction_text(assessment),
        unreadable_text(assessment),
        unlike_text(assessment),
        dropped_text(assessment),
        ambiguous_text(assessment, ambiguous),
    )
    return [text for text in found if text is not None]


def doubt_lines(
    assessment: Assessment, width: int, glyphs: Glyphs, ambiguous: Collection[str] = ()
) -> list[Line]:
    """The same for a screen."""
    lines: list[Line] = []
    grave = contradiction_text(assessment)
    for text in doubts(assessment, ambiguous):
        sign, token = glyphs.symbols[Status.UNKNOWN], "unknown"
        if text == grave:
            sign, token = glyphs.cross, "failed"
        parts = wrap(glyphs.clean(f"{sign} {text}"), max(10, width - 2))[:_MOST_LINES]
        lines += [fit_line([(f" {part}", token)], width, glyphs) for part in parts]
    return lines


def _vms(count: int) -> str:
    return f"{count} VM{'' if count == 1 else 's'}"


def _works(count: int) -> str:
    return "works" if count == 1 else "work"
