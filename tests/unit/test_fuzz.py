"""A short run of the fuzzing over its corpus, and that it finds what it is there to find."""

from __future__ import annotations

import sys

import pytest

from tests.fuzz import __main__ as command
from tests.fuzz import planted
from tests.fuzz.fuzzing import breaks, fuzz, kept_inputs, line_of
from tests.fuzz.targets import TARGETS, Target

PLANTED = Target("planted", planted.run, (b"....",), (b"e",), (planted,))


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_and_some_changes_of_it_hold(name: str) -> None:
    kept = kept_inputs(name)
    found = fuzz(TARGETS[name], 1, lambda runs: runs < len(kept) + 150)
    assert found.broken is None, f"{found.reason}: {found.broken!r}"
    assert len(found.corpus) >= min(2, len(kept)), "what is kept reaches something new"


def test_what_lies_behind_four_conditions_is_found_and_made_small() -> None:
    """By chance alone it would take four thousand million tries."""
    found = fuzz(PLANTED, 3, lambda runs: runs < 60_000)
    assert found.broken == b"deep"
    assert found.reason.startswith("ZeroDivisionError in run:")
    assert breaks(PLANTED, b"deep") == found.reason
    assert breaks(PLANTED, b"dee") == ""


def test_the_same_seed_finds_the_same() -> None:
    first, second = (fuzz(PLANTED, 7, lambda runs: runs < 500) for _ in range(2))
    assert first == second


def test_an_input_is_one_line_of_the_corpus() -> None:
    for data in (b"\x1b[<0;1;1M\n\r\\", bytes(range(256))):
        line = line_of(data)
        assert line.isprintable()
        assert line.encode("ascii").decode("unicode_escape").encode("latin-1") == data


def test_seed_and_what_broke_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(TARGETS, "planted", PLANTED)
    monkeypatch.setattr(sys, "argv", ["fuzz", "planted", "--seed", "3", "--minutes", "1"])
    assert command.main() == 1
    shown = capsys.readouterr().out
    assert shown.startswith("seed 3\n")
    assert "planted breaks, ZeroDivisionError in run" in shown
    assert shown.endswith("b'deep'\n")
