"""The tokens of all renditions, and whether they can be told apart without red and green."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from tests.support.palettes import (
    EYES,
    PALETTES,
    RGB,
    Palette,
    as_seen_with,
    contrast,
    difference,
    fixed,
)
from tui import theme as themes
from tui.theme import NAMES, Colours, colours_of, full, sixteen

STATUSES = ("success", "warning", "failed", "running")
TOLD_APART = 18.0
"""CIE 1976: two colours of signs next to each other that nobody confuses."""


def _rgb(token: str) -> RGB:
    return Color.parse(token).rgb


def _on_a_palette(token: str) -> RGB:
    number = RichColor.from_rgb(*_rgb(token)).downgrade(ColorSystem.EIGHT_BIT).number
    assert number is not None
    return fixed(number)


def _pen_of(theme: Theme, status: str, palette: Palette) -> tuple[RGB, RGB]:
    """Text and background of a status in sixteen colours."""

    def code(token: str, base: int) -> str:
        number = Color.parse(token).ansi
        assert number is not None
        return str(base + number if number < 8 else base + 52 + number)

    block = theme.variables.get(f"{status}-block", "transparent")
    back = str(theme.background) if block == "transparent" else block
    bold = "1" if theme.variables.get(f"{status}-style") == "bold" else "0"
    front = code(theme.variables[f"status-{status}"], 30)
    return palette.seen((frozenset({bold}), front, code(back, 40), ""))


def test_all_renditions_of_a_theme_have_the_same_tokens_and_name() -> None:
    for colours in Colours:
        assert tuple(theme.name for theme in themes.themes(colours)) == NAMES
    grounds = set(sixteen._GROUNDS) | {"text"}
    tokens = set(full.THEMES[0].variables)
    for colours in Colours:
        for theme in themes.themes(colours):
            assert set(theme.variables) - grounds == tokens, (theme.name, colours)
            assert {"banner", "banner-text", "banner-style"} <= set(themes.defaults(colours, None))


def test_without_colours_all_themes_are_one() -> None:
    first, *others = sixteen.COLOURLESS
    assert {theme.background for theme in sixteen.COLOURLESS} == {"ansi_default"}
    for theme in others:
        assert theme.variables == first.variables
    styles = first.variables
    assert "bold" in styles["failed-style"]
    assert "reverse" in styles["cursor-style"]
    assert "bold" not in styles["title-style"] + styles["warning-style"] + styles["header-style"]
    assert not [name for name, value in styles.items() if "dim" in value and name != "dim"]


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", full.THEMES, ids=lambda theme: theme.name)
def test_no_status_rests_on_red_against_green(theme: Theme, eyes: str) -> None:
    for one, other in combinations(STATUSES, 2):
        tokens = [theme.variables[f"status-{status}"] for status in (one, other)]
        for seen in (_rgb, _on_a_palette):
            first, second = (as_seen_with(eyes, seen(token)) for token in tokens)
            assert difference(first, second) >= TOLD_APART, (one, other, seen.__name__)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
@pytest.mark.parametrize("theme", sixteen.THEMES, ids=lambda theme: theme.name)
def test_nor_does_a_failure_in_sixteen_colours(theme: Theme, palette: Palette, eyes: str) -> None:
    failed = [as_seen_with(eyes, colour) for colour in _pen_of(theme, "failed", palette)]
    for status in ("success", "warning", "running"):
        other = [as_seen_with(eyes, colour) for colour in _pen_of(theme, status, palette)]
        apart = [difference(one, two) for one, two in zip(failed, other, strict=True)]
        assert max(apart) >= TOLD_APART, (status, apart)


@pytest.mark.parametrize("name", sorted(full.BANNERS))
def test_the_banner_is_legible(name: str) -> None:
    assert sorted(sixteen.BANNERS) == sorted(full.BANNERS)
    tokens = full.BANNERS[name]
    for seen in (_rgb, _on_a_palette):
        assert contrast(seen(tokens["banner-text"]), seen(tokens["banner"])) >= 4.5
    few = sixteen.BANNERS[name]
    for palette in PALETTES:
        pen = frozenset({"1"} if few["banner-style"] == "bold" else set[str]())
        front, back = (Color.parse(few[key]).ansi or 0 for key in ("banner-text", "banner"))
        codes = str(30 + front + 52 * (front > 7)), str(40 + back + 52 * (back > 7))
        assert contrast(*palette.seen((pen, *codes, ""))) >= 4.5, palette.name


@pytest.mark.parametrize(
    ("system", "no_color", "colours"),
    [
        ("truecolor", False, Colours.FULL),
        ("256", False, Colours.PALETTE),
        ("standard", False, Colours.SIXTEEN),
        ("windows", False, Colours.SIXTEEN),
        (None, False, Colours.SIXTEEN),
        ("truecolor", True, Colours.NONE),
    ],
)
def test_how_many_colours_there_are(system: str | None, no_color: bool, colours: Colours) -> None:
    assert colours_of(system, no_color=no_color) is colours
