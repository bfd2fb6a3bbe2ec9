"""The parts of a widget are styled as Textual styles them, but only once they are asked for."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.css.stylesheet import Stylesheet
from textual.widget import Widget
from textual.widgets import Input, OptionList

from tui.theme.stylesheet import LazyStylesheet


class Shown(Widget):
    """A widget of two parts that notes how often it is told to paint itself anew."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"shown--part", "shown--other"}
    DEFAULT_CSS = """
    Shown { width: 1fr; height: 1; }
    Shown > .shown--part { color: red; }
    Shown.-old > .shown--part { color: $text-muted; text-style: bold; }
    """

    refreshed = 0

    def refresh(self, *regions: object, **how: object) -> Shown:
        """As Textual's, and counted."""
        self.refreshed += 1
        super().refresh(*regions, **how)  # type: ignore[arg-type]
        return self


class Sample(App[None]):
    def __init__(self, stylesheet: type[Stylesheet]) -> None:
        super().__init__()
        self.stylesheet = stylesheet()
        self.stylesheet.set_variables(self.get_css_variables())

    def compose(self) -> ComposeResult:
        yield Input("text")
        yield OptionList("one", "two")
        yield Shown()


def parts(app: App[None]) -> dict[tuple[str, str], object]:
    return {
        (type(widget).__name__, name): widget.get_component_rich_style(name)
        for widget in app.screen.walk_children(Widget)
        for name in type(widget).COMPONENT_CLASSES
    }


async def test_every_part_looks_as_with_textuals_own() -> None:
    looks = []
    for kind in (Stylesheet, LazyStylesheet):
        app = Sample(kind)
        async with app.run_test() as pilot:
            seen = [parts(app)]
            app.query_one(Shown).add_class("-old")
            await pilot.pause()
            seen.append(parts(app))
            app.theme = "textual-light"
            await pilot.pause()
            seen.append(parts(app))
            looks.append(seen)
    assert looks[0] == looks[1]
    plain, old, light = looks[1]
    assert plain != old != light


async def test_only_what_is_asked_for_is_styled(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Sample(LazyStylesheet)
    async with app.run_test():
        shown = app.query_one(Shown)
        styled: list[str] = []
        apply = app.stylesheet.apply

        def noting(node: Widget, **how: object) -> None:
            styled.extend(node.classes & Shown.COMPONENT_CLASSES)
            apply(node, **how)  # type: ignore[arg-type]

        monkeypatch.setattr(app.stylesheet, "apply", noting)
        shown.update_node_styles()
        assert not styled
        for _ in range(2):
            shown.get_component_rich_style("shown--part")
        assert styled == ["shown--part"]


async def test_a_part_that_was_shown_and_looks_otherwise_is_painted_anew() -> None:
    app = Sample(LazyStylesheet)
    async with app.run_test():
        shown = app.query_one(Shown)
        for part, again in (("shown--other", False), ("shown--part", True)):
            shown.remove_class("-old")
            shown.get_component_rich_style(part)
            before = shown.refreshed
            shown.set_class(True, "-old", update=False)
            app.stylesheet.apply(shown)
            assert (shown.refreshed > before) is again


async def test_a_part_that_there_is_not_is_said() -> None:
    app = Sample(LazyStylesheet)
    async with app.run_test():
        with pytest.raises(KeyError):
            app.query_one(Shown).get_component_rich_style("shown--nothing")


def test_a_copy_is_of_the_same_kind() -> None:
    sheet = LazyStylesheet(variables={"one": "1"})
    sheet.add_source("Shown { height: $one; }")
    copied = sheet.copy()
    assert isinstance(copied, LazyStylesheet)
    assert copied.source == sheet.source
