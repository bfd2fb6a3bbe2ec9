"""A session is opened by what a person types at the picker, or at the start."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from pydantic import SecretStr
from textual.widgets import Input, Static

from tests.support.stage import Stage
from tests.ui.conftest import OnStage
from tui.messages import SessionRequested
from tui.presentation.session_order import SessionRow
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.session_selector import Selector, Which
from tui.simulator.exchange import Request, Response

DEMO = SecretStr("demo")
LATEST = Selector(Which.LATEST)
MISSING = "4347c445-0a1b-4c2d-8e3f-001122334455"


def _note(stage: Stage) -> str:
    return str(stage.one("#id-error", Static).render())


@pytest.mark.parametrize(
    "form",
    [
        "{id}",
        "{{{ID}}}",
        "  '{id}' ",
        "urn:veeam:CloudFailoverSession:{id}",
        "https://em01:9398/api/cloud/failoverSessions/{id}?format=Entity",
        "http://em01:9399/api/cloud/failoverSessions/{id}",
    ],
)
async def test_an_id_in_any_form_opens_its_session(on_stage: OnStage, form: str) -> None:
    async with on_stage("clean", at="picker") as stage:
        wanted = stage.service.featured_session
        await stage.press("i")
        assert stage.one("#session-id", Input).has_focus
        await stage.paste(form.format(id=wanted, ID=wanted.upper()))
        await stage.press("enter")
        assert stage.showing(SessionScreen).state.session_id == wanted
        (asked,) = stage.posted(SessionRequested)
        assert isinstance(asked, SessionRequested)
        assert asked.session_id == wanted
        await stage.press("escape")
        assert stage.one("#session-id", Input).value == ""
        assert stage.table.has_focus


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No session ID given."),
        ("[/foo] \x1b[2J", "holds no session ID."),
        (f"urn:veeam:Job:{MISSING}", "another kind of thing"),
        (MISSING, "not"),
    ],
)
async def test_a_wrong_id_says_so_in_place(on_stage: OnStage, typed: str, said: str) -> None:
    async with on_stage("clean", at="picker") as stage:
        await stage.press("i")
        field = stage.one("#session-id", Input)
        field.value = typed
        await stage.press("enter")
        await stage.until(lambda: not _note(stage).startswith("Asking"))
        stage.showing(PickerScreen)
        assert said in _note(stage)
        assert field.value == typed
        assert field.has_focus
        assert stage.one("#id-error", Static).display
        await stage.press("left", "x")
        assert _note(stage) == "", "what was said belongs to the text that was there"
        assert not stage.one("#id-error", Static).display


async def test_sessions_that_appear_leave_an_id_being_typed_alone(on_stage: OnStage) -> None:
    async with on_stage("drill", at="picker", server={"sessions": 1}) as stage:
        await stage.press("i", "4")
        await stage.advance(31)
        assert len(stage.table._rows) == 1
        assert stage.one("#session-id", Input).has_focus


async def test_a_session_that_answers_slowly_leaves_the_keys_alive(on_stage: OnStage) -> None:
    import threading

    leave = threading.Event()

    def hang(request: Request) -> Response | None:
        if MISSING in request.path:
            leave.wait(10)
        return None

    async with on_stage("clean", at="picker") as stage:
        stage.service.fault = hang
        await stage.press("i")
        await stage.paste(MISSING)
        try:
            await stage.pilot.press("enter")
            async with asyncio.timeout(5):
                while not _note(stage).startswith("Asking"):
                    await stage.pilot.pause()
            await stage.pilot.press("escape", "down")
            assert stage.table._cursor == 1
        finally:
            leave.set()
        await stage.settle()
        stage.showing(PickerScreen)


@pytest.mark.parametrize("text", ["latest", "plan:Harbour Logistics full site", "first digits"])
async def test_a_session_by_other_names_than_its_id(on_stage: OnStage, text: str) -> None:
    async with on_stage("failures", at="picker") as stage:
        wanted = stage.service.featured_session
        await stage.press("i")
        await stage.paste(wanted[:12] if text == "first digits" else text)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.screen, SessionScreen))
        opened = [each for each in stage.messages if isinstance(each, SessionRequested)]
        assert opened[-1].session_id == wanted


async def test_several_sessions_are_not_guessed(on_stage: OnStage) -> None:
    async with on_stage("failures", at="picker") as stage:
        await stage.press("i")
        await stage.paste("running")
        await stage.press("enter")
        await stage.until(lambda: "2 sessions are running" in _note(stage))
        stage.showing(PickerScreen)


async def test_a_start_with_such_a_name_opens_the_session(on_stage: OnStage) -> None:
    async with on_stage("failures", at="login", password=DEMO, selector=LATEST) as stage:
        await stage.until(lambda: isinstance(stage.screen, SessionScreen))
        opened = [each for each in stage.messages if isinstance(each, SessionRequested)]
        assert {each.session_id for each in opened} == {stage.service.featured_session}


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        (Selector(Which.RUNNING), "2 sessions are running"),
        (Selector(Which.PLAN, "Nobody's"), "There is no session of a plan “Nobody's”."),
    ],
)
async def test_a_start_that_means_no_one_session_says_so_at_the_list(
    on_stage: OnStage, selector: Selector, said: str
) -> None:
    async with on_stage("failures", at="login", password=DEMO, selector=selector) as stage:
        await stage.until(lambda: isinstance(stage.screen, PickerScreen) and said in _note(stage))
        assert "failover-monitor list" not in _note(stage)
        stage.showing(PickerScreen)


async def test_what_is_ambiguous_narrows_the_list_to_what_it_may_be(on_stage: OnStage) -> None:
    async with on_stage("failures", at="picker") as stage:
        plan = "Full site failover"  # two tenants have one of this name
        await stage.press("i")
        await stage.paste(f"plan:{plan}")
        await stage.press("enter")
        await stage.until(lambda: "plans of the server are called" in _note(stage))
        await stage.until(lambda: f"filter {plan}" in stage.painted("#list-title")[0])
        assert {cast(SessionRow, row).session.plan_name for row in stage.table._rows} == {plan}
        await stage.press("escape")
        await stage.until(lambda: "filter" not in stage.painted("#list-title")[0])
