"""XML as the same plain tree that JSON gives.

An element becomes a dict of its attributes and children by lower-cased local
name; a child that occurs more than once becomes a list; an element without children
becomes its text, whatever attributes it carries, an empty one its attributes or None.
What XML Schema adds (`xsi:type`, `xsi:schemaLocation`) is no attribute of the resource,
and `xsi:nil` makes an element None. Document type declarations are refused, so there
are no entities to expand.
"""

from __future__ import annotations

from typing import Any, Final
from xml.parsers import expat

from tui.errors import UnreadableAnswer

MAX_DEPTH: Final = 64
"""Deeper than any answer of Enterprise Manager by a factor of five."""


_SCHEMA_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_USUAL_PREFIXES: Final = frozenset({"xsi", "i", "xml"})
"""Prefixes of attributes that are about the XML, also where nobody declared them."""


class _Element:
    """An element under construction."""

    __slots__ = ("has_children", "is_nil", "members", "name", "texts")

    def __init__(self, name: str, members: dict[str, Any], *, is_nil: bool) -> None:
        self.name = name
        self.members = members
        self.is_nil = is_nil
        self.has_children = False
        self.texts: list[str] = []

    def finished(self) -> Any:
        if self.has_children:
            return self.members
        if self.is_nil:
            return None
        return "".join(self.texts).strip() or self.members or None

    def adopt(self, name: str, value: Any) -> None:
        self.has_children = True
        members = self.members
        if name not in members:
            members[name] = value
            return
        present = members[name]
        if isinstance(present, list):
            present.append(value)
        elif not (isinstance(value, str) and value == present):
            # The same word twice is that word; two different ones are neither.
            members[name] = [present, value]


class _Builder:
    """Expat's callbacks and the stack of open elements."""

    def __init__(self) -> None:
        self.stack: list[_Element] = [_Element("", {}, is_nil=False)]
        self._names: dict[str, str] = {}
        self._about_xml = set(_USUAL_PREFIXES)

    def _local(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = name.rpartition(":")[2].lower()
        return known

    def start(self, name: str, attributes: list[str]) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise UnreadableAnswer("The server's answer is nested too deeply to be real.")
        members: dict[str, Any] = {}
        is_nil = False
        for position in range(0, len(attributes), 2):
            key, value = attributes[position], attributes[position + 1]
            if ":" in key or key == "xmlns":
                is_nil = self._prefixed(name, key, value, members) or is_nil
            else:
                members[self._local(key)] = value
        self.stack.append(_Element(self._local(name), members, is_nil=is_nil))

    def _prefixed(self, name: str, key: str, value: str, members: dict[str, Any]) -> bool:
        """Take in an attribute with a prefix; whether it says that the element is nil.

        One with the element's own prefix is the resource's, any other is not.
        """
        prefix, _, local = key.rpartition(":")
        if prefix == "xmlns" and value == _SCHEMA_INSTANCE:
            self._about_xml.add(local)
        elif prefix in self._about_xml:
            return local == "nil" and value.strip() in ("true", "1")
        elif prefix and prefix == name.rpartition(":")[0]:
            members.setdefault(self._local(key), value)
        return False

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
