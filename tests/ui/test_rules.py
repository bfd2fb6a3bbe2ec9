"""Rules that hold for every screen: colours are tokens, outside text is never markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tests.ui.conftest import OnStage
from tui.appearance import stylesheets
from tui.theme import full

PACKAGE = Path(tui.__file__).parent
SHEETS = sorted(Path(sheet) for sheet in stylesheets())
COLOURED = re.compile(r"color|background|border|outline|tint")
PLAIN = re.compile(r"\$[a-z-]+|\d+%|none|transparent|auto|round|solid|heavy|tall|wide|hkey|vkey")
MODULES = sorted(
    path
    for pattern in ("app.py", "flow.py", "shell.py", "screens/*.py", "widgets/*.py")
    for path in PACKAGE.glob(pattern)
)


def test_every_stylesheet_is_in_the_list_of_the_app() -> None:
    folders = {sheet.parent for sheet in SHEETS}
    assert len(folders) == 1
    assert sorted(folders.pop().glob("*.tcss")) == SHEETS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_colour_in_a_stylesheet_is_a_token(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
    declared = re.findall(r"([a-z-]+):\s*([^;{}]+);", text)
    assert declared
    for name, value in declared:
        if COLOURED.search(name):
            others = [word for word in value.split() if not PLAIN.fullmatch(word)]
            assert not others, f"{name}: {value}"


def test_no_colour_is_named_outside_the_theme() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        found = re.findall(r"[\"']#[0-9a-fA-F]{3,8}[\"']", path.read_text("utf-8"))
        assert path.parent.name in ("theme", "report") or not found, f"{path.name}: {found}"


def _calls(path: Path, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in names:
                yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_text_goes_through_markup(path: Path) -> None:
    for call in _calls(path, "Static", "Label", "notify"):
        harmless = all(
            isinstance(part, ast.Constant) and "[" not in str(part.value) for part in call.args
        )
        off = any(
            keyword.arg == "markup"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is False
            for keyword in call.keywords
        )
        assert off or (harmless and call.args), f"{path.name}:{call.lineno} lets markup in"
    for call in _calls(path, "Button", "Binding"):
        assert all(isinstance(part, ast.Constant) for part in call.args), f"line {call.lineno}"


async def test_the_banner_has_the_colour_of_its_profile(on_stage: OnStage) -> None:
    async with on_stage(at="picker", profile="prod", banner="red") as stage:
        assert stage.app.theme_variables["banner"] == full.BANNERS["red"]["banner"]
        strip = next(strip for strip in stage.strips if " prod " in strip.text)
        styles = [segment.style for segment in strip if segment.text.strip() == "prod"]
        assert styles[0] is not None
        assert styles[0].bgcolor is not None
        assert styles[0].bgcolor.name == full.BANNERS["red"]["banner"]
