"""Telling the core what the log has to say of itself. Rule: the core writes it down, or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controller.core.events import LogNews
from controller.core.words import Kind
from controller.loop import Loop


def tell(loop: Loop, at: int, kind: Kind, fields: Mapping[str, Any]) -> bool:
    """Whether the Entry is durable; False when the core refused it. Raises LogDead."""
    (outcome,) = loop.turn([LogNews(max(at, loop.site.state.at), kind, "", fields)])
    return outcome.answer is not None and outcome.answer.accepted
