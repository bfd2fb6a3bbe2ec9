"""The query's filter grammar: `field op value`, `;` is AND, `,` is OR, `( )` groups.

AND binds tighter than OR. Names and values are compared without regard to case, blanks
outside quotes are dropped, and a quote inside quotes is doubled. Source: wire reference,
"R2 Query: grammar".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from tui.light import dataclass
from tui.simulator.entities import Result, State

Test = Callable[[Any], bool]
"""Whether an item of the queried type passes."""


class Kind(Enum):
    """How the values of a field compare: enums by index, texts without case, UIDs as GUIDs."""

    TEXT = "text"
    UID = "uid"
    DATE = "date"
    STATE = "state"
    RESULT = "result"


@dataclass(frozen=True)
class Column:
    """A field: its kind, and how to read it off an item as `comparable` would make it.

    None is no value: it passes no test.
    """

    kind: Kind
    read: Callable[[Any], Any]


_ENUMS: Final = {
    Kind.STATE: [state.value.lower() for state in State],
    Kind.RESULT: [result.value.lower() for result in Result],
}
_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_TOKEN = re.compile(r'==|!=|>=|<=|[<>;,()]|"(?:[^"]|"")*"|[^"=!<>;,()]+')

MOST_NESTED = 50
"""Parentheses in a filter; nobody means more."""


class BadFilter(ValueError):
    """The filter, a field in it or a value does not fit the type that is queried."""


def comparable(text: str, kind: Kind) -> Any:
    """What is compared for a field of this kind; raises BadFilter for a wrong value."""
    if kind is Kind.TEXT:
        return text.lower()
    if kind is Kind.UID:
        return text.lower().rpartition(":")[2].strip()
    if kind is Kind.DATE:
        return _date(text)
    try:
        return _ENUMS[kind].index(text.lower())
    except ValueError as error:
        raise BadFilter(f"Requested value '{text}' was not found.") from error


def _date(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadFilter(f"String '{text}' was not recognized as a valid DateTime.") from error


def parse(text: str, columns: Mapping[str, Column]) -> Test:
    """A test for items that have these columns (keys in lower case)."""
    tokens = _TOKEN.findall(text)
    if text.count("(") > MOST_NESTED:
        raise BadFilter("The filter is nested too deeply")
    if "".join(tokens) != text:
        raise BadFilter(f"Cannot parse filter: {text}")
    parser = _Parser([token for token in tokens if token.strip()], columns)
    test = parser.either()
    if parser.peek():
        raise BadFilter(f"Unexpected '{parser.peek()}' in filter: {text}")
    return test


class _Parser:
    def __init__(self, tokens: Sequence[str], columns: Mapping[str, Column]) -> None:
        self._tokens = tokens
        self._next = 0
        self._columns = columns

    def peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self.peek()
        self._next += 1
        return token

    def either(self) -> Test:
        tests = [self._both()]
        while self.peek() == ",":
            self._take()
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self.peek() == ";":
            self._take()
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)

    def _one(self) -> Test:
        if self.peek() == "(":
            self._take()
            test = self.either()
            if self._take() != ")":
                raise BadFilter("A closing parenthesis is missing in the filter")
            return test
        name = self._take().replace(" ", "").lower()
        column = self._columns.get(name)
        if column is None:
            raise BadFilter(f"Unknown field in filter: '{name}'")
        compare = _OPERATORS.get(self._take())
        if compare is None:
            raise BadFilter(f"An operator is missing after '{name}' in the filter")
        return _comparison(column, compare, _unquoted(self._take()))


def _comparison(column: Column, compare: Callable[[Any, Any], bool], text: str) -> Test:
    wanted = comparable(text, column.kind)

    def passes(item: Any) -> bool:
        value = column.read(item)
        return value is not None and compare(value, wanted)

    return passes


def _unquoted(word: str) -> str:
    if word.startswith('"'):
        return word[1:-1].replace('""', '"')
    if not word or word in "();," or word in _OPERATORS:
        raise BadFilter("A value is missing in the filter")
    return word.replace(" ", "")
