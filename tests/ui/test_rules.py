"""Rules that hold for every screen: colours are tokens, outside text is never markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from tests.ui.conftest import OnStage
from tui import theme as themes
from tui.look import stylesheets
from tui.theme import BANNER_COLOURS, THEMES

PACKAGE = Path(themes.__file__).parent
SHEETS = sorted(Path(sheet) for sheet in stylesheets())
COLOURED = re.compile(r"color|background|border|outline|tint")
PLAIN = re.compile(r"\$[a-z-]+|\d+%|none|transparent|auto|round|solid|heavy|tall|wide|hkey|vkey")
MODULES = sorted(
    path
    for pattern in ("app.py", "flow.py", "shell.py", "screens/*.py", "widgets/*.py")
    for path in PACKAGE.glob(pattern)
)
TEXT = (
    "status-success", "status-warning", "status-failed", "status-running", "status-waiting",
    "status-unknown", "fresh", "stale", "dim", "key",
)  # fmt: skip
ENOUGH = 4.5
"""WCAG 2.2, success criterion 1.4.3, level AA."""


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
        assert path.name == "theme.py" or not found, f"{path.name}: {found}"


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


def _contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    """Relative luminance as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_contrast_of_black_on_white_is_known() -> None:
    assert _contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert _contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(
        4.48, abs=0.01
    )


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_is_legible_on_every_ground(theme: Theme) -> None:
    named = {name: theme.variables[name] for name in TEXT}
    named["foreground"] = str(theme.foreground)
    grounds = {
        "background": str(theme.background),
        "cursor": theme.variables["cursor"],
        "cursor-blurred": theme.variables["cursor-blurred"],
        "surface": str(theme.surface),
    }
    poor = {
        f"{text} on {ground}": round(ratio, 2)
        for text, ink in named.items()
        for ground, paper in grounds.items()
        if (ratio := _contrast(Color.parse(ink), Color.parse(paper))) < ENOUGH
    }
    assert not poor


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_key_hints_and_fields_are_legible(theme: Theme) -> None:
    for ink, paper in (
        (theme.foreground, theme.panel),
        (theme.variables["key"], theme.panel),
        (theme.background, theme.primary),
        (theme.primary, theme.background),
    ):
        assert _contrast(Color.parse(str(ink)), Color.parse(str(paper))) >= ENOUGH


@pytest.mark.parametrize("name", sorted(BANNER_COLOURS))
def test_the_banner_is_legible(name: str) -> None:
    ink = Color.parse(themes.DEFAULTS["banner-text"])
    assert _contrast(ink, Color.parse(BANNER_COLOURS[name])) >= ENOUGH


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_theme_has_every_token(theme: Theme) -> None:
    assert set(theme.variables) == set(themes.DEFAULTS)


async def test_the_banner_has_the_colour_of_its_profile(on_stage: OnStage) -> None:
    async with on_stage(at="picker", profile="prod", banner="red") as stage:
        assert stage.app.theme_variables["banner"] == BANNER_COLOURS["red"]
        strip = next(strip for strip in stage.strips if " prod " in strip.text)
        styles = [segment.style for segment in strip if segment.text.strip() == "prod"]
        assert styles[0] is not None
        assert styles[0].bgcolor is not None
        assert styles[0].bgcolor.name == BANNER_COLOURS["red"]
