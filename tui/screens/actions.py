"""What can be done on a screen: its active bindings, each once, for the help and the palette."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import ActiveBinding
from textual.dom import DOMNode

from tui.light import dataclass
from tui.presentation.keys import key_name


@dataclass(frozen=True)
class Action:
    """A binding by its id, with all its keys. `call` is to be run for `node`."""

    name: str
    title: str
    about: str
    keys: tuple[str, ...]
    call: str
    node: DOMNode


def actions(active: Mapping[str, ActiveBinding]) -> list[Action]:
    """In the order of the bindings; those without an id are a widget's own affair."""
    found: dict[str, Action] = {}
    for item in active.values():
        binding = item.binding
        if not binding.id or not binding.description:
            continue
        known = found.get(binding.id)
        keys = (*(known.keys if known else ()), key_name(binding.key))
        found[binding.id] = Action(
            binding.id,
            known.title if known else binding.description,
            known.about if known else binding.tooltip or binding.description,
            tuple(dict.fromkeys(keys)),
            known.call if known else binding.action,
            known.node if known else item.node,
        )
    return list(found.values())
