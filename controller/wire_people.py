"""People of a drill as a controller on wires knows them: by what their cards say, not by the cards' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def with_tokens(fields: Mapping[str, Any], token: Callable[[str], str]) -> dict[str, Any]:
    """Fields of an Asking with the token of every badge instead of its name in the drill."""
    return {key: _translated(key, value, token) for key, value in fields.items()}


def _translated(key: str, value: Any, token: Callable[[str], str]) -> Any:
    match key, value:
        case "badge", str():
            return token(value)
        case "badges", list():
            return [token(str(badge)) for badge in value]
        case "people", dict():
            return {person: with_tokens(given, token) for person, given in value.items()}
    return value
