"""A word that is no command leads somewhere, starts nothing and is never taken for a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cli.conftest import FrontEnds, Outcome
from tui.cli.commands import front_door
from tui.cli.likely_words import _LEADS, _MEANT, led_elsewhere

Run = Callable[..., Outcome]
ALL = sorted({*_LEADS, *(word for words in _MEANT.values() for word in words)})


@pytest.mark.parametrize("word", ALL)
def test_each_word_leads_somewhere_and_starts_nothing(
    run: Run, on_a_terminal: FrontEnds, word: str
) -> None:
    done = run(word)
    assert done.code == 2
    assert on_a_terminal.calls == []
    assert done.out == ""
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("start", "only watches"),
        ("stop", "only watches"),
        ("login", "--server HOST logs on"),
        ("run", "failover-monitor demo rehearses"),
        ("quit", "Ctrl+C leaves"),
        ("ls", "Did you mean 'list'?"),
        ("sessions", "Did you mean 'list'?"),
        ("state", "Did you mean 'status'?"),
        ("man", "Did you mean 'manual'?"),
        ("settings", "Did you mean 'config'?"),
        ("certs", "Did you mean 'trust'?"),
        ("tail", "Did you mean 'watch'?"),
        ("WATCH", "Commands are written small: 'watch'."),
        ("repotr", "Did you mean 'report'?"),
    ],
)
def test_where_it_leads(run: Run, on_a_terminal: FrontEnds, word: str, says: str) -> None:
    done = run(word)
    assert (done.code, done.out) == (2, "")
    assert f"'{word}' is neither a session nor a command. " in done.err
    assert says in done.err
    assert on_a_terminal.calls == []


@pytest.mark.parametrize("word", ["em01", "em01.example.org:9443", "10.1.2.3", "vbem-prod"])
def test_what_may_be_a_server_is_told_how_to_write_one(
    run: Run, on_a_terminal: FrontEnds, word: str
) -> None:
    done = run(word)
    assert (done.code, on_a_terminal.calls) == (2, [])
    assert f"“{word}” holds no session ID." in done.err
    assert done.err.endswith(f"If it is a server: failover-monitor --server {word}.\n")


@pytest.mark.parametrize("word", ["12", "a/b", "a b", "zz!"])
def test_and_what_can_be_none_is_not(run: Run, on_a_terminal: FrontEnds, word: str) -> None:
    done = run(word)
    assert (done.code, on_a_terminal.calls) == (2, [])
    assert "If it is a server" not in done.err


def test_no_word_here_is_a_command() -> None:
    assert not set(ALL) & set(front_door.commands)


def test_no_command_is_promised_twice_for_one_word() -> None:
    words = [word for words in (*_MEANT.values(), tuple(_LEADS)) for word in words]
    assert len(words) == len(set(words))


@given(st.text(max_size=30))
def test_any_word_gives_a_sentence_or_nothing(word: str) -> None:
    where = led_elsewhere(word, ["watch", "demo"])
    assert where is None or where.endswith((".", "?"))


def test_help_explains_the_program_and_each_command(run: Run) -> None:
    assert run("help").out == run("--help").out
    assert run("help", "watch").out == run("watch", "--help").out
    assert run("help", "config", "init").out == run("config", "init", "--help").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("wach",), "failover-monitor has no command 'wach'. Did you mean 'watch'?"),
        (("config", "shwo"), "failover-monitor config has no command 'shwo'. Did you mean 'show'?"),
        (("watch", "more"), "failover-monitor watch has no command 'more'."),
        (("monitor",), "has no command 'monitor'."),
    ],
)
def test_help_of_what_there_is_not(run: Run, words: tuple[str, ...], says: str) -> None:
    done = run("help", *words)
    assert done.code == 2
    assert says in done.err
    assert "'monitor'?" not in done.err


def test_version_says_the_version(run: Run) -> None:
    assert run("version").out == run("--version").out
