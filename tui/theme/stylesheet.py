"""Textual's stylesheet, without working out what is not looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from textual.css.model import RuleSet
from textual.css.styles import RenderStyles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

_BY_IDENTITY: Final = object.__hash__


class LazyStylesheet(Stylesheet):
    """Styles the parts of a widget (its component classes) when they are first asked for.

    Textual 8.2.8 does so each time that the widget is styled: four fifths of all styling of a
    start, since whatever paints by tokens has a part for each of them and shows a few.
    """

    def copy(self) -> Stylesheet:
        """Of the same kind."""
        copied = super().copy()
        copied.__class__ = type(self)
        return copied

    def _process_component_classes(self, node: DOMNode) -> None:
        names = node._get_component_classes()  # noqa: SLF001
        if not names:
            return

        def styled(name: str) -> RenderStyles:
            part = DOMNode(classes=name)
            part._attach(node)  # noqa: SLF001
            self.apply(part)
            return part.styles

        parts = _Parts(names, styled)
        shown, node._component_styles = node._component_styles, parts  # noqa: SLF001
        # What nobody has asked for is on no screen.
        if any(name not in parts or parts[name] != before for name, before in shown.items()):
            node.refresh()


class _Parts(dict[str, RenderStyles]):
    """By name of the component class; holds those that were asked for, has them all."""

    def __init__(self, names: Collection[str], styled: Callable[[str], RenderStyles]) -> None:
        super().__init__()
        self._names = names
        self._styled = styled

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __missing__(self, name: str) -> RenderStyles:
        if name not in self._names:
            raise KeyError(name)
        made = self[name] = self._styled(name)
        return made


# Textual's own gives the same, its id, by a function in Python: it is asked for each rule each
# time that a widget is styled, 160,000 times in a start.
RuleSet.__hash__ = _BY_IDENTITY  # type: ignore[method-assign]
