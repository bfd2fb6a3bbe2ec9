from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Outcome
from tui.cli import main
from tui.manual.names import NAMES

Run = Callable[..., Outcome]


def test_without_a_page_it_lists_them(run: Run) -> None:
    shown = run("manual")
    assert shown.code == 0
    assert all(f"\n  {name} " in shown.out for name in NAMES)
    assert max(map(len, shown.out.splitlines())) <= 80


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_printed_as_plain_text(run: Run, name: str) -> None:
    shown = run("manual", name)
    assert (shown.code, shown.err) == (0, "")
    title, rule, *_ = shown.out.splitlines()
    assert rule == "=" * len(title)
    assert "\x1b" not in shown.out
    assert "**" not in shown.out
    assert "<!--" not in shown.out


@pytest.mark.parametrize("columns", [40, 72, 250])
def test_it_is_as_wide_as_the_terminal_but_never_too_wide_to_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = [line for line in run("manual", "not-told").out.splitlines() if line[:1] != " "]
    assert max(map(len, text)) <= min(columns, 100)
    assert len(text) > 10


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        (
            ("em01:9398 refused the connection: nothing listens on port 9398.",),
            "Veeam Backup Enterprise Manager",
        ),
        (("refused", "the", "connection"), "stopped or\n    still starting"),
        (("User or password is wrong. The server says: Access denied.",), "press l"),
        (("who", "started", "it"), "audit log"),
        (("STALE 4 min old",), "as old as it says"),
    ],
)
def test_words_of_a_message_lead_to_what_to_do(
    run: Run, words: tuple[str, ...], leads_to: str
) -> None:
    shown = run("manual", *words)
    assert shown.code == 0
    assert " ".join(leads_to.split()) in " ".join(shown.out.split())
    assert shown.out.count("\n[") + 1 <= 3


def test_words_that_are_nowhere_are_said_with_the_pages(run: Run) -> None:
    shown = run("manual", "\x1b[2Jquetzalcoatl")
    assert (shown.code, shown.out) == (2, "")
    assert "quetzalcoatl" in shown.err
    assert "\x1b" not in shown.err
    assert "troubleshooting" in shown.err


def test_all_of_it_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [run("manual", name).out.splitlines()[0] for name in NAMES]
    whole = run("manual", "--all").out.splitlines()
    assert [line for line in whole if line in titles] == titles


def test_a_stream_that_takes_no_more_gets_ascii(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed = tmp_path / "manual.txt"
    with printed.open("w", encoding="ascii") as narrow, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", narrow)
        assert main(["manual", "--all"]) == 0
    assert "Security: what is sent" in printed.read_text("ascii")


def test_the_pager_is_asked_only_on_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    paged: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", lambda text, color: paged.append(text))
    plain = run("manual", "--pager", "incident").out
    assert plain.startswith("At an incident")
    assert not paged
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run("manual", "--pager", "incident").out == ""
    assert paged == [plain]
