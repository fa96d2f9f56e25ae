"""The state as JSON and back: what a saved state keeps, so that a start replays only the tail.

Rule: the shape is that of the dataclasses; what has its default is left out, a field more or another
type is refused, not guessed.

    {"at": 9000, "doors": {"main": {"phase": "released", "until": 14000, …}}, "lost": ["c1"], …}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from controller.core.state import State

Thaw = Callable[[Any], Any]


class NotAStateError(ValueError):
    """JSON that is no state of this version; the text names the place."""


def to_json(state: State) -> dict[str, Any]:
    """State as JSON-able values; sets are sorted, so that equal states have equal JSON."""
    frozen: dict[str, Any] = freeze(state)
    return frozen


def from_json(value: dict[str, Any]) -> State:
    """State out of JSON; raises NotAStateError."""
    state: State = _thaw(State)(value)
    return state


def freeze(value: Any) -> Any:
    """Any value of the state as JSON."""
    kind: Any = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return value
    if isinstance(value, Enum):
        return value.value
    if kind is dict:
        return {key: freeze(one) for key, one in value.items()}
    if kind is tuple:
        return [freeze(one) for one in value]
    if kind is frozenset:
        return sorted(freeze(one) for one in value)
    body = {}
    for name, default in _fields(kind):
        one = getattr(value, name)
        if one != default:
            body[name] = freeze(one)
    return body


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Names and defaults; a field that must be given, or is made anew, has none that equals a value."""
    assert isinstance(kind, type)
    assert is_dataclass(kind)
    return tuple((f.name, f.default) for f in fields(kind))


@cache
def _thaw(hint: Any) -> Thaw:
    """How a value of this type is read."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _optional(_thaw(next(one for one in inner if one is not NoneType)))
    if origin is dict:
        return _dict(_thaw(inner[1]))
    if origin in {tuple, frozenset}:
        return _many(origin, _thaw(inner[0]))
    if issubclass(hint, Enum):
        return _enum(hint)
    return _plain(hint)


def _dataclass(kind: type) -> Thaw:
    hints = get_type_hints(kind)
    parts = {name: _thaw(hints[name]) for name, _ in _fields(kind)}
    needed = {name for name, default in _fields(kind) if default is MISSING} - _made_anew(kind)

    def read(value: Any) -> Any:
        if not isinstance(value, dict) or value.keys() - parts.keys() or needed - value.keys():
            raise NotAStateError(f"not the fields of {kind.__name__}")
        return kind(**{name: parts[name](one) for name, one in value.items()})

    return read


def _made_anew(kind: type) -> set[str]:
    """Names of the fields whose default is made by a function, such as the dicts of the state."""
    assert is_dataclass(kind)
    return {f.name for f in fields(kind) if f.default_factory is not MISSING}


def _optional(inner: Thaw) -> Thaw:
    return lambda value: None if value is None else inner(value)


def _dict(inner: Thaw) -> Thaw:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise NotAStateError("not an object")
        return {key: inner(one) for key, one in value.items()}

    return read


def _many(kind: Callable[[Any], Any], inner: Thaw) -> Thaw:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise NotAStateError("not a list")
        return kind(inner(one) for one in value)

    return read


def _enum(kind: type[Enum]) -> Thaw:
    def read(value: Any) -> Enum:
        try:
            return kind(value)
        except ValueError:
            raise NotAStateError(f"not a {kind.__name__}") from None

    return read


def _plain(kind: type) -> Thaw:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise NotAStateError(f"not a {kind.__name__}")
        return value

    return read
