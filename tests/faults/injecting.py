"""What a row of the faults is, and the ways to inject one."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from tests.faults import answers
from tests.faults.scene import Phase, Scene
from tests.support.listening import Behaviour
from tui.simulator.exchange import Request, Response

Inject = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Row:
    """`running` is what the session screen says, `logging_on` what the login screen says.

    "" for a fault that cannot be met there.
    """

    name: str
    inject: Inject
    running: str = ""
    logging_on: str = ""
    tls: bool = False


def gate(behaviour: Behaviour) -> Inject:
    async def inject(scene: Scene) -> None:
        await scene.gate.behave(behaviour)

    return inject


async def refuse(scene: Scene) -> None:
    await scene.gate.shut()


async def fill_backlog(scene: Scene) -> None:
    await scene.fill_backlog()


def quickly(phase: Phase, inject: Inject) -> Inject:
    """With next to no patience for that phase of an exchange as long as the fault lasts."""

    async def hurried(scene: Scene) -> None:
        scene.hurry(phase)
        await inject(scene)

    return hurried


def no_name(code: int) -> Inject:
    async def inject(scene: Scene) -> None:
        scene.names.failure = socket.gaierror(code, "as injected")
        await scene.gate.hang_up()

    return inject


def always(make: Callable[[], Response]) -> Inject:
    """The same answer to everything, logon and logoff included."""

    async def inject(scene: Scene) -> None:
        answer = make()
        scene.fault = lambda _: answer

    return inject


def on_get(answer: Callable[[Scene, Request], Response | None]) -> Inject:
    """Only GET is answered so: logging on works."""

    async def inject(scene: Scene) -> None:
        scene.fault = lambda asked: answer(scene, asked) if asked.method == "GET" else None

    return inject


def never_valid(scene: Scene, _asked: Request) -> Response:
    scene.service.forget_logons()
    return answers.error_json(401, "Session has expired")


def other_session(scene: Scene, asked: Request) -> Response | None:
    mine = scene.service.featured_session
    other = next(run.uid for run in scene.service.world.past if run.uid != mine)
    if mine not in asked.path:
        return None
    return scene.answer_to(asked.path.replace(mine, other), asked)


def list_of_sessions(scene: Scene, asked: Request) -> Response | None:
    if "failoverSessions/" not in asked.path:
        return None
    answered = scene.answer_to("/api/cloud/failoverSessions", asked)
    return replace(answered, status=200)


def same(name: str, inject: Inject, said: str, **more: bool) -> Row:
    """A row of a fault that both screens put into the same words."""
    return Row(name, inject, said, said, **more)
