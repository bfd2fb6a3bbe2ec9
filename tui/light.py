"""Frozen dataclasses that cost a start little.

The standard library writes and compiles five methods for each class when it is defined:
0.7 ms, for some two hundred classes, most of which a start never makes an instance of.
Here the constructor is compiled when the first instance is made, the comparison when the first
two are compared, and what every class needs alike is shared. Everything else is the standard
library's: `fields`, `replace`, matching, what type checkers see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as standard
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

Class = TypeVar("Class", bound=type)

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # type checkers know it by its own name
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False, **more):
        """The standard one; light where a class is frozen and nothing rare is asked for."""
        if not frozen or more:
            return standard(cls, frozen=frozen, slots=slots, kw_only=kw_only, **more)

        def made(cls):
            return _frozen(cls, slots=slots, kw_only=kw_only)

        return made if cls is None else made(cls)


def _frozen(cls: Class, *, slots: bool, kw_only: bool) -> Class:
    own = set(vars(cls))
    explicit_hash = vars(cls).get("__hash__") is not None
    # Without one the standard library would work out a signature for it.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made: Any = standard(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
    given = fields(made)
    if "__init__" not in own:
        made.__init__ = _first_init(made, given)
    if "__repr__" not in own:
        made.__repr__ = _repr_of(given)
    if "__eq__" not in own:
        made.__eq__ = _first_eq(made, [each.name for each in given if each.compare])
    if not explicit_hash:
        hashed = [each.name for each in given if (each.compare if each.hash is None else each.hash)]
        made.__hash__ = _hash_of(_tuple_of(hashed))
    names = frozenset(each.name for each in given)
    made.__setattr__, made.__delattr__ = _refusing(made, names)
    if slots:
        _keep_state(made, [each.name for each in given])
    return made  # type: ignore[no-any-return]


def _tuple_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of those fields; `attrgetter` alone gives no tuple for fewer than two."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    (name,) = names
    return lambda each: (getattr(each, name),)


def _first_init(cls: Any, given: tuple[Field[Any], ...]) -> Callable[..., None]:
    """Compiles the real one in its place, and calls it."""

    def __init__(self: object, *values: object, **named: object) -> None:  # noqa: N807
        init = cls.__init__ = _init_of(cls, given)
        init(self, *values, **named)

    return __init__


def _init_of(cls: Any, given: tuple[Field[Any], ...]) -> Callable[..., None]:
    known: dict[str, object] = {"_set": object.__setattr__, "_made": MISSING}
    positional, by_name, body = ["self"], list[str](), list[str]()
    for each in given:
        name, value = each.name, each.name
        if each.default_factory is not MISSING:
            known[f"_make_{name}"] = each.default_factory
            value = f"_make_{name}() if {name} is _made else {name}" if each.init else ""
            value = value or f"_make_{name}()"
            default = "=_made"
        elif each.default is not MISSING:
            known[f"_default_{name}"] = each.default
            value = name if each.init else f"_default_{name}"
            default = f"=_default_{name}"
        else:
            default = ""
        if each.init:
            (by_name if each.kw_only else positional).append(f"{name}{default}")
        if each.init or default:
            body.append(f" _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    parameters = ", ".join([*positional, *(["*", *by_name] if by_name else [])])
    text = f"def __init__({parameters}):\n" + ("\n".join(body) or " pass")
    made: dict[str, Any] = {}
    exec(text, known, made)  # noqa: S102  # names of fields only, which are Python's own
    init: Callable[..., None] = made["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _repr_of(given: tuple[Field[Any], ...]) -> Callable[[Any], str]:
    shown = [each.name for each in given if each.repr]
    running: set[int] = set()

    def __repr__(self: Any) -> str:  # noqa: N807
        if id(self) in running:
            return "..."
        running.add(id(self))
        try:
            said = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        finally:
            running.discard(id(self))
        return f"{type(self).__qualname__}({said})"

    return __repr__


def _first_eq(cls: Any, names: list[str]) -> Callable[[Any, object], bool]:
    """Compiles the real one in its place, and calls it."""

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        eq = cls.__eq__ = _eq_of(cls, names)
        return eq(self, other)

    return __eq__


def _eq_of(cls: Any, names: list[str]) -> Callable[[Any, object], bool]:
    """Twice as fast as a getter for all values, at what happens most in a poll."""
    ours, theirs = (
        f"({' '.join(f'{each}.{name},' for name in names)})" for each in ("self", "other")
    )
    text = (
        "def __eq__(self, other):\n"
        " if other.__class__ is self.__class__:\n"
        f"  return {ours} == {theirs}\n"
        " return NotImplemented"
    )
    made: dict[str, Any] = {}
    exec(text, made)  # noqa: S102  # names of fields only, which are Python's own
    eq: Callable[[Any, object], bool] = made["__eq__"]
    eq.__qualname__ = f"{cls.__qualname__}.__eq__"
    return eq


def _hash_of(hashed: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(hashed(self))

    return __hash__


def _refusing(
    cls: Any, names: frozenset[str]
) -> tuple[Callable[[Any, str, object], None], Callable[[Any, str], None]]:
    def __setattr__(self: Any, name: str, value: object) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def _keep_state(cls: Any, names: list[str]) -> None:
    """For `copy` and `pickle`, which else would assign."""

    def __getstate__(self: object) -> list[object]:  # noqa: N807
        return [getattr(self, name) for name in names]

    def __setstate__(self: object, state: list[object]) -> None:  # noqa: N807
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    cls.__getstate__, cls.__setstate__ = __getstate__, __setstate__
