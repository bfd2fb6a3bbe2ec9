"""That the server gave no message is said in one wording wherever a reason stands."""

import pytest

from tests.support.making import at, done, session
from tests.support.states import plain, state
from tui.analysis.causes import group_failures
from tui.monitor.poll_state import Freshness
from tui.presentation.farewell import farewell_lines
from tui.presentation.glyphs import UNICODE
from tui.presentation.reasons import NO_MESSAGE, reason_text
from tui.presentation.session_lines import failure_lines
from tui.presentation.task_details import task_lines
from tui.watch.changes import Changes


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_message_is_said(nothing: str | None) -> None:
    assert reason_text(nothing) == NO_MESSAGE == "the server gave no message"


def test_a_message_is_handed_on_as_it_is() -> None:
    assert reason_text("[/foo] VM[prod]\n") == "[/foo] VM[prod]\n"


def test_every_place_says_it_alike() -> None:
    silent = state(session(done("a", "Failed")))
    assert silent.assessment is not None
    (view,) = silent.assessment.tasks
    causes = group_failures(silent.assessment)
    places = {
        "header": [plain(line) for line in failure_lines(silent, causes, 100, 3, UNICODE)],
        "task": [plain(line) for line in task_lines(view, silent, at(5), 100, UNICODE)],
        "scrollback": farewell_lines(silent, at(5), Freshness(1.0, stale=False)),
        "watch": [line.message or "" for line in Changes().lines(silent, at(5))],
    }
    for place, lines in places.items():
        assert any(NO_MESSAGE in line for line in lines), place
