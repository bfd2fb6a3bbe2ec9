"""Writes answers: one neutral tree becomes XML or JSON, as Enterprise Manager would.

JSON follows from XML by the rules J1 to J6 of the wire reference: attributes and
elements both become members, a list type becomes an object with one member named in
the plural, what is absent is null, and v13 lower-cases the capitals a key begins with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from tui.light import dataclass

NAMESPACE = "http://www.veeam.com/ent/v1.0"
Api = Literal["v12", "v13"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which of the four forms an answer takes."""

    json: bool
    api: Api

    @property
    def content_type(self) -> str:
        """The media type to announce."""
        return f"application/{'json' if self.json else 'xml'}; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Field:
    """A member of a node: an attribute or an element in XML, a key in JSON."""

    name: str
    value: Value
    attribute: bool = False


class Node:
    """An object. Its levels are those of the server's class tree, most derived first.

    JSON lists the derived members first and XML the inherited ones: both orders are
    those of the recorded answers.
    """

    __slots__ = ("levels", "tag")

    def __init__(self, tag: str, *levels: Sequence[Field]) -> None:
        self.tag = tag
        self.levels = levels


@dataclass(frozen=True, slots=True)
class Ready:
    """A node that was written before, in the dialect it is going to be used in."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list type: a wrapper in XML, in JSON an object with the one member `plural`."""

    plural: str
    items: Sequence[Node | Ready]


@dataclass(frozen=True, slots=True)
class Bare:
    """A list that is a plain array in JSON; in XML wrapped, or `inline` for a root's."""

    items: Sequence[Node]
    inline: bool = False


Value = str | int | bool | None | Node | Listing | Bare


def element(name: str, value: Value) -> Field:
    """A member that is an element in XML."""
    return Field(name, value)


def attribute(name: str, value: str | int | None) -> Field:
    """A member that is an attribute in XML."""
    return Field(name, value, attribute=True)


@cache
def camel(key: str) -> str:
    """The key as v13 writes it: `UID` uid, `NASJobs` nasJobs, `CreationTimeUTC` creationTimeUTC."""
    run = len(key) - len(key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if run < len(key):
        run = max(1, run - 1)
    return key[:run].lower() + key[run:]


def write(node: Node, dialect: Dialect) -> bytes:
    """A whole document."""
    if dialect.json:
        return fragment(node, dialect).encode()
    xsd = ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    root = _xml(node, dialect, f'{xsd}{xsi} xmlns="{NAMESPACE}"')
    return f'<?xml version="1.0" encoding="utf-8"?>\n{root}'.encode()


def fragment(node: Node, dialect: Dialect) -> str:
    """A node inside a document."""
    return _json(node, dialect.api == "v13") if dialect.json else _xml(node, dialect)


def _json(value: Value | Ready, lower: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Node):
        fields = (field for level in value.levels for field in level)
        return _object(((field.name, _json(field.value, lower)) for field in fields), lower)
    if isinstance(value, Listing):
        items = _array(value.items, lower) if value.items else "null"
        return _object([(value.plural, items)], lower)
    if isinstance(value, Bare):
        return _array(value.items, lower)
    if isinstance(value, Ready):
        return value.text
    return "true" if value is True else "false" if value is False else str(value)


def _array(items: Iterable[Node | Ready], lower: bool) -> str:
    return f"[{','.join([_json(item, lower) for item in items])}]"


def _object(members: Iterable[tuple[str, str]], lower: bool) -> str:
    return f"{{{','.join([f'{_key(name, lower)}:{text}' for name, text in members])}}}"


@cache
def _key(name: str, lower: bool) -> str:
    return json.dumps(camel(name) if lower else name)


_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SPECIAL = re.compile(r'[&<>"\x00-\x1f\x7f\ufffe\uffff]')


def _escape(text: str) -> str:
    # A control character becomes a reference, as .NET's XmlTextWriter has it, although
    # XML 1.0 forbids that: a reader has to live with what the server writes.
    if not _SPECIAL.search(text):
        return text
    return _SPECIAL.sub(lambda m: _ESCAPES.get(m[0]) or f"&#x{ord(m[0]):X};", text)


_ORDER = {"Rel": 0, "Type": 1, "Href": 2, "Name": 3, "UID": 4}
_ORDER_V13 = {"Href": 0, "Type": 1, "Name": 2, "UID": 3}
_LINK_ORDER_V13 = {"Href": 0, "Name": 1, "Type": 2, "Rel": 3}


def _rank(tag: str, api: Api) -> dict[str, int]:
    if api == "v12":
        return _ORDER
    return _LINK_ORDER_V13 if tag.endswith("Link") else _ORDER_V13


def _xml(node: Node, dialect: Dialect, declarations: str = "") -> str:
    attributes: list[Field] = []
    inner: list[str] = []
    for level in reversed(node.levels):
        for field in level:
            if field.value is None:
                continue
            if field.attribute:
                attributes.append(field)
            else:
                inner.append(_xml_element(field.name, field.value, dialect))
    rank = _rank(node.tag, dialect.api)
    attributes.sort(key=lambda field: rank.get(field.name, 9))
    start = "".join([f' {field.name}="{_text(field.value)}"' for field in attributes])
    return _wrap(node.tag, start + declarations, "".join(inner))


def _wrap(tag: str, start: str, inner: str) -> str:
    return f"<{tag}{start}>{inner}</{tag}>" if inner else f"<{tag}{start} />"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _escape(str(value))


def _xml_element(name: str, value: Value, dialect: Dialect) -> str:
    if isinstance(value, Node):
        return _xml(value, dialect)
    if isinstance(value, Listing | Bare):
        inner = "".join(
            [item.text if isinstance(item, Ready) else _xml(item, dialect) for item in value.items]
        )
        return inner if isinstance(value, Bare) and value.inline else _wrap(name, "", inner)
    return _wrap(name, "", _text(value))
