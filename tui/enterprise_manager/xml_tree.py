"""XML as the same plain tree that JSON gives.

An element becomes a dict of its attributes and children by lower-cased local
name; a child that occurs more than once becomes a list; an element that has
nothing but text becomes that text, an empty one None. Document type
declarations are refused, so there are no entities to expand.
"""

from __future__ import annotations

from typing import Any, Final
from xml.parsers import expat

from tui.errors import UnreadableAnswer

MAX_DEPTH: Final = 64
"""Deeper than any answer of Enterprise Manager by a factor of five."""


class _Element:
    """An element under construction."""

    __slots__ = ("members", "name", "texts")

    def __init__(self, name: str, members: dict[str, Any]) -> None:
        self.name = name
        self.members = members
        self.texts: list[str] = []

    def finished(self) -> Any:
        return self.members or "".join(self.texts).strip() or None

    def adopt(self, name: str, value: Any) -> None:
        members = self.members
        if name not in members:
            members[name] = value
            return
        present = members[name]
        if isinstance(present, list):
            present.append(value)
        else:
            members[name] = [present, value]


class _Builder:
    """Expat's callbacks and the stack of open elements."""

    def __init__(self) -> None:
        self.stack: list[_Element] = [_Element("", {})]
        self._names: dict[str, str] = {}

    def _local(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = name.rpartition(":")[2].lower()
        return known

    def start(self, name: str, attributes: list[str]) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise UnreadableAnswer("The server's answer is nested too deeply to be real.")
        members: dict[str, Any] = {}
        for position in range(0, len(attributes), 2):
            key = attributes[position]
            if not key.startswith("xmlns"):
                members[self._local(key)] = attributes[position + 1]
        self.stack.append(_Element(self._local(name), members))

    def end(self, _name: str) -> None:
        element = self.stack.pop()
        self.stack[-1].adopt(element.name, element.finished())

    def characters(self, data: str) -> None:
        self.stack[-1].texts.append(data)

    @staticmethod
    def doctype(*_ignored: object) -> None:
        raise UnreadableAnswer(
            "The server's answer has a document type declaration, which Enterprise Manager"
            " never sends."
        )


def parse_xml(body: bytes, encoding: str | None = None) -> tuple[str, Any]:
    """The root element's lower-cased local name and its content.

    `encoding` overrides what the document declares. Raises `UnreadableAnswer`.
    """
    builder = _Builder()
    parser = expat.ParserCreate(encoding)
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.doctype
    problem = None
    try:
        parser.Parse(body, True)
    except expat.ExpatError as failure:
        problem = f"line {failure.lineno}: {expat.ErrorString(failure.code)}"
    except (LookupError, ValueError):
        problem = "unknown encoding"
    if problem:
        raise UnreadableAnswer(
            f"The server's answer is damaged XML ({problem}).",
            "It may have been cut off on the way; trying again may help.",
        )
    ((root, content),) = builder.stack[0].members.items()
    return root, content
