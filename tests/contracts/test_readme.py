"""What the README shows must work as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.cli import main
from tui.settings.file import read_settings
from tui.simulator import SCENARIOS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_settings_example_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, flags=re.S)
    file = tmp_path / "config.toml"
    file.write_text(example, "utf-8")
    assert "prod" in read_settings(file, required=True).table.profiles


def test_every_scenario_is_named() -> None:
    rehearsals = README.split("## Use it")[0]
    for name in SCENARIOS:
        assert name in rehearsals


def test_every_option_in_the_examples_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    known = capsys.readouterr().out
    for name in ("demo", "simulate", "watch"):
        assert main([name, "--help"]) == 0
        known += capsys.readouterr().out
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--password"}
    missing = {option for option in used if option not in known}
    assert not missing


def test_every_picture_is_there() -> None:
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file()
