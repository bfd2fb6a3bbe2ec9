"""Every sentence about trouble leads to a passage that says what to do about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tui import errors
from tui.manual.finding import find
from tui.manual.pages import pages
from tui.presentation.reasons import NO_MESSAGE

_PACKAGE = Path(tui.__file__).parent
_ERRORS = {
    name
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.FailoverMonitorError)
}
_LEAST_WORDS = 3
_WORD = re.compile(r"[a-z]{2,}")


def _sentences() -> Iterator[tuple[str, str]]:
    """The first argument of every error of the tree, with `…` for what differs; where it is."""
    for file in sorted(_PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            said = _literal(node.args[0]) if node.func.id in _ERRORS and node.args else ""
            if len(_WORD.findall(said.lower())) >= _LEAST_WORDS:
                yield said, f"{file.relative_to(_PACKAGE)}:{node.lineno}"


def _literal(node: ast.expr) -> str:
    """What stands in a string, an f-string too; a name alone says nothing here."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_literal, node.values))
    return " … " if isinstance(node, ast.FormattedValue) else ""


SENTENCES = dict(_sentences())


def test_the_sentences_are_found_in_the_code() -> None:
    assert len(SENTENCES) > 100
    assert "The server's answer is empty." in SENTENCES


@pytest.mark.parametrize(
    "sentence", [pytest.param(said, id=place) for said, place in SENTENCES.items()]
)
def test_every_sentence_leads_to_troubleshooting(sentence: str) -> None:
    _leads(sentence)


@pytest.mark.parametrize(
    "said",
    [
        NO_MESSAGE,
        "STALE 4 min old",
        "PAUSED, data 3 s old",
        "no data yet",
        "clock +1:00:00",
        "em01:9398 refused the connection: nothing listens on port 9398.",
        "The server was asked 40 s ago and is silent",
        "The server contradicts itself: it says Success, but 1 VM failed.",
        "Several replicas have the name of web01: whether it runs already is not known.",
        "The journal cannot be kept as it should: No space left on device.",
        "The logon names no Cloud Connect service",
        "Plain http: the password travels unencrypted.",
        "The logon is no longer accepted; nothing more can be read.",
        "No data for too long: giving up.",
        "The list of sessions was never read: giving up.",
        "The time of --timeout is over: 2 h.",
        "3 sessions of the list cannot be read.",
        "The journal cannot be kept as it should: it was altered at line 7; what follows is not"
        " taken in.",
        "The log file x.log takes no more lines: No space left on device.",
        "Somebody else has changed the file meanwhile.",
        "This program met something that it does not know: KeyError, at tui.app:3.",
    ],
)
def test_what_else_stands_on_a_screen_leads_there_too(said: str) -> None:
    _leads(said)


def _leads(sentence: str) -> None:
    found = [each for each in find(sentence, pages()) if each.page.name == "troubleshooting"]
    assert found, "the manual says nothing of it"
    wanted = set(_WORD.findall(sentence.lower()))
    heads = [set(_WORD.findall(head.lower())) for head in found[0].heads]
    best = max(len(wanted & head) for head in heads)
    assert 2 * best >= len(wanted), f"{found[0].heads} are other messages"
