"""The palette: every action of the screen in front, by name, under that screen's safety line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, ClassVar, Final

from textual import events, on
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandInput, CommandList, CommandPalette, DiscoveryHit, Hit, Hits
from textual.command import Provider as Source
from textual.containers import Horizontal, Vertical
from textual.markup import escape
from textual.screen import Screen
from textual.widgets import LoadingIndicator

from tui.screens.actions import Action, actions
from tui.screens.frame import SafetyLine, TooSmall
from tui.widgets.key_hints import KeyHints

_AROUND: Final = 4
"""Lines: on top, what is typed, a rule, how to leave."""

_TOLD_ONLY: Final = 0.05
"""The score of what is not called so, but does what was typed: below every name that fits."""


def of_screen(screen: Screen[Any], app: App[Any]) -> Iterator[SystemCommand]:
    """What the keys of that screen do: its own on top, how to leave at the end."""
    here = [each for each in actions(screen.active_bindings) if each.name != "palette"]
    here.sort(key=lambda each: _rank(each, everywhere=each.node is app))
    for each in here:
        run = partial(app.run_action, each.call, each.node)
        yield SystemCommand(each.title, f"{' '.join(each.keys)}  {each.about}", run)


def _rank(action: Action, *, everywhere: bool) -> int:
    if action.name == "leave":
        return 3
    if action.name.startswith("move."):
        return 2
    return 1 if everywhere else 0


class Actions(Source):
    """What the app offers for the screen below, searched by name and by what it does."""

    async def discover(self) -> Hits:
        """All of it, in the app's order."""
        for command in self._commands():
            yield DiscoveryHit(escape(command.title), command.callback, help=escape(command.help))

    async def search(self, query: str) -> Hits:
        """Names first, then what is told of them."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if score > 0:
                shown = matcher.highlight(command.title)
                yield Hit(score, shown, command.callback, help=escape(command.help))
            elif query.lower() in command.help.lower():
                shown = matcher.highlight("") + command.title
                yield Hit(_TOLD_ONLY, shown, command.callback, help=escape(command.help))

    def _commands(self) -> Iterable[SystemCommand]:
        return self.app.get_system_commands(self.screen)


class Palette(CommandPalette):
    """Textual's list of commands. What it covers stays told: server, read-only, clock, age."""

    DEFAULT_CSS = """
    Palette {
        layers: default cover;
        & > Vertical { margin-top: 1; margin-bottom: 1; }
        #--input { padding: 0 1; height: 1; }
        #--input.--list-visible { border: none; }
        CommandInput, CommandInput:focus { border: none; height: 1; padding: 0; }
        LoadingIndicator { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "escape", "Close", id="palette.close", tooltip="Close the palette"),
    ]

    def compose(self) -> ComposeResult:
        """As Textual has it, without the magnifying glass, between our first and last line."""
        yield SafetyLine()
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield CommandInput(placeholder="A command; Esc closes", select_on_focus=False)
            with Vertical(id="--results"):
                yield CommandList()
                yield LoadingIndicator()
        yield KeyHints((), leaving="palette.close")
        yield TooSmall()

    def beat(self) -> None:
        """The line on top follows the clock."""
        for line in self.query(SafetyLine):
            line.show_safety()

    @on(events.Resize)
    @on(events.ScreenResume)
    def fit_frame(self) -> None:
        """The line on top at its width; below the smallest size only that."""
        self.beat()
        # The list lies over whatever is below it: it ends above the last line.
        self.query_one(CommandList).styles.max_height = max(1, self.size.height - _AROUND)
        for cover in self.query(TooSmall):
            cover.fit_screen()
