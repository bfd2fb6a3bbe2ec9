"""A screen that another one covers costs nothing, and is right at once when it is seen again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.messages import SessionRequested
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.session_view import SessionView
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted

IN_FRONT = {
    "help": ("question_mark",),
    "note": ("m",),
    "targets": ("t",),
    "events": ("e",),
    "comparison": ("c",),
    "task": ("enter",),
    "commands": ("colon",),
    "help over events": ("e", "question_mark"),
}


@contextmanager
def _work(monkeypatch: pytest.MonkeyPatch, of: object) -> Iterator[Counter[str]]:
    """What is worked out for that screen, or painted in it, by name."""
    done: Counter[str] = Counter()

    def counted(kind: type, name: str, belongs: Callable[[object], bool]) -> None:
        really = getattr(kind, name)

        def counting(self: object, *given: object, **named: object) -> object:
            if belongs(self):
                done[name] += 1
            return really(self, *given, **named)

        patch.setattr(kind, name, counting)

    def is_it(each: object) -> bool:
        return each is of

    def is_in_it(each: object) -> bool:
        return getattr(each, "screen", None) is of

    with monkeypatch.context() as patch:
        for name in ("_summary", "_show_body"):
            counted(SessionView, name, is_it)
        counted(PickerScreen, "_show_head", is_it)
        counted(LineTable, "_paint_row", is_in_it)
        counted(LineTable, "show", is_in_it)
        counted(Painted, "show", is_in_it)
        yield done


def _frames(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From now on each picture that is displayed of a session screen."""
    seen: list[str] = []

    def note() -> None:
        if isinstance(stage.app.screen, SessionScreen):
            seen.append(stage.text)

    monkeypatch.setattr(stage.app, "post_display_hook", note)
    return seen


def _anew(stage: Stage) -> str:
    """The picture once everything was made anew."""
    screen = stage.showing(SessionScreen)
    for painted in screen.query(Painted):
        painted.refresh()
    for table in screen.query(LineTable):
        table.repaint()
    screen.show_all()
    return stage.text


@pytest.mark.parametrize("keys", IN_FRONT.values(), ids=IN_FRONT)
async def test_nothing_is_worked_out_behind_it_and_all_is_right_afterwards(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    async with on_stage(
        "large", size=(120, 30), server={"vms": 60, "changing_fraction": 0.3}
    ) as stage:
        session = stage.showing(SessionScreen)
        before, polls = stage.text, session.state.polls
        await stage.press(*keys)
        with _work(monkeypatch, session) as done:
            await stage.advance(1)  # what was under way when it was covered
            done.clear()
            for _ in range(4):
                await stage.advance(5)
            assert not done
        assert session.state.polls >= polls + 4, "it goes on being followed"
        frames = _frames(stage, monkeypatch)
        await stage.press(*["escape"] * len(keys))
        assert frames
        assert frames[0] == frames[-1] == stage.text == _anew(stage)
        assert stage.text != before


async def test_the_title_tells_of_a_session_that_is_covered(on_stage: OnStage) -> None:
    async with on_stage("failures") as stage:
        assert "failed" not in stage.app.talk.title
        await stage.press("question_mark")
        await stage.advance_until(lambda: " failed " in stage.app.talk.title, 300)
        assert not isinstance(stage.screen, SessionScreen)


async def test_the_sessions_behind_a_session_stand_still(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(at="picker") as stage:
        picker = stage.showing(PickerScreen)
        stage.app.post_message(SessionRequested(stage.service.featured_session))
        await stage.until(lambda: isinstance(stage.screen, SessionScreen))
        with _work(monkeypatch, picker) as done:
            await stage.advance(30)
            assert not done
        await stage.press("escape")
        stage.showing(PickerScreen)
        assert stage.lines[0].count(" UTC") == 1


async def test_a_start_with_a_session_makes_the_sessions_when_they_are_wanted(
    on_stage: OnStage,
) -> None:
    async with on_stage() as stage:
        assert [type(each).__name__ for each in stage.app.screen_stack[1:]] == [
            "LoginScreen",
            "SessionScreen",
        ]
        assert not [each for each in stage.requests() if "type=CloudFailoverSession" in each]
        await stage.press("escape")
        stage.showing(PickerScreen)
        assert stage.app.talk.title == ""
        await stage.until(lambda: bool(stage.rows[1:]))
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.screen, SessionScreen))
        await stage.press("q")
        assert len([each for each in stage.app.screen_stack if isinstance(each, PickerScreen)]) == 1


async def test_logging_off_from_a_session_leads_to_the_login(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.app.action_log_off()
        await stage.settle()
        assert len(stage.app.screen_stack) == 2
        assert type(stage.screen).__name__ == "LoginScreen"
