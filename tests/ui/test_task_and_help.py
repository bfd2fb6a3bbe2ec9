"""One task in full, and the help made from the bindings."""

from __future__ import annotations

import pytest
from textual.binding import Binding
from textual.screen import Screen

from tests.support.stage import Stage
from tests.support.ui_drill import names, under_cursor
from tests.ui.conftest import OnStage
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.task import TaskScreen


def _task(stage: Stage) -> str:
    stage.showing(TaskScreen)
    return " ".join(" ".join(stage.painted("#task")).split())


async def test_a_failed_task_in_full(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.advance(40)
        view = under_cursor(stage)
        await stage.press("enter")
        assert stage.painted("#task-title")[0].strip() == "sql02"
        said = _task(stage)
        assert "✘ Failed" in said
        assert view.message is not None
        assert view.message in said
        for part in (
            "Started 2026-03-14 13:49:05 UTC 2026-03-14 13:49:05 UTC local",
            "Ended 2026-03-14 13:50:27 UTC",
            "Duration 1 min 22 s",
            "Replica point sql02@",
            "Point created 2026-03-14 12:0",
            "RPO 1 h 43",
            stage.service.featured_session,
        ):
            assert part in said
        await stage.press("Y")
        assert stage.app.clipboard == view.message
        await stage.press("escape")
        stage.showing(SessionScreen)
        assert under_cursor(stage).vm_name == "sql02"


async def test_a_running_task_goes_on(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("s", "slash")
        await stage.paste("app01")
        await stage.press("enter", "enter")
        before = _task(stage)
        assert "▶ Working" in before
        assert "Ended –" in before
        await stage.press("y")
        assert stage.app.said[-1] == "There is no message to copy."
        await stage.advance(10)
        assert _task(stage) != before
        await stage.advance(240)
        assert "✔ Success" in _task(stage)
        await stage.press("enter")
        stage.showing(SessionScreen)
        assert names(stage) == ["app01"]


async def test_a_waiting_vm_has_no_times_until_its_task_begins(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("slash")
        await stage.paste("app03")
        await stage.press("enter", "enter")
        said = _task(stage)
        assert "· Waiting" in said
        assert "not yet: waiting in the plan" in said
        await stage.advance(120)
        assert "Started 2026-03-14 13:5" in _task(stage)


async def test_old_data_is_dimmed_here_too(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("enter")
        stage.wire.cut()
        await stage.advance(30)
        assert stage.showing(TaskScreen).has_class("-stale")
        stage.wire.mend()
        await stage.advance(61)
        assert not stage.showing(TaskScreen).has_class("-stale")


async def test_a_long_message_scrolls(on_stage: OnStage) -> None:
    async with on_stage("hostile") as stage:
        await stage.advance(150)
        await stage.press("slash")
        await stage.paste("long long")
        await stage.press("enter", "enter")
        stage.showing(TaskScreen)
        # By its first row, not by the whole picture: the scrollbar and the age follow later.
        await stage.until(lambda: " Status " in stage.text)
        await stage.press("down", "j", "j")
        await stage.until(lambda: " Status " not in stage.text)
        await stage.press("k", "k", "up")
        await stage.until(lambda: " Status " in stage.text)


def _help_keys(stage: Stage) -> list[str]:
    lines = stage.showing(HelpScreen).lines()
    return lines[2 : lines.index("SIGNS") - 1]


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_lists_the_real_bindings(on_stage: OnStage, key: str) -> None:
    async with on_stage() as stage:
        await stage.press(key)
        text = "\n".join(_help_keys(stage))
        for keys in ("/", "f", "p Space", "r F5", "+ =", "[", "Esc", "? F1", "Up k", "g", "Ctrl+Z"):
            assert any(
                line.startswith(keys) or f" {keys} " in line for line in text.splitlines()
            ), keys
        assert "! inverts" in text
        shown = stage.text
        assert "KEYS" in shown
        await stage.press(key)
        stage.showing(SessionScreen)
        for leave in ("escape", "q", "enter"):
            await stage.press("question_mark")
            stage.showing(HelpScreen)
            await stage.press(leave)
            stage.showing(SessionScreen)


async def test_help_explains_every_sign_in_ascii_too(on_stage: OnStage) -> None:
    async with on_stage(ascii=True) as stage:
        await stage.press("question_mark")
        lines = stage.showing(HelpScreen).lines()
        signs = "\n".join(lines[lines.index("SIGNS") :])
        for sign in ("x", "!", "+", ">", "."):
            assert f"\n{sign} " in signs
        assert all(line.isascii() for line in lines)


async def test_help_scrolls_where_it_does_not_fit(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.press("question_mark")
        before = stage.lines
        assert "Grey data" not in stage.text
        await stage.press("end")
        await stage.until(lambda: "Grey data" in stage.text)
        assert stage.lines != before


def _bindings(screen: Screen[object]) -> list[Binding]:
    return [active.binding for active in screen.active_bindings.values()]


async def test_every_binding_has_an_id_and_no_id_does_two_things(on_stage: OnStage) -> None:
    async with on_stage() as stage:
        await stage.advance(30)
        seen: list[str] = []
        for keys in ((), ("t",), ("escape", "m"), ("escape", "enter"), ("?",)):
            await stage.press(*keys)
            seen.append(type(stage.screen).__name__)
            _check(stage)
        await stage.press("escape", "escape")
        await stage.ask_the_password()
        _check(stage)
        await stage.press("escape", "escape")
        stage.showing(PickerScreen)
        _check(stage)
        assert seen == ["SessionScreen", "TargetsScreen", "NoteScreen", "TaskScreen", "HelpScreen"]
    async with on_stage(at="login") as stage:
        _check(stage)


def _check(stage: Stage) -> None:
    """Textual's own widgets and its Screen bring keys without ids: those are left alone."""
    screen = stage.screen
    own = [
        (type(node).__module__, binding)
        for active in screen.active_bindings.values()
        for node, binding in [(active.node, active.binding)]
        if type(node).__module__.startswith(("tui.", "tests.support.stage"))
        and binding in _declared(type(node))
    ]
    assert own
    actions: dict[str, set[str]] = {}
    for _, binding in own:
        assert binding.id, binding
        assert binding.description, binding
        actions.setdefault(binding.id, set()).add(binding.action)
    assert all(len(does) == 1 for does in actions.values()), actions


def _declared(kind: type[object]) -> list[Binding]:
    """What the class and its bases of ours declare, one for each key."""
    found: list[Binding] = []
    for base in kind.__mro__:
        if base.__module__.startswith("tui."):
            for entry in vars(base).get("BINDINGS", []):
                found += Binding.make_bindings([entry])
    return found


async def test_a_key_can_be_remapped_by_its_id(on_stage: OnStage) -> None:
    keys = {"pause": ("z",), "help": ("h", "f1"), "move.down": ("n",)}
    async with on_stage(keys=keys) as stage:
        await stage.press("p")
        assert not stage.showing(SessionScreen).state.paused
        await stage.press("z")
        assert stage.showing(SessionScreen).state.paused
        assert "z Pause" in stage.lines[-1]
        assert "h Help" in stage.lines[-1]
        await stage.press("n")
        assert stage.table._cursor == 1
        await stage.press("h")
        text = "\n".join(_help_keys(stage))
        assert "\nz  " in text
        assert "h F1" in text
