"""What CONTRIBUTING and SECURITY tell of the project is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.cli.commands import front_door
from tui.manual.blocks import Code, blocks
from tui.manual.names import NAMES

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
TEXTS = {file.name: file.read_text("utf-8") for file in sorted(GITHUB.glob("*.md"))}


def test_both_are_there() -> None:
    assert set(TEXTS) == {"CONTRIBUTING.md", "SECURITY.md"}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_named_is_there(name: str) -> None:
    named = re.findall(r"(?<![\w/])((?:tests|tui|styles|\.ci)/[\w/.-]+)", TEXTS[name])
    missing = [each for each in named if not (ROOT / each.rstrip(".")).exists()]
    assert not missing


def test_every_folder_of_the_package_and_of_the_tests_is_told() -> None:
    text = TEXTS["CONTRIBUTING.md"]
    for folder in ("tui", "tests"):
        inside = {
            each.name
            for each in (ROOT / folder).iterdir()
            if each.is_dir() and (each / "__init__.py").exists()
        }
        small = {"logon", "terminal", "theme"}  # told with the screens that they serve
        missing = {each for each in inside - small if f"`{each}" not in text and each not in text}
        assert not missing


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_in_them_exists(name: str) -> None:
    commands = re.findall(r"failover-monitor ([a-z]+)(?: ([a-z-]+))?", TEXTS[name])
    for command, page in commands:
        assert command in front_door.commands
        assert command != "manual" or not page or page in NAMES


def test_what_is_to_be_typed_is_there() -> None:
    typed = [each for each in blocks(TEXTS["CONTRIBUTING.md"]) if isinstance(each, Code)]
    assert typed
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    for line in (line for each in typed for line in each.lines):
        for program in re.findall(r"\.venv/bin/([\w-]+)", line):
            known = {"pip": "pip", "mypy": "mypy", "lint-imports": "import-linter"}
            assert program == "pip" or known.get(program, program) in project
